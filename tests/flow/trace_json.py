#!/usr/bin/env python3
"""Run the test program given with WINHTTP_TRACE_JSON set and read the trace back.

It must be JSON (but for the bracket that the format lets us leave out), its slices must be balanced
and one inside the other, it must show what happened, and it must not hold the secret that the program
sends and receives in every place there is.
"""
import json
import os
import subprocess
import sys
import tempfile

SECRET = "squeamish-ossifrage"
STATES = {"IDLE", "CONNECTING", "SENDING", "AWAITING", "READING", "DONE", "FAILED"}


def read(path):
    with open(path, encoding="ascii") as file:
        text = file.read()
    assert SECRET not in text, "the trace holds a secret"
    return json.loads(text + "\n]")


def check_slices(events):
    """B and E balance on every track, time does not run backwards there."""
    open_slices, last = {}, {}
    for event in events:
        track = (event["pid"], event["tid"])
        if event["ph"] not in "BEi":
            continue
        assert event["ts"] >= last.get(track, 0), f"time runs backwards: {event}"
        last[track] = event["ts"]
        stack = open_slices.setdefault(track, [])
        if event["ph"] == "B":
            assert len(stack) < 3 and (stack or event["name"] == "open"), f"nested wrongly: {event}"
            assert not stack[1:] or stack[1] in STATES, stack
            stack.append(event["name"])
        elif event["ph"] == "E":
            assert stack, f"an end without a beginning: {event}"
            stack.pop()
    left = {track: stack for track, stack in open_slices.items() if stack}
    assert not left, f"never ended: {left}"


def check_shown(events):
    tracks = [e["args"]["name"] for e in events if e["name"] == "thread_name"]
    for kind, count in (("session ", 4), ("connection ", 4), ("request ", 7)):
        found = sum(name.startswith(kind) for name in tracks)
        assert found == count, f"{found} tracks of {kind}"
    assert any(name.endswith("/plain") for name in tracks), tracks
    slices = {e["name"] for e in events if e["ph"] == "B"}
    for name in STATES - {"IDLE"} | {"open", "resolve", "connect", "TLS"}:
        assert name in slices, f"no slice {name}"
    points = {e["name"] for e in events if e["ph"] == "i"}
    for name in ("HANDLE_CREATED", "SENDING_REQUEST", "REQUEST_SENT", "RECEIVING_RESPONSE",
                 "RESPONSE_RECEIVED", "SENDREQUEST_COMPLETE", "HEADERS_AVAILABLE",
                 "READ_COMPLETE", "HANDLE_CLOSING", "error"):
        assert name in points, f"no event {name}"
    for name in ("bytes sent", "bytes received"):
        counts = [e["args"]["bytes"] for e in events if e["ph"] == "C" and e["name"] == name]
        assert counts and max(counts) > 400, f"{name}: {counts}"


def main():
    with tempfile.TemporaryDirectory() as scratch:
        environment = dict(os.environ, WINHTTP_TRACE_JSON=os.path.join(scratch, "trace-%p.json"))
        subprocess.run(sys.argv[1:], env=environment, check=True, timeout=300)
        files = os.listdir(scratch)
        assert len(files) == 1 and "%" not in files[0], files
        events = read(os.path.join(scratch, files[0]))
    assert events[0]["name"] == "process_name"
    check_slices(events)
    check_shown(events)
    print(f"{len(events)} events")


main()
