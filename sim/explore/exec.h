/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One execution: from a built world to its end, steered by a strategy.
 *
 * The default order at each scheduling choice: the task that ran last comes
 * first if it can go on, then the others by number. So a schedule is written
 * as its choices that are not 0, and the default schedule is empty.
 */
#ifndef SIM_EXPLORE_EXEC_H
#define SIM_EXPLORE_EXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/pulse.h"

enum sim_end {
	SIM_END_DONE,		/* all tasks ran to their end */
	SIM_END_VIOLATION,	/* a check spoke */
	SIM_END_DEADLOCK,	/* nothing can run; X_DEADLOCK was noted */
	SIM_END_LIVELOCK,	/* a fair cycle of states; X_LIVELOCK was noted */
	SIM_END_BOUND,		/* more steps than allowed */
	SIM_END_FATAL,		/* a task could not go on and no check is on for why */
	SIM_END_PRUNED,		/* the strategy cut it off */
	SIM_END_KNOWN,		/* what follows is known: sim_exec.alone said so */
};

/* A strategy answers choices. @tasks: for a scheduling choice the tasks to
 * choose from in default order, else NULL. Return 0..n-1, or -1 to cut off. */
struct sim_strategy {
	int (*choose)(struct sim_strategy *self, uint32_t n, const uint8_t *tasks, const char *tag);
};

struct sim_cycles;

struct sim_exec {
	struct sim_strategy *strategy;
	struct sim_watcher *watcher;	/* may be NULL */
	/* Asked once, when all tasks but one are done and that one can go on:
	 * is the rest known? May be NULL. */
	bool (*alone)(struct sim_exec *exec);
	/* A task has taken a step, its footprint is recorded; may be NULL. */
	void (*stepped)(struct sim_exec *exec, unsigned int task);
	/*
	 * Looks for livelocks. What a step leaves over on a stack goes at its end then,
	 * also where no hash is asked for: so a state's hash depends on the schedule
	 * alone. Hashing is on. May be NULL.
	 */
	struct sim_cycles *cycles;
	uint64_t max_steps;
	uint64_t steps;			/* taken so far */
	uint64_t choices;		/* asked so far (n > 1 only) */
	int last;			/* task that ran last, or -1 */
};

/**
 * sim_exec_start() - start the tasks that were not: each runs to where it
 * stands before its first step, in order of their numbers.
 *
 * sim_exec_run() does it too; alone it serves to mark a world whose executions
 * shall all begin there.
 * Return: SIM_END_DONE, or how the execution ended already.
 */
enum sim_end sim_exec_start(struct sim_exec *exec);

/**
 * sim_exec_run() - run all tasks of the world to the end of the execution.
 *
 * Context: host, scheduler's stack. Choices with one possibility are not
 * asked. May be called again after more tasks were created (teardown).
 */
enum sim_end sim_exec_run(struct sim_exec *exec);

#endif
