#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions come back from mails as they went in: quoted, encoded, archived,
with tabs lost, with comments between the lines, cut off. And what is no mail,
or has no patch in it, is refused in one line.

usage: mail_test.py MAIL_DUMP ROOT
"""

import pathlib
import sys
import tempfile
import unittest

import mails

PROGRAM = sys.argv[1]
ROOT = pathlib.Path(sys.argv[2])
# The functions of the patch that this project began with, in our own words.
OURS = mails.functions((ROOT / "pin" / "demand_ref.c").read_text())
NAMES = ["sev_pin_spte", "sev_alloc_memslot_metadata", "sev_free_memslot"]
PATCH = mails.patch_mail(mails.added([OURS[n] for n in NAMES]))

STRUCT = """diff --git a/arch/x86/include/asm/kvm_host.h b/arch/x86/include/asm/kvm_host.h
index 1234567..89abcde 100644
--- a/arch/x86/include/asm/kvm_host.h
+++ b/arch/x86/include/asm/kvm_host.h
@@ -100,5 +100,8 @@ struct kvm_arch_memory_slot {
 \tstruct kvm_lpage_info *info[2];
 \tunsigned short *track[2];
+\t/* One bit a page, */
+\tunsigned long *pinned_bitmap;
+\tkvm_pfn_t *pfns;	/* and a page frame. */
 };
\x20
 /* Something else. */
@@ -200,6 +203,8 @@ struct kvm_x86_ops {
 \tvoid (*one)(struct kvm *kvm);
\x20
 \tvoid (*two)(struct kvm *kvm);
+\tvoid (*pin_spte)(struct kvm *kvm, gfn_t gfn,
+\t\t\t enum pg_level level, kvm_pfn_t pfn);
 };
