/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One execution, told to a person or to a machine. */
#ifndef SIM_CLI_TELL_H
#define SIM_CLI_TELL_H

#include "sim/cli/cli.h"
#include "sim/race/names.h"
#include "sim/report/report.h"

/* Escape sequences are welcome: a terminal, and NO_COLOR is not set. */
bool cli_color(void);

/**
 * struct cli_story - an execution that was run, with all that is told of it
 * @config: what was run
 * @c: the case it belongs to
 * @result: what was seen
 * @replay: the line that runs it again
 * @report: what the reports want; points into the rest
 * @violations: for @report
 * @tasks: for @report
 * @names: for @report
 */
struct cli_story {
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
 * cli_story_run() - run one schedule and keep what there is to tell.
 * @s: to be freed, whatever is returned
 * @verb: for messages
 * @config: with kind SEARCH_ONE and its schedule in replay
 * @c: the case it belongs to
 *
 * The records and the world are those of the last story that was run.
 * Return: CLI_OK, or a status with one line printed.
 */
int cli_story_run(struct cli_story *s, const struct cli_verb *verb,
		  const struct search_config *config, const struct expect_case *c);
void cli_story_free(struct cli_story *s);

/* The heading, the CPU table, what was violated, who holds what, the replay line. */
int cli_story_print(const struct cli_story *s, const struct cli_verb *verb, bool steps);

/* The same as members of a JSON object; @met: nothing unexpected was seen. */
int cli_story_json(const struct cli_story *s, const struct cli_verb *verb, bool met, FILE *out);

#endif
