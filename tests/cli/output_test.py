#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What pinsim says when it has something to say: each exit status, the way
from a run to its replay, JSON, KTAP, colours.
"""

import itertools
import json
import os
import pathlib
import pty
import re
import resource
import signal
import subprocess
import tempfile
import time
import unittest

import program
from program import (BUDGET, FAULT, OK, PINSIM, USAGE, VIOLATED, pinsim,
                     replay_lines)

LATE = "tests/races/late-longterm-pin.race"
FEW = ("--executions", "200")


def spoilt_race(where, old, new):
    """late-longterm-pin with another text in one place."""
    there = pathlib.Path(where, "late-longterm-pin.race")
    text = (program.ROOT / LATE).read_text(encoding="utf-8")
    assert old in text
    there.write_text(text.replace(old, new), encoding="utf-8")
    return str(there)


class Scratch(unittest.TestCase):
    """A directory of its own."""

    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.dir = made.name

    def disappointed(self):
        return spoilt_race(self.dir, "demand-ref      violates "
                           "longterm-placement", "demand-ref holds")


class Status(Scratch):
    """Each exit status, provoked."""

    def test_0_expectations_met(self):
        ran = pinsim("explore", LATE, *FEW)
        self.assertEqual((ran.status, ran.err), (OK, ""))
        self.assertIn("  expected  ", ran.out)
        self.assertEqual(pinsim("run", LATE).status, OK)
        self.assertEqual(pinsim("list").status, OK)

    def test_0_list_has_what_is_asked_for(self):
        heads = {"--races": "Races in tests/races:", "--designs": "Designs:",
                 "--checks": "Checks, and", "--kernels": "Kernel profiles:"}
        for count in (0, 1, 2):
            for options in itertools.combinations(heads, count):
                ran = pinsim("list", *options)
                self.assertEqual((ran.status, ran.err), (OK, ""))
                for option, head in heads.items():
                    self.assertEqual(head in ran.out,
                                     not options or option in options, options)
        self.assertIn("\n  5.17\n", pinsim("list", "--kernels").out)
        self.assertIn("  ref-leak  ", pinsim("list", "--checks").out)
        self.assertIn("  demand-sound  ", pinsim("list", "--designs").out)

    def test_0_random_search_cut_by_time_is_a_sample(self):
        ran = pinsim("explore", LATE, "--design", "demand-late", "--time",
                     "0.01", "--executions", "1000000000")
        self.assertEqual(ran.status, OK)
        self.assertIn("sampled", ran.out)

    def test_5_ctrl_c_ends_the_search_but_not_its_report(self):
        # Far more schedules than anybody waits for.
        run = subprocess.Popen([PINSIM, "explore", "--strategy", "exhaustive",
                                "--reduction", "none", "--whole",
                                "--design", "demand-takeover", LATE],
                               cwd=program.ROOT, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(1)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
        self.assertEqual((run.returncode, err), (BUDGET, ""))
        self.assertIn("stopped: by Ctrl-C", out)

    def test_1_expectation_disappointed(self):
        ran = pinsim("explore", self.disappointed(), *FEW)
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""))
        self.assertIn("UNEXPECTED", ran.out)
        self.assertEqual(pinsim("run", self.disappointed()).status, VIOLATED)

    def test_1_design_that_the_race_says_nothing_of(self):
        silent = spoilt_race(self.dir, "expect demand-ref      violates "
                             "longterm-placement", "")
        ran = pinsim("explore", silent, "--design", "demand-ref", *FEW)
        self.assertEqual(ran.status, VIOLATED)

    def test_2_bad_usage(self):
        self.assertEqual(pinsim("run").status, USAGE)

    @unittest.skipIf(b"__asan_init" in PINSIM.read_bytes(),
                     "the address sanitizer wants more room than that")
    def test_3_no_room_for_the_arena(self):
        limit = 1 << 36

        def small():
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

        ran = pinsim("list", preexec_fn=small)
        self.assertEqual((ran.status, ran.err.count("\n")), (FAULT, 1))

    def test_3_diverged_replay(self):
        line = replay_lines(pinsim("run", LATE, "--design", "eager").out)[0]
        line = line[:-1] + ("0" if line[-1] != "0" else "1")
        ran = pinsim("replay", line)
        self.assertEqual((ran.status, ran.err.count("\n")), (FAULT, 1))
        self.assertIn("diverged at step", ran.err)

    def test_3_standard_output_is_full(self):
        for args in (["list"], ["--help"], ["--version"], ["run", "--help"],
                     ["merge", "--help"]):
            with open("/dev/full", "wb") as full:
                argv = [PINSIM, *args]
                pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=[
                    (os.POSIX_SPAWN_DUP2, full.fileno(), 1),
                    (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
                status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            self.assertEqual(status, FAULT, args)

    def test_3_json_file_is_full(self):
        ran = pinsim("explore", LATE, *FEW, "--json", "/dev/full")
        self.assertEqual((ran.status, ran.err.count("\n")), (FAULT, 1))

    def test_5_budget_ended(self):
        ran = pinsim("explore", LATE, "--strategy", "exhaustive", "--design",
                     "demand-takeover", "--executions", "50")
        self.assertEqual((ran.status, ran.err), (BUDGET, ""))
        self.assertIn("stopped, 50", ran.out)
        self.assertIn("stopped: by --executions", ran.out)


class Strategy(Scratch):
    """Each way to search says what it covered, and claims no more."""

    def covered(self, *args):
        ran = pinsim("explore", "tests/races/two-vcpus-one-gfn.race",
                     "--design", "demand-late", *args)
        self.assertEqual((ran.status, ran.err), (OK, ""))
        told = re.findall(r"\nCovered:\n  demand-late, kernel 6.12: (.*)\n",
                          ran.out)
        self.assertEqual(len(told), 1, ran.out)
        return ran.out, told[0]

    def test_random(self):
        out, told = self.covered(*FEW)
        self.assertIn("sampled, 200", out)
        self.assertRegex(told, r"^\d+ schedules in 200 executions, chance of "
                         r"a new one [0-9.]+; \d+ traces in 200 executions, .*"
                         r"; \d+ final states in")
        _, told = self.covered("--executions", "300")
        self.assertRegex(told, r"; \d+ traces in the first 250 executions, ")

    def test_pct(self):
        out, told = self.covered("--strategy", "pct", *FEW)
        self.assertIn("sampled, 200", out)
        self.assertRegex(told, r"1/\(n k\^2\) = [0-9.e-]+ or more, .*n = 2, k")
        _, told = self.covered("--strategy", "pct", "--depth", "1", *FEW)
        self.assertIn("1/(n k^0) = 0.5 or more", told)
        _, told = self.covered("--strategy", "pct", "--choices", "5", *FEW)
        self.assertIn("no guarantee: 200 of 200 executions", told)

    def test_coverage(self):
        out, told = self.covered("--strategy", "coverage", *FEW)
        self.assertIn("sampled, 200", out)
        self.assertIn("turns at objects", told)
        self.assertNotIn("chance", told)

    def test_preemptions(self):
        out, told = self.covered("--preemptions", "1")
        self.assertIn("bounded, ", out)
        self.assertRegex(told, r"^0 to 1 preemptions: 2 \+ \d+ executions, all "
                         r"run; with more: none run$")
        again, _ = self.covered("--preemptions", "1", "--strategy",
                                "exhaustive")
        self.assertEqual(out, again)

    def test_preemptions_too_few_to_know(self):
        """What was not met may need more of them: that is no verdict."""
        args = ("explore", "tests/races/two-vcpus-one-gfn.race", "--design",
                "demand-ref", "--kernel", "6.1", "--preemptions")
        self.assertEqual(pinsim(*args, "1").status, BUDGET)
        self.assertEqual(pinsim(*args, "2").status, OK)


class Replay(Scratch):
    """run -> line -> replay, and minimize between them."""

    def test_run_and_replay_are_identical(self):
        for seed in (None, "1", "2", "3"):
            for design in ("demand-late", "demand-ref", "eager"):
                args = ["--design", design, "--steps"]
                args += ["--seed", seed] if seed else []
                ran = pinsim("run", LATE, *args)
                again = pinsim("run", LATE, *args)
                self.assertEqual(ran.out, again.out)
                line = replay_lines(ran.out)[0]
                back = pinsim("replay", line, "--steps")
                self.assertEqual(ran.out, back.out)
                self.assertIn(back.status, (OK, VIOLATED), back.err)

    def test_checks_left_out_come_back(self):
        ran = pinsim("run", "tests/races/late-longterm-in-map.race",
                     "--design", "demand-late:in-map", "--kernel", "6.1",
                     "--check", "all,-sleep-in-atomic")
        self.assertEqual(ran.status, VIOLATED)
        self.assertIn("deadlock", ran.out)
        back = pinsim("replay", replay_lines(ran.out)[0])
        self.assertEqual(ran.out, back.out)

    def test_seeds_give_different_schedules(self):
        lines = {replay_lines(pinsim("run", LATE, "--design", "demand-late",
                                     "--seed", str(n)).out)[0]
                 for n in range(1, 9)}
        self.assertGreater(len(lines), 4)

    def test_file_is_found_by_its_name(self):
        line = replay_lines(pinsim("run", LATE, "--design", "eager").out)[0]
        races = program.ROOT / "tests/races"
        for more in ({"cwd": races},
                     {"cwd": self.dir, "env": {"PINSIM_RACES": str(races)}}):
            self.assertEqual(pinsim("replay", line, **more).status, VIOLATED)
        there = str(program.ROOT / LATE)
        self.assertEqual(pinsim("replay", "--race", there, line,
                                cwd=self.dir).status, VIOLATED)

    def test_line_names_any_file_with_that_race(self):
        """What explore prints, minimize takes, and replay takes that."""
        race = "tests/races/two-vcpus-one-gfn.race"
        out = pinsim("explore", race, "--design", "demand-ref", *FEW).out
        lines = replay_lines(out)
        self.assertGreater(len(lines), 1)
        for line in lines:
            small = pinsim("minimize", line)
            self.assertEqual(small.status, OK, small.err)
            self.assertEqual(small.err.count("\n"), 1)
            self.assertTrue(small.err.endswith("Replay line:\n"), small.err)
            back = pinsim("replay", small.out.strip())
            self.assertEqual(back.status, VIOLATED, back.err)

    def test_minimize_drops_needless_departures(self):
        line = replay_lines(pinsim("run", LATE, "--design", "demand-ref",
                                   "--seed", "4").out)[0]
        self.assertNotEqual(line.split("/")[9], "-")
        small = pinsim("minimize", line, "--check", "longterm-placement")
        self.assertEqual(small.out.split("/")[9], "-")


    def test_minimize_reduces_the_race(self):
        """What has nothing to do with it goes: a task, and statements."""
        full = pathlib.Path(self.dir, "full.race")
        text = (program.ROOT / "tests/races/two-vcpus-one-gfn.race").read_text(
            encoding="utf-8")
        head = text.replace("two-vcpus-one-gfn", "full").split("# Test")[0]
        head = head.replace("cpus 2", "cpus 3")
        head = head.replace("role 1 { fault", "of guest role 1 { touch ram; fault")
        head = head.replace("role 0 {", "of guest role 0 {")
        full.write_text(head + "task other on 2 of vmm { hold ram; touch ram; "
                        "release ram; }\nexpect demand-ref holds\n",
                        encoding="utf-8")
        out = pinsim("explore", str(full), "--preemptions", "2", "--stop").out
        line = replay_lines(out)[0]
        small = pathlib.Path(self.dir, "small.race")
        ran = pinsim("minimize", line, "--race", str(full), "--reduce",
                     str(small))
        self.assertEqual(ran.status, OK, ran.err)
        self.assertIn("2 tasks, 2 statements", ran.err)
        self.assertIn("were 3 and 6", ran.err)
        text = small.read_text(encoding="utf-8")
        self.assertNotIn("other", text)
        self.assertNotIn("touch", text)
        back = pinsim("replay", ran.out.strip(), "--race", str(small))
        self.assertEqual(back.status, VIOLATED, back.err)
        named = pinsim("minimize", line, "--race", str(full), "--reduce", "x")
        self.assertEqual(named.status, USAGE)


def shape(value):
    """The types of a JSON value, for comparing with a schema."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [shape(v) for v in value]
    return type(value)


