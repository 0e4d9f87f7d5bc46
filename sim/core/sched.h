/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked at every step of every execution: sim_tasks_enabled() and
 * sim_task_dispatch() without a call, for the explorer's inner loops.
 */
#ifndef SIM_CORE_SCHED_H
#define SIM_CORE_SCHED_H

#include <stdint.h>

#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/store.h"

#define SIM_MAX_CPUS	64

/* Who may run; a bit for each task. It begins the world. */
struct sim_sched {
	uint64_t ready;		/* alive and not blocked */
	uint64_t masked;	/* kept off their CPU by an atomic task */
	uint64_t alive;
	uint64_t fresh;		/* created, not started */
	uint32_t nr_tasks;
	uint64_t on_cpu[SIM_MAX_CPUS];
};

#define the_sched	((struct sim_sched *)SIM_ARENA_BASE)

static inline uint64_t sim_sched_enabled(void)
{
	return the_sched->ready & ~the_sched->masked;
}

static inline void sim_sched_dispatch(unsigned int task)
{
	/* Somebody records footprints, or its beginning is its first step. */
	if (__builtin_expect(sim_hot.foot || (the_sched->fresh >> task & 1), 0))
		sim_task_dispatch(task);
	else
		sim_hot.now++;
}

#endif
