/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_SCHED_SIGNAL_H
#define _LINUX_SCHED_SIGNAL_H

#include <linux/sched.h>

/* Soft limit of the running task. Units as the resource has them: bytes here. */
unsigned long rlimit(unsigned int limit);
unsigned long task_rlimit(const struct task_struct *task, unsigned int limit);

#define SIGBUS		7
#define SIGKILL		9
#define SIGTERM		15

/*
 * A signal stays pending: nobody handles it. The task that it is for finds out
 * where it asks, and where it waits killably or interruptibly is woken. SIGKILL can
 * be an injected failure too.
 * Return: -EINTR if the running task is killed (or, for the second one, has any
 * signal), or 0.
 */
int current_killed(const char *site);
int current_signalled(const char *site);

#define fatal_signal_pending(p)	((void)(p), current_killed(__func__) != 0)
#define signal_pending(p)	((void)(p), current_signalled(__func__) != 0)

int send_sig(int sig, struct task_struct *p, int priv);
#define BUS_MCEERR_AR	4
/* SIGBUS: the memory at @addr, (1 << @lsb) bytes, is broken, and was asked for. */
int send_sig_mceerr(int code, void __user *addr, short lsb, struct task_struct *p);
/* A thread by the number that build_thread() gave it, counted from 1. */
struct task_struct *find_task_by_vpid(pid_t nr);

static inline int signal_pending_state(unsigned int state, struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)))
		return 0;
	if (state & TASK_INTERRUPTIBLE)
		return signal_pending(p);
	return fatal_signal_pending(p);
}

#endif
