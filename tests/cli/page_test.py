#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The page of pinsim matrix, as a browser sees it: opened from disk, by hand.

Without chromium only what can be seen in its text is looked at.
"""

import html.parser
import json
import re
import shutil
import subprocess
import unittest

import matrix_test
import program
from program import OK, VIOLATED, pinsim

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync",
         "--virtual-time-budget=2000"]
# What is shown of the sections, and which cells a keyboard comes to.
PROBE = """<script>addEventListener("load", () => setTimeout(() => {
  const shown = [...document.querySelectorAll("section")].filter(
    s => getComputedStyle(s).display != "none" && s.offsetHeight > 100);
  const keys = [...document.querySelectorAll("td a")].filter(
    a => a.tabIndex >= 0 && a.offsetHeight > 10);
  document.title = "shown " + shown.map(s => s.id) + "; keys " + keys.length;
}, 100))</script></body>"""


class Seen(html.parser.HTMLParser):
    """What there is on a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.ids, self.replays = set(), [], [], []
        self.outside, self.classes = [], {}
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.inside = attrs.get("class", "") if tag == "code" else ""
        if tag == "a":
            self.links.append(attrs["href"])
            self.classes[attrs["href"]] = attrs.get("class", "")
        self.outside += [v for k, v in attrs.items()
                         if k in ("src", "srcset", "action", "data") or
                         k.startswith("on")]

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "replay":
            self.replays.append(data)


class Page(matrix_test.Matrix):
    """One page of small races and the document that it shows."""

    made = None

    def setUp(self):
        super().setUp()
        self.write("odd", "# <b>&amp; \"'</b> </pre>\n" +
                   matrix_test.RACES["registers"] % matrix_test.MACHINE)
        self.path = self.dir / "page.html"
        if not Page.made:
            Page.made = self.make()
        self.text, self.cells_of = Page.made
        self.path.write_text(self.text, encoding="utf-8")

    def make(self):
        """The page and its cells, which are the same for every test."""
        ran = self.matrix(str(self.dir), "--html", str(self.path), "--json", "-")
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""))
        return (self.path.read_text(encoding="utf-8"),
                json.loads(ran.out)["cells"])

    def replays(self):
        """The replay lines of the document."""
        return [f"pinsim replay '{v['replay']}'" for c in self.cells_of
                for s in c["searches"] or () for v in s["violations"]]

    def browse(self, path, fragment=""):
        """The DOM of a page, a moment after it was opened."""
        done = subprocess.run(
            [CHROMIUM, *FLAGS, f"--user-data-dir={self.dir}/chromium",
             "--dump-dom", f"file://{path}{fragment}"], timeout=120,
            env={"HOME": str(self.dir), "PATH": "/usr/bin:/bin"},
            capture_output=True, check=True)
        return done.stdout.decode("utf-8")

    def test_needs_nothing_but_itself(self):
        seen = Seen(self.text)
        self.assertLessEqual(seen.tags & {"script", "link", "img", "iframe",
                                          "object", "embed", "base"}, set())
        self.assertEqual(seen.outside, [])
        self.assertNotRegex(self.text, r"@import|url\(|https?:")
        self.assertIn("default-src &#39;none&#39;", self.text)

    def test_every_link_leads_somewhere(self):
        seen = Seen(self.text)
        self.assertEqual(len(seen.ids), len(set(seen.ids)))
        self.assertLessEqual(set(seen.links), {f"#{name}" for name in seen.ids})
        for i, cell in enumerate(self.cells_of):
            self.assertEqual(seen.classes[f"#cell-{i}"].split()[0],
                             cell["verdict"])

    def test_replay_lines_are_those_of_the_document(self):
        self.assertEqual(Seen(self.text).replays, self.replays())
        self.assertGreater(len(self.replays()), 5)
        line = self.replays()[-1].split("'")[1]
        self.assertEqual(pinsim("replay", line, env={
            "PINSIM_RACES": str(self.dir)}).status, VIOLATED)

    def test_to_standard_output(self):
        args = [self.race("faults"), "--design", "demand-sound", "--html", "-"]
        ran = self.matrix(*args)
        self.assertEqual((ran.status, ran.err), (OK, ""))
        self.assertTrue(ran.out.startswith("<!DOCTYPE html>\n"))
        self.assertTrue(ran.out.endswith("</html>\n"))
        both = self.matrix(*args, "--json", "-")
        self.assertIn("--json - and --html - both want", both.err)

    @unittest.skipUnless(CHROMIUM, "chromium is not installed")
    def test_a_browser_reads_it_as_it_was_meant(self):
        seen, meant = Seen(self.browse(self.path)), Seen(self.text)
        self.assertEqual((seen.ids, seen.links, seen.replays),
                         (meant.ids, meant.links, meant.replays))

    @unittest.skipUnless(CHROMIUM, "chromium is not installed")
    def test_cells_open(self):
        """The map alone; then the story of one cell, of one race, each alone."""
        probe = self.dir / "probe.html"
        text = re.sub(r"<meta http-equiv[^>]*>", "", self.text)
        probe.write_text(text.replace("</body>", PROBE), encoding="utf-8")
        for name in ("", "cell-4", "race-1"):
            dom = self.browse(probe, f"#{name}" if name else "")
            self.assertIn(f"<title>shown {name}; keys {len(self.cells_of)}<", dom)


if __name__ == "__main__":
    program.main()
