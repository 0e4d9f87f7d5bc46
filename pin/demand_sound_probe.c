/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of "demand-sound": a page for each address of the VM's process
 * that is pinned. They are the VM's, so no gfn goes with them.
 */
#include <svm/svm.h>

#include "pin/designs.h"
#include "pin/probe.h"

static bool demand_sound_next(unsigned int vm, uint64_t *cursor, struct pin_record *ret)
{
	struct kvm *kvm = kvm_find(vm);
	unsigned long index = *cursor;
	struct page *page;

	if (!kvm)
		return false;
	page = xa_first(&to_kvm_sev_info(kvm)->pins, &index, ULONG_MAX);
	if (!page)
		return false;
	ret->gfn = UINT64_MAX;
	ret->hva = index << PAGE_SHIFT;
	ret->pfn = page_to_pfn(page);
	ret->slot = 0;
	ret->is_pin = true;
	*cursor = index + 1;
	return true;
}

static bool demand_sound_locked(unsigned int vm, uint64_t *ret_counter, uint64_t *ret_records)
{
	struct kvm *kvm = kvm_find(vm);
	struct kvm_sev_info *sev;

	if (!kvm)
		return false;
	sev = to_kvm_sev_info(kvm);
	/* In the middle of a change both may be right and differ. */
	if (mutex_is_locked(&sev->pins_lock))
		return false;
	*ret_counter = sev->nr_pins;
	*ret_records = sev->pins.nr;
	return true;
}

/* Where a mirror maps what its owner has recorded, that is as good. */
static bool demand_sound_must_pin(unsigned int vm, uint64_t gfn)
{
	struct kvm *kvm = kvm_find(vm), *owner;
	struct kvm_memory_slot *slot;

	if (!kvm || !sev_guest(kvm))
		return false;
	owner = to_kvm_sev_info(kvm)->enc_context_owner;
	slot = __gfn_to_memslot(kvm->memslots[0], gfn);
	if (!owner || !slot)
		return true;
	return !xa_load(&to_kvm_sev_info(owner)->pins,
			__gfn_to_hva_memslot(slot, gfn) >> PAGE_SHIFT);
}

const struct pin_probe demand_sound_probe = {
	.next = demand_sound_next,
	.locked = demand_sound_locked,
	.must_pin = demand_sound_must_pin,
};
