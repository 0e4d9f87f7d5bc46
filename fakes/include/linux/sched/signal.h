/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_SCHED_SIGNAL_H
#define _LINUX_SCHED_SIGNAL_H

#include <linux/sched.h>

/* Soft limit of the running task. Units as the resource has them: bytes here. */
unsigned long rlimit(unsigned int limit);
unsigned long task_rlimit(const struct task_struct *task, unsigned int limit);

/*
 * Of signals only SIGKILL is modelled, and only as an injected failure: nobody
 * sends any. It stays pending. Return: -EINTR if the running task is killed, or 0.
 */
int current_killed(const char *site);

#define fatal_signal_pending(p)	((void)(p), current_killed(__func__) != 0)
#define signal_pending(p)	fatal_signal_pending(p)

static inline int signal_pending_state(unsigned int state, struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)))
		return 0;
	return fatal_signal_pending(p);
}

#endif
