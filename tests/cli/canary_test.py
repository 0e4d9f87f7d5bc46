#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Canaries: races with something that one strategy finds and others do not.

A strategy that has lost its point (a bound that lets other schedules in,
priorities that do not hold, a mix that has become too fine) no longer finds its
canary, or finds another's. What coverage finds chance finds too, but later:
that is a matter of how many seeds find it soon, here and in
tests/explore/coverage_test.c.
"""

import json
import unittest

import program
from program import BUDGET, OK, VIOLATED, pinsim

CANARIES = "tests/races/canary"


class Canary(unittest.TestCase):
    """Is the race's condition met in some execution?"""

    def explore(self, race, *args):
        ran = pinsim("explore", f"{CANARIES}/{race}.race", "--json", "-", *args)
        self.assertEqual(ran.err, "")
        verdicts = json.loads(ran.out)["verdicts"]
        self.assertEqual([v["verdict"] for v in verdicts], ["holds"])
        return ran.status, verdicts[0]["search"]

    def finds(self, race, *args):
        status, search = self.explore(race, *args)
        self.assertEqual(status, OK)
        self.assertGreater(search["positive"], 0)

    def misses(self, race, *args):
        """It says that it has not seen all, and fails the expectation."""
        status, search = self.explore(race, *args)
        self.assertEqual(search["positive"], 0)
        if "--preemptions" in args:
            self.assertEqual((status, search["how"]), (BUDGET, "bounded"))
            self.assertIn("all run", search["covered"])
        else:
            self.assertEqual((status, search["how"]), (VIOLATED, "sampled"))

    def test_three_preemptions_are_found_by_the_third_bound(self):
        self.misses("three-preemptions", "--preemptions", "2")
        self.finds("three-preemptions", "--preemptions", "3")

    def test_three_preemptions_are_too_deep_for_two_changes(self):
        self.misses("three-preemptions", "--strategy", "pct", "--depth", "3")

    def test_tasks_backwards_are_found_by_priorities(self):
        self.misses("backwards", "--strategy", "random")
        self.misses("backwards", "--strategy", "coverage")
        self.misses("backwards", "--preemptions", "1")
        self.finds("backwards", "--strategy", "pct")

    def test_seven_turns_are_found_by_chance(self):
        self.misses("seven-turns", "--preemptions", "2")
        self.misses("seven-turns", "--strategy", "pct", "--depth", "5")
        self.finds("seven-turns", "--strategy", "random", "--executions",
                   "50000")

    def seeds_that_find(self, race, strategy):
        """Of a hundred, in three executions each."""
        return sum(self.explore_seed(race, strategy, seed) > 0
                   for seed in range(1, 101))

    def explore_seed(self, race, strategy, seed):
        ran = pinsim("explore", f"{CANARIES}/{race}.race", "--json", "-", "--executions", "3",
                     "--strategy", strategy, "--seed", str(seed))
        return json.loads(ran.out)["verdicts"][0]["search"]["positive"]

    def test_two_in_a_crowd_are_brought_together_by_coverage(self):
        self.assertGreater(self.seeds_that_find("crowd", "coverage"), 65)
        self.assertLess(self.seeds_that_find("crowd", "random"), 45)
        self.assertLess(self.seeds_that_find("crowd", "pct"), 15)

    def test_eleven_turns_are_found_by_looking_at_everything(self):
        status, search = self.explore("eleven-turns", "--strategy",
                                      "exhaustive")
        self.assertEqual((status, search["how"]), (OK, "exhaustive"))
        self.assertGreater(search["positive"], 0)

    def test_eleven_turns_are_not_found_by_chance(self):
        for strategy in ("random", "pct", "coverage"):
            self.misses("eleven-turns", "--strategy", strategy)
        self.misses("eleven-turns", "--preemptions", "2")


class Minimised(unittest.TestCase):
    """The record of demand-ref, two vCPUs on one gfn: whoever found it."""

    def test_two_preemptions_are_enough(self):
        for args in (["--preemptions", "2"], ["--strategy", "pct"],
                     ["--strategy", "coverage"], ["--strategy", "random"]):
            ran = pinsim("explore", "tests/races/two-vcpus-one-gfn.race",
                         "--design", "demand-ref", "--json", "-", *args)
            found = json.loads(ran.out)["violations"]
            self.assertEqual({f["check"] for f in found},
                             {"record-mismatch", "mapped-unpinned", "ref-leak"})
            for violation in found:
                self.assertLessEqual(violation["preemptions"], 2)
                again = pinsim("minimize", violation["replay"])
                self.assertEqual(again.out.strip(), violation["replay"])


if __name__ == "__main__":
    program.main()
