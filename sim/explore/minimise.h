/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a failing execution small: fewest preemptions, then fewest tasks that
 * take part, statements begun and steps taken, then fewest departures from the
 * default schedule, while the same check is violated.
 */
#ifndef SIM_EXPLORE_MINIMISE_H
#define SIM_EXPLORE_MINIMISE_H

#include "sim/explore/search.h"

/**
 * struct minimise_size - of an execution that violates, in the order in which
 * sizes are compared
 * @preemptions: switches away from a task that could have gone on
 * @tasks: that took a step
 * @statements: that were begun
 * @steps: from the beginning of the world to the violation
 * @departures: from the default schedule
 */
struct minimise_size {
	uint32_t preemptions, tasks, statements;
	uint64_t steps;
	size_t departures;
};

/* Is @a smaller than @b? */
bool minimise_smaller(const struct minimise_size *a, const struct minimise_size *b);

/**
 * struct minimise_stats - what it took
 * @tries: executions
 * @from: size before
 * @to: size after
 */
struct minimise_stats {
	uint64_t tries;
	struct minimise_size from, to;
};

/**
 * minimise() - shrink @schedule in place.
 * @config: race, design, profile, checks; its kind is ignored
 * @check: id of the check that must still be violated
 * @schedule: one that violates it; the smallest that was found
 * @ret_stats: what it took
 * @ret_error: one line in words when the world cannot be built
 * @size: of @ret_error
 *
 * Return: 0; -ENOENT if @schedule does not violate @check; -ENOMEM; -EINVAL
 * with @ret_error if the world cannot be built.
 */
int minimise(const struct search_config *config, const char *check, struct schedule *schedule,
	     struct minimise_stats *ret_stats, char *ret_error, size_t size);

#endif
