#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pinsim subject --tree PACKAGE --patch: from a patch on the kernel's own files
to the verdict, with the patched file's lines.

The patches are made here, of what Debian's packages have: of sev.c and of the
headers and the table that a design of pinning changes with it.
"""
import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import program
from program import OK, USAGE, VIOLATED, pinsim, replay_lines

sys.path.insert(0, str(program.ROOT / "tests/subject"))
import mails    # noqa: E402

PACKAGES = {v: path for v in ("6.1", "6.12")
            if (path := pathlib.Path(f"/usr/src/linux-source-{v}.tar.xz")).exists()}
LATE = "tests/races/late-longterm-pin.race"
SEV = "arch/x86/kvm/svm/sev.c"
SVM = "arch/x86/kvm/svm/svm.c"
SVM_H = "arch/x86/kvm/svm/svm.h"
HOST_H = "arch/x86/include/asm/kvm_host.h"
FILES = (SEV, SVM, SVM_H, HOST_H)
FUNCTIONS = "sev_hold_spte,sev_hold_slot,sev_drop_slot"
# The plain reference is no long-term pin, which is another story.
FEW = ["--executions", "50", "--max-steps", "3000", "--check", "all,-longterm-placement"]

# A design of our own. It forgets the last page of each slot.
HOLDS = """\
int sev_hold_slot(struct kvm *kvm, const struct kvm_memory_slot *old,
		  struct kvm_memory_slot *new)
{
	if (new->npages > SEV_HELD_MAX)
		return -ENOMEM;
	new->arch.held.pfns = kvcalloc(new->npages, sizeof(*new->arch.held.pfns),
				       GFP_KERNEL_ACCOUNT);
	return new->arch.held.pfns ? 0 : -ENOMEM;
}

void sev_hold_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level,
		   kvm_pfn_t pfn)
{
	struct kvm_sev_info *sev = &to_kvm_svm(kvm)->sev_info;
	struct kvm_memory_slot *slot = gfn_to_memslot(kvm, gfn);
	kvm_pfn_t *held;

	if (!sev_guest(kvm) || !slot)
		return;
	held = sev_held_pfn(slot, gfn);
	if (*held == pfn)
		return;
	get_page(pfn_to_page(pfn));
	*held = pfn;
	/* Or what the host has in its caches lands on encrypted memory. */
	clflush_cache_range(page_address(pfn_to_page(pfn)), PAGE_SIZE);
	WRITE_ONCE(sev->nr_held, sev->nr_held + 1);
}

void sev_drop_slot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	unsigned long i;

	for (i = 0; slot->arch.held.pfns && i < slot->npages - 1; i++)
		if (slot->arch.held.pfns[i])
			put_page(pfn_to_page(slot->arch.held.pfns[i]));
	kvfree(slot->arch.held.pfns);
	slot->arch.held.pfns = NULL;
}

"""


def before(text, mark, new):
    assert text.count(mark) == 1, (mark, text.count(mark))
    return text.replace(mark, new + mark)


def after(text, mark, new):
    assert text.count(mark) == 1, (mark, text.count(mark))
    return text.replace(mark, mark + new)


def design(files):
    """The package's files with a design of pinning on demand in them."""
    new = dict(files)
    new[HOST_H] = before(new[HOST_H], "struct kvm_arch_memory_slot {\n",
                         "/* Pages that a guest's memory stays in. */\n"
                         "struct kvm_held {\n\tkvm_pfn_t *pfns;\n"
                         "\tunsigned int nr;\n};\n\n")
    new[HOST_H] = after(new[HOST_H], "struct kvm_arch_memory_slot {\n",
                        "\tstruct kvm_held held;\t/* by page of the slot */\n")
    new[HOST_H] = after(
        new[HOST_H], "\tint (*mem_enc_unregister_region)(struct kvm *kvm, "
        "struct kvm_enc_region *argp);\n",
        "\tint (*alloc_memslot_metadata)(struct kvm *kvm,\n"
        "\t\t\t\t      const struct kvm_memory_slot *old,\n"
        "\t\t\t\t      struct kvm_memory_slot *new);\n"
        "\tvoid (*free_memslot)(struct kvm *kvm, struct kvm_memory_slot *slot);\n"
        "\tvoid (*pin_spte)(struct kvm *kvm, gfn_t gfn, enum pg_level level,\n"
        "\t\t\t kvm_pfn_t pfn);\n")
    new[SVM_H] = after(new[SVM_H], "struct kvm_sev_info {\n",
                       "\tunsigned long nr_held;\t/* for people */\n")
    new[SVM_H] = before(
        new[SVM_H], "int sev_mem_enc_unregister_region(struct kvm *kvm,\n",
        "#define SEV_HELD_MAX\t(1UL << 20)\n"
        "int sev_hold_slot(struct kvm *kvm, const struct kvm_memory_slot *old,\n"
        "\t\t  struct kvm_memory_slot *new);\n"
        "void sev_hold_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level,\n"
        "\t\t   kvm_pfn_t pfn);\n"
        "void sev_drop_slot(struct kvm *kvm, struct kvm_memory_slot *slot);\n"
        "/* Nobody needs this, and nobody knows what it is made of. */\n"
        "static inline struct snp_thing *snp_thing_of(struct vcpu_svm *svm)\n"
        "{\n\treturn &svm->snp_thing;\n}\n\n"
        "static inline kvm_pfn_t *sev_held_pfn(struct kvm_memory_slot *slot, gfn_t gfn)\n"
        "{\n\treturn &slot->arch.held.pfns[gfn - slot->base_gfn];\n}\n\n")
    new[SVM] = after(
        new[SVM], "\t.mem_enc_unregister_region = sev_mem_enc_unregister_region,\n",
        "\t.alloc_memslot_metadata = sev_hold_slot,\n"
        "\t.free_memslot = sev_drop_slot,\n\t.pin_spte = sev_hold_spte,\n")
    new[SEV] = before(new[SEV], "void sev_vm_destroy(struct kvm *kvm)\n", HOLDS)
    return new


