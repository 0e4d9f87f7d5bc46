#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way to search a race exhaustively comes to the same answers.

    agree.py PINSIM SOURCE_ROOT [--quick] [--time S] [--race NAME]...

For every race that is shipped, in every kernel that it speaks of, for every
design that it has an expectation for and every set of checks, these are
compared: the verdict, the set of canonical final states, and whether the race's
condition was true or false at some end.

  both             the default: partial-order reduction and states that were met
  both again       the same by running again, not by roll-back
  dpor, dpor again partial-order reduction alone
  states           states alone
  none             brute force: every schedule
  jobs 2           both, in two processes
  shards N         both, in N parts, merged in several orders and some twice

A search that is not through after --time seconds (60 if not given) has no
answer; what it found so far must still be among the others'. --quick takes only
the races that are through at once, two seconds for each search, and three
shards, merged in one order: it is for 'meson test'. Exit 1: something disagrees;
3: pinsim itself failed.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import time

QUICK_RACES = ("foreign-reference", "late-longterm-in-map",
               "two-vcpus-one-gfn")
WAYS = {
    "both": [],
    "both again": ["--rerun"],
    "dpor": ["--reduction", "dpor"],
    "dpor again": ["--reduction", "dpor", "--rerun"],
    "states": ["--reduction", "states"],
    "none": ["--reduction", "none"],
}
SHARDS = (1, 2, 3, 7)
# Of pinsim: expectations met, not met, a budget ended.
GOOD = (0, 1, 5)


class Failed(Exception):
    """pinsim did not do what it was told to."""


class Answer:
    """What one search of one case came to."""

    def __init__(self, verdict):
        search = verdict["search"]
        # What was not searched to its end; cut by --unroll counts as an end.
        self.through = search["how"] in ("exhaustive", "bounded")
        self.checks = frozenset(
            verdict["verdict"].removeprefix("violates ").split(",")
            if verdict["verdict"].startswith("violates ") else ())
        self.finals = search["finals"], search["digest"]
        self.condition = search["positive"] > 0, search["negative"] > 0
        self.executions = search["executions"]

    def disagrees(self, other):
        """In words, or None."""
        if not other.through:
            more = other.checks - self.checks
            if more:
                return f"finds {', '.join(sorted(more))}"
            if other.finals[0] > self.finals[0]:
                return f"{other.finals[0]} final states"
            if any(o and not s
                   for s, o in zip(self.condition, other.condition)):
                return "the condition is met otherwise"
            return None
        if other.checks != self.checks:
            return (f"violates {', '.join(sorted(other.checks)) or 'nothing'}"
                    f", not {', '.join(sorted(self.checks)) or 'nothing'}")
        if other.finals != self.finals:
            return (f"{other.finals[0]} final states {other.finals[1]}, not "
                    f"{self.finals[0]} {self.finals[1]}")
        if other.condition != self.condition:
            return (f"condition (true, false) {other.condition}, not "
                    f"{self.condition}")
        return None


def compare(answers):
    """The disagreements among {way: {case: Answer}}, as lines of text."""
    lines = []
    cases = {case for way in answers.values() for case in way}
    for case in sorted(cases):
        having = {w: a[case] for w, a in answers.items() if case in a}
        missing = [w for w in answers if w not in having]
        lines += [f"{' '.join(case)}: {w} has no such case" for w in missing]
        through = [w for w, a in having.items() if a.through]
        if not through:
            continue
        first = having[through[0]]
        for way, answer in having.items():
            what = first.disagrees(answer)
            if what:
                lines.append(f"{' '.join(case)}: {way} {what} "
                             f"({through[0]} has)")
    return lines


