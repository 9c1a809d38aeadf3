"""ws_visitor.py - a WebSocket client of Python's `websockets` that puts an echo server to the test.

    ws_visitor.py URL [CA]      exits with 0 if all was as it must be
"""
import asyncio
import ssl
import sys

import websockets


async def echo(ws, message, expected=None):
    await ws.send(message)
    came = await ws.recv()
    expected = message if expected is None else expected
    assert came == expected, f"{came[:40]!r} for {expected[:40]!r}"


async def main(url, ca):
    tls = ssl.create_default_context(cafile=ca) if ca else None
    async with websockets.connect(url, ssl=tls, max_size=None) as ws:
        await echo(ws, "text, \N{SNOWMAN} and all")
        await echo(ws, bytes(range(256)))
        await echo(ws, "")
        await echo(ws, b"")
        await echo(ws, ["in ", "", "three"], "in three")
        for size in (125, 126, 65535, 65536, 1 << 20):
            await echo(ws, bytes(i % 251 for i in range(size)))
        await (await ws.ping(b"are you there?"))
        await ws.pong(b"so am I")
        await echo(ws, "still here")
        await ws.close(3001, "enough")
        assert ws.close_code == 3001, ws.close_code
    # Half a character: the server must fail the connection with 1007, and say so.
    async with websockets.connect(url, ssl=tls) as ws:
        await ws.write_frame(True, 0x1, b"caf\xc3")
        try:
            await ws.recv()
            raise AssertionError("a text that is no text was taken")
        except websockets.exceptions.ConnectionClosed:
            pass


asyncio.run(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))
