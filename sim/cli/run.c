/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim run: one schedule of a race, told step by step, for one design or for
 * each that the race speaks of.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/results.h"
#include "sim/cli/tell.h"
#include "sim/explore/random.h"
#include "sim/race/race.h"

const struct cli_verb cli_verb_run = {
	.name = "run",
	.args = "FILE",
	.summary = "Run one schedule of a race and tell it step by step",
	.details = "The default schedule runs a task until it blocks, lowest number first.\n"
		   "Expectations are judged by explore: one schedule proves a violation, but\n"
		   "not its absence. So run exits 1 only for a check that the race does not\n"
		   "expect to be violated.",
	.min_args = 1,
	.max_args = 1,
};

struct run {
	struct cli_common common;
	uint64_t seed;
	bool steps;
	struct race *race;
	struct cli_results results;
};

/* A violation that no expectation of this case names is the user's news. */
static bool is_news(const struct race *race, const struct expect_case *c,
		    const struct search_result *r)
{
	unsigned int i, k;
	uint32_t n;

	for (i = 0; i < r->nr_found; i++) {
		bool named = false;

		for (k = 0; k < c->nr_expects; k++) {
			const struct race_expect *e = &race->expects[c->expect[k]];

			for (n = 0; n < e->nr_checks; n++)
				named |= check_find(e->checks[n].s) ==
					 check_find(r->found[i].violation.check);
		}
		if (!named)
			return true;
	}
	return r->unexpected != 0;
}

/* The schedule that --seed asks for, written down by running it once. */
static int seeded(struct run *run, const struct search_config *config, struct schedule *ret)
{
	struct search_config random = *config;
	struct search_result result;
	char error[256];
	int err;

	random.kind = SEARCH_RANDOM;
	random.seed = run->seed;
	random.executions = 1;
	random.keep_last = true;
	err = search_run(&random, &result, error, sizeof(error));
	if (!err)
		err = schedule_copy(ret, &result.last);
	search_result_free(&result);
	return err;
}

static int run_case(struct run *run, const struct expect_case *c)
{
	struct schedule schedule = { NULL, 0 };
	struct search_config config;
	struct search_result result;
	int status = CLI_OK;

	cli_config(&run->common, run->race, c, &config);
	if (run->seed && seeded(run, &config, &schedule))
		status = CLI_FAULT;
	config.kind = SEARCH_ONE;
	config.replay = &schedule;
	config.trace = true;
	if (status == CLI_OK)
		status = cli_tell(&config, c, run->steps, &result);
	if (status == CLI_OK && cli_results_add(&run->results, run->race, c, &result, REPORT_ONE,
						    run->seed, ""))
		status = CLI_FAULT;
	if (status == CLI_OK && is_news(run->race, c, &result))
		status = CLI_VIOLATED;
	search_result_free(&result);
	schedule_free(&schedule);
	return status;
}

static int run_cases(struct run *run, struct expect_case *cases)
{
	const struct expect_filter filter = {
		.design = run->common.design,
		.kernel = run->common.kernel,
		.checks = run->common.checks,
	};
	int n, i, one, status = CLI_OK;
	char error[1024];

	n = expect_cases(run->race, &filter, cases, EXPECT_MAX_CASES, error, sizeof(error));
	if (n < 0)
		return cli_refuse(&cli_verb_run, "%s", error);
	if (!n)
		return cli_refuse(&cli_verb_run, "race %s expects nothing of any design; name one "
				  "with --design", run->race->name.s);
	printf("%s: %s\n", run->race->name.s, run->race->question.s);
	for (i = 0; i < n; i++) {
		printf("\n== %s, kernel %s%s%s\n\n", cases[i].design, cases[i].kernel,
		       *cases[i].left_out == '-' ? ", checks " : "",
		       *cases[i].left_out == '-' ? cases[i].left_out : "");
		one = run_case(run, &cases[i]);
		if (one == CLI_USAGE || one == CLI_FAULT)
			return one;
		status = one ? one : status;
	}
	return status;
}

int cli_run(int argc, char **argv)
{
	struct run run = { .common = CLI_COMMON_INIT };
	const struct cli_option options[] = {
		{ "seed", CLI_NUMBER, "N", "a random schedule instead of the default one", &run.seed,
		  1, UINT64_MAX },
		{ "steps", CLI_FLAG, NULL, "also the numbered list of all steps", &run.steps, 0, 0 },
		CLI_COMMON_OPTIONS(run.common),
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	struct expect_case *cases;
	int first, status = cli_parse(&cli_verb_run, options, argc, argv, &first);

	if (status >= 0)
		return status;
	status = cli_load(&cli_verb_run, argv[first], &run.race);
	if (status)
		return status;
	cases = calloc(EXPECT_MAX_CASES, sizeof(*cases));
	status = cases ? run_cases(&run, cases) : CLI_FAULT;
	cli_results_free(&run.results);
	free(cases);
	race_free(run.race);
	return status;
}
