/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim run: one schedule of a race, told step by step, for one design or for
 * each that the race speaks of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/design.h"
#include "sim/cli/failures.h"
#include "sim/cli/tell.h"
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

/**
 * struct run - the verb while it runs
 * @common: options of most verbs
 * @seed: of a random schedule; 0 the default one
 * @steps: also tell every step
 * @fail_every: many runs instead, with another call failing in each
 * @path: the race's file
 * @race: what is run
 * @out: what the results go to beside prose
 * @junit: the cases until now, if --junit wants them
 * @told: how many cases have been
 */
struct run {
	struct cli_common common;
	uint64_t seed;
	bool steps, fail_every;
	const char *path;
	struct race *race;
	struct cli_out out;
	struct report_junit junit;
	size_t told;
};

/* The schedule that --seed asks for. */
static int seeded(struct run *run, const struct search_config *config, struct schedule *ret)
{
	char error[256] = "";
	int err = run->seed ? story_seeded(config, run->seed, ret, error, sizeof(error)) : 0;

	return cli_search_failed(&cli_verb_run, config, err, error);
}

/* @lead, then as "demand-late:in-map -sleep-in-atomic:6.12". */
static void name_of(const struct story *s, const char *lead, char *buf, size_t size)
{
	bool some = strcmp(s->c->left_out, "all");

	snprintf(buf, size, "%s%s%s%s:%s", lead, s->c->design, some ? " " : "",
		 some ? s->c->left_out : "", s->c->kernel);
}

/* What there is to complain of, or "". */
static void complaint(const struct story *s, char *buf, size_t size)
{
	*buf = '\0';
	if (s->result.nr_found)
		snprintf(buf, size, "violates %s: %s", s->violations[0].check,
			 s->violations[0].text);
	else if (s->result.unexpected)
		snprintf(buf, size, "%s", s->result.unexpected_text);
}

static void print_ktap(struct run *run, const struct story *s, bool met)
{
	char name[700], lead[260], text[CHECK_TEXT_SIZE + 80];

	snprintf(lead, sizeof(lead), "%s:", run->race->name.s);
	name_of(s, lead, name, sizeof(name));
	complaint(s, text, sizeof(text));
	report_ktap_result(stdout, 0, run->told, met ? REPORT_OK : REPORT_NOT_OK, name,
			   *text ? text : NULL);
}

/* Return: CLI_OK, or CLI_FAULT with one line printed. */
static int add_junit(struct run *run, const struct story *s, bool met)
{
	char name[700], message[CHECK_TEXT_SIZE + 80], *text = NULL;
	char *cut = cli_design_cut_text(s->c->design);
	int len;

	name_of(s, "", name, sizeof(name));
	complaint(s, message, sizeof(message));
	len = asprintf(&text, "%s%s%s%spinsim replay '%s'\n", message, *message ? "\n" : "",
		       cut ? cut : "", cut ? "\n" : "", s->replay);
	free(cut);
	if (len < 0)
		return cli_no_memory(&cli_verb_run);
	report_junit_case(&run->junit, met ? REPORT_OK : REPORT_NOT_OK, name, message, text);
	free(text);
	return CLI_OK;
}

/* Return: CLI_OK or CLI_VIOLATED as the story ends, or a status with one line printed. */
static int tell(struct run *run, const struct story *s)
{
	bool met = !cli_is_news(run->race, s->c, &s->result);
	int status = CLI_OK;

	run->told++;
	if (run->out.json) {
		report_json_item(run->out.json, run->told);
		status = cli_story_json(s, &cli_verb_run, met, run->out.json);
		report_json_item_end(run->out.json);
	}
	if (run->out.junit && status == CLI_OK)
		status = add_junit(run, s, met);
	if (run->common.ktap)
		print_ktap(run, s, met);
	else if (!cli_quiet(&run->common) && status == CLI_OK)
		status = cli_story_print(s, &cli_verb_run, run->steps);
	return status != CLI_OK || met ? status : CLI_VIOLATED;
}

static int run_case(struct run *run, const struct expect_case *c)
{
	struct schedule schedule = { NULL, 0 };
	struct search_config config;
	struct story story = { .replay = NULL };
	int status;

	cli_config(&run->common, run->race, c, &config);
	status = seeded(run, &config, &schedule);
	config.kind = SEARCH_ONE;
	config.replay = &schedule;
	config.trace = true;
	if (status == CLI_OK)
		status = cli_story_run(&story, &cli_verb_run, &config, c);
	if (status == CLI_OK)
		status = tell(run, &story);
	story_free(&story);
	schedule_free(&schedule);
	return status;
}

