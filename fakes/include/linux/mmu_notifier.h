/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MMU notifiers (fakes/mm/mmu_notifier.c): who mirrors an address space is
 * told before PTEs change and after.
 *
 * Simpler than the kernel: no interval notifiers; only blockable events, so
 * invalidate_range_start() has no way to fail.
 */
#ifndef _LINUX_MMU_NOTIFIER_H
#define _LINUX_MMU_NOTIFIER_H

#include <linux/mm_types.h>
#include <linux/srcu.h>

struct mmu_notifier;

enum mmu_notifier_event {
	MMU_NOTIFY_UNMAP,
	MMU_NOTIFY_CLEAR,
	MMU_NOTIFY_PROTECTION_VMA,
	MMU_NOTIFY_PROTECTION_PAGE,
	MMU_NOTIFY_SOFT_DIRTY,
	MMU_NOTIFY_RELEASE,
	MMU_NOTIFY_MIGRATE,
	MMU_NOTIFY_EXCLUSIVE,
};

#define MMU_NOTIFIER_RANGE_BLOCKABLE	(1 << 0)

struct mmu_notifier_range {
	struct mm_struct *mm;
	unsigned long start;
	unsigned long end;
	unsigned int flags;
	enum mmu_notifier_event event;
	void *owner;
};

struct mmu_notifier_ops {
	void (*release)(struct mmu_notifier *subscription, struct mm_struct *mm);
	int (*clear_flush_young)(struct mmu_notifier *subscription, struct mm_struct *mm,
				 unsigned long start, unsigned long end);
	int (*clear_young)(struct mmu_notifier *subscription, struct mm_struct *mm,
			   unsigned long start, unsigned long end);
	int (*test_young)(struct mmu_notifier *subscription, struct mm_struct *mm,
			  unsigned long address);
	void (*change_pte)(struct mmu_notifier *subscription, struct mm_struct *mm,
			   unsigned long address, pte_t pte);
	int (*invalidate_range_start)(struct mmu_notifier *subscription,
				      const struct mmu_notifier_range *range);
	void (*invalidate_range_end)(struct mmu_notifier *subscription,
				     const struct mmu_notifier_range *range);
};

struct mmu_notifier {
	struct hlist_node hlist;
	const struct mmu_notifier_ops *ops;
	struct mm_struct *mm;
	unsigned int users;
};

struct mmu_notifier_subscriptions {
	struct hlist_head list;
	struct srcu_struct srcu;
};

int mmu_notifier_register(struct mmu_notifier *subscription, struct mm_struct *mm);
int __mmu_notifier_register(struct mmu_notifier *subscription, struct mm_struct *mm);
void mmu_notifier_unregister(struct mmu_notifier *subscription, struct mm_struct *mm);
void mmu_notifier_release(struct mm_struct *mm);
bool mm_has_notifiers(const struct mm_struct *mm);

/* May sleep. A pair brackets every change; between them no PTL is held. */
void (mmu_notifier_invalidate_range_start)(struct mmu_notifier_range *range);
void (mmu_notifier_invalidate_range_end)(struct mmu_notifier_range *range);

/* H.33. Atomic. Return: has any subscriber used the range since it was asked? */
int mmu_notifier_clear_flush_young(struct mm_struct *mm, unsigned long start,
				   unsigned long end);
/* H.29, before v6.10. Atomic, between a start and its end. */
void mmu_notifier_change_pte(struct mm_struct *mm, unsigned long address, pte_t pte);

static inline bool mmu_notifier_range_blockable(const struct mmu_notifier_range *range)
{
	return range->flags & MMU_NOTIFIER_RANGE_BLOCKABLE;
}

static inline void mmu_notifier_range_init(struct mmu_notifier_range *range,
					   enum mmu_notifier_event event, unsigned int flags,
					   struct mm_struct *mm, unsigned long start,
					   unsigned long end)
{
	range->event = event;
	range->mm = mm;
	range->start = start;
	range->end = end;
	range->flags = flags | MMU_NOTIFIER_RANGE_BLOCKABLE;
	range->owner = NULL;
}

/* Until v6.2 a VMA, which nobody looked at, stood before the mm. */
#if PINSIM_KVER < 603
#define mmu_notifier_range_init(r, event, flags, vma, mm, start, end)	\
	((void)(vma), mmu_notifier_range_init(r, event, flags, mm, start, end))
#endif

#define mmu_notifier_invalidate_range_start(r)				\
	(sim_site_set(__func__), (mmu_notifier_invalidate_range_start)(r))
#define mmu_notifier_invalidate_range_end(r)				\
	(sim_site_set(__func__), (mmu_notifier_invalidate_range_end)(r))

#endif
