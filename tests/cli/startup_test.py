#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pinsim startup: points are launched, told and written as JSON; what there is not
is refused with one line.
"""

import copy
import html.parser
import json
import os
import pathlib
import tempfile
import unittest

import program
from program import OK, USAGE, pinsim


class Page(html.parser.HTMLParser):
    """The elements of a page."""

    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)


SMALL = ("--memory", "16M", "--touch", "0.25")
COUNTS = {"pinned", "held", "taken", "migrated", "flushed", "wbinvd",
          "notifier_calls", "charged", "metadata", "faults", "steps", "lock",
          "lock_steps", "host_bytes", "host_ns"}


def points(*args):
    ran = pinsim("startup", *args, "--json", "-")
    assert (ran.status, ran.err) == (OK, ""), ran.err
    return json.loads(ran.out)["points"]


class Startup(unittest.TestCase):

    def test_every_design_at_every_size(self):
        found = points("--memory", "16M,32M", "--touch", "0.01")
        names = pinsim("list", "--designs").out
        designs = {p["design"] for p in found}
        self.assertEqual(len(found), 2 * len(designs))
        self.assertEqual([p["memory"] for p in found],
                         sorted(p["memory"] for p in found))
        for design in designs:
            self.assertIn(f"  {design} ", names)
        for p in found:
            self.assertEqual(p["err"], 0, p["design"])
            for moment in ("launched_", "touched_"):
                self.assertLessEqual({moment + c for c in COUNTS}, set(p))

    def test_counts_are_the_same_again(self):
        def counts():
            return [{k: v for k, v in p.items() if "_host_" not in k}
                    for p in points(*SMALL, "--design", "eager,demand-sound")]

        self.assertEqual(counts(), counts())

    def test_text_has_the_numbers_of_json(self):
        args = (*SMALL, "--design", "demand-ref")
        point = points(*args)[0]
        out = pinsim("startup", *args).out
        self.assertIn("demand-ref, 16M of RAM in normal memory\n", out)
        self.assertRegex(out, rf"pages pinned +{point['launched_pinned']} +"
                              rf"{point['touched_pinned']}\n")
        self.assertRegex(out, rf"bytes of metadata +{16 * (4096 + 1024)} ")

    def test_a_refusal_is_a_result(self):
        ran = pinsim("startup", "--memory", "1T", "--slots", "one",
                     "--touch", "0", "--design", "demand-ref")
        self.assertEqual((ran.status, ran.err), (OK, ""))
        self.assertIn("ends: memslot 0: -ENOMEM: kvmalloc() is asked for "
                      "2147483648 bytes", ran.out)

    def boot_ms(self, *args):
        return {(p["design"], p["memory"] >> 30): p["boot_ms"]
                for p in points("--touch", "0", *args)}

    def test_published_boot_times(self):
        self.assertEqual(
            self.boot_ms("--memory", "4G,192G", "--design", "demand-ref"),
            {("demand-ref", 4): 5710, ("demand-ref", 192): 6800})
        # Between them nothing was fitted: 16 GiB lies on the line.
        self.assertEqual(self.boot_ms("--memory", "16G", "--design",
                                      "demand-double,gmem"),
                         {("demand-double", 16): 5780, ("gmem", 16): -1})

    def test_a_table_of_costs(self):
        own = json.loads((program.ROOT / "sim/startup/costs.json").read_text(
            encoding="utf-8"))
        with tempfile.TemporaryDirectory() as tmp:
            path = pathlib.Path(tmp) / "costs.json"

            def ran(change):
                table = copy.deepcopy(own)
                change(table)
                path.write_text(json.dumps(table), encoding="utf-8")
                return pinsim("startup", *SMALL, "--design", "eager",
                              "--costs", path)

            def slow(table):
                table["columns"]["register"].update(fixed_s=100, page_ns=0)

            self.assertIn("table of costs: 100.00 s", ran(slow).out)
            for change, word in (
                    (lambda t: t.update(format=2), "'format' is not 1"),
                    (lambda t: t["columns"].pop("fault"), "'fault'"),
                    (lambda t: t["columns"]["fault"].pop("source"), "source"),
                    (lambda t: t["columns"]["fault"].update(page_ns=-1),
                     "0 or more"),
                    (lambda t: t["columns"]["fault"].update(fixed_s="5"),
                     "0 or more")):
                refused = ran(change)
                self.assertEqual((refused.status, refused.out), (USAGE, ""))
                self.assertRegex(refused.err, r"^pinsim startup: [^\n]+\n$")
                self.assertIn(word, refused.err)
            path.write_text("{", encoding="utf-8")
            self.assertEqual(pinsim("startup", "--costs", path).status, USAGE)
        self.assertEqual(pinsim("startup", "--costs", path).status, USAGE)

    def test_more_than_the_host_has(self):
        host = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGESIZE")
        # 110 bytes for each page of 4 KiB; the largest guest takes 55 GiB.
        need = (2 << 40) // 4096 * 110
        if host < need:
            ran = pinsim("startup", "--memory", "2T", "--design", "eager")
            self.assertEqual((ran.status, ran.out), (USAGE, ""))
            self.assertIn("GiB of this host's memory", ran.err)
        # What is not touched takes none.
        self.assertEqual(pinsim("startup", "--memory", "2T", "--touch", "0",
                                "--design", "demand-sound").status, OK)

    def test_a_page(self):
        ran = pinsim("startup", "--memory", "16M,32M,64M", "--touch", "0.1",
                     "--design", "eager,demand-sound,gmem", "--html", "-")
        self.assertEqual((ran.status, ran.err), (OK, ""))
        seen = Page()
        seen.feed(ran.out)
        seen.close()
        self.assertEqual(seen.tags.count("svg"), 5)
        # Nothing comes from elsewhere, and every place is a number.
        self.assertFalse({"script", "link", "img", "iframe"} & set(seen.tags))
        self.assertNotRegex(ran.out, r"\b(nan|inf|href|src)\b")
        # Three sizes on each line: the sizes stand below.
        self.assertIn(">64M</text>", ran.out)
        self.assertIn("gmem (none)", ran.out)

    def test_break_even(self):
        def even(*args):
            ran = pinsim("startup", "--memory", "16M", *args, "--json", "-")
            self.assertEqual((ran.status, ran.err), (OK, ""))
            data = json.loads(ran.out)
            return ({p["design"]: p for p in data["points"]},
                    {e["design"]: e["share"] for e in data["break_even"]})

        found, shares = even("--touch", "1", "--design",
                             "demand-ref,eager,demand-sound,gmem")
        self.assertEqual(set(shares), {"demand-ref", "demand-sound", "gmem"})
        # Where all is touched both have been counted: who took more steps?
        for design, share in shares.items():
            more = (found[design]["touched_steps"] >=
                    found["eager"]["touched_steps"])
            self.assertEqual(share != "never", more)
        # And where the lines cross, counts cross.
        share = float(shares["demand-sound"])
        for near, dearer in ((share - 0.05, False), (share + 0.05, True)):
            found, _ = even("--touch", f"{near:.3f}", "--design",
                            "eager,demand-sound")
            self.assertEqual(found["demand-sound"]["touched_steps"] >
                             found["eager"]["touched_steps"], dearer)
        # A launch may be the dearer one from the beginning.
        _, shares_of_eager = even("--touch", "0.1", "--design",
                                  "eager,eager-longterm")
        self.assertEqual(shares_of_eager, {"eager-longterm": "0.000"})
        for args in (("--touch", "0"), ("--design", "demand-ref")):
            self.assertEqual(even(*args)[1], {})
        # In text it stands at the end.
        self.assertRegex(
            pinsim("startup", "--memory", "16M", "--touch", "1", "--design",
                   "eager,demand-sound").out,
            rf"share\)\n  demand-sound +16 +{shares['demand-sound']}\n$")

    def test_sizes_are_sorted(self):
        found = points("--memory", "32M,8M,16M", "--design", "gmem")
        self.assertEqual([p["memory"] >> 20 for p in found], [8, 16, 32])

    def test_kernels(self):
        for kernel in ("5.17", "6.1", "6.12"):
            found = points(*SMALL, "--design", "eager", "--kernel", kernel)
            self.assertEqual(found[0]["launched_pinned"], 4096 + 1024)

    def test_what_there_is_not(self):
        for args, word in (
                (("--page", "2M"), "large folios"),
                (("--page", "1G"), "large folios"),
                (("--page", "3k"), "page size"),
                (("--memory", "1X"), "not a size"),
                (("--memory", "5M"), "multiple of 4M"),
                (("--memory", "4T"), "2T"),
                (("--memory", ""), "not a size"),
                (("--design", "nobody"), "no design"),
                (("--kernel", "2.4"), "no profile"),
                (("--touch", "1.5"), "0 to 1"),
                (("--touch", "nan"), "0 to 1"),
                (("--touch", ""), "0 to 1"),
                (("--layout", "moon"), "normal, movable or cma"),
                (("--slots", "two"), "qemu or one")):
            with self.subTest(args=args):
                ran = pinsim("startup", *args)
                self.assertEqual((ran.status, ran.out), (USAGE, ""))
                self.assertRegex(ran.err, r"^pinsim startup: [^\n]+\n$")
                self.assertIn(word, ran.err)


if __name__ == "__main__":
    program.main()
