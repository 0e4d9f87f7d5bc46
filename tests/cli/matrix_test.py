#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pinsim matrix: every kind of cell, planted by races of a few statements.

Budgets are executions, and there is time enough: so what a cell says is the same
each time, on any machine.
"""

import json
import os
import pathlib
import shutil
import signal
import tempfile
import time
import unittest

import program
from program import (BUDGET, FAULT, OK, USAGE, VIOLATED, children, pinsim,
                     start)

CODE = program.ROOT / "tests/subject/code"
MACHINE = """machine { cpus 2; zone normal 16M; zone movable 16M; cma 0; }
process vmm { map ram 4K anon in movable populated; }
"""
NR_DESIGNS = len([line for line in pinsim("list", "--designs").out.splitlines()
                  if line.startswith("  ")]) if program.PINSIM else 0
# A guest without "register": what registers nothing pins nothing eagerly.
RACES = {
    "faults": """kernels 6.1 6.12
%s
vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; }
task vcpu0 on 0 { fault gfn 0x100 write; }
expect demand-ref violates longterm-placement
expect demand-ref without longterm-placement holds
expect demand-sound holds
expect demand-takeover violates ref-leak
""",
    "faults-twice": """%s
vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; }
task vcpu0 on 0 { fault gfn 0x100 write; }
task mover on 1 { repeat 3 { migrate ram; } }
expect demand-late violates ref-leak
expect demand-sound holds
""",
    "registers": """%s
vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; }
task vmm0 on 0 { register ram; }
expect eager-longterm holds
""",
    "registers-first": """%s
vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; register ram; }
task vcpu0 on 0 { fault gfn 0x100 write; }
expect demand-sound holds
""",
}
ENOUGH = ["--time", "1000", "--executions", "20"]


class Matrix(unittest.TestCase):
    """A directory of races that each test may write to."""

    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = pathlib.Path(temp.name)
        self.env = {"XDG_CACHE_HOME": temp.name}
        for name, text in RACES.items():
            self.write(name, text % MACHINE)

    def write(self, name, text):
        path = self.dir / f"{name}.race"
        path.write_text(f'race {name}\n"What comes of it?"\n{text}',
                        encoding="utf-8")
        return str(path)

    def race(self, name):
        return str(self.dir / f"{name}.race")

    def matrix(self, *args, **more):
        return pinsim("matrix", *ENOUGH, *args, env=self.env, **more)

    def cells(self, *args):
        """Exit status, {(race, design, kernel): cell}."""
        ran = self.matrix("--json", "-", *args)
        self.assertEqual(ran.err, "")
        cells = json.loads(ran.out)["cells"]
        return ran.status, {(c["race"], c["design"], c["kernel"]): c
                            for c in cells}

    def only(self, *args):
        """Exit status and the only cell."""
        status, cells = self.cells(*args)
        self.assertEqual(len(cells), 1)
        return status, *cells.values()


class Cells(Matrix):
    """What a cell may say."""

    def test_holds_in_all(self):
        status, cell = self.only(self.race("faults"), "--design", "demand-sound")
        self.assertEqual((status, cell["verdict"], cell["expectation"]),
                         (OK, "holds", "met"))
        self.assertEqual(cell["searches"][0]["how"], "exhaustive")
        self.assertEqual(cell["searches"][0]["sampled"], 0)
        self.assertEqual(cell["searches"][0]["violations"], [])

    def test_holds_in_those_searched(self):
        status, cell = self.only(self.race("faults-twice"), "--design",
                                 "demand-sound", "--executions", "2")
        search = cell["searches"][0]
        self.assertEqual((status, cell["verdict"], cell["expectation"]),
                         (OK, "holds-searched", "met"))
        self.assertEqual((search["how"], search["bound"], search["executions"],
                          search["sampled"]), ("cut", "--executions", 2, 4))

    def test_cut_by_its_time(self):
        ran = pinsim("matrix", self.race("faults-twice"), "--design",
                     "demand-sound", "--time", "0.001", "--json", "-")
        search = json.loads(ran.out)["cells"][0]["searches"][0]
        self.assertIn((search["how"], search["bound"]),
                      [("cut", "--time"), ("exhaustive", None)])

    def test_violated_as_expected(self):
        """And what is behind it, with the check left out."""
        status, cell = self.only(self.race("faults"), "--design", "demand-ref")
        self.assertEqual((status, cell["verdict"], cell["expectation"]),
                         (OK, "violated", "met"))
        self.assertEqual([(s["checks"], s["verdict"]) for s in cell["searches"]],
                         [("all", "violates longterm-placement"),
                          ("-longterm-placement", "holds")])

    def test_disappointed(self):
        status, cell = self.only(self.race("faults"), "--design",
                                 "demand-takeover")
        self.assertEqual((status, cell["verdict"], cell["expectation"]),
                         (VIOLATED, "holds", "disappointed"))
        self.assertIn("ref-leak was not violated", cell["why"])

    def test_disappointed_behind(self):
        """With all checks as expected, and not with one left out."""
        path = self.write("behind", (RACES["faults"] % MACHINE).replace(
            "longterm-placement holds", "longterm-placement violates ref-leak"))
        status, cell = self.only(path, "--design", "demand-ref")
        self.assertEqual((status, cell["expectation"]), (VIOLATED, "disappointed"))
        self.assertEqual([s["expectation"] for s in cell["searches"]],
                         ["met", "disappointed"])

    def test_open(self):
        status, cell = self.only(self.race("faults-twice"), "--design",
                                 "demand-late", "--executions", "2")
        self.assertEqual((status, cell["verdict"], cell["expectation"]),
                         (BUDGET, "holds-searched", "open"))

    def test_nothing_expected(self):
        """Of a column among all: told, not judged. Of one that is named: judged."""
        status, cells = self.cells(self.race("registers-first"))
        cell = cells["registers-first", "eager", "6.12"]
        self.assertEqual((status, cell["verdict"], cell["expectation"]),
                         (OK, "violated", "none"))
        status, cell = self.only(self.race("registers-first"), "--design", "eager")
        self.assertEqual((status, cell["expectation"]), (VIOLATED, "disappointed"))
        status, cells = self.cells(self.race("registers-first"), "--check",
                                   "longterm-placement")
        cell = cells["registers-first", "eager", "6.12"]
        self.assertEqual((status, cell["expectation"]), (VIOLATED, "disappointed"))

    def test_not_applicable(self):
        """By the moment at which a design pins, and by kernel."""
        _, cells = self.cells(str(self.dir), "--kernel", "6.1", "--kernel", "6.12")
        for race, design, kernel, why in (
                ("faults", "eager", "6.12", "the race registers nothing"),
                ("faults", "eager-longterm:write", "6.1", "registers nothing"),
                ("registers", "demand-late", "6.12", "has no guest that runs"),
                ("registers", "demand-sound", "6.12",
                 "pins what is launched or what the guest reaches, and the race "
                 "launches nothing and has no guest that runs"),
                ("registers", "eager", "6.1", "does not speak of kernel 6.1")):
            cell = cells[race, design, kernel]
            self.assertEqual((cell["verdict"], cell["expectation"],
                              cell["searches"]), ("not-applicable", "none", None))
            self.assertIn(why, cell["why"])
        self.assertEqual(cells["registers", "eager", "6.12"]["verdict"], "violated")
        self.assertEqual(len(cells), 2 * len(RACES) * NR_DESIGNS)

    def test_what_is_expected_applies(self):
        """Whatever the race does: its word is asked for."""
        path = self.write("said", MACHINE + "task a on 0 { touch ram; }\n"
                          "expect eager holds\n")
        status, cells = self.cells(path)
        self.assertEqual(status, OK)
        self.assertEqual({d: c["verdict"] for (_, d, _), c in cells.items()
                          if c["verdict"] != "not-applicable"}, {"eager": "holds"})


class Subjects(Matrix):
    """Code of the user's own as a column."""

    def test_beside_the_others(self):
        hookless = self.dir / "hookless.c"
        hookless.write_text("#include <linux/kvm_host.h>\nstatic void "
                            "sev_vm_destroy(struct kvm *kvm)\n{\n}\n",
                            encoding="ascii")
        status, cells = self.cells(
            str(self.dir), "--design", str(CODE / "divides.c"), "--design",
            str(hookless), "--design", "demand-sound")
        built_in, own, hookless = list(dict.fromkeys(d for _, d, _ in cells))
        self.assertEqual((status, built_in), (VIOLATED, "demand-sound"))
        cell = cells["faults", own, "6.12"]
        self.assertEqual((cell["verdict"], cell["expectation"]),
                         ("violated", "disappointed"))
        self.assertIn("kernel-bug", cell["searches"][0]["verdict"])
        cell = cells["registers-first", hookless, "6.12"]
        self.assertEqual(cell["verdict"], "not-applicable")
        self.assertIn("has no hook", cell["why"])

    def test_other_kernel(self):
        _, cells = self.cells(self.race("faults"), "--design",
                              str(CODE / "divides.c"), "--all-kernels",
                              "--design", "demand-sound")
        why = {k: c["why"] for (_, d, k), c in cells.items() if "@" in d}
        self.assertEqual(why["6.1"], "the code was compiled for kernel 6.12")
        self.assertNotEqual(why["6.12"], why["6.1"])


