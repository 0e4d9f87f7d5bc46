/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of outcome_test.c. */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/sched/signal.h>
#include <linux/swapops.h>

#include "fakes/fault.h"
#include "fakes/mm/internal.h"
#include "mmu/mmu_internal.h"
#include "mmu/page_track.h"
#include "mmu/tdp_mmu.h"
#include "tests/mmu/outcome_world.h"

static struct kvm_vcpu *vcpu(void)
{
	return kvm_get_vcpu(kvm_find(0), 0);
}

int ow_fault_with_root(uint64_t gfn, unsigned int error_code)
{
	int r;

	kvm_vcpu_srcu_read_lock(vcpu());
	r = kvm_mmu_do_page_fault(vcpu(), gfn << PAGE_SHIFT, error_code, false);
	kvm_vcpu_srcu_read_unlock(vcpu());
	return r;
}

int ow_fault(uint64_t gfn, unsigned int error_code)
{
	BUG_ON(kvm_mmu_reload(vcpu()));
	return ow_fault_with_root(gfn, error_code);
}

int ow_exit(uint64_t gfn, unsigned int error_code)
{
	int r;

	BUG_ON(kvm_mmu_reload(vcpu()));
	kvm_vcpu_srcu_read_lock(vcpu());
	r = kvm_mmu_page_fault(vcpu(), gfn << PAGE_SHIFT, error_code);
	kvm_vcpu_srcu_read_unlock(vcpu());
	return r;
}

/* As memory_failure() leaves it, which keeps the page for good. */
void ow_poison(uint64_t addr)
{
	struct vm_area_struct *vma = vma_lookup(current->mm, addr);
	struct page *page;
	spinlock_t *ptl;
	pte_t *ptep;

	ow_window(addr, true);
	ptep = pte_lookup_lock(current->mm, addr, &ptl, __func__);
	page = pte_page(*ptep);
	SetPageHWPoison(page);
	folio_remove_rmap_pte(page_folio(page), page, vma);
	set_pte_at(current->mm, addr, ptep, swp_entry_to_pte(make_hwpoison_entry(page)));
	pte_unmap_unlock(ptep, ptl);
	ow_window(addr, false);
}

void ow_slot_invalid(bool invalid)
{
	struct kvm_memory_slot *slot;
	unsigned int i;

	kvm_for_each_memslot(slot, i, kvm_memslots(kvm_find(0)))
		slot->flags = invalid ? KVM_MEMSLOT_INVALID : 0;
}

void ow_obsolete_roots(void)
{
	struct kvm *kvm = kvm_find(0);

	mutex_lock(&kvm->slots_lock);
	write_lock(&kvm->mmu_lock);
	kvm_tdp_mmu_invalidate_all_roots(kvm);
	write_unlock(&kvm->mmu_lock);
	mutex_unlock(&kvm->slots_lock);
}

void ow_window(uint64_t addr, bool open)
{
	struct mmu_notifier_range range;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, current->mm, addr, addr + PAGE_SIZE);
	if (open)
		mmu_notifier_invalidate_range_start(&range);
	else
		mmu_notifier_invalidate_range_end(&range);
}

int ow_track(uint64_t gfn, bool on)
{
	return on ? kvm_write_track_add_gfn(kvm_find(0), gfn) :
		    kvm_write_track_remove_gfn(kvm_find(0), gfn);
}

void ow_signal(bool kill)
{
	send_sig(kill ? SIGKILL : SIGTERM, current, 0);
}

void ow_no_signal(void)
{
	current->pending = 0;
	current->signalled = false;
	current->killed = false;
}

int ow_pending(void)
{
	return current->pending;
}

static void fail_next(enum fault_point point, uint64_t times)
{
	const struct fault_order order = { .point = point, .nth = 1, .times = times };

	fault_inject(&order);
}

void ow_fail_page(uint64_t times)
{
	fail_next(FAULT_PAGE_ALLOC, times);
}

void ow_fail_slab(void)
{
	fail_next(FAULT_SLAB, 1);
}

void ow_fail_nothing(void)
{
	fault_inject_off();
}
