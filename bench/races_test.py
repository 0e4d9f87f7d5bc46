#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench/races.py asks about what it is told to, says what that took, and marks what
took too long.

    races_test.py PINSIM SOURCE_ROOT [unittest options]
"""

import pathlib
import re
import stat
import subprocess
import sys
import tempfile
import unittest

PINSIM, ROOT = sys.argv[1:3]
ONE = ("--race", "double-register", "--kernel", "6.1", "--design", "eager")

# Has one verdict of one execution, and anything else takes for ever.
STUB = """#!/bin/sh
case "$*" in *--executions*) ;; *) while :; do :; done ;; esac
for out; do :; done
echo '{"verdicts": [{"design": "eager", "checks": "all"}]}' > "$out"
"""


def races(*words, pinsim=PINSIM):
    """Return: exit code, what was printed, what was complained of."""
    done = subprocess.run([sys.executable, f"{ROOT}/bench/races.py", pinsim, ROOT, *words],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class Bench(unittest.TestCase):
    """On the quickest race that there is, and on programs that are not pinsim."""

    def stub(self, text):
        """Return: the path of a program."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "pinsim"
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    def test_case_is_measured(self):
        """States, executions, how it ended; then the sum, and the slowest."""
        code, out, err = races(*ONE)
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"\A *\d+\.\d\d s +[1-9]\d* states +[1-9]\d* executions  "
                              r"exhaustive double-register 6\.1 eager\n\n"
                              r"1 searches, \d+ s; the slowest:\n"
                              r" *\d+\.\d\d s  double-register 6\.1 eager\n\Z")

    def test_case_above_the_limit_is_marked(self):
        """Twice: where it was measured, and among the slowest."""
        code, out, _ = races(*ONE, "--limit", "-1")
        self.assertEqual(code, 1)
        self.assertEqual(len(re.findall("eager  LATE$", out, re.M)), 2)

    def test_every_set_of_checks_is_a_case(self):
        """As the race's expectations have them."""
        _, out, _ = races("--race", "dontneed-refault", "--kernel", "6.12", "--design",
                          "demand-sound")
        self.assertEqual(re.findall(r"6\.12 demand-sound(?: (\S+))?$", out.split("\n\n")[0], re.M),
                         ["", "-guest-corruption"])

    def test_case_that_does_not_end_is_killed(self):
        """After a second of processor time, and is late."""
        code, out, _ = races(*ONE, "--kill", "1", pinsim=self.stub(STUB))
        self.assertEqual(code, 1)
        self.assertRegex(out, r"killed +double-register 6\.1 eager  LATE\n")

    def test_failure_is_told(self):
        """Whoever is not pinsim, or fails, is quoted."""
        stub = self.stub("#!/bin/sh\necho no such design >&2\nexit 2\n")
        code, out, err = races(*ONE, pinsim=stub)
        self.assertEqual((code, out), (1, ""))
        self.assertRegex(err, r"\Apinsim explore .*double-register\.race .*: no such design\n\Z")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
