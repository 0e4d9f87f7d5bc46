#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plots and tables of what tiny benches say: pictures are XML and within their
frames, tables have all that is asked for, the README gets its own.

usage: plots_test.py PLOTS MEASURED_BY_TINY_BENCHES...
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml


def main():
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
