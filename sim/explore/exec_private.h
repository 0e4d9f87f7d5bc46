/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both ways to run an execution do at each point of it: straight on
 * (exec.c) or with a way back (dfs.c).  Inline, as it is the inner loop.
 */
#ifndef SIM_EXPLORE_EXEC_PRIVATE_H
#define SIM_EXPLORE_EXEC_PRIVATE_H

#include "sim/core/order.h"
#include "sim/core/sched.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/fiber.h"
#include "sim/engine/pulse.h"
#include "sim/explore/exec.h"

/* How an execution goes on after a task has run. */
enum exec_after {
	EXEC_ON,		/* to the next scheduling choice */
	EXEC_ASKED,		/* the task asks; answer and resume it */
	EXEC_VIOLATION,
	EXEC_FATAL,
};

/*
 * The tasks to choose from, the one that ran last first.
 * Return: how many.
 */
static inline uint32_t exec_order(uint64_t enabled, int last,
				  uint8_t tasks[SIM_MAX_TASKS])
{
	uint32_t n = 0;

	if (last >= 0 && (enabled >> last & 1)) {
		tasks[n++] = last;
		enabled &= ~(1ULL << last);
	}
	while (enabled) {
		tasks[n++] = __builtin_ctzll(enabled);
		enabled &= enabled - 1;
	}
	return n;
}

/* Show fresh records to the watcher. Return: true to stop. */
static inline bool exec_look(struct sim_watcher *watcher)
{
	const struct sim_record *recs;
	size_t n;

	if (!sim_pulse_waiting)
		return false;
	recs = sim_pulse_fresh(&n);
	return watcher && watcher->look(watcher, recs, n);
}

/* Let a task run on; it was dispatched, or its question was answered. */
static inline enum exec_after exec_resume(struct sim_watcher *watcher,
					  unsigned int task)
{
	enum sim_yield why = sim_fiber_resume(task);

	if (__builtin_expect(sim_hot.grain, 0))
		sim_order_step(task);
	if (exec_look(watcher))
		return EXEC_VIOLATION;
	if (why == SIM_YIELD_CHOICE)
		return EXEC_ASKED;
	return why == SIM_YIELD_FATAL ? EXEC_FATAL : EXEC_ON;
}

/*
 * Nothing is enabled: how the execution ends. A deadlock is noted, about the
 * first task that cannot go on.
 */
enum sim_end exec_stuck(struct sim_watcher *watcher);

/* @tasks, a bit each, go round in a fair cycle of @steps: note a livelock. */
enum sim_end exec_livelock(struct sim_watcher *watcher, uint32_t tasks, uint64_t steps);

#endif
