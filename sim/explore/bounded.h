/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exhaustive search with a bound on preemptions that grows: 0, 1, 2, ...
 * (Musuvathi and Qadeer 2007).
 *
 * A preemption is a switch away from a task that could have gone on.  Switches
 * away from one that blocks or is done are free, and so are the choices that
 * are not the scheduler's.  With n steps and k preemptions there are in the
 * order of n^k executions, and most races need few: what holds with all
 * executions of up to two preemptions is worth knowing long before all
 * interleavings can be.
 *
 * Bound k counts, and shows its caller, the executions with exactly k, so that
 * each is met once over all bounds.  Those with fewer are the way to them.
 */
#ifndef SIM_EXPLORE_BOUNDED_H
#define SIM_EXPLORE_BOUNDED_H

#include "sim/explore/dfs.h"

#define SIM_BOUNDED_MAX	64	/* nobody gets that far, but with toys */

/**
 * struct sim_bounded - a search with a growing bound
 * @dfs: callbacks and limits as for sim_dfs_run(); its executions, steps and
 *	bounded are sums over all bounds afterwards
 * @max: the last bound, below SIM_BOUNDED_MAX
 * @executions: with so many preemptions
 * @nr_complete: bounds that were searched to their end: 0 to @nr_complete - 1
 * @complete: the last of them left nothing out: every schedule was run
 */
struct sim_bounded {
	struct sim_dfs *dfs;
	uint32_t max;
	uint64_t executions[SIM_BOUNDED_MAX];
	uint32_t nr_complete;
	bool complete;
};

/**
 * sim_bounded_run() - search with 0, 1, ... preemptions.
 *
 * Ends after @max, when a bound left nothing out, or when the callback or a
 * limit of the dfs says so.  The world is left as by sim_dfs_run().
 * Context: host; logging is on, tasks may have been started or not.
 * Return: 0.
 */
int sim_bounded_run(struct sim_bounded *b);

/**
 * sim_bounded_words() - what was covered, for people.
 * @buf: "0 to 2 preemptions: 2 + 35 + 431 executions, all run; 3 preemptions: 20, cut"
 * @b: after its run
 * @size: of @buf
 */
void sim_bounded_words(const struct sim_bounded *b, char *buf, size_t size);

#endif
