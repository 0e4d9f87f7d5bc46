#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the model with the kernel's own functions.

usage: compare.py --build DIR --model PROGRAM --cutter PROGRAM --pinsim PROGRAM
                  [--race GLOB] [--design D]
                  [--orders N] [--seconds S] [--executions N] [--search N]
                  [--sources DIR] [--verbose]
                  SECTION KERNEL

For each race that reaches the section, and each of its designs: the set of
final states and the set of violated checks under exhaustive search, where that
ends on both sides; and N orders of milestones a race, half of them recorded on
either side and followed on the other. Where there are fewer, a search of so many
executions finds them all, or more of them.

Exit status: 0 they agree, or each difference is explained; 1 they differ;
2 usage; 77 skipped, a package is missing.
"""

import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys
import textwrap
import time

import build
import kernel as kernels
import sections

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Differences that are told.
SHOWN = 3


class Failed(Exception):
    """A side could not do what it was asked."""


def side(program, verb, race, design, kernel, *options, given=None):
    done = subprocess.run([program, verb, race, design, kernel, *options],
                          input=given, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise Failed(f"{os.path.basename(program)} {verb} {race} {design} {kernel} "
                     f"{' '.join(options)}: status {done.returncode}: "
                     f"{done.stderr.strip()[-400:]}")
    return done.stdout


class Comparison:
    """One section under one kernel."""

    def __init__(self, args, section, model, real, subject=None):
        self.args, self.section = args, section
        self.model, self.real, self.subject = model, real, subject
        self.races, self.cases, self.cut_cases = set(), 0, 0
        self.reached = []
        self.executions = 0
        self.orders = collections.Counter()
        # By race: how many, and whether there are no others.
        self.orders_of, self.all_of = collections.Counter(), {}
        self.differences, self.explained = [], collections.Counter()

    def differ(self, race, design, what):
        where = f"{race} {design} {what}"
        for pattern, reason in self.section.explained:
            if re.search(pattern, where, re.S):
                self.explained[reason] += 1
                return
        self.differences.append(where)

    def sides(self, design):
        """(program, design) of the model and of the kernel's functions."""
        return (self.model, design), (self.real, self.subject or design)

    def ask(self, which, verb, race, *options, given=None):
        program, design = which
        books = ["books=no"] if self.subject else []
        return side(program, verb, race, design, self.args.kernel, *books, *options,
                    given=given)

    def search(self, race, design, checks):
        """What both sides see. Return: a pair; None where the model's search
        is cut already: then so is the other."""
        out = []
        for which in self.sides(design):
            seen = json.loads(self.ask(which, "finals", race, f"checks={checks}",
                                       f"seconds={self.args.seconds}",
                                       f"executions={self.args.executions}"))
            self.executions += seen["executions"]
            out.append(seen)
            # On a busy machine time may end a search in its first execution.
            if seen["out of time"] or (not seen["complete"] and seen["executions"] > 1):
                return None
        return out

    def reaches(self, race, design, text):
        """Does anything that the race does call the section's functions?"""
        if self.subject:
            return re.search(r"\bregister\b", text) is not None
        # Most do in the first execution.
        return any(json.loads(self.ask(self.sides(design)[1], "finals", race, "checks=none",
                                       "seconds=5", f"executions={number}"))["calls"] > 0
                   for number in (1, 50))

    def compare_finals(self, race, design):
        name = os.path.basename(race)
        both = self.search(race, design, "all")
        if both:
            model, real = both
            if set(model["found"]) != set(real["found"]):
                self.differ(name, design, f"violates {sorted(model['found'])} in the model, "
                            f"{sorted(real['found'])} with the kernel's functions")
            # What a violation ends with checks on, goes on without them.
            if model["found"] or real["found"]:
                both = self.search(race, design, "none")
        if not both:
            self.cut_cases += 1
            return
        model, real = both
        for here, there, whose in ((model, real, "the model"), (real, model, "the kernel")):
            for end in set(here["finals"].values()) - set(there["finals"].values()):
                self.differ(name, design, f"ends only with {whose}: {end}")

    def compare_orders(self, race, design, number):
        name = os.path.basename(race)
        half = (number + 1) // 2
        model, real = self.sides(design)
        for there, here, whose, seed in ((model, real, "model's", 1),
                                         (real, model, "kernel's", 2)):
            orders = self.ask(there, "record", race, f"orders={half}", f"seed={seed}",
                              f"executions={self.args.search}")
            self.all_of[name] = self.all_of.get(name, True) and orders.endswith("#all\n")
            for told in self.ask(here, "replay", race, given=orders).splitlines():
                if told.startswith("\t"):
                    continue
                verdict, why = told.split("\t", 1)
                self.orders[verdict] += 1
                self.orders_of[name] += 1
                if verdict != "same":
                    self.differ(name, design, f"the {whose} order {verdict}: {why}")

    def count(self, counted):
        """Let the races run once more where lines are counted."""
        for race, design in sorted(self.reached):
            side(counted, "finals", race, design, self.args.kernel, "checks=none",
                 "executions=300", "seconds=2")

    def run(self):
        names = [n for p in self.section.races for n in sorted(glob.glob(os.path.join(ROOT, p)))]
        for race in names:
            if self.args.race and not glob.fnmatch.fnmatch(os.path.basename(race), self.args.race):
                continue
            with open(race, encoding="utf-8") as f:
                text = f.read()
            known = re.search(r"^kernels (.*)$", text, re.M)
            if known and self.args.kernel not in known[1].split():
                continue
            # Without a VM there is nothing to design.
            has_vm = re.search(r"^vm ", text, re.M)
            designs = [d for d in self.section.designs[:None if has_vm else 1]
                       if self.args.design in (None, d) and self.reaches(race, d, text)]
            for design in designs:
                began = time.monotonic()
                self.races.add(race)
                self.reached.append((race, design))
                self.cases += 1
                self.compare_finals(race, design)
                self.compare_orders(race, design, self.args.orders // len(designs))
                if self.args.verbose:
                    print(f"{os.path.basename(race)} {design}: "
                          f"{time.monotonic() - began:.1f} s", flush=True)


def lines_of(told, ran):
    """Per file: (path, functions, lines, names that ran, names that did not,
    lines with code, lines that ran); the last four None if nobody counted."""
    for path, functions in told:
        # A function may stand in both branches of an #ifdef: the first counts.
        lines = {name: n for name, n in reversed(functions)}
        if ran is None:
            yield path, lines, None, None, None, None
            continue
        did = ran[path]
        yield (path, lines, [n for n in lines if did.get(n, (0, 0))[1]],
               [n for n in lines if not did.get(n, (0, 0))[1]],
               sum(of for of, _ in did.values()), sum(n for _, n in did.values()))


def names(what, functions):
    if functions:
        yield from textwrap.wrap(f"{what}: {', '.join(functions)}", 96,
                                 initial_indent="    ", subsequent_indent="      ")


def row(comparison, told, ran):
    """What ran, and what came of it, as numbers."""
    files = list(lines_of(told, ran))
    orders, races, asked = comparison.orders, comparison.orders_of, comparison.args.orders
    return {
        "section": comparison.section.name,
        "title": comparison.section.title,
        "kernel": comparison.args.kernel,
        "functions": sum(len(lines) for _, lines, *_ in files),
        "lines": sum(sum(lines.values()) for _, lines, *_ in files),
        "functions that ran": None if ran is None else sum(len(f[2]) for f in files),
        "lines that ran": None if ran is None else sum(f[5] for f in files),
        "lines with code": None if ran is None else sum(f[4] for f in files),
        "races": len(comparison.races),
        "cases": comparison.cases,
        "searched": comparison.cases - comparison.cut_cases,
        "schedules": comparison.executions,
        "orders": sum(orders.values()),
        "same": orders["same"],
        "asked": asked,
        "races with asked": sum(n >= asked for n in races.values()),
        "races with all": sum(comparison.all_of[r] for r, n in races.items() if n < asked),
        "explained": sum(comparison.explained.values()),
        "differences": len(comparison.differences),
    }


def statement(comparison, release, told, ran):
    """What ran, and what came of it, as lines."""
    section = comparison.section
    yield f"{section.title}, {release}"
    for path, lines, did, did_not, of, executed in lines_of(told, ran):
        yield f"  {path}: {len(lines)} functions, {sum(lines.values())} lines, unmodified"
        if did is None:
            yield from names("these are", lines)
            continue
        yield f"    ran: {len(did)} functions, {executed} of {of} lines with code"
        yield from names("these ran", did)
        yield from names("these did not", did_not)
    orders, races = comparison.orders, comparison.orders_of
    numbers = row(comparison, told, ran)
    yield (f"  {len(comparison.races)} races reach them, {comparison.cases} cases with their "
           f"designs")
    yield (f"  final states and verdicts: {numbers['searched']} cases "
           f"searched to their end on both sides, {comparison.executions} executions")
    yield (f"  orders: {sum(orders.values())} followed, {orders['same']} to the same end, "
           f"{orders['differs']} to another, {orders['unrealised']} not realised")
    yield (f"  {numbers['asked']} orders or more of {numbers['races with asked']} races; all "
           f"orders there are of {numbers['races with all']} others")
    for race, n in sorted(races.items()):
        if n < numbers['asked'] and not comparison.all_of[race]:
            yield f"    {n} of {race}"
    for reason, times in comparison.explained.items():
        yield f"  explained, {times} times: {reason}"
    yield f"  differences without a reason: {len(comparison.differences)}"
    shown = None if comparison.args.verbose else SHOWN
    for what in comparison.differences[:shown]:
        yield f"    {what}"


def parse_args():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--cutter", help="for sections that are linked")
    parser.add_argument("--pinsim", help="for sections that it makes subjects of")
    parser.add_argument("--race")
    parser.add_argument("--design")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--executions", type=int, default=12000)
    parser.add_argument("--search", type=int, default=20000)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--sources", default=kernels.SOURCES)
    parser.add_argument("section", choices=sections.SECTIONS)
    parser.add_argument("kernel")
    return parser.parse_args()


def main():
    args = parse_args()
    section = sections.SECTIONS[args.section]
    here = os.path.join(args.build, "tests", "real")
    try:
        kernel = kernels.Kernel(args.kernel, here, args.sources)
        kernel.unpack(["Makefile"] + sorted({path for s in sections.SECTIONS.values()
                                             if args.kernel in s.by_version
                                             for f in s.files(args.kernel)
                                             for path in f.paths()}))
    except kernels.Absent as absent:
        print(f"skipped: {absent}")
        return 77
    builder = build.Builder(ROOT, args.build, args.model,
                            os.path.join(here, f"{args.section}-{args.kernel}"),
                            args.cutter and os.path.abspath(args.cutter))
    try:
        model = os.path.abspath(args.model)
        if section.subject:
            subject, told = builder.subject(kernel, section, os.path.abspath(args.pinsim))
            comparison = Comparison(args, section, model, model, subject)
        else:
            program, told = builder.program(kernel, section)
            comparison = Comparison(args, section, model, program)
        comparison.run()
        counted = None if section.subject else builder.counted(kernel, section)
        if counted:
            comparison.count(counted[0])
        ran = counted and {path: builder.read_lines(counts) for path, counts in counted[1].items()}
    except (build.BuildError, Failed) as failure:
        print(failure, file=sys.stderr)
        return 1
    text = "\n".join(statement(comparison, kernel.release(), told, ran)) + "\n"
    print(text, end="")
    report = os.path.join(here, f"report-{args.section}-{args.kernel}")
    with open(report + ".txt", "w", encoding="utf-8") as f:
        f.write(text)
    with open(report + ".json", "w", encoding="utf-8") as f:
        json.dump(row(comparison, told, ran), f, indent=1)
    return 1 if comparison.differences or not comparison.races else 0


if __name__ == "__main__":
    sys.exit(main())
