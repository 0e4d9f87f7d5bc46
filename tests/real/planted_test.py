#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A comparison that cannot fail is none: cores of our own, each with one fault
in it, in the place where the kernel's will stand. Needs no package.

usage: planted_test.py BUILD MODEL
"""

import argparse
import os
import subprocess
import sys
import unittest

import build
import compare
import sections

ROOT = compare.ROOT


class Planted(unittest.TestCase):
    build_dir, model = None, None

    def compare(self, plant, race):
        section = sections.Section(
            name=f"planted_{plant}", title="planted", by_version={"6.12": []},
            glue_by_version={"6.12": ["tests/real/planted_gup.c"]},
            designs=["demand-late"], races=[f"tests/real/races/{race}.race"])
        section.args = lambda kernel: [f"-DPLANT={plant}"]

        class Version:
            version = "6.12"

        out = os.path.join(self.build_dir, "tests", "real", "planted")
        builder = build.Builder(ROOT, self.build_dir, self.model, out)
        program, _ = builder.program(Version, section)
        args = argparse.Namespace(kernel="6.12", seconds=10, executions=12000, orders=20,
                                  search=1000, race=None, design=None, verbose=False)
        comparison = compare.Comparison(args, section, os.path.abspath(self.model), program)
        comparison.run()
        self.assertEqual(len(comparison.races), 1)
        return comparison

    def finds(self, plant, race, what):
        differences = self.compare(plant, race).differences
        self.assertTrue([d for d in differences if what in d],
                        f"plant {plant}: {differences[:3]}")

    def test_what_is_the_same_agrees(self):
        same = self.compare(0, "pin-mixed-range")
        self.assertEqual(same.differences, [])
        self.assertEqual(same.orders["same"], sum(same.orders.values()))
        self.assertGreater(same.orders["same"], 10)

    def test_no_drain_shows_in_orders(self):
        self.finds(1, "pin-over-batches", "unrealised")

    def test_not_counted_shows_in_finals(self):
        self.finds(2, "pin-twice", "ends only with the kernel")

    def test_half_hearted_shows_in_orders(self):
        self.finds(3, "pin-mixed-range", "order unrealised")

    def test_leaked_pin_shows_in_finals(self):
        self.finds(4, "pin-mixed-range", "ends only with")

    def test_explained_differences_count_apart(self):
        comparison = self.compare(4, "pin-mixed-range")
        known = comparison.differences
        again = compare.Comparison(comparison.args, comparison.section, None, None)
        again.section.explained = [("pin-mixed-range", "it is planted")]
        for difference in known:
            again.differ(*difference.split(" ", 2))
        self.assertEqual(again.differences, [])
        self.assertEqual(again.explained["it is planted"], len(known))

    def test_an_absent_package_is_named_and_skipped(self):
        done = subprocess.run([sys.executable, compare.__file__, "--build", self.build_dir,
                               "--model", self.model, "--sources", "/nonexistent",
                               "gup", "6.12"], check=False, text=True, stdout=subprocess.PIPE)
        self.assertEqual(done.returncode, 77)
        self.assertEqual(done.stdout,
                         "skipped: package linux-source-6.12 is not installed\n")


if __name__ == "__main__":
    Planted.build_dir, Planted.model = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
