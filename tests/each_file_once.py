#!/usr/bin/env python3
"""A compilation database for checkers: every C and C++ file of ours, once.

    each_file_once.py SOURCE_DIRECTORY BUILD_DIRECTORY OUTPUT_DIRECTORY [PATH...]

Most files are compiled several times: for both widths, for the product and for the tests' own libraries. A
checker would say the same as often. Writes OUTPUT_DIRECTORY/compile_commands.json with the first of each,
and prints the files, one per line. With paths: those that are one of them, or below one.
"""
import json
import os
import sys


def main(source, build, output, *paths):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    ours = os.path.join(os.path.abspath(source), "")
    builds = os.path.join(os.path.abspath(build), "")
    wanted = [os.path.abspath(path) for path in paths]
    once = {}
    for command in commands:
        path = command["file"]
        if not path.startswith(ours) or path.startswith(builds):
            continue
        if not wanted or any(path == one or path.startswith(one + os.sep) for one in wanted):
            once.setdefault(path, command)
    if not once:
        sys.exit("none of these is compiled here: " + " ".join(paths))
    os.makedirs(output, exist_ok=True)
    with open(os.path.join(output, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(list(once.values()), file, indent=1)
    print("\n".join(once))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
