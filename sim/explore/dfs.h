/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plain exhaustive search: every schedule once, by roll-back.  At each choice
 * with more than one possibility a mark is set and the stack of the task about
 * to run is saved; going back costs what changed since.
 */
#ifndef SIM_EXPLORE_DFS_H
#define SIM_EXPLORE_DFS_H

#include "sim/explore/exec.h"

struct sim_dfs {
	/* Called at the end of each execution, before going back. Return true to stop. */
	bool (*done)(struct sim_dfs *self, enum sim_end end);
	/* With bound_preemptions, in its place: one with fewer; may be NULL. */
	void (*passed_by)(struct sim_dfs *self);
	/*
	 * Asked when all tasks but one are done and that one can go on, @steps
	 * into the execution: is the rest known? It ends with SIM_END_KNOWN
	 * then. May be NULL.
	 */
	bool (*alone)(struct sim_dfs *self, uint64_t steps);
	struct sim_watcher *watcher;
	uint64_t max_steps;		/* of one execution */
	uint64_t max_executions;	/* 0: no bound */
	const uint32_t *prefix;		/* the answers to the first choices: */
	size_t nr_prefix;		/* only executions that begin so */
	bool verify_rollback;		/* compare the world after each roll-back */
	uint64_t verify_executions;	/* only in the first so many; 0: in all */
	bool bound_preemptions;		/* see bounded.h */
	uint32_t preemptions;		/* executions with exactly so many count */
	/*
	 * Hashing is on: cut a task that only repeats itself, and end an execution
	 * where tasks do that for ever.
	 */
	bool end_repeats;
	/* Stop at an execution of so many steps: it may go round. 0: go on. */
	uint64_t suspect_steps;
	/* results */
	uint64_t executions;
	uint64_t steps;			/* taken, roll-back not counted */
	uint64_t bounded;		/* executions that met max_steps, or repeat themselves */
	bool suspected;			/* it stopped for suspect_steps */
	bool complete;			/* the whole tree was walked */
	bool more_preemptions;		/* the bound kept a task from being preempted */
	uint64_t passed;		/* executions with fewer preemptions, walked through */
	/* the choices of the execution that just ended */
	const uint32_t *choice, *of;
	size_t nr_choices;
};

int sim_dfs_run(struct sim_dfs *dfs);

#endif
