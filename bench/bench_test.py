#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A bench works: with tiny sizes it prints JSON that has what is read of it.

usage: bench_test.py PROGRAM [ARG...] -- KEY...    a.b: key b below a; a list's
                                                   elements have to have it all
"""
import json
import subprocess
import sys


def missing(value, path):
    """The first step of a path that leads nowhere, or None."""
    if isinstance(value, list):
        if not value:
            return path[0] if path else None
        return next((m for m in (missing(v, path) for v in value) if m), None)
    if not path:
        return None
    if not isinstance(value, dict) or value.get(path[0]) is None:
        return path[0]
    return missing(value[path[0]], path[1:])


def main():
    assert missing({"a": [{"b": 0}]}, ["a", "b"]) is None
    assert missing({"a": [{"b": 1}, {}]}, ["a", "b"]) == "b"
    assert missing({"a": []}, ["a", "b"]) == "b"
    cut = sys.argv.index("--")
    run = subprocess.run(sys.argv[1:cut] + ["--tiny"], stdout=subprocess.PIPE, check=True)
    said = json.loads(run.stdout)
    failed = 0
    for key in ["machine.processor"] + sys.argv[cut + 1:]:
        if missing(said, key.split(".")):
            print(f"{sys.argv[1]}: no {key}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
