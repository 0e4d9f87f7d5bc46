#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does demand-sound hold on every race, in every kernel, under every check?

    sound.py PINSIM SOURCE_ROOT [--quick] [--time S] [--executions N] [--race NAME]...

Every race that is shipped, in every kernel that it speaks of: exhaustively,
where that ends within --time seconds (60 if not given); else --executions random
schedules (100 000). What the VMM does to its guest by its own hand, others with
references of theirs, or a kernel whatever is pinned, no design can mend: EXCEPT
says what that is and by which checks; then one of them must be seen, and there must
be nothing behind them. A race that has no expectation of demand-sound is told: each
either applies or is in one of these, with the reason.

--quick gives each a second, then 500 schedules, and leaves out races that expect
nothing yet: it is for 'meson test'.
Exit 1: it does not hold, or a race says nothing of it; 3: pinsim itself failed.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

DESIGN = "demand-sound"
# The VMM drops the page: gone with it is what the guest wrote (J.13, H-38).
EXCEPT = {
    "dontneed-refault": "guest-corruption",
    "flush-before-release": "guest-corruption",
    # No kernel keeps the margin, and each warns where it refuses a reference.
    "count-guard": "refcount-overflow,kernel-warn",
    # Two loops of the kernel's keep each other going, whoever asks for the pin.
    "get-page-offline": "livelock",
    "longterm-vs-offline": "livelock",
    # The kernel's own loop, before any design is asked (H-43).
    "prefault-vs-slot-delete": "livelock",
}
# Races of what no design has a hand in.
NOT_ITS_OWN = {
    "count-wraps": "the kernel loses count before any design is asked",
    "gmem-convert-vs-fault": "private memory, of which its guests have none",
    "gmem-punch-vs-fault": "private memory, of which its guests have none",
}


class Failed(Exception):
    """pinsim did not do what it was told to."""


def kernels_of(text):
    """The kernels that a race speaks of."""
    found = re.search(r"^kernels\s+(.*)$", text, re.M)
    return found.group(1).split() if found else ["6.12"]


class Asker:
    """Puts one race at a time to pinsim."""

    def __init__(self, args):
        self.args = args

    def search(self, race, kernel, check, how):
        """Return: the verdict as JSON has it."""
        words = [str(self.args.pinsim), "explore", str(race), "--design", DESIGN,
                 "--kernel", kernel, "--check", check, *how]
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            done = subprocess.run([*words, "--json", out.name], check=False,
                                  capture_output=True, text=True,
                                  cwd=self.args.root)
            if done.returncode not in (0, 1, 5):
                raise Failed(f"{' '.join(words)}: {done.stderr.strip()}")
            return json.load(open(out.name, encoding="utf-8"))["verdicts"][0]

    def ask(self, race, kernel, check):
        """Return: the verdict in words, and how the search for it ended."""
        for how in (["--strategy", "exhaustive", "--time", str(self.args.time)],
                    ["--strategy", "random", "--executions",
                     str(self.args.executions)]):
            verdict = self.search(race, kernel, check, how)
            search = verdict["search"]
            if search["how"] in ("exhaustive", "bounded", "sampled") or \
                    verdict["verdict"] != "holds":
                break
        return verdict["verdict"], f"{search['how']}, {search['executions']}"

    def judge(self, race, kernel):
        """Return: lines to print, and whether it is as it must be."""
        harm = EXCEPT.get(race.stem)
        wanted = [("all", harm.split(",") if harm else [])]
        if harm:
            wanted.append(("all,-" + harm.replace(",", ",-"), []))
        good = True
        for check, words in wanted:
            verdict, how = self.ask(race, kernel, check)
            seen = [] if verdict == "holds" else \
                verdict.removeprefix("violates ").replace(" ", "").split(",")
            # A few schedules need not meet what is there.
            missed = self.args.quick and how.startswith("sampled")
            right = set(seen) <= set(words) and bool(seen or missed) == bool(words or missed)
            good = good and right
            behind = "" if check == "all" else f" without {harm}"
            print(f"{'ok' if right else 'NOT OK':6} {race.stem} {kernel}{behind}: "
                  f"{verdict} ({how})", flush=True)
        return good


def main():
    """Ask about every race."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pinsim", type=pathlib.Path)
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--time", type=int, default=60)
    parser.add_argument("--executions", type=int, default=100000)
    parser.add_argument("--race", action="append")
    args = parser.parse_args()
    args.pinsim, args.root = args.pinsim.resolve(), args.root.resolve()
    if args.quick:
        args.time, args.executions = 1, 500

    good = True
    asker = Asker(args)
    for race in sorted((args.root / "tests/races").glob("*.race")):
        if args.race and race.stem not in args.race:
            continue
        text = race.read_text(encoding="utf-8")
        if race.stem in NOT_ITS_OWN:
            print(f"skip   {race.stem}: {NOT_ITS_OWN[race.stem]}")
            continue
        if race.stem not in EXCEPT and not re.search(rf"^expect\s+{DESIGN}\b", text, re.M):
            print(f"silent {race.stem}: expects nothing of {DESIGN}")
            good = good and args.quick
            continue
        for kernel in kernels_of(text):
            good = asker.judge(race, kernel) and good
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as why:
        print(f"sound.py: {why}", file=sys.stderr)
        sys.exit(3)