def diff(old, new):
    """A patch from files to files."""
    return "".join("\n".join(mails.diff(old[path], new[path], path)) + "\n"
                   for path in FILES if old[path] != new[path])


def line_of(text, what):
    assert text.count(what) == 1, what
    return text[:text.index(what)].count("\n") + 1


class Patch(unittest.TestCase):
    """Packages' files, unpacked once."""

    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temp.cleanup)
        cls.top = pathlib.Path(temp.name)
        cls.env = {"XDG_CACHE_HOME": str(cls.top / "cache")}
        cls.files = {}
        for version, tarball in PACKAGES.items():
            # The search unpacks what it looks through.
            for name in ("svm.c:svm_hardware_setup", HOST_H + ":nothing"):
                pinsim("subject", "--tree", str(tarball), "--functions", name,
                       "--needs", env=cls.env)
            folder = next((cls.top / "cache/pinsim/trees").glob(f"*-{version}.tar*"))
            cls.files[version] = {p: (folder / p).read_text() for p in FILES}

    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = pathlib.Path(temp.name)

    def write(self, name, text):
        path = self.dir / name
        path.write_text(text)
        return str(path)

    def make(self, version, *patches, tree=None):
        """A subject, and what was said of it."""
        out = str(self.dir / "it.so")
        args = [a for p in patches for a in ("--patch", p)]
        ran = pinsim("subject", "--tree", str(tree or PACKAGES[version]), *args,
                     "--functions", FUNCTIONS, "--output", out, env=self.env)
        self.assertEqual((ran.status, ran.err), (OK, ""), ran.err)
        return out, ran.out

    def refused(self, version, *patches, tree=None):
        args = [a for p in patches for a in ("--patch", p)]
        ran = pinsim("subject", "--tree", str(tree or PACKAGES[version]), *args,
                     "--functions", FUNCTIONS, env=self.env)
        self.assertEqual((ran.status, ran.out), (USAGE, ""), ran.out)
        self.assertEqual(ran.err.count("\n"), 1, ran.err)
        return ran.err

    def explore(self, out, *args):
        ran = pinsim("explore", LATE, "--design", out, *FEW, *args, env=self.env)
        self.assertEqual(ran.err, "")
        return ran


