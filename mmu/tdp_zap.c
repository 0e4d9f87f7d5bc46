/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking translations away (arch/x86/kvm/mmu/tdp_mmu.c, v6.12:
 * tdp_mmu_iter_cond_resched(), tdp_mmu_zap_leafs(), tdp_mmu_zap_root(),
 * kvm_tdp_mmu_unmap_gfn_range(), kvm_tdp_mmu_zap_all(),
 * kvm_tdp_mmu_zap_invalidated_roots()).
 *
 * Every root is visited, invalid ones too: a vCPU that has not noticed yet may
 * still run on one.
 *
 * A zap that somebody waits for may give mmu_lock up in its middle, once for
 * each present entry that it comes to. A kernel may do so between others too:
 * whatever is mapped meanwhile is not of the range (its faults are stale), so
 * that makes no difference.
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

/*
 * The root after @prev, with a reference, so that it stays while mmu_lock is
 * given up; that to @prev is dropped. One that nobody has a reference to is
 * about to go.
 */
static struct kvm_mmu_page *tdp_mmu_next_root(struct kvm *kvm,
					      struct kvm_mmu_page *prev)
{
	struct list_head *head = &kvm->arch.tdp_mmu_roots;
	struct list_head *at = prev ? prev->link.next : head->next;
	struct kvm_mmu_page *root = NULL;

	lockdep_assert_held(&kvm->mmu_lock);
	for (; at != head; at = at->next) {
		root = list_entry(at, struct kvm_mmu_page, link);
		if (refcount_inc_not_zero(&root->tdp_mmu_root_count))
			break;
	}
	if (prev)
		kvm_tdp_mmu_put_root(kvm, prev);
	return at != head ? root : NULL;
}

#define for_each_tdp_mmu_root_yield_safe(kvm, root)			\
	for (root = tdp_mmu_next_root(kvm, NULL); root;			\
	     root = tdp_mmu_next_root(kvm, root))

/*
 * Give mmu_lock up for a moment if somebody stands before it and the walk has
 * come on since it began, or began anew. Return: whether; then the iterator is
 * to be moved on before anything else.
 */
static bool tdp_mmu_iter_cond_resched(struct kvm *kvm, struct tdp_iter *iter,
				      bool flush, bool shared)
{
	WARN_ON_ONCE(iter->yielded);

	if (iter->next_last_level_gfn == iter->yielded_gfn ||
	    !is_shadow_present_pte(iter->old_spte))
		return false;
	if (!need_resched() && !rwlock_needbreak(&kvm->mmu_lock))
		return false;

	if (flush)
		kvm_flush_remote_tlbs(kvm);
	rcu_read_unlock();
	if (shared)
		cond_resched_rwlock_read(&kvm->mmu_lock);
	else
		cond_resched_rwlock_write(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	rcu_read_lock();
	iter->yielded = true;
	return true;
}

/* What the zap of a leaf leaves: the pin, if there is one (RFC of 2020). */
static u64 zapped_leaf(u64 old_spte)
{
	if (!is_pinned_spte(old_spte))
		return SHADOW_NONPRESENT_VALUE;
	return SPTE_PINNED_MASK | (old_spte & SPTE_BASE_ADDR_MASK);
}

/**
 * tdp_mmu_zap_leafs() - zap a root's leaves in a range of gfns.
 * @kvm: the VM
 * @root: the root
 * @start: first gfn
 * @end: end of the range, exclusive
 * @can_yield: mmu_lock may be given up meanwhile
 * @flush: the caller needs a flush already
 * @nr: the number of zapped leaves is added
 *
 * A larger leaf that reaches into the range goes as a whole (H.28).
 *
 * Context: mmu_lock held exclusively.
 * Return: whether TLBs must be flushed before mmu_lock is released.
 */
static bool tdp_mmu_zap_leafs(struct kvm *kvm, struct kvm_mmu_page *root,
			      gfn_t start, gfn_t end, bool can_yield,
			      bool flush, unsigned int *nr)
{
	struct tdp_iter iter;

	lockdep_assert_held_write(&kvm->mmu_lock);
	if (end > tdp_mmu_max_gfn_exclusive())
		end = tdp_mmu_max_gfn_exclusive();

	rcu_read_lock();
	for_each_used_tdp_pte_min_level(iter, root, PG_LEVEL_4K, start, end) {
		if (can_yield &&
		    tdp_mmu_iter_cond_resched(kvm, &iter, flush, false)) {
			flush = false;
			continue;
		}
		if (!is_shadow_present_pte(iter.old_spte) ||
		    !is_last_spte(iter.old_spte, iter.level))
			continue;
		tdp_mmu_iter_set_spte(kvm, &iter, zapped_leaf(iter.old_spte));
		flush = true;
		++*nr;
	}
	rcu_read_unlock();
	return flush;
}

/**
 * kvm_tdp_mmu_unmap_gfn_range() - zap a range of a slot in every root.
 * @kvm: the VM
 * @range: what to zap; its slot may be INVALID already
 * @flush: the caller needs a flush already
 *
 * Context: mmu_lock held exclusively; given up meanwhile if the range's
 * may_block says so.
 * Return: whether TLBs must be flushed before mmu_lock is released.
 */
bool kvm_tdp_mmu_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range,
				 bool flush)
{
	struct kvm_mmu_page *root;
	unsigned int nr = 0;

	for_each_tdp_mmu_root_yield_safe(kvm, root) {
		if (kvm_mmu_page_as_id(root) != range->slot->as_id)
			continue;
		flush = tdp_mmu_zap_leafs(kvm, root, range->start, range->end,
					  range->may_block, flush, &nr);
	}
	trace_kvm_tdp_mmu_zap(kvm, nr);
	return flush;
}

