/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hva_to_pfn() as RFC v1 would have it for the memory of encrypted slots: a pin for
 * long in the place of a reference (virt/kvm/kvm_main.c after "PATCH RFC v1" 1/9;
 * hazards 1.5). No kernel has it; a design asks for it by its slots' flag.
 *
 * The slow half drops FOLL_HWPOISON and FOLL_NOWAIT, as FOLL_LONGTERM goes with none
 * of the calls that take them. So poison is not told at once (H-46); but where
 * nobody waits for the page elsewhere, what hva_to_pfn() does about failures asks
 * again, and finds it.
 */
#include "fakes/kvm/internal.h"

#define PIN_WRITE	(FOLL_WRITE | FOLL_LONGTERM)

static bool pin_fast(unsigned long addr, bool write_fault, bool *writable, kvm_pfn_t *pfn)
{
	struct page *page;

	if (!write_fault && !writable)
		return false;
	if (pin_user_pages_fast_only(addr, 1, PIN_WRITE, &page) != 1)
		return false;
	*pfn = page_to_pfn(page);
	if (writable)
		*writable = true;
	return true;
}

static int pin_slow(unsigned long addr, bool write_fault, bool *writable, kvm_pfn_t *pfn)
{
	struct page *page, *wpage;
	int npages;

	might_sleep();
	if (writable)
		*writable = write_fault;
	npages = pin_user_pages_fast(addr, 1, FOLL_LONGTERM | (write_fault ? FOLL_WRITE : 0),
				     &page);
	if (npages != 1)
		return npages;

	if (!write_fault && writable &&
	    pin_user_pages_fast_only(addr, 1, PIN_WRITE, &wpage) == 1) {
		*writable = true;
		unpin_user_page(page);
		page = wpage;
	}
	*pfn = page_to_pfn(page);
	return npages;
}

/**
 * hva_to_pfn_pinned() - find the page at an address of the caller's mm, and pin it
 * @addr: address
 * @async: NULL, or where to say that a page could come, if it were waited for
 * @write_fault: it is to be written
 * @writable: NULL, or where to say whether it may be mapped writable
 *
 * Context: sleepable; not under mmu_lock or mmap_lock.
 * Return: page frame with one long-term pin, for kvm_release_pfn_clean(); or
 * KVM_PFN_ERR_* and none.
 */
kvm_pfn_t hva_to_pfn_pinned(unsigned long addr, bool *async, bool write_fault, bool *writable)
{
	sim_obj_t obj = OBJ_PTE_OF(current->mm->id, addr);
	kvm_pfn_t pfn = KVM_PFN_ERR_FAULT;
	int npages = 1;

	sim_note(SIM_ENTER, obj, write_fault, 0, __func__);
	if (!pin_fast(addr, write_fault, writable, &pfn)) {
		npages = pin_slow(addr, write_fault, writable, &pfn);
		if (npages != 1)
			pfn = hva_to_pfn_failed(addr, npages, async, write_fault);
	}
	sim_note(SIM_LEAVE, obj, npages == 1 ? (s64)pfn : npages, write_fault, __func__);
	return pfn;
}
