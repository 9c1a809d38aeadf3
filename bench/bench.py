#!/usr/bin/env python3
"""Compares programs on this library with the same work by hand, on libcurl, on libwebsockets and under Wine.

    bench.py --programs DIR [--quick] [--only KEY,...] [--write DOCS] [--smoke]

DIR holds the programs built from this folder. Timed rounds are interleaved and alternate their
order; the counting runs (system calls, instructions, allocations) follow, several at a time, because
they hardly depend on how busy the machine is.
"""
import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import report
import scenarios
from meter import Failed, Meter
from server import Server

VARIANTS = ("winhttp", "async", "limit", "curl", "lws", "wine")
HERE = os.path.dirname(os.path.abspath(__file__))


class Bench:
    """A run: which scenarios, how often, with which clients."""

    def __init__(self, options, server, meter, wine_programs):
        self.options = options
        self.server = server
        self.meter = meter
        self.wine_programs = wine_programs
        self.bulk_scale = _bulk_scale(options)
        self.seconds = 0.25 if options.quick else 0.6  # about what a timed run may take

    def command(self, scenario, variant, units):
        """The command line, or None if there is no such program."""
        if variant == "wine":
            if not self.wine_programs:
                return None
            start = [shutil.which("wine"),
                     f"{self.wine_programs}/{scenario.program_of('winhttp')}.exe"]
        else:
            start = [f"{self.options.programs}/{scenario.program_of(variant)}"]
        if not os.path.exists(start[-1]):
            return None
        return start + scenario.arguments(self.server, units)

    def variants(self, scenario):
        return [variant for variant in VARIANTS if self.command(scenario, variant, 1)]

    def units(self, scenario):
        """Of a timed run, and of the run whose cost is taken off.

        The scenario says how many at most; a slow or busy machine does fewer in the time there is.
        """
        if scenario.kind == "first":
            return 1, 0
        if scenario.unit == "MiB":
            return int(scenario.units * self.bulk_scale), scenario.few
        base = 4 * scenario.in_flight or 1  # by then all connections are there
        trial = max(scenario.units // 20, 2 * base)
        walls = [self.meter.time(self.command(scenario, "limit", units))["wall"]
                 for units in (trial, base)]
        each = max(walls[0] - walls[1], 1) / (trial - base)
        return max(min(scenario.units, int(self.seconds * 1e6 / each)), trial), base

    # ---- timed runs ------------------------------------------------------------------------------

    def timed(self, scenario):
        """{variant: result}"""
        rounds = {variant: [] for variant in self.variants(scenario)}
        failed = {}
        try:
            units = self.units(scenario)
        except Failed as failure:
            return {"limit": {"failed": str(failure)}}
        for number in range(min(self.options.rounds, scenario.rounds)):
            order = list(rounds)
            for variant in order if number % 2 == 0 else reversed(order):
                if variant not in failed:
                    try:
                        rounds[variant].append(self.one_round(scenario, variant, *units))
                    except Failed as failure:
                        failed[variant] = str(failure)
        return {variant: {"failed": failed[variant]} if variant in failed
                else _median_of(rounds, variant) for variant in rounds}

    def one_round(self, scenario, variant, units, base_units):
        """The cost of a unit; tried again if noise made more units cheaper than few."""
        for _ in range(3):
            whole = self.meter.time(self.command(scenario, variant, units))
            base = {"cpu": 0, "wall": 0}
            if base_units:
                base = self.meter.time(self.command(scenario, variant, base_units))
            cpu, wall = whole["cpu"] - base["cpu"], whole["wall"] - base["wall"]
            if cpu > 0 and wall > 0:
                done = units - base_units
                return {"cpu": cpu / done, "rate": done * 1e6 / wall, "peak": whole["peak"]}
        raise Failed("the machine is too busy: more units took less time")

    # ---- counting runs ---------------------------------------------------------------------------

    def per_unit(self, scenario, variant, count):
        """(count of many units - count of few) / their difference"""
        few = count(self.command(scenario, variant, scenario.few))
        many = count(self.command(scenario, variant, scenario.many))
        return (many - few) / (scenario.many - scenario.few)

    def count_calls(self, command):
        return sum(self.meter.syscalls(command).values())

    def counters(self, scenario):
        """(name, function) pairs; tools that are not installed are left out."""
        found = [("mallocs", self.meter.mallocs)]
        if shutil.which("strace"):
            found.append(("calls", self.count_calls))
        if shutil.which("valgrind") and scenario.callgrind:
            found.append(("instructions", self.meter.instructions))
        return found

    def counted(self, scenario, variant):
        """{name: per unit}; what cannot be counted is left out."""
        counts = {}
        if variant == "wine":
            return counts
        for name, count in self.counters(scenario):
            try:
                if scenario.kind == "first":
                    counts[name] = count(self.command(scenario, variant, 1))
                else:
                    counts[name] = self.per_unit(scenario, variant, count)
            except Failed as failure:
                print(f"{scenario.key} {variant} {name}: {failure}", file=sys.stderr)
        return counts

    # ---- idle runs -------------------------------------------------------------------------------

    def idle(self, scenario):
        """{variant: bytes each}"""
        found = {}
        for variant in self.variants(scenario):
            if variant == "wine":
                continue
            try:
                few = self.meter.idle(self.command(scenario, variant, scenario.few))
                many = self.meter.idle(self.command(scenario, variant, scenario.units))
                found[variant] = {key: (many[key] - few[key]) / (scenario.units - scenario.few)
                                  for key in few}
            except Failed as failure:
                found[variant] = {"failed": str(failure)}
        return found

    # ---- all of it -------------------------------------------------------------------------------

    def run(self, chosen):
        results = []
        for scenario in chosen:
            begun = time.monotonic()
            measured = self.idle(scenario) if scenario.kind == "idle" else self.timed(scenario)
            results.append((scenario, measured))
            print(f"  {scenario.title}: {time.monotonic() - begun:.1f} s", file=sys.stderr)
        print("  counting system calls, instructions, allocations", file=sys.stderr)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            pending = [(result, pool.submit(self.counted, scenario, variant))
                       for scenario, measured in results if scenario.kind != "idle"
                       for variant, result in measured.items() if "failed" not in result]
            for result, future in pending:
                result.update(future.result())
        return results

    def smoke(self, chosen):
        """Ten units of everything. Returns how many programs failed."""
        failures = 0
        for scenario in chosen:
            for variant in self.variants(scenario):
                units = 1 if scenario.kind == "first" else max(10, scenario.in_flight)
                command = self.command(scenario, variant, units)
                try:
                    if scenario.kind == "idle":
                        self.meter.idle(command)
                    else:
                        self.meter.time(command)
                except Failed as failure:
                    failures += 1
                    print(f"{scenario.key} {variant}: {failure}")
        return failures


def _median_of(rounds, variant):
    """Medians of the rounds; ratios are medians of the ratios within each round."""
    mine = rounds[variant]
    result = {key: statistics.median(one[key] for one in mine) for key in mine[0]}
    for other in ("limit", "curl", "lws"):
        if len(rounds.get(other, ())) == len(mine):
            result["x_" + other] = statistics.median(
                one["cpu"] / theirs["cpu"] for one, theirs in zip(mine, rounds[other]))
    return result


def build_for_wine(into):
    """The Windows programs, built with mingw; None where Wine or mingw is not installed."""
    compiler = shutil.which("x86_64-w64-mingw32-gcc")
    if not compiler or not shutil.which("wine"):
        return None
    os.makedirs(into, exist_ok=True)
    for name in os.listdir(HERE):
        if name.endswith("_winhttp.c"):
            subprocess.run([compiler, "-O2", "-municode", "-o", f"{into}/{name[:-2]}.exe",
                            f"{HERE}/{name}", HERE + "/windows_site.c",
                            HERE + "/windows_web_socket.c", "-lwinhttp"], check=True)
    return into


def _choose(options):
    keys = options.only.split(",") if options.only else scenarios.QUICK if options.quick else None
    return [scenario for scenario in scenarios.ALL if keys is None or scenario.key in keys]


def _bulk_scale(options):
    return 0.25 if options.quick else 1.0


def _sizes(chosen, bulk_scale):
    """Every size, in MiB, that a path with {units} may ask for."""
    sizes = {10}
    for scenario in chosen:
        if "{units}" in scenario.path:
            sizes |= {scenario.few, scenario.many, int(scenario.units * bulk_scale)}
    return sizes


def _write(folder, results, rounds):
    http = [result for result in results if result[0].family != "web socket"]
    sockets = [result for result in results if result[0].family == "web socket"]
    for name, content in (("performance.md", report.page(results, rounds)),
                          ("performance.svg", report.picture(http)),
                          ("performance-websocket.svg", report.picture(sockets))):
        with open(os.path.join(folder, name), "w") as out:
            out.write(content)


def _masking(programs, rounds):
    """Masking alone against memcpy: a table of its own, because no server is part of it."""
    run = subprocess.run([programs + "/ws_mask", str(rounds)], capture_output=True, text=True, check=True)
    return run.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True, help="where the built programs are")
    parser.add_argument("--quick", action="store_true", help="fewer scenarios, shorter runs")
    parser.add_argument("--rounds", type=int, help="timed rounds of each scenario")
    parser.add_argument("--only", help="scenario keys, with commas between")
    parser.add_argument("--write", metavar="DOCS", help="write performance.md and .svg there")
    parser.add_argument("--smoke", action="store_true", help="ten units of everything, untimed")
    options = parser.parse_args()
    options.rounds = options.rounds or (3 if options.quick else 5)
    chosen = _choose(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped, too
    cpus = sorted(os.sched_getaffinity(0))
    begun = time.monotonic()

    with Server(options.programs, cpus[0], _sizes(chosen, _bulk_scale(options))) as server:
        meter = Meter(options.programs, cpus[-1], server.roots)
        wine = None if options.smoke else build_for_wine(options.programs + "/wine")
        bench = Bench(options, server, meter, wine)
        if options.smoke:
            _masking(options.programs, 1)
            return 1 if bench.smoke(chosen) else 0
        results = bench.run(chosen)

    print(report.text(results))
    if not options.only:
        print("masking a WebSocket payload\n" + _masking(options.programs, 25))
    print("".join(f"{name}: {value}\n" for name, value in report.machine()), end="")
    print(f"took {time.monotonic() - begun:.0f} s")
    with open(options.programs + "/results.json", "w") as out:
        json.dump({scenario.key: measured for scenario, measured in results}, out, indent=1)
    if options.write:
        _write(options.write, results, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
