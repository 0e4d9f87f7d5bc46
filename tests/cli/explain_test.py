#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pinsim explain: everything that has a name is explained, what is said of races
is read off them, and it fits a terminal.
"""

import pathlib
import re
import tempfile
import unittest

import program
from program import OK, RACES, ROOT, USAGE, pinsim

HAZARD = re.compile(r"[HR]-\d\d[a-z]?")
ENTRY = re.compile(r"^  (\S+) +\S")
NR_HAZARDS = 67


def listed(text):
    """{kind: names}, of a list with a heading for each kind."""
    found, kind = {}, None
    for line in text.splitlines():
        entry = ENTRY.match(line)
        if entry:
            found[kind].append(entry[1])
        else:
            kind = line.split(":")[0].split()[0]
            found[kind] = []
    return found


def field(text, label):
    """The lines of a field, joined: it goes on as long as the label is blank."""
    lines = text.split(f"\n  {label:10}", 1)
    if len(lines) < 2:
        return None
    head, *more = lines[1].splitlines()
    for line in more:
        if not line.startswith(" " * 12):
            break
        head += " " + line.strip()
    return head


def race(name, hazard, expects):
    return f"""race {name}
"Is it found?"
hazards {hazard}
machine {{ cpus 1; zone normal 16M; }}
process vmm {{ map ram 4K anon in normal; }}
vm guest sev owner vmm {{ slot 0 gfn 0x100 maps ram; }}
task vcpu0 on 0 {{ fault gfn 0x100 write; }}
{expects}
"""


class Catalogue(unittest.TestCase):
    """Its names are those that the rest of pinsim uses."""

    @classmethod
    def setUpClass(cls):
        cls.names = listed(pinsim("explain").out)
        cls.all = sum(cls.names.values(), [])

    def test_checks_and_designs_are_those_of_list(self):
        there = listed(pinsim("list", "--checks", "--designs").out)
        self.assertEqual(self.names["Checks"], there["Checks,"])
        self.assertEqual(self.names["Designs"],
                         [d for d in there["Designs"] if ":" not in d])

    def test_hazards_have_every_number_and_every_name_in_a_race(self):
        hazards = self.names["Hazards"]
        self.assertEqual({int(h[2:4]) for h in hazards}, set(range(1, NR_HAZARDS + 1)))
        self.assertEqual(len(hazards), len(set(hazards)))
        for path in RACES:
            named = re.search(r"^hazards (.*)$", path.read_text(encoding="utf-8"), re.M)
            for name in HAZARD.findall(named[1]):
                self.assertIn(name, hazards, path)

    def test_what_an_entry_refers_to_is_there(self):
        statements = (ROOT / "tests/contract/statements.txt").read_text(encoding="utf-8")
        for name in self.all:
            for other in (field(pinsim("explain", name).out, "See") or "").split():
                if other not in self.all:
                    self.assertIsNotNone(re.search(rf"(?m)^{re.escape(other)}\b", statements),
                                         (name, other))

    def test_everything_is_told_and_fits(self):
        done = pinsim("explain", *self.all[:64])
        self.assertEqual((done.status, done.err), (OK, ""))
        for text in (done.out, pinsim("explain", *self.all[64:]).out):
            for line in text.splitlines():
                self.assertLessEqual(len(line), 80, line)
            for name in re.findall(r"(?m)^\S+(?=: )", text):
                entry = text.split(f"{name}: ", 1)[1].split("\n\n", 2)[1]
                for label in ("What", "Why"):
                    self.assertIsNotNone(field("\n" + entry, label), (name, label))

    def test_names_in_any_case_and_with_options(self):
        self.assertEqual(pinsim("explain", "h-03").out, pinsim("explain", "H-03").out)
        self.assertEqual(pinsim("explain", "demand-late:in-map").out,
                         pinsim("explain", "demand-late").out)
        self.assertEqual(pinsim("explain", "r-24B").out, pinsim("explain", "H-24").out)
        self.assertEqual(pinsim("explain", "R-24").status, USAGE)
        self.assertEqual(pinsim("explain", "H-03:x").status, USAGE)
        self.assertEqual(pinsim("explain", "H-0").status, USAGE)


class Races(unittest.TestCase):
    """What races say of it."""

    def setUp(self):
        # pylint: disable-next=consider-using-with
        self.tmp = tempfile.TemporaryDirectory()
        self.addCleanup(self.tmp.cleanup)
        self.dir = pathlib.Path(self.tmp.name)

    def put(self, name, hazard, expects):
        (self.dir / f"{name}.race").write_text(race(name, hazard, expects), encoding="utf-8")

    def explain(self, name):
        done = pinsim("explain", "--races", self.dir, name)
        self.assertEqual((done.status, done.err), (OK, ""))
        return done.out

    def test_those_that_are_about_a_hazard(self):
        self.put("one", "H-67", "expect eager holds")
        self.put("other", "H-66", "expect eager holds")
        self.assertEqual(field(self.explain("H-67"), "Races"), "one: Is it found?")
        self.assertEqual(field(self.explain("H-65"), "Races"), "none yet")

    def test_those_in_which_a_check_is_expected(self):
        self.put("one", "H-01", "expect demand-ref violates longterm-placement")
        self.put("other", "H-01", "expect demand-ref violates ref-leak\nexpect eager holds")
        self.assertEqual(field(self.explain("ref-leak"), "Races"), "other: Is it found?")

    def test_what_a_design_does_to_them(self):
        self.put("bad", "H-01", "expect demand-ref violates longterm-placement\n"
                                "expect demand-ref without longterm-placement "
                                "violates ref-leak\n"
                                "expect demand-ref without ref-leak violates longterm-placement")
        self.put("good", "H-01", "expect demand-ref holds")
        self.put("silent", "H-01", "expect eager holds")
        out = self.explain("demand-ref")
        self.assertEqual(field(out, "Violates"), "bad: longterm-placement, ref-leak")
        self.assertEqual(field(out, "Holds in"), "good")

    def test_without_races_the_rest_is_told(self):
        done = pinsim("explain", "H-03", cwd=self.dir)
        self.assertEqual(done.status, OK)
        self.assertEqual(field(done.out, "Races"), "there is no directory tests/races here")

    def test_a_race_that_is_none_is_said(self):
        (self.dir / "bad.race").write_text("race\n", encoding="utf-8")
        done = pinsim("explain", "--races", self.dir, "H-03")
        self.assertEqual((done.status, done.out), (USAGE, ""))
        self.assertEqual(done.err.count("\n"), 1)


if __name__ == "__main__":
    program.main()
