#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A race that is small enough to be exhausted: no design, on no kernel, is
left with a search that was cut short, and every expectation is met.

usage: exhausted_test.py PINSIM SOURCE_ROOT RACE
"""

import json
import sys
import unittest

import program
from program import OK, pinsim

RACE = sys.argv.pop(3) if len(sys.argv) > 3 else None


class Exhausted(unittest.TestCase):

    def test_every_design_is_exhausted(self):
        ran = pinsim("explore", RACE, "--all-kernels", "--strategy",
                     "exhaustive", "--json", "-")
        self.assertEqual(ran.err, "")
        self.assertEqual(ran.status, OK)
        verdicts = json.loads(ran.out)["verdicts"]
        self.assertEqual({v["kernel"] for v in verdicts}, {"6.1", "6.12"})
        self.assertEqual({v["search"]["how"] for v in verdicts},
                         {"exhaustive"})


if __name__ == "__main__":
    program.main()
