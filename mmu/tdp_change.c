/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process's page table gets another page, and KVM could follow without a
 * fault (arch/x86/kvm/mmu/tdp_mmu.c, v6.1: kvm_tdp_mmu_set_spte_gfn(),
 * set_spte_gfn(); gone in v6.10). The contract's H.29.
 *
 * It never does: who calls has opened a window over the address, so nothing is
 * mapped there and nothing can be before the window closes.
 *
 * Simpler than the kernel: v6.1 tells its second write of the leaf that was there
 * before its first, if hardware sets no bits in that; which would be a change of
 * a present leaf's page, and a BUG() (H.20). Here the second write is told what
 * the first has left.
 */
#include <linux/kvm_host.h>
#include <linux/rcupdate.h>

#include "spte.h"
#include "tdp_iter.h"
#include "tdp_mmu.h"

/* A page that may be written is for a fault to map; one that may not, is mapped. */
static void change_leaf(struct kvm *kvm, struct tdp_iter *iter, pte_t pte)
{
	u64 old_spte = iter->old_spte;

	/* H.20: never from one page to another in one go. */
	tdp_mmu_iter_set_spte(kvm, iter, SHADOW_NONPRESENT_VALUE);
	if (pte_write(pte))
		return;
	tdp_mmu_iter_set_spte(kvm, iter,
			      kvm_mmu_changed_pte_notifier_make_spte(old_spte,
								     pte_pfn(pte)));
}

static bool change_root(struct kvm *kvm, struct kvm_mmu_page *root,
			struct kvm_gfn_range *range)
{
	struct tdp_iter iter;
	bool flush = false;

	rcu_read_lock();
	for_each_used_tdp_pte_min_level(iter, root, PG_LEVEL_4K, range->start,
					range->end) {
		if (iter.level != PG_LEVEL_4K ||
		    !is_shadow_present_pte(iter.old_spte))
			continue;
		change_leaf(kvm, &iter, range->pte);
		flush = true;
	}
	rcu_read_unlock();
	return flush;
}

/**
 * kvm_tdp_mmu_set_spte_gfn() - what maps a gfn shall map another page (H.29).
 * @kvm: the VM
 * @range: the gfn, and the process's entry for that page
 *
 * Context: mmu_lock held exclusively.
 * Return: whether TLBs must be flushed before mmu_lock is released.
 */
bool kvm_tdp_mmu_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range)
{
	struct kvm_mmu_page *root;
	bool flush = false;

	lockdep_assert_held_write(&kvm->mmu_lock);
	WARN_ON(range->start + 1 != range->end);
	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link)
		if (kvm_mmu_page_as_id(root) == range->slot->as_id)
			flush |= change_root(kvm, root, range);
	return flush;
}
