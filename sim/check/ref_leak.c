/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ref-leak: VMs and processes are gone, batches drained, and a reference is
 * still held, or a page is still allocated (O.2, O.9, H-33).
 */
#include <inttypes.h>

#include "fakes/mm/probe.h"
#include "sim/check/check_private.h"

static bool left_reference(const struct check_ctx *ctx, struct violation *ret)
{
	struct sim_ref_info ref;
	struct check_words w;
	uint64_t cursor = 0;
	sim_obj_t obj;

	while (sim_ref_next(&cursor, &obj, &ref)) {
		struct probe_page page;

		if (ref.kind == PAGE_REF_ZERO || SIM_OBJ_CLASS(obj) != OBJ_PAGE)
			continue;
		/* The zero page lives for ever; references on it do not. */
		if (!probe_page(SIM_OBJ_ID(obj), &page) ||
		    (page.zero_page && ref.kind == PAGE_REF_ALLOC))
			continue;
		return check_say_at_end(ret, obj,
			"%" PRIu32 " %s reference%s on %s is never returned: "
			"taken by %s in %s at step %" PRIu64 " for %s",
			ref.count, say_kind(ref.kind), ref.count == 1 ? "" : "s",
			say_obj(ctx, obj, &w), say_task(ctx, ref.task, &w),
			say_site(ref.site, &w), ref.time, say_owner(ctx, ref.owner, &w));
	}
	return false;
}

/* A count above what the ledger knows: the two have parted. */
static bool left_page(const struct check_ctx *ctx, struct violation *ret)
{
	struct probe_mm_counts counts;
	struct check_words w;
	uint64_t pfn = 0;

	/* Counting is cheap, looking at every frame is not. */
	probe_mm_counts(&counts);
	if (counts.free_pages + counts.reserved_pages == probe_nr_pages())
		return false;
	while ((pfn = probe_next_allocated(pfn)) != UINT64_MAX) {
		struct probe_page page;

		if (probe_page(pfn, &page) && !page.zero_page && !page.reserved)
			return check_say_at_end(ret, OBJ_PAGE_OF(pfn),
				"%s is never freed: its reference count is %d"
				" and nobody is known to hold it",
				say_obj(ctx, OBJ_PAGE_OF(pfn), &w), page.refcount);
		pfn++;
	}
	return false;
}

/* /proc/vmstat's nr_foll_pin_acquired and _released (A.18). */
static bool left_pin(struct violation *ret)
{
	struct probe_mm_counts counts;

	probe_mm_counts(&counts);
	if (counts.foll_pin_acquired == counts.foll_pin_released)
		return false;
	return check_say_at_end(ret, 0,
		"nr_foll_pin_acquired is %" PRIu64 " and nr_foll_pin_released %" PRIu64
		" with everything torn down",
		counts.foll_pin_acquired, counts.foll_pin_released);
}

static bool at_end(const struct check_ctx *ctx, enum check_end when,
		   struct violation *ret)
{
	if (when != CHECK_END_TORN_DOWN)
		return false;
	return left_reference(ctx, ret) || left_page(ctx, ret) || left_pin(ret);
}

const struct check check_ref_leak = {
	.id = "ref-leak",
	.never = "a reference is never returned",
	.at_end = at_end,
};
