/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that hang on memslots, as the demand designs have them. */
#ifndef PIN_SLOT_RECORDS_H
#define PIN_SLOT_RECORDS_H

#include <linux/kvm_host.h>

#include "pin/probe.h"

/* Does the slot's page @i have a record? Only called where arrays exist. */
typedef bool (*slot_record_fn)(const struct kvm_memory_slot *slot,
			       unsigned long i);

/**
 * slot_record_next() - walk the records of address space 0.
 * @vm: number
 * @cursor: where the walk is; starts at 0
 * @ret: the record
 * @has_record: which pages have one
 * @is_pin: they are FOLL_PINs, not plain references
 *
 * Context: host, or no task running. Return: false past the last.
 */
bool slot_record_next(unsigned int vm, uint64_t *cursor,
		      struct pin_record *ret, slot_record_fn has_record,
		      bool is_pin);
/* pin_probe.must_pin: every gfn of an SEV guest. */
bool slot_must_pin(unsigned int vm, uint64_t gfn);
bool registered_must_pin(unsigned int vm, uint64_t gfn);

#endif
