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

/* Alive, and waiting for nothing that another task has to do. */
static inline uint64_t sim_sched_ready(void)
{
	return the_sched->ready & the_sched->alive;
}

static inline void sim_sched_dispatch(unsigned int task)
{
	/* Somebody records footprints, or its beginning is its first step. */
	if (__builtin_expect(sim_hot.foot || (the_sched->fresh >> task & 1), 0))
		sim_task_dispatch(task);
	else
		sim_hot.now++;
}

/* Is one task left, whose steps nobody records? @enabled is not 0. */
static inline bool sim_is_solo(uint64_t enabled)
{
	return !(enabled & (enabled - 1)) && enabled == the_sched->alive && !sim_hot.foot &&
	       !sim_hot.grain;
}

/*
 * The task that runs next may take up to @most steps more, each without asking
 * the scheduler, as long as it can and has told nothing that is to be looked at.
 */
static inline void sim_solo(uint64_t most)
{
	sim_hot.solo = most < UINT32_MAX ? most : UINT32_MAX;
}

/* It is back; @most is what sim_solo() was told. Return: how many it took. */
static inline uint32_t sim_solo_taken(uint64_t most)
{
	uint32_t taken = (most < UINT32_MAX ? most : UINT32_MAX) - sim_hot.solo;

	sim_hot.solo = 0;
	return taken;
}

#endif
