#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What it takes to exhaust every race that is shipped.

    races.py PINSIM SOURCE_ROOT [--limit S] [--kill S]
                                [--race NAME]... [--kernel P]... [--design D]...

Every race, in every kernel that it speaks of, for every design that it has an
expectation for and every set of checks: a process each, one after the other,
killed after --kill seconds of processor time (40). Printed are processor
seconds, states, complete executions and how the search ended, slowest last; what
takes more than --limit seconds (10) is marked. Exit 1: something does.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile


def explore(args, race, *words):
    """Return: what 'pinsim explore' tells as JSON, and processor seconds."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        child = subprocess.Popen(
            [args.pinsim, "explore", str(race), *words, "--json", out.name],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU,
                                                  (args.kill, args.kill + 1)))
        err = child.stderr.read().decode("utf-8", "replace").strip()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode == -signal.SIGXCPU:
            return None, usage.ru_utime + usage.ru_stime
        if child.returncode not in (0, 1, 5):
            sys.exit(f"pinsim explore {race} {' '.join(words)}: {err}")
        told = json.loads(out.read())
    return told, usage.ru_utime + usage.ru_stime


def kernels(race):
    found = re.search(r"^kernels\s+(.*)$", race.read_text(encoding="utf-8"), re.M)
    return found.group(1).split() if found else ["6.12"]


def cases(args):
    """As the races' expectations name them."""
    for race in sorted((args.root / "tests/races").glob("*.race")):
        if args.race and race.stem not in args.race:
            continue
        for kernel in kernels(race):
            if args.kernel and kernel not in args.kernel:
                continue
            told, _ = explore(args, race, "--kernel", kernel, "--executions", "1")
            if not told:
                sys.exit(f"{race.stem} {kernel}: one execution takes longer than --kill")
            for design, checks in dict.fromkeys((v["design"], v["checks"])
                                                for v in told["verdicts"]):
                if not args.design or design in args.design:
                    yield race, kernel, design, checks


def states_of(search):
    found = re.search(r"one of (\d+) states", search["covered"] or "")
    return int(found.group(1)) if found else 0


def measure(args, race, kernel, design, checks):
    told, seconds = explore(
        args, race, "--strategy", "exhaustive", "--kernel", kernel, "--design", design, "--check",
        f"all,{checks}" if checks.startswith("-") else checks)
    name = " ".join([race.stem, kernel, design,
                     *([] if checks == "all" else [checks])])
    late = not told or seconds > args.limit
    if told:
        search = told["verdicts"][0]["search"]
        how = (f"{states_of(search):9} states {search['executions']:9} executions  "
               f"{search['how']:10}")
    else:
        how = f"{'killed':40}"
    print(f"{seconds:7.2f} s {how} {name}{'  LATE' if late else ''}", flush=True)
    return seconds, name, late


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("pinsim")
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--kill", type=int, default=40)
    parser.add_argument("--limit", type=float, default=10)
    for word in ("race", "kernel", "design"):
        parser.add_argument(f"--{word}", action="append")
    args = parser.parse_args()
    some = sorted(measure(args, *case) for case in list(cases(args)))
    print(f"\n{len(some)} searches, {sum(s for s, _, _ in some):.0f} s; the slowest:")
    for seconds, name, late in some[-20:]:
        print(f"{seconds:7.2f} s  {name}{'  LATE' if late else ''}")
    sys.exit(any(late for _, _, late in some))


if __name__ == "__main__":
    main()
