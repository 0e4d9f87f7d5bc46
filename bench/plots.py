#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the benches; draws how the cost of a search grows, and tabulates.

usage: plots.py BENCHES OUT [README]     run the programs in BENCHES
       plots.py --again OUT [README]     from OUT/measured.json

Writes into OUT: measured.json (all that the benches said), steps.svg,
tasks.svg, preemptions.svg and table.md. README gets the short table between
its two marks.
"""

import json
import math
import os
import re
import subprocess
import sys

import tables

LICENSE = "SPDX-License-Identifier: GPL-2.0-or-later"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RACES = os.path.join(ROOT, "tests/races")
RACE = os.path.join(RACES, "late-longterm-pin.race")
BENCHES = {
    "core": ["bench_core"],
    "dpor": ["bench_dpor"],
    "growth": ["bench_growth"],
    "memory": ["bench_memory"],
    "explore": ["bench_explore", RACE],
    "strategies": ["bench_strategies"],
}

WIDTH, HEIGHT = 760, 330
PANEL_WIDTH, PANEL_HEIGHT = 290, 200
LEFTS, TOP = (60, 440), 70

# Told apart by those who see few colours, and by their marks.
LOOKS = (("#0072b2", "circle"), ("#d55e00", "square"), ("#009e73", "diamond"),
         ("#000000", "cross"))
NAMES = {
    "brute": "every schedule",
    "dpor": "partial-order reduction",
    "states": "states",
    "both": "both (the default)",
}
AXES = {
    "steps": ("steps of the longest execution",
              "The toy with one vCPU and a migrator that tries 1, 2, ... times"),
    "tasks": ("tasks", "The toy with one retry, 1 to 4 vCPUs and the migrator"),
    "preemptions": ("preemptions, at most", "The toy, all executions with few preemptions"),
}


def machine(measured):
    m = measured["growth"]["machine"]
    return f"{m['processor']}, {m['cores']} cores, one used; Linux {m['kernel']}, {m['compiler']}"


def bench(benches, program, *args):
    print("plots:", program, *map(os.path.basename, args), file=sys.stderr)
    out = subprocess.run([os.path.join(benches, program), *args], check=True,
                         stdout=subprocess.PIPE)
    return json.loads(out.stdout)


def run(benches):
    measured = {name: bench(benches, *command) for name, command in BENCHES.items()}
    measured["races"] = [
        bench(benches, "bench_explore", "--only", "reduced", os.path.join(RACES, race))
        for race in sorted(os.listdir(RACES)) if race.endswith(".race")]
    measured["again"] = [
        bench(benches, "bench_explore", "--only", "again", os.path.join(RACES, race))
        for race in sorted(os.listdir(RACES)) if race.endswith(".race")]
    return measured


class Panel:
    """One diagram: x linear, y by powers of ten."""

    def __init__(self, left, title, xlabel, curves, unit):
        self.left, self.title, self.xlabel = left, title, xlabel
        self.curves, self.unit = curves, unit
        xs = [x for _, points in curves for x, _ in points]
        ys = [y for _, points in curves for _, y in points]
        self.x0, self.x1 = min(xs), max(max(xs), min(xs) + 1)
        self.low = math.floor(math.log10(min(ys)))
        self.high = max(math.ceil(math.log10(max(ys))), self.low + 1)

    def place(self, x, y):
        right = (x - self.x0) / (self.x1 - self.x0)
        up = (math.log10(y) - self.low) / (self.high - self.low)
        return (self.left + 8 + right * (PANEL_WIDTH - 16),
                TOP + PANEL_HEIGHT - up * PANEL_HEIGHT)

    def label(self, power):
        if self.unit == "seconds":
            for size, name in ((0, "s"), (-3, "ms"), (-6, "us")):
                if power >= size:
                    return f"{10 ** (power - size)} {name}"
        return f"{10 ** power:,}".replace(",", " ") if power < 6 else f"1e{power}"

    def ticks(self):
        step = max(1, math.ceil((self.x1 - self.x0) / 8))
        if step > 5:
            step = math.ceil(step / 10) * 10
        first = math.ceil(self.x0 / step) * step
        return range(first, int(self.x1) + 1, step)

    def frame(self):
        bottom = TOP + PANEL_HEIGHT
        yield text(self.left, TOP - 10, self.title, weight="bold")
        for power in range(self.low, self.high + 1):
            y = self.place(self.x0, 10 ** power)[1]
            yield (f'<line x1="{self.left}" y1="{y:.1f}" x2="{self.left + PANEL_WIDTH}" '
                   f'y2="{y:.1f}"\n  stroke="#ddd"/>')
            yield text(self.left - 5, y + 4, self.label(power), anchor="end")
        for x in self.ticks():
            yield text(self.place(x, 10 ** self.low)[0], bottom + 16, x, anchor="middle")
        yield text(self.left + PANEL_WIDTH / 2, bottom + 34, self.xlabel, anchor="middle")

    def draw(self):
        yield from self.frame()
        for (_, points), (colour, mark) in zip(self.curves, LOOKS):
            places = [self.place(x, y) for x, y in points]
            yield f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="'
            for x, y in places:
                yield f"  {x:.1f},{y:.1f}"
            yield '"/>'
            for x, y in places:
                yield draw_mark(x, y, colour, mark)


def text(x, y, what, anchor="", weight=""):
    anchor = anchor and f' text-anchor="{anchor}"'
    weight = weight and f' font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{anchor}{weight}>\n{what}</text>'


def draw_mark(x, y, colour, mark):
    if mark == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
    if mark == "square":
        return f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="{colour}"/>'
    if mark == "diamond":
        return f'<path d="M{x:.1f},{y - 4:.1f}l4,4l-4,4l-4,-4z" fill="{colour}"/>'
    return f'<path d="M{x - 3:.1f},{y - 3:.1f}l6,6m0,-6l-6,6" stroke="{colour}"/>'


def svg(axis, curves, where):
    """The picture of one axis: executions at the left, seconds at the right."""
    xlabel, title = AXES[axis]
    names = [NAMES.get(c["mode"], c["what"].replace("toy, ", "")) for c in curves]
    panels = [
        Panel(left, what, xlabel,
              [(c["mode"], [(p["x"], p[key]) for p in c["points"]]) for c in curves], key)
        for left, key, what in ((LEFTS[0], "executions", "executions run to an end"),
                                (LEFTS[1], "seconds", "time"))
    ]
    yield f"<!-- {LICENSE} -->"
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    yield f'  width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="11">'
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield text(10, 18, title, weight="bold")
    x = 10
    for name, (colour, mark) in zip(names, LOOKS):
        yield draw_mark(x + 4, 34, colour, mark)
        yield text(x + 13, 38, name)
        x += 30 + 6.5 * len(name)
    for panel in panels:
        yield from panel.draw()
    yield text(10, HEIGHT - 8, where)
    yield "</svg>"


def drawable(curves, axis):
    return [c for c in curves if c["axis"] == axis and c["points"]]


def put_into_readme(path, table):
    """Between the marks."""
    with open(path, encoding="utf-8") as f:
        old = f.read()
    new, n = re.subn(r"(<!-- by bench/plots\.py -->\n).*?(<!-- end -->\n)",
                     lambda m: m.group(1) + table + m.group(2), old, flags=re.S)
    if n != 1:
        sys.exit(f"plots: {path} has no place for the table")
    with open(path, "w", encoding="utf-8") as f:
        f.write(new)


def write(path, lines):
    with open(path, "w", encoding="utf-8") as f:
        f.write("".join(line + "\n" for line in lines))


def main(args):
    if len(args) not in (2, 3) or args[0] == "--help":
        sys.exit(__doc__)
    benches, out = args[:2]
    os.makedirs(out, exist_ok=True)
    data = os.path.join(out, "measured.json")
    if benches == "--again":
        with open(data, encoding="utf-8") as f:
            measured = json.load(f)
    else:
        measured = run(benches)
        with open(data, "w", encoding="utf-8") as f:
            json.dump(measured, f, indent=1)
            f.write("\n")
    for axis in AXES:
        curves = drawable(measured["growth"]["curves"], axis)
        if curves:
            write(os.path.join(out, axis + ".svg"), svg(axis, curves, machine(measured)))
    write(os.path.join(out, "table.md"), tables.everything(measured, machine(measured)))
    if len(args) > 2:
        put_into_readme(args[2], "".join(l + "\n" for l in
                                         tables.short(measured, machine(measured))))


if __name__ == "__main__":
    main(sys.argv[1:])
