/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel-bug: a BUG_ON of the kernel is reached, or the simulated kernel did
 * what would have been an oops: a wild access, a lock released by a stranger.
 */
#include "sim/check/check_private.h"

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	return check_say(ret, rec, rec->obj,
			 "a BUG_ON or an oops in %s() of %s",
			 say_site(rec->site), say_task(ctx, rec->task, &w));
}

const struct check check_kernel_bug = {
	.id = "kernel-bug",
	.never = "a BUG_ON is reached, or a wild access is made",
	.verbs = CHECK_VERB(X_BUG),
	.look = look,
};