class Race:
    """One race in one kernel."""

    def __init__(self, args, path, kernel):
        self.args, self.path, self.kernel = args, path, kernel

    def pinsim(self, *args):
        done = subprocess.run([self.args.pinsim, *args],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              check=False)
        if done.returncode not in GOOD:
            raise Failed(f"pinsim {' '.join(map(str, args))}: status "
                         f"{done.returncode}: "
                         f"{done.stderr.decode('utf-8', 'replace').strip()}")
        return done.stdout

    def answers(self, *args):
        """By case."""
        doc = json.loads(self.pinsim(*args, "--json", "-"))
        # A case has a line for each expectation; the search is one.
        return {(v["design"], v["kernel"], v["checks"]): Answer(v)
                for v in doc["verdicts"]}

    def explore(self, *args):
        return ["explore", str(self.path), "--kernel", self.kernel,
                "--strategy", "exhaustive", *args]

    def orders(self, files):
        """Some orders of the parts; one of them with a part twice."""
        if self.args.quick:
            return [list(reversed(files))]
        if len(files) <= 3:
            every = [list(o) for o in itertools.permutations(files)]
        else:
            every = [files, files[::-1], files[3:] + files[:3],
                     files[1::2] + files[::2]]
        return every + [files + files[:1]]

    def shards(self, of, folder):
        """Whether all parts were searched to their end, and the answers."""
        files = [str(folder / f"{i}-of-{of}") for i in range(1, of + 1)]
        for i, path in enumerate(files, 1):
            self.pinsim(*self.explore("--shard", f"{i}/{of}", "--output", path,
                                      "--time", str(self.args.time)))
        return {f"shards {of}" + (f", order {n}" if n else ""):
                self.answers("merge", *order)
                for n, order in enumerate(self.orders(files))}

    def ways(self):
        """Yields {way: {case: Answer}}, one after the other."""
        limit = ["--time", str(self.args.time)]
        for way, args in WAYS.items():
            yield {way: self.answers(*self.explore(*args, *limit))}
        yield {"jobs 2": self.answers(*self.explore("--jobs", "2", *limit))}
        for of in (3,) if self.args.quick else SHARDS:
            with tempfile.TemporaryDirectory() as folder:
                yield self.shards(of, pathlib.Path(folder))


def kernels(path):
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("kernels "):
            return line.split()[1:]
    return ["6.12"]


def table(name, kernel, answers):
    """A line for each case: who is through, and with how many executions."""
    for case in sorted(answers["both"]):
        cells = []
        for way in [*WAYS, "jobs 2"]:
            answer = answers[way].get(case)
            if answer:
                cells.append(f"{answer.executions}"
                             f"{'' if answer.through else '+'}")
        left_out = "" if case[2] == "all" else f" {case[2]}"
        finals = answers["both"][case].finals[0]
        yield (f"{name} {kernel} {case[0]}{left_out}", finals, cells)


def print_table(rows):
    print(f"\n{'case':64} {'finals':>6} " +
          " ".join(f"{w:>10}" for w in [*WAYS, "jobs 2"]))
    for case, finals, cells in rows:
        print(f"{case:64} {finals:6} " + " ".join(f"{c:>10}" for c in cells))
    print("(executions that ran to an end; +: not through)")


def judge(args, path, kernel, rows):
    """Searches one race in all ways. Returns: what disagrees."""
    answers = {}
    began = time.monotonic()
    for some in Race(args, path, kernel).ways():
        answers.update(some)
        for way, cases in some.items():
            through = sum(a.through for a in cases.values())
            print(f"{time.monotonic() - began:7.1f} s  {path.stem} {kernel}: "
                  f"{way}: {through} of {len(cases)} through", flush=True)
    rows += table(path.stem, kernel, answers)
    return [f"{path.stem}: {line}" for line in compare(answers)]


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("pinsim")
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--time", type=float)
    parser.add_argument("--race", action="append")
    args = parser.parse_args()
    if args.time is None:
        args.time = 2 if args.quick else 60
    return args


def main():
    args = parse()
    rows, bad = [], []
    for path in sorted((args.root / "tests/races").glob("*.race")):
        if args.race and path.stem not in args.race:
            continue
        if args.quick and not args.race and path.stem not in QUICK_RACES:
            continue
        for kernel in kernels(path):
            bad += judge(args, path, kernel, rows)
    if not rows:
        sys.exit("agree: no such race")
    print_table(rows)
    for line in bad:
        print(f"disagree: {line}")
    print(f"{len(rows)} cases, {len(bad)} disagreements")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(failure, file=sys.stderr)
        sys.exit(3)
