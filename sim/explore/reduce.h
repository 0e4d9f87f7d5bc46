/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a race small: tasks and statements are dropped while some execution
 * with no more preemptions still violates the same check.
 *
 * What is left need not be the same fault: whoever reads it has to see whether
 * it is.  So the smaller race is a race of its own, with a name of its own.
 */
#ifndef SIM_EXPLORE_REDUCE_H
#define SIM_EXPLORE_REDUCE_H

#include "sim/explore/minimise.h"

/**
 * struct reduced - a smaller race
 * @race: parsed from @text; the caller's
 * @text: the caller's
 * @tries: executions
 */
struct reduced {
	struct race *race;
	char *text;
	uint64_t tries;
};

/**
 * reduce() - drop what a violation does not need.
 * @config: race, design, profile, checks; its kind is ignored
 * @check: id of the check that must still be violated
 * @left_out: the checks as a replay line has them: "all" or "-id,-id"
 * @name: of the smaller race
 * @schedule: one that violates @check; in its place one of the smaller race,
 *	minimised
 * @ret: the smaller race; @config's own with another name if nothing could go.
 *	Its only expectation is the violation
 * @ret_error: one line in words
 * @size: of @ret_error
 *
 * Return: 0; -ENOENT if @schedule does not violate @check; -ENOMEM; -EINVAL
 * with @ret_error.
 */
int reduce(const struct search_config *config, const char *check, const char *left_out,
	   const char *name, struct schedule *schedule, struct reduced *ret, char *ret_error,
	   size_t size);

#endif
