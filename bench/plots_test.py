#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plots and tables of what tiny benches say: pictures are XML and within their
frames, tables have all that is asked for and count right, the README gets its own.

usage: plots_test.py PLOTS MEASURED_BY_TINY_BENCHES...
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import tables


def search(steps, new, again, back):
    return {"again": {"steps_per_execution": steps, "all_steps_to_new": new,
                      "rerun_seconds": again, "rollback_seconds": back,
                      "rerun_to_rollback": again / back, "if_back_were_free": 9.0},
            "design": "demand-ref"}


def going_back_is_counted():
    """Which searches pay, which could, and of which races all together do."""
    measured = {"dpor": {"long": []}, "again": [
        {"race": "a", "designs": [search(200, 9, 8, 1), search(100, 4, 2, 2)]},
        {"race": "b", "designs": [search(150, 2.9, 4, 2), search(99, 9, 9, 1),
                                  {"design": "eager"}]},
    ]}
    rows = {what: (needed, value) for what, needed, value in tables.together(measured)}
    start = "running again to rolling back, 3 searches of races, 100 steps and more: "
    assert rows[start + "together"] == ("3 or more", "2.80"), rows
    assert rows[start + "the median"] == ("3 or more", "2.00"), rows
    assert rows[start + "below 3, from 1.00 on"] == ("none", "2"), rows
    assert rows["of these searches 2 have 3 times as many steps as new ones, or more: "
                "3 or more"] == ("2", "1"), rows
    assert rows["the same, all searches of a race together, 2 races: 3 or more"] == \
        ("2", "1"), rows
    text = list(tables.back(measured))
    assert text[-2:] == ["| b | 1 | 4 s | 2 s | 2.00 |", "| a | 2 | 10 s | 3 s | 3.33 |"], text


def main():
    going_back_is_counted()
    plots, *programs = sys.argv[1:]
    measured = {}
    for program in programs:
        program, *args = program.split(",")
        name = pathlib.Path(program).name.removeprefix("bench_")
        out = subprocess.run([program, *args, "--tiny"], stdout=subprocess.PIPE, check=True)
        measured[name] = json.loads(out.stdout)
    measured["races"] = [measured["explore"]]
    measured["again"] = [measured["explore"]]
    with tempfile.TemporaryDirectory() as tmp:
        out = pathlib.Path(tmp)
        readme = out / "README.md"
        readme.write_text("a\n<!-- by bench/plots.py -->\nold\n<!-- end -->\nb\n")
        (out / "measured.json").write_text(json.dumps(measured))
        subprocess.run([sys.executable, plots, "--again", out, readme], check=True)
        for axis in ("steps", "tasks", "preemptions"):
            text = (out / (axis + ".svg")).read_text()
            xml.fromstring(text)
            assert measured["growth"]["machine"]["processor"] in text
            for x, y in re.findall(r"^  (-?[\d.]+),(-?[\d.]+)$", text, re.M):
                assert 0 < float(x) < 760 and 0 < float(y) < 330, (x, y)
        table = (out / "table.md").read_text()
        # Tiny searches of one race: no more is sure than that they are counted.
        assert re.search(r"^\| the toy, 1 vCPU, both \| \d+ \|", table, re.M), table
        assert "a branch point" in table and "partial-order reduction" in table
        text = readme.read_text()
        assert text.startswith("a\n") and text.endswith("b\n")
        assert "old" not in text and "2 704 156" in text
        readme.write_text("no place\n")
        run = subprocess.run([sys.executable, plots, "--again", out, readme],
                             stderr=subprocess.PIPE, check=False)
        assert run.returncode != 0 and b"no place" in run.stderr
    return 0


if __name__ == "__main__":
    sys.exit(main())
