"""What was measured, for people: a table for the terminal, a page, a picture."""
import os
import platform
import re
import shutil
import subprocess
from html import escape

NAMES = {"winhttp": "winhttp-posix", "async": "the same, asynchronous", "limit": "by hand",
         "curl": "libcurl", "lws": "libwebsockets", "wine": "Wine"}
COLOURS = {"winhttp": "#1f6feb", "async": "#54aeff", "curl": "#b0b7c0", "lws": "#d4a72c",
           "wine": "#8c5b6b"}
OURS = ("winhttp", "async")
HEADER = ["work", "client", "CPU, us", "per s", "x by hand", "x curl", "goal", "calls",
          "instructions", "mallocs", "peak MB"]
WEB_SOCKET_HEADER = ["work", "client", "CPU, us", "s per GiB", "per s", "x by hand", "x lws", "goal",
                     "calls", "instructions", "mallocs", "peak MB"]
IDLE_HEADER = ["idle", "client", "heap bytes each", "resident bytes each", "goal"]


def _number(value, digits=1):
    if value is None:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def _verdict(value, most, shown):
    if most is None:
        return ""
    if value is None:
        return f"<= {shown}"
    return f"<= {shown} {'yes' if value <= most else 'NO'}"


def _goals(scenario, result):
    """All goals of a scenario in one cell."""
    parts = [_verdict(result.get("x_limit"), scenario.goal, f"{scenario.goal}x")]
    if scenario.instructions:
        parts.append(_verdict(result.get("instructions"), scenario.instructions,
                              f"{scenario.instructions:,} ins"))
    if scenario.mallocs:
        parts.append(_verdict(result.get("mallocs"), scenario.mallocs,
                              f"{scenario.mallocs} mallocs"))
    if getattr(scenario, "calls", None):
        # Opening and closing are in it, and the last read may bring more or less than the others.
        parts.append(_verdict(round(result["calls"], 1) if "calls" in result else None, scenario.calls,
                              f"{scenario.calls} calls"))
    return "; ".join(part for part in parts if part)


def _work_row(scenario, variant, result):
    if "failed" in result:
        return [scenario.title, NAMES[variant], "failed: " + result["failed"]] + [""] * 8
    peak = result.get("peak")
    return [f"{scenario.title}, per {scenario.unit}" if scenario.unit == "MiB" else scenario.title,
            NAMES[variant], _number(result.get("cpu")), _number(result.get("rate"), 0),
            _number(result.get("x_limit"), 2), _number(result.get("x_curl"), 2),
            _goals(scenario, result) if variant == "winhttp" else "",
            _number(result.get("calls")), _number(result.get("instructions"), 0),
            _number(result.get("mallocs")), _number(peak / 1e6 if peak else None)]


def _per_gib(scenario, result):
    """Seconds of CPU for a GiB of payload: of interest where payload is what costs."""
    if scenario.size < 1024 or not result.get("cpu"):
        return "-"
    return _number(result["cpu"] / 1e6 * (1 << 30) / scenario.size, 3)


def _web_socket_row(scenario, variant, result):
    if "failed" in result:
        return [scenario.title, NAMES[variant], "failed: " + result["failed"]] + [""] * 9
    peak = result.get("peak")
    return [scenario.title, NAMES[variant], _number(result.get("cpu"), 2), _per_gib(scenario, result),
            _number(result.get("rate"), 0), _number(result.get("x_limit"), 2),
            _number(result.get("x_lws"), 2), _goals(scenario, result) if variant in OURS else "",
            _number(result.get("calls"), 2), _number(result.get("instructions"), 0),
            _number(result.get("mallocs")), _number(peak / 1e6 if peak else None)]


def _idle_row(scenario, variant, result):
    if "failed" in result:
        return [scenario.title, NAMES[variant], "failed: " + result["failed"], "", ""]
    return [scenario.title, NAMES[variant], _number(result["heap"], 0),
            _number(result["resident"], 0),
            _verdict(result["heap"], scenario.bytes, f"{scenario.bytes:,}")
            if variant in OURS else ""]


