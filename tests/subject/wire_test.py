#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What mailers and web archives do that the standards hardly allow: odd headers,
parts in parts, encodings that are bent, pages that are cut off. A patch comes out
of it as it went in, or the mail is refused in one line.

usage: wire_test.py MAIL_DUMP ROOT
"""

import sys
import unittest

import mails
from mail_test import NAMES, PATCH, MailTest

TEXT = "Content-Type: text/plain"


def escaped(lines):
    """As a page shows them."""
    return "\n".join(s.replace("&", "&amp;").replace("<", "&lt;")
                     .replace(">", "&gt;") for s in lines)


# In sev_free_memslot(): one line, as a comment is.
COMMENT = "Nobody else can see the slot any more: plain bit operations."


def page(comment):
    """A page with the patch, another comment in it."""
    return "<html><pre>" + escaped(PATCH).replace(COMMENT, comment) + "</pre>"


class Wire(MailTest):
    """What a page shows is found in the source."""

    def shows(self, comment, wanted):
        done = self.dump(page(comment))
        self.assertEqual(done.names(), NAMES)
        self.assertIn("/* " + wanted + " */", done.source)


class Encodings(Wire):
    """Quoted-printable, format=flowed and blanks that are none."""

    def quoted(self, lines):
        return mails.raw(lines, [TEXT + "; charset=utf-8",
                                 "Content-Transfer-Encoding: Quoted-Printable"])

    def test_any_byte_as_lower_case_hex(self):
        self.whole(self.quoted(["".join(f"={ord(c):02x}" for c in s)
                                for s in PATCH]), 0)

    def test_blanks_behind_a_soft_end_are_not_there(self):
        lines = []
        for line in PATCH:
            line = line.replace("=", "=3D").replace("\t", "=09")
            cut = line.rfind(" ", 10, 30)
            if cut > 0:
                lines += [line[:cut] + "= \t", line[cut:].replace(" ", "=20", 1)]
            else:
                lines.append(line)
        self.whole(self.quoted(lines), 0)

    def test_what_is_no_hex_stays_as_it_is(self):
        for text in ("a=g0b", "a=0gb", "=/0", "a=:b", "=@@ =``"):
            done = self.dump(self.quoted(
                [s.replace("=", "=3D").replace(COMMENT, text) for s in PATCH]))
            self.assertEqual(done.names(), NAMES)
            self.assertIn("/* " + text + " */", done.source)

    def test_encoded_end_of_line_makes_no_line(self):
        self.whole(self.quoted([s.replace("=", "=3D") + "=0D=0A" for s in PATCH]), 0)

    def test_soft_end_of_the_last_line_ends_it(self):
        self.whole(self.quoted([s.replace("=", "=3D") for s in PATCH] + ["x="]), 0)

    def flow(self, lines, delsp):
        """Long lines end in a blank and go on in the next one."""
        out = []
        for line in lines:
            prefix = "" if not line.startswith(">") else ">"
            cut = line.rfind(" ", 45)
            if cut > 0 and line[cut + 1] not in "+-@\\ >":
                out += [line[:cut] + ("  " if delsp else " "),
                        prefix + (" " if prefix else "") + line[cut + 1:]]
            else:
                out.append(" " + line if line.startswith((" ", "From "))
                           and not prefix else line)
        self.assertGreater(len(out), len(lines))
        return mails.raw(out, [TEXT + "; format=Flowed"
                               + ("; DelSp=YES" if delsp else "")])

    def test_flowed_lines_joined(self):
        for delsp in (False, True):
            for depth in (0, 1):
                body = mails.reply(PATCH, depth) if depth else PATCH
                with self.subTest(delsp=delsp, depth=depth):
                    self.whole(self.flow(body, delsp), depth)

    def test_flowed_line_is_not_joined_to_one_of_a_diff(self):
        lines = [s + " " if len(s) > 45 else s for s in PATCH]
        for parameters in ("format=flowed", "format=fixed; delsp=no"):
            done = self.dump(mails.raw(lines, [TEXT + "; " + parameters]))
            self.assertEqual(done.names(), NAMES)

    def test_blanks_of_no_ascii_are_blanks(self):
        for blank in (b"\xc2\xa0", b"\xa0"):
            lines = [s.replace(" ", "\0", 1) if s.startswith(" ") else s
                     for s in PATCH]
            text = mails.raw(lines).encode().replace(b"\0", blank)
            self.whole(text, 0)

    def test_what_has_no_width_goes(self):
        for mark in ("\u200b", "\ufeff"):
            self.whole(mails.raw([s.replace("(", "(" + mark) for s in PATCH]), 0)

    def test_other_characters_stay(self):
        for text in ("\u00e9\u00e0", "\u2019", "\u2080\u2014", "\uff5e", "\u00c2"):
            lines = [s.replace(COMMENT, text) for s in PATCH]
            self.assertIn("/* " + text + " */", self.dump(mails.raw(lines)).source)


class Parts(Wire):
    """Multipart mails and odd headers."""

    def mixed(self, lines, boundary="x"):
        return mails.raw(lines, ["Content-Type: multipart/mixed; boundary="
                                 + boundary])

    def test_mail_in_a_mail_recovered(self):
        self.whole(self.mixed(
            ["--x", "Content-Type: message/rfc822", "", "Subject: a patch",
             "From: a@b.c", TEXT, ""] + PATCH + ["--x--"]), 0)

    def test_parts_nested_too_deep_are_passed_over(self):
        for kind in ("multipart/mixed; boundary=b{}", "message/rfc822"):
            lines = []
            for depth in range(12):
                lines += [f"--b{depth - 1}"] if depth and "mixed" in kind else []
                lines += ["Content-Type: " + kind.format(depth), ""]
            text = mails.raw(["--x"] + lines + PATCH + ["--x--"],
                             ["Content-Type: multipart/mixed; boundary=x"])
            self.refused(text, "no patch")

    def test_only_so_many_parts_are_looked_at(self):
        part = ["--x", TEXT, "", "Hello."]
        patch = ["--x", "Content-Type: text/x-diff", ""] + PATCH
        self.whole(self.mixed(part * 60 + patch + ["--x--"]), 0)
        self.whole(self.mixed(patch + part * 100 + ["--x--"]), 0)
        self.refused(self.mixed(part * 100 + patch + ["--x--"]), "no patch")

    def test_boundary_that_goes_on_is_another(self):
        self.whole(self.mixed(["--xy", "--x \t", TEXT, ""] + PATCH
                              + ["--xz", "--x--", "--x", "", "no part"]), 0)

    def test_last_part_without_an_end_recovered(self):
        self.whole(self.mixed(["--x", TEXT, ""] + PATCH), 0)

    def test_multipart_without_parts_is_refused(self):
        self.refused(self.mixed(["no boundary", "in here"]), "no patch")

    def test_multipart_without_a_boundary_is_text(self):
        for value in ("multipart/mixed", "multipart/mixed; charset=x",
                      "multipart/mixed; boundary", "multipart/mixed; boundary x"):
            self.whole(mails.raw(PATCH, ["Content-Type: " + value]), 0)

    def test_parameters_as_they_come(self):
        for value in ("boundary = \"x\"", "charset=\"us\"; BOUNDARY=x",
                      "boundary=x;charset=us", "boundary=\"x", "boundary=x\tz"):
            self.whole(mails.raw(["--x", TEXT, ""] + PATCH + ["--x--"],
                                 ["Content-Type: multipart/mixed; " + value]), 0)

    def test_what_is_named_a_patch_is_one(self):
        for kind in ("application/x-y; name=a.diff", "text/x-diff",
                     "TEXT/X-PATCH", "x; name=\"1-a.patch\""):
            self.whole(self.mixed(["--x", "Content-Type: " + kind, ""] + PATCH
                                  + ["--x--"]), 0)
        self.refused(self.mixed(["--x", "Content-Type: application/x-y", ""]
                                + PATCH + ["--x--"]), "no patch")

    def test_headers_as_they_come(self):
        for lines in (["X-Empty:"], ["X-Tab:\tx"], ["X-Long: a", " b", "\tc"],
                      ["Subject: the second one"],
                      ["Content-Transfer-Encoding: 8bit"]):
            self.whole(mails.raw(PATCH, lines), 0)

    def test_headers_without_a_body_are_refused(self):
        self.refused("From: a@b.c\nSubject: [PATCH] x\n", "no patch")
        self.refused("From: a@b.c\nSubject: x\n\tgoes on\n", "no patch")

    def test_what_looks_like_a_header_but_is_none(self):
        for line in ("x: one letter", "From:x", "-: y", "no colon", "a b: c"):
            self.whole("\n".join([line, ""] + PATCH) + "\n", 0)

    def test_line_of_text_with_from_begins_no_mail(self):
        for line in ("From here: on", "From x Thu Jan  1 00:00:00 1970",
                     "Fromage: 1"):
            text = mails.mbox(["", line, "text", ""] + PATCH)
            self.whole(text, 0)

    def test_too_big_a_file_is_refused(self):
        self.refused(b"x\n" * ((16 << 20) + 1), "too large")


class Pages(Wire):
    """HTML as archives have it."""

    def test_characters_by_number(self):
        self.shows("a&#x2b;b&#X2B;c&#43;d", "a+b+c+d")
        self.shows("&#233; &#x20AC; &#128512;", "\u00e9 \u20ac \U0001f600")
        self.shows("&#xe9&#xE9;&#65 &#66.", "\u00e9\u00e9A B.")

    def test_what_is_no_number_stays(self):
        self.shows("&#; &#x; &#a; &#xg;", "&#; &#x; &#a; &#xg;")
        self.shows("&#12a;", "\fa;")

    def test_characters_that_do_not_show_go(self):
        self.shows("a&#173;b&#8203;c&#8205;d&#xfeff;e&#0;f&#13;g", "abcdefg")
        self.shows("a&#x110000;b&#99999999999;c&shy;d&zwnj;e", "abcde")

    def test_names_with_and_without_a_semicolon(self):
        self.shows("a&lt;b &lt b &amp&amp; &LT", "a<b < b && <")
        self.shows("&ltb &lt=b &plus &plus;", "&ltb &lt=b &plus +")
        self.shows("&nosuch; & &", "&nosuch; & &")
        self.shows("a&nbsp;b", "a b")

    def test_end_of_line_by_its_number(self):
        text = page("x")
        self.whole("<html>" + "<pre>" + escaped(PATCH).replace("\n", "&#10;")
                   + "</pre>", 0)
        self.assertIn("sev_free_memslot", self.dump(text).names())

    def test_tags_that_are_none_are_text(self):
        self.shows("a < b, <nosuch>, <b, <a/b.h>, < b>",
                   "a < b, <nosuch>, <b, <a/b.h>, < b>")
        self.shows("<b>x</b><BR/>y".replace("<BR/>", ""), "xy")
        self.shows("a<b/>b<i\n>c</i>", "abc")

    def test_quotes_in_tags_hide_what_ends_them(self):
        self.shows("a<i title=\">\">b</i><i title='>\"'>c</i>", "abc")

    def test_comments_and_instructions_are_passed_over(self):
        self.shows("a<!-- <pre> > -->b<?php x ?>c", "abc")

    def test_scripts_and_pictures_are_passed_over(self):
        self.shows("a<script>if (a < b)</script>b<svg><path/></svg>c</script>d",
                   "abcd")

    def test_hidden_address_that_is_damaged(self):
        code = "20" + "".join(f"{ord(c) ^ 0x20:02x}" for c in "a@b")
        tag = '<i data-cfemail="{}">[hidden]</i>'
        self.shows(tag.format(code), "a@b")
        self.shows(tag.format(code + "0"), "a@b")
        self.shows(tag.format(code + "g1"), "a@b")
        self.shows(tag.format(code + "2f"), "a@b\x0f".replace("\x0f", ""))
        self.shows("x" + tag.format("zz") + "y", "xy")
        self.shows("x" + tag.format("") + "y", "xy")

    def test_page_may_begin_in_many_ways(self):
        for begin in ("<!DOCTYPE html>\n<pre>", "<HTML><pre>", "<head></head><pre>",
                      "<body><pre>", "<?xml version='1'?><pre>",
                      "<meta charset=x><pre>", "<table><tr><td>\n<pre>",
                      "\n\n \t<PRE>"):
            self.whole(begin + escaped(PATCH) + "</pre>", 0)

    def test_page_that_is_cut_off_anywhere_is_told_of(self):
        text = page("a&#x2b;<i>b</i><!-- c -->")
        for end in range(0, len(text), 61):
            done = mails.Dump(self.program(), self.path, text[:end])
            self.assertIn(done.status, (0, 2), done.error)
        for tail in ("<!-- c", "<!--", "<pre", "<", "&", "&#", "&#x", "&#4", "&am",
                     "</", "<a/", "<script>", '<i data-cfemail="2', "<b class=\""):
            self.whole("<pre>" + escaped(PATCH) + "\n" + tail, 0)

    def program(self):
        return sys.argv[1]

    def test_ends_of_what_did_not_begin_are_passed_over(self):
        self.whole("<html></pre></blockquote></div><pre>" + escaped(PATCH)
                   + "</pre></pre>", 0)

    def test_table_of_lines_recovered(self):
        rows = "".join(f"<tr><th></th><td>{escaped([s])}</td></tr>\n"
                       for s in (s.replace("\t", "&#9;") for s in PATCH))
        done = self.dump("<table>" + rows.replace("&amp;#9;", "&#9;")
                         + "</table><br>")
        self.assertEqual(done.names(), NAMES)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
