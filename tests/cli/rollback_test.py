#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A race under --verify-rollback: every design and kernel that it speaks of, the
world compared byte for byte after each of 100 random executions and after the
first executions of an exhaustive search; and every step's footprint checked.

usage: rollback_test.py PINSIM SOURCE_ROOT RACE
"""

import json
import pathlib
import re
import sys
import unittest

import program
from program import BUDGET, OK, VIOLATED, pinsim

RACE = sys.argv.pop(3) if len(sys.argv) > 3 else None


def kernels():
    """Those that the race names."""
    line = re.search(r"^kernels (.*)", pathlib.Path(RACE).read_text(), re.M)
    return set(line.group(1).split()) if line else {"6.12"}


class Rollback(unittest.TestCase):
    """Whether expectations are met in so few executions is not asked."""

    def explore(self, *args):
        ran = pinsim("explore", RACE, "--all-kernels", "--json", "-", *args)
        self.assertEqual(ran.err, "")
        self.assertIn(ran.status, (OK, VIOLATED, BUDGET))
        verdicts = json.loads(ran.out)["verdicts"]
        self.assertEqual({v["kernel"] for v in verdicts}, kernels())
        return verdicts

    def test_random(self):
        for verdict in self.explore("--verify-rollback", "--executions", "100"):
            search = verdict["search"]
            # One execution: the set-up violates it, or there is nothing to choose.
            self.assertIn((search["how"], search["executions"]),
                          (("sampled", 100), ("exhaustive", 1)))

    def test_footprints(self):
        """What each step says that it touches is recorded and checked: who
        declares less than it does ends this with pinsim's own error
        (sim/engine/footprint.h)."""
        for verdict in self.explore("--strategy", "exhaustive", "--executions", "100"):
            self.assertLessEqual(verdict["search"]["executions"], 100)

    def test_depth_first(self):
        for verdict in self.explore("--verify-rollback", "--strategy", "exhaustive",
                                    "--reduction", "none", "--executions", "100"):
            self.assertLessEqual(verdict["search"]["executions"], 100)

    def reduced(self, reduction, executions):
        for verdict in self.explore("--strategy", "exhaustive", "--reduction",
                                    reduction, "--executions", str(executions)):
            self.assertLessEqual(verdict["search"]["executions"], executions)

    def test_reduced(self):
        self.reduced("dpor", 10)

    def test_reduced_with_states(self):
        # Around each execution that runs to its end, hundreds that are cut off
        # at a known state go back too.
        self.reduced("both", 2)

    def test_comparing_changes_nothing(self):
        plain = pinsim("explore", RACE, "--executions", "100", "--json", "-")
        ran = pinsim("explore", RACE, "--executions", "100", "--json", "-",
                     "--verify-rollback")
        self.assertEqual(ran.out, plain.out)


if __name__ == "__main__":
    program.main()
