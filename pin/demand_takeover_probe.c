/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of "demand-takeover": a page frame for each pinned page of a slot. */
#include "pin/designs.h"
#include "pin/slot_records.h"

static bool has_record(const struct kvm_memory_slot *slot, unsigned long i)
{
	return slot->arch.pfns[i];
}

static bool demand_takeover_next(unsigned int vm, uint64_t *cursor,
			     struct pin_record *ret)
{
	return slot_record_next(vm, cursor, ret, has_record, true);
}

const struct pin_probe demand_takeover_probe = {
	.next = demand_takeover_next,
	.must_pin = slot_must_pin,
};