class Failures(Matrix):
    """What becomes of the other cells if pinsim fails at one."""

    def test_killed_at_a_cell(self):
        # Nobody comes to the end of this.
        long = self.write("long", MACHINE + """
vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; }
task vcpu0 on 0 { repeat 9 { fault gfn 0x100 write; } }
task vcpu1 on 1 { repeat 9 { fault gfn 0x100 write; } }
task mover on 1 { repeat 9 { migrate ram; } }
expect demand-sound holds
""")
        page = self.dir / "page"
        process = start("matrix", long, self.race("faults"), "--design",
                        "demand-sound", "--jobs", "1", "--time", "1000", "--html",
                        str(page))
        while not children(process):
            self.assertIsNone(process.poll())
            time.sleep(0.05)
        os.kill(children(process)[0], signal.SIGKILL)
        out, err = process.communicate(timeout=60)
        out = out.decode()
        self.assertEqual((process.returncode, err), (FAULT, b""), out)
        self.assertIn("\nlong    X  \nfaults  H  \n", out)
        self.assertIn("\npinsim itself failed:\n  long, demand-sound, kernel 6.12: "
                      "its process was killed by signal 9, Killed\n", out)
        self.assertNotIn("Still open", out)
        self.assertIn('class="failed" title="long, demand-sound: pinsim itself '
                      'failed">X</a>', page.read_text(encoding="utf-8"))


