/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a failing schedule small: fewest departures from the default
 * schedule, that is fewest preemptions, while the same check is violated.
 */
#ifndef SIM_EXPLORE_MINIMISE_H
#define SIM_EXPLORE_MINIMISE_H

#include "sim/explore/search.h"

/**
 * struct minimise_stats - what it took
 * @tries: executions
 * @from: departures before
 * @to: departures after
 */
struct minimise_stats {
	uint64_t tries;
	size_t from, to;
};

/**
 * minimise() - shrink @schedule in place.
 * @config: race, design, profile, checks; its kind is ignored
 * @check: id of the check that must still be violated
 *
 * Return: 0; -ENOENT if @schedule does not violate @check; -ENOMEM; -EINVAL
 * with @ret_error if the world cannot be built.
 */
int minimise(const struct search_config *config, const char *check, struct schedule *schedule,
	     struct minimise_stats *ret_stats, char *ret_error, size_t size);

#endif
