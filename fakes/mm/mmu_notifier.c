/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MMU notifiers: mm/mmu_notifier.c, v6.12.  Registration, release when the
 * address space goes, and the start and end of invalidations, each under the
 * subscriptions' SRCU.
 *
 * Simpler than the kernel: subscriptions of each mm have an SRCU of their own
 * (the kernel has one for all), and no interval notifiers exist.
 */
#include <linux/mmu_notifier.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "fakes/mm/internal.h"

#undef mmu_notifier_invalidate_range_start
#undef mmu_notifier_invalidate_range_end

bool mm_has_notifiers(const struct mm_struct *mm)
{
	const struct mmu_notifier_subscriptions *subs = mm->notifier_subscriptions;

	return subs && !hlist_empty(&subs->list);
}

/**
 * __mmu_notifier_register() - begin to be told of changes.
 * @subscription: caller's, with its ops set
 * @mm: address space
 *
 * Context: mmap_lock held for writing.
 * Return: 0 or -ENOMEM.
 */
int __mmu_notifier_register(struct mmu_notifier *subscription, struct mm_struct *mm)
{
	struct mmu_notifier_subscriptions *subs = mm->notifier_subscriptions;

	mmap_assert_write_locked(mm);
	if (!subs) {
		subs = kzalloc(sizeof(*subs), GFP_KERNEL);
		if (!subs)
			return -ENOMEM;
		INIT_HLIST_HEAD(&subs->list);
		sim_srcu_init(&subs->srcu.srcu, SIM_OBJ(OBJ_MM, mm->id));
		mm->notifier_subscriptions = subs;
	}
	mmgrab(mm);
	subscription->mm = mm;
	subscription->users = 1;
	hlist_add_head_rcu(&subscription->hlist, &subs->list);
	return 0;
}

/* Context: sleepable; takes mmap_lock for writing. */
int mmu_notifier_register(struct mmu_notifier *subscription, struct mm_struct *mm)
{
	int ret;

	mmap_write_lock(mm);
	ret = __mmu_notifier_register(subscription, mm);
	mmap_write_unlock(mm);
	return ret;
}

static void call_release(struct mmu_notifier *subscription, struct mm_struct *mm)
{
	if (subscription->ops->release)
		subscription->ops->release(subscription, mm);
}

/**
 * mmu_notifier_unregister() - stop being told.
 * @subscription: registered, or released by the mm's exit meanwhile
 * @mm: its address space
 *
 * ->release() has run when this returns, and no callback runs any more (G.14).
 * Context: sleepable.
 */
void mmu_notifier_unregister(struct mmu_notifier *subscription, struct mm_struct *mm)
{
	struct mmu_notifier_subscriptions *subs = mm->notifier_subscriptions;
	int idx;

	if (!hlist_unhashed(&subscription->hlist)) {
		idx = srcu_read_lock(&subs->srcu);
		call_release(subscription, mm);
		srcu_read_unlock(&subs->srcu, idx);
		hlist_del_init_rcu(&subscription->hlist);
	}
	synchronize_srcu(&subs->srcu);
	mmdrop(mm);
}

/* H.35: the address space goes; everybody lets go of it before pages do. */
void mmu_notifier_release(struct mm_struct *mm)
{
	struct mmu_notifier_subscriptions *subs = mm->notifier_subscriptions;
	struct mmu_notifier *subscription;
	struct hlist_node *next;
	int idx;

	if (!mm_has_notifiers(mm))
		return;
	idx = srcu_read_lock(&subs->srcu);
	hlist_for_each_entry_safe(subscription, next, &subs->list, hlist) {
		call_release(subscription, mm);
		hlist_del_init_rcu(&subscription->hlist);
	}
	srcu_read_unlock(&subs->srcu, idx);
	synchronize_srcu(&subs->srcu);
}

/**
 * mmu_notifier_invalidate_range_start() - PTEs in a range are about to change.
 * @range: where and why
 *
 * Context: sleepable: rmap lock or mmap_lock held, never a PTL (N.1).
 */
void mmu_notifier_invalidate_range_start(struct mmu_notifier_range *range)
{
	struct mm_struct *mm = range->mm;
	struct mmu_notifier_subscriptions *subs = mm->notifier_subscriptions;
	struct mmu_notifier *subscription;
	int idx;

	(might_sleep)();
	sim_count(&mm_counts()->notifier_starts);
	sim_note(SIM_NOTIFY_START, SIM_OBJ(OBJ_MM, mm->id), range->start, range->end,
		 sim_site());
	if (!subs || hlist_empty(&subs->list))
		return;
	idx = srcu_read_lock(&subs->srcu);
	hlist_for_each_entry_rcu(subscription, &subs->list, hlist)
		if (subscription->ops->invalidate_range_start)
			subscription->ops->invalidate_range_start(subscription, range);
	srcu_read_unlock(&subs->srcu, idx);
}

/* The change is made. Context: as its start. */
void mmu_notifier_invalidate_range_end(struct mmu_notifier_range *range)
{
	struct mm_struct *mm = range->mm;
	struct mmu_notifier_subscriptions *subs = mm->notifier_subscriptions;
	struct mmu_notifier *subscription;
	int idx;

	if (subs && !hlist_empty(&subs->list)) {
		idx = srcu_read_lock(&subs->srcu);
		hlist_for_each_entry_rcu(subscription, &subs->list, hlist)
			if (subscription->ops->invalidate_range_end)
				subscription->ops->invalidate_range_end(subscription, range);
		srcu_read_unlock(&subs->srcu, idx);
	}
	sim_note(SIM_NOTIFY_END, SIM_OBJ(OBJ_MM, mm->id), range->start, range->end,
		 sim_site());
}

/**
 * mmu_notifier_clear_flush_young() - has anybody else used this? (H.33)
 * @mm: address space
 * @start: first address
 * @end: first address behind
 *
 * Context: any, a table's lock held.
 * Return: non-zero if a subscriber has, since it was last asked.
 */
int mmu_notifier_clear_flush_young(struct mm_struct *mm, unsigned long start,
				   unsigned long end)
{
	struct mmu_notifier_subscriptions *subs = mm->notifier_subscriptions;
	struct mmu_notifier *subscription;
	int idx, young = 0;

	if (!subs || hlist_empty(&subs->list))
		return 0;
	idx = srcu_read_lock(&subs->srcu);
	hlist_for_each_entry_rcu(subscription, &subs->list, hlist)
		if (subscription->ops->clear_flush_young)
			young |= subscription->ops->clear_flush_young(subscription, mm,
								      start, end);
	srcu_read_unlock(&subs->srcu, idx);
	return young;
}

/**
 * mmu_notifier_change_pte() - an entry gets another page (H.29)
 * @mm: address space
 * @address: of the page
 * @pte: what the entry will say
 *
 * Until v6.9 (__mmu_notifier_change_pte() of mm/mmu_notifier.c, v6.1).
 *
 * Context: between a start and its end, the table's lock held; the entry says
 * nothing.
 */
void mmu_notifier_change_pte(struct mm_struct *mm, unsigned long address, pte_t pte)
{
	struct mmu_notifier_subscriptions *subs = mm->notifier_subscriptions;
	struct mmu_notifier *subscription;
	int idx;

	if (!subs || hlist_empty(&subs->list))
		return;
	idx = srcu_read_lock(&subs->srcu);
	hlist_for_each_entry_rcu(subscription, &subs->list, hlist)
		if (subscription->ops->change_pte)
			subscription->ops->change_pte(subscription, mm, address, pte);
	srcu_read_unlock(&subs->srcu, idx);
}