static void tell_race(struct run *run, int nr_cases)
{
	const struct race *race = run->race;

	if (run->out.json) {
		report_json_begin(run->out.json, "run");
		report_json_string(run->out.json, "race", race->name.s);
		report_json_string(run->out.json, "question", race->question.s);
		report_json_list(run->out.json, "runs");
	}
	if (run->common.ktap)
		report_ktap_plan(stdout, 0, NULL, nr_cases);
	else if (!cli_quiet(&run->common))
		printf("%s: %s\n", race->name.s, race->question.s);
}

static int run_each(struct run *run, const struct expect_case *cases, int n)
{
	int i, one, status = CLI_OK;

	tell_race(run, n);
	for (i = 0; i < n; i++) {
		one = run_case(run, &cases[i]);
		if (one == CLI_USAGE || one == CLI_FAULT)
			return one;
		status = one ? one : status;
	}
	if (run->out.json) {
		report_json_list_end(run->out.json);
		report_json_end(run->out.json);
	}
	return status;
}

/* The same with --junit, whose file is written in one piece at the end. */
static int run_all(struct run *run, const struct expect_case *cases, int n)
{
	bool done;
	int status;

	if (!run->out.junit)
		return run_each(run, cases, n);
	if (report_junit_begin(&run->junit, run->race->name.s))
		return cli_no_memory(&cli_verb_run);
	status = run_each(run, cases, n);
	done = status == CLI_OK || status == CLI_VIOLATED;
	if (report_junit_end(&run->junit, done ? run->out.junit : NULL))
		return cli_no_memory(&cli_verb_run);
	return status;
}

static int run_cases(struct run *run, struct expect_case *cases)
{
	const struct expect_filter filter = {
		.design = run->common.design,
		.kernel = run->common.kernel,
		.checks = run->common.checks,
	};
	char error[1024];
	int n, closed, status;

	n = expect_cases(run->race, &filter, cases, EXPECT_MAX_CASES, error, sizeof(error));
	if (n < 0)
		return cli_refuse(&cli_verb_run, "%s", error);
	if (!n)
		return cli_refuse(&cli_verb_run, "race %s expects nothing of any design; name one "
				  "with --design", run->race->name.s);
	if (run->fail_every) {
		const struct fail_every every = {
			.verb = &cli_verb_run,
			.common = &run->common,
			.path = run->path,
			.race = run->race,
		};

		return cli_fail_every(&every, cases, n);
	}
	status = cli_out_open(&cli_verb_run, &run->common, &run->out);
	if (status != CLI_OK)
		return status;
	status = run_all(run, cases, n);
	closed = cli_out_close(&cli_verb_run, &run->common, &run->out);
	return closed == CLI_OK ? status : closed;
}

/* What says how a single run is told. Return: 0, or a status with one line printed. */
static int check_fail_every(const struct run *run)
{
	const struct cli_common *c = &run->common;
	const char *other = c->fail ? "fail" : run->seed ? "seed" : run->steps ? "steps" :
			    c->json ? "json" : c->junit ? "junit" : c->ktap ? "ktap" : NULL;

	if (!run->fail_every || !other)
		return CLI_OK;
	return cli_refuse(&cli_verb_run, "--fail-every does not go with --%s", other);
}

int cli_run(int argc, char **argv)
{
	struct run run = { .common = CLI_COMMON_INIT };
	const struct cli_option options[] = {
		{ "seed", CLI_NUMBER, "N", "a random schedule instead of the default one",
		  &run.seed, 1, UINT64_MAX },
		{ "steps", CLI_FLAG, NULL, "also the numbered list of all steps", &run.steps,
		  0, 0 },
		{ "fail-every", CLI_FLAG, NULL,
		  "run it once for each call that can fail, with that call failing",
		  &run.fail_every, 0, 0 },
		CLI_COMMON_OPTIONS(run.common),
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	struct expect_case *cases;
	int first, status = cli_parse(&cli_verb_run, options, argc, argv, &first);

	if (status >= 0)
		return status;
	status = cli_check_grain(&cli_verb_run, &run.common);
	if (!status)
		status = check_fail_every(&run);
	if (!status)
		status = cli_design(&cli_verb_run, &run.common);
	if (status)
		return status;
	run.path = argv[first];
	status = cli_load_with(&cli_verb_run, run.path, &run.common, &run.race);
	if (status)
		return status;
	cases = calloc(EXPECT_MAX_CASES, sizeof(*cases));
	status = cases ? run_cases(&run, cases) : cli_no_memory(&cli_verb_run);
	free(cases);
	race_free(run.race);
	return status;
}
