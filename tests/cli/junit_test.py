#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""--junit: an XML parser reads it, and it says what --ktap says."""

import pathlib
import re
import shutil
import tempfile
import unittest
from xml.etree import ElementTree

import program
from program import FAULT, OK, VIOLATED, pinsim

LATE = "tests/races/late-longterm-pin.race"
FEW = ("--executions", "200")
OWN = """#include <linux/kvm_host.h>
void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level,
\t\t  kvm_pfn_t pfn)
{
\tget_page(pfn_to_page(pfn));
}
"""
REPLAY = re.compile(r"^pinsim replay '(.*)'$", re.M)


def ktap(text):
    """{name: ok?}"""
    return {name: not bad for bad, name in
            re.findall(r"(?m)^(not )?ok \d+ (.+)$", text)}


def junit(text):
    """The cases of the only suite; its form is what CI systems rely on."""
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites", root.tag
    suite, = root
    assert suite.tag == "testsuite", suite.tag
    cases = list(suite)
    failed = [c for c in cases if c.find("failure") is not None]
    assert suite.attrib == {"name": suite.get("name"),
                            "tests": str(len(cases)),
                            "failures": str(len(failed)),
                            "errors": "0", "skipped": "0"}, suite.attrib
    for case in cases:
        assert case.tag == "testcase", case.tag
        assert set(case.attrib) == {"classname", "name"}, case.attrib
        assert case.get("classname") == suite.get("name")
        assert len(case) == 1, "a case has a failure, or else output"
    return cases


def verdicts(cases):
    return {f"{c.get('classname')}:{c.get('name')}": c.find("failure") is None
            for c in cases}


class Junit(unittest.TestCase):
    """Against the KTAP of the same command."""

    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.dir = pathlib.Path(made.name)
        self.out = self.dir / "out.xml"

    def race(self, *changes):
        """late-longterm-pin with other texts in places."""
        there = self.dir / "late-longterm-pin.race"
        text = (program.ROOT / LATE).read_text(encoding="utf-8")
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        there.write_text(text, encoding="utf-8")
        return str(there)

    def disappointed(self):
        return self.race(("demand-ref      violates longterm-placement",
                          "demand-ref holds"))

    def both(self, *args):
        """Runs it; what KTAP says, and the cases, held against it."""
        ran = pinsim(*args, "--ktap", "--junit", str(self.out))
        told = ktap(ran.out)
        cases = junit(self.out.read_text(encoding="utf-8"))
        self.assertEqual(list(verdicts(cases).items()), list(told.items()))
        self.assertEqual(ran.status, OK if all(told.values()) else VIOLATED)
        return cases

    def test_explore_is_ktap(self):
        self.assertEqual(len(self.both("explore", LATE, *FEW)), 6)
        cases = self.both("explore", self.disappointed(), *FEW,
                          "--all-kernels")
        self.assertEqual(list(verdicts(cases).values()),
                         [True, False, True, True, True, True] * 3)

    def test_run_is_ktap(self):
        for race in program.RACES:
            self.both("run", str(race))
        cases = self.both("run", self.disappointed())
        self.assertEqual(list(verdicts(cases).values()),
                         [True, False, True, True, True, True])

    def test_failure_says_why_and_replays(self):
        race = self.disappointed()
        for verb, more in (("explore", FEW), ("run", ())):
            failure = self.both(verb, race, *more)[1].find("failure")
            self.assertIn("longterm-placement", failure.get("message"))
            self.assertNotIn("\n", failure.get("message"))
            line, = REPLAY.findall(failure.text)
            self.assertEqual(pinsim("replay", line, "--race", race).status,
                             VIOLATED)

    def test_explore_output_has_what_was_found(self):
        ran = pinsim("explore", LATE, *FEW, "--junit", str(self.out))
        told = {case.get("name"): case.find("system-out").text
                for case in junit(self.out.read_text(encoding="utf-8"))}
        for text in told.values():
            self.assertIn("\nexpected: ", text)
        lines = [line for text in told.values() for line in REPLAY.findall(text)]
        self.assertEqual(lines, program.replay_lines(ran.out))
        self.assertIn("/demand-ref/", REPLAY.findall(told["demand-ref:6.12"])[0])

    def test_standard_output_has_nothing_else(self):
        for args in (["run", LATE], ["explore", LATE, *FEW]):
            ran = pinsim(*args, "--junit", "-")
            self.assertEqual((ran.status, ran.err), (OK, ""))
            self.assertEqual(len(junit(ran.out)), 6)
            self.assertEqual(pinsim(*args, "--junit", str(self.out)).out,
                             pinsim(*args).out)
            self.assertEqual(self.out.read_text(encoding="utf-8"), ran.out)

    def test_merge_is_explore(self):
        parts = str(self.dir / "parts")
        args = ["explore", "--strategy", "exhaustive", "--design", "eager",
                LATE]
        self.assertEqual(pinsim(*args, "--output", parts).status, OK)
        merged = pinsim("merge", parts, "--junit", "-")
        self.assertEqual(merged.status, OK)
        direct = pinsim(*args, "--jobs", "1", "--junit", "-")
        self.assertEqual(len(junit(merged.out)), 1)
        self.assertEqual(merged.out, direct.out)

    @unittest.skipUnless(shutil.which("gcc"), "gcc is not installed")
    def test_file_name_with_hostile_characters(self):
        """A user's file is called as it likes; its name is in the message."""
        source = self.dir / "a<b> & \"c\" ]]> \x01 \u00e9.c"
        source.write_text(OWN, encoding="utf-8")
        ran = pinsim("run", LATE, "--design", str(source), "--junit", "-",
                     env={"XDG_CACHE_HOME": str(self.dir / "cache")})
        case, = junit(ran.out)
        message = case.find("failure").get("message")
        self.assertTrue(message.endswith(
            "sev_pin_spte() at " + source.name.replace("\x01", "\ufffd") + ":5"),
            message)

    def test_full_disk_is_told(self):
        ran = pinsim("run", LATE, "--junit", "/dev/full")
        self.assertEqual(ran.status, FAULT)
        self.assertIn("--junit: /dev/full: not all could be written", ran.err)


if __name__ == "__main__":
    program.main()
