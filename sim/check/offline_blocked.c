/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * offline-blocked: a round of memory offlining moves nothing away, and none ever
 * will, because a long-lived reference keeps a page in its place (H-08, K.11).
 *
 * offline_pages() goes on until a signal comes, so this looks when a round is
 * over.  ZONE_MOVABLE alone is meant: it is there so that memory can go offline,
 * and nobody may hold a page of it for long.  Elsewhere a well-made pin blocks an
 * offline just so (K.31), and nobody has promised that it would not.
 */
#include <string.h>

#include "fakes/mm/probe.h"
#include "sim/check/check_private.h"

#define PAGES_OF_BLOCK	512

static bool is_movable(uint64_t pfn)
{
	struct probe_page page;

	return probe_place(pfn, &page) && page.zone == PROBE_ZONE_MOVABLE;
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	uint64_t start = SIM_OBJ_ID(rec->obj) * PAGES_OF_BLOCK, end = (uint64_t)rec->b;
	struct sim_ref_info ref;
	struct check_words w;
	uint64_t cursor = 0;
	sim_obj_t obj;

	if (!rec->a || !rec->site || strcmp(rec->site, "do_migrate_range"))
		return false;
	while (sim_ref_next_long(&cursor, &obj, &ref)) {
		uint64_t pfn = SIM_OBJ_ID(obj);

		if (!ref.long_lived || SIM_OBJ_CLASS(obj) != OBJ_PAGE)
			continue;
		if (pfn < start || pfn >= end || !is_movable(pfn))
			continue;
		return check_say(ret, rec, obj,
				 "offline_pages() by %s cannot move %s, and never will: it is held"
				 " by the %s reference that %s keeps on it",
				 say_task(ctx, rec->task, &w), say_obj(ctx, obj, &w),
				 say_kind(ref.kind), say_owner(ctx, ref.owner, &w));
	}
	return false;
}

const struct check check_offline_blocked = {
	.id = "offline-blocked",
	.never = "memory of ZONE_MOVABLE can never go offline because of a pin",
	.verbs = CHECK_VERB(LEAVE),
	.look = look,
};
