/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * longterm-placement: a long-lived reference on a page that must stay movable
 * (H-01, H-07): in the CMA area or in ZONE_MOVABLE, isolated just now or not
 * (B.12).  Elsewhere a pageblock is isolated for a while, when its memory goes
 * offline: who takes a reference there then is in the way of that.  But a page
 * may have been pinned before its block was isolated (K.31): that is nobody's
 * fault.
 *
 * A reference is long-lived when a hook of a VM or slot took it and is left
 * without having dropped it, so this looks when a hook is left so.  A GET is
 * judged like a PIN: to migration they are the same.
 */
#include "fakes/mm/probe.h"
#include "sim/check/check_private.h"

/* Its pageblocks are MIGRATE_ISOLATE while somebody allocates them. */
static bool in_cma_area(uint64_t pfn)
{
	uint64_t base, pages = probe_cma(&base);

	return pages && pfn - base < pages;
}

static const char *bad_place(uint64_t pfn, const struct sim_ref_info *ref)
{
	struct probe_page page;

	if (!probe_place(pfn, &page) || page.zero_page)
		return NULL;
	if (in_cma_area(pfn))
		return "the CMA area";
	if (page.zone == PROBE_ZONE_MOVABLE)
		return "ZONE_MOVABLE";
	if (page.isolate && ref->marked)
		return "a block that was isolated first";
	return NULL;
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct sim_ref_info ref;
	struct check_words w;
	uint64_t cursor = 0;
	sim_obj_t obj;

	while (sim_ref_next_long(&cursor, &obj, &ref)) {
		const char *place;

		if (!ref.long_lived || ref.hook != (uint32_t)rec->b)
			continue;
		if (SIM_OBJ_CLASS(obj) != OBJ_PAGE)
			continue;
		place = bad_place(SIM_OBJ_ID(obj), &ref);
		if (!place)
			continue;
		return check_say(ret, rec, obj,
				 "%s lies in %s and is held for the life of %s"
				 " by the %s reference that %s took in %s",
				 say_obj(ctx, obj, &w), place, say_owner(ctx, ref.owner, &w),
				 say_kind(ref.kind), say_task(ctx, ref.task, &w),
				 say_site(ref.site, &w));
	}
	return false;
}

const struct check check_longterm_placement = {
	.id = "longterm-placement",
	.never = "a long-lived reference is on a page in the CMA area or ZONE_MOVABLE, or was taken"
		 " while its block is isolated",
	.verbs = CHECK_VERB(OUTLIVED),
	.look = look,
};
