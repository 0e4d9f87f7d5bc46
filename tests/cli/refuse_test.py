#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad usage and bad input: one line on standard error, nothing on standard
output, exit status 2. Never a crash, never silence.

The replay lines to spoil are taken from a run, so that only what is spoilt is
wrong with them.
"""

import os
import pathlib
import random
import shutil
import tempfile
import unittest

import program
from program import OK, USAGE, VIOLATED, pinsim, replay_lines

LATE = "tests/races/late-longterm-pin.race"
NEWER = "tests/races/canary/backwards.race"  # of no kernel before 6.1
CMA = "tests/races/get-page-on-cma.race"
BAD = "tests/bad/machine-2-60-pages.race"

# Over at once: the set-up violates a check.
ALL = ["explore", "--strategy", "exhaustive", "--design", "eager", LATE]

# (arguments, what the line must say)
USAGE_LINES = [
    ([], "a verb is missing"),
    ([""], "there is no verb ''"),
    (["fly"], "there is no verb 'fly'"),
    (["Run"], "there is no verb 'Run'"),
    (["--steps"], "there is no verb '--steps'"),
    (["--helpme"], "there is no verb"),
    (["run\nrun"], "there is no verb 'run?run'"),
    (["x" * 5000], "there is no verb 'xxxx"),
    # operands
    (["run"], "FILE is missing"),
    (["explore"], "FILE is missing"),
    (["replay"], "STRING is missing"),
    (["minimize"], "STRING is missing"),
    (["run", LATE, LATE], "one argument too many"),
    (["explore", LATE, "x"], "'x' is one argument too many"),
    (["replay", "a", "b"], "'b' is one argument too many"),
    (["minimize", "a", "b"], "'b' is one argument too many"),
    (["list", "a", "b"], "'b' is one argument too many"),
    (["explain", "H-99"], "'H-99' is no hazard, check or design"),
    (["explain", "H-03", "livelocks"], "'livelocks' is no hazard, check or design"),
    (["explain", "--races", "no/where", "H-03"], "no/where: No such file"),
    (["explain", "--races", "tests/races"], "--races without a name"),
    (["run", "--", LATE, "--steps"], "'--steps' is one argument too many"),
    # options
    (["run", "--fly", LATE], "there is no option '--fly'"),
    (["run", LATE, "-x"], "there is no option '-x'"),
    (["run", LATE, "-xyz"], "there is no option '-x'"),
    (["run", LATE, "--steps=3"], "option '--steps=3' takes no value"),
    (["run", LATE, "--s"], "there is no option '--s'"),
    (["list", "--steps"], "there is no option '--steps'"),
    (["replay", "--seed", "1", "x"], "there is no option '--seed'"),
    (["run", "--verify-rollback", LATE], "there is no option"),
    (["run", LATE, "--seed"], "option '--seed' needs a value"),
    (["explore", LATE, "--json"], "option '--json' needs a value"),
    (["run", LATE, "--design"], "option '--design' needs a value"),
    # numbers
    (["run", LATE, "--seed", "x"], "--seed: 'x' is not a number"),
    (["run", LATE, "--seed", ""], "--seed: '' is not a number"),
    (["run", LATE, "--seed", "0"], "--seed: 0 is not within 1.."),
    (["run", LATE, "--seed", "-1"], "--seed: '-1' is not a number"),
    (["run", LATE, "--seed", "+1"], "--seed: '+1' is not a number"),
    (["run", LATE, "--seed", " 1"], "--seed: ' 1' is not a number"),
    (["run", LATE, "--seed", "\t1"], "--seed: '?1' is not a number"),
    (["run", LATE, "--seed", "1 "], "is not a number"),
    (["run", LATE, "--seed", "1k"], "is not a number"),
    (["run", LATE, "--seed", "0x"], "is not a number"),
    (["run", LATE, "--seed", "0xg"], "is not a number"),
    (["run", LATE, "--seed", "1.5"], "is not a number"),
    (["run", LATE, "--seed", "18446744073709551616"], "is not a number"),
    (["run", LATE, "--unroll", "0"], "--unroll: 0 is not within 1..100000"),
    (["run", LATE, "--unroll", "100001"], "100001 is not within"),
    (["run", LATE, "--max-steps", "0"], "--max-steps: 0 is not within"),
    (["run", LATE, "--max-steps", "1000000001"], "is not within"),
    (["explore", LATE, "--executions", "0"], "--executions: 0 is not within"),
    (["explore", LATE, "--executions", "many"], "is not a number"),
    (["replay", "--max-steps", "no", "x"], "is not a number"),
    (["explore", LATE, "--time", "0"], "not a number of seconds above 0"),
    (["explore", LATE, "--time", "-1"], "not a number of seconds above 0"),
    (["explore", LATE, "--time", "nan"], "not a number of seconds above 0"),
    (["explore", LATE, "--time", "inf"], "not a number of seconds above 0"),
    (["explore", LATE, "--time", "1s"], "not a number of seconds above 0"),
    (["explore", LATE, "--time", "1.2.3"], "not a number of seconds above 0"),
    (["explore", LATE, "--time", ""], "not a number of seconds above 0"),
    # work items
    (["explore", LATE, "--jobs", "2"], "--jobs is for exhaustive search, not"),
    ([*ALL, "--jobs", "0"], "--jobs: 0 is not within 1..1024"),
    ([*ALL, "--jobs", "1025"], "--jobs: 1025 is not within 1..1024"),
    ([*ALL, "--jobs", "2", "--stop"], "--jobs does not go with --stop"),
    ([*ALL, "--shard", "1/2"], "--shard needs --output"),
    ([*ALL, "--shard", "0/3", "--output", "x"], "'0/3' is not I/N"),
    ([*ALL, "--shard", "4/3", "--output", "x"], "'4/3' is not I/N"),
    ([*ALL, "--shard", "x/y", "--output", "x"], "'x/y' is not I/N"),
    ([*ALL, "--shard", "1", "--output", "x"], "'1' is not I/N"),
    ([*ALL, "--shard", "", "--output", "x"], "'' is not I/N"),
    ([*ALL, "--shard", "1/2/3", "--output", "x"], "'1/2/3' is not I/N"),
    ([*ALL, "--shard", "1/1", "--output", "x", "--json", "-"], "no --json"),
    ([*ALL, "--shard", "1/1", "--output", "x", "--ktap"], "no --ktap"),
    ([*ALL, "--shard", "1/1", "--output", "x", "--junit", "y"], "no --junit"),
    ([*ALL, "--executions", "9", "--output", "x"], "not go with --executions"),
    ([*ALL, "--preemptions", "1", "--output", "x"], "go with --preemptions"),
    ([*ALL, "--output", "/no/such/file"], "--output: /no/such/file: No such"),
    ([*ALL, "--checkpoint", "tests"], "--checkpoint: tests"),
    ([*ALL, "--checkpoint", "README.md"], "--checkpoint: README.md:1: "),
    ([*ALL, "--checkpoint", "/dev/null"], "--checkpoint: /dev/null:"),
    ([*ALL, "--memory", "x"], "--memory: 'x' is not a size, as 512M or 2G"),
    ([*ALL, "--memory", "1MB"], "--memory: '1MB' is not a size"),
    ([*ALL, "--memory", "-1M"], "--memory: '-1M' is not a size"),
    ([*ALL, "--memory", "99999999999999T"], "is not a size"),
    ([*ALL, "--memory", "1K"], "--memory: 1024 bytes are not within"),
    (["merge"], "FILE... is missing"),
    (["merge", "no-such-file"], "no-such-file: No such file"),
    (["merge", "tests"], "tests:"),
    (["merge", "README.md"], "README.md:1: "),
    (["merge", "/dev/null"], "/dev/null:"),
    # names
    (["explore", LATE, "--strategy", "pot"], "none of random, exhaustive"),
    (["explore", LATE, "--strategy", ""], "none of random, exhaustive"),
    (["explore", LATE, "--strategy", "exhaustive", "--reduction", "spin"],
     "none of both, dpor, states and none"),
    (["explore", LATE, "--reduction", "dpor"], "--reduction is for exhaustive"),
    (["explore", LATE, "--strategy", "exhaustive", "--rerun",
      "--verify-rollback"], "does not go with --rerun"),
    (["explore", LATE, "--preemptions", "1", "--rerun"],
     "--rerun is for exhaustive"),
    (["explore", LATE, "--strategy", "pct", "--preemptions", "1"],
     "--preemptions is for exhaustive search, not for pct"),
    (["explore", LATE, "--preemptions", "64"], "64 is not within 0..63"),
    (["explore", LATE, "--depth", "2"], "--depth is for pct, not for random"),
    (["explore", LATE, "--choices", "2", "--strategy", "coverage"],
     "--choices is for pct, not for coverage"),
    (["explore", LATE, "--depth", "0"], "0 is not within 1..16"),
    (["run", LATE, "--design", "fly"], "no design is called 'fly'"),
    (["run", LATE, "--design", ""], "no design is called ''"),
    (["run", LATE, "--design", "Eager"], "no design is called 'Eager'"),
    (["run", LATE, "--design", "eager:"], "no design is called 'eager:'"),
    (["run", LATE, "--design", "demand-late:fly"], "no design is called"),
    (["run", LATE, "--design", "demand-late:in-map:in-map"], "no design"),
    (["run", LATE, "--design", "eager\neager"], "called 'eager?eager'"),
    (["explore", LATE, "--design", "x" * 4000], "no design is called 'xxx"),
    (["run", LATE, "--kernel", "6.2"], "no kernel profile is called '6.2'"),
    (["run", LATE, "--kernel", ""], "no kernel profile is called ''"),
    (["run", LATE, "--kernel", "6.1.0"], "no kernel profile is called"),
    (["run", NEWER, "--kernel", "5.17"], "does not speak of kernel 5.17"),
    (["explore", LATE, "--kernel", "5.18"], "no kernel profile is called"),
    (["run", LATE, "--check", "fly"], "no check is called 'fly'"),
    (["run", LATE, "--check", ""], "an empty word in the list of checks"),
    (["run", LATE, "--check", "all,"], "an empty word in the list of checks"),
    (["run", LATE, "--check", "all,-fly"], "no check is called 'fly'"),
    (["run", LATE, "--check", "-"], "an empty word in the list of checks"),
    (["explore", LATE, "--check", "deadlock;x"], "no check is called"),
    (["minimize", "--check", "fly", "x"], "no check is called 'fly'"),
    # files
    (["run", "no-such.race"], "no-such.race: "),
    (["explore", "no-such.race"], "no-such.race: "),
    (["run", ""], "No such file"),
    (["run", "tests/races"], "tests/races: "),
    (["explore", "/"], "/: "),
    (["run", "/dev/null"], "/dev/null:"),
    (["run", "/proc/self/mem"], "/proc/self/mem: "),
    (["run", BAD], BAD + ":"),
    (["explore", BAD], BAD + ":"),
    (["run", "README.md"], "README.md:"),
    (["list", "no-such-directory"], "no-such-directory: No such file"),
    (["list", "--checks", "tests/races"], "the options leave them out"),
    (["list", LATE], LATE + ": Not a directory"),
    (["explore", LATE, "--json", "/no/such/file"], "--json: /no/such/file: "),
    (["run", LATE, "--json", "/no/such/file"], "--json: /no/such/file: "),
    (["run", LATE, "--json", ""], "--json: "),
    (["run", LATE, "--json", "tests"], "--json: tests: "),
    (["run", LATE, "--json", "-", "--ktap"], "both want standard output"),
    (["explore", LATE, "--json", "-", "--ktap"], "both want standard output"),
    (["replay", "--break", "--steps", "x"], "--break does not go with --steps"),
    (["replay", "--break", "--json", "-", "x"], "--break does not go with --json"),
    (["run", LATE, "--junit", "/no/such/file"], "--junit: /no/such/file: "),
    (["explore", LATE, "--junit", ""], "--junit: "),
    (["run", LATE, "--junit", "tests"], "--junit: tests: "),
    (["run", LATE, "--junit", "-", "--ktap"],
     "--junit - and --ktap both want standard output"),
    (["explore", LATE, "--json", "-", "--junit", "-"],
     "--json - and --junit - both want standard output"),
    (["explore", LATE, "--json", "/dev/null", "--junit", "/dev/null"],
     "both want the file /dev/null"),
]

# (field from 0, what to put there, what the line must say)
SPOILT_FIELDS = [
    (0, "p2", "written in another format"),
    (0, "", "expected the format's version"),
    (1, "s999", "made with another step model"),
    (1, "s", "expected the step model's version"),
    (2, "no-such-race", "no-such-race.race is neither here"),
    (2, "..", "...race is neither here"),
    (2, "takeover-order", "takeover-order.race has changed"),
    (2, "", "expected the race's name"),
    (3, "0" * 16, "has changed since the string was made"),
    (3, "xyz", "expected the race's hash"),
    (4, "fly", "no design is called 'fly'"),
    (4, "demand-late:fly", "no design is called 'demand-late:fly'"),
    (5, "5.18", "no kernel profile is called '5.18'"),
    (5, "", "expected a kernel profile"),
    (6, "access", "expected the grain"),
    (7, "u0", "expected the unroll bound"),
    (7, "9", "expected the unroll bound"),
    (8, "fly", "no check is called 'fly'"),
    (8, "-fly", "no check is called 'fly'"),
    (9, "1:", "schedule, byte 3: expected the value"),
    (9, "2:1,1:1", "schedule, byte 5: choice numbers must ascend"),
    (9, "1x:1", "schedule, byte 3: expected how many"),
    (9, "99999999:1", "schedule, byte 1: choice numbers past 2^24"),
    (10, "0", "expected the checksum"),
    (10, "0" * 16 + "/x", "expected the end after the checksum"),
]


class Refused(unittest.TestCase):
    """One line, status 2, nothing on standard output."""

    @classmethod
    def setUpClass(cls):
        ran = pinsim("run", LATE, "--design", "demand-ref")
        cls.line = replay_lines(ran.out)[0]

    def assert_refused(self, args, says, **more):
        ran = pinsim(*args, **more)
        told = f"pinsim {args}: status {ran.status}\n{ran.err}"
        self.assertEqual(ran.status, USAGE, told)
        self.assertEqual(ran.out, "", told)
        self.assertEqual(ran.err.count("\n"), 1, told)
        self.assertTrue(ran.err.endswith("\n"), told)
        self.assertIn(says, ran.err, told)

    def test_usage(self):
        self.assertGreater(len(USAGE_LINES), 60)
        for args, says in USAGE_LINES:
            with self.subTest(args=args):
                self.assert_refused(args, says)

    def test_replay_line_with_a_spoilt_field(self):
        for verb in ("replay", "minimize"):
            for number, text, says in SPOILT_FIELDS:
                fields = self.line.split("/")
                fields[number] = text
                with self.subTest(verb=verb, field=number, text=text):
                    self.assert_refused([verb, "/".join(fields)], says)

    def test_replay_line_cut_anywhere(self):
        for length in range(len(self.line)):
            with self.subTest(length=length):
                self.assert_refused(["replay", self.line[:length]], "replay")

    def test_replay_line_damaged_anyhow(self):
        """Whatever one byte does: refused, diverged, or the same execution."""
        rng = random.Random(2022)
        seen = set()
        for _ in range(150):
            at = rng.randrange(len(self.line))
            damaged = (self.line[:at] + rng.choice("019afz:,x/-u ") +
                       self.line[at + 1:])
            ran = pinsim("replay", damaged)
            seen.add(ran.status)
            self.assertIn(ran.status, (VIOLATED, USAGE, 3), damaged)
            if ran.status != VIOLATED:
                self.assertEqual(ran.err.count("\n"), 1, damaged)
        self.assertIn(USAGE, seen)

    def test_schedule_that_the_race_does_not_offer_diverges(self):
        for schedule in ("0:77", "0:4294967295", "9999:1"):
            fields = self.line.split("/")
            fields[9] = schedule
            ran = pinsim("replay", "/".join(fields))
            self.assertEqual((ran.status, ran.err.count("\n")), (3, 1), ran.err)

    def test_race_under_another_name(self):
        self.assert_refused(["replay", self.line, "--race", CMA],
                            "is race get-page-on-cma, but the string replays")

    def test_race_that_cannot_be_found(self):
        with tempfile.TemporaryDirectory() as empty:
            self.assert_refused(["replay", self.line], "is neither here",
                                cwd=empty)
            self.assert_refused(["replay", self.line, "--race", "x.race"],
                                "x.race: ", cwd=empty)

    def test_race_that_has_changed(self):
        with tempfile.TemporaryDirectory() as name:
            there = pathlib.Path(name, "late-longterm-pin.race")
            text = (program.ROOT / LATE).read_text(encoding="utf-8")
            # A comment or an expectation may change; the machine may not.
            there.write_text(text.replace("expect demand-ref ", "# ", 1) +
                             "\n# more\n", encoding="utf-8")
            self.assertEqual(pinsim("replay", self.line, cwd=name).status,
                             VIOLATED)
            there.write_text(text.replace("movable 64M", "movable 32M"),
                             encoding="utf-8")
            self.assert_refused(["replay", self.line], "has changed since",
                                cwd=name)

    def test_minimize_of_what_violates_nothing(self):
        ran = pinsim("run", LATE, "--design", "demand-late")
        self.assertEqual(ran.status, OK)
        self.assert_refused(["minimize", replay_lines(ran.out)[0]],
                            "violates nothing")
        self.assert_refused(["minimize", self.line, "--check", "deadlock"],
                            "does not violate deadlock")

    def test_every_malformed_race(self):
        for path in sorted((program.ROOT / "tests/bad").glob("*.race")):
            with self.subTest(path=path.name):
                self.assert_refused(["run", path.name], path.name + ":",
                                    cwd=path.parent)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable_file(self):
        with tempfile.TemporaryDirectory() as name:
            shutil.copy(program.ROOT / LATE, name)
            there = pathlib.Path(name, "late-longterm-pin.race")
            there.chmod(0)
            self.assert_refused(["run", str(there)], "Permission denied")


if __name__ == "__main__":
    program.main()
