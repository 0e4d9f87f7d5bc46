#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Adds up the test logs of Meson build directories.

usage: summary.py [--failed N] BUILD_DIR...

--failed N counts N failures that no test log knows of. A directory without a
log counts as one. Prints for each test that failed where, its name, and the last
lines that it said; then one line, "N passed, N failed" (and ", N skipped" if there are any).
Exit status: 0 if something ran and nothing failed, else 1. Meson's own status
is a number of failures that the shell sees modulo 256.
"""

import argparse
import json
import pathlib
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}

# Of what a failed test said.
LAST_LINES = 12


def results(build_dir):
    """The result of each test that the last `meson test` there ran; tells those that failed."""
    log = pathlib.Path(build_dir, "meson-logs", "testlog.json")
    with log.open(encoding="utf-8") as lines:
        tests = [json.loads(line) for line in lines if line.strip()]
    for test in tests:
        if test["result"] not in PASSED | SKIPPED:
            tell(build_dir, test)
    return [test["result"] for test in tests]


def tell(build_dir, test):
    print(f"{test['result']}: {test['name']} in {build_dir}, {test.get('duration', 0):.0f} s")
    said = f"{test.get('stdout') or ''}{test.get('stderr') or ''}"
    for line in said.rstrip().splitlines()[-LAST_LINES:]:
        print(f"    {line}")


def main():
    parser = argparse.ArgumentParser(prog="summary.py")
    parser.add_argument("--failed", type=int, default=0)
    parser.add_argument("build_dirs", nargs="+")
    args = parser.parse_args()

    passed = skipped = 0
    failed = args.failed
    for build_dir in args.build_dirs:
        try:
            found = results(build_dir)
        except FileNotFoundError:
            print(f"summary: no test ran in {build_dir}", file=sys.stderr)
            found = ["MISSING"]
        except (OSError, ValueError, KeyError) as err:
            print(f"summary: no test log of {build_dir}: {err}",
                  file=sys.stderr)
            found = ["MISSING"]
        for result in found:
            if result in PASSED:
                passed += 1
            elif result in SKIPPED:
                skipped += 1
            else:
                failed += 1
    tail = f", {skipped} skipped" if skipped else ""
    print(f"{passed} passed, {failed} failed{tail}")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
