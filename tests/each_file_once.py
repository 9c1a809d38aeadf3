#!/usr/bin/env python3
"""A compilation database for checkers: every C and C++ file of ours, once.

    each_file_once.py SOURCE_DIRECTORY BUILD_DIRECTORY OUTPUT_DIRECTORY

Most files are compiled several times: for both widths, for the product and for the tests' own libraries. A
checker would say the same as often. Writes OUTPUT_DIRECTORY/compile_commands.json with the first of each,
and prints the files, one per line.
"""
import json
import os
import sys


def main(source, build, output):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    ours = os.path.join(os.path.abspath(source), "")
    builds = os.path.join(os.path.abspath(build), "")
    once = {}
    for command in commands:
        path = command["file"]
        if path.startswith(ours) and not path.startswith(builds):
            once.setdefault(path, command)
    os.makedirs(output, exist_ok=True)
    with open(os.path.join(output, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(list(once.values()), file, indent=1)
    print("\n".join(once))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
