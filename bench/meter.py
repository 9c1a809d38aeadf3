"""One program, measured: time and memory, system calls, instructions, allocations, idle bytes."""
import os
import re
import struct
import subprocess
import tempfile

TIMEOUT = 60  # seconds, for one run of one program


class Failed(Exception):
    """The program did not do its work; the message says what it said."""


class Meter:
    """Knows where the tools are and which processor the clients run on."""

    def __init__(self, programs, cpu, roots):
        self.programs = programs
        self.cpu = cpu
        self.environment = {**os.environ, "SSL_CERT_FILE": roots, "WINEDEBUG": "-all"}
        self.environment.pop("SSL_CERT_DIR", None)

    def _run(self, command, **more):
        environment = {**self.environment, **more}
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  env=environment, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise Failed("timed out") from None
        if done.returncode != 0:
            raise Failed(" ".join(done.stderr.split())[-200:] or f"exit {done.returncode}")
        return done

    def time(self, command):
        """wall and CPU time in microseconds, peak memory in bytes."""
        done = self._run([self.programs + "/measure", str(self.cpu), *command])
        wall, user, system, peak_kib = map(int, done.stdout.split()[-4:])
        return {"wall": wall, "cpu": user + system, "peak": peak_kib * 1024}

    def syscalls(self, command):
        """Calls by name."""
        with tempfile.NamedTemporaryFile("r") as out:
            self._run(["strace", "-f", "-c", "-qq", "-U", "calls,name", "-o", out.name, *command])
            rows = [line.split() for line in out]
        return {row[1]: int(row[0]) for row in rows
                if len(row) == 2 and row[0].isdigit() and row[1] != "total"}

    def instructions(self, command):
        """User-space instructions, all threads, from the first to the last."""
        done = self._run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                          *command])
        return int(re.search(r"Collected : (\d+)", done.stderr).group(1))

    def _preload(self, counts):
        return {"LD_PRELOAD": os.path.abspath(self.programs + "/libcount_allocations.so"),
                "BENCH_COUNTS": counts}

    def mallocs(self, command):
        """Calls of malloc, calloc, realloc and their kin."""
        with tempfile.NamedTemporaryFile() as counts:
            counts.write(bytes(16))
            counts.flush()
            self._run(command, **self._preload(counts.name))
            return _read_counts(counts.name)[0]

    def idle(self, command):
        """Heap bytes alive, and resident bytes, when the program says that it is ready."""
        with tempfile.NamedTemporaryFile() as counts:
            counts.write(bytes(16))
            counts.flush()
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL,
                                     env={**self.environment, **self._preload(counts.name)})
            try:
                if b"ready" not in child.stdout.readline():
                    raise Failed("never ready")
                alive = _read_counts(counts.name)[1]
                with open(f"/proc/{child.pid}/statm") as statm:
                    resident = int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")
                child.communicate(timeout=TIMEOUT)
            finally:
                child.kill()
                child.wait()
            return {"heap": alive, "resident": resident}


def _read_counts(path):
    with open(path, "rb") as counts:
        return struct.unpack("=qq", counts.read(16))
