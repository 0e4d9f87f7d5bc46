#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A comparison that cannot fail is none: cores of our own, each with one fault
in it, in the place where the kernel's will stand; these need no package. And the
kernel's functions over glue with a fault in it, section by section.

usage: planted_test.py BUILD MODEL CUTTER
"""

import argparse
import dataclasses
import os
import subprocess
import sys
import unittest

import build
import compare
import kernel as kernels
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


class PlantedInGlue(unittest.TestCase):
    """Each with one race, and what has to be said of it."""

    build_dir, model, cutter = None, None, None

    def finds(self, name, version, plant, race, design, what):
        here = os.path.join(self.build_dir, "tests", "real")
        section = sections.SECTIONS[name]
        try:
            kernel = kernels.Kernel(version, here)
            kernel.unpack(sorted({p for f in section.files(version)
                                  for p in f.paths()}))
        except kernels.Absent as absent:
            self.skipTest(str(absent))
        planted = dataclasses.replace(section, name=f"{name}_planted_{plant}", designs=[design],
                                      races=[f"tests/{race}.race"])
        planted.args = lambda kernel: [*section.args(kernel), f"-DPLANT={plant}"]
        builder = build.Builder(ROOT, self.build_dir, self.model,
                                os.path.join(here, planted.name), os.path.abspath(self.cutter))
        program, _ = builder.program(kernel, planted)
        args = argparse.Namespace(kernel=version, seconds=10, executions=3000, orders=20,
                                  search=500, race=None, design=None, verbose=False)
        comparison = compare.Comparison(args, planted, os.path.abspath(self.model), program)
        comparison.run()
        self.assertEqual(len(comparison.races), 1)
        self.assertTrue([d for d in comparison.differences if what in d],
                        f"plant {plant}: {comparison.differences[:3]}")

    def test_migrate_without_a_check_shows_in_finals(self):
        self.finds("migrate", "6.12", 1, "real/races/pin-mixed-range", "demand-late",
                   "ends only with")

    def test_migrate_with_a_reference_more_shows_in_orders(self):
        self.finds("migrate", "6.1", 2, "real/races/pin-twice", "demand-late",
                   "order unrealised")

    def test_migrate_with_a_leak_shows_in_finals(self):
        self.finds("migrate", "6.12", 3, "real/races/pin-twice", "demand-late",
                   "ends only with")

    def test_memslot_in_an_array_for_ever_shows_in_verdicts(self):
        self.finds("memslot", "6.1", 1, "races/memslot-delete-under-fault", "demand-ref",
                   "kernel-bug")

    def test_memslot_without_a_grace_period_shows_in_verdicts(self):
        self.finds("memslot", "6.12", 2, "races/memslot-delete-under-fault", "demand-ref",
                   "use-after-free")

    def test_pfn_that_is_always_written_shows_in_orders(self):
        self.finds("pfn", "6.1", 1, "real/races/hva-hole", "demand-late", "order unrealised")

    def test_pfn_that_is_not_released_shows_in_finals(self):
        self.finds("pfn", "6.12", 2, "real/races/hva-fails", "demand-late", "ends only with")


if __name__ == "__main__":
    Planted.build_dir, Planted.model = sys.argv[1:3]
    PlantedInGlue.build_dir, PlantedInGlue.model, PlantedInGlue.cutter = sys.argv[1:4]
    unittest.main(argv=sys.argv[:1])
