#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of costs is what the fit makes of the published rows; the fit goes through
the rows it may use, and finds a line again that it is given.

usage: fit_test.py SOURCE_ROOT
"""

import importlib.util
import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(sys.argv[1]).resolve()


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FIT = load(ROOT / "bench/startup_fit.py")


def read(path):
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


class Fit(unittest.TestCase):

    def test_the_table_is_the_fit(self):
        self.assertEqual(read("sim/startup/costs.json"),
                         FIT.fit(read("bench/startup_published.json")))

    def test_it_goes_through_its_rows(self):
        published = read("bench/startup_published.json")
        table = FIT.fit(published)
        for row in (published["rows"][0], published["rows"][-1]):
            for name, column, _ in FIT.COLUMNS:
                self.assertAlmostEqual(
                    FIT.seconds(table, name, row["memory"]), row[column], 3)

    def test_two_numbers_a_column_and_where_they_are_from(self):
        table = FIT.fit(read("bench/startup_published.json"))
        for column in table["columns"].values():
            self.assertEqual(set(column), {"fixed_s", "page_ns", "source"})
            self.assertIn("cover letter", column["source"])

    def test_a_row_between_is_not_used(self):
        def row(gib, per_gib):
            return {"memory": gib << 30, "before_s": 5 + per_gib * gib,
                    "after_s": 5 + 0.01 * gib}

        rows = [row(4, 0.1), row(192, 0.1)]
        between = rows[:1] + [row(64, 7)] + rows[1:]
        self.assertEqual(FIT.fit({"source": "s", "rows": rows}),
                         FIT.fit({"source": "s", "rows": between}))
        table = FIT.fit({"source": "s", "rows": rows})
        self.assertAlmostEqual(FIT.seconds(table, "register", 100 << 30), 15, 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
