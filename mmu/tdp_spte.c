/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing one entry of the TDP tables, and what follows from a change
 * (arch/x86/kvm/mmu/tdp_mmu.c, v6.12: tdp_mmu_set_spte_atomic(),
 * tdp_mmu_iter_set_spte(), handle_changed_spte(), handle_removed_pt()).
 *
 * There are two ways to write. Who holds mmu_lock exclusively just writes. Who
 * shares it (faults, and the zapping of invalid roots) must win a compare-and-
 * exchange against everybody else who shares it; the loser starts over.
 *
 * Either way handle_changed_spte() then runs once for each entry that changed:
 * it hands dirty and accessed bits to the page (H.24), calls the pin hook
 * where RFC v0 put it, and takes down a table that was unlinked. Last it tells who
 * pinned an SPTE by a bit of its own that the bit is gone: pin/pinned_spte.c.
 *
 * The bookkeeping names the root instead of an address space number, because
 * several roots serve one address space here as in the kernel, and the trace
 * tells them apart.
 */
#include <linux/kvm_host.h>

#include "mmutrace.h"
#include "spte.h"
#include "tdp_iter.h"
#include "tdp_mmu.h"

/**
 * tdp_mmu_account_pt() - a table came or went.
 * @kvm: the VM
 * @nr: 1 or -1
 * @shared: mmu_lock is held shared
 *
 * v6.1 has a list of them, which has a lock; v6.12 counts them.
 *
 * Context: mmu_lock held. May yield, not sleep.
 */
void tdp_mmu_account_pt(struct kvm *kvm, int nr, bool shared)
{
	bool listed = shared && kvm_tdp_mmu_lists_tables();

	if (listed)
		spin_lock(&kvm->arch.tdp_mmu_pages_lock);
	atomic64_add(nr, &kvm->arch.tdp_mmu_pages);
	if (listed)
		spin_unlock(&kvm->arch.tdp_mmu_pages_lock);
}

/*
 * Take down an unlinked table. Nobody finds it any more, but a lockless walker
 * may still stand in it: each entry that was used is frozen, so that it cannot
 * be filled again behind our back.
 *
 * Simpler than the kernel: entries never used are left alone. To fill one, a
 * fault would have to share mmu_lock with us in a root that is invalid, and
 * such a fault is stale before it gets here.
 */
static void handle_removed_pt(struct kvm *kvm, const struct kvm_mmu_page *root,
			      u64 *pt, gfn_t base_gfn, int level, bool shared)
{
	int i;

	tdp_mmu_account_pt(kvm, -1, shared);
	for (i = tdp_next_used_entry(pt, 0, SPTE_ENT_PER_PAGE);
	     i < SPTE_ENT_PER_PAGE;
	     i = tdp_next_used_entry(pt, i + 1, SPTE_ENT_PER_PAGE)) {
		gfn_t gfn = base_gfn + i * KVM_PAGES_PER_HPAGE(level);
		u64 old_spte = READ_ONCE(pt[i]);

		if (WARN_ON_ONCE(!is_shadow_present_pte(old_spte) &&
				 !is_mmio_spte(old_spte) &&
				 !is_pinned_spte(old_spte)))
			continue;
		if (shared)
			old_spte = kvm_tdp_mmu_xchg_spte(kvm, root, &pt[i],
							 gfn, level,
							 FROZEN_SPTE);
		else
			WRITE_ONCE(pt[i], FROZEN_SPTE);
		handle_changed_spte(kvm, root, gfn, old_spte, FROZEN_SPTE,
				    level, shared);
	}
	/* No reader yields inside a table that is not linked any more. */
	kfree(pt);
}

/* Whatever took it away: only who keeps the bit keeps the pin. */
static void drop_pinned_spte(struct kvm *kvm, gfn_t gfn, u64 old_spte,
			     u64 new_spte, int level)
{
	if (is_pinned_spte(old_spte) && !is_pinned_spte(new_spte))
		kvm_x86_drop_pinned_spte(kvm, gfn, level, spte_to_pfn(old_spte));
}

/**
 * handle_changed_spte() - what follows from a change of an entry.
 * @kvm: the VM
 * @root: whose entry
 * @gfn: first gfn that the entry is about
 * @old_spte: what it said
 * @new_spte: what it says now
 * @level: of the entry
 * @shared: mmu_lock is held shared
 *
 * RFC v0's hook stands here: whatever makes a present leaf runs it, under
 * mmu_lock, after hardware can already see the leaf, and with no look at what
 * was there before (hazards 1.3, R-45) or at whether the page frame is one
 * that has references at all (R-24a).
 *
 * Context: mmu_lock held. Does not sleep.
 */
