#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Searching out of one process: by several, in parts, from a checkpoint.

Whatever way a search is divided and whatever happens to a part of it, the
verdict in the end is that of one undisturbed process.
"""

import itertools
import json
import os
import pathlib
import random
import signal
import tempfile
import time
import unittest

import program
from program import BUDGET, FAULT, OK, USAGE, VIOLATED, children, pinsim, start

SMALL = ["tests/races/foreign-reference.race", "--design", "demand-ref"]
# Long enough to be disturbed, and not longer than a test may be.
LONG_RACE = """race NAME
"Is the page there when it is looked for?"
machine { cpus 2; zone normal 64M; zone movable 64M; cma 0; }
process vmm { map ram 4K anon in movable; }
task a on 0 { touch ram; touch ram; touch ram; }
task b on 1 { repeat TIMES { hold ram; } }
exists (b.hold == 0)
"""
EXPLORE = ["explore", "--strategy", "exhaustive"]


def long_race(name, times):
    return LONG_RACE.replace("NAME", name).replace("TIMES", str(times))


def answers(*args):
    """What does not depend on how a search was reduced or divided."""
    verdict = json.loads(pinsim(*args, "--json", "-").out)["verdicts"][0]
    return (verdict["verdict"], verdict["met"], verdict["search"]["how"],
            verdict["search"]["finals"])


def alive(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return state.rsplit(")", 1)[1].split()[0] != "Z"


class Items(unittest.TestCase):
    """Each test has a directory of its own."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def shards(self, of, *args):
        """Files of all parts."""
        paths = [self.path(f"{i}-{of}.json") for i in range(1, of + 1)]
        for i, path in enumerate(paths):
            ran = pinsim(*EXPLORE, *args, "--shard", f"{i + 1}/{of}",
                         "--output", path)
            self.assertEqual((ran.status, ran.err), (OK, ""))
            self.assertRegex(ran.out, rf": shard {i + 1}/{of}: (\d+) of \1 ")
        return paths


