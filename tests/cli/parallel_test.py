#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The wrapper for GNU parallel.

Exit status 77 says that it is not installed, and nothing else.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import program
from program import BUDGET, OK, PINSIM, ROOT, USAGE, pinsim

WRAPPER = ROOT / "sim/explore/cluster/parallel.sh" if ROOT else None
SEARCH = ["--strategy", "exhaustive", "--design", "demand-ref",
          "tests/races/foreign-reference.race"]


def wrapper(*args):
    return subprocess.run([WRAPPER, *args], cwd=ROOT, capture_output=True,
                          env={**os.environ, "PINSIM": str(PINSIM)},
                          stdin=subprocess.DEVNULL, timeout=120, check=False)


class Parallel(unittest.TestCase):
    """In parts, and in a directory with a blank in its name."""

    def test_verdict_is_that_of_one_process(self):
        whole = pinsim("explore", *SEARCH, "--jobs", "1")
        for parts in ("1", "3"):
            with tempfile.TemporaryDirectory(prefix="a b") as name:
                done = wrapper(parts, name, *SEARCH)
                self.assertEqual(done.returncode, OK, done.stderr)
                self.assertEqual(done.stdout.decode(), whole.out)

    def test_part_that_fails_is_missing_and_none_at_all_is_refused(self):
        with tempfile.TemporaryDirectory() as name:
            os.mkdir(os.path.join(name, "2.json"))
            done = wrapper("3", name, *SEARCH)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            os.rmdir(os.path.join(name, "2.json"))
            done = subprocess.run([PINSIM, "merge", f"{name}/1.json",
                                   f"{name}/3.json"], capture_output=True,
                                  cwd=ROOT, check=False)
            self.assertEqual(done.returncode, BUDGET)
            self.assertIn(b"missing: shard 2/3 ", done.stderr)
            done = wrapper("2", name, "--strategy", "fly", "no-such.race")
            self.assertNotEqual(done.returncode, OK)


if __name__ == "__main__":
    if not shutil.which("parallel"):
        print("skipped: GNU parallel is not installed")
        sys.exit(77)
    program.main()
