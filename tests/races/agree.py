#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every way to search a race exhaustively comes to the same answers.

    agree.py PINSIM SOURCE_ROOT [--quick] [--time S] [--jobs N]
                                [--race NAME]... [--kernel P]...

For every race that is shipped, in every kernel that it speaks of, for every
design that it has an expectation for and every set of checks, these are
compared: the verdict, the set of canonical final states, and whether the race's
condition was true or false at some end.

  both             the default: partial-order reduction and states that were met
  both again       the same by running again, not by roll-back
  dpor, dpor again partial-order reduction alone
  states           states alone
  jobs 2           both, in two processes
  shards N         both, in N parts, merged in several orders and some twice
  none             brute force: every schedule

A search that is not through after --time seconds (60 if not given) has no
answer; what it found so far must still be among the others'. What runs every
execution of another way and more is left out where that was not through: "none"
and "dpor again" behind "dpor", "shards" behind "both". Brute force comes last,
fewest executions of "dpor" first, so that who stops it has seen most of what
ends. --jobs cases are searched at a time (1).

--quick takes only the races that are through at once, two seconds for each
search, and three shards, merged in one order: it is for 'meson test'. Exit 1:
something disagrees; 3: pinsim itself failed.
"""

import argparse
import concurrent.futures
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
    "jobs 2": ["--jobs", "2"],
}
BRUTE = "none"
# Runs all that another does, so it cannot be through where that is not.
NO_LESS_THAN = {"dpor again": "dpor", BRUTE: "dpor", "both again": "both"}
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


class Case:
    """One race in one kernel, for one design and set of checks."""

    def __init__(self, args, path, kernel, design, checks):
        self.args, self.path = args, path
        self.name = (path.stem, kernel, design, checks)
        self.about = ["--kernel", kernel, "--design", design, "--check",
                      f"all,{checks}" if checks.startswith("-") else checks]
        self.answers = {}

    def answer(self, *args):
        """Of one search, or None: it speaks of no such case."""
        verdicts = json.loads(pinsim(self.args, *args, "--json",
                                     "-"))["verdicts"]
        return Answer(verdicts[0]) if verdicts else None

    def explore(self, *args):
        return ["explore", str(self.path), *self.about, "--strategy",
                "exhaustive", "--time", str(self.args.time), *args]

    def through(self, way):
        answer = self.answers.get(way)
        return answer is not None and answer.through

    def search(self, way, args):
        if way in NO_LESS_THAN and not self.through(NO_LESS_THAN[way]):
            return
        self.answers[way] = self.answer(*self.explore(*args))

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
        files = [str(folder / f"{i}-of-{of}") for i in range(1, of + 1)]
        for i, path in enumerate(files, 1):
            pinsim(self.args, *self.explore("--shard", f"{i}/{of}",
                                            "--output", path))
        for n, order in enumerate(self.orders(files)):
            way = f"shards {of}" + (f", order {n}" if n else "")
            self.answers[way] = self.answer("merge", *order)

    def all_but_brute(self):
        for way, args in WAYS.items():
            self.search(way, args)
        for of in (3,) if self.args.quick else SHARDS:
            if self.through("both"):
                with tempfile.TemporaryDirectory() as folder:
                    self.shards(of, pathlib.Path(folder))

    def brute(self):
        self.search(BRUTE, ["--reduction", "none"])

    def promise(self):
        """How long brute force may take: for an order only."""
        answer = self.answers.get("dpor")
        return answer.executions if answer else 0

    def disagreements(self):
        missing = [w for w, a in self.answers.items() if a is None]
        having = {w: a for w, a in self.answers.items() if a}
        lines = [f"{w} has no such case" for w in missing]
        through = [w for w, a in having.items() if a.through]
        if through:
            first = having[through[0]]
            for way, answer in having.items():
                what = first.disagrees(answer)
                if what:
                    lines.append(f"{way} {what} ({through[0]} has)")
        return [f"{' '.join(self.name)}: {line}" for line in lines]


def pinsim(args, *words):
    done = subprocess.run([args.pinsim, *words], stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)
    if done.returncode not in GOOD:
        raise Failed(f"pinsim {' '.join(map(str, words))}: status "
                     f"{done.returncode}: "
                     f"{done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout


def kernels(path):
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("kernels "):
            return line.split()[1:]
    return ["6.12"]


def cases(args):
    """As the races' expectations name them."""
    for path in sorted((args.root / "tests/races").glob("*.race")):
        if args.race and path.stem not in args.race:
            continue
        if args.quick and not args.race and path.stem not in QUICK_RACES:
            continue
        for kernel in kernels(path):
            if args.kernel and kernel not in args.kernel:
                continue
            doc = json.loads(pinsim(args, "explore", str(path), "--kernel",
                                    kernel, "--executions", "1", "--json",
                                    "-"))
            for design, checks in dict.fromkeys(
                    (v["design"], v["checks"]) for v in doc["verdicts"]):
                yield Case(args, path, kernel, design, checks)


def in_turn(args, some, what, done):
    """Do it to each case, --jobs at a time; says how each ended."""
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for n, case in enumerate(pool.map(lambda c: what(c) or c, some), 1):
            print(f"{time.monotonic() - began:7.1f} s  {n} of {len(some)}  "
                  f"{' '.join(case.name)}: {done(case)}"
                  f"{', DISAGREES' if case.disagreements() else ''}",
                  flush=True)


def ways_through(case):
    return (f"{sum(map(case.through, case.answers))} of "
            f"{len(case.answers)} ways through")


def brute_through(case):
    if BRUTE not in case.answers:
        return "no brute force: reduced, it was not through"
    return ("brute force through" if case.through(BRUTE) else
            "brute force not through")


def print_table(some):
    columns = [*WAYS, BRUTE]
    print(f"\n{'case':64} {'finals':>6} " +
          " ".join(f"{w:>10}" for w in columns))
    for case in some:
        cells = []
        for way in columns:
            answer = case.answers.get(way)
            cells.append("-" if not answer else f"{answer.executions}"
                         f"{'' if answer.through else '+'}")
        both = case.answers.get("both")
        name = " ".join(case.name).removesuffix(" all")
        print(f"{name:64} {both.finals[0] if both else 0:6} " +
              " ".join(f"{c:>10}" for c in cells))
    print("(executions that ran to an end; +: not through; -: left out)")


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("pinsim")
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--time", type=float)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--race", action="append")
    parser.add_argument("--kernel", action="append")
    args = parser.parse_args()
    if args.time is None:
        args.time = 2 if args.quick else 60
    return args


def main():
    args = parse()
    some = list(cases(args))
    if not some:
        sys.exit("agree: no such race")
    in_turn(args, some, Case.all_but_brute, ways_through)
    in_turn(args, sorted(some, key=Case.promise), Case.brute, brute_through)
    print_table(some)
    bad = [line for case in some for line in case.disagreements()]
    for line in bad:
        print(f"disagree: {line}")
    print(f"{len(some)} cases, {len(bad)} disagreements")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(failure, file=sys.stderr)
        sys.exit(3)
