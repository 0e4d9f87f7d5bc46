/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reducing a race: see reduce.h.
 *
 * A candidate is the race's text without a task or a statement.  It is parsed,
 * so the language's own rules say what cannot go alone: nobody releases what is
 * not held.  Tasks first, as they take their statements along; statements from
 * the last one on, as the later ones lean on the earlier.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/bounded.h"
#include "sim/explore/reduce.h"
#include "sim/race/race.h"

#define CHEAP	20000	/* executions to find a violation in a candidate */
#define DETOUR	1000	/* more steps than it took before, and one of them is cut */

/**
 * struct reducer - at work
 * @config: of its searches
 * @check: what has to be violated
 * @left_out: checks that are off
 * @name: of the smaller race
 * @now: the smallest race so far
 * @found: the candidate violates the check by @schedule
 */
struct reducer {
	struct search_config config;
	const char *check, *left_out, *name;
	struct reduced now;
	struct schedule schedule;
	bool found;
	int err;
	char *error;
	size_t error_size;
};

static bool violated(void *arg, const struct check_watch *checks, const uint32_t *choices,
		     size_t n)
{
	struct reducer *r = arg;
	unsigned int i;

	for (i = 0; i < checks->nr_found && !r->found; i++)
		r->found = !strcmp(checks->found[i].check, r->check);
	if (!r->found)
		return false;
	schedule_free(&r->schedule);
	r->err = schedule_from(&r->schedule, choices, n);
	return true;
}

/* "without a, b" from "-a,-b". */
static void print_without(const char *left_out, FILE *out)
{
	const char *p;

	if (*left_out != '-')
		return;
	fputs(" without ", out);
	for (p = left_out + 1; *p; p++) {
		fputc(*p, out);
		if (*p == ',' && p[1] == '-') {
			fputc(' ', out);
			p++;
		}
	}
}

/* @race under the new name, with the one expectation. NULL: no memory. */
static char *text_of(const struct reducer *r, const struct race *race)
{
	struct race copy = *race;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	copy.name.s = (char *)r->name;
	copy.nr_hazards = 0;
	copy.nr_expects = 0;
	copy.exists = NULL;
	copy.always = NULL;
	race_print(&copy, out);
	fprintf(out, "\nexpect %s", r->config.design);
	print_without(r->left_out, out);
	fprintf(out, " violates %s\n", r->check);
	return fclose(out) ? NULL : text;
}

/* Take @race's text for the smallest, if it is a race and violates. */
static int consider(struct reducer *r, const struct race *race, bool *ret_taken)
{
	struct search_result result;
	struct race_error error;
	struct race *parsed;
	char *text = text_of(r, race);

	*ret_taken = false;
	if (!text)
		return -ENOMEM;
	parsed = race_parse_text(r->name, text, strlen(text), &error);
	if (!parsed) {
		snprintf(r->error, r->error_size, "%s", error.text);
		free(text);
		return 0;
	}
	r->found = false;
	r->config.race = parsed;
	/* A world that cannot be built any more is no smaller race either. */
	if (search_run(&r->config, &result, r->error, r->error_size))
		r->found = false;
	r->now.tries += result.executions;
	search_result_free(&result);
	if (r->found) {
		race_free(r->now.race);
		free(r->now.text);
		r->now.race = parsed;
		r->now.text = text;
	} else {
		race_free(parsed);
		free(text);
	}
	*ret_taken = r->found;
	return r->err;
}

static int without_task(struct reducer *r, uint32_t t, bool *ret_taken)
{
	struct race copy = *r->now.race;
	struct race_task *tasks = calloc(copy.nr_tasks, sizeof(*tasks));
	int err;

	if (!tasks)
		return -ENOMEM;
	memcpy(tasks, copy.tasks, t * sizeof(*tasks));
	memcpy(tasks + t, copy.tasks + t + 1, (copy.nr_tasks - t - 1) * sizeof(*tasks));
	copy.tasks = tasks;
	copy.nr_tasks--;
	err = consider(r, &copy, ret_taken);
	free(tasks);
	return err;
}

