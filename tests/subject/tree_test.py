#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel trees: folders and tarballs of our own, which kernel they are, which
file has a function, patches on a copy. What is wrong is told in one line.

usage: tree_test.py TREE_DUMP ROOT
"""

import io
import lzma
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

import mails

PROGRAM = sys.argv[1]

SVM = "arch/x86/kvm/svm/sev.c"
FILES = {
    SVM: "static int only_here(int a)\n{\n\treturn a;\n}\n\n"
         "int twice(void)\n{\n\treturn 1;\n}\n",
    "arch/x86/kvm/svm/svm.c": "int in_svm(void)\n{\n\treturn 2;\n}\n",
    "arch/x86/kvm/x86.c": "int twice(void)\n{\n\treturn 3;\n}\n\n"
                          "int both(void)\n{\n\treturn 4;\n}\n",
    "arch/x86/kvm/hyperv.c": "int both(void)\n{\n\treturn 5;\n}\n"
                             "int declared(int a);\n",
    "mm/gup.c": "#ifdef A\nint branch(void)\n{\n\treturn 6;\n}\n#else\n"
                "int branch(void)\n{\n\treturn 7;\n}\n#endif\n"
                "/* declared() */\nint declared(int a)\n{\n\treturn a;\n}\n",
    "mm/broken.c": "int broken(void)\n{\n",
    "lib/far.c": "int far_away(void)\n{\n\treturn 8;\n}\n",
}


def makefile(version):
    values = version.split(".") + [""] * 3
    return ("# SPDX-License-Identifier: GPL-2.0\n"
            f"VERSION = {values[0]}\nPATCHLEVEL = {values[1]}\n"
            + (f"SUBLEVEL = {values[2]}\n" if values[2] else "")
            + "EXTRAVERSION =\nNAME = Baby Opossum Posse\n")


class TreeTest(unittest.TestCase):
    """A tree of our own, and a cache."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = pathlib.Path(folder.name)
        self.cache = self.at / "cache"
        self.tree = self.at / "linux"
        self.files = dict(FILES)
        self.files["Makefile"] = makefile("6.12.5")
        self.fill()

    def fill(self):
        for name, text in self.files.items():
            path = self.tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def tarball(self, names=None, pieces=1, form=tarfile.GNU_FORMAT,
                extra=()):
        """The tree as a tarball, in so many compressed pieces."""
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w", format=form) as tar:
            for name in names or sorted(self.files):
                info = tarfile.TarInfo("linux-6.12/" + name)
                data = self.files[name].encode()
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
            for name in extra:
                info = tarfile.TarInfo(name)
                info.size = 4
                tar.addfile(info, io.BytesIO(b"evil"))
        data = plain.getvalue()
        size = (len(data) // pieces // 512 + 1) * 512
        path = self.at / "linux-6.12.tar.xz"
        path.write_bytes(b"".join(lzma.compress(data[i:i + size], preset=0)
                                  for i in range(0, len(data), size)))
        return path

    def environment(self, **env):
        return {**os.environ, "XDG_CACHE_HOME": str(self.cache), **env}

    def run_dump(self, *args, tree=None, **env):
        return subprocess.run(
            [PROGRAM, str(tree or self.tree), *map(str, args)], text=True,
            capture_output=True, check=False, timeout=60,
            env=self.environment(**env))

    def said(self, *args, tree=None):
        done = self.run_dump(*args, tree=tree)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def found(self, *names, tree=None):
        args = [a for name in names for a in ("--find", name)]
        lines = self.said(*args, tree=tree).splitlines()
        return next(s[5:] for s in lines if s.startswith("file "))

    def refused(self, *args, words=(), tree=None, **env):
        done = self.run_dump(*args, tree=tree, **env)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        return done.stderr


class Versions(TreeTest):

    def test_versions_nearest_profile(self):
        for version, profile, noted in (
                ("6.1", "6.1", False), ("6.1.192", "6.1", False),
                ("6.12.117", "6.12", False), ("6.10.3", "6.12", True),
                ("6.6.30", "6.1", True), ("6.18.1", "6.12", True),
                ("5.17.0", "5.17", False), ("5.15.9", "5.17", True), ("6.0.9", "6.1", True)):
            with self.subTest(version=version):
                self.files["Makefile"] = makefile(version)
                self.fill()
                said = self.said()
                self.assertIn(f"version {version}\nprofile {profile}\n", said)
                self.assertEqual("which is not modelled" in said, noted)

    def test_versions_too_far_refused(self):
        for version in ("4.19.1", "5.4.0", "7.9.0", "2.6.32"):
            self.files["Makefile"] = makefile(version)
            self.fill()
            self.refused(words=[f"Linux {version}", "6.1 or 6.12"])

    def test_no_tree_refused(self):
        (self.tree / "Makefile").write_text("all:\n\ttrue\n")
        self.refused(words=["expected a Makefile"])
        (self.tree / "Makefile").unlink()
        self.refused(words=["expected a Makefile"])
        self.refused(tree=self.at / "none", words=["No such file"])
        bad = self.at / "bad.tar.xz"
        bad.write_bytes(b"no xz")
        self.refused(tree=bad, words=["no .xz file"])
        bad.write_bytes(b"")
        self.refused(tree=bad, words=["no .xz file"])
        bad.write_bytes(lzma.compress(b""))
        self.refused(tree=bad, words=["is empty"])
        bad.write_bytes(lzma.compress(b"x" * 1024))
        self.refused(tree=bad, words=["expected a tar header"])


class Find(TreeTest):

    def where(self, tree):
        self.assertEqual(self.found("only_here", tree=tree), SVM)
        self.assertEqual(self.found("twice", tree=tree), SVM)
        self.assertEqual(self.found("x86.c:twice", tree=tree),
                         "arch/x86/kvm/x86.c")
        self.assertEqual(self.found("kvm/x86.c:twice", "both", tree=tree),
                         "arch/x86/kvm/x86.c")
        self.assertEqual(self.found("both", "kvm/x86.c:twice", tree=tree),
                         "arch/x86/kvm/x86.c")
        self.assertEqual(self.found("branch", tree=tree), "mm/gup.c")
        self.assertEqual(self.found("declared", tree=tree), "mm/gup.c")
        self.assertEqual(self.found("lib/far.c:far_away", tree=tree),
                         "lib/far.c")
        self.refused("--find", "both", tree=tree, words=[
            "several files", "arch/x86/kvm/hyperv.c:both",
            "arch/x86/kvm/x86.c:both"])
        self.refused("--find", "far_away", tree=tree, words=[
            "there is no function far_away in arch/x86/kvm/svm,"])
        self.refused("--find", "broken", tree=tree,
                     words=["there is no function broken"])
        self.refused("--find", "gup.c:only_here", tree=tree,
                     words=["no function gup.c:only_here"])
        self.refused("--find", "only_here", "--find", "in_svm", tree=tree,
                     words=[f"only_here is in {SVM}",
                            "in_svm in arch/x86/kvm/svm/svm.c",
                            "functions of one file"])

    def test_folder_functions_found(self):
        self.where(self.tree)

    def test_tarball_functions_found(self):
        self.where(self.tarball())

    def test_tarball_in_pieces_functions_found(self):
        self.where(self.tarball(pieces=7))
        self.where(self.tarball(pieces=40, form=tarfile.PAX_FORMAT))

    def test_tarball_without_order_functions_found(self):
        names = sorted(self.files, key=lambda name: name[::-1])
        for pieces in (1, 7, 40):
            self.cache = self.at / f"cache{pieces}"
            self.where(self.tarball(names, pieces))


class Tarball(TreeTest):

    def test_read_same_as_folder(self):
        for pieces in (1, 13):
            tarball = self.tarball(pieces=pieces)
            for name, text in self.files.items():
                said = self.said("--read", name, tree=tarball)
                self.assertTrue(said.endswith(f"/{name}\n{text}"), said)

    def test_name_without_suffix_taken(self):
        path = self.tarball()
        self.assertIn("version 6.12.5",
                      self.said(tree=str(path)[:-len(".tar.xz")]))

    def test_long_names_unpacked(self):
        name = "mm/" + "long/" * 30 + "file.c"
        self.files[name] = "int x;\n"
        for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT,
                     tarfile.USTAR_FORMAT):
            self.cache = self.at / f"cache{form}"
            said = self.said("--read", name, tree=self.tarball(form=form))
            self.assertTrue(said.endswith("int x;\n"))

    def test_long_file_passed_over(self):
        self.files["drivers/big.h"] = "x" * (3 << 20)
        self.files["drivers/bigger.h"] = "y" * (1 << 20)
        tarball = self.tarball(pieces=8)
        self.assertEqual(self.found("branch", tree=tarball), "mm/gup.c")
        self.assertEqual(self.found("twice", tree=tarball), SVM)

    def test_paths_outside_left_alone(self):
        evil = ["linux-6.12/mm/../../../../evil", "../evil", "/evil",
                "linux-6.12/mm/.."]
        tarball = self.tarball(extra=evil)
        self.assertEqual(self.found("branch", tree=tarball), "mm/gup.c")
        self.assertEqual(list(self.at.rglob("evil")), [])

    def test_missing_file_refused(self):
        for pieces in (1, 9):
            tarball = self.tarball(pieces=pieces)
            for _ in range(2):
                self.refused("--read", "mm/none.c", tree=tarball,
                             words=["there is no mm/none.c in it"])
                self.refused("--read", "zz/none.c", tree=tarball)

    def test_unpacked_once(self):
        tarball = self.tarball()
        self.said("--read", "mm/gup.c", tree=tarball)
        copy = next(self.cache.rglob("mm/gup.c"))
        copy.write_text("int changed;\n")
        self.assertIn("int changed;", self.said("--read", "mm/gup.c",
                                                tree=tarball))
        os.utime(tarball, (1, 1))
        self.assertNotIn("int changed;", self.said("--read", "mm/gup.c",
                                                   tree=tarball))

    def test_damaged_block_refused(self):
        self.files["Makefile"] += "".join(f"# {i * i}\n" for i in range(9999))
        tarball = self.tarball()
        data = bytearray(tarball.read_bytes())
        for i in range(len(data) // 2, len(data) // 2 + 64):
            data[i] ^= 0x55
        tarball.write_bytes(data)
        self.refused(tree=tarball, words=["is damaged"])

    def test_many_at_once_all_served(self):
        tarball = self.tarball(pieces=5)
        running = [subprocess.Popen(
            [PROGRAM, str(tarball), "--find", "twice", "--read", SVM],
            env=self.environment(), stdout=subprocess.PIPE, text=True)
            for _ in range(8)]
        for one in running:
            out, _ = one.communicate(timeout=60)
            self.assertEqual(one.returncode, 0)
            self.assertTrue(out.endswith(FILES[SVM]))
        self.assertEqual([p for p in self.cache.rglob("*.??????")
                          if p.is_file() and ".c." in p.name], [])

    def test_cache_elsewhere_used(self):
        tarball = self.tarball()
        home = self.at / "home"
        home.mkdir()
        env = {"XDG_CACHE_HOME": "", "HOME": str(home)}
        self.assertEqual(self.run_dump(tree=tarball, **env).returncode, 0)
        self.assertTrue((home / ".cache/pinsim/trees").is_dir())
        tmp = self.at / "tmp"
        tmp.mkdir()
        env = {"XDG_CACHE_HOME": "", "HOME": "", "TMPDIR": str(tmp)}
        self.assertEqual(self.run_dump(tree=tarball, **env).returncode, 0)
        self.assertTrue(list(tmp.glob("pinsim-*/trees")))


class Patch(TreeTest):

    OLD = "".join(f"int v{i};\n" for i in range(20)) \
        + "int f(int a)\n{\n\tif (a)\n\t\treturn 1;\n\treturn 2;\n}\n"
    PATH = "virt/kvm/kvm_main.c"

    def setUp(self):
        super().setUp()
        self.files[self.PATH] = self.OLD
        self.fill()

    def patch(self, old, new, name="p.patch", wrap=None, path=PATH):
        lines = mails.diff(old, new, path)
        file = self.at / name
        file.write_text(wrap(lines) if wrap else "\n".join(lines) + "\n")
        return file

    def applied(self, *patches, path=PATH, tree=None):
        args = [a for p in patches for a in ("--patch", p)]
        before = {p: p.read_bytes() for p in self.tree.rglob("*.c")}
        said = self.said(*args, "--read", path, tree=tree)
        self.assertEqual(before,
                         {p: p.read_bytes() for p in self.tree.rglob("*.c")})
        return said

    def not_applied(self, *patches, words):
        args = [a for p in patches for a in ("--patch", p)]
        self.refused(*args, words=words)
        left = list(self.cache.glob("pinsim/patched/*"))
        self.assertEqual(left, [], "half-done work is left")

    def test_patch_applied_to_copy(self):
        new = self.OLD.replace("return 2", "return 3")
        patch = self.patch(self.OLD, new)
        for tree in (None, self.tarball()):
            for _ in range(2):
                said = self.applied(patch, tree=tree)
                self.assertTrue(said.endswith(new))
                self.assertNotIn("p.patch", said)

    def test_series_applied_in_order(self):
        one = self.OLD.replace("return 2", "return 3")
        two = one.replace("return 3", "return 4")
        first = self.patch(self.OLD, one, "1.patch")
        second = self.patch(one, two, "2.patch")
        self.assertTrue(self.applied(first, second).endswith(two))
        self.not_applied_after = self.refused(
            "--patch", second, words=["2.patch: hunk 1 does not apply to "
                                      + self.PATH])

    def test_series_in_mbox_applied_in_order(self):
        one = self.OLD.replace("return 2", "return 3")
        two = one.replace("return 3", "return 4")
        mbox = self.at / "series.mbx"
        mbox.write_text("\n".join(
            mails.mbox(body) for body in (
                ["Cover."], mails.patch_mail(mails.diff(self.OLD, one,
                                                        self.PATH)),
                mails.reply(mails.diff(self.OLD, one, self.PATH), 1),
                mails.patch_mail(mails.diff(one, two, self.PATH)))))
        self.assertTrue(self.applied(mbox).endswith(two))

    def test_file_that_is_new_found(self):
        text = "int brand_new(void)\n{\n\treturn 9;\n}\n"
        lines = mails.diff("", text, "mm/new.c")
        lines[2] = "--- /dev/null"
        patch = self.at / "n.patch"
        patch.write_text("\n".join(lines) + "\n")
        self.assertTrue(self.applied(patch, path="mm/new.c").endswith(text))
        said = self.said("--patch", patch, "--find", "brand_new")
        self.assertIn("file mm/new.c", said)

    def test_function_of_patch_found(self):
        new = self.OLD + "\nint added(void)\n{\n\treturn 0;\n}\n"
        said = self.said("--patch", self.patch(self.OLD, new), "--find",
                         "added")
        self.assertIn(f"file {self.PATH}", said)

    def test_mail_taken_as_patch(self):
        new = self.OLD.replace("return 2", "return 3")
        for wrap in (mails.raw, mails.quoted_printable, mails.base64_mail,
                     lambda s: mails.raw(mails.reply(s, 3)), mails.pipermail,
                     lambda s: mails.lore(mails.reply(s, 1))):
            said = self.applied(self.patch(self.OLD, new, wrap=wrap))
            self.assertTrue(said.endswith(new), said)
            self.assertNotIn("p.patch", said)

    def test_tabs_lost_applied_and_noted(self):
        new = self.OLD.replace("return 2", "return 3")
        patch = self.patch(self.OLD, new,
                           wrap=lambda s: mails.raw(mails.spaces(s)))
        said = self.applied(patch)
        self.assertEqual(mails.tokens(said.split("kvm_main.c\n")[-1]),
                         mails.tokens(new))
        self.assertIn("applied with blanks ignored", said)

    def test_fuzz_noted_each_time(self):
        new = self.OLD.replace("return 2", "return 3")
        patch = self.patch(self.OLD.replace("v19;", "vxx;"),
                           new.replace("v19;", "vxx;"))
        self.files[self.PATH] = self.OLD.replace("\tif (a)", "\tif (!a)")
        self.fill()
        for _ in range(2):
            self.assertIn("fits only roughly (fuzz", self.applied(patch))

    def test_bad_hunk_refused(self):
        other = self.OLD.replace("v3", "w3").replace("return 1", "return x")
        new = other.replace("return 2", "return 3").replace("w3;", "w3;\n//")
        self.not_applied(self.patch(other, new), words=[
            "p.patch: hunk 1 does not apply to " + self.PATH, "near line"])

    def test_second_patch_bad_nothing_done(self):
        new = self.OLD.replace("return 2", "return 3")
        self.not_applied(self.patch(self.OLD, new, "1.patch"),
                         self.patch("a\n", "b\n", "2.patch"),
                         words=["2.patch: hunk 1 does not apply"])

    def test_applied_already_refused(self):
        new = self.OLD.replace("return 2", "return 3")
        patch = self.patch(self.OLD, new)
        self.not_applied(patch, patch, words=["is changed like this already"])

    def test_other_file_refused(self):
        self.not_applied(self.patch("a\n", "b\n", path="mm/none.c"), words=[
            "p.patch: changes mm/none.c, which is not in"])

    def test_path_outside_refused(self):
        for path in ("../evil.c", "mm/../../evil.c", "/evil.c"):
            self.not_applied(self.patch("a\n", "b\n", path=path),
                             words=["expected a path within a kernel tree"])

    def test_no_patch_refused(self):
        empty = self.at / "p.patch"
        empty.write_text("")
        self.not_applied(empty, words=["p.patch:1: is empty"])
        empty.write_text("hello\n")
        self.not_applied(empty, words=["no patch is in"])
        self.not_applied(self.at / "none", words=["No such file"])

    def test_cut_reply_refused(self):
        new = self.OLD.replace("return 2", "return 3")
        self.not_applied(
            self.patch(self.OLD, new,
                       wrap=lambda s: mails.raw(mails.reply(s[:-3], 1))),
            words=["of this hunk are not there"])

    def test_no_patch_program_refused(self):
        new = self.OLD.replace("return 2", "return 3")
        self.refused("--patch", self.patch(self.OLD, new), PATH=str(self.at),
                     words=["install the package patch"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
