#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each call that can fail fails once, in every race, for every design.

At each of them the errno is the kernel's, and nothing is left behind: no
reference, no page, no memory, no lock. What a design is known to do wrong when a
call fails stands in KNOWN; it is a result, not a fault of the model.
"""

import re
import unittest

from program import OK, RACES, USAGE, VIOLATED, main, pinsim, replay_lines

KERNELS = ("5.17", "6.1", "6.12")
ROW = re.compile(r"([! ]) (\S+) +(\d+)  (\S+) in (\S+)\(\) +(\S+(?: = \S+)?) +"
                 r"(holds|violates \S+|cut|is not .*)$")
CODE = "tests/subject/code"

# (race, design and checks, what is violated): at some call, in some kernel.
KNOWN = {
    # The hook in the map step cannot fail: a page whose pin failed stays mapped
    # without one (demand_late.c, 1.3). Where a second call sleeps first, that.
    ("isolated-in-map", "demand-late:in-map", "mapped-unpinned"),
    ("late-longterm-in-map", "demand-late:in-map", "mapped-unpinned"),
    # a slot that is older than the VM's SEV state is mapped unpinned; when
    # the first fault fails, it is the second that shows it, sleeping in the map.
    ("slot-before-sev", "demand-late:in-map", "mapped-unpinned"),
    # 5.17 has no WBINVD where memory is reclaimed (0.4, H.30): what a failure keeps
    # from being flushed by the design is freed under the guest's dirty lines.
    ("memslot-delete-under-fault", "demand-takeover", "cache-stale"),
    # R-06b: whatever makes the second of its two pins fail is a bug to it, and
    # kills the VM.
    ("zero-page", "demand-double", "kernel-warn"),
    # the page whose first fault failed is mapped when the slot's mark is lost.
    ("hook-per-write", "demand-double", "mapped-unpinned"),
    # H-21: where the fault fails and nothing is held for the guest, the references
    # that come round are one short of what there was, and the last one is missing.
    ("count-wraps", "demand-ref", "ref-underflow"),
    ("count-wraps", "demand-sound", "ref-underflow"),
    # without memory for the list of a command's pages both RFCs write to it by
    # way of the MMU, or have GUP do so, which warns.
    ("flush-before-encrypt", "demand-ref", "kernel-bug"),
    ("flush-before-encrypt", "demand-double", "kernel-bug"),
    ("launch-fails-mapped", "demand-ref", "kernel-bug"),
    ("launch-fails-mapped", "demand-double", "kernel-bug"),
    ("launch-frame-zero", "demand-ref", "kernel-bug"),
    ("launch-frame-zero", "demand-double", "kernel-bug"),
    ("launch-hole", "demand-ref", "kernel-bug"),
    ("launch-kept-pins", "demand-ref", "kernel-warn"),
    ("launch-kept-pins", "demand-double", "kernel-warn"),
    ("launch-two-slots", "demand-ref", "kernel-bug"),
    ("launch-two-slots", "demand-double", "kernel-bug"),
    ("launch-vs-slot-delete", "demand-ref", "kernel-bug"),
    ("launch-window", "demand-ref", "kernel-warn"),
    ("receive-clean-page", "demand-ref", "kernel-warn"),
    ("receive-clean-page", "demand-double", "kernel-bug"),
    ("send-update-charge", "demand-ref", "kernel-warn"),
    ("send-update-charge", "demand-double", "kernel-warn"),
    # R-23a: what the MMU has pinned is dropped when the firmware refuses, too.
    ("flush-before-encrypt", "demand-double", "owner-mismatch"),
    ("flush-before-encrypt", "demand-double", "record-mismatch"),
    ("launch-frame-zero", "demand-double", "owner-mismatch"),
    ("launch-frame-zero", "demand-double", "record-mismatch"),
    ("launch-vs-slot-delete", "demand-double", "owner-mismatch"),
    ("launch-vs-slot-delete", "demand-double", "record-mismatch"),
    ("receive-clean-page", "demand-double", "owner-mismatch"),
    ("receive-clean-page", "demand-double", "record-mismatch"),
    # H-38: the page could not be made shared, and the hole is punched all the same.
    ("gmem-convert-vs-fault", "gmem", "guest-corruption"),
}
# fakes/fault.def
POINTS = ("slab", "page_alloc", "usercopy", "fatal_signal", "folio_try_get",
          "try_grab_folio", "folio_isolate_lru", "folio_trylock", "isolate_block",
          "swap_slot", "swap_cache", "page_cache",
          "sev_cmd")


def rows(ran, race):
    """The table's rows with the design that they are about."""
    design = ""
    for line in ran.out.split("\n"):
        if line.startswith("== "):
            design = line[3:].split(",")[0]
        found = ROW.match(line)
        if found:
            yield (race, design) + found.groups()


