#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""--grain access: a data race is found, told with both stacks, and replayed by
the build that found it, and by no other."""

import re
import unittest

import program
from program import pinsim

RACE = "tests/races/two-vcpus-one-gfn.race"
LINE = re.compile(r"pinsim replay '(p1/[^']*)'")


def explore(*args):
    return pinsim("explore", "--grain", "access", "--design", "demand-ref",
                  "--check", "data-race", *args, RACE)


def found():
    """The line of a data race of RFC v0."""
    done = explore("--executions", "3000", "--stop")
    return done, LINE.search(done.out)[1]


class Grain(unittest.TestCase):
    def test_found_by_random_search(self):
        done, line = found()
        self.assertEqual(done.status, 1, done.err)
        self.assertIn("sev_pin_one (demand_ref.c:", done.out)
        self.assertRegex(line, "/access@[0-9a-f]{16}/")

    def test_replayed_with_both_stacks(self):
        line = found()[1]
        done = pinsim("replay", line)
        self.assertEqual(done.status, 1, done.err)
        sides = done.out.split("The two sides of the data race:")[1]
        self.assertEqual(len(re.findall(r"^  vcpu\d, step \d+: plain ", sides, re.M)), 2)
        self.assertEqual(len(re.findall(r"^    #0 sev_pin_one \(", sides, re.M)), 2)
        # A compiler may have inlined the one into the other.
        self.assertEqual(len(re.findall(r"^    #[01] .*\bsev_pin_spte\b", sides, re.M)), 2)
        self.assertEqual(done.out, pinsim("replay", line).out)

    def test_minimized_to_the_same_check(self):
        done = pinsim("minimize", found()[1])
        self.assertEqual(done.status, 0, done.err)
        line = re.search(r"p1/\S*", done.out)[0].strip("'")
        self.assertIn("data-race", pinsim("replay", line).out)

    def test_refused_by_another_build(self):
        line = re.sub("access@[0-9a-f]{16}", "access@0123456789abcdef", found()[1])
        done = pinsim("replay", line)
        self.assertEqual(done.status, 2)
        self.assertIn("another one", done.err)

    def test_silent_at_op_grain(self):
        done = pinsim("explore", "--design", "demand-ref", "--check", "data-race",
                      "--executions", "300", RACE)
        self.assertEqual(done.status, 0, done.out)

    def test_bad_grain_is_refused(self):
        for verb in ("run", "explore"):
            done = pinsim(verb, "--grain", "fine", RACE)
            self.assertEqual(done.status, 2)
            self.assertEqual(done.err.count("\n"), 1)
            self.assertIn("neither op nor access", done.err)


if __name__ == "__main__":
    program.main()
