/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the tests of what may be done under which lock. */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/swap.h>

#include "tests/fakes/kvm_world.h"

static void act_on(struct page *page, enum kw_act act)
{
	struct page *pinned;

	switch (act) {
	case KW_ACT_PIN:
		if (pin_user_pages_fast(KW_ADDR, 1, FOLL_WRITE, &pinned) == 1)
			unpin_user_page(pinned);
		break;
	case KW_ACT_PUT:
		put_page(page);
		break;
	case KW_ACT_ACCESSED:
		mark_page_accessed(page);
		break;
	case KW_ACT_DIRTY_LOCK:
		set_page_dirty_lock(page);
		break;
	case KW_ACT_UNPIN_DIRTY:
		unpin_user_pages_dirty_lock(&page, 1, true);
		break;
	case KW_ACT_DRAIN_ALL:
		lru_add_drain_all();
		break;
	}
}

static void do_under_kvm_and_mmap(struct kvm *kvm, struct page *page, enum kw_act act)
{
	mutex_lock(&kvm->lock);
	mmap_read_lock(kvm->mm);
	act_on(page, act);
	mmap_read_unlock(kvm->mm);
	mutex_unlock(&kvm->lock);
}

void kw_do_under(enum kw_lock lock, enum kw_act act)
{
	struct page *page = pfn_to_page(kw_pfn(KW_ADDR)), *pinned;
	struct kvm *kvm = kw_kvm();
	int idx;

	if (act == KW_ACT_PUT)
		get_page(page);
	if (act == KW_ACT_UNPIN_DIRTY)
		BUG_ON(pin_user_pages_fast(KW_ADDR, 1, FOLL_WRITE, &pinned) != 1);
	switch (lock) {
	case KW_LOCK_NONE:
		act_on(page, act);
		break;
	case KW_LOCK_MMU_READ:
		read_lock(&kvm->mmu_lock);
		act_on(page, act);
		read_unlock(&kvm->mmu_lock);
		break;
	case KW_LOCK_MMU_WRITE:
		write_lock(&kvm->mmu_lock);
		act_on(page, act);
		write_unlock(&kvm->mmu_lock);
		break;
	case KW_LOCK_SRCU:
		idx = srcu_read_lock(&kvm->srcu);
		act_on(page, act);
		srcu_read_unlock(&kvm->srcu, idx);
		break;
	case KW_LOCK_KVM_AND_MMAP:
		do_under_kvm_and_mmap(kvm, page, act);
		break;
	}
}