class Every(unittest.TestCase):
    """The loop over all calls."""

    def test_shipped_races(self):
        primitives, known, tried = set(), set(), 0
        for race in RACES:
            for kernel in KERNELS:
                ran = pinsim("run", race, "--kernel", kernel, "--fail-every")
                if ran.status == USAGE:
                    self.assertIn("does not speak of kernel", ran.err)
                    continue
                bad = False
                for name, design, mark, task, n, point, site, came, end \
                        in rows(ran, race.stem):
                    primitives.add(point)
                    tried += 1
                    where = f"{name}, {design}, kernel {kernel}, {task}:any:{n}: " \
                            f"{point} in {site}(): {came}: {end}"
                    self.assertNotIn("is not", end, where)
                    if mark == "!":
                        bad = True
                        for check in end.removeprefix("violates ").split(","):
                            self.assertIn((name, design, check), KNOWN, where)
                            known.add((name, design, check))
                self.assertEqual(ran.status, VIOLATED if bad else OK, ran.err)
        self.assertEqual(known, KNOWN)
        self.assertGreater(tried, 500)
        self.assertEqual(primitives, set(POINTS))

    def test_every_statement(self):
        # Whatever of a call fails, what it had until then is given back.
        race = "tests/races/failures/every-statement.race"
        points, ops = set(), set()
        for kernel, designs in (("5.17", ["eager"]), ("6.1", ["eager-longterm"]),
                                ("6.12", ["eager", "eager-longterm", "demand-ref",
                                          "demand-late", "demand-takeover"])):
            for design in designs:
                ran = pinsim("run", race, "--kernel", kernel, "--design", design,
                             "--fail-every")
                bad = [r for r in rows(ran, "") if r[2] == "!"]
                # R-34, of the three commands, and nothing else.
                known = [("slab", "sev_alloc_pages", f"violates kernel-{end}")
                         for end in ("bug", "warn", "warn") if design == "demand-ref"]
                self.assertEqual([(r[5], r[6], r[8]) for r in bad], known)
                self.assertEqual(ran.status, VIOLATED if known else OK)
                for row in rows(ran, ""):
                    points.add(row[5])
                    ops.add(row[7].split(" ")[0])
                    if row[2] != "!":
                        self.assertIn(row[8].removeprefix("violates "),
                                      ("holds", "use-after-free"))
        self.assertEqual(points, set(POINTS))
        self.assertLessEqual({"touch", "fault", "register", "slot", "pin", "migrate",
                              "cma_alloc", "munmap", "launch_update", "send_update",
                              "receive_update", "prefault"}, ops)

    def test_counts_go_up_without_a_gap(self):
        ran = pinsim("run", "tests/races/late-longterm-pin.race", "--fail-every",
                     "--design", "demand-takeover")
        last = {}
        for _, _, _, task, n, *_ in rows(ran, ""):
            self.assertEqual(int(n), last.get(task, 0) + 1)
            last[task] = int(n)
        self.assertEqual(set(last), {"vcpu0", "mover"})

    def test_own_code_that_leaks_on_error(self):
        ran = pinsim("run", "tests/races/memlock-boundary.race", "--fail-every",
                     "--check", "memory-leak", "--design", f"{CODE}/leaks_on_error.c")
        self.assertEqual(ran.status, VIOLATED, ran.err)
        bad = [r for r in rows(ran, "") if r[2] == "!"]
        self.assertTrue(bad)
        for row in bad:
            self.assertEqual(row[5:7], ("slab", "sev_mem_enc_register_region"))
            self.assertEqual(row[7:], ("register = -ENOMEM", "violates memory-leak"))
        self.assertRegex(" ".join(ran.out.split()), r"1 allocation is never freed; the last is "
                         r"of 16 bytes, by vcpu0 in sev_mem_enc_register_region\(\) at "
                         r"leaks_on_error.c:11 ")
        # And its line replays it.
        line = replay_lines(ran.out)[0]
        self.assertIn("/fail=vcpu0:any:", line)
        again = pinsim("replay", line, "--design", f"{CODE}/leaks_on_error.c")
        self.assertEqual(again.status, VIOLATED, again.err)
        self.assertIn("memory-leak", again.out)

    def test_refused(self):
        race = "tests/races/memlock-boundary.race"
        for option in ("--fail=any:1", "--seed=1", "--steps", "--ktap", "--json=-"):
            ran = pinsim("run", race, "--fail-every", option)
            self.assertEqual(ran.status, USAGE)
            self.assertRegex(ran.err, r"^pinsim run: --fail-every does not go with --")