\x20
 struct kvm_x86_nested_ops {
diff --git a/arch/x86/kvm/svm/svm.c b/arch/x86/kvm/svm/svm.c
index 1234567..89abcde 100644
--- a/arch/x86/kvm/svm/svm.c
+++ b/arch/x86/kvm/svm/svm.c
@@ -300,6 +300,8 @@ static struct kvm_x86_ops svm_x86_ops __initdata = {
 \t.one = svm_one,
\x20
 \t.two = svm_two,
+
+\t.pin_spte = sev_pin_spte,
 };
\x20
 static struct kvm_x86_init_ops init_ops __initdata = {
diff --git a/arch/x86/kvm/svm/svm.h b/arch/x86/kvm/svm/svm.h
index 1234567..89abcde 100644
--- a/arch/x86/kvm/svm/svm.h
+++ b/arch/x86/kvm/svm/svm.h
@@ -20,4 +20,8 @@ void one(void);
 void two(void);
\x20
 void three(void);
+void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level,
+\t\t  kvm_pfn_t pfn);
+#define PIN_MAX\t\\
+\t100
\x20
""".split("\n")[:-1]


class MailTest(unittest.TestCase):
    """Mails in a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "m.txt"

    def dump(self, text):
        done = mails.Dump(PROGRAM, self.path, text)
        self.assertEqual(done.status, 0, done.error)
        return done

    def whole(self, text, depth, names=NAMES):
        """All three functions come back, token for token."""
        done = self.dump(text)
        self.assertEqual(done.names(), list(names))
        self.assertEqual(done.depth, depth)
        self.assertEqual(done.notes, [])
        for name in names:
            self.assertEqual(mails.tokens(done.text(name)),
                             mails.tokens(OURS[name]), name)
        return done

    def refused(self, text, *words):
        done = mails.Dump(PROGRAM, self.path, text)
        self.assertEqual(done.status, 2, done.error)
        self.assertEqual(done.error.count("\n"), 1, done.error)
        self.assertTrue(done.error.startswith(str(self.path) + ":"),
                        done.error)
        for word in words:
            self.assertIn(word, done.error)


class Whole(MailTest):
    """Every way in which a whole patch can come."""

    def each(self, depths, styles, encodings):
        for depth in depths:
            for style in styles:
                for name, encode in encodings.items():
                    for lose in (False, True):
                        lines = mails.spaces(PATCH) if lose else PATCH
                        body = mails.reply(lines, depth, style) if depth \
                            else lines
                        with self.subTest(depth=depth, style=style,
                                          encoding=name, lose=lose):
                            self.whole(encode(body), depth)

    def test_quoted_any_depth_recovered(self):
        self.each(range(1, 7), mails.STYLES, {"raw": mails.raw})

    def test_encoded_recovered(self):
        self.each((0, 1, 3), ("spaced",), mails.RAW)

    def test_archived_recovered(self):
        self.each((0, 2, 6), ("spaced", "mixed"), mails.HTML)

    def test_lines_are_those_of_the_file(self):
        for encode in (mails.raw, mails.quoted_printable, mails.lore,
                       mails.mbox, mails.multipart):
            text = encode(mails.reply(PATCH, 2))
            done = self.whole(text, 2)
            self.assertTrue(done.exact)
            lines = text.split("\n")
            line = lines[done.function("sev_free_memslot")["line"] - 1]
            self.assertIn("static void sev_free_memslot(", line)

    def test_lines_of_base64_are_counted_in_the_text(self):
        done = self.whole(mails.base64_mail(mails.reply(PATCH, 1)), 1)
        self.assertFalse(done.exact)

    def test_comments_between_lines_left_out(self):
        comments = {n: "Why this? I don't get it (see below); and { this?"
                    for n in range(20, len(PATCH) - 4, 3)}
        self.whole(mails.raw(mails.reply(PATCH, 2, comments=comments)), 2)

    def test_comments_of_two_repliers_left_out(self):
        body = mails.reply(PATCH, 1, comments={25: "First.", 40: "Second."})
        self.whole(mails.raw(mails.reply(body, 1, comments={30: "Third."})), 2)

    def test_wrapped_lines_joined(self):
        for depth in (1, 2, 3):
            body = mails.wrapped(mails.reply(PATCH, depth))
            self.assertNotEqual(body, mails.reply(PATCH, depth))
            self.whole(mails.raw(body), depth)

    def test_wrapped_then_quoted_joined(self):
        self.whole(mails.raw(mails.reply(mails.wrapped(
            mails.reply(PATCH, 1), 72), 1)), 2)

    def test_blockquote_counts_as_quoting(self):
        text = ("<html><body><p>Hello</p><blockquote type=cite><pre>"
                + "\n".join(mails._escaped(PATCH))
                + "</pre></blockquote></body></html>")
        self.whole(text, 1)

    def test_hidden_address_decoded(self):
        lines = [s.replace("if (!sev_guest(kvm))",
                           "if (!sev_guest(kvm)) /* a@b.c */")
                 for s in mails._escaped(PATCH)]
        coded = "20" + "".join(f"{ord(c) ^ 0x20:02x}" for c in "a@b.c")
        text = "<pre>" + "\n".join(lines).replace(
            "a@b.c", f'<a href="/x" class="__cf_email__" data-cfemail='
            f'"{coded}">[email&#160;protected]</a>') + "</pre>"
        done = self.whole(text, 0)
        self.assertIn("/* a@b.c */", done.source)

    def test_unescaped_include_is_no_tag(self):
        lines = mails.diff("", "#include <linux/mm.h>\n#include <a.h>\n"
                           + OURS["sev_free_memslot"] + "\n", "new.c")
        text = "<pre>" + "\n".join(mails._escaped(lines)).replace(
            "&lt;", "<").replace("&gt;", ">") + "</pre>"
        done = self.whole(text, 0, ["sev_free_memslot"])
        self.assertIn("#include <linux/mm.h>\n#include <a.h>\n", done.source)

    def test_quoted_without_any_header_recovered(self):
        body = [s for s in PATCH if s.startswith("+")
                and not s.startswith("+++")]
        done = self.dump(mails.raw(mails.reply(body, 2)))
        self.assertEqual(done.names(), NAMES)

    def test_attached_patch_recovered(self):
        text = mails.raw(["--x", "Content-Type: text/plain", "", "See below.",
                          "--x", "Content-Type: application/octet-stream;",
                          " name=\"0001-pin.patch\"", ""] + PATCH + ["--x--"],
                         ["Content-Type: multipart/mixed; boundary=x"])
        self.whole(text, 0)

    def test_function_changed_as_a_whole_recovered(self):
        old = "int a;\n\nint f(int x)\n{\n\treturn x;\n}\n\nint b;\n"
        new = old.replace("return x", "return x + 1")
        done = self.dump(mails.raw(mails.diff(old, new, "f.c", 8)))
        self.assertEqual(mails.tokens(done.text("f")),
                         mails.tokens("int f(int x) { return x + 1; }"))

    def test_wrong_counts_ignored(self):
        lines = [s.replace("+7,", "+7,1") if s.startswith("@@") else s
                 for s in PATCH]
        done = self.dump(mails.raw(lines))
        self.assertEqual(done.names(), NAMES)
        lines = [s.replace("@@ -7,6 +7,", "@@ -7,6 +7,6 ").split(" @@")[0]
                 for s in PATCH]
        few = ["@@ -7,6 +7,9 @@" if s.startswith("@@") else s for s in PATCH]
        self.whole(mails.raw(few), 0)


class Pieces(MailTest):
    """What is no function."""

    def test_fields_and_hooks_found(self):
        for depth in (0, 2):
            body = mails.reply(STRUCT, depth) if depth else STRUCT
            done = self.dump(mails.raw(body))
            self.assertEqual(
                [(f["tag"], mails.tokens(f["text"])) for f in done.fields],
                [("kvm_arch_memory_slot", mails.tokens(
                    "unsigned long *pinned_bitmap; kvm_pfn_t *pfns;")),
                 ("kvm_x86_ops", mails.tokens(
                     "void (*pin_spte)(struct kvm *kvm, gfn_t gfn, "
                     "enum pg_level level, kvm_pfn_t pfn);"))])
            self.assertEqual(
                [(o["tag"], o["member"], o["function"]) for o in done.ops],
                [("kvm_x86_ops", "pin_spte", "sev_pin_spte")])
            self.assertEqual(done.names(), [])
            self.assertIn("#define PIN_MAX", done.header)
            self.assertIn("void sev_pin_spte(", done.header)
            self.assertEqual(done.source.strip(), "")
            self.assertEqual(done.notes, [])
            self.assertEqual(done.paths, [
                "arch/x86/include/asm/kvm_host.h", "arch/x86/kvm/svm/svm.c",
                "arch/x86/kvm/svm/svm.h"])

    def test_line_inside_function_noted(self):
        old = "".join(f"int v{i};\n" for i in range(9)) + \
            "int f(int x)\n{\n" + "\tx++;\n" * 20 + "\treturn x;\n}\n\n"
        new = old.replace("\tx++;\n" * 20,
                          "\tx++;\n" * 10 + "\tx--;\n" + "\tx++;\n" * 10)
        new += OURS["sev_free_memslot"] + "\n"
        done = self.dump(mails.raw(mails.diff(old, new, "f.c")))
        self.assertEqual(done.names(), ["sev_free_memslot"])
        self.assertEqual(len(done.notes), 1)
        self.assertIn("what is added to f here is not tested",
                      done.notes[0]["text"])

    def test_conditional_kept_only_if_whole(self):
        new = "#ifdef A\n" + OURS["sev_free_memslot"] + "\n#else\n" \
            "static inline void other(void) { }\n#endif\n"
        done = self.dump(mails.raw(mails.diff("", new, "f.c")))
        self.assertEqual(mails.tokens(done.source), mails.tokens(new))
        # Context: not the patch's own.
        old = "#ifdef A\n#endif\n"
        done = self.dump(mails.raw(mails.diff(
            old, old.replace("\n#e", "\n" + OURS["sev_free_memslot"] + "\n#e"),
            "f.c")))
        self.assertNotIn("#", done.source)

    def test_function_in_both_branches_kept(self):
        new = "#ifdef A\n" + OURS["sev_free_memslot"] + "\n#else\n" \
            "static inline void sev_free_memslot(void) { }\n#endif\n"
        done = self.dump(mails.raw(mails.diff("", new, "f.c")))
        self.assertEqual(mails.tokens(done.source), mails.tokens(new))
        self.assertEqual(done.notes, [])

    def test_conditional_within_head_kept(self):
        new = "#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{\n" \
            "\treturn 0;\n}\n"
        done = self.dump(mails.raw(mails.diff("", new, "f.c")))
        self.assertEqual(mails.tokens(done.source), mails.tokens(new))

    def test_variables_and_types_kept(self):
        new = "struct pin {\n\tint a;\n};\n\nstatic DEFINE_MUTEX(pin_lock);\n" \
            "static const char *const names[] = { \"a}\", \"b\" };\n" \
            "enum { ONE, TWO };\n" + OURS["sev_free_memslot"] + "\n"
        done = self.dump(mails.raw(mails.reply(
            mails.diff("int x;\n", "int x;\n" + new, "f.c"), 1)))
        self.assertEqual(mails.tokens(done.source), mails.tokens(new))

    def test_function_twice_noted(self):
        one = mails.added([OURS["sev_free_memslot"]])
        done = self.dump(mails.raw(one + one))
        self.assertEqual(done.names(), ["sev_free_memslot"])
        self.assertIn("a second time", done.notes[0]["text"])

    def test_no_kernel_code_left_out(self):
        one = mails.added([OURS["sev_free_memslot"]])
        two = mails.added([OURS["sev_vm_destroy"]], "tools/testing/a.c")
        done = self.dump(mails.raw(one + two))
        self.assertEqual(done.names(), ["sev_free_memslot"])


class Cut(MailTest):
    """A reply that quotes the beginning."""

    def check(self, done, name):
        """The beginning is the function's; the rest closes it."""
        got = mails.tokens(done.text(name))
        want = mails.tokens(OURS[name])
        same = 0
        while same < min(len(got), len(want)) and got[same] == want[same]:
            same += 1
        self.assertLessEqual(set(got[same:]), set("}0;") | {"return"}, got)
        self.assertEqual(got.count("{"), got.count("}"))
        line, braces = done.cuts[-1]
        self.assertEqual(done.function(name)["end_line"], line)
        self.assertIn(
            f"line {line} of the mail: function {name} cut off by the reply, "
            f"closed with {braces} brace", done.notes[-1]["text"])
        self.assertTrue(done.notes[-1]["untested"])

    def test_cut_anywhere_closed(self):
        begin = next(n for n, s in enumerate(PATCH) if s == "+{") + 2
        cut = 0
        for end in range(begin, len(PATCH) - 12):
            for depth in (1, 3):
                done = self.dump(mails.raw(mails.reply(PATCH[:end], depth)))
                last = done.functions[-1]
                for function in done.functions[:-1]:
                    self.assertFalse(function["cut"])
                    self.assertEqual(mails.tokens(done.text(function["name"])),
                                     mails.tokens(OURS[function["name"]]))
                self.assertTrue(any(n["untested"] for n in done.notes), end)
                if last["cut"]:
                    cut += 1
                    with self.subTest(end=end, depth=depth):
                        self.check(done, last["name"])
        self.assertGreater(cut, 80)

    def cut(self, function, end):
        """A function cut off before its line @end, as source."""
        lines = mails.added([function])
        begin = next(n for n, s in enumerate(lines) if s == "+{")
        done = self.dump(mails.raw(mails.reply(lines[:begin + end - 1], 1)))
        return " ".join(mails.tokens(done.text(done.names()[-1])))

    def test_cut_label_supplied(self):
        self.assertEqual(
            self.cut("void f(int x)\n{\n\tif (x)\n\t\tgoto out;\n\tx++;\n"
                     "out:\n\tx--;\n}", 4),
            "void f ( int x ) { if ( x ) goto out ; out : ; }")

    def test_cut_do_closed(self):
        self.assertEqual(
            self.cut("int f(int x)\n{\n\tdo {\n\t\tx++;\n\t\tx--;\n"
                     "\t} while (x);\n\treturn x;\n}", 4),
            "int f ( int x ) { do { x ++ ; } while ( 0 ) ; return 0 ; }")

    def test_cut_initialiser_left_out(self):
        self.assertEqual(
            self.cut("void f(void)\n{\n\tint a = 1;\n\tint b[] = {\n\t\t1,\n"
                     "\t\t2,\n\t};\n\tg(b);\n}", 5),
            "void f ( void ) { int a = 1 ; }")

    def test_cut_conditional_closed(self):
        self.assertEqual(
            self.cut("void f(int x)\n{\n\tint a = 1;\n#ifdef A\n\tif (x) {\n"
                     "\t\tx++;\n\t\tx--;\n\t}\n#endif\n\tg(b);\n}", 6),
            "void f ( int x ) { int a = 1 ; # ifdef A if ( x ) { x ++ ; }")

    def test_cut_in_comment_left_out(self):
        self.assertEqual(
            self.cut("void *f(int x)\n{\n\tx++;\n\t/*\n\t * Say {\n\t */\n"
                     "\tx--;\n}", 5),
            "void * f ( int x ) { x ++ ; return 0 ; }")

    def test_cut_head_left_out(self):
        lines = mails.added([OURS["sev_vm_destroy"],
                             "int f(int x,\n      int y)\n{\n\tx++;\n}"])
        end = next(n for n, s in enumerate(lines) if "int f(" in s)
        done = self.dump(mails.raw(mails.reply(lines[:end + 1], 1)))
        self.assertEqual(done.names(), ["sev_vm_destroy"])
        self.assertIn("f cut off by the reply and left out",
                      done.notes[0]["text"])

    def test_snip_inside_function_cuts(self):
        for mark in ("[...]", "[snip]", "<snip>", "..."):
            done = self.dump(mails.raw(mails.reply(
                PATCH[:28] + PATCH[40:], 1, comments={28: mark})))
            self.assertTrue(done.function("sev_pin_spte")["cut"])
            self.assertTrue(done.names()[0], "sev_pin_spte")
            self.assertIn("sev_free_memslot", done.names())
            self.assertEqual(mails.tokens(done.text("sev_free_memslot")),
                             mails.tokens(OURS["sev_free_memslot"]))


    def test_function_left_out_cuts_the_one_before(self):
        lines = mails.added([OURS[n] for n in NAMES])
        second = next(n for n, s in enumerate(lines)
                      if "sev_free_memslot(" in s)
        for gone in (5, 12, 20, 29, 30, 31):
            at = second - gone
            for comments in ({at: "I have nothing to say on this."}, {}):
                body = lines[:at] + lines[second:]
                done = self.dump(mails.raw(mails.reply(body, 1,
                                                       comments=comments)))
                cut = [f["name"] for f in done.functions if f["cut"]]
                # From 30 on not even a body begins.
                self.assertEqual(cut, NAMES[1:2] if gone < 30 else [])
                self.assertIn("sev_alloc_memslot_metadata cut off",
                              done.notes[0]["text"])
                self.check_whole(done, "sev_pin_spte", "sev_free_memslot")

    def check_whole(self, done, *names):
        for name in names:
            self.assertEqual(mails.tokens(done.text(name)),
                             mails.tokens(OURS[name]))

    def test_other_patches_noted(self):
        other = mails.added([OURS["sev_vm_destroy"]])
        body = mails.reply(PATCH, 2) + ["How about this:", ""] + other
        done = self.dump(mails.raw(body))
        self.assertEqual(done.names(), NAMES)
        self.assertIn("another patch begins here", done.notes[0]["text"])
        done = self.dump(mails.raw(
            ["--x", "Content-Type: text/x-patch", ""] + PATCH
            + ["--x", "Content-Type: text/x-patch", ""] + other + ["--x--"],
            ["Content-Type: multipart/mixed; boundary=x"]))
        self.assertEqual(done.names(), NAMES)
        self.assertIn("has a patch, too", done.notes[0]["text"])


class Series(MailTest):
    """An mbox of several mails."""

    def mbox(self, *bodies):
        return "\n".join(mails.mbox(body) for body in bodies)

    def test_series_taken_together(self):
        one = mails.patch_mail(mails.added([OURS["sev_vm_destroy"]]))
        two = mails.patch_mail(STRUCT)
        text = self.mbox(["A cover letter."], one, two, PATCH)
        done = self.whole(text, 0, ["sev_vm_destroy"] + NAMES)
        self.assertTrue(done.exact)
        self.assertEqual(len(done.fields), 2)
        self.assertEqual(len(done.ops), 1)
        line = text.split("\n")[done.function("sev_free_memslot")["line"] - 1]
        self.assertIn("sev_free_memslot(", line)

    def test_replies_to_patches_passed_over(self):
        text = self.mbox(PATCH, mails.reply(PATCH[:40], 1),
                         mails.reply(PATCH[:60], 2))
        self.whole(text, 0)

    def test_replies_alone_taken(self):
        body = mails.reply(mails.added([OURS["sev_vm_destroy"]]), 2)
        self.whole(self.mbox(body, mails.reply(PATCH, 1)), 2,
                   ["sev_vm_destroy"] + NAMES)

    def test_versions_first_taken_and_noted(self):
        done = self.dump(self.mbox(PATCH, PATCH))
        self.assertEqual(done.names(), NAMES)
        self.assertEqual(len(done.notes), 3)
        self.assertIn("a second time", done.notes[0]["text"])

    def test_base64_in_series_keeps_lines_apart(self):
        one = mails.added([OURS["sev_vm_destroy"]])
        text = "From x Thu Jan  1 00:00:00 1970\n" \
            + mails.base64_mail(PATCH) + "\n" + self.mbox(one)
        done = self.whole(text, 0, NAMES + ["sev_vm_destroy"])
        self.assertFalse(done.exact)


class Refused(MailTest):
    """What is no mail, or has nothing in it to test."""

    def test_no_mail_refused(self):
        self.refused("", "is empty")
        self.refused(" \n\n\t\n", "is empty")
        self.refused(b"\x7fELF\2\1\1" + bytes(64), ":1:", "NUL")
        self.refused(mails.raw(["x"]).encode() + b"\0\n", ":7:", "NUL")
        self.refused("x" * (10 << 20), ":1:", "longer than a mail's line")
        self.refused("a\n" + "+" * (10 << 20) + "\n", ":2:", "longer")

    def test_no_patch_refused(self):
        self.refused(mails.raw(["Hello,", "", "no patch here.", "> none"]),
                     "no patch")
        self.refused("<html><body><pre>Hello</pre></body></html>", "no patch")
        self.refused("just text\n", "no patch")
        self.refused("int main(void)\n{\n}\n", "no patch")
        self.refused(mails.raw(PATCH[:8]), "no patch")
        self.refused(mails.raw(["=@@ broken"], [
            "Content-Transfer-Encoding: quoted-printable"]), "no patch")
        self.refused(mails.raw(["!!!!"], [
            "Content-Transfer-Encoding: base64"]), "no patch")
        self.refused(mails.raw(["--x", "", "--x--"], [
            "Content-Type: multipart/mixed; boundary=x"]), "no patch")

    def test_nothing_whole_refused(self):
        old = "int f(int x)\n{\n" + "\tx++;\n" * 40 + "}\n"
        new = old.replace("\tx++;\n" * 40,
                          "\tx++;\n" * 20 + "\tx--;\n" + "\tx++;\n" * 20)
        self.refused(mails.raw(mails.diff(old, new, "f.c")),
                     "adds nothing whole")
        self.refused(mails.raw(mails.added([OURS["sev_vm_destroy"]],
                                           "Documentation/a.rst")),
                     "adds nothing whole")

    def test_missing_file_refused(self):
        self.path = self.path.parent / "none"
        done = mails.subprocess.run([PROGRAM, str(self.path)],
                                    capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"No such file", done.stderr)


class Diff(MailTest):
    """A mail as input to patch(1)."""

    def diff(self, text):
        self.path.write_text(text)
        return mails.subprocess.run([PROGRAM, "--diff", str(self.path)],
                                    capture_output=True, text=True,
                                    check=False)

    def test_whole_patch_printed(self):
        for depth in (0, 2):
            body = mails.reply(PATCH, depth) if depth else PATCH
            done = self.diff(mails.raw(body))
            self.assertEqual(done.returncode, 0, done.stderr)
            want = PATCH[PATCH.index("--- a/arch/x86/kvm/svm/sev.c"):-3]
            got = done.stdout.split("\n")[:-1]
            self.assertEqual([s.rstrip() for s in got],
                             [s.rstrip() for s in want])

    def test_cut_patch_refused(self):
        done = self.diff(mails.raw(mails.reply(PATCH[:40], 1)))
        self.assertEqual(done.returncode, 2)
        self.assertIn("of this hunk are not there", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
