/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim run --fail-every: the default schedule again and again, each time with
 * another call failing, until none is left that could: SQLite's out-of-memory
 * loop, and what fail-nth of the kernel is for.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/check/names.h"
#include "sim/cli/failures.h"
#include "sim/cli/tell.h"
#include "sim/race/actor.h"
#include "sim/race/race.h"
#include "sim/race/words.h"

#define CALLS_MAX	100000	/* of one task; nobody waits for more */

/**
 * struct sweep - one case's loop
 * @every: what was asked
 * @c: the case
 * @race: with the failure in it
 * @config: what is run
 * @nothing: the default schedule
 * @plain: what each statement came to when nothing failed
 * @bad: the first failure that came to something unexpected, for race_inject()
 * @tried: calls that were made to fail
 * @nr_bad: of them came to something unexpected
 */
struct sweep {
	const struct fail_every *every;
	const struct expect_case *c;
	struct race *race;
	struct search_config config;
	struct schedule nothing;
	struct actor_result plain[RACE_MAX_TASKS][RACE_MAX_STMTS];
	char bad[128];
	unsigned int tried, nr_bad;
};

/* @spec: what is to fail, "" for nothing. */
static int run(struct sweep *s, const char *spec, struct story *story)
{
	const struct fail_every *e = s->every;
	char error[256];
	int err, status = cli_load(e->verb, e->path, &s->race);

	if (status != CLI_OK)
		return status;
	err = *spec ? race_inject(s->race, spec, error, sizeof(error)) : 0;
	if (err)
		return err == -ENOMEM ? cli_no_memory(e->verb) :
		       cli_refuse(e->verb, "--fail-every: %s", error);
	cli_config(e->common, s->race, s->c, &s->config);
	s->config.kind = SEARCH_ONE;
	s->config.replay = &s->nothing;
	s->config.trace = true;
	return cli_story_run(story, e->verb, &s->config, s->c);
}

static void finish(struct sweep *s, struct story *story)
{
	story_free(story);
	race_free(s->race);
	s->race = NULL;
	*story = (struct story){ .replay = NULL };
}

static const struct sim_record *failure_in(const struct story *story)
{
	size_t i;

	for (i = 0; i < story->report.nr_recs; i++)
		if (story->report.recs[i].verb == SIM_FAIL)
			return &story->report.recs[i];
	return NULL;
}

/*
 * "register = -ENOMEM": the first statement of the task that did not come to what
 * it does without the failure, whose statement stands before all others.
 */
static void outcome(const struct sweep *s, uint32_t t, char *buf, size_t size)
{
	const struct race_task *task = &s->race->tasks[t];
	struct actor_result r;
	char number[NAME_SIZE];
	uint32_t i;

	snprintf(buf, size, "-");
	for (i = 1; actor_result(t, i, &r); i++) {
		const struct actor_result *plain = &s->plain[t][i - 1];

		if (!r.done || (plain->done && plain->value == r.value))
			continue;
		snprintf(buf, size, "%s = %s", race_op_name(task->stmts[i].op),
			 r.bounded ? "cut" : name_errno(r.value, number, sizeof(number)));
		return;
	}
}

static void print_row(const struct sweep *s, uint32_t t, uint64_t n,
		      const struct sim_record *rec, const struct story *story, bool news)
{
	char came[80], where[160];
	unsigned int i;

	outcome(s, t, came, sizeof(came));
	snprintf(where, sizeof(where), "%s in %s()", name_fault(rec->a), rec->site);
	printf("%c %-8s %3" PRIu64 "  %-52s %-18s ", news ? '!' : ' ',
	       s->race->tasks[t].name.s, n, where, came);
	for (i = 0; i < story->result.nr_found; i++)
		printf("%s%s", i ? "," : "violates ", story->result.found[i].violation.check);
	if (!i)
		fputs(story->result.unexpected ? "is not the kernel's errno" :
		      story->result.end == SIM_END_BOUND ? "cut" : "holds", stdout);
	putchar('\n');
}

/* Return: CLI_OK, with *@ret_more: the task makes calls beyond; or a status. */
static int one_call(struct sweep *s, uint32_t t, const char *task, uint64_t n, bool *ret_more)
{
	struct story story = { .replay = NULL };
	const struct sim_record *rec = NULL;
	char spec[128];
	bool news;
	int status;

	snprintf(spec, sizeof(spec), "%s:any:%" PRIu64, task, n);
	status = run(s, spec, &story);
	if (status == CLI_OK)
		rec = failure_in(&story);
	*ret_more = rec != NULL;
	if (rec) {
		news = cli_is_news(s->race, s->c, &story.result);
		s->tried++;
		print_row(s, t, n, rec, &story, news);
		if (news && !s->nr_bad++)
			snprintf(s->bad, sizeof(s->bad), "%s", spec);
	}
	finish(s, &story);
	return status;
}

static int run_plain(struct sweep *s)
{
	struct story story = { .replay = NULL };
	int status = run(s, "", &story);
	uint32_t t, i;

	for (t = 0; t < s->every->race->nr_tasks && status == CLI_OK; t++)
		for (i = 0; actor_result(t, i, &s->plain[t][i]); i++)
			;
	finish(s, &story);
	return status;
}

static int tell_bad(struct sweep *s)
{
	struct story story = { .replay = NULL };
	int status = run(s, s->bad, &story);

	printf("\nThe first of them:\n");
	if (status == CLI_OK)
		status = cli_story_print(&story, s->every->verb, false);
	finish(s, &story);
	return status;
}

static int sweep(struct sweep *s)
{
	const struct race *race = s->every->race;
	bool some = strcmp(s->c->left_out, "all"), more;
	int status = run_plain(s);
	uint32_t t;
	uint64_t n;

	printf("\n== %s, kernel %s%s%s\n\n", s->c->design, s->c->kernel, some ? ", checks " : "",
	       some ? s->c->left_out : "");
	for (t = 0; t < race->nr_tasks && status == CLI_OK; t++)
		for (n = 1, more = true; more && n < CALLS_MAX && status == CLI_OK; n++)
			status = one_call(s, t, race->tasks[t].name.s, n, &more);
	if (status != CLI_OK)
		return status;
	printf("\n%u calls can fail, and each did once; %u came to something that the race does "
	       "not expect%s.\n", s->tried, s->nr_bad, s->nr_bad ? " (!)" : "");
	if (!s->nr_bad)
		return CLI_OK;
	status = tell_bad(s);
	return status == CLI_OK ? CLI_VIOLATED : status;
}

int cli_fail_every(const struct fail_every *every, const struct expect_case *cases, int n)
{
	int i, one, status = CLI_OK;
	struct sweep *s;

	printf("%s: %s\n", every->race->name.s, every->race->question.s);
	for (i = 0; i < n; i++) {
		s = calloc(1, sizeof(*s));
		if (!s)
			return cli_no_memory(every->verb);
		s->every = every;
		s->c = &cases[i];
		one = sweep(s);
		free(s);
		if (one == CLI_USAGE || one == CLI_FAULT)
			return one;
		status = one ? one : status;
	}
	return status;
}
