#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Section by section: what of the kernel ran in the model's place, and how they agree.

usage: table.py BUILD

Prints what the tests of the suite real-kernel left in BUILD/tests/real.
Exit status: 0; 2 usage; 77 there is none.
"""

import glob
import json
import os
import sys

# Heads of two lines, and what stands below them.
COLUMNS = (
    ("kernel's", "functions", lambda r: r["functions"]),
    ("", "lines", lambda r: r["lines"]),
    ("ran:", "functions", lambda r: r["functions that ran"]),
    ("", "lines", lambda r: r["lines that ran"]),
    ("", "races", lambda r: r["races"]),
    ("", "cases", lambda r: r["cases"]),
    ("searched", "whole", lambda r: r["searched"]),
    ("", "schedules", lambda r: r["schedules"]),
    ("", "orders", lambda r: r["orders"]),
    ("", "agree", lambda r: r["same"]),
    ("", "explained", lambda r: r["explained"]),
    ("", "differ", lambda r: r["differences"]),
)
NOTES = """\
lines: of functions as they stand in the file; that ran: lines with code, counted with gcc.
cases: a race with one of its designs. searched whole: every schedule, on both sides,
final states and verdicts compared. orders: of milestones, recorded on either side and
followed on the other; agree: to the same end. explained: differences with a known
reason; differ: without one."""


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    rows = []
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "tests", "real", "report-*.json"))):
        with open(path, encoding="utf-8") as f:
            rows.append(json.load(f))
    if not rows:
        print(f"no report; run: meson test -C {sys.argv[1]} --suite real-kernel",
              file=sys.stderr)
        return 77
    rows.sort(key=lambda r: (r["section"], [int(n) for n in r["kernel"].split(".")]))
    cells = [["", ""] + [top for top, _, _ in COLUMNS],
             ["section", "kernel"] + [head for _, head, _ in COLUMNS]]
    for r in rows:
        values = [value(r) for _, _, value in COLUMNS]
        cells.append([r["section"], r["kernel"]] +
                     ["-" if v is None else str(v) for v in values])
    wide = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    for line in cells:
        print("  ".join(cell.ljust(w) if i < 2 else cell.rjust(w)
                        for i, (cell, w) in enumerate(zip(line, wide))).rstrip())
    print()
    print(NOTES)
    for r in rows:
        print(f"{r['section']} {r['kernel']}: {r['title']}; {r['asked']} orders or more "
              f"of {r['races with asked']} races, all there are of {r['races with all']} others")
    return 0


if __name__ == "__main__":
    sys.exit(main())