class Fail(unittest.TestCase):
    """--fail, and the line that carries it."""

    RACE = "tests/races/late-longterm-pin.race"

    def test_one_call_and_its_replay_line(self):
        ran = pinsim("run", self.RACE, "--design", "demand-takeover", "--fail",
                     "vcpu0:page_alloc:1")
        self.assertEqual(ran.status, OK, ran.err)
        self.assertIn("page_alloc is made to fail", ran.out)
        self.assertRegex(ran.out, r"-ENOMEM +vcpu0: touch ram")
        line = replay_lines(ran.out)[0]
        self.assertIn("/all/fail=vcpu0:page_alloc:1/", line)
        again = pinsim("replay", line)
        self.assertEqual(again.status, OK, again.err)
        self.assertEqual(again.out.split("\n")[1:], ran.out.split("\n")[1:])
        # Without it, the line is another execution's.
        other = pinsim("replay", line.replace("fail=vcpu0:page_alloc:1/", ""))
        self.assertEqual(other.status, 3)

    def test_may_is_explored_whole(self):
        outs = {}
        for reduction in ("both", "dpor", "states", "none"):
            ran = pinsim("explore", "tests/races/late-longterm-in-map.race", "--design",
                         "demand-takeover", "--fail", "any:may", "--strategy", "exhaustive",
                         "--reduction", reduction)
            self.assertEqual(ran.status, OK, ran.err + ran.out)
            outs[reduction] = re.search(r"exhaustive, (\d+)", ran.out)[1]
        # One task: every order is the same, every failure is another execution,
        # unless it comes to a state that is known.
        self.assertEqual(outs["dpor"], outs["none"])
        self.assertLessEqual(int(outs["both"]), int(outs["none"]))
        table = pinsim("run", "tests/races/late-longterm-in-map.race", "--design",
                       "demand-takeover", "--fail-every")
        calls = len(list(rows(table, "")))
        self.assertEqual(int(outs["none"]), calls + 1)

    def test_jobs_come_to_the_same(self):
        args = ("explore", "tests/races/late-longterm-in-map.race", "--design",
                "demand-takeover", "--fail", "any:may", "--strategy", "exhaustive")
        one, two = pinsim(*args), pinsim(*args, "--jobs", "2")
        self.assertEqual((one.status, two.status), (OK, OK), two.err)
        verdict = r"demand-takeover +holds +expected +exhaustive"
        self.assertRegex(one.out, verdict)
        self.assertRegex(two.out, verdict)

    def test_bad_words(self):
        for word, said in (("slab", "is not [TASK:]PRIMITIVE:WHEN"),
                           ("nobody:slab:1", "is no task of the race"),
                           ("vcpu0:slub:1", "cannot be made to fail; see pinsim-race(5)"),
                           ("slab:0", "is no N, NxTIMES, may or mayxTIMES"),
                           ("slab:1x", "is no N, NxTIMES, may or mayxTIMES"),
                           ("slab:1xeach", "is no N, NxTIMES, may or mayxTIMES"),
                           ("slab:-1", "is no N, NxTIMES, may or mayxTIMES"),
                           ("a:slab:1:1", "is not [TASK:]PRIMITIVE:WHEN"),
                           ("", "is too long, or nothing")):
            ran = pinsim("run", self.RACE, "--fail", word)
            self.assertEqual(ran.status, USAGE, word)
            self.assertRegex(ran.err, r"^pinsim run: --fail: ")
            self.assertIn(said, ran.err)


if __name__ == "__main__":
    main()
