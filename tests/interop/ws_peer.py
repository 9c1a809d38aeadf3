"""ws_peer.py - a WebSocket server of Python's `websockets`, for tests; see ws_peer.h for what it serves.

    ws_peer.py [CHAIN KEY]
"""
import asyncio
import os
import ssl
import sys
import threading
from http import HTTPStatus

import websockets

REFUSALS = {
    "/refuse/401": (HTTPStatus.UNAUTHORIZED, [("WWW-Authenticate", 'Basic realm="tests"')], b"who?"),
    "/refuse/403": (HTTPStatus.FORBIDDEN, [], b"go away"),
    "/refuse/302": (HTTPStatus.FOUND, [("Location", "/echo")], b"over there"),
}


def say(line):
    print(line, flush=True)


async def answer(ws, message):
    kind, _, rest = ws.path[1:].partition("/")
    if kind == "fragments":
        step = 7
        await ws.send([message[i : i + step] for i in range(0, len(message), step)])
    elif kind == "ping":
        await (await ws.ping(message))
        await ws.send("ponged")
    elif kind == "close":
        code, _, reason = rest.partition("/")
        await ws.close(int(code), reason)
    else:
        await ws.send(message)


async def serve(ws):
    try:
        async for message in ws:
            await answer(ws, message)
    except websockets.exceptions.ConnectionClosed:
        pass
    if ws.path == "/told":
        await ws.wait_closed()
        say(f"closed {ws.close_code} {ws.close_reason}")


async def refuse(path, headers):
    return REFUSALS.get(path)


async def main():
    tls = None
    if len(sys.argv) > 2:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(sys.argv[1], sys.argv[2])
    async with websockets.serve(serve, "127.0.0.1", 0, ssl=tls, process_request=refuse,
                                subprotocols=["v2", "chat"], max_size=None) as server:
        say(f"port {server.sockets[0].getsockname()[1]}")
        await asyncio.Future()


def die_with_parent():
    """Whoever started us holds the other end of our standard input."""
    while os.read(0, 1):
        pass
    os._exit(0)


threading.Thread(target=die_with_parent, daemon=True).start()
asyncio.run(main())
