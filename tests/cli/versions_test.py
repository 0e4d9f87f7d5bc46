#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One design as it would be written for three kernels, and hooks as patches had
them: each is served by its own signatures.
"""
import json
import pathlib
import shutil
import tempfile
import unittest

import program
from program import OK, USAGE, pinsim

RACE = """\
race versions
"Is code that was written for this kernel served?"
kernels 5.17 6.1 6.12
machine { cpus 2; zone normal 64M; zone movable 64M; }
process vmm { memlock 64M; map ram 4K anon in normal; }
vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; register ram; }
task vcpu0 on 0 { touch ram; fault gfn 0x100 write; }
task vcpu1 on 1 { fault gfn 0x100 write; }
"""
SEV = "arch/x86/kvm/svm/sev.c"
HEAD = """\
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/slab.h>
#include "svm.h"

"""

# Of what differs: GUP and VMAs; who may be interrupted; the notifier's names;
# whether a page may be pinned for long; memslots' hooks.
PIN = {
    "5.17": """\
static bool look(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, hva_t hva, gfn_t gfn)
{
	unsigned long seq = vcpu->kvm->mmu_notifier_seq;
	struct vm_area_struct *vma[2] = { NULL };
	struct mmu_notifier_range range;
	struct page *page[2];
	kvm_pfn_t pfn;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, vma[0], current->mm, hva,
				hva + PAGE_SIZE);
	mmap_read_lock(current->mm);
	if (get_user_pages(hva, 1, FOLL_WRITE, page, vma) != 1 || !vma[0])
		return false;
	put_page(page[0]);
	if (get_user_pages_remote(current->mm, hva, 1, FOLL_WRITE, page, NULL, NULL) != 1)
		return false;
	put_page(page[0]);
	if (pin_user_pages(hva, 1, FOLL_WRITE, page, NULL) != 1)
		return false;
	mmap_read_unlock(current->mm);
	unpin_user_page(page[0]);
	if (pin_user_pages_fast_only(hva, 1, FOLL_WRITE, page) == 1)
		unpin_user_page(page[0]);
	pfn = hva_to_pfn(hva, false, NULL, true, NULL);
	if (is_error_noslot_pfn(pfn))
		return false;
	kvm_release_pfn(pfn, false);
	pfn = __gfn_to_pfn_memslot(slot, gfn, false, NULL, true, NULL, NULL);
	is_pinnable_page(pfn_to_page(pfn));
	kvm_release_pfn_clean(pfn);
	read_lock(&vcpu->kvm->mmu_lock);
	if (mmu_notifier_retry_hva(vcpu->kvm, seq, hva))
		seq = vcpu->kvm->mmu_notifier_count;
	read_unlock(&vcpu->kvm->mmu_lock);
	return true;
}
""",
    "6.1": """\
static bool look(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, hva_t hva, gfn_t gfn)
{
	unsigned long seq = vcpu->kvm->mmu_invalidate_seq;
	struct vm_area_struct *vma[2] = { NULL };
	struct mmu_notifier_range range;
	struct page *page[2];
	kvm_pfn_t pfn;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, vma[0], current->mm, hva,
				hva + PAGE_SIZE);
	mmap_read_lock(current->mm);
	if (get_user_pages(hva, 1, FOLL_WRITE, page, vma) != 1 || !vma[0])
		return false;
	put_page(page[0]);
	if (pin_user_pages_remote(current->mm, hva, 1, FOLL_WRITE, page, NULL, NULL) != 1)
		return false;
	mmap_read_unlock(current->mm);
	unpin_user_page(page[0]);
	if (pin_user_pages_fast_only(hva, 1, FOLL_WRITE, page) == 1)
		unpin_user_page(page[0]);
	pfn = hva_to_pfn(hva, false, NULL, true, NULL);
	if (is_error_noslot_pfn(pfn))
		return false;
	kvm_release_pfn(pfn, true);
	pfn = __gfn_to_pfn_memslot(slot, gfn, false, NULL, true, NULL, NULL);
	is_longterm_pinnable_page(pfn_to_page(pfn));
	kvm_release_pfn_clean(pfn);
	read_lock(&vcpu->kvm->mmu_lock);
	if (mmu_invalidate_retry_hva(vcpu->kvm, seq, hva))
		seq = vcpu->kvm->mmu_invalidate_in_progress;
	read_unlock(&vcpu->kvm->mmu_lock);
	return true;
}
""",
    "6.12": """\
