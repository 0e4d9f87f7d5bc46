/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pinsim minimize: the smallest execution that violates the same check. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/replay_verb.h"
#include "sim/explore/reduce.h"
#include "sim/race/race.h"

const struct cli_verb cli_verb_minimize = {
	.name = "minimize",
	.args = "STRING",
	.summary = "Shrink a failing schedule and print its replay line",
	.details = "Drops departures from the default schedule, in chunks and one by one, as\n"
		   "long as the same check is violated, and searches all schedules with as few\n"
		   "preemptions. The new line goes to standard output.",
	.min_args = 1,
	.max_args = 1,
};

/* Run @config's schedule. Return: 0 or a status with one line printed. */
static int run_once(const struct search_config *config, struct search_result *ret)
{
	struct search_config one = *config;
	char error[256] = "";
	int err;

	one.trace = true;
	err = search_run(&one, ret, error, sizeof(error));
	return cli_search_failed(&cli_verb_minimize, config, err, error);
}

/* Which check to keep: the one asked for, or the first that is violated. */
static int choose_check(struct cli_replayed *r, const char *asked, char *ret, size_t size)
{
	struct search_result result = { 0 };
	int status = run_once(&r->config, &result);

	if (status == CLI_OK && asked)
		snprintf(ret, size, "%s", asked);
	else if (status == CLI_OK && result.nr_found)
		snprintf(ret, size, "%s", result.found[0].violation.check);
	else if (status == CLI_OK)
		status = cli_refuse(&cli_verb_minimize, "this execution violates nothing");
	search_result_free(&result);
	return status;
}

static int print_line(struct cli_replayed *r)
{
	struct search_result result = { 0 };
	int status = run_once(&r->config, &result);
	char *line;

	if (status != CLI_OK)
		return status;
	line = replay_line(&r->config, r->c.left_out, &r->line.schedule, result.checksum);
	search_result_free(&result);
	if (!line)
		return cli_no_memory(&cli_verb_minimize);
	puts(line);
	free(line);
	return CLI_OK;
}

static int minimize(struct cli_replayed *r, const char *asked)
{
	struct minimise_stats stats;
	char check[64], error[256] = "";
	int err, status = choose_check(r, asked, check, sizeof(check));

	if (status != CLI_OK)
		return status;
	err = minimise(&r->config, check, &r->line.schedule, &stats, error, sizeof(error));
	if (err == -ENOENT)
		return cli_refuse(&cli_verb_minimize, "this execution does not violate %s", check);
	if (err)
		return cli_search_failed(&cli_verb_minimize, &r->config, err, error);
	fprintf(stderr, "%s: %" PRIu32 " preemptions, %" PRIu64 " steps, %zu departures from the "
		"default schedule; were %" PRIu32 ", %" PRIu64 " and %zu (%" PRIu64 " tries). "
		"Replay line:\n",
		check, stats.to.preemptions, stats.to.steps, stats.to.departures,
		stats.from.preemptions, stats.from.steps, stats.from.departures, stats.tries);
	return print_line(r);
}

/* "there/small" of "there/small.race", without the directory. Return: CLI_OK or a refusal. */
static int name_of(const char *path, char *ret, size_t size)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t len = strlen(base);

	if (len <= strlen(".race") || strcmp(base + len - strlen(".race"), ".race"))
		return cli_refuse(&cli_verb_minimize, "--reduce: '%.80s' does not end in .race, as "
				  "a race's file does", path);
	snprintf(ret, size, "%.*s", (int)(len - strlen(".race")), base);
	return CLI_OK;
}

static int write_race(const char *path, const char *text)
{
	FILE *out = fopen(path, "we");
	bool bad;

	if (!out)
		return cli_refuse(&cli_verb_minimize, "--reduce: %.200s: %s", path,
				  strerror(errno));
	bad = fputs("# SPDX-License-Identifier: GPL-2.0-or-later\n", out) < 0 ||
	      fputs(text, out) < 0;
	if (!fclose(out) && !bad)
		return CLI_OK;
	cli_refuse(&cli_verb_minimize, "--reduce: %.200s: not all could be written", path);
	return CLI_FAULT;
}

static uint32_t statements(const struct race *race)
{
	uint32_t n = 0, t;

	for (t = 0; t < race->nr_tasks; t++)
		n += race->tasks[t].nr_stmts;
	return n;
}

/* The race's tasks and statements as well; the smaller one goes to @path. */
static int reduce_race(struct cli_replayed *r, const char *asked, const char *path)
{
	char check[64], name[256], error[1024] = "";
	struct reduced small = { .race = NULL };
	int err, status = name_of(path, name, sizeof(name));

	if (status == CLI_OK)
		status = choose_check(r, asked, check, sizeof(check));
	if (status != CLI_OK)
		return status;
	err = reduce(&r->config, check, r->c.left_out, name, &r->line.schedule, &small, error,
		     sizeof(error));
	if (err == -ENOENT)
		return cli_refuse(&cli_verb_minimize, "this execution does not violate %s", check);
	if (err)
		return cli_search_failed(&cli_verb_minimize, &r->config, err, error);
	fprintf(stderr, "%s: %" PRIu32 " tasks, %" PRIu32 " statements in %s; were %" PRIu32
		" and %" PRIu32 " (%" PRIu64 " tries). Its replay line:\n", check,
		small.race->nr_tasks, statements(small.race), path, r->race->nr_tasks,
		statements(r->race), small.tries);
	status = write_race(path, small.text);
	r->config.race = small.race;
	if (status == CLI_OK)
		status = print_line(r);
	race_free(small.race);
	free(small.text);
	return status;
}

int cli_minimize(int argc, char **argv)
{
	struct cli_common common = CLI_COMMON_INIT;
	const char *path = NULL, *check = NULL, *small = NULL;
	const struct cli_option options[] = {
		{ "race", CLI_TEXT, "FILE", "the race's file", &path, 0, 0 },
		{ "design", CLI_TEXT, "F", "the file of the user's code that the string names",
		  &common.design, 0, 0 },
		{ "check", CLI_TEXT, "ID", "the check to keep violated (the first one violated)",
		  &check, 0, 0 },
		{ "reduce", CLI_TEXT, "F", "drop what the race does not need; the smaller race "
		  "goes to F", &small, 0, 0 },
		{ "max-steps", CLI_NUMBER, "N", "steps before it is cut (1000000)",
		  &common.max_steps, 1, 1000000000 },
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	struct cli_replayed r;
	int first, status = cli_parse(&cli_verb_minimize, options, argc, argv, &first);

	if (status >= 0)
		return status;
	if (check && !check_find(check))
		return cli_refuse(&cli_verb_minimize, "no check is called '%.40s'; "
				  "'pinsim list --checks' names them", check);
	status = cli_replayed(&cli_verb_minimize, argv[first], path, &common, &r);
	if (status == CLI_OK)
		status = small ? reduce_race(&r, check, small) : minimize(&r, check);
	cli_replayed_free(&r);
	return status;
}