/* Unlink what the entries of one level lead to. */
static void __tdp_mmu_zap_root(struct kvm *kvm, struct kvm_mmu_page *root,
			       bool shared, int zap_level)
{
	struct tdp_iter iter;

	for_each_used_tdp_pte_min_level(iter, root, zap_level, 0,
					tdp_mmu_max_gfn_exclusive()) {
retry:
		if (tdp_mmu_iter_cond_resched(kvm, &iter, false, shared))
			continue;
		if (!is_shadow_present_pte(iter.old_spte) ||
		    iter.level > zap_level)
			continue;
		if (!shared)
			tdp_mmu_iter_set_spte(kvm, &iter,
					      SHADOW_NONPRESENT_VALUE);
		else if (tdp_mmu_set_spte_atomic(kvm, &iter,
						 SHADOW_NONPRESENT_VALUE))
			goto retry;
	}
}

/*
 * Unlink everything below the root's own table: later kernels smaller things
 * first, so that others need not wait for long.
 *
 * Who has mmu_lock alone and keeps it can as well begin at the top: nobody sees
 * what is done in between.
 */
static void tdp_mmu_zap_root(struct kvm *kvm, struct kvm_mmu_page *root,
			     bool shared)
{
	int level = root->role.level;

	if (tdp_next_used_entry(root->spt, 0, SPTE_ENT_PER_PAGE) ==
	    SPTE_ENT_PER_PAGE)
		return;
	if (shared || rwlock_is_contended(&kvm->mmu_lock))
		level -= kvm_tdp_mmu_zap_passes() - 1;

	rcu_read_lock();
	for (; level <= root->role.level; level++)
		__tdp_mmu_zap_root(kvm, root, shared, level);
	rcu_read_unlock();
}

/**
 * kvm_tdp_mmu_zap_all() - zap everything; no vCPU will run again.
 * @kvm: the VM
 *
 * Context: mmu_lock held exclusively, given up meanwhile. The roots stay.
 */
void kvm_tdp_mmu_zap_all(struct kvm *kvm)
{
	struct kvm_mmu_page *root;

	lockdep_assert_held_write(&kvm->mmu_lock);
	for_each_tdp_mmu_root_yield_safe(kvm, root)
		tdp_mmu_zap_root(kvm, root, false);
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
	for_each_tdp_mmu_root_yield_safe(kvm, root) {
		if (!root->tdp_mmu_scheduled_root_to_zap)
			continue;
		root->tdp_mmu_scheduled_root_to_zap = false;
		KVM_BUG_ON(!root->role.invalid, kvm);

		tdp_mmu_zap_root(kvm, root, true);
		/* The MMU's own reference, left to us by the invalidation. */
		kvm_tdp_mmu_put_root(kvm, root);
	}
	read_unlock(&kvm->mmu_lock);
}
