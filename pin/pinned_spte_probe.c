/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of "pinned-spte" are the SPTEs themselves, present or not, in whatever
 * root. They are plain references. Nothing is charged, so nothing can drift.
 *
 * The hook comes before its SPTE is written, and after one is gone: so while somebody
 * holds mmu_lock there need not be a record for each reference, and none is told.
 */
#include <svm/svm.h>

#include "mmu/probe.h"
#include "pin/designs.h"
#include "pin/slot_records.h"

static bool changing(struct kvm *kvm)
{
	return sim_lock_is_locked(&kvm->mmu_lock.lock) ||
	       kvm->mmu_lock.lock.readers;
}

static bool pinned_spte_next(unsigned int vm, uint64_t *cursor,
			     struct pin_record *ret)
{
	struct kvm *kvm = kvm_find(vm);
	struct kvm_memory_slot *slot;
	struct probe_spte spte;

	if (!kvm || changing(kvm) || !probe_pinned_next(vm, cursor, &spte))
		return false;
	slot = __gfn_to_memslot(kvm->memslots[0], spte.gfn);
	ret->gfn = spte.gfn;
	/* It may outlive its slot. */
	ret->hva = slot ? __gfn_to_hva_memslot(slot, spte.gfn) : 0;
	ret->pfn = spte.pfn;
	ret->slot = slot ? slot->id : 0;
	ret->is_pin = false;
	return true;
}

const struct pin_probe pinned_spte_probe = {
	.next = pinned_spte_next,
	.must_pin = slot_must_pin,
};
