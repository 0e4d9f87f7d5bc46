#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""agree.py finds what disagrees: planted in what a pinsim in between says."""

import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

PINSIM, ROOT, AGREE = (pathlib.Path(a).resolve() for a in sys.argv[1:4])

# Runs pinsim, and changes its JSON if the arguments have all of a list.
BETWEEN = """#!{python}
import json, subprocess, sys
done = subprocess.run(["{pinsim}", *sys.argv[1:]], capture_output=True)
out = done.stdout
if all(w in sys.argv for w in {when!r}) and "-" in sys.argv:
    doc = json.loads(out)
    first = doc["verdicts"][0]
    if first["design"] == "demand-ref":
        {plant}
    out = json.dumps(doc).encode()
sys.stdout.buffer.write(out)
sys.stderr.buffer.write(done.stderr)
sys.exit({status})
"""


class Planted(unittest.TestCase):
    """Of the quick race, one case's answer of one way is another one."""

    def agree(self, when, plant, status="done.returncode"):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "between"
            path.write_text(BETWEEN.format(
                python=sys.executable, pinsim=PINSIM, when=when, plant=plant,
                status=status), encoding="utf-8")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
            done = subprocess.run(
                [sys.executable, AGREE, path, ROOT, "--quick", "--race",
                 "late-longterm-in-map", "--kernel", "6.12"], capture_output=True, check=False,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def disagrees(self, when, plant, words):
        status, out, err = self.agree(when, plant)
        self.assertEqual((status, err), (1, ""))
        lines = [line for line in out.split("\n")
                 if line.startswith("disagree: ")]
        self.assertEqual(len(lines), 1)
        for line in lines:
            self.assertIn(words, line)

    def test_nothing_planted_agrees(self):
        status, out, err = self.agree([], "pass")
        self.assertEqual((status, err), (0, ""))
        self.assertIn(" 0 disagreements", out)

    def test_another_set_of_finals_disagrees(self):
        self.disagrees(["states"], 'first["search"]["digest"] = "f" * 32',
                       "states 0 final states ffff")

    def test_another_verdict_of_merged_shards_disagrees(self):
        self.disagrees(["merge"], 'first["verdict"] = "holds"',
                       "shards 3 violates nothing, not longterm-placement")

    def test_more_than_a_search_that_was_through_found_disagrees(self):
        self.disagrees(["none"], 'first["search"]["how"] = "cut"; '
                       'first["verdict"] = "violates deadlock"',
                       "none finds deadlock")

    def test_a_case_that_is_missing_disagrees(self):
        self.disagrees(["dpor", "--rerun"], 'del doc["verdicts"][0]',
                       "dpor again has no such case")

    def test_pinsim_that_fails_is_told_of(self):
        status, _, err = self.agree([], "pass", status="3")
        self.assertEqual(status, 3)
        self.assertIn("status 3", err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
