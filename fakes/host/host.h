/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of fakes/host share: the room's root object. */
#ifndef FAKES_HOST_HOST_H
#define FAKES_HOST_HOST_H

#include <linux/mm_types.h>
#include <linux/sched.h>

#include "fakes/build.h"
#include "fakes/host/probe.h"
#include "fakes/objects.h"
#include "sim/core/step.h"
#include "sim/core/wait.h"
#include "sim/core/world.h"

#define MAX_PROCESSES	64

/**
 * struct process - a process: what its threads share
 * @name: for reports
 * @mm: address space; the struct outlives exit_mmap(); NULL before a fork
 * @signal: limits
 * @cap_effective: capabilities its threads start with
 * @unborn: its address space comes by a fork, which may have been in vain (@failed)
 * @failed: see there
 * @waitq: of its threads, until it is forked
 */
struct process {
	char name[32];
	struct mm_struct *mm;
	struct signal_struct signal;
	u64 cap_effective;
	bool unborn, failed;
	struct sim_waitq waitq;
};

/**
 * struct host_rcu - what waits for RCU readers
 * @readers: tasks that must leave their read sections first; bit SIM_MAX_TASKS
 *	is the host's own context
 * @waiting: what is called then
 * @next: what came later, and waits for later readers too
 */
struct host_rcu {
	u64 readers;
	struct rcu_head *waiting, *next;
};

struct host_world {
	unsigned int nr_processes;
	struct process *process[MAX_PROCESSES];
	struct task_struct task[SIM_MAX_TASKS];
	struct task_struct init_task;	/* the host's own context */
	struct host_rcu rcu;
};

/* History: what is only told. */
struct host_history {
	uint64_t failures;		/* calls that were made to fail */
	uint64_t refused_bytes;		/* last request that kvmalloc() calls insane, or 0 */
};

static inline struct host_history *host_history(void)
{
	return sim_room_history(SIM_ROOM_HOST);
}

static inline struct host_world *host_world(void)
{
	return sim_room_at(SIM_ROOM_HOST);
}

/* fakes/mm */
struct mm_struct *mm_create(unsigned int id);
struct mm_struct *dup_mm(struct mm_struct *oldmm, unsigned int id);
int mm_map_anon(struct mm_struct *mm, unsigned long addr, unsigned long bytes, int place);
int mm_map_shmem(struct mm_struct *mm, unsigned long addr, unsigned long bytes, int place);
struct mm_struct *process_mm(unsigned int id);
void host_init(void);

#endif
