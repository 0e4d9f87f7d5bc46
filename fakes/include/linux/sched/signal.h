/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_SCHED_SIGNAL_H
#define _LINUX_SCHED_SIGNAL_H

#include <linux/sched.h>

/* Soft limit of the running task. Units as the resource has them: bytes here. */
unsigned long rlimit(unsigned int limit);
unsigned long task_rlimit(const struct task_struct *task, unsigned int limit);

/* Signals are not modelled yet: none is ever pending. */
static inline int signal_pending(struct task_struct *p)
{
	return 0;
}

static inline int fatal_signal_pending(struct task_struct *p)
{
	return 0;
}

static inline int signal_pending_state(unsigned int state, struct task_struct *p)
{
	return 0;
}

#endif
