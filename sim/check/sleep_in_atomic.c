/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sleep-in-atomic: something that may sleep is called with preemption off or a
 * spinning lock held (H.25, H-37): the kernel's own might_sleep() splat.
 */
#include <stdio.h>

#include "sim/check/check_private.h"
#include "sim/core/lock.h"

#define MAX_HELD	64

/* Which of them spin is not told apart here: say all that are held. */
static void say_held(int task, char *buf, size_t size)
{
	struct sim_held held[MAX_HELD];
	unsigned int n;
	size_t used = 0;

	buf[0] = '\0';
	if (task < 0)
		return;
	n = sim_locks_held((unsigned int)task, held, MAX_HELD);
	for (unsigned int i = 0; i < n && i < MAX_HELD && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s%s", used ? ", " : "",
					 sim_lock_class_name(held[i].class),
					 held[i].shared ? " (shared)" : "");
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;
	char held[160];

	say_held(rec->task, held, sizeof(held));
	return check_say(ret, rec, rec->obj,
			 "%s may sleep in %s in atomic context; it holds %s",
			 say_task(ctx, rec->task, &w), say_site(rec->site, &w),
			 held[0] ? held : "no lock");
}

const struct check check_sleep_in_atomic = {
	.id = "sleep-in-atomic",
	.never = "something that may sleep is called in atomic context",
	.verbs = CHECK_VERB(X_SLEEP),
	.look = look,
};