static bool look(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, hva_t hva, gfn_t gfn)
{
	unsigned long seq = vcpu->kvm->mmu_invalidate_seq;
	struct mmu_notifier_range range;
	struct page *page[2];
	kvm_pfn_t pfn;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, current->mm, hva,
				hva + PAGE_SIZE);
	mmap_read_lock(current->mm);
	if (get_user_pages(hva, 1, FOLL_WRITE, page) != 1)
		return false;
	put_page(page[0]);
	if (pin_user_pages_remote(current->mm, hva, 1, FOLL_WRITE, page, NULL) != 1)
		return false;
	mmap_read_unlock(current->mm);
	unpin_user_page(page[0]);
	pfn = hva_to_pfn(hva, false, true, NULL, true, NULL);
	if (is_error_noslot_pfn(pfn))
		return false;
	kvm_release_pfn(pfn, true);
	pfn = __gfn_to_pfn_memslot(slot, gfn, false, true, NULL, true, NULL, NULL);
	folio_is_longterm_pinnable(page_folio(pfn_to_page(pfn)));
	kvm_release_pfn_clean(pfn);
	read_lock(&vcpu->kvm->mmu_lock);
	if (mmu_invalidate_retry_gfn(vcpu->kvm, seq, gfn))
		seq = vcpu->kvm->mmu_invalidate_in_progress;
	read_unlock(&vcpu->kvm->mmu_lock);
	return true;
}
""",
}

# The design around it; where a second %s stands, whatever a test has.
REST = """
%s
static bool sev_pin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, kvm_pfn_t pfn,
			hva_t hva, bool write, enum pg_level level)
{
	gfn_t gfn = hva_to_gfn_memslot(hva, slot);
	kvm_pfn_t *pinned = &slot->arch.pfns[gfn - slot->base_gfn];
	struct page *page[1];

	if (!sev_guest(vcpu->kvm))
		return true;
	%s
	BUG_ON(!look(vcpu, slot, hva, gfn));
	if (*pinned == pfn)
		return true;
	if (pin_user_pages_fast(hva, 1, FOLL_WRITE, page) != 1)
		return false;
	if (*pinned)
		unpin_user_page(pfn_to_page(*pinned));
	*pinned = page_to_pfn(page[0]);
	return true;
}

static int sev_alloc_memslot_metadata(ALLOC)
{
	new->arch.pfns = kvcalloc(new->npages, sizeof(*new->arch.pfns), GFP_KERNEL_ACCOUNT);
	return new->arch.pfns ? 0 : -ENOMEM;
}