NULL = type(None)
SEARCH = {"how": str, "executions": int, "violated": int, "cut": int,
          "finals": int, "digest": str, "positive": int, "negative": int,
          "seed": int}
VERDICT = {"race": str, "hash": str, "design": str, "kernel": str,
           "checks": str, "verdict": str, "met": bool}
FOUND = {"number": int, "design": str, "kernel": str, "checks": str,
         "check": str, "text": str, "departures": int, "preemptions": int,
         "replay": str}
STORY = {"design": str, "kernel": str, "checks": str, "schedule": str,
         "replay": str, "end": str, "met": bool}
EVENT = {"time": int, "task": int, "task_name": str, "verb": str,
         "object": str, "name": str, "a": int, "b": int, "site": str,
         "step": bool}
VIOLATION = {"check": str, "time": int, "task": int, "text": str}


class Json(Scratch):
    """One object, of a known shape."""

    def members(self, value, schema, maybe=()):
        """@value has @schema's members; of @maybe, each is text or null."""
        got = shape(value)
        self.assertEqual({k: v for k, v in got.items() if k in schema}, schema)
        for name in maybe:
            self.assertIn(got.pop(name), (str, NULL))
        self.assertEqual(set(got) - set(schema),
                         {k for k, v in got.items()
                          if isinstance(v, (list, dict)) and k not in schema})

    def head(self, doc, verb):
        self.assertEqual(doc["pinsim"], 1)
        self.assertEqual(doc["verb"], verb)
        self.assertEqual(doc["race"], "late-longterm-pin")
        self.assertIn("long-term pin", doc["question"])

    def test_explore(self):
        ran = pinsim("explore", self.disappointed(), *FEW, "--all-kernels",
                     "--json", "-")
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""))
        doc = json.loads(ran.out)
        self.head(doc, "explore")
        self.assertEqual(len(doc["verdicts"]), 18)
        for verdict in doc["verdicts"]:
            self.members(verdict, VERDICT,
                         ("expected", "why", "condition", "replay"))
            self.members(verdict["search"], SEARCH,
                         ("bound", "covered"))
            self.assertEqual(verdict["met"], verdict["why"] is None)
            self.assertEqual(verdict["met"],
                             verdict["design"] != "demand-ref")
            self.assertEqual(verdict["verdict"] == "holds",
                             verdict["replay"] is None)
        self.assertEqual(len(doc["violations"]), 9)
        for found in doc["violations"]:
            self.members(found, FOUND)
            self.assertEqual(pinsim("replay", found["replay"]).status, VIOLATED)

    def test_run(self):
        ran = pinsim("run", LATE, "--json", "-")
        self.assertEqual((ran.status, ran.err), (OK, ""))
        doc = json.loads(ran.out)
        self.head(doc, "run")
        self.assertEqual([r["design"] for r in doc["runs"]],
                         ["demand-late", "demand-ref", "eager",
                          "demand-takeover", "demand-sound", "pinned-spte"])
        for number, story in enumerate(doc["runs"], 1):
            self.assertEqual(story["number"], number)
            self.story(story, {**STORY, "number": int})
        self.assertEqual(doc["runs"][0]["end"], "done")
        self.assertEqual([c["value"] for c in doc["runs"][0]["conditions"]],
                         [False, True])
        self.assertEqual(doc["runs"][1]["end"], "violation")

    def story(self, story, schema):
        self.members(story, schema, ("unexpected",))
        self.assertEqual(story["schedule"], story["replay"].split("/")[9])
        self.assertEqual([t["name"] for t in story["tasks"]],
                         ["vcpu0", "mover"])
        for event in story["events"]:
            self.assertEqual(shape(event), EVENT)
        for violation in story["violations"]:
            self.assertEqual(shape(violation), VIOLATION)
        for condition in story["conditions"]:
            self.assertIn(condition["value"], (True, False, None))
        self.assertEqual(bool(story["violations"]), story["end"] != "done")

    def test_replay(self):
        out = pinsim("run", LATE, "--design", "demand-late").out
        ran = pinsim("replay", replay_lines(out)[0], "--json", "-")
        self.assertEqual((ran.status, ran.err), (OK, ""))
        doc = json.loads(ran.out)
        self.head(doc, "replay")
        self.assertGreater(len(doc["events"]), 100)
        doc = {k: v for k, v in doc.items()
               if k not in ("pinsim", "verb", "race", "question")}
        self.story(doc, STORY)

    def test_file_beside_prose(self):
        there = pathlib.Path(self.dir, "out.json")
        for verb in ("run", "explore"):
            more = FEW if verb == "explore" else ()
            plain = pinsim(verb, LATE, *more)
            ran = pinsim(verb, LATE, *more, "--json", str(there))
            self.assertEqual(ran.out, plain.out)
            self.assertEqual(json.loads(there.read_bytes())["verb"], verb)


