/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim matrix, one cell: the searches that a race asks for of one design
 * under one kernel, in the time that a cell has, as JSON (pinsim-output(5)).
 *
 * A search is exhaustive. One that does not come to its end is followed by two
 * samples: by priorities, which meet what takes a task that is held up for long,
 * and at random, which meets what takes switches close together.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fakes/profile.h"
#include "sim/cli/explore.h"
#include "sim/cli/matrix.h"
#include "sim/explore/applies.h"
#include "sim/explore/join.h"
#include "sim/lib/story.h"
#include "sim/subject/subject.h"

#define EXHAUSTIVE_SHARE	(2.0 / 3)	/* of the time; the samples share the rest */
#define SAMPLE_EXECUTIONS	2000		/* of each, at most */
#define STORY_MAX		65536		/* bytes; of a longer one, its two ends */
#define STORY_HEAD		24576
#define STORY_TAIL		8192
#define SAMPLE_DEPTH		3		/* as explore's */

/**
 * struct cell - a cell while it is searched
 * @m: whose
 * @race: its row
 * @design: its column
 * @kernel: its table
 * @cases: what there is to search, the one with the fewest checks left out first
 * @nr_cases: how many
 * @searches: what came of them
 * @until: when its time is over
 */
struct cell {
	const struct matrix *m;
	const struct race *race;
	const struct matrix_design *design;
	const char *kernel;
	struct expect_case *cases;
	int nr_cases;
	json_t *searches;
	double until;
};

/**
 * struct seen - what a search came to
 * @result: of all parts of it
 * @how: the exhaustive part ended
 * @bound: what cut it, or ""
 * @sampled: executions that the samples added
 */
struct seen {
	struct search_result result;
	enum report_how how;
	const char *bound;
	uint64_t sampled;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Where a cell is. */
static struct cell cell_at(const struct matrix *m, size_t number)
{
	return (struct cell){
		.m = m,
		.race = m->races[number / m->nr_designs % m->nr_races].race,
		.design = &m->designs[number % m->nr_designs],
		.kernel = m->kernels[number / m->nr_designs / m->nr_races],
	};
}

static json_t *finish(const struct cell *c, const char *verdict, const char *expectation,
		      const char *why)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:O?}", "race", c->race->name.s,
			 "design", c->design->name, "kernel", c->kernel, "verdict", verdict,
			 "expectation", expectation, "why", why, "searches", c->searches);
}

json_t *matrix_cell_not_run(const struct matrix *m, size_t number)
{
	const struct cell c = cell_at(m, number);

	return finish(&c, "not-run", "open", NULL);
}

json_t *matrix_cell_failed(const struct matrix *m, size_t number, const char *why)
{
	const struct cell c = cell_at(m, number);

	return finish(&c, "failed", "none", why);
}

/* --- searching ------------------------------------------------------------ */

static void how_it_ended(const struct cell *c, struct seen *seen)
{
	const struct search_result *r = &seen->result;

	seen->bound = "";
	seen->how = REPORT_EXHAUSTIVE;
	if (r->timed_out || !r->complete) {
		seen->how = REPORT_CUT;
		seen->bound = explore_interrupted ? explore_interrupt_words() :
			      r->timed_out ? "--time" : "--executions";
	} else if (r->bounded) {
		seen->how = REPORT_BOUNDED;
		seen->bound = REPORT_CUT_BY;
	}
}

static int sample(const struct search_config *exhaustive, enum search_kind kind, double seconds,
		  struct seen *seen, char *error, size_t size)
{
	struct search_config cfg = *exhaustive;
	struct search_result more;
	int err;

	cfg.kind = kind;
	cfg.seconds = seconds;
	cfg.executions = SAMPLE_EXECUTIONS;
	if (exhaustive->executions && exhaustive->executions < SAMPLE_EXECUTIONS)
		cfg.executions = exhaustive->executions;
	cfg.seed = 1;
	cfg.depth = SAMPLE_DEPTH;
	cfg.reduce = cfg.states = cfg.finals = false;
	err = search_run(&cfg, &more, error, size);
	if (!err) {
		seen->sampled += more.executions;
		search_join(&seen->result, &more);
	}
	search_result_free(&more);
	return err;
}

static int search(const struct cell *c, const struct search_config *cfg, struct seen *seen,
		  char *error, size_t size)
{
	double left = cfg->seconds * (1 - EXHAUSTIVE_SHARE) / 2;
	struct search_config first = *cfg;
	int err;

	memset(seen, 0, sizeof(*seen));
	first.seconds *= EXHAUSTIVE_SHARE;
	err = search_run(&first, &seen->result, error, size);
	if (err)
		return err;
	how_it_ended(c, seen);
	if (seen->how != REPORT_CUT)
		return 0;
	err = sample(cfg, SEARCH_PCT, left, seen, error, size);
	return err ? err : sample(cfg, SEARCH_RANDOM, left, seen, error, size);
}

