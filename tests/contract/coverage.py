#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which statement of the contract which test is about.

    coverage.py SOURCE_ROOT [--plain]

A test names the statements that it is about, by number, in a comment before or
inside it ("K.5", "H.26-H.28"); a race does so in its comments. This prints, for
each statement of statements.txt, the tests that name it, and how many have any.

Exit 1, with a line for each: a statement that must hold, that no test names and
of which statements.txt does not say where else it is tested or how far it is
modelled; the latter about a statement that a test names after all; a number in
a test or in statements.txt that there is not.
"""

import argparse
import collections
import pathlib
import re
import sys

NUMBER = r"[A-O]\.[1-9][0-9]?"
NAMED = re.compile(rf"(?<![\w.])({NUMBER})(?:-({NUMBER}))?(?![\w.]*\w*\()(?!\w)")
STATEMENT = re.compile(rf"({NUMBER})\t(must|nice|large)\t(.+)")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FUNCTION = re.compile(r"^(?:static )?(?:\w+ \**)+(\w+)\([^;{]*\)\n\{", re.M)
# What tests the tests, and what is not about the kernel.
LEFT_OUT = ("tests/tidy/", "tests/contract/", "tests/bad/", "tests/subject/",
            "tests/readme/")


class Statement:
    """One line of statements.txt."""

    def __init__(self, number, rank, what):
        self.number, self.rank, self.what = number, rank, what
        self.gap = None
        self.same = []
        self.tests = []


def statements(path):
    """Those of @path, by number. A line that is none ends the run."""
    found, last = collections.OrderedDict(), None
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = STATEMENT.fullmatch(line)
        if match:
            last = Statement(*match.groups())
            if last.number in found:
                sys.exit(f"{path}:{at}: {last.number} for the second time")
            found[last.number] = last
        elif line.startswith("=") and last:
            last.same += line[1:].split()
        elif line.startswith("-") and last:
            last.gap = f"{last.gap or ''} {line[1:].strip()}".strip()
        elif line and not line.startswith("#"):
            sys.exit(f"{path}:{at}: expected a number, must, nice or large, and "
                     "what it is about, with tabs between")
    return found


def numbers(text):
    """The statements that a comment names, ranges spelt out."""
    for first, last in NAMED.findall(text):
        room, low = first.split(".")
        high = int(last.split(".")[1]) if last and last[0] == room else int(low)
        for n in range(int(low), high + 1):
            yield f"{room}.{n}"


def tests_of_c(text):
    """(function, statement) for every comment of a C file. One before or inside
    a function is about that; one in the head is about the file."""
    heads = [(m.start(), m.group(1)) for m in FUNCTION.finditer(text)]
    for comment in COMMENT.finditer(text):
        inside = [name for at, name in heads if at < comment.start()]
        after = [(at, name) for at, name in heads if at >= comment.end()]
        name = inside[-1] if inside else None
        if after and not text[comment.end():after[0][0]].strip():
            name = after[0][1]
        for number in numbers(comment.group()):
            yield name, number


def tests(root):
    """(where, statement) of everything in tests/."""
    for path in sorted((root / "tests").rglob("*")):
        where = str(path.relative_to(root))
        if where.startswith(LEFT_OUT) or not path.is_file():
            continue
        if path.suffix == ".c":
            for name, number in tests_of_c(path.read_text(encoding="utf-8")):
                yield (f"{where}: {name}" if name else where), number
        elif path.suffix == ".race":
            for number in numbers(path.read_text(encoding="utf-8")):
                yield where, number


def state(found, s):
    """Is @s tested, by a test of its own or where another one is?"""
    return bool(s.tests) or any(n in found and found[n].tests for n in s.same)


def wrong(found):
    """What is not as it should be, a line each."""
    for s in found.values():
        for number in s.same:
            if number not in found:
                yield f"{s.number} is said to be tested as {number}, which is no statement"
        if s.tests and s.gap:
            yield f"{s.number} is said to be missing, and {s.tests[0]} is about it"
        if not state(found, s) and not s.gap and s.rank == "must":
            yield f"{s.number} ({s.what}) must hold, and no test names it"


def table(found, plain):
    for s in found.values():
        how = "tested" if state(found, s) else "open"
        print(f"{s.number:5} {s.rank:5} {how:6}  {s.what}")
        if plain:
            continue
        for test in s.tests:
            print(f"{'':20}{test}")
        if s.same:
            print(f"{'':20}as {', '.join(s.same)}")
        if s.gap:
            print(f"{'':20}{s.gap}")


def summary(found):
    for rank in ("must", "nice", "large"):
        of = [s for s in found.values() if s.rank == rank]
        print(f"{rank}: {sum(state(found, s) for s in of)} of {len(of)} statements "
              "have tests")


def judge(root):
    """All statements with their tests, and what is not as it should be."""
    found = statements(root / "tests/contract/statements.txt")
    bad = []
    for where, number in tests(root):
        if number not in found:
            bad.append(f"{where}: {number} is no statement")
        elif where not in found[number].tests:
            found[number].tests.append(where)
    return found, bad + list(wrong(found))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--plain", action="store_true")
    args = parser.parse_args()
    found, bad = judge(args.root)
    table(found, args.plain)
    summary(found)
    for line in bad:
        print(f"coverage: {line}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
