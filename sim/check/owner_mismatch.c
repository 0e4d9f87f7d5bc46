/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * owner-mismatch: a reference is dropped for another owner, or as another kind,
 * than it was taken (H-22).  The ledger notes it only when the match is not
 * ambiguous.
 */
#include "sim/check/check_private.h"

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	return check_say(ret, rec, rec->obj,
			 "%s drops a reference on %s in %s"
			 " that another owner took, or as another kind",
			 say_task(ctx, rec->task, &w), say_obj(ctx, rec->obj, &w),
			 say_site(rec->site, &w));
}

const struct check check_owner_mismatch = {
	.id = "owner-mismatch",
	.never = "a reference is dropped for another owner or as another kind than it was taken",
	.verbs = CHECK_VERB(X_OWNER),
	.look = look,
};
