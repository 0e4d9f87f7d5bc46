/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct task_struct: what the kernel knows of a simulated task.  The core
 * keeps one pointer per task (and one for the host's own context); that is
 * "current".
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/resource.h>

struct mm_struct;
struct task_fault;
struct file;

#define TASK_COMM_LEN		16

#define PF_KTHREAD		0x00200000
#define PF_MEMALLOC		0x00000800
#define PF_EXITING		0x00000004
#define PF_MEMALLOC_PIN		0x10000000

#define TASK_RUNNING		0x00000000
#define TASK_INTERRUPTIBLE	0x00000001
#define TASK_UNINTERRUPTIBLE	0x00000002
#define TASK_WAKEKILL		0x00000100
#define TASK_KILLABLE		0x00000102

struct signal_struct {
	struct rlimit rlim[RLIM_NLIMITS];
};

/**
 * struct task_struct - one thread
 * @comm: name
 * @pid: number, for the trace of nobody
 * @flags: PF_*
 * @mm: address space; NULL for kernel threads and after exit
 * @active_mm: as @mm, but not cleared
 * @signal: limits, shared by the threads of a process
 * @cap_effective: bit set of capabilities
 * @process: number of its process, -1 for a kernel thread
 * @rcu_depth: rcu_read_lock() nesting
 * @fault: which of its calls are to fail, or NULL (fakes/fault.h)
 * @task_works: files that end when it returns to user space
 * @pending: the worst signal that was sent to it, 0 none
 * @signalled: there is one
 * @killed: it is SIGKILL
 */
struct task_struct {
	char comm[TASK_COMM_LEN];
	pid_t pid;
	pid_t tgid;
	unsigned int flags;
	struct mm_struct *mm;
	struct mm_struct *active_mm;
	struct signal_struct *signal;
	u64 cap_effective;
	int process;
	unsigned int rcu_depth;
	struct task_fault *fault;
	struct file *task_works;
	int pending;
	bool signalled, killed;
};

struct task_struct *get_current(void);
#define current			get_current()

static inline bool need_resched(void)
{
	return false;
}

static inline void schedule(void)
{
}

#endif
