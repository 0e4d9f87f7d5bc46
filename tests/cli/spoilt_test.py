#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Code under test that overwrites one word of a kernel object that it may see: a
VM, a slot, a page, an address space, a vCPU, a thread. Whoever comes by that
word next, long after that code has returned, meets a verdict, or does not mind;
never an error of pinsim's own.
"""
import pathlib
import re
import tempfile
import unittest

import program
from program import BUDGET, OK, VIOLATED, pinsim

VALUES = ("0UL", "~0UL", "(unsigned long)kvm", "(unsigned long)nothing")


def words(size):
    """All of a struct, as far as it may have grown."""
    return [str(8 * n) for n in range(size // 8)]


def fields(struct, **named):
    """The first words of some fields."""
    return [f"offsetof(struct {struct}, {name}) + {8 * n}"
            for name, count in named.items() for n in range(count)]


# Name: how the code comes by it, its type, the words of it.
VICTIMS = {
    "page": ("pfn_to_page(pfn)", "struct page", words(64)),
    "slot": ("gfn_to_memslot(kvm, gfn)", "struct kvm_memory_slot", words(104)),
    "mm": ("kvm->mm", "struct mm_struct",
           fields("mm_struct", pgd=1, tables=1, mmap_lock=6, page_table_lock=6, vmas=2,
                  map_count=1, mm_count=1, flags=1, locked_vm=1, pinned_vm=1,
                  write_protect_seq=2, files=1, notifier_subscriptions=1, id=1)),
    "task": ("current", "struct task_struct",
             fields("task_struct", pid=1, flags=1, mm=1, active_mm=1, signal=1, process=1,
                    fault=1, pending=1)),
    "vcpu": ("kvm->vcpus[0]", "struct kvm_vcpu",
             fields("kvm_vcpu", kvm=1, vcpu_id=1, mutex=6, srcu_idx=1, last_used_slot=1,
                    async_pf=12, arch=16)),
    "kvm": ("kvm", "struct kvm",
            fields("kvm", mmu_lock=6, slots_lock=6, slots_arch_lock=6, mm=1,
                   nr_memslot_pages=1, memslots=1, srcu=6, vcpus=1, online_vcpus=1, lock=6,
                   users_count=1, arch=12, mn_invalidate_lock=6, mn_active_invalidate_count=1,
                   mn_memslots_update_rcuwait=1, mmu_notifier=4, mmu_invalidate_seq=1,
                   mmu_invalidate_in_progress=1, mmu_invalidate_range_start=1, vm_bugged=1,
                   enc_regions=2, number=1)),
}

CODE = """
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <svm/svm.h>

static const unsigned long at[] = {{ {at} }};
static unsigned long nothing[64];

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{{
	const unsigned long value[] = {{ {values} }};
	char *victim = (char *){victim};
	unsigned long n = gfn - 0x100;

	BUILD_BUG_ON(ARRAY_SIZE(value) != {nr_values});
	if (n / {nr_values} < ARRAY_SIZE(at) && at[n / {nr_values}] < sizeof({type}))
		WRITE_ONCE(*(unsigned long *)(victim + at[n / {nr_values}]),
			   value[n % {nr_values}]);
}}

static void sev_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{{
}}
"""

# A first fault, at a gfn that says what is overwritten with what; then all sorts.
RACE = """
race {name}
"What if one word of the kernel's is overwritten?"
hazards H-01
checks all but mapped-unpinned, stale-spte, ref-leak

machine {{ cpus 2; zone normal 64M; zone movable 64M; cma 0; swap 1M; }}
process vmm {{ map ram 4M anon in movable; map old 16K anon in normal; }}
vm guest sev owner vmm {{ slot 0 gfn 0x100 maps ram[..]; }}

task vcpu0 on 0 {{ fault gfn {gfn} write; fault gfn 0x4ff write; register old; }}
task kworker on 1 {{ async_pf vcpu0; }}
task vmm0 on 1 of vmm {{ migrate ram[{n}]; dontneed ram[{n}]; slot delete 0; }}
"""


def said(ran):
    """What pinsim said. Where the simulated kernel is built with
    -fsanitize=undefined, it tells first of what it reads that the subject spoilt."""
    return re.sub(r"^(\S+: runtime error: |SUMMARY: UndefinedBehaviorSanitizer: ).*\n", "",
                  ran.err, flags=re.M)


class Spoilt(unittest.TestCase):
    """One word at a time."""

    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = pathlib.Path(temp.name)

    def subject(self, name):
        victim, kind, at = VICTIMS[name]
        path = self.dir / f"{name}.c"
        path.write_text(CODE.format(at=", ".join(at), values=", ".join(VALUES), victim=victim,
                                    nr_values=len(VALUES), type=kind))
        return path

    def race(self, n):
        path = self.dir / f"word-{n}.race"
        path.write_text(RACE.format(name=path.stem, n=n, gfn=0x100 + n))
        return path

    def explore(self, subject, n):
        return pinsim("explore", str(self.race(n)), "--design", str(subject),
                      "--executions", "12", "--max-steps", "3000",
                      env={"XDG_CACHE_HOME": str(self.dir)})

    def test_each_word(self):
        for name, (_, _, at) in VICTIMS.items():
            subject = self.subject(name)
            minded = 0
            for n in range(len(at) * len(VALUES)):
                with self.subTest(victim=name, word=at[n // len(VALUES)],
                                  value=VALUES[n % len(VALUES)]):
                    ran = self.explore(subject, n)
                    self.assertIn((ran.status, said(ran)),
                                  ((VIOLATED, ""), (OK, ""), (BUDGET, "")))
                    minded += ran.status == VIOLATED
            # Else it was none of the kernel's, or nobody came by it.
            self.assertGreater(minded, len(VALUES), name)

    def test_address_space_without_its_lock(self):
        """Whoever asks for mmap_lock later is none of the code under test."""
        _, _, at = VICTIMS["kvm"]
        n = at.index("offsetof(struct kvm, mm) + 0") * len(VALUES) + 3
        ran = self.explore(self.subject("kvm"), n)
        self.assertEqual((ran.status, said(ran)), (VIOLATED, ""))
        self.assertRegex(ran.out, ": kernel-bug\n")


if __name__ == "__main__":
    program.main()
