/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One execution, run and told to a person. */
#ifndef SIM_LIB_STORY_H
#define SIM_LIB_STORY_H

#include <stdio.h>

#include "sim/explore/expect.h"
#include "sim/explore/search.h"
#include "sim/race/names.h"
#include "sim/report/report.h"

/**
 * struct story - an execution that was run, with all that is told of it
 * @config: what was run
 * @c: the case it belongs to
 * @result: what was seen
 * @replay: the line that runs it again
 * @report: what the reports want; points into the rest
 * @violations: for @report
 * @tasks: for @report
 * @names: for @report
 */
struct story {
	const struct search_config *config;
	const struct expect_case *c;
	struct search_result result;
	char *replay;
	struct report_story report;
	struct violation violations[SEARCH_MAX_FOUND];
	struct report_task tasks[RACE_MAX_TASKS];
	struct race_names names;
};

/**
 * story_run() - run one schedule and keep what there is to tell.
 * @s: to be freed, whatever is returned
 * @config: with kind SEARCH_ONE and its schedule in replay
 * @c: the case it belongs to
 * @ret_error: one line in words when the world cannot be built
 * @size: of @ret_error
 *
 * The records and the world are those of the last story that was run.
 * Return: 0, -ENOMEM, or -EINVAL with @ret_error.
 */
int story_run(struct story *s, const struct search_config *config, const struct expect_case *c,
	      char *ret_error, size_t size);
/* Give the memory back. */
void story_free(struct story *s);

/**
 * story_print() - the heading, the CPU table, what was violated, who holds
 * what, the replay line.
 * @s: the last story that was run
 * @style: of the table
 * @steps: also the numbered list of all steps
 * @out: where to
 *
 * Return: 0 or -ENOMEM.
 */
int story_print(const struct story *s, const struct report_style *style, bool steps, FILE *out);

/**
 * story_seeded() - the schedule that a seed stands for, written down by running it once.
 * @config: its kind is ignored
 * @seed: not 0
 * @ret: to be freed
 * @ret_error: as of story_run()
 * @size: of @ret_error
 *
 * Return: as of story_run().
 */
int story_seeded(const struct search_config *config, uint64_t seed, struct schedule *ret,
		 char *ret_error, size_t size);

#endif
