#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does a test notice when a statement of the contract is broken?

    broken.py FOLDER [--seed N] [--draw N | NUMBER ...]
    broken.py --check [--seed N] [--draw N]

NUMBER.patch breaks the statement of that number in fakes/, mmu/ or pin/, and
NUMBER-WORD.patch breaks one more part of it; the first line names the tests
that must fail then:

    notices: fakes-gup fakes-migrate

The tree is copied to FOLDER/src and built in FOLDER/build, both kept, so that
the next run builds less. First the tests named must pass on the copy as it is;
then each patch is applied alone, the programs of its tests are built and run,
and the patch is taken back.

--draw takes that many of the statements of A to J that must hold, by --seed (0),
prints them, and wants a patch for each; but none where statements.txt says what
keeps it from being tested. Without it and without NUMBER all patches are tried.
--check builds nothing and only looks whether every patch applies and is about a
statement, and every statement drawn has one.

Exit 1, with a line for each: a patch that does not apply or build, a break that
none of its tests notices, a statement drawn that nothing breaks.
"""

import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests/contract"))
import coverage  # noqa: E402

NOTICES = re.compile(r"notices:((?: [a-z]+-\w+)+)")
TOUCHED = re.compile(r"^\+\+\+ b/(\S+)", re.M)
MAY_TOUCH = ("fakes/", "mmu/", "pin/")
DRAWN_FROM = "ABCDEFGHIJ"


class Broken(Exception):
    """A patch that is of no use, and why."""


def number(path):
    """Of the statement that @path breaks, or a part of it."""
    return path.stem.partition("-")[0]


class Break:
    """One patch: what it breaks, where, and who must notice."""

    def __init__(self, path):
        text = path.read_text(encoding="utf-8")
        match = NOTICES.fullmatch(text.split("\n", maxsplit=1)[0])
        self.path = path
        self.number = number(path)
        self.files = TOUCHED.findall(text)
        if not match:
            raise Broken(f"{path.name}: the first line is not \"notices: TEST ...\"")
        if not self.files or not all(f.startswith(MAY_TOUCH) for f in self.files):
            raise Broken(f"{path.name}: only {', '.join(MAY_TOUCH)} may be broken")
        self.tests = match.group(1).split()

    def apply(self, tree, dry=False):
        """Return: whether it does, as it stands: no fuzz, no other place."""
        args = ["patch", "-p1", "-s", "-f", "-F0", "--no-backup-if-mismatch", "-r", "-",
                "-d", str(tree), "-i", str(self.path)]
        done = subprocess.run(args + (["--dry-run"] if dry else []), check=False,
                              capture_output=True, text=True)
        return done.returncode == 0


def breaks():
    """Those that can be read, and a line for each that cannot."""
    good, bad = [], []
    for path in sorted(HERE.glob("*.patch"), key=lambda p: (number_key(number(p)), p.stem)):
        try:
            good.append(Break(path))
        except Broken as e:
            bad.append(str(e))
    return good, bad


def number_key(number):
    room, _, n = number.partition(".")
    return room, int(n) if n.isdigit() else 0


def draw(listed, count, seed):
    """@count of those of @listed that must hold, whether a patch breaks them or not."""
    pool = [s for s in listed.values() if s.rank == "must" and s.number[0] in DRAWN_FROM]
    drawn = random.Random(seed).sample(pool, min(count, len(pool)))
    return sorted(drawn, key=lambda s: number_key(s.number))


def unbroken(drawn, found):
    """A line for each statement of @drawn without a patch that should have one."""
    patched = {b.number for b in found}
    print("drawn: " + " ".join(s.number for s in drawn))
    for s in drawn:
        if s.number in patched:
            continue
        if s.gap:
            print(f"{s.number:5} {s.what}: {s.gap}")
        else:
            yield f"{s.number}: drawn, and no patch breaks it"


def check(found, listed):
    """Without a build. Return: what is wrong, a line each."""
    for b in found:
        if b.number not in listed:
            yield f"{b.number}: no statement of this number"
        if not b.apply(ROOT, dry=True):
            yield f"{b.number}: the patch does not apply"


def copy_tree(to):
    """Bring @to up to date; what has not changed keeps its time."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], check=True,
                            capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, to / name
        if not source.is_file():
            continue
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def quiet(args):
    """Return: whether @args worked, and what it said."""
    done = subprocess.run(args, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return done.returncode == 0, done.stdout


class Place:
    """The copy, and what is built of it."""

    def __init__(self, folder):
        self.src, self.build = folder / "src", folder / "build"
        copy_tree(self.src)
        if not (self.build / "build.ninja").exists():
            worked, said = quiet(["meson", "setup", str(self.build), str(self.src)])
            if not worked:
                sys.exit(f"{said}\nmeson setup failed")

    def make(self, tests):
        programs = ["tests/test_" + t.replace("-", "_", 1) for t in tests]
        worked, said = quiet(["ninja", "-C", str(self.build), *programs])
        if not worked:
            raise Broken("it does not build\n" + said)

    def passes(self, test):
        return quiet(["meson", "test", "-C", str(self.build), "--no-rebuild", test])[0]

    def put_back(self, b):
        for name in b.files:
            shutil.copyfile(ROOT / name, self.src / name)

    def notices(self, b):
        """Break, build, run, mend. Return: the tests that failed."""
        if not b.apply(self.src):
            raise Broken("the patch does not apply")
        try:
            self.make(b.tests)
            return [t for t in b.tests if not self.passes(t)]
        finally:
            self.put_back(b)


def try_all(place, chosen):
    """Return: what is wrong, a line each."""
    needed = sorted({t for b in chosen for t in b.tests})
    place.make(needed)
    for test in needed:
        if not place.passes(test):
            yield f"{test}: fails on what is not broken"
            return
    for b in chosen:
        try:
            failed = place.notices(b)
        except Broken as e:
            yield f"{b.number}: {e}"
            continue
        print(f"{b.path.stem:5} {'noticed by ' + ', '.join(failed) if failed else 'NOT NOTICED'}",
              flush=True)
        if not failed:
            yield f"{b.path.stem}: not noticed by {', '.join(b.tests)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--draw", type=int)
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("number", nargs="*")
    args = parser.parse_args()
    if not args.check and not args.folder:
        parser.error("FOLDER or --check is needed")

    listed = coverage.statements(ROOT / "tests/contract/statements.txt")
    found, bad = breaks()
    bad += check(found, listed)
    wanted = args.number
    if args.draw is not None:
        drawn = draw(listed, args.draw, args.seed)
        wanted = [s.number for s in drawn]
        bad += unbroken(drawn, found)
    if not args.check:
        chosen = [b for b in found if not wanted or b.number in wanted]
        bad += try_all(Place(args.folder.resolve()), chosen)
    for line in bad:
        print(f"broken: {line}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
