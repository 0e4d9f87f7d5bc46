/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals, as far as long operations ask whether there is one: kernel/signal.c,
 * v6.12: send_sig(),
 * send_sig_mceerr(); include/linux/sched/signal.h: signal_pending() and
 * fatal_signal_pending().
 *
 * Simpler than the kernel: no handlers, so what is pending stays so; who sleeps is
 * woken where it waits for a lock (locks.c), a folio or a wait_event_killable(), and
 * for nothing else; a signal is for one thread, not for its process; one that an
 * injected failure stands for comes where somebody asks for it.
 */
#include <linux/errno.h>
#include <linux/sched/signal.h>

#include "fakes/fault.h"
#include "fakes/host/host.h"
#include "sim/core/wait.h"

struct task_struct *find_task_by_vpid(pid_t nr)
{
	return nr < 1 || nr > SIM_MAX_TASKS ? NULL : &host_world()->task[nr - 1];
}

/**
 * send_sig() - send a signal to a thread.
 * @sig: SIGKILL or another one
 * @p: whom
 * @priv: not looked at
 *
 * Context: any. One step.
 * Return: 0.
 */
int send_sig(int sig, struct task_struct *p, int priv)
{
	sim_step2(SIM_WRITE, SIM_OBJ(SIM_CLASS_TASK, p->pid - 1), sig, 0, __func__);
	if (!p->killed)
		p->pending = sig;
	p->signalled = true;
	p->killed = p->pending == SIGKILL;
	sim_wait_stop(p->pid - 1);
	return 0;
}

/**
 * send_sig_mceerr() - tell a thread that memory is broken.
 * @code: BUS_MCEERR_AR: it needs it now
 * @addr: where
 * @lsb: how much, as a power of two
 * @p: whom
 *
 * Context: any. One step.
 * Return: 0.
 */
int send_sig_mceerr(int code, void __user *addr, short lsb, struct task_struct *p)
{
	return send_sig(SIGBUS, p, 0);
}

/**
 * current_killed() - is the running task being killed?
 * @site: who asks
 *
 * Context: any. No step: what it finds was sent before the step that it is in.
 * Return: -EINTR if it is, else 0.
 */
int current_killed(const char *site)
{
	return fault_hit(FAULT_FATAL_SIGNAL, site) || current->killed ? -EINTR : 0;
}

/**
 * current_signalled() - has somebody sent the running task a signal?
 * @site: who asks
 *
 * Context: any. No step.
 * Return: -EINTR if so, else 0.
 */
int current_signalled(const char *site)
{
	return current_killed(site) || current->signalled ? -EINTR : 0;
}
