#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""replay --break: gdb, stopped where a check complains, in the design's code."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import program
from program import PINSIM, USAGE, VIOLATED, pinsim, replay_lines

LATE = "tests/races/late-longterm-pin.race"
IN_MAP = "tests/races/late-longterm-in-map.race"
OWN = """#include <linux/kvm_host.h>
void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level,
\t\t  kvm_pfn_t pfn)
{
\tget_page(pfn_to_page(pfn));
}
"""


def line_of(race, design):
    ran = pinsim("run", race, "--design", design)
    return replay_lines(ran.out)[0]


def in_gdb(line, commands, *more):
    """What gdb says, its input being these commands; status and text."""
    done = subprocess.run([PINSIM, "replay", "--break", *more, line], text=True,
                          input="".join(c + "\n" for c in commands),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          cwd=program.ROOT, timeout=120, check=False)
    return done.returncode, done.stdout


class Break(unittest.TestCase):
    """With gdb, and without."""

    def stops_in(self, race, design, function):
        status, text = in_gdb(line_of(race, design), ["frame", "bt"])
        self.assertEqual(status, 0, text)
        frames = re.findall(r"^(?:\(gdb\) )?#\d+ +(?:0x[0-9a-f]+ in )?(\w+) \(",
                            text, re.M)
        # Where it is gone up to, and "frame", which tells where that is.
        self.assertEqual(frames[:2], [function] * 2, text)
        stack = frames[2:]
        self.assertEqual(stack[0], "sim_break", text)
        self.assertIn(function, stack)
        self.assertIn("actor_main", stack)

    def test_reference_where_it_is_taken(self):
        self.stops_in(LATE, "demand-ref", "sev_pin_one")

    def test_sleep_where_it_is_called(self):
        self.stops_in(IN_MAP, "demand-late:in-map", "sev_pin_late")

    def test_own_code_with_its_line(self):
        with tempfile.TemporaryDirectory() as where:
            own = pathlib.Path(where, "my own.c")
            own.write_text(OWN, encoding="utf-8")
            line = line_of(LATE, str(own))
            _, text = in_gdb(line, [], "--design", str(own))
        self.assertRegex(text, r"(?s)in sev_pin_spte \([^)]*\)\s+at \S*/my own\.c:5\n"
                         r"5\t\tget_page\(pfn_to_page\(pfn\)\);")

    def test_goes_on_to_the_same_end(self):
        line = line_of(LATE, "demand-ref")
        _, text = in_gdb(line, ["continue"])
        self.assertIn("*** longterm-placement", text)
        self.assertIn(f"exited with code 0{VIOLATED}", text)


class Refused(unittest.TestCase):
    """One line, and 2."""

    def refused(self, ran, what):
        self.assertEqual((ran.status, ran.out), (USAGE, ""))
        self.assertIn(what, ran.err.splitlines()[-1])

    def test_without_gdb(self):
        self.refused(pinsim("replay", "--break", line_of(LATE, "demand-ref"),
                            env={"PATH": "/nowhere"}), "--break: gdb: No such")

    def test_nothing_violated(self):
        self.refused(pinsim("replay", "--break", line_of(LATE, "demand-late")),
                     "--break: no check is violated at a step of a task")


if __name__ == "__main__":
    if not shutil.which("gdb"):
        del Break
    program.main()