static RETURNS sev_free_memslot(FREE)
{
	unsigned long i;

	for (i = 0; slot->arch.pfns && i < slot->npages; i++)
		if (slot->arch.pfns[i])
			unpin_user_page(pfn_to_page(slot->arch.pfns[i]));
	kvfree(slot->arch.pfns);
	slot->arch.pfns = NULL;
	END
}
"""
ALLOC = {
    3: "struct kvm *kvm, const struct kvm_memory_slot *old,\n\t\t\t\t"
       "      struct kvm_memory_slot *new",
    2: "struct kvm *kvm, struct kvm_memory_slot *new",
    1: "struct kvm_memory_slot *new",
}
FREE = {2: "struct kvm *kvm, struct kvm_memory_slot *slot",
        1: "struct kvm_memory_slot *slot"}
SHAPE = {"5.17": (2, 1), "6.1": (3, 2), "6.12": (3, 2)}


def text(version, alloc=None, free=None, before="", first="", returns="void", end=""):
    shape = SHAPE[version]
    rest = REST % (before, first)
    for word, now in (("ALLOC", ALLOC[alloc or shape[0]]), ("FREE", FREE[free or shape[1]]),
                      ("RETURNS", returns), ("END", end)):
        rest = rest.replace(word, now)
    return HEAD + PIN[version] + rest


class Versions(unittest.TestCase):
    """A folder and a cache."""

    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = pathlib.Path(temp.name)
        self.env = {"XDG_CACHE_HOME": str(self.dir / "cache")}
        self.race = str(self.dir / "versions.race")
        pathlib.Path(self.race).write_text(RACE)

    def make(self, code, *args):
        file = self.dir / "sev.c"
        file.write_text(code)
        out = str(self.dir / "sev.so")
        return pinsim("subject", "--file", str(file), "--output", out, *args,
                      env=self.env), out

    def found(self, out, *args):
        ran = pinsim("explore", self.race, "--design", out, "--executions", "100", "--check",
                     "all,-longterm-placement,-record-mismatch,-cache-stale", "--json", "-", *args,
                     env=self.env)
        self.assertEqual(ran.err, "")
        found = json.loads(ran.out)
        return found["verdicts"][0]["kernel"], {v["check"] for v in found["violations"]}

    def test_each_by_its_own_signatures(self):
        for cc in ("gcc", "clang"):
            for version in PIN:
                if not shutil.which(cc):
                    continue
                with self.subTest(kernel=version, cc=cc):
                    ran, out = self.make(text(version), "--kernel", version, "--cc", cc)
                    self.assertEqual((ran.status, ran.err), (OK, ""), ran.err)
                    self.assertEqual(self.found(out), (version, set()))

    def test_none_by_anothers(self):
        for version, kernel in (("5.17", "6.12"), ("6.1", "6.12"), ("6.12", "6.1"),
                                ("6.12", "5.17"), ("5.17", "6.1")):
            with self.subTest(kernel=kernel, written_for=version):
                ran, _ = self.make(text(version), "--kernel", kernel)
                self.assertEqual(ran.status, USAGE)
                self.assertIn("error: ", ran.err)

    def test_signatures_are_the_trees_own(self):
        """Also of a release that is run as another one."""
        for tree, version in (("6.4.3", "6.1"), ("6.5.0", "6.12")):
            top = self.dir / tree
            (top / SEV).parent.mkdir(parents=True)
            (top / "Makefile").write_text("VERSION = {}\nPATCHLEVEL = {}\nSUBLEVEL = {}\n"
                                          .format(*tree.split(".")))
            code = text(version)
            if tree == "6.4.3":
                code = code.replace("hva_to_pfn(hva, false, NULL",
                                    "hva_to_pfn(hva, false, true, NULL") \
                    .replace("memslot(slot, gfn, false, NULL",
                             "memslot(slot, gfn, false, true, NULL") \
                    .replace("0, vma[0], current->mm", "0, current->mm") \
                    .replace("\tif (pin_user_pages_fast_only(hva, 1, FOLL_WRITE, page) == 1)\n"
                             "\t\tunpin_user_page(page[0]);\n", "")
            (top / SEV).write_text(code)
            ran = pinsim("subject", "--tree", str(top), "--functions",
                         "sev_pin_pfn,sev_alloc_memslot_metadata,sev_free_memslot",
                         env=self.env)
            self.assertEqual((ran.status, ran.err), (OK, ""), ran.err)
            self.assertIn("is run as 6.1", ran.out)

    def test_hooks_of_every_shape(self):
        for alloc in ALLOC:
            for free in FREE:
                ran, out = self.make(text("6.12", alloc, free))
                self.assertEqual((ran.status, ran.err), (OK, ""), ran.err)
                self.assertEqual(self.found(out)[1], set())

    def test_value_that_nobody_looks_at(self):
        ran, out = self.make(text("6.12", returns="int", end="return 3;"))
        self.assertEqual((ran.status, ran.err), (OK, ""), ran.err)
        self.assertIn("Note: it returns a value from sev_free_memslot(), which nobody looks at",
                      ran.out)
        self.assertEqual(self.found(out)[1], set())

    def test_pin_that_is_refused_is_tried_again(self):
        ran, out = self.make(text("6.12", before="static int tried;",
                                  first="if (!tried++)\n\t\treturn false;"))
        self.assertEqual((ran.status, ran.err), (OK, ""), ran.err)
        ran = pinsim("run", self.race, "--design", out, "--check", "all,-longterm-placement",
                     env=self.env)
        self.assertIn("hook pin_pfn = -EAGAIN", ran.out)
        self.assertIn("hook pin_pfn = 0", ran.out)
        self.assertIn("RET_PF_FIXED", ran.out)

    def test_other_shapes_do_not_fit(self):
        for bad in (text("6.12").replace("static bool sev_pin_pfn",
                                         "static struct page *sev_pin_pfn")
                    .replace("return true;", "return NULL;")
                    .replace("return false;", "return NULL;"),
                    text("6.12").replace("hva_t hva, bool write, enum pg_level level)",
                                         "hva_t hva)")):
            ran, _ = self.make(bad)
            self.assertEqual(ran.status, USAGE)
            self.assertIn("sev_pin_pfn does not fit hook pin_pfn: expected", ran.err)


if __name__ == "__main__":
    program.main()
