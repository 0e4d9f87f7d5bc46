#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Fits pinsim startup's table of costs to published boot times.

usage: startup_fit.py PUBLISHED.json [MEMORY...]

Prints the table (sim/startup/costs.json). Of each column exactly two numbers are
fitted, a fixed time and a time for each page of 4 KiB, and exactly two rows are
used, the smallest guest's and the largest's: so nothing is left over to choose, and
every row in between is a prediction. Those that were published are compared, and
those of the sizes given as MEMORY (bytes) are told, on standard error.
"""

import json
import sys

PAGE = 4096
COLUMNS = (("register", "before_s", "pages are pinned when they are registered"),
           ("fault", "after_s", "pages are pinned when they are first mapped"))


def line_through(low, high, column):
    """(fixed seconds, seconds for each page) of the line through two rows."""
    pages = (high["memory"] - low["memory"]) / PAGE
    page = (high[column] - low[column]) / pages
    return low[column] - page * low["memory"] / PAGE, page


def fit(published):
    """The table of costs."""
    rows = sorted(published["rows"], key=lambda row: row["memory"])
    low, high = rows[0], rows[-1]
    table = {"format": 1, "columns": {}}
    for name, column, when in COLUMNS:
        fixed, page = line_through(low, high, column)
        table["columns"][name] = {
            "fixed_s": round(fixed, 6),
            "page_ns": round(page * 1e9, 3),
            "source": f"{when}; line through {low[column]:.2f} s at "
                      f"{low['memory'] >> 30} GiB and {high[column]:.2f} s at "
                      f"{high['memory'] >> 30} GiB: {published['source']}",
        }
    return table


def seconds(table, name, memory):
    """What the table predicts."""
    column = table["columns"][name]
    return column["fixed_s"] + column["page_ns"] * 1e-9 * memory / PAGE


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    with open(sys.argv[1], encoding="utf-8") as file:
        published = json.load(file)
    table = fit(published)
    for row in published["rows"]:
        for name, column, _ in COLUMNS:
            told = seconds(table, name, row["memory"])
            print(f"{row['memory'] >> 30} GiB, {name}: {told:.2f} s, published "
                  f"{row[column]:.2f} s", file=sys.stderr)
    for memory in map(int, sys.argv[2:]):
        for name, _, _ in COLUMNS:
            print(f"{memory >> 30} GiB, {name}: "
                  f"{seconds(table, name, memory):.2f} s", file=sys.stderr)
    print(json.dumps(table, indent=2))


if __name__ == "__main__":
    main()
