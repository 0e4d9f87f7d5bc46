#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pinsim subject, from mail and from kernel trees of our own: what comes that
way behaves as what is built in, and what is wrong is told in one line.

The mails are those of tests/subject, of a built-in design's own functions.
"""
import json
import pathlib
import re
import sys
import tempfile
import unittest

import program
from program import OK, USAGE, pinsim

sys.path.insert(0, str(program.ROOT / "tests/subject"))
import mails    # noqa: E402

LATE = "tests/races/late-longterm-pin.race"
SEV = "arch/x86/kvm/svm/sev.c"
FUNCTIONS = mails.functions((program.ROOT / "pin/demand_ref.c").read_text())
SEARCH = ["--executions", "200", "--max-steps", "3000", "--json", "-"]


class Ways(unittest.TestCase):
    """A folder and a cache."""

    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = pathlib.Path(temp.name)
        self.env = {"XDG_CACHE_HOME": str(self.dir / "cache")}

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def make(self, *args):
        """A subject's file, and what was said of it."""
        out = str(self.dir / "it.so")
        ran = pinsim("subject", *args, "--output", out, env=self.env)
        self.assertEqual((ran.status, ran.err), (OK, ""), ran.err)
        return out, ran.out

    def refused(self, *args):
        ran = pinsim("subject", *args, env=self.env)
        self.assertEqual((ran.status, ran.out), (USAGE, ""), ran.out)
        self.assertEqual(ran.err.count("\n"), 1, ran.err)
        return ran.err

    def found(self, design):
        """What a search finds: how many executions ended how, which checks."""
        ran = pinsim("explore", LATE, "--design", design, *SEARCH, env=self.env)
        found = json.loads(ran.out)
        search = found["verdicts"][0]["search"]
        return ([search[k] for k in ("executions", "violated", "finals")],
                sorted(v["check"] for v in found["violations"]))

    def tree(self, text, version="6.12.1"):
        """A kernel tree with one file."""
        major, minor, sub = version.split(".")
        self.write("linux/Makefile", f"VERSION = {major}\nPATCHLEVEL = {minor}"
                   f"\nSUBLEVEL = {sub}\n")
        self.write("linux/" + SEV, text)
        return str(self.dir / "linux")


class Mail(Ways):

    def test_mail_behaves_as_built_in(self):
        lines = mails.patch_mail(mails.added(list(FUNCTIONS.values())))
        built_in = self.found("demand-ref")
        for name, text in (
                ("m.txt", mails.raw(mails.reply(mails.spaces(lines), 2))),
                ("m.html", mails.pipermail(mails.reply(lines, 4)))):
            out, said = self.make("--mail", self.write(name, text))
            self.assertIn("fills pin_spte", said)
            self.assertEqual(self.found(out), built_in)

    def test_cut_mail_told_everywhere(self):
        lines = mails.added(list(FUNCTIONS.values()))
        end = next(n for n, s in enumerate(lines) if "clflush_cache" in s)
        path = self.write("m.txt", mails.raw(mails.reply(lines[:end], 1)))
        out, said = self.make("--mail", path)
        line = re.search(r"cut off at line (\d+)", said)[1]
        self.assertIn(f"line {line} of the mail: function sev_pin_spte cut off "
                      "by the reply, closed with 1 brace", said)
        ran = pinsim("explore", LATE, "--design", out, "--executions", "20",
                     env=self.env)
        self.assertIn(f"m.txt:{line}: the code is cut off here", ran.out)

    def test_no_patch_refused(self):
        self.assertIn("no patch is in this mail", self.refused(
            "--mail", self.write("m.txt", mails.raw(["Hello."]))))
        self.assertIn("adds nothing whole", self.refused(
            "--mail", self.write("m.txt", mails.raw(
                mails.diff("int a;\n", "int a;\n", "f.c") +
                ["@@ -1,3 +1,4 @@ int f(void)", " \tx();", "+\ty();", " \tz();",
                 " }"]))))


class Tree(Ways):

    TEXT = "#include <linux/kvm_host.h>\n\n" + \
        "\n\n".join(FUNCTIONS.values()) + "\n"

    def test_tree_behaves_as_built_in(self):
        out, said = self.make("--tree", self.tree(self.TEXT), "--functions",
                              ",".join(FUNCTIONS))
        self.assertIn(f"of {SEV}, kernel 6.12", said)
        self.assertEqual(self.found(out), self.found("demand-ref"))

    def test_patch_in_mail_applied(self):
        old = self.TEXT.replace("get_page(pfn_to_page(pfn));", "")
        patch = self.write("p.txt", mails.raw(mails.reply(
            mails.diff(old, self.TEXT, SEV), 2)))
        tree = self.tree(old)
        out, _ = self.make("--tree", tree, "--patch", patch, "--functions",
                           ",".join(FUNCTIONS))
        self.assertEqual(self.found(out), self.found("demand-ref"))
        self.assertEqual((self.dir / "linux" / SEV).read_text(), old)

    def test_other_kernel_said(self):
        _, said = self.make("--tree", self.tree(self.TEXT, "6.3.9"),
                            "--functions", ",".join(FUNCTIONS))
        self.assertIn("is Linux 6.3.9, which is not modelled", said)
        self.assertIn("kernel 6.1", said)

    def test_wrong_input_refused(self):
        tree = self.tree(self.TEXT)
        self.assertIn("there is no function nothing in", self.refused(
            "--tree", tree, "--functions", "nothing"))
        self.assertIn("p.patch: hunk 1 does not apply to " + SEV, self.refused(
            "--tree", tree, "--functions", "sev_pin_spte", "--patch",
            self.write("p.patch", "\n".join(mails.diff(
                "int a;\nint b;\n", "int a;\nint c;\n", SEV)) + "\n")))
        self.assertIn("too far from what is modelled", self.refused(
            "--tree", self.tree(self.TEXT, "4.9.0"), "--functions", "f"))


if __name__ == "__main__":
    program.main()
