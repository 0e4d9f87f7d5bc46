/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lock-order: two lock classes are taken in both orders, or against the
 * kernel's known order (N.1 to N.9).  No deadlock need follow in this run.
 */
#include "sim/check/check_private.h"
#include "sim/core/lock.h"

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	return check_say(ret, rec, rec->obj,
			 "%s takes %s in %s while it holds %s, which comes after it",
			 say_task(ctx, rec->task, &w),
			 sim_lock_class_name((unsigned int)rec->b), say_site(rec->site, &w),
			 sim_lock_class_name((unsigned int)rec->a));
}

const struct check check_lock_order = {
	.id = "lock-order",
	.never = "a lock is taken against the known order",
	.verbs = CHECK_VERB(X_ORDER),
	.look = look,
};
