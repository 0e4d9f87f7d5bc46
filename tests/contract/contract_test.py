#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plants what cited.py and coverage.py must find, and what they must not."""

import pathlib
import sys
import tempfile
import unittest

import cited
import coverage

LIST = "A.1\tmust\tone thing\nA.2\tmust\tanother\nB.1\tnice\ta third\n"
TEST = """/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this file is about. */
/* {} */
static void page_is_there(void **state)
{{
	/* {} */
}}
"""


class Planted(unittest.TestCase):
    """A tree of files in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def plant(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


class Coverage(Planted):
    def judge(self, listed, before="Nothing.", inside="Nothing."):
        self.plant("tests/contract/statements.txt", listed)
        self.plant("tests/fakes/page_test.c", TEST.format(before, inside))
        return coverage.judge(self.root)

    def test_both_named_is_silent(self):
        found, bad = self.judge(LIST, "A.1: so.", "(A.2)")
        self.assertEqual(bad, [])
        self.assertEqual(found["A.1"].tests, ["tests/fakes/page_test.c: page_is_there"])
        self.assertEqual(found["A.2"].tests, ["tests/fakes/page_test.c: page_is_there"])

    def test_a_range_names_what_lies_between(self):
        self.assertEqual(self.judge(LIST, "A.1-A.2")[1], [])

    def test_a_must_without_a_test_is_told(self):
        bad = self.judge(LIST, "A.1")[1]
        self.assertEqual(len(bad), 1, bad)
        self.assertIn("A.2 (another) must hold", bad[0])

    def test_a_gap_that_is_said_is_silent(self):
        listed = LIST.replace("another\n", "another\n- not modelled\n")
        self.assertEqual(self.judge(listed, "A.1")[1], [])

    def test_a_gap_that_is_none_is_told(self):
        listed = LIST.replace("another\n", "another\n- not modelled\n")
        bad = self.judge(listed, "A.1, A.2")[1]
        self.assertEqual(len(bad), 1, bad)
        self.assertIn("A.2 is said to be missing", bad[0])

    def test_tested_elsewhere_is_silent_while_it_is(self):
        listed = LIST.replace("another\n", "another\n= A.1\n")
        self.assertEqual(self.judge(listed, "A.1")[1], [])
        self.assertEqual(len(self.judge(listed)[1]), 2)

    def test_a_number_that_is_none_is_told(self):
        bad = self.judge(LIST, "A.1 A.2 C.9")[1]
        self.assertEqual(len(bad), 1, bad)
        self.assertIn("C.9 is no statement", bad[0])

    def test_versions_and_code_are_no_numbers(self):
        self.assertEqual(self.judge(LIST, "A.1, A.2, v6.12, x.A.9, C.9f()")[1], [])

    def test_a_race_names_its_statements(self):
        self.plant("tests/races/a.race", "# A.2\nrace a\n")
        self.assertEqual(self.judge(LIST, "A.1")[1], [])

    def test_a_malformed_list_ends_it(self):
        with self.assertRaisesRegex(SystemExit, "statements.txt:1: expected a number"):
            self.judge("A.1 must be\n")


HEAD = """/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page's references.
 *
 * Stands for, in mm/gup.c{}: {}.
 *
 * Simpler than the kernel: no gone_from_mm(), which is in mm/gone.c.
 */
"""


class Cited(Planted):
    TEXTS = {"6.1": {"mm/gup.c": "int try_grab_page(int x)\n"},
             "6.12": {"mm/gup.c": "int try_grab_folio(int x)\n"}}

    def missing(self, version, names):
        self.plant("fakes/mm/page.c", HEAD.format(version, names))
        parts = cited.citations(self.root)["fakes/mm/page.c"]
        return [what for p in parts for what in cited.missing(p, self.TEXTS)]

    def test_what_is_there_is_silent(self):
        self.assertEqual(self.missing("", "try_grab_page and try_grab_folio()"), [])

    def test_another_version_has_it_not(self):
        self.assertEqual(self.missing(", v6.12", "try_grab_page()"),
                         ["no try_grab_page in mm/gup.c"])

    def test_part_of_a_name_is_not_it(self):
        self.assertEqual(self.missing("", "try_grab"), ["no try_grab in mm/gup.c"])

    def test_a_file_that_is_not_there_is_told(self):
        self.assertIn("no file mm/pug.c", self.missing(" and mm/pug.c", "try_grab_page"))

    def test_a_version_that_is_not_installed_says_nothing(self):
        self.plant("mmu/a.c", HEAD.format(", v6.1", "anything_at_all"))
        part = cited.citations(self.root)["mmu/a.c"][0]
        self.assertEqual(list(cited.missing(part, {"6.12": {}})), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
