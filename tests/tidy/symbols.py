#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the world side's archives define, and what they want.

usage: symbols.py [--nm NM] --libc LIBC --allow FILE [--program PROG] ARCHIVE...

A kernel name must never bind to libc's function of that name, nor the other
way round. So no archive defines a name that LIBC exports, and what one leaves
undefined is defined by another or is on the list. With --program, all static
data of the archives lies between the two symbols of world.ld there: what the
engine does not know of it cannot roll back.
"""

import argparse
import fnmatch
import subprocess
import sys

import tree

START, END = "sim_world_data_start", "sim_world_data_end"
# Not state of the simulated machine; see world.ld.
UNCOUNTED = ("__gcov*", "__llvm_gc*", "__sancov*", ".L*", "__unnamed_*")


def nm(tool, *args):
    """Lines of `nm -P`: (name, type, value or None)"""
    out = subprocess.run([tool, "-P", *args], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    for line in out.splitlines():
        fields = line.split()
        # "archive[member]:" introduces a member.
        if len(fields) >= 2 and len(fields[1]) == 1:
            value = int(fields[2], 16) if len(fields) > 2 else None
            yield fields[0], fields[1], value


def patterns(path):
    """The lines of an allow-list."""
    with open(path, encoding="utf-8") as f:
        stripped = (line.strip() for line in f)
        return [s for s in stripped if s and not s.startswith("#")]


def matches(name, shapes):
    return any(fnmatch.fnmatchcase(name, shape) for shape in shapes)


def borders(archives, libc, allowed):
    """Names that cross between the world side and the rest."""
    problems = []
    everywhere = set()
    for _, _, defined in archives.values():
        everywhere |= defined
    for archive, (_, wanted, defined) in archives.items():
        for name in sorted(defined & libc):
            problems.append(f"{archive}: defines {name}, so does libc")
        for name in sorted(wanted - everywhere):
            if not matches(name, allowed):
                problems.append(f"{archive}: wants {name}")
    return problems


def constants(tool, program):
    """Places of const tables that hold pointers: nobody can write there."""
    out = subprocess.run([tool, "-f", "sysv", program], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    for line in out.splitlines():
        fields = [field.strip() for field in line.split("|")]
        if len(fields) == 7 and fields[6].startswith(".data.rel.ro"):
            yield fields[0], int(fields[1], 16)


def outside(tool, program, archives):
    """Static data of the archives that the engine does not see."""
    places = {}
    const = set(constants(tool, program))
    for name, kind, value in nm(tool, program):
        if (name, value) not in const:
            places.setdefault(name, []).append((kind, value))
    if START not in places or END not in places:
        return [f"{program}: no {START}, {END}: not linked with world.ld"]
    start, end = places[START][0][1], places[END][0][1]
    problems = []
    for archive, (data, _, _) in archives.items():
        for name in sorted(data):
            at = [v for k, v in places.get(name, ()) if k in "dDbB"]
            # Another file's static of the same name may lie elsewhere, but
            # then one of them lies here.
            if at and not any(start <= value < end for value in at):
                problems.append(f"{archive}: {name} is outside of the world's "
                                f"data in {program}")
    return problems


def read_archive(tool, archive):
    """(static data, undefined, defined for others)"""
    data, wanted, defined = set(), set(), set()
    for name, kind, _ in nm(tool, archive):
        if kind in "Uvw":
            wanted.add(name)
        elif kind.isupper() or kind == "u":
            defined.add(name)
        if kind in "dDbBC" and not matches(name, UNCOUNTED):
            data.add(name)
    return data, wanted, defined


def main():
    parser = argparse.ArgumentParser(prog="symbols.py")
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--libc", required=True)
    parser.add_argument("--allow", required=True)
    parser.add_argument("--program")
    parser.add_argument("archives", nargs="+")
    args = parser.parse_args()

    libc = {name.split("@")[0]
            for name, kind, _ in nm(args.nm, "-D", "--defined-only", args.libc)
            if kind != "A"}
    if "memcpy" not in libc:
        print(f"{args.libc}: exports no memcpy, is this libc?")
        return 1
    archives = {a: read_archive(args.nm, a) for a in args.archives}
    problems = borders(archives, libc, patterns(args.allow))
    if args.program:
        problems += outside(args.nm, args.program, archives)
    return tree.report("symbols", problems)


if __name__ == "__main__":
    sys.exit(main())
