/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cma-blocked: cma_alloc() fails, and would fail for ever, because long-lived
 * references keep pages of the area in their places (H-07).
 *
 * It goes on from one run of pages to the next (J.4), so that one held page in a
 * large area costs it nothing: it is blocked when there is no run left without
 * one.  What fails over a reference that somebody will drop again is not meant.
 */
#include <string.h>

#include "fakes/mm/probe.h"
#include "sim/check/check_private.h"

/* The last page of [@start, @end) that is held for good. Return: false if none is. */
static bool last_held(uint64_t start, uint64_t end, uint64_t *ret_pfn,
		      struct sim_ref_info *ret_ref)
{
	struct sim_ref_info ref;
	uint64_t cursor = 0;
	bool found = false;
	sim_obj_t obj;

	while (sim_ref_next_long(&cursor, &obj, &ref)) {
		uint64_t pfn = SIM_OBJ_ID(obj);

		if (!ref.long_lived || SIM_OBJ_CLASS(obj) != OBJ_PAGE)
			continue;
		if (pfn < start || pfn >= end || (found && pfn < *ret_pfn))
			continue;
		*ret_pfn = pfn;
		*ret_ref = ref;
		found = true;
	}
	return found;
}

/* Is there no run of @count pages without one? Then the last one that was met. */
static bool all_held(uint64_t count, uint64_t *ret_pfn, struct sim_ref_info *ret_ref)
{
	uint64_t base = 0, end, pages = probe_cma(&base);

	if (!count || count > pages)
		return false;
	end = base + pages;
	for (; base + count <= end; base = *ret_pfn + 1)
		if (!last_held(base, base + count, ret_pfn, ret_ref))
			return false;
	return true;
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct sim_ref_info ref = { .kind = 0 };
	struct check_words w;
	char errbuf[32];
	uint64_t pfn = 0;
	sim_obj_t obj;

	if (rec->a >= 0 || !rec->site || strcmp(rec->site, "cma_alloc"))
		return false;
	if (!all_held((uint64_t)rec->b, &pfn, &ref))
		return false;
	obj = OBJ_PAGE_OF(pfn);
	return check_say(ret, rec, obj,
			 "cma_alloc() by %s fails with %s and always will: "
			 "%s is held by the %s reference that %s keeps on it",
			 say_task(ctx, rec->task, &w),
			 name_errno(rec->a, errbuf, sizeof(errbuf)), say_obj(ctx, obj, &w),
			 say_kind(ref.kind), say_owner(ctx, ref.owner, &w));
}

const struct check check_cma_blocked = {
	.id = "cma-blocked",
	.never = "a CMA allocation can never succeed because of a pin",
	.verbs = CHECK_VERB(LEAVE),
	.look = look,
};
