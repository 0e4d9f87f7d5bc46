/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refcount-overflow: a page's count wraps, or comes so near to it that the
 * kernel's own test would catch it (A.7, H-21).
 */
#include <limits.h>

#include "sim/check/check_private.h"

#define NEAR_OVERFLOW	(INT_MAX - 127)

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	if (rec->verb != SIM_X_OVERFLOW && rec->b < NEAR_OVERFLOW)
		return false;
	return check_say(ret, rec, rec->obj,
			 "the reference count of %s overflows in %s of %s",
			 say_obj(ctx, rec->obj, &w), say_site(rec->site, &w),
			 say_task(ctx, rec->task, &w));
}

const struct check check_refcount_overflow = {
	.id = "refcount-overflow",
	.never = "a page's reference count wraps",
	.verbs = CHECK_VERB(X_OVERFLOW) | CHECK_VERB(GET) | CHECK_VERB(PIN),
	.look = look,
};