class Divided(Items):
    """The same verdict, byte for byte."""

    @classmethod
    def setUpClass(cls):
        cls.whole = pinsim(*EXPLORE, *SMALL, "--jobs", "1")
        cls.json = pinsim(*EXPLORE, *SMALL, "--jobs", "1", "--json", "-")

    def test_jobs(self):
        for jobs in ("2", "3", "8"):
            ran = pinsim(*EXPLORE, *SMALL, "--jobs", jobs)
            self.assertEqual((ran.status, ran.out, ran.err),
                             (OK, self.whole.out, ""), jobs)
            ran = pinsim(*EXPLORE, *SMALL, "--jobs", jobs, "--json", "-")
            self.assertEqual(ran.out, self.json.out)

    def test_one_search_without_items_says_the_same(self):
        """But for what an item cannot know: what was seen in others."""
        whole, parts = (json.loads(ran.out)["verdicts"] for ran in (
            pinsim(*EXPLORE, *SMALL, "--json", "-"), self.json))
        for a, b in zip(whole, parts, strict=True):
            for key in ("verdict", "met", "replay", "why"):
                self.assertEqual(a[key], b[key])
            for key in ("how", "finals"):
                self.assertEqual(a["search"][key], b["search"][key])

    def test_answers_are_those_of_any_reduction_and_division(self):
        race = pathlib.Path(self.path("short.race"))
        race.write_text(long_race("short", 2), encoding="utf-8")
        search = [*EXPLORE, str(race), "--design", "demand-ref"]
        whole = answers(*search, "--reduction", "none")
        self.assertEqual(whole[0], "holds")
        self.assertGreater(whole[3], 1)
        for reduction in ("none", "dpor", "states", "both"):
            args = [*search, "--reduction", reduction]
            self.assertEqual(answers(*args), whole, reduction)
            one, three = (pinsim(*args, "--jobs", n) for n in ("1", "3"))
            self.assertEqual(one.out, three.out)
            self.assertEqual(answers(*args, "--jobs", "2"), whole, reduction)
            for of in (1, 2, 3, 7):
                paths = self.shards(of, *args[3:])
                self.assertEqual(answers("merge", *reversed(paths)), whole)

    def test_shards_in_any_order(self):
        rng = random.Random(7)
        for of in (1, 2, 3, 7):
            paths = self.shards(of, *SMALL)
            orders = list(itertools.permutations(paths)) if of < 4 else [
                rng.sample(paths, of) for _ in range(4)]
            for order in orders:
                ran = pinsim("merge", *order)
                self.assertEqual((ran.status, ran.out, ran.err),
                                 (OK, self.whole.out, ""))

    def test_every_race(self):
        """Cut by a bound on steps, which every part has as well."""
        for race in program.RACES:
            args = [race, "--max-steps", "12"]
            whole = pinsim(*EXPLORE, *args, "--jobs", "1")
            self.assertNotEqual(whole.status, FAULT, whole.err)
            ran = pinsim(*EXPLORE, *args, "--jobs", "2")
            self.assertEqual((ran.status, ran.out, ran.err),
                             (whole.status, whole.out, whole.err), race)

    def test_merged_files_merge(self):
        a, b, c = self.shards(3, *SMALL)
        ab, all_of_it = self.path("ab"), self.path("abc")
        ran = pinsim("merge", a, b, a, "--output", ab)
        self.assertEqual(ran.status, BUDGET)
        ran = pinsim("merge", c, ab, b, "--output", all_of_it)
        self.assertEqual((ran.status, ran.out), (OK, self.whole.out))
        again = self.path("again")
        pinsim("merge", a, c, b, "--output", again)
        self.assertEqual(pathlib.Path(all_of_it).read_bytes(),
                         pathlib.Path(again).read_bytes())

    def test_missing_shards_are_named(self):
        paths = self.shards(3, *SMALL)
        ran = pinsim("merge", paths[1])
        self.assertEqual(ran.status, BUDGET)
        self.assertRegex(ran.err, r"^pinsim merge: missing: shard 1/3, 3/3 "
                                  r"\(\d+ items\)\n$")
        self.assertIn("missing results", ran.out)
        self.assertNotIn("exhaustive", ran.out)
        other = self.shards(2, *SMALL)
        ran = pinsim("merge", paths[0], paths[1], other[0])
        self.assertEqual(ran.status, BUDGET)
        self.assertRegex(ran.err, r"missing: \d+ items: demand-ref 6\.12 ")

    def test_parts_of_other_searches_are_refused(self):
        path = self.shards(1, *SMALL)[0]
        for args, word in (
                (["tests/races/get-page-on-cma.race", "--max-steps", "9"],
                 "race"),
                ([*SMALL, "--unroll", "7"], "set of options"),
                ([SMALL[0], "--design", "eager"], "set of options"),
                ([*SMALL, "--kernel", "6.1"], "set of options")):
            other = self.path("other.json")
            pinsim(*EXPLORE, *args, "--output", other)
            ran = pinsim("merge", path, other)
            self.assertEqual((ran.status, ran.out), (USAGE, ""))
            self.assertEqual(ran.err, f"pinsim merge: {other}: holds results "
                             f"of another {word} than {path}\n")
            ran = pinsim(*EXPLORE, *args, "--checkpoint", path)
            self.assertEqual((ran.status, ran.out), (USAGE, ""))
            self.assertIn(f"of another {word} than this search\n", ran.err)

    def test_file_damaged_anyhow(self):
        """Refused in one line, or it says nothing else than it did."""
        path = self.shards(1, *SMALL)[0]
        text = pathlib.Path(path).read_bytes()
        damaged = pathlib.Path(self.path("damaged.json"))
        rng = random.Random(11)
        refused = 0
        for _ in range(200):
            at = rng.randrange(len(text))
            damaged.write_bytes(text[:at] + rng.choice(
                [b"", b"0", b'"', b"{", b"]", b"-", b"\0", b"\xff"]) +
                text[at + 1:])
            ran = pinsim("merge", str(damaged))
            self.assertIn(ran.status, (OK, VIOLATED, USAGE, BUDGET), ran.err)
            if ran.status == USAGE:
                self.assertEqual((ran.err.count("\n"), ran.out), (1, ""))
                refused += 1
        self.assertGreater(refused, 100)

    def test_item_with_two_results_is_a_fault_of_somebody(self):
        path = self.shards(1, *SMALL)[0]
        doc = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        result = next(iter(doc["cases"][0]["results"].values()))
        result["executions"] += 1
        other = pathlib.Path(self.path("other.json"))
        other.write_text(json.dumps(doc), encoding="utf-8")
        ran = pinsim("merge", path, str(other))
        self.assertEqual((ran.status, ran.out), (USAGE, ""))
        self.assertIn("was run twice, with different results", ran.err)