class Whole(Patch):
    """From a patch to its leak, and to the patch that mends it."""

    def test_leak_told_with_the_patched_files_lines(self):
        for version, files in self.files.items():
            new = design(files)
            took = line_of(new[SEV], "\tget_page(pfn_to_page(pfn));\n\t*held")
            with self.subTest(kernel=version):
                out, said = self.make(version, self.write("p.patch", diff(files, new)))
                self.assertRegex(said, rf"Subject sev@\w+ of {SEV}, kernel {version}, ")
                for name, hook in (("sev_hold_spte", "pin_spte"),
                                   ("sev_hold_slot", "alloc_memslot_metadata"),
                                   ("sev_drop_slot", "free_memslot")):
                    begin = line_of(new[SEV], f"{name}(struct kvm *kvm")
                    self.assertRegex(said, rf"{name} +{SEV}:{begin}-\d+ +fills {hook}\n")
                ran = self.explore(out)
                self.assertEqual(ran.status, VIOLATED)
                self.assertRegex(ran.out, r" violates ref-leak ")
                leak = f"in sev_hold_spte() at sev.c:{took}"
                self.assertIn(leak, ran.out)
                # The table of CPUs, and who still holds the page at the end.
                ran = pinsim("replay", replay_lines(ran.out)[0], "--design", out,
                             env=self.env)
                self.assertRegex(ran.out, rf"get_page\(ram\): refs \d +sev\.c:{took}\b")
                self.assertRegex(ran.out, rf"(?s)ref-leak.*{re.escape(leak)}")

    def test_series_mends_it(self):
        for version, files in self.files.items():
            new = design(files)
            mended = dict(new)
            mended[SEV] = new[SEV].replace("i < slot->npages - 1; i++", "i < slot->npages; i++")
            first = self.write("1.patch", diff(files, new))
            second = self.write("2.patch", mails.raw(mails.reply(
                diff(new, mended).split("\n"), 2)))
            with self.subTest(kernel=version):
                out, said = self.make(version, first, second)
                self.assertNotIn("Note: /", said)
                found = json.loads(self.explore(out, "--json", "-").out)
                self.assertEqual(found["violations"], [])
                self.assertEqual(found["verdicts"][0]["search"]["violated"], 0)
                # In the other order the second one has nothing to change.
                self.assertRegex(self.refused(version, second, first),
                                 rf"2\.patch: hunk 1 does not apply to {SEV}: expected its "
                                 r"lines near line \d+ of the file")

    def test_does_not_apply(self):
        for version, files in self.files.items():
            new = design(files)
            patch = self.write("p.patch", diff(files, new).replace(
                " struct kvm_sev_info {", " struct kvm_sve_info {"))
            at = line_of(files[SVM_H], "struct kvm_sev_info {\n")
            err = self.refused(version, patch)
            told = re.search(rf"p\.patch: hunk 1 does not apply to {SVM_H}: expected its "
                             r"lines near line (\d+) of the file", err)
            self.assertLess(abs(int(told[1]) - at), 8)
            # And the tree is as it was: the right one applies.
            self.make(version, self.write("q.patch", diff(files, new)))

    def test_offset_and_fuzz(self):
        """A patch that was made of a tree that has changed since."""
        for version, files in self.files.items():
            old = dict(files)
            lines = files[SEV].split("\n")
            # Lines above are gone since, and one beside the hunk reads otherwise.
            old[SEV] = "\n".join(["/* one */", "/* two */", "/* three */"] + lines)
            mark = "void sev_vm_destroy(struct kvm *kvm)\n"
            begin = old[SEV].index(mark)
            above = old[SEV].rindex("\n}\n", 0, begin)
            old[SEV] = old[SEV][:above] + "\n} /* was */\n" + old[SEV][above + 3:]
            patch = self.write("p.patch", diff(old, design(old)))
            with self.subTest(kernel=version):
                out, said = self.make(version, patch)
                self.assertRegex(said, rf"Note: \S+p\.patch: .*{SEV}.*fuzz")
                new = design(files)[SEV]
                took = line_of(new, "\tget_page(pfn_to_page(pfn));\n\t*held")
                self.assertIn(f"in sev_hold_spte() at sev.c:{took}", self.explore(out).out)

    def test_fields_without_room(self):
        for version, files in self.files.items():
            new = design(files)
            new[SVM_H] = after(new[SVM_H], "struct vcpu_svm {\n", "\tbool held_once;\n")
            _, said = self.make(version, self.write("p.patch", diff(files, new)))
            self.assertIn("Note: the patch adds fields to struct vcpu_svm, for which the "
                          "simulator has no room", said)

    def test_folder_as_well(self):
        """A tree that is a folder stays as it is."""
        for version, files in self.files.items():
            top = self.dir / version
            for path, text in files.items():
                (top / path).parent.mkdir(parents=True, exist_ok=True)
                (top / path).write_text(text)
            (top / "Makefile").write_text("VERSION = {}\nPATCHLEVEL = {}\n".format(
                *version.split(".")))
            patch = self.write("p.patch", diff(files, design(files)))
            with self.subTest(kernel=version):
                mine, _ = self.make(version, patch, tree=top)
                found = json.loads(self.explore(mine, "--json", "-").out)
                self.assertIn("ref-leak", [v["check"] for v in found["violations"]])
                for path, text in files.items():
                    self.assertEqual((top / path).read_text(), text)


if __name__ == "__main__":
    if not PACKAGES:
        print("skipped: neither linux-source-6.1 nor linux-source-6.12 is installed")
        sys.exit(77)
    if not shutil.which("patch"):
        print("skipped: patch(1) is not installed")
        sys.exit(77)
    program.main()
