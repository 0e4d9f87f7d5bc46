/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel-bug: a BUG_ON of the kernel is reached, or the simulated kernel did
 * what would have been an oops: a wild access, a lock released by a stranger.
 */
#include "sim/check/check_private.h"
#include "sim/engine/bug.h"
#include "sim/engine/fault.h"

/* What only loaded code is judged for; sim/engine/fault.h. */
static const char *say_fault(int64_t kind)
{
	switch (kind) {
	case SIM_FAULT_STACK:
		return "the stack is used up";
	case SIM_FAULT_LOOP:
		return "a loop without end or step";
	default:
		return "what the processor traps (a division by zero, a wrong instruction)";
	}
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	if (rec->obj == SIM_OBJ(SIM_CLASS_MEMORY, 0) && rec->b == SIM_FAULT_BEYOND)
		return check_say(ret, rec, rec->obj, "more than pinsim can follow (%s) in %s of %s",
				 sim_bug_said(), say_site(rec->site, &w),
				 say_task(ctx, rec->task, &w));
	if (rec->obj == SIM_OBJ(SIM_CLASS_MEMORY, 0) && rec->b >= SIM_FAULT_STACK)
		return check_say(ret, rec, rec->obj, "%s in %s of %s", say_fault(rec->b),
				 say_site(rec->site, &w), say_task(ctx, rec->task, &w));
	return check_say(ret, rec, rec->obj,
			 "a BUG_ON or an oops in %s of %s",
			 say_site(rec->site, &w), say_task(ctx, rec->task, &w));
}

const struct check check_kernel_bug = {
	.id = "kernel-bug",
	.never = "a BUG_ON is reached, or a wild access is made",
	.verbs = CHECK_VERB(X_BUG),
	.look = look,
};