class Disturbed(Items):
    """Kill, interrupt, starve."""

    whole = None

    def setUp(self):
        super().setUp()
        race = pathlib.Path(self.path("long.race"))
        race.write_text(long_race("long", 5), encoding="utf-8")
        self.search = [*EXPLORE, "--reduction", "none", str(race), "--design",
                       "demand-ref", "--jobs", "2"]
        if not Disturbed.whole:
            Disturbed.whole = pinsim(*self.search)

    def begin(self, checkpoint):
        """A search that has begun with its items."""
        process = start(*self.search, "--checkpoint", checkpoint)
        while not os.path.exists(checkpoint):
            time.sleep(0.01)
        time.sleep(0.1)
        return process

    def resume(self, checkpoint):
        ran = pinsim(*self.search, "--checkpoint", checkpoint)
        self.assertEqual((ran.status, ran.out, ran.err),
                         (self.whole.status, self.whole.out, self.whole.err))

    def done(self, checkpoint):
        doc = json.loads(pathlib.Path(checkpoint).read_text(encoding="utf-8"))
        return sum(item["done"] for case in doc["cases"]
                   for item in case["results"].values())

    def test_checkpoint_survives_kill(self):
        rng = random.Random(9)
        checkpoint = self.path("checkpoint")
        seen = 0
        for _ in range(5):
            process = start(*self.search, "--checkpoint", checkpoint)
            time.sleep(rng.uniform(0.02, 0.6))
            workers = children(process)
            process.kill()
            process.communicate()
            # It can be read, and nothing that it had is lost.
            if os.path.exists(checkpoint):
                self.assertGreaterEqual(self.done(checkpoint), seen)
                seen = self.done(checkpoint)
            time.sleep(0.1)
            self.assertFalse([pid for pid in workers if alive(pid)])
        self.resume(checkpoint)

    def test_worker_that_dies_is_named_by_its_item(self):
        checkpoint = self.path("checkpoint")
        process = self.begin(checkpoint)
        os.kill(children(process)[0], signal.SIGKILL)
        out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (FAULT, b""))
        self.assertRegex(err.decode(), r"^pinsim explore: long: "
                         r"design demand-ref, item [0-9.]+: its process was "
                         r"killed by signal 9, Killed\n$")
        self.resume(checkpoint)

    def test_interrupt_ends_with_a_report_and_a_checkpoint(self):
        for everybody, number, word in (
                (False, signal.SIGINT, b"Ctrl-C"),
                (True, signal.SIGINT, b"Ctrl-C"),
                (False, signal.SIGTERM, b"SIGTERM"),
                (True, signal.SIGTERM, b"SIGTERM")):
            checkpoint = self.path(f"checkpoint-{everybody}-{number}")
            process = self.begin(checkpoint)
            # The terminal tells all of them, kill(1) only the parent.
            for pid in children(process) if everybody else []:
                os.kill(pid, number)
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
            self.assertEqual((process.returncode, err), (BUDGET, b""))
            self.assertIn(word, out)
            self.resume(checkpoint)

    def test_memory_ends_with_a_report_and_a_checkpoint(self):
        checkpoint = self.path("checkpoint")
        ran = pinsim(*self.search, "--checkpoint", checkpoint, "--memory", "1M")
        self.assertEqual((ran.status, ran.err), (BUDGET, ""))
        self.assertIn("--memory", ran.out)
        self.resume(checkpoint)
        ran = pinsim(*self.search[:-2], "--memory", "1M")
        self.assertEqual((ran.status, ran.err), (BUDGET, ""))
        self.assertIn("--memory", ran.out)

    def test_time_ends_with_a_report_and_a_checkpoint(self):
        checkpoint = self.path("checkpoint")
        ran = pinsim(*self.search, "--checkpoint", checkpoint, "--time", "0.1")
        self.assertEqual((ran.status, ran.err), (BUDGET, ""))
        self.assertIn("--time", ran.out)
        self.resume(checkpoint)

    def test_file_that_cannot_be_written_is_refused(self):
        for option in ("--checkpoint", "--output"):
            ran = pinsim(*self.search, option, "/no/such/file")
            self.assertEqual((ran.status, ran.out), (USAGE, ""))
            self.assertEqual(ran.err, f"pinsim explore: {option}: "
                             "/no/such/file: No such file or directory\n")


if __name__ == "__main__":
    program.main()
