#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Real kernel functions through mail: taken from Debian's source packages,
diffed, quoted, archived, wrapped, cut off; what comes back must be what went
in, token for token. And the package's tarball as a tree.

usage: package_test.py MAIL_DUMP TREE_DUMP

Exit status 77, skipped: none of the packages is installed.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import mails

MAIL_DUMP, TREE_DUMP = sys.argv[1:3]
PACKAGES = [v for v in ("6.1", "6.12")
            if os.path.exists(f"/usr/src/linux-source-{v}.tar.xz")]
SEV = "arch/x86/kvm/svm/sev.c"
TDP = "arch/x86/kvm/mmu/tdp_mmu.c"


def tree(version, *args):
    """What the tree program says of a package."""
    done = subprocess.run([TREE_DUMP, f"/usr/src/linux-source-{version}",
                           *args], capture_output=True, text=True,
                          check=False, errors="surrogateescape")
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


def read(version, path):
    """A file of a package."""
    return tree(version, "--read", path).split(f"/{path}\n", 1)[1]


class Packages(unittest.TestCase):
    """Mails in a folder of their own."""

    @classmethod
    def setUpClass(cls):
        cls.text = {(v, p): read(v, p) for v in PACKAGES for p in (SEV, TDP)}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = pathlib.Path(folder.name)

    def chosen(self, version, path, step):
        """Some of a file's functions, and the file without them."""
        text = self.text[version, path]
        functions = {}
        without = text
        for name, function in list(mails.functions(text).items())[::step]:
            if function + "\n\n" in without:
                without = without.replace(function + "\n\n", "", 1)
                functions[name] = function
        return functions, without

    def same(self, done, functions):
        for name, text in functions.items():
            self.assertIn(name, done.names())
            self.assertFalse(done.function(name)["cut"], name)
            self.assertEqual(mails.tokens(done.text(name)),
                             mails.tokens(text), name)

    def dump(self, text):
        done = mails.Dump(MAIL_DUMP, self.at / "m.txt", text)
        self.assertEqual(done.status, 0, done.error)
        return done

    def test_some_functions_recovered(self):
        for version in PACKAGES:
            functions, without = self.chosen(version, SEV, 6)
            self.assertGreater(len(functions), 8)
            patch = mails.patch_mail(mails.diff(
                without, self.text[version, SEV], SEV))
            for depth in range(1, 7):
                style = list(mails.STYLES)[depth % len(mails.STYLES)]
                for lose in (False, True):
                    body = mails.reply(mails.spaces(patch) if lose else patch,
                                       depth, style)
                    for name in ("raw", "qp", "lore", "marc", "pipermail"):
                        encode = mails.RAW.get(name) or mails.HTML[name]
                        with self.subTest(version=version, depth=depth,
                                          lose=lose, encoding=name):
                            self.same(self.dump(encode(body)), functions)

    def test_whole_files_recovered(self):
        for (version, path), text in self.text.items():
            functions = mails.functions(text)
            self.assertGreater(len(functions), 40)
            patch = mails.diff("", text, path)
            with self.subTest(version=version, path=path):
                done = self.dump(mails.raw(mails.reply(patch, 2)))
                self.same(done, functions)
                self.assertEqual(done.notes, [])
                # Everything else at file scope comes along.
                self.assertEqual(mails.tokens(done.source),
                                 mails.tokens(text))

    def test_real_changes_recovered_or_noted(self):
        if len(PACKAGES) < 2:
            self.skipTest("both packages are needed")
        for old, new in (PACKAGES, PACKAGES[::-1]):
            for path in (SEV, TDP):
                before, after = self.text[old, path], self.text[new, path]
                functions = mails.functions(after)
                for context in (3, 10):
                    done = self.dump(mails.raw(mails.reply(
                        mails.diff(before, after, path, context), 2)))
                    self.assertGreater(len(done.names()), 8)
                    self.same(done, {name: functions[name]
                                     for name in done.names()
                                     if name in functions})
                    self.assertGreater(len(done.notes), 10)
                    self.assertLessEqual(set(done.names()),
                                         set(functions) | {""})

    def test_wrapped_lines_joined(self):
        for version in PACKAGES:
            functions, without = self.chosen(version, SEV, 5)
            patch = mails.diff(without, self.text[version, SEV], SEV)
            for body in (mails.wrapped(mails.reply(patch, 1)),
                         mails.wrapped(mails.reply(patch, 3)),
                         mails.reply(mails.wrapped(mails.reply(patch, 1)), 1)):
                self.same(self.dump(mails.raw(body)), functions)

    def test_comments_left_out(self):
        for version in PACKAGES:
            functions, without = self.chosen(version, SEV, 7)
            patch = mails.diff(without, self.text[version, SEV], SEV)
            comments = {n: "I do not see why; isn't this { wrong?"
                        for n in range(9, len(patch), 5)}
            self.same(self.dump(mails.raw(
                mails.reply(patch, 2, comments=comments))), functions)

    def test_cut_functions_closed(self):
        cut = 0
        for version in PACKAGES:
            functions = mails.functions(self.text[version, SEV])
            for n, (name, text) in enumerate(functions.items()):
                lines = mails.added([text])
                body = text.count("\n")
                if body < 12 or n % 3:
                    continue
                begin = lines.index("+{")
                end = begin + 4 + n % (body - 8)
                done = mails.Dump(MAIL_DUMP, self.at / "m.txt", mails.raw(
                    mails.reply(lines[:end], 1 + n % 6)))
                if done.status:
                    self.assertIn("nothing whole", done.error)
                    continue
                cut += 1
                got, want = mails.tokens(done.text(name)), mails.tokens(text)
                same = 0
                while same < len(got) and got[same] == want[same]:
                    same += 1
                self.assertTrue(done.function(name)["cut"])
                self.assertEqual(got.count("{"), got.count("}"), name)
                # What follows closes it: labels, braces, a return.
                rest = [t for t in got[same:] if not t.isidentifier()]
                self.assertLessEqual(set(rest), set("}0;:()"), got[same:])
                self.assertGreater(same, 5)
        self.assertGreater(cut, 15)

    def test_patch_on_tree_gives_the_file(self):
        for version in PACKAGES:
            _, without = self.chosen(version, SEV, 4)
            folder = self.at / version
            (folder / SEV).parent.mkdir(parents=True)
            (folder / SEV).write_text(without)
            (folder / "Makefile").write_text(read(version, "Makefile"))
            patch = mails.diff(without, self.text[version, SEV], SEV)
            mail = self.at / f"{version}.txt"
            for text in ("\n".join(patch) + "\n",
                         mails.raw(mails.reply(patch, 3)),
                         mails.lore(mails.reply(patch, 1))):
                mail.write_text(text)
                done = subprocess.run(
                    [TREE_DUMP, folder, "--patch", mail, "--read", SEV],
                    capture_output=True, text=True, check=True)
                self.assertTrue(done.stdout.endswith(self.text[version, SEV]))
            self.assertEqual((folder / SEV).read_text(), without)

    def test_functions_of_packages_found(self):
        for version in PACKAGES:
            for names, path in (
                    (["sev_pin_memory", "sev_unpin_memory"], SEV),
                    (["kvm_tdp_mmu_map"], TDP),
                    (["hva_to_pfn"], "virt/kvm/kvm_main.c"),
                    (["check_and_migrate_movable_pages"], "mm/gup.c"),
                    (["migrate.c:migrate_pages"], "mm/migrate.c")):
                args = [a for name in names for a in ("--find", name)]
                said = tree(version, *args)
                self.assertIn(f"file {path}\n", said)
                self.assertIn(f"version {version}.", said)
                self.assertIn(f"profile {version}\n", said)


if __name__ == "__main__":
    if not PACKAGES:
        print("skipped: neither linux-source-6.1 nor linux-source-6.12 is "
              "installed")
        sys.exit(77)
    if not shutil.which("patch"):
        print("skipped: patch(1) is not installed")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
