/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages a guest has used (arch/x86/kvm/mmu/tdp_mmu.c, v6.12:
 * kvm_tdp_mmu_age_gfn_range(), age_gfn_range()), for the reclaim of a host whose
 * CPUs set accessed bits (H.33).
 *
 * An entry without its accessed bit is as good as before: the guest's next
 * access sets it again, without a fault. But v6.1 writes it as if it were a new
 * one, and so comes by RFC v0's hook, under the lock of the process's page table
 * (__tdp_mmu_set_spte(), __handle_changed_spte()).
 */
#include <linux/kvm_host.h>
#include <linux/rcupdate.h>

#include "spte.h"
#include "tdp_iter.h"
#include "tdp_mmu.h"

static void age_leaf(struct kvm *kvm, const struct tdp_iter *iter)
{
	/* One bit of its own: hardware may be setting another. */
	WRITE_ONCE(*iter->sptep, READ_ONCE(*iter->sptep) & ~PT_ACCESSED_MASK);
	if (kvm_tdp_mmu_ages_by_change())
		kvm_x86_pin_spte(kvm, iter->gfn, iter->level,
				 spte_to_pfn(iter->old_spte));
}

static bool age_root(struct kvm *kvm, struct kvm_mmu_page *root,
		     struct kvm_gfn_range *range)
{
	struct tdp_iter iter;
	bool young = false;

	rcu_read_lock();
	for_each_used_tdp_pte_min_level(iter, root, PG_LEVEL_4K, range->start,
					range->end) {
		if (!is_shadow_present_pte(iter.old_spte) ||
		    !is_last_spte(iter.old_spte, iter.level) ||
		    !is_accessed_spte(iter.old_spte))
			continue;
		age_leaf(kvm, &iter);
		young = true;
	}
	rcu_read_unlock();
	return young;
}

/**
 * kvm_tdp_mmu_age_gfn_range() - forget that the guest used a range (H.33).
 * @kvm: the VM
 * @range: part of a slot
 *
 * Context: mmu_lock held exclusively.
 * Return: whether it had used any of it.
 */
bool kvm_tdp_mmu_age_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
	struct kvm_mmu_page *root;
	bool young = false;

	lockdep_assert_held_write(&kvm->mmu_lock);
	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link)
		if (kvm_mmu_page_as_id(root) == range->slot->as_id)
			young |= age_root(kvm, root, range);
	return young;
}
