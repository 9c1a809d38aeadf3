#!/usr/bin/env python3
"""Compile each header by itself and included twice: C11 and C++17, gcc and clang and the compilers
of this build, with and without -fshort-wchar, warnings being errors. Compilers that are not
installed are left out; those of this build must be there.

Exit status: 0 all compile, 1 some do not.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

WARNINGS = ["-pedantic", "-Wall", "-Wextra", "-Werror"]


def installed(compilers):
    """The first must be there, the others may be; each compiler once, whatever its names."""
    found = {os.path.realpath(shutil.which(compiler) or ""): compiler for compiler in compilers
             if shutil.which(compiler)}
    if not shutil.which(compilers[0]):
        sys.exit(f"no compiler {compilers[0]}")
    return found.values()


def main():
    ask = argparse.ArgumentParser(description="compile headers alone")
    ask.add_argument("headers", nargs="+")
    ask.add_argument("--include", action="append", default=[])
    ask.add_argument("--cc", required=True)
    ask.add_argument("--cxx", required=True)
    ask = ask.parse_args()

    include = [flag for path in ask.include for flag in ("-I", path)]
    languages = [("c", "-std=c11", [ask.cc, "gcc", "clang"]),
                 ("cpp", "-std=c++17", [ask.cxx, "g++", "clang++"])]
    failed = done = 0
    with tempfile.TemporaryDirectory() as work:
        for header in ask.headers:
            for suffix, standard, compilers in languages:
                source = os.path.join(work, "alone." + suffix)
                with open(source, "w") as out:
                    out.write(f"#include <{header}>\n#include <{header}>\nextern int alone;\n")
                for compiler in installed(compilers):
                    for width in ([], ["-fshort-wchar"]):
                        command = [compiler, standard, *WARNINGS, *width, *include,
                                   "-fsyntax-only", source]
                        result = subprocess.run(command, capture_output=True, text=True)
                        done += 1
                        if result.returncode:
                            failed += 1
                            print(f"{header}: {' '.join(command)}\n{result.stderr}")
    print(f"{done} compilations, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
