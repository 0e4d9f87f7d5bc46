/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking translations away (arch/x86/kvm/mmu/tdp_mmu.c, v6.12:
 * tdp_mmu_zap_leafs(), kvm_tdp_mmu_unmap_gfn_range(), tdp_mmu_zap_root(),
 * kvm_tdp_mmu_zap_all(), kvm_tdp_mmu_zap_invalidated_roots()).
 *
 * Every root is visited, invalid ones too: a vCPU that has not noticed yet may
 * still run on one.
 *
 * Simpler than the kernel: a zap never gives up mmu_lock in its middle, and a
 * root is zapped from the top in one pass, not level by level.
 */
#include <linux/kvm_host.h>
#include <linux/rcupdate.h>

#include "mmutrace.h"
#include "spte.h"
#include "tdp_iter.h"
#include "tdp_mmu.h"

/* Every gfn that four levels of tables can say. */
static gfn_t tdp_mmu_max_gfn_exclusive(void)
{
	return 1ULL << (KVM_MAX_GPA_BITS - PAGE_SHIFT);
}

/**
 * tdp_mmu_zap_leafs() - zap a root's leaves in a range of gfns.
 * @kvm: the VM
 * @root: the root
 * @start: first gfn
 * @end: end of the range, exclusive
 *
 * A larger leaf that reaches into the range goes as a whole (H.28).
 *
 * Context: mmu_lock held exclusively.
 * Return: how many leaves were zapped.
 */
unsigned int tdp_mmu_zap_leafs(struct kvm *kvm, struct kvm_mmu_page *root,
			       gfn_t start, gfn_t end)
{
	struct tdp_iter iter;
	unsigned int nr = 0;

	lockdep_assert_held_write(&kvm->mmu_lock);
	if (end > tdp_mmu_max_gfn_exclusive())
		end = tdp_mmu_max_gfn_exclusive();

	rcu_read_lock();
	for_each_used_tdp_pte_min_level(iter, root, PG_LEVEL_4K, start, end) {
		if (!is_shadow_present_pte(iter.old_spte) ||
		    !is_last_spte(iter.old_spte, iter.level))
			continue;
		tdp_mmu_iter_set_spte(kvm, &iter, SHADOW_NONPRESENT_VALUE);
		nr++;
	}
	rcu_read_unlock();
	return nr;
}

/**
 * kvm_tdp_mmu_unmap_gfn_range() - zap a range of a slot in every root.
 * @kvm: the VM
 * @range: what to zap; its slot may be INVALID already
 * @flush: the caller needs a flush already
 *
 * Context: mmu_lock held exclusively.
 * Return: whether TLBs must be flushed before mmu_lock is released.
 */
bool kvm_tdp_mmu_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range,
				 bool flush)
{
	struct kvm_mmu_page *root;
	unsigned int nr = 0;

	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link) {
		if (kvm_mmu_page_as_id(root) != range->slot->as_id)
			continue;
		nr += tdp_mmu_zap_leafs(kvm, root, range->start, range->end);
	}
	trace_kvm_tdp_mmu_zap(kvm, nr);
	return flush || nr;
}

/* Unlink everything below the root's own table. */
static void tdp_mmu_zap_root(struct kvm *kvm, struct kvm_mmu_page *root,
			     bool shared)
{
	struct tdp_iter iter;

	rcu_read_lock();
	for_each_used_tdp_pte_min_level(iter, root, root->role.level, 0,
					tdp_mmu_max_gfn_exclusive()) {
retry:
		if (!is_shadow_present_pte(iter.old_spte))
			continue;
		if (!shared)
			tdp_mmu_iter_set_spte(kvm, &iter,
					      SHADOW_NONPRESENT_VALUE);
		else if (tdp_mmu_set_spte_atomic(kvm, &iter,
						 SHADOW_NONPRESENT_VALUE))
			goto retry;
	}
	rcu_read_unlock();
}

/**
 * kvm_tdp_mmu_zap_all() - zap everything; no vCPU will run again.
 * @kvm: the VM
 *
 * Context: mmu_lock held exclusively. The roots stay.
 */
void kvm_tdp_mmu_zap_all(struct kvm *kvm)
{
	struct kvm_mmu_page *root;

	lockdep_assert_held_write(&kvm->mmu_lock);
	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link)
		tdp_mmu_zap_root(kvm, root, false);
}

/* Others come and go while one is zapped; these have the MMU's reference. */
static struct kvm_mmu_page *scheduled_root(struct kvm *kvm)
{
	struct kvm_mmu_page *root;

	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link)
		if (root->tdp_mmu_scheduled_root_to_zap)
			return root;
	return NULL;
}

/**
 * kvm_tdp_mmu_zap_invalidated_roots() - zap what was made invalid before.
 * @kvm: the VM
 *
 * Returns only when no entry of such a root maps anything. vCPUs may be
 * faulting into new roots meanwhile, mmu_lock being shared.
 *
 * Context: slots_lock held. Takes mmu_lock shared.
 */
void kvm_tdp_mmu_zap_invalidated_roots(struct kvm *kvm)
{
	struct kvm_mmu_page *root;

	read_lock(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	while ((root = scheduled_root(kvm))) {
		root->tdp_mmu_scheduled_root_to_zap = false;
		KVM_BUG_ON(!root->role.invalid, kvm);

		tdp_mmu_zap_root(kvm, root, true);
		/* The MMU's own reference, left to us by the invalidation. */
		kvm_tdp_mmu_put_root(kvm, root);
	}
	read_unlock(&kvm->mmu_lock);
}
