#!/usr/bin/env python3
"""Line coverage of src/ and compat/, from what a --coverage build left behind.

    coverage.py SOURCE_DIRECTORY BUILD_DIRECTORY

A file is compiled several times (two widths, the product and the tests' own library); a line counts as
reached if any of them reached it. Prints each file, the least covered first, and the sum of each folder.
"""
import collections
import gzip
import json
import os
import subprocess
import sys
import tempfile

FOLDERS = ("src/", "compat/")


def notes(build):
    for folder, _, files in os.walk(build):
        for name in files:
            if name.endswith(".gcno"):
                yield os.path.join(folder, name)


def reports(build, gcov):
    """gcov's JSON for every object, a few hundred objects a call."""
    paths = sorted(notes(os.path.abspath(build)))
    if not paths:
        sys.exit(f"no coverage build in {build}")
    for at in range(0, len(paths), 200):
        with tempfile.TemporaryDirectory() as scratch:
            subprocess.run([*gcov, "--json-format", "--hash-filenames", *paths[at:at + 200]],
                           cwd=scratch, check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            for name in os.listdir(scratch):
                with gzip.open(os.path.join(scratch, name), "rt", encoding="utf-8") as file:
                    yield json.load(file)


def lines_of(source, build, gcov):
    """{file: {line: times reached}} for the files of ours."""
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    for report in reports(build, gcov):
        for entry in report["files"]:
            path = os.path.join(report.get("current_working_directory", ""), entry["file"])
            name = os.path.relpath(os.path.realpath(path), source)
            if name.startswith(FOLDERS):
                for line in entry["lines"]:
                    lines[name][line["line_number"]] += line["count"]
    return lines


def show(name, reached, total):
    print(f"{100 * reached / total:6.1f} %  {reached:6} of {total:6}  {name}")


def main():
    source, build = os.path.realpath(sys.argv[1]), sys.argv[2]
    lines = lines_of(source, build, os.environ.get("GCOV", "gcov").split())
    sums = collections.defaultdict(lambda: [0, 0])
    rows = []
    for name, counts in lines.items():
        reached, total = sum(count > 0 for count in counts.values()), len(counts)
        rows.append((reached / total, name, reached, total))
        for folder in FOLDERS:
            if name.startswith(folder):
                sums[folder][0] += reached
                sums[folder][1] += total
    for _, name, reached, total in sorted(rows):
        show(name, reached, total)
    print()
    for folder in FOLDERS:
        show(folder, *sums[folder])


main()
