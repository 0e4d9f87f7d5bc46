/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exhaustive search that runs each interleaving once up to the order of steps
 * that have nothing to do with one another: dynamic partial-order reduction
 * with source sets and sleep sets (Abdulla, Aronsson, Jonsson, Sagonas, POPL
 * 2014), with or without a table of states that were seen (Yang, Chen,
 * Gopalakrishnan, Kirby, SPIN 2008), over roll-back.
 */
#ifndef SIM_EXPLORE_DPOR_H
#define SIM_EXPLORE_DPOR_H

#include "sim/explore/exec.h"

/* How a search by sim_dpor_run() ended. */
enum sim_dpor_end {
	SIM_DPOR_COMPLETE,	/* nothing is left to explore */
	SIM_DPOR_STOPPED,	/* by @done, @poll or @max_executions */
	SIM_DPOR_MEMORY,	/* @max_memory is used up */
	SIM_DPOR_DEPARTED,	/* @prefix is none of this world's */
};

/**
 * struct sim_dpor - one search
 * @done: called at the end of each execution, before going back; return true to
 *	stop.  Not called for executions that were cut off because what follows
 *	is known.
 * @again: what was explored so far was explored on a wrong assumption and is
 *	explored again: forget what @done was told. May be NULL
 * @tried: a step was tried for what it touches, and belongs to no execution of
 *	this search: forget what the watcher saw. With @prefix; may be NULL
 * @poll: called now and then, also where no execution ends; return true to stop.
 *	May be NULL
 * @watcher: sees fresh records after each step; may be NULL
 * @max_steps: of one execution
 * @max_executions: 0 for no bound
 * @max_memory: bytes that the search may use for itself; 0 for no bound
 * @reduce: leave orders of independent steps out
 * @states: leave out what follows a state that was seen
 * @rerun: run each prefix again from the beginning instead of rolling back
 * @clock: tells seconds, to measure what going back takes; may be NULL
 * @cycles: without @states: look for cycles of states on the path, and leave out
 *	what follows them. With @states that is so in any case
 * @cycles_from: begin to when an execution has come to so many steps
 * @hash: keep the world's hash in any case: @done asks for it
 * @verify_rollback: compare the world with a copy after each roll-back
 * @without_summaries: believe that a state that was seen needs no looking at
 *	what followed it. Wrong: for the test that shows it
 * @prefix: answers that the first @nr_prefix choices get; the rest of the tree
 *	is somebody else's, who explores each of the others: what they come to
 *	before this one in the order of answers is not explored again
 *
 * @executions: that ran to an end
 * @blocked: cut off because all that could follow was explored from elsewhere
 * @pruned: cut off at a state that was seen
 * @nr_states: in the table
 * @steps: taken by tasks, roll-back and re-running not counted
 * @path_steps: that all executions are long, those cut off included
 * @bounded: executions that met @max_steps
 * @livelocks: executions that ended in a fair cycle of states
 * @restarts: times that it began again; what is counted is since then
 * @max_choices: of one execution
 * @memory: bytes used at most
 * @back_seconds: that going back took, if there is a @clock
 * @choice: with @of and @nr_choices: the choices of the execution that ended
 */
struct sim_dpor {
	bool (*done)(struct sim_dpor *self, enum sim_end end);
	void (*again)(struct sim_dpor *self);
	void (*tried)(struct sim_dpor *self);
	bool (*poll)(struct sim_dpor *self);
	double (*clock)(void);
	struct sim_watcher *watcher;
	uint64_t max_steps, max_executions, max_memory, cycles_from;
	bool reduce, states, rerun, verify_rollback;
	bool cycles, hash;
	bool without_summaries;
	const uint32_t *prefix;
	size_t nr_prefix;
	/* results */
	enum sim_dpor_end end;
	uint64_t executions, blocked, pruned, path_steps, nr_states, steps, bounded, livelocks;
	uint64_t restarts, max_choices, memory;
	double back_seconds;
	const uint32_t *choice, *of;
	size_t nr_choices;
};

/**
 * sim_dpor_run() - explore everything that can happen from here on.
 * @dpor: what and how in, results out
 *
 * Logging must be on (sim_undo_on()).  With neither @reduce nor @states every
 * schedule is run, as by sim_dfs_run().  A complete search leaves the world as
 * it was at the first choice, one that was stopped leaves it where it stopped.
 * Records footprints while it runs, and keeps the hash if @states asks for it.
 *
 * Context: host.
 * Return: 0.
 */
int sim_dpor_run(struct sim_dpor *dpor);

#endif
