/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of "eager": every page of every registered region. They go by
 * address; a gfn must be pinned if the address it is mapped to is registered.
 */
#include <linux/mm.h>
#include <svm/svm.h>

#include "pin/designs.h"
#include "pin/eager.h"
#include "pin/probe.h"
#include "pin/slot_records.h"

/* A cursor: which region of the list, and the page of it to go on at. */
#define CURSOR_REGION_SHIFT	40
#define CURSOR_PAGE_MASK	((1ULL << CURSOR_REGION_SHIFT) - 1)

static bool eager_next(unsigned int vm, uint64_t *cursor,
		       struct pin_record *ret)
{
	uint64_t page = *cursor & CURSOR_PAGE_MASK;
	struct kvm *kvm = kvm_find(vm);
	struct enc_region *region;
	uint64_t i = 0;

	if (!kvm)
		return false;
	list_for_each_entry(region, &to_kvm_sev_info(kvm)->regions_list, list) {
		if (i++ < *cursor >> CURSOR_REGION_SHIFT)
			continue;
		if (page == region->npages) {
			page = 0;
			continue;
		}
		ret->gfn = UINT64_MAX;
		ret->hva = (region->uaddr & PAGE_MASK) + page * PAGE_SIZE;
		ret->pfn = page_to_pfn(region->pages[page]);
		ret->slot = 0;
		ret->is_pin = true;
		*cursor = ((i - 1) << CURSOR_REGION_SHIFT) | (page + 1);
		return true;
	}
	return false;
}

static bool eager_locked(unsigned int vm, uint64_t *ret_counter,
			 uint64_t *ret_records)
{
	struct kvm *kvm = kvm_find(vm);
	struct enc_region *region;
	uint64_t records = 0;

	/* In the middle of a change both may be right and differ. */
	if (!kvm || mutex_is_locked(&kvm->lock))
		return false;
	list_for_each_entry(region, &to_kvm_sev_info(kvm)->regions_list, list)
		records += region->npages;
	*ret_counter = to_kvm_sev_info(kvm)->pages_locked;
	*ret_records = records;
	return true;
}

const struct pin_probe eager_probe = {
	.next = eager_next,
	.locked = eager_locked,
	.must_pin = registered_must_pin,
};
