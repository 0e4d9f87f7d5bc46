/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cache-stale: a page is freed while lines of a guest's are dirty, or encrypted
 * while the host's are (H-57, I.1, H.30). When such a line is written back, it
 * lands on what is there by then.
 *
 * Looks at the accesses of cache lines that fakes/sev/cache.c tells: it says what
 * it has found, as the line itself is clean again before anybody could look.
 */
#include "fakes/objects.h"
#include "sim/check/check_private.h"

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;
	sim_obj_t page;

	if (SIM_OBJ_CLASS(rec->obj) != OBJ_CACHELINE)
		return false;
	page = OBJ_PAGE_OF(SIM_OBJ_ID(rec->obj));
	if (!rec->a)
		return check_say(ret, rec, page,
				 "%s frees %s under dirty cache lines of an encrypted guest,"
				 " in %s",
				 say_task(ctx, rec->task, &w), say_obj(ctx, page, &w),
				 say_site(rec->site, &w));
	return check_say(ret, rec, page,
			 "%s is encrypted under dirty cache lines of the host, by %s in %s",
			 say_obj(ctx, page, &w), say_task(ctx, rec->task, &w),
			 say_site(rec->site, &w));
}

const struct check check_cache_stale = {
	.id = "cache-stale",
	.never = "a page is freed or encrypted under dirty lines of the other key",
	.verbs = CHECK_VERB(ACCESS),
	.look = look,
};
