/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a notifier does with the leaves of a range, other than zap them
 * (arch/x86/kvm/mmu/tdp_mmu.c, v6.12: kvm_tdp_mmu_handle_gfn(),
 * kvm_tdp_mmu_age_gfn_range(), age_gfn_range(); v6.1: kvm_tdp_mmu_set_spte_gfn(),
 * set_spte_gfn(), gone in v6.10). The contract's H.29 and H.33.
 *
 * Age: which pages has the guest used? For the reclaim of a host whose CPUs set
 * accessed bits. An entry without its accessed bit is as good as before: the
 * guest's next access sets it again, without a fault. But v6.1 writes it as if it
 * were a new one, and so comes by RFC v0's hook, under the lock of the process's
 * page table (__tdp_mmu_set_spte(), __handle_changed_spte()).
 *
 * Change: the process's page table gets another page, and KVM could follow without
 * a fault. It never does: who calls has opened a window over the address, so
 * nothing is mapped there and nothing can be before the window closes. (Only an
 * SPTE that is pinned is still there, without a mapping: pin/pinned_spte.c.)
 *
 * Simpler than the kernel: v6.1 tells its second write of a changed leaf what was
 * there before its first, if hardware sets no bits in that; which would be a change
 * of a present leaf's page, and a BUG() (H.20). Here the second write is told what
 * the first has left.
 */
#include <linux/kvm_host.h>
#include <linux/rcupdate.h>

#include "spte.h"
#include "tdp_iter.h"
#include "tdp_mmu.h"

typedef bool (*tdp_handler_t)(struct kvm *kvm, struct tdp_iter *iter,
			      struct kvm_gfn_range *range);

/* Return: whether the handler said so of any leaf. */
static bool handle_root(struct kvm *kvm, struct kvm_mmu_page *root,
			struct kvm_gfn_range *range, tdp_handler_t handler)
{
	struct tdp_iter iter;
	bool ret = false;

	rcu_read_lock();
	for_each_used_tdp_pte_min_level(iter, root, PG_LEVEL_4K, range->start,
					range->end) {
		if (is_pinned_spte(iter.old_spte) ||
		    (is_shadow_present_pte(iter.old_spte) &&
		     is_last_spte(iter.old_spte, iter.level)))
			ret |= handler(kvm, &iter, range);
	}
	rcu_read_unlock();
	return ret;
}

static bool kvm_tdp_mmu_handle_gfn(struct kvm *kvm, struct kvm_gfn_range *range,
				   tdp_handler_t handler)
{
	struct kvm_mmu_page *root;
	bool ret = false;

	lockdep_assert_held_write(&kvm->mmu_lock);
	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link)
		if (kvm_mmu_page_as_id(root) == range->slot->as_id)
			ret |= handle_root(kvm, root, range, handler);
	return ret;
}

static bool age_gfn_range(struct kvm *kvm, struct tdp_iter *iter,
			  struct kvm_gfn_range *range)
{
	if (!is_accessed_spte(iter->old_spte))
		return false;
	/* One bit of its own: hardware may be setting another. */
	WRITE_ONCE(*iter->sptep, READ_ONCE(*iter->sptep) & ~PT_ACCESSED_MASK);
	if (kvm_tdp_mmu_ages_by_change())
		kvm_x86_pin_spte(kvm, iter->gfn, iter->level,
				 spte_to_pfn(iter->old_spte));
	return true;
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
	return kvm_tdp_mmu_handle_gfn(kvm, range, age_gfn_range);
}

/* A page that may be written is for a fault to map; one that may not, is mapped. */
static bool set_spte_gfn(struct kvm *kvm, struct tdp_iter *iter,
			 struct kvm_gfn_range *range)
{
	u64 old_spte = iter->old_spte;

	if (iter->level != PG_LEVEL_4K)
		return false;
	/* RFC of 2020: what is pinned must not move. The window left it here. */
	if (WARN_ON_ONCE(is_pinned_spte(old_spte)))
		return true;
	/* H.20: never from one page to another in one go. */
	tdp_mmu_iter_set_spte(kvm, iter, SHADOW_NONPRESENT_VALUE);
	if (!pte_write(range->pte))
		tdp_mmu_iter_set_spte(kvm, iter,
			kvm_mmu_changed_pte_notifier_make_spte(old_spte,
							       pte_pfn(range->pte)));
	return true;
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
	WARN_ON(range->start + 1 != range->end);
	return kvm_tdp_mmu_handle_gfn(kvm, range, set_spte_gfn);
}
