#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pinsim(1) and --help say the same.

An option of the manual is one of the verbs that its subsection's heading
names; each verb's --help must list these and no others, and with the same kind
of value.
"""

import re
import shutil
import subprocess
import unittest

import program
from program import VERBS, pinsim

MAN = "sim/cli/man/pinsim.1"
SUBJECT = "sim/cli/man/pinsim-subject.1"
EXPLAIN = "sim/cli/man/pinsim-explain.1"
MATRIX = "sim/cli/man/pinsim-matrix.1"
STARTUP = "sim/cli/man/pinsim-startup.1"
OUTPUT = "sim/cli/man/pinsim-output.5"
HEADING = re.compile(r"^\.Ss (.*)")
ITEM = re.compile(r"^\.It Fl -([a-z-]+)(?: Ar (\S+))?$")
HELP = re.compile(r"^  --([a-z-]+)(?: ([A-Z]+))?(?:  |$)")


def in_manual(text):
    """{verb: {option: its value's name or None}}"""
    found = {verb: {} for verb in VERBS}
    verbs = []
    for line in text.split("\n"):
        if line.startswith(".Sh"):
            verbs = []
        heading = HEADING.match(line)
        if heading:
            verbs = [w for w in re.findall(r"\w+", heading[1]) if w in VERBS]
        item = ITEM.match(line)
        for verb in verbs if item else ():
            found[verb][item[1]] = item[2]
    return found


def in_help(text):
    options = text.split("\nOptions:\n")[1]
    return {m[1]: m[2] for m in map(HELP.match, options.split("\n")) if m}


class Manual(unittest.TestCase):
    """The options, in both directions."""

    def setUp(self):
        self.text = "".join((program.ROOT / man).read_text(encoding="utf-8")
                            for man in (MAN, SUBJECT, EXPLAIN, MATRIX,
                                        STARTUP))

    def test_options_are_those_of_help(self):
        manual = in_manual(self.text)
        for verb in VERBS:
            with self.subTest(verb=verb):
                self.assertEqual(manual[verb],
                                 in_help(pinsim(verb, "--help").out))

    def test_every_option_was_seen(self):
        """The reader of the manual must not be blind to a way of writing."""
        manual = in_manual(self.text)
        written = re.findall(r"^\.It Fl -([a-z-]+)", self.text, re.M)
        self.assertEqual(set(written),
                         {name for verb in VERBS for name in manual[verb]})
        self.assertGreater(len(written), 20)

    def test_a_lost_option_would_be_found(self):
        lost = self.text.replace(".It Fl -stop\n", "")
        self.assertNotEqual(lost, self.text)
        self.assertNotEqual(in_manual(lost)["explore"],
                            in_help(pinsim("explore", "--help").out))

    def test_every_verb_has_a_synopsis(self):
        synopsis = self.text.split(".Sh SYNOPSIS")[1].split(".Sh")[0]
        self.assertEqual(tuple(re.findall(r"^\.Cm (\w+)$", synopsis, re.M)),
                         VERBS)

    def test_every_exit_status_is_told(self):
        told = self.text.split(".Sh EXIT STATUS")[1].split(".Sh")[0]
        self.assertEqual(re.findall(r"^\.It (\d)$", told, re.M),
                         ["0", "1", "2", "3", "4", "5"])

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_mandoc_has_no_complaint(self):
        done = subprocess.run(["mandoc", "-Tlint", "-W", "warning",
                               *(program.ROOT / man
                                 for man in (MAN, SUBJECT, EXPLAIN, MATRIX,
                                             STARTUP, OUTPUT))],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout + done.stderr, "")


class Help(unittest.TestCase):
    """--help and --version of the program itself."""

    def test_program_names_every_verb(self):
        ran = pinsim("--help")
        self.assertEqual((ran.status, ran.err), (0, ""))
        for verb in VERBS:
            self.assertRegex(ran.out, rf"(?m)^  {verb} +\S")

    def test_every_verb_helps_with_whatever_else_is_there(self):
        for verb in VERBS:
            for args in ([], ["no-such-file"], ["--help", "a", "b", "c"]):
                ran = pinsim(verb, *args, "--help")
                self.assertEqual((ran.status, ran.err), (0, ""))
                self.assertIn(f"Usage: pinsim {verb} ", ran.out)

    def test_lines_fit_a_page(self):
        for verb in VERBS:
            for line in pinsim(verb, "--help").out.split("\n"):
                self.assertLessEqual(len(line), 100)

    def test_version_is_one_line(self):
        self.assertRegex(pinsim("--version").out, r"^pinsim \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    program.main()
