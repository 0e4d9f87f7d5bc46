/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel-warn: a WARN_ON of the kernel is reached.
 */
#include "sim/check/check_private.h"

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	return check_say(ret, rec, rec->obj,
			 "a WARN_ON triggers in %s of %s",
			 say_site(rec->site, &w), say_task(ctx, rec->task, &w));
}

const struct check check_kernel_warn = {
	.id = "kernel-warn",
	.never = "a WARN_ON is reached",
	.verbs = CHECK_VERB(X_WARN),
	.look = look,
};
