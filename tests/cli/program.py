# SPDX-License-Identifier: GPL-2.0-or-later
"""Running the built pinsim: what the tests of its command line share.

Each test is started as `TEST.py PINSIM SOURCE_ROOT [unittest options]`.
"""

import os
import pathlib
import subprocess
import sys
import unittest

PINSIM = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 2 else None
ROOT = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
VERBS = ("list", "run", "explore", "replay", "minimize", "matrix", "merge",
         "subject", "explain", "startup")
RACES = sorted((ROOT / "tests/races").glob("*.race")) if ROOT else []

OK, VIOLATED, USAGE, FAULT, BUDGET = 0, 1, 2, 3, 5


class Ran:
    """A command that was run: its status, and what it wrote."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8", "replace")


def pinsim(*args, cwd=None, env=None, **more):
    """Runs pinsim, from the root of the tree if not told otherwise."""
    environ = {k: v for k, v in os.environ.items()
               if k not in ("NO_COLOR", "PINSIM_RACES")}
    environ.update(env or {})
    return Ran(subprocess.run([PINSIM, *args], cwd=cwd or ROOT, env=environ,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=300, check=False, **more))


def start(*args):
    """pinsim from the root of the tree, while it runs."""
    return subprocess.Popen([PINSIM, *args], cwd=ROOT,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def children(process):
    """The processes that it has made and that are there now."""
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    return [int(pid) for pid in
            pathlib.Path(path).read_text(encoding="ascii").split()]


def replay_lines(text):
    """The replay lines of a text, in their order."""
    return [line.split("'")[1] for line in text.split("\n")
            if line.startswith("  pinsim replay '")]


def main():
    if not RACES:
        sys.exit(f"usage: {sys.argv[0]} PINSIM SOURCE_ROOT")
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
