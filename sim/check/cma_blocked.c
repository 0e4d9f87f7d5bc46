/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cma-blocked: cma_alloc() fails, and would fail for ever, because a long-lived
 * reference keeps a page of the area in its place (H-07).  A failure over a
 * reference that somebody will drop again is not meant.
 */
#include <string.h>

#include "fakes/mm/probe.h"
#include "sim/check/check_private.h"

/* A page of the CMA area that is held for good. */
static bool find_blocker(sim_obj_t *ret_obj, struct sim_ref_info *ret_ref)
{
	uint32_t cursor = 0;

	while (sim_ref_next_long(&cursor, ret_obj, ret_ref)) {
		struct probe_page page;

		if (!ret_ref->long_lived || SIM_OBJ_CLASS(*ret_obj) != OBJ_PAGE)
			continue;
		if (probe_place(SIM_OBJ_ID(*ret_obj), &page) && (page.cma || page.isolate))
			return true;
	}
	return false;
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct sim_ref_info ref;
	struct check_words w;
	char errbuf[32];
	sim_obj_t obj;

	if (rec->a >= 0 || !rec->site || strcmp(rec->site, "cma_alloc"))
		return false;
	if (!find_blocker(&obj, &ref))
		return false;
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
