/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walking the records of a VM's memslots, for the probes of the designs that
 * keep them there. Reads the active set without a step and without SRCU: no
 * task runs while a probe does. Without hooks too: it says itself what it sees.
 *
 * A slot whose records were freed under it has none: who uses them is
 * told so where it does.
 */
#include <svm/svm.h>

#include "fakes/kvm/probe.h"
#include "pin/slot_records.h"
#include "sim/engine/arena.h"
#include "sim/engine/footprint.h"

/* A cursor: which slot of the set, and the page of it to go on at. */
#define CURSOR_SLOT_SHIFT	40
#define CURSOR_PAGE_MASK	((1ULL << CURSOR_SLOT_SHIFT) - 1)

static __no_kcsan bool records_live(const struct kvm_memory_slot *slot)
{
	const kvm_pfn_t *pfns = slot->arch.pfns;

	return pfns && sim_live_test((uint64_t)pfns, slot->npages * sizeof(*pfns));
}

__no_kcsan bool slot_record_next(unsigned int vm, uint64_t *cursor,
				 struct pin_record *ret,
				 slot_record_fn has_record, bool is_pin)
{
	struct kvm *kvm = kvm_find(vm);
	struct kvm_memslots *slots;
	unsigned int i;

	if (!kvm)
		return false;
	slots = sim_seen(kvm->memslots[0]);
	sim_touch(&slots->nr_slots, SIM_ACCESS_READ);
	for (i = *cursor >> CURSOR_SLOT_SHIFT; i < slots->nr_slots; i++) {
		struct kvm_memory_slot *slot = sim_seen(slots->slots[i]);
		unsigned long page = *cursor & CURSOR_PAGE_MASK;

		if (!records_live(slot))
			page = slot->npages;
		for (; page < slot->npages; page++) {
			if (!has_record(slot, page))
				continue;
			ret->gfn = slot->base_gfn + page;
			ret->hva = slot->userspace_addr + page * PAGE_SIZE;
			ret->pfn = slot->arch.pfns[page];
			ret->slot = slot->id;
			ret->is_pin = is_pin;
			*cursor = ((uint64_t)i << CURSOR_SLOT_SHIFT) |
				  (page + 1);
			return true;
		}
		*cursor = ((uint64_t)i + 1) << CURSOR_SLOT_SHIFT;
	}
	return false;
}

/* Every page of an SEV guest must have its pin, wherever it lies. */
bool slot_must_pin(unsigned int vm, uint64_t gfn)
{
	struct kvm *kvm = kvm_find(vm);

	return kvm && sev_guest(kvm);
}

/* Or what is registered, by KVM's own account of it. */
bool registered_must_pin(unsigned int vm, uint64_t gfn)
{
	struct kvm *kvm = kvm_find(vm);
	struct kvm_memory_slot *slot;
	unsigned int i;

	if (!kvm || !sev_guest(kvm))
		return false;
	kvm_for_each_memslot(slot, i, kvm->memslots[0])
		if (gfn - slot->base_gfn < slot->npages)
			return probe_registered(vm, __gfn_to_hva_memslot(slot, gfn));
	return false;
}
