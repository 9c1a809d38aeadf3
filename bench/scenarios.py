"""What is measured, and what is asked of it.

A scenario names the program to run, the URL, and how many units a run does. `goal` is the most that
our client CPU per unit may be, as a multiple of the hand-written client's; `instructions`, `mallocs`
and `bytes` are the most per unit.
"""
from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Scenario:
    key: str
    title: str
    program: str          # the kind of program; its file is program_variant
    port: str             # which of the server's ports
    path: str
    units: int            # of a timed run
    unit: str = "GET"
    few: int = 10         # units of the short counting run ...
    many: int = 60        # ... and of the long one; counts per unit are their difference
    in_flight: int = 0
    goal: float = None
    instructions: int = None
    mallocs: int = None
    bytes: int = None     # most live heap bytes per unit
    rounds: int = 99      # at most; a thousand handshakes per run take their time ...
    callgrind: bool = True  # ... and minutes under callgrind
    limit_program: str = None  # where the hand-written client is another program
    kind: str = "work"    # work, first (start to end of one unit) or idle (bytes each)

    def arguments(self, server, units):
        """Of the program, for that many units. A path with {units} asks for them in one request."""
        url = server.url(self.port, self.path.format(units=units))
        count = 1 if "{units}" in self.path else units
        return [url, str(count), *([str(self.in_flight)] if self.in_flight else [])]

    @property
    def family(self):
        """Which table it belongs to."""
        return "idle" if self.kind == "idle" else "work"

    def program_of(self, variant):
        """The name of a variant's program, which need not exist."""
        kind = self.limit_program if variant == "limit" and self.limit_program else self.program
        return f"{kind}_{variant}"


@dataclass(frozen=True)
class WebSocketScenario(Scenario):
    """`path` is what a connection is for; the program is told the work and the size of a message."""
    size: int = 64
    calls: float = None   # most system calls per unit

    def arguments(self, server, units):
        path = f"/source/{self.size}/{units}" if self.path == "receive" else \
               {"echo": "/echo", "send": "/sink", "idle": "/idle"}[self.path]
        return [self.path, server.url(self.port, path), str(units), str(self.size)]

    @property
    def family(self):
        return "idle" if self.kind == "idle" else "web socket"


def _gets():
    sequential = [
        ("1k", "1 KiB", "/1k", 16000, 1.15, 1.17, 8000, 6, 25000),
        ("64k", "64 KiB", "/64k", 6000, 1.10, None, None, None, None),
        ("1m", "1 MiB", "/1m", 800, 1.10, None, None, None, None),
    ]
    for key, size, path, units, goal, tls_goal, instructions, mallocs, tls in sequential:
        yield Scenario(f"seq-{key}", f"GET {size} in sequence", "get_sequential", "http", path,
                       units, goal=goal, instructions=instructions, mallocs=mallocs)
        yield Scenario(f"seq-{key}-tls", f"GET {size} in sequence, TLS", "get_sequential", "https",
                       path, units // 2, goal=tls_goal or goal, instructions=tls)


def _connections():
    for key, title, port, units, goal, instructions in (
            ("new", "new connection", "http_new", 3000, 1.15, None),
            ("new-tls", "new connection, TLS full", "https_full", 300, 1.05, 6_000_000),
            ("new-tls-resumed", "new connection, TLS resumed", "https_new", 500, 1.10,
             2_600_000)):
        yield Scenario(key, title, "get_sequential", port, "/1k", units, limit_program="connect",
                       few=5, many=25, goal=goal, instructions=instructions)


def _concurrent():
    for flight, goal, tls_goal in ((64, 1.25, 1.35), (1000, 1.30, 1.35)):
        for port, suffix, title, most in (("http", "", "", goal), ("https", "-tls", ", TLS",
                                                                   tls_goal)):
            secure = port == "https"
            yield Scenario(f"many-{flight}{suffix}", f"{flight:,} concurrent GETs{title}",
                           "get_concurrent", port, "/1k", 30000 if secure else 60000,
                           in_flight=flight, few=flight * 6,
                           many=flight * (18 if flight < 1000 else 12), goal=most,
                           instructions=None if secure else 10000,
                           rounds=3 if secure and flight == 1000 else 99,
                           callgrind=not secure or flight < 1000)


def _bulk():
    for key, title, program, path in (("down", "1 GiB down", "get_sequential", "/down-{units}"),
                                      ("up", "1 GiB up", "upload", "/sink")):
        for port, suffix, tls in (("http", "", ""), ("https", "-tls", ", TLS")):
            yield Scenario(key + suffix, title + tls, program, port, path, 1024, unit="MiB",
                           few=8, many=72, goal=1.05)


def _starts_and_idlers():
    for port, suffix, tls in (("http", "", ""), ("https", "-tls", ", TLS")):
        yield Scenario("first" + suffix, "first request of a program" + tls, "get_sequential", port,
                       "/1k", 1, unit="program", kind="first")
    yield Scenario("idle-handles", "idle request handle", "idle_handles", "http", "/1k", 1000,
                   unit="handle", kind="idle", few=100, bytes=4096)
    yield Scenario("idle-conns", "idle connection", "idle_connections", "http", "/1k", 500,
                   unit="connection", kind="idle", few=50, bytes=1024)
    yield Scenario("idle-conns-tls", "idle connection, TLS", "idle_connections", "https", "/1k", 200,
                   unit="connection", kind="idle", few=50, bytes=30 * 1024)


def _web_sockets():
    work = [  # key, title, path, bytes, units, few, many, goal, instructions, calls
        ("echo", "echo 64 B", "echo", 64, 20000, 10, 210, 1.10, 2000, 2),
        ("send-64", "send 64 B", "send", 64, 100000, 10, 1010, 1.20, None, 1),
        ("receive-64", "receive 64 B", "receive", 64, 1000000, 1000, 21000, None, 400, None),
        ("send-64k", "send 64 KiB", "send", 64 << 10, 16000, 4, 36, 1.10, None, None),
        ("receive-64k", "receive 64 KiB", "receive", 64 << 10, 16000, 4, 36, 1.10, None, None),
        ("send-1m", "send 1 MiB", "send", MIB, 1000, 1, 5, 1.10, None, None),
        ("receive-1m", "receive 1 MiB", "receive", MIB, 1000, 1, 5, 1.15, None, None),
    ]
    for key, title, path, size, units, few, many, goal, instructions, calls in work:
        for port, suffix, tls in (("ws", "", ""), ("wss", "-tls", ", TLS")):
            yield WebSocketScenario(
                f"ws-{key}{suffix}", f"WebSocket, {title}{tls}", "web_socket", port, path,
                units // (3 if tls else 1), unit="message", few=few, many=many, size=size, goal=goal,
                instructions=None if tls else instructions, calls=None if tls else calls)
    yield WebSocketScenario("ws-idle", "open WebSocket", "web_socket", "ws", "idle", 5000, kind="idle",
                            unit="connection", few=500, bytes=2048)


ALL = [*_gets(), *_connections(), *_concurrent(), *_bulk(), *_starts_and_idlers(), *_web_sockets()]

# The quick run: the scenarios a change is most likely to move, with fewer units.
QUICK = ("seq-1k", "seq-1k-tls", "seq-1m", "new", "new-tls-resumed", "many-64", "many-1000",
         "many-64-tls", "down", "up", "idle-handles", "idle-conns", "ws-echo", "ws-send-64",
         "ws-receive-64", "ws-send-64k", "ws-receive-64k", "ws-send-1m", "ws-receive-1m", "ws-idle")