static void configure(const struct cell *c, const struct expect_case *of, double seconds,
		      struct search_config *cfg)
{
	cli_config(&c->m->common, c->race, of, cfg);
	cfg->kind = SEARCH_DFS;
	cfg->reduce = cfg->states = true;
	cfg->executions = c->m->executions;
	cfg->seconds = seconds;
	cfg->interrupted = &explore_interrupted;
}

/* --- what is told of it --------------------------------------------------- */

/* Of a story that goes round for long, keep both ends. */
static void shorten(char *text)
{
	size_t len = strlen(text);
	char *cut = text + STORY_HEAD, *rest = text + len - STORY_TAIL, *end;

	if (len <= STORY_MAX)
		return;
	while (*cut != '\n')
		cut--;
	rest = strchr(rest, '\n');
	end = stpcpy(cut, "\n... ('pinsim replay' tells all of it)");
	memmove(end, rest, strlen(rest) + 1);
}

/* The execution of @f as 'pinsim replay' tells it, to be freed. */
static char *story_of(const struct search_config *config, const struct expect_case *of,
		      const struct search_found *f)
{
	const struct report_style style = { .width = 0 };
	struct search_config one = *config;
	struct story *story = calloc(1, sizeof(*story));
	char error[256], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool bad = !out || !story;

	one.kind = SEARCH_ONE;
	one.replay = &f->schedule;
	one.trace = true;
	one.cycles = !strcmp(f->violation.check, "livelock");
	if (!bad) {
		fprintf(out, "%s: %s\n", config->race->name.s, config->race->question.s);
		bad = story_run(story, &one, of, error, sizeof(error)) ||
		      story_print(story, &style, false, out);
		story_free(story);
	}
	free(story);
	bad |= !out || fclose(out);
	if (bad) {
		free(text);
		return NULL;
	}
	shorten(text);
	return text;
}

static json_t *pack_found(const struct search_config *cfg, const struct expect_case *of,
			  const struct seen *seen, const struct cli_results *r)
{
	json_t *list = json_array(), *item;
	unsigned int i;

	for (i = 0; i < r->nr_found; i++) {
		const struct cli_found *f = &r->found[i];
		char *story = story_of(cfg, of, &seen->result.found[i]);

		item = story ? json_pack("{s:s, s:s, s:I, s:I, s:s, s:s}", "check", f->check,
					 "text", f->text, "departures", (json_int_t)f->departures,
					 "preemptions", (json_int_t)f->preemptions,
					 "replay", f->replay, "story", story) : NULL;
		free(story);
		if (!item) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, item);
	}
	return list;
}

/*
 * Nothing is held against a design that the race says nothing of, unless the
 * user asked about it: a file of their own, a design by name, or checks.
 */
static const char *expectation(const struct cell *c, const struct expect_case *of,
			       const struct cli_verdict *v)
{
	const struct cli_list *named = &c->m->named_designs;
	bool asked = c->m->common.checks || subject_of(c->design->name);
	uint32_t i;

	for (i = 0; i < named->nr && !asked; i++)
		asked = !strcmp(named->at[i], c->design->name);
	if (!of->nr_expects && !asked)
		return "none";
	if (v->met)
		return "met";
	return v->open && v->line.search.how == REPORT_CUT ? "open" : "disappointed";
}

static json_t *pack(const struct cell *c, const struct search_config *cfg,
		    const struct expect_case *of, const struct seen *seen,
		    const struct cli_results *r)
{
	static const char *const how[] = {
		[REPORT_EXHAUSTIVE] = "exhaustive",
		[REPORT_BOUNDED] = "bounded",
		[REPORT_CUT] = "cut",
	};
	const struct cli_verdict *v = r->verdict;
	const char *exp = expectation(c, of, v);
	bool told = !strcmp(exp, "open") || !strcmp(exp, "disappointed");

	return json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:s, s:s?, s:I, s:I, s:I, s:I, s:o}",
			 "checks", of->left_out, "verdict", v->verdict,
			 "expected", *v->expected ? v->expected : NULL,
			 "expectation", exp, "why", told ? v->why : NULL,
			 "how", how[seen->how], "bound", *seen->bound ? seen->bound : NULL,
			 "executions", (json_int_t)(seen->result.executions - seen->sampled),
			 "sampled", (json_int_t)seen->sampled,
			 "violated", (json_int_t)seen->result.violated,
			 "cut", (json_int_t)seen->result.bounded,
			 "violations", pack_found(cfg, of, seen, r));
}

