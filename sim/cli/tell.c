/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling an execution: see tell.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fakes/profile.h"
#include "sim/cli/tell.h"
#include "sim/race/names.h"
#include "sim/race/race.h"
#include "sim/race/world.h"
#include "sim/report/report.h"

bool cli_color(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no);
}

static unsigned int page_width(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || w.ws_col < 72)
		return 100;
	return w.ws_col > 160 ? 160 : w.ws_col;
}

/* What each statement came to, in the race's own words. */
static void print_results(const struct race *race, const struct search_result *result)
{
	uint32_t i;

	for (i = 0; i < result->nr_conds; i++)
		if (result->conds[i].cond == race->exists) {
			printf("\nexists (");
			race_print_cond(race, race->exists, stdout);
			printf("): %s\n", result->conds[i].positive ? "true at the end" :
			       result->conds[i].negative ? "false at the end" :
			       "not judged, the execution ended before");
		}
	if (result->unexpected)
		printf("\n%s\n", result->unexpected_text);
}

static void print_verdict(const struct search_config *config, const struct search_result *result)
{
	static const char *const ends[] = {
		[SIM_END_DONE] = "ran to its end and was torn down; nothing is left",
		[SIM_END_VIOLATION] = "ended in a violation",
		[SIM_END_DEADLOCK] = "ended in a deadlock",
		[SIM_END_BOUND] = "was cut: a fault met --unroll, or the execution --max-steps",
		[SIM_END_FATAL] = "cannot go on, and the check for why is left out",
		[SIM_END_PRUNED] = "left the schedule: it is not one of this run",
	};

	printf("\n%s with %s on kernel %s %s.\n", config->race->name.s, config->design,
	       config->profile->name, ends[result->end]);
}

/* A column for each task of the race. */
static void fill_tasks(const struct race *race, struct report_task *tasks)
{
	uint32_t i;

	for (i = 0; i < race->nr_tasks; i++) {
		snprintf(tasks[i].name, sizeof(tasks[i].name), "%s", race->tasks[i].name.s);
		tasks[i].cpu = race->tasks[i].cpu.v;
	}
}

/* The pages that the race's regions have or had, for who holds what. */
static void print_holders(const struct race *race, const struct names *names)
{
	uint64_t pfns[64], pfn;
	size_t n = 0;
	uint32_t r;
	uint64_t i;

	for (r = 0; r < race->nr_regions; r++)
		for (i = 0; i < race->regions[r].bytes.v / RACE_PAGE_SIZE && n < 64; i++) {
			pfn = race_page_pfn(race, r, i);
			if (pfn != UINT64_MAX)
				pfns[n++] = pfn;
		}
	report_holders(stdout, names, pfns, n);
}

static int print_story(const struct search_config *config, const struct search_result *result,
		       bool steps)
{
	const struct report_style style = { .width = page_width(), .colour = cli_color() };
	struct violation violations[SEARCH_MAX_FOUND];
	struct report_task tasks[RACE_MAX_TASKS];
	struct race_names names;
	struct report_story story = {
		.tasks = tasks,
		.nr_tasks = config->race->nr_tasks,
		.violations = violations,
		.nr_violations = result->nr_found,
		.names = &names.names,
	};
	unsigned int i;

	race_names_init(&names, config->race);
	fill_tasks(config->race, tasks);
	for (i = 0; i < result->nr_found; i++)
		violations[i] = result->found[i].violation;
	story.recs = sim_pulse_all(&story.nr_recs);
	if (report_cputable(stdout, &style, &story))
		return CLI_FAULT;
	if (steps)
		report_steplist(stdout, &story);
	print_verdict(config, result);
	if (result->nr_found)
		print_holders(config->race, &names.names);
	print_results(config->race, result);
	return CLI_OK;
}

int cli_tell(const struct search_config *config, const struct expect_case *c, bool steps,
	     struct search_result *ret_result)
{
	char error[256], *line;
	int err, status;

	err = search_run(config, ret_result, error, sizeof(error));
	if (err) {
		fprintf(stderr, "pinsim: %s: design %s: %s\n", config->race->name.s,
			config->design, err == -ENOMEM ? "out of memory" : error);
		return err == -EINVAL ? CLI_USAGE : CLI_FAULT;
	}
	status = print_story(config, ret_result, steps);
	if (status != CLI_OK)
		return status;
	line = cli_replay_line(config, c->left_out, &ret_result->last, ret_result->checksum);
	if (!line)
		return CLI_FAULT;
	printf("\nReplay it with\n  pinsim replay '%s'\n", line);
	free(line);
	return CLI_OK;
}