class Reports(Matrix):
    """What is printed."""

    def test_replay_lines_are_accepted(self):
        ran = self.matrix("--json", "-", str(self.dir))
        seen = 0
        for cell in json.loads(ran.out)["cells"]:
            for search in cell["searches"] or ():
                for v in search["violations"]:
                    again = pinsim("replay", v["replay"], env={
                        "PINSIM_RACES": str(self.dir)})
                    self.assertEqual((again.status, again.err), (VIOLATED, ""))
                    self.assertEqual(again.out, v["story"])
                    self.assertIn(v["check"], again.out)
                    seen += 1
        self.assertGreater(seen, 5)

    def test_same_bytes_however_many_processes(self):
        one, two = (self.matrix(str(self.dir), "--json", "-", "--jobs", n)
                    for n in "12")
        self.assertEqual((one.status, one.out, one.err),
                         (two.status, two.out, two.err))
        self.assertGreater(len(one.out), 10000)

    def test_document_is_stable(self):
        document = json.loads(self.matrix(str(self.dir), "--json", "-").out)
        self.assertEqual(list(document), ["pinsim", "verb", "kernels", "designs",
                                          "races", "cells"])
        self.assertEqual((document["pinsim"], document["verb"],
                          document["kernels"]), (1, "matrix", ["6.12"]))
        races = sorted(RACES, key=lambda name: f"{name}.race")
        self.assertEqual([r["name"] for r in document["races"]], races)
        self.assertEqual([(c["race"], c["design"]) for c in document["cells"]],
                         [(r, d["name"]) for r in races
                          for d in document["designs"]])
        for cell in document["cells"]:
            self.assertEqual(list(cell), ["race", "design", "kernel", "verdict",
                                          "expectation", "why", "searches"])
            for search in cell["searches"] or ():
                self.assertEqual(list(search), [
                    "checks", "verdict", "expected", "expectation", "why", "how",
                    "bound", "executions", "sampled", "violated", "cut",
                    "violations"])
                for violation in search["violations"]:
                    self.assertEqual(list(violation), [
                        "check", "text", "departures", "preemptions", "replay",
                        "story"])

    def test_table(self):
        ran = self.matrix(str(self.dir), "--design", "eager", "--design",
                          "demand-takeover", "--design", "demand-sound")
        table = {line.split()[0]: line.split()[1:]
                 for line in ran.out.split("\n\n")[1].split("\n")}
        self.assertEqual(table["faults"], ["-", "H!", "H"])
        self.assertEqual(table["registers"], ["V!", "-", "-"])
        self.assertIn("-  not applicable: ", ran.out)
        self.assertIn("\nNot as expected:\n  faults, demand-takeover, kernel 6.12: "
                      "ref-leak was not violated", ran.out)
        lines = [line.split("'")[1] for line in ran.out.split("\n")
                 if "pinsim replay '" in line]
        self.assertTrue(lines)
        for line in lines:
            self.assertEqual(pinsim("replay", line, env={
                "PINSIM_RACES": str(self.dir)}).status, VIOLATED)

    def test_a_table_for_each_kernel(self):
        out = self.matrix(self.race("faults"), "--all-kernels", "--design",
                          "demand-sound").out
        self.assertEqual([line for line in out.split("\n")
                          if line.startswith("Kernel ")],
                         ["Kernel 5.17", "Kernel 6.1", "Kernel 6.12"])


class Input(Matrix):
    """What is no matrix."""

    def refused(self, *args, cwd=None, env=None):
        ran = pinsim("matrix", *args, cwd=cwd, env=env)
        self.assertEqual((ran.status, ran.out, ran.err.count("\n")),
                         (USAGE, "", 1), ran.err)
        return ran.err

    def test_no_such_things(self):
        race = self.race("faults")
        for args, word in ((["no-such-place"], "no-such-place"),
                           ([race, "--design", "none"], "'none'"),
                           ([race, "--design", "./none.c"], "none.c"),
                           ([race, "--kernel", "4.19"], "'4.19'"),
                           ([race, "--check", "nonesuch"], "nonesuch"),
                           ([race, "--jobs", "0"], "--jobs"),
                           ([race, "--json", "/no/such/place"], "--json"),
                           ([race, "--design", "eager", "--design", "eager"],
                            "already"),
                           ([race, race], "twice")):
            with self.subTest(args=args):
                self.assertIn(word, self.refused(*args))

    def test_a_directory_without_races(self):
        empty = self.dir / "empty"
        empty.mkdir()
        self.assertIn("no race in", self.refused(str(empty)))
        said = self.refused(cwd=empty)
        self.assertIn("tests/races", said)
        self.assertIn("PINSIM_RACES", said)

    def test_where_races_are_looked_for(self):
        """In tests/races, or where PINSIM_RACES points."""
        few = self.dir / "few"
        few.mkdir()
        shutil.copy(self.race("faults"), few)
        ran = pinsim("matrix", "--design", "demand-sound", cwd=few,
                     env={"PINSIM_RACES": str(few)})
        self.assertEqual((ran.status, ran.err), (OK, ""))
        self.assertIn("\nfaults  H", ran.out)

    def test_a_race_that_is_none(self):
        path = self.write("broken", "machine { cpus none; }\n")
        self.assertIn(f"{path}:3:", self.refused(str(self.dir)))


if __name__ == "__main__":
    program.main()