def parse_ktap(text):
    """KTAP version 1 without subtests: [(ok, name, diagnostics)]"""
    lines = text.split("\n")
    assert lines.pop() == "", "no newline at the end"
    assert lines.pop(0) == "KTAP version 1"
    plan = re.fullmatch(r"1\.\.(\d+)", lines.pop(0))
    results, diagnostics = [], []
    for line in lines:
        if line.startswith("# "):
            diagnostics.append(line[2:])
            continue
        result = re.fullmatch(r"(not )?ok (\d+) ([^#]+)", line)
        assert result, line
        assert int(result[2]) == len(results) + 1, line
        results.append((not result[1], result[3], diagnostics))
        diagnostics = []
    assert not diagnostics, "diagnostics of no result"
    assert len(results) == int(plan[1]), "the plan is not kept"
    return results


class NothingToChoose(unittest.TestCase):
    """One task that meets no choice has one execution, whatever the strategy."""

    RACE = """race one
"What does one task do?"
machine { cpus 2; zone normal 16M; zone movable 0; cma 0; }
process vmm { map ram 4K anon in normal; }
vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; }
task vcpu0 on 0 { %s fault gfn 0x100 write; }
%s
expect demand-sound holds
"""

    def search(self, *parts):
        with tempfile.TemporaryDirectory() as folder:
            race = pathlib.Path(folder) / "one.race"
            race.write_text(self.RACE % parts, encoding="utf-8")
            for strategy in ("random", "pct", "coverage"):
                ran = pinsim("explore", str(race), "--strategy", strategy,
                             "--executions", "9", "--json", "-")
                self.assertEqual((ran.status, ran.err), (OK, ""))
                search = json.loads(ran.out)["verdicts"][0]["search"]
                yield search["how"], search["executions"]

    def test_all_there_is(self):
        self.assertEqual(set(self.search("", "")), {("exhaustive", 1)})

    def test_a_choice_of_what_fails(self):
        self.assertEqual(set(self.search("may fail page_alloc;", "")),
                         {("sampled", 9)})

    def test_a_choice_of_who_runs(self):
        self.assertEqual(set(self.search("", "task mover on 1 { touch ram; }")),
                         {("sampled", 9)})


