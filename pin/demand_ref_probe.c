/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of "demand-ref": where the bit is set, the page frame counts.
 * They are plain references. Nothing is charged, so nothing can drift.
 */
#include <linux/bitops.h>

#include "pin/designs.h"
#include "pin/slot_records.h"

static bool has_record(const struct kvm_memory_slot *slot, unsigned long i)
{
	return slot->arch.pinned_bitmap &&
	       arch_test_bit(i, slot->arch.pinned_bitmap);
}

static bool demand_ref_next(unsigned int vm, uint64_t *cursor,
			    struct pin_record *ret)
{
	return slot_record_next(vm, cursor, ret, has_record, false);
}

const struct pin_probe demand_ref_probe = {
	.next = demand_ref_next,
	.must_pin = slot_must_pin,
};
