/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deadlock: tasks are left and none of them can run (H-37: the task that holds
 * mmu_lock for its fault waits for it in its own notifier).
 */
#include <stdio.h>
#include <string.h>

#include "sim/check/check_private.h"
#include "sim/core/lock.h"
#include "sim/core/task.h"

#define MAX_HELD	64

/* Who holds @obj, and how: " (mmu_lock), held shared by vcpu0 itself". */
static void say_holder(const struct check_ctx *ctx, sim_obj_t obj, unsigned int waiter,
		       char *buf, size_t size)
{
	struct sim_held held[MAX_HELD];
	struct check_words w;
	int used = 0;

	buf[0] = '\0';
	for (unsigned int t = 0; t < sim_nr_tasks(); t++) {
		unsigned int n = sim_locks_held(t, held, MAX_HELD);

		for (unsigned int i = 0; i < n && i < MAX_HELD; i++) {
			if (held[i].obj != obj)
				continue;
			/* A lock that is an object of its own has its class in its name. */
			if (SIM_OBJ_CLASS(obj) != SIM_CLASS_LOCK)
				used = snprintf(buf, size, " (%s)",
						sim_lock_class_name(held[i].class));
			snprintf(buf + used, size - used, ", held%s by %s%s",
				 held[i].shared ? " shared" : "",
				 say_task(ctx, (int)t, &w), t == waiter ? " itself" : "");
			return;
		}
	}
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	char text[CHECK_TEXT_SIZE - 32];
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int t = 0; t < sim_nr_tasks() && used < sizeof(text); t++) {
		struct sim_task_info info;
		struct check_words w;
		char by[NAME_SIZE * 2];

		if (!sim_task_info(t, &info) || info.state != SIM_TASK_BLOCKED)
			continue;
		say_holder(ctx, info.waits_for, t, by, sizeof(by));
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%s waits for %s%s", used ? "; " : "",
					 say_task(ctx, (int)t, &w),
					 say_obj(ctx, info.waits_for, &w), by);
	}
	return check_say(ret, rec, rec->obj, "nothing can run: %s",
			 text[0] ? text : "no task is ready");
}

const struct check check_deadlock = {
	.id = "deadlock",
	.never = "no task can run and some are not done",
	.verbs = CHECK_VERB(X_DEADLOCK),
	.look = look,
};