class Ktap(Scratch):
    """One result a case, for kernel CI."""

    def test_explore(self):
        results = parse_ktap(pinsim("explore", LATE, *FEW, "--ktap").out)
        self.assertEqual([name for _, name, _ in results],
                         ["late-longterm-pin:demand-late:6.12",
                          "late-longterm-pin:demand-ref:6.12",
                          "late-longterm-pin:eager:6.12",
                          "late-longterm-pin:demand-takeover:6.12",
                          "late-longterm-pin:demand-sound:6.12",
                          "late-longterm-pin:pinned-spte:6.12"])
        self.assertTrue(all(ok for ok, _, _ in results))
        self.assertIn("sampled", results[0][2][0])

    def test_failure(self):
        for verb, more in (("explore", FEW), ("run", ())):
            ran = pinsim(verb, self.disappointed(), *more, "--ktap")
            self.assertEqual(ran.status, VIOLATED)
            results = parse_ktap(ran.out)
            self.assertEqual([ok for ok, _, _ in results],
                             [True, False, True, True, True, True])
            self.assertIn("longterm-placement", " ".join(results[1][2]))

    def test_run(self):
        ran = pinsim("run", LATE, "--ktap")
        self.assertEqual(ran.status, OK)
        self.assertEqual(len(parse_ktap(ran.out)), 6)

    def test_names_are_unique(self):
        for race in program.RACES:
            ran = pinsim("run", str(race), "--ktap")
            names = [name for _, name, _ in parse_ktap(ran.out)]
            self.assertEqual(len(names), len(set(names)))

    def test_with_json_beside_it(self):
        there = pathlib.Path(self.dir, "out.json")
        ran = pinsim("explore", LATE, *FEW, "--ktap", "--json", str(there))
        self.assertEqual(len(parse_ktap(ran.out)),
                         len(json.loads(there.read_bytes())["verdicts"]))


