/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of "demand-double": where the bit is set, the page frame counts, and
 * is a pin. Its counter is of what user space has announced, not of what is pinned,
 * so that there is nothing to compare it with.
 */
#include <linux/bitops.h>

#include "pin/designs.h"
#include "pin/slot_records.h"

static bool has_record(const struct kvm_memory_slot *slot, unsigned long i)
{
	return slot->arch.pinned_bitmap && arch_test_bit(i, slot->arch.pinned_bitmap);
}

static bool demand_double_next(unsigned int vm, uint64_t *cursor, struct pin_record *ret)
{
	return slot_record_next(vm, cursor, ret, has_record, true);
}

const struct pin_probe demand_double_probe = {
	.next = demand_double_next,
	.must_pin = slot_must_pin,
};
