/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * double-unpin: a FOLL_PIN is dropped that nobody holds (H-23).  A small folio
 * loses 1024 from its count for it (A.9, A.17).
 */
#include "sim/check/check_private.h"

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	return check_say(ret, rec, rec->obj,
			 "%s unpins %s in %s though no FOLL_PIN on it is left",
			 say_task(ctx, rec->task, &w), say_obj(ctx, rec->obj, &w),
			 say_site(rec->site, &w));
}

const struct check check_double_unpin = {
	.id = "double-unpin",
	.never = "a FOLL_PIN is dropped that nobody holds",
	.verbs = CHECK_VERB(X_DOUBLE_UNPIN),
	.look = look,
};
