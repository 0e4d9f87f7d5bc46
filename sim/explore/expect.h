/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A race's expectations held against what a search saw.
 *
 * All expectations of one design with one set of checks and one profile are
 * answered by one search: that is a case.
 */
#ifndef SIM_EXPLORE_EXPECT_H
#define SIM_EXPLORE_EXPECT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/check/check.h"
#include "sim/explore/search.h"

#define EXPECT_MAX_CASES	(RACE_MAX_EXPECTS * 2)

/**
 * struct expect_case - one search that a race asks for
 * @design: with its options
 * @kernel: name of the profile
 * @checks: enabled
 * @left_out: as the replay line has it: "all" or "-sleep-in-atomic"
 * @expect: the expectations it answers, indices into race->expects
 * @nr_expects: how many; 0 for a design that the race says nothing of
 */
struct expect_case {
	char design[128];
	const char *kernel;
	struct check_set checks;
	char left_out[256];
	uint32_t expect[RACE_MAX_EXPECTS];
	unsigned int nr_expects;
};

/**
 * struct expect_filter - which cases are wanted
 * @design: only this one, even if the race has no expectation for it; NULL all
 * @kernel: only this profile; NULL: the race's expectations for the default
 *	profile if the race holds for it, else for its first
 * @all_kernels: every profile the race holds for
 * @checks: a list for --check that overrides the race's; NULL
 */
struct expect_filter {
	const char *design;
	const char *kernel;
	bool all_kernels;
	const char *checks;
};

/* Return: number of cases, or -EINVAL with one line in @ret_error. */
int expect_cases(const struct race *race, const struct expect_filter *filter,
		 struct expect_case *ret_cases, unsigned int max, char *ret_error, size_t size);

/* Does @race speak of the profile that is called @kernel? */
bool expect_of_kernel(const struct race *race, const char *kernel);

/**
 * expect_judge() - is expectation @index met by @result?
 * @ret_why: one line when it is not
 */
bool expect_judge(const struct race *race, uint32_t index, const struct search_result *result,
		  char *ret_why, size_t size);

/**
 * expect_is_open() - could more executions still meet an unmet expectation?
 *
 * Something that it wants has not been seen yet, and nothing that it forbids
 * has: a search that was cut short has no answer, where a complete one says no.
 */
bool expect_is_open(const struct race *race, uint32_t index, const struct search_result *result);

/* Set up @checks and @left_out of a case from a list of what to leave out. */
int expect_leave_out(struct expect_case *c, const char *const *ids, unsigned int nr,
		     char *ret_error, size_t size);

#endif