def rows(results):
    """(header, rows) of the tables. `results` are (scenario, {variant: result}) pairs."""
    tables = {"work": (HEADER, _work_row, []),
              "web socket": (WEB_SOCKET_HEADER, _web_socket_row, []),
              "idle": (IDLE_HEADER, _idle_row, [])}
    for scenario, by_variant in results:
        _, row, lines = tables[scenario.family]
        lines += [row(scenario, variant, result) for variant, result in by_variant.items()]
    return [(header, lines) for header, _, lines in tables.values()]


def text(results):
    """All tables, aligned."""
    out = []
    for header, lines in rows(results):
        if not lines:
            continue
        widths = [max(len(row[i]) for row in [header, *lines] if not _spans(row, i))
                  for i in range(len(header))]
        out.append(_line(header, widths))
        previous = None
        for row in lines:
            out.append(_line([row[0] if row[0] != previous else "", *row[1:]], widths))
            previous = row[0]
        out.append("")
    return "\n".join(out)


def _spans(row, index):
    return index == 2 and row[2].startswith("failed")


def _line(row, widths):
    cells = [cell.ljust(width) if i < 2 or not re.match(r"^[-\d]", cell) else cell.rjust(width)
             for i, (cell, width) in enumerate(zip(row, widths))]
    return "  ".join(cells).rstrip()


# ---- the machine ---------------------------------------------------------------------------------


