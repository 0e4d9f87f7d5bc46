#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A race that is small enough to be exhausted: no design, on no kernel, is
left with a search that was cut short, and every expectation is met.

Where two can keep each other going round for ever, it is all up to --unroll.

usage: exhausted_test.py PINSIM SOURCE_ROOT RACE
"""

import json
import pathlib
import sys
import unittest

import program
from program import OK, pinsim

RACE = sys.argv.pop(3) if len(sys.argv) > 3 else None
# GUP moves a page as long as another's pin lets it not (K.17).
ROUND = ("two-longterm-pinners",)


class Exhausted(unittest.TestCase):

    def test_every_design_is_exhausted(self):
        ran = pinsim("explore", RACE, "--all-kernels", "--strategy",
                     "exhaustive", "--json", "-")
        self.assertEqual(ran.err, "")
        self.assertEqual(ran.status, OK)
        verdicts = json.loads(ran.out)["verdicts"]
        self.assertEqual({v["kernel"] for v in verdicts}, {"5.17", "6.1", "6.12"})
        for verdict in verdicts:
            how = verdict["search"]["how"]
            if pathlib.Path(RACE).stem not in ROUND or how != "bounded":
                self.assertEqual(how, "exhaustive", verdict)


if __name__ == "__main__":
    program.main()