static int without_stmt(struct reducer *r, uint32_t t, uint32_t i, bool *ret_taken)
{
	struct race copy = *r->now.race;
	struct race_task *task = &copy.tasks[t], kept = *task;
	struct race_stmt *stmts = calloc(kept.nr_stmts, sizeof(*stmts));
	struct race *before = r->now.race;
	int err;

	if (!stmts)
		return -ENOMEM;
	memcpy(stmts, kept.stmts, i * sizeof(*stmts));
	memcpy(stmts + i, kept.stmts + i + 1, (kept.nr_stmts - i - 1) * sizeof(*stmts));
	task->stmts = stmts;
	task->nr_stmts--;
	err = consider(r, &copy, ret_taken);
	/* It belongs to the race, unless that one is gone. */
	if (r->now.race == before)
		*task = kept;
	free(stmts);
	return err;
}

/* Return: 1 if something could go, 0 if not, or -errno. */
static int drop_tasks(struct reducer *r)
{
	bool taken, any = false;
	uint32_t t;
	int err;

	for (t = r->now.race->nr_tasks; t-- && r->now.race->nr_tasks > 1;) {
		err = without_task(r, t, &taken);
		if (err)
			return err;
		any |= taken;
	}
	return any;
}

static int drop_stmts(struct reducer *r)
{
	bool taken, any = false;
	uint32_t t, i;
	int err;

	for (t = 0; t < r->now.race->nr_tasks; t++) {
		for (i = r->now.race->tasks[t].nr_stmts;
		     i-- && r->now.race->tasks[t].nr_stmts > 1;) {
			err = without_stmt(r, t, i, &taken);
			if (err)
				return err;
			any |= taken;
		}
	}
	return any;
}

/* What leans on something else can go after it has: until nothing can. */
static int drop_all(struct reducer *r)
{
	int more;

	do {
		more = drop_tasks(r);
		if (more >= 0) {
			int stmts = drop_stmts(r);

			more = stmts < 0 ? stmts : more | stmts;
		}
	} while (more > 0);
	return more;
}

/* The whole race under its new name has to violate as well. */
static int begin(struct reducer *r, const struct race *race)
{
	bool taken;
	int err = consider(r, race, &taken);

	if (err || taken)
		return err;
	if (!*r->error)
		snprintf(r->error, r->error_size, "no execution with so few preemptions violates "
			 "%s; nothing was dropped", r->check);
	return -EINVAL;
}

static int finish(struct reducer *r, const struct search_config *config,
		  struct schedule *schedule, struct reduced *ret)
{
	struct search_config with = *config;
	struct minimise_stats stats;
	int err;

	with.race = r->now.race;
	err = minimise(&with, r->check, &r->schedule, &stats, r->error, r->error_size);
	if (err)
		return err;
	r->now.tries += stats.tries;
	schedule_free(schedule);
	*schedule = r->schedule;
	*ret = r->now;
	return 0;
}

int reduce(const struct search_config *config, const char *check, const char *left_out,
	   const char *name, struct schedule *schedule, struct reduced *ret, char *ret_error,
	   size_t size)
{
	struct reducer r = {
		.config = *config,
		.check = check,
		.left_out = left_out,
		.name = name,
		.error = ret_error,
		.error_size = size,
	};
	struct minimise_stats stats;
	int err = minimise(config, check, schedule, &stats, ret_error, size);

	if (err)
		return err;
	r.now.tries = stats.tries;
	r.config.kind = SEARCH_BOUNDED;
	r.config.preemptions = stats.to.preemptions < SIM_BOUNDED_MAX ? stats.to.preemptions :
									SIM_BOUNDED_MAX - 1;
	r.config.executions = CHEAP;
	if (stats.to.steps + DETOUR < r.config.max_steps)
		r.config.max_steps = stats.to.steps + DETOUR;
	r.config.seconds = 0;
	r.config.trace = false;
	r.config.replay = NULL;
	r.config.progress = NULL;
	r.config.stop_at_violation = false;
	r.config.violated = violated;
	r.config.violated_arg = &r;
	*ret_error = '\0';
	err = begin(&r, config->race);
	if (!err)
		err = drop_all(&r);
	if (!err)
		err = finish(&r, config, schedule, ret);
	if (err) {
		race_free(r.now.race);
		free(r.now.text);
		schedule_free(&r.schedule);
	}
	return err;
}