void handle_changed_spte(struct kvm *kvm, const struct kvm_mmu_page *root,
			 gfn_t gfn, u64 old_spte, u64 new_spte, int level,
			 bool shared)
{
	bool was_present = is_shadow_present_pte(old_spte);
	bool is_present = is_shadow_present_pte(new_spte);
	bool was_leaf = was_present && is_last_spte(old_spte, level);
	bool is_leaf = is_present && is_last_spte(new_spte, level);
	bool pfn_changed = spte_to_pfn(old_spte) != spte_to_pfn(new_spte);

	WARN_ON_ONCE(level > PT64_ROOT_4LEVEL || level < PG_LEVEL_4K);
	WARN_ON_ONCE(gfn & (KVM_PAGES_PER_HPAGE(level) - 1));

	/*
	 * H.20: a leaf goes to another page frame only by way of a zap. Without
	 * one the notifier was late, and a vCPU may be using the old frame.
	 */
	BUG_ON(was_leaf && is_leaf && pfn_changed);

	if (old_spte == new_spte)
		return;

	trace_kvm_tdp_mmu_spte_changed(kvm, root, gfn, level, old_spte,
				       new_spte);

	if (!was_present && !is_present) {
		WARN_ON_ONCE(!is_mmio_spte(old_spte) &&
			     !is_mmio_spte(new_spte) &&
			     !is_frozen_spte(new_spte));
		drop_pinned_spte(kvm, gfn, old_spte, new_spte, level);
		return;
	}

	if (was_leaf && is_dirty_spte(old_spte) &&
	    (!is_present || !is_dirty_spte(new_spte) || pfn_changed))
		kvm_set_pfn_dirty(spte_to_pfn(old_spte));

	if (is_leaf)
		kvm_x86_pin_spte(kvm, gfn, level, spte_to_pfn(new_spte));

	if (was_present && !was_leaf && (is_leaf || !is_present))
		handle_removed_pt(kvm, root, spte_to_child_pt(old_spte, level),
				  gfn, level - 1, shared);

	if (was_leaf && is_accessed_spte(old_spte) &&
	    (!is_present || !is_accessed_spte(new_spte) || pfn_changed))
		kvm_set_pfn_accessed(spte_to_pfn(old_spte));
	drop_pinned_spte(kvm, gfn, old_spte, new_spte, level);
}

/**
 * tdp_mmu_set_spte_atomic() - change the entry unless somebody else did.
 * @kvm: the VM
 * @iter: stands on the entry; old_spte is what it is expected to say, and what
 *	it said instead when the exchange is lost
 * @new_spte: what it shall say
 *
 * Context: mmu_lock held shared, rcu_read_lock(). A step, may yield.
 * Return: 0, or -EBUSY if the exchange was lost or the entry is frozen.
 */
int tdp_mmu_set_spte_atomic(struct kvm *kvm, struct tdp_iter *iter,
			    u64 new_spte)
{
	u64 old_spte = iter->old_spte;

	lockdep_assert_held_read(&kvm->mmu_lock);
	if (is_frozen_spte(old_spte))
		return -EBUSY;
	if (!kvm_tdp_mmu_cmpxchg_spte(kvm, iter->root, iter->sptep, iter->gfn,
				      iter->level, &iter->old_spte, new_spte))
		return -EBUSY;
	handle_changed_spte(kvm, iter->root, iter->gfn, old_spte, new_spte,
			    iter->level, true);
	return 0;
}

/**
 * tdp_mmu_iter_set_spte() - change the entry.
 * @kvm: the VM
 * @iter: stands on the entry
 * @new_spte: what it shall say
 *
 * Not a step: others who could tell the difference wait for mmu_lock. (A vCPU
 * in the guest can, by its access; it then comes before or after the lock.)
 *
 * Context: mmu_lock held exclusively.
 */
void tdp_mmu_iter_set_spte(struct kvm *kvm, struct tdp_iter *iter,
			   u64 new_spte)
{
	u64 old_spte;

	lockdep_assert_held_write(&kvm->mmu_lock);
	/* Hardware sets accessed and dirty bits without a lock. */
	old_spte = xchg(iter->sptep, new_spte);
	WARN_ON_ONCE(is_frozen_spte(old_spte));
	iter->old_spte = new_spte;
	handle_changed_spte(kvm, iter->root, iter->gfn, old_spte, new_spte,
			    iter->level, false);
}