def on_a_terminal(args, **env):
    """What pinsim writes to a terminal."""
    try:
        pid, master = pty.fork()
    except OSError as err:      # a chroot without /dev/pts
        raise unittest.SkipTest(f"no terminal to be had: {err}") from err
    if not pid:
        environ = {**os.environ, **env}
        if "NO_COLOR" not in env:
            environ.pop("NO_COLOR", None)
        os.chdir(program.ROOT)
        os.execve(PINSIM, [PINSIM, *args], environ)
    text = b""
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:     # the other side is closed
            break
        if not more:
            break
        text += more
    os.close(master)
    os.waitpid(pid, 0)
    return text


class Colour(Scratch):
    """Only on a terminal, and not if NO_COLOR forbids it."""

    def test_terminal_has_colours(self):
        args = ["explore", self.disappointed(), *FEW]
        self.assertIn(b"\033[", on_a_terminal(args))
        self.assertIn(b"\033[", on_a_terminal(args, NO_COLOR=""))

    def test_no_color_has_none(self):
        for args in (["explore", self.disappointed(), *FEW],
                     ["run", LATE]):
            text = on_a_terminal(args, NO_COLOR="1")
            self.assertIn(b"longterm-placement", text)
            self.assertNotIn(b"\033", text)

    def test_no_line_is_wider_than_the_terminal(self):
        for columns in (40, 80):
            text = on_a_terminal(["run", "tests/races/canary/backwards.race"],
                                 NO_COLOR="1", COLUMNS=str(columns))
            table = [line for line in text.decode().split("\r\n")
                     if line.startswith(("|", "+"))]
            self.assertGreater(len(table), 20)
            self.assertEqual({len(line) <= columns for line in table}, {True})
        self.assertIn("| third: ", text.decode())

    def test_pipe_has_none(self):
        self.assertNotIn("\033", pinsim("run", LATE).out)
        self.assertNotIn("\033",
                         pinsim("explore", self.disappointed(), *FEW).out)


if __name__ == "__main__":
    program.main()