/* --- a cell --------------------------------------------------------------- */

/* Search one case, in its part of what time is left. Return: 0 or -errno. */
static int do_case(struct cell *c, int i, char *error, size_t size)
{
	const struct expect_case *of = &c->cases[i];
	struct cli_results r = { .nr_verdicts = 0 };
	struct search_config cfg;
	struct seen seen;
	double seconds = (c->until - now()) / (c->nr_cases - i);
	int err;

	configure(c, of, seconds > 0.01 ? seconds : 0.01, &cfg);
	err = search(c, &cfg, &seen, error, size);
	if (!err)
		err = cli_results_add(&r, c->race, of, &seen.result, seen.how, 1, seen.bound);
	if (!err)
		err = explore_keep_found(&r, of, &cfg, &seen.result, error, size);
	if (!err && json_array_append_new(c->searches, pack(c, &cfg, of, &seen, &r)))
		err = -ENOMEM;
	cli_results_free(&r);
	search_result_free(&seen.result);
	return err;
}

/* The one with the fewest checks left out is the one that the cell is about. */
static void put_first(struct expect_case *cases, int n)
{
	struct expect_case first;
	int i, best = 0;

	for (i = 1; i < n; i++)
		if (strlen(cases[i].left_out) < strlen(cases[best].left_out))
			best = i;
	first = cases[best];
	memmove(&cases[1], &cases[0], best * sizeof(*cases));
	cases[0] = first;
}

static const char *verdict_of(const json_t *search)
{
	if (json_array_size(json_object_get(search, "violations")))
		return "violated";
	if (!strcmp(json_string_value(json_object_get(search, "how")), "exhaustive"))
		return "holds";
	return "holds-searched";
}

/* The worst of its searches, and why. */
static json_t *judge(const struct cell *c)
{
	static const char *const worse[] = { "none", "met", "open", "disappointed" };
	const char *why = NULL;
	size_t i, k, worst = 0;
	json_t *s;

	json_array_foreach(c->searches, i, s) {
		const char *e = json_string_value(json_object_get(s, "expectation"));

		for (k = worst + 1; k < 4; k++)
			if (!strcmp(worse[k], e)) {
				worst = k;
				why = json_string_value(json_object_get(s, "why"));
				break;
			}
	}
	return finish(c, verdict_of(json_array_get(c->searches, 0)), worse[worst], why);
}

/* What cannot be asked ends the matrix; at what pinsim fails, the other cells go on. */
static json_t *fail(const struct cell *c, int err, const char *error)
{
	const struct search_config cfg = { .race = c->race, .design = c->design->name };

	if (err == -EINVAL || err == -ENOMEM)
		return json_integer(cli_search_failed(c->m->verb, &cfg, err, error));
	return finish(c, "failed", "none", *error ? error : strerror(-err));
}

static json_t *do_cases(struct cell *c)
{
	const struct expect_filter filter = {
		.design = c->design->name,
		.kernel = c->kernel,
		.checks = c->m->common.checks,
	};
	char error[1024] = "";
	int i, err = 0;

	c->nr_cases = expect_cases(c->race, &filter, c->cases, EXPECT_MAX_CASES, error,
				   sizeof(error));
	if (c->nr_cases < 0)
		return fail(c, -EINVAL, error);
	put_first(c->cases, c->nr_cases);
	c->until = now() + c->m->seconds;
	for (i = 0; i < c->nr_cases && !err; i++)
		err = do_case(c, i, error, sizeof(error));
	/* The machine itself cannot be built with this design. */
	if (err == -EINVAL && !c->cases[0].nr_expects)
		return finish(c, "not-applicable", "none", error);
	return err ? fail(c, err, error) : judge(c);
}

json_t *matrix_cell(const struct matrix *m, size_t number)
{
	struct cell c = cell_at(m, number);
	json_t *ret = NULL;
	char why[256];

	if (c.design->kernel && strcmp(c.design->kernel, c.kernel)) {
		snprintf(why, sizeof(why), "the code was compiled for kernel %s",
			 c.design->kernel);
		return finish(&c, "not-applicable", "none", why);
	}
	if (!expect_applies(c.race, c.design->name, c.kernel, why, sizeof(why)))
		return finish(&c, "not-applicable", "none", why);
	c.cases = calloc(EXPECT_MAX_CASES, sizeof(*c.cases));
	c.searches = json_array();
	if (c.cases && c.searches)
		ret = do_cases(&c);
	json_decref(c.searches);
	free(c.cases);
	return ret;
}
