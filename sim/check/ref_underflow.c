/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ref-underflow: a plain reference is dropped that nobody held.  The count was
 * somebody else's; from here on the page may be freed under its users (A.12).
 */
#include "sim/check/check_private.h"

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	return check_say(ret, rec, rec->obj,
			 "%s drops a reference on %s in %s that nobody holds",
			 say_task(ctx, rec->task, &w), say_obj(ctx, rec->obj, &w),
			 say_site(rec->site, &w));
}

const struct check check_ref_underflow = {
	.id = "ref-underflow",
	.never = "a reference is dropped that nobody holds",
	.verbs = CHECK_VERB(X_UNDERFLOW),
	.look = look,
};
