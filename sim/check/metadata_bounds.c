/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metadata-bounds: an access beyond an allocation of the simulated kernel, such
 * as a slot's array of pins (H-51).  The engine watches every access.
 */
#include "sim/check/check_private.h"

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	return check_say(ret, rec, rec->obj,
			 "%s %s beyond the end of %s in %s",
			 say_task(ctx, rec->task, &w), rec->a ? "writes" : "reads",
			 say_obj(ctx, rec->obj, &w), say_site(rec->site, &w));
}

const struct check check_metadata_bounds = {
	.id = "metadata-bounds",
	.never = "an access lies beyond an allocation",
	.verbs = CHECK_VERB(X_BOUNDS),
	.look = look,
};
