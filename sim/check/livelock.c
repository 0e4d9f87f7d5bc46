/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * livelock: tasks run on and on and nothing comes of it.  The state of the world
 * was there before, and in between everybody ran who could (E.16: the long-term
 * loop of GUP has no bound, and a page that somebody else isolated keeps it
 * going for as long as that one waits for a lock of the looping task).
 *
 * Who finds the cycle is the search, or whoever runs the execution: see
 * sim/explore/cycles.h.
 */
#include <stdio.h>

#include "sim/check/check_private.h"
#include "sim/core/task.h"

/* "vcpu0, vcpu1 and mover" */
static void say_tasks(const struct check_ctx *ctx, uint32_t tasks, char *buf, size_t size)
{
	struct check_words w;
	size_t used = 0;

	buf[0] = '\0';
	while (tasks && used < size) {
		int t = __builtin_ctz(tasks);

		tasks &= tasks - 1;
		used += (size_t)snprintf(buf + used, size - used, "%s%s",
					 !used ? "" : tasks ? ", " : " and ",
					 say_task(ctx, t, &w));
	}
}

/* "; mover waits for mmu_lock 0" */
static void say_waiting(const struct check_ctx *ctx, char *buf, size_t size)
{
	struct sim_task_info info;
	struct check_words w;
	size_t used = 0;

	buf[0] = '\0';
	for (unsigned int t = 0; t < sim_nr_tasks() && used < size; t++) {
		if (!sim_task_info(t, &info) || info.state != SIM_TASK_BLOCKED)
			continue;
		used += (size_t)snprintf(buf + used, size - used, "; %s waits for %s",
					 say_task(ctx, (int)t, &w),
					 say_obj(ctx, info.waits_for, &w));
	}
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	uint32_t tasks = (uint32_t)rec->a;
	char who[160], waiting[200];

	say_tasks(ctx, tasks, who, sizeof(who));
	say_waiting(ctx, waiting, sizeof(waiting));
	if (!(tasks & (tasks - 1)))
		return check_say(ret, rec, rec->obj, "%s alone can run, and goes round for ever%s",
				 who, waiting);
	return check_say(ret, rec, rec->obj, "%s go round for ever: each ran, and after %lld steps "
			 "everything is as it was%s", who, (long long)rec->b, waiting);
}

const struct check check_livelock = {
	.id = "livelock",
	.never = "tasks run for ever without getting anywhere, though all that can run do",
	.verbs = CHECK_VERB(X_LIVELOCK),
	.look = look,
};