def _said(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        return (done.stdout + done.stderr).strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _found(pattern, where):
    match = re.search(pattern, where)
    return match.group(1) if match else "unknown"


def machine():
    """What a reader needs to know of it, as (name, value) pairs; nothing that identifies it."""
    with open("/proc/cpuinfo") as info:
        model = _found(r"model name\s*:\s*(.+)", info.read())
    with open("/etc/os-release") as info:
        system = _found(r'PRETTY_NAME="?([^"\n]+)', info.read())
    return [("processor", f"{model}, {os.cpu_count()} CPUs"),
            ("system", f"{system}, Linux {_found(r'^([0-9.]+)', platform.release())}"),
            ("nginx", _found(r"nginx/(\S+)", _said([shutil.which("nginx") or "/usr/sbin/nginx", "-v"]))),
            ("OpenSSL", _found(r"OpenSSL (\S+)", _said(["openssl", "version"]))),
            ("libcurl", _said(["pkg-config", "--modversion", "libcurl"]) or "none"),
            ("libwebsockets", _said(["pkg-config", "--modversion", "libwebsockets"]).rstrip("-") or "none"),
            ("libuv", _said(["pkg-config", "--modversion", "libuv"]) or "unknown"),
            ("load average", f"{os.getloadavg()[0]:.1f} of other and this work, at the end"),
            ("compiler", _found(r"^(.+)", _said(["cc", "--version"])))]


# ---- the page ------------------------------------------------------------------------------------

PAGE = """# Performance

This page and its picture are written by `./run bench`, which builds the library, starts nginx on one
processor and lets each client do the same work on the other: programs on this library (plain
Windows code), the same work by hand (blocking sockets, epoll, OpenSSL; nothing general, the least
that is possible), on libcurl and on libwebsockets. WebSockets talk to a server of our own, on raw
sockets; a client that receives does so 64 KiB at a time. Runs are interleaved, their order alternates; times are medians
of {rounds} rounds, less what starting and connecting cost, ratios are medians of the rounds' ratios.

![CPU per unit as a multiple of the hand-written client's](performance.svg)

{machine}

- *CPU* is user and system time of the client per unit; *per s* is units per second of wall time.
- *calls* are system calls per unit (strace), *instructions* are user-space instructions per unit
  (callgrind), *mallocs* are calls of malloc, calloc and realloc per unit. In sequence these three
  repeat exactly; with many in flight they depend a little on which response comes first, and with
  TLS on when the last connection is made. Times on a shared machine do not repeat: a lead under
  20% is unproven.
- *s per GiB* is CPU per GiB of payload; *x lws* is CPU as a multiple of libwebsockets'.
- An open WebSocket of the asynchronous client has a receive pending; all are plain.
- *by hand* for an idle TLS connection is what OpenSSL itself needs, with released buffers.

{tables}
![WebSockets: CPU per message as a multiple of the hand-written client's](performance-websocket.svg)
"""


def _markdown(header, lines):
    out = ["| " + " | ".join(header) + " |", "|" + "---|" * 2 + "--:|" * (len(header) - 2)]
    previous = None
    for row in lines:
        first = row[0] if row[0] != previous else ""
        out.append("| " + " | ".join([first, *row[1:]]) + " |")
        previous = row[0]
    return "\n".join(out) + "\n"


def page(results, rounds):
    facts = "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in machine())])
    tables = "\n".join(_markdown(header, lines) for header, lines in rows(results) if lines)
    return PAGE.format(rounds=rounds, machine=facts, tables=tables)


# ---- the picture ---------------------------------------------------------------------------------

LEFT, WIDTH, BAR, MOST, LEGEND = 230, 460, 11, 5.0, 145


def _x(ratio):
    return LEFT + WIDTH * min(ratio, MOST) / MOST


def _bar(y, variant, ratio):
    shown = f"{ratio:.2f}" + (" (cut)" if ratio > MOST else "")
    return (f'<rect x="{LEFT}" y="{y}" width="{_x(ratio) - LEFT:.1f}" height="{BAR - 2}" '
            f'fill="{COLOURS[variant]}"/>'
            f'<text x="{_x(ratio) + 4:.1f}" y="{y + BAR - 3}" class="n">{shown}</text>')


def _group(y, scenario, bars):
    height = BAR * len(bars)
    out = [f'<text x="{LEFT - 8}" y="{y + height / 2 + 3:.1f}" class="t">'
           f'{escape(scenario.title)}</text>']
    out += [_bar(y + i * BAR, variant, ratio) for i, (variant, ratio) in enumerate(bars)]
    if scenario.goal:
        x = _x(scenario.goal)
        out.append(f'<line x1="{x:.1f}" y1="{y - 2}" x2="{x:.1f}" y2="{y + height}" class="g"/>')
    return "\n".join(out), y + height + 8


def picture(results):
    """Bars of client CPU per unit, as multiples of the hand-written client's; ticks are the goals."""
    y, groups = 46, []
    for scenario, by_variant in results:
        bars = [(variant, by_variant[variant]["x_limit"]) for variant in COLOURS
                if by_variant.get(variant, {}).get("x_limit")]
        if bars:
            group, y = _group(y, scenario, bars)
            groups.append(group)
    legend = "".join(f'<rect x="{LEFT + i * LEGEND}" y="22" width="10" height="10" '
                     f'fill="{COLOURS[variant]}"/><text x="{LEFT + 14 + i * LEGEND}" y="31">'
                     f'{NAMES[variant]}</text>'
                     for i, variant in enumerate(v for v in COLOURS
                                                 if any(v in found for _, found in results)))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 80}" height="{y + 8}"
 font-family="sans-serif" font-size="11" fill="#24292f">
<style>.t{{text-anchor:end}} .n{{font-size:9px}} .g{{stroke:#d1242f;stroke-width:1.5}}
.one{{stroke:#24292f;stroke-dasharray:3 3}}</style>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="{LEFT}" y="14" font-weight="bold">Client CPU per unit, by hand = 1 (red: our goal)</text>
{legend}
<line x1="{_x(1):.1f}" y1="40" x2="{_x(1):.1f}" y2="{y}" class="one"/>
{chr(10).join(groups)}
</svg>
"""
