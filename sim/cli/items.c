/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim explore by work items: in several processes, in part, from a
 * checkpoint.  Workers search, the parent keeps the results and judges.
 *
 * What is asked of a worker, one line each, and what it answers:
 *
 *   list CASE              the items, blanks between them
 *   item CASE TIME PREFIX  a word for how it ended, a blank, the result; TIME
 *                          is the number of seconds it has, 0 no bound
 *
 * An answer that begins with "!" is one line about why the case cannot be
 * searched, and the status to exit with before it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/cli/explore.h"
#include "sim/explore/jobs.h"
#include "sim/explore/work.h"

#define SAVE_EVERY	1.0	/* seconds */

/**
 * struct items - a search by items
 * @x: the verb
 * @n: cases
 * @shard: which items are to be run
 * @r: what came of them
 * @work: the items of each case
 * @done: what came of them
 * @case_now: next case to hand out from, and
 * @item_now: which of its items
 * @began: when each case was begun
 * @saved: when the checkpoint was written last
 * @dirty: there is more than it has
 * @over_memory: an item was cut by --memory
 * @status: other than CLI_OK: what went wrong; a line was printed
 */
struct items {
	struct explore *x;
	int n;
	struct shard shard;
	struct results r;
	struct work *work;
	size_t case_now, item_now;
	double *began;
	double saved;
	bool dirty, over_memory;
	int status;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* --- options -------------------------------------------------------------- */

bool explore_wants_items(const struct explore *x)
{
	return x->jobs || x->shard || x->output || x->checkpoint;
}

static const char *first_option(const struct explore *x)
{
	return x->jobs ? "jobs" : x->shard ? "shard" : x->output ? "output" : "checkpoint";
}

int explore_check_items(const struct explore *x)
{
	struct shard shard;

	if (!explore_wants_items(x))
		return CLI_OK;
	if (x->how->samples)
		return cli_refuse(x->verb, "--%s is for exhaustive search, not for %s",
				  first_option(x), x->how->name);
	if (x->preemptions != EXPLORE_NO_BOUND)
		return cli_refuse(x->verb, "--%s does not go with --preemptions", first_option(x));
	if (x->executions || x->stop)
		return cli_refuse(x->verb, "--%s does not go with --%s", first_option(x),
				  x->executions ? "executions" : "stop");
	if (!x->shard)
		return CLI_OK;
	if (shard_parse(x->shard, &shard))
		return cli_refuse(x->verb, "--shard: '%.40s' is not I/N with 1 <= I <= N",
				  x->shard);
	if (!x->output && !x->checkpoint)
		return cli_refuse(x->verb, "--shard needs --output, for 'pinsim merge'");
	if (x->common.json || x->common.junit || x->common.ktap)
		return cli_refuse(x->verb, "a shard is not judged, so there is no %s; "
				  "'pinsim merge' has it", x->common.ktap ? "--ktap" :
				  x->common.json ? "--json" : "--junit");
	return CLI_OK;
}

json_t *explore_pack_options(const struct explore *x)
{
	const struct cli_common *c = &x->common;

	return json_pack("{s:s, s:s, s:b, s:s*, s:s*, s:s*, s:s, s:s*, s:b, s:b, s:I, s:I}",
			 "strategy", x->how->name, "reduction", x->reduce->name,
			 "rerun", x->rerun, "design", c->design, "kernel", c->kernel,
			 "check", c->checks, "grain", c->grain, "fail", c->fail,
			 "all-kernels", x->all_kernels, "whole", x->whole,
			 "unroll", (json_int_t)c->unroll,
			 "max-steps", (json_int_t)c->max_steps);
}

/* What explore_pack_options() makes, and nothing else: it is compared. */
int explore_unpack_options(struct explore *x, const json_t *options)
{
	struct cli_common *c = &x->common;
	json_int_t unroll, max_steps;
	int all_kernels, whole, rerun;

	if (json_unpack((json_t *)options,
			"{s:s, s:s, s:b, s?:s, s?:s, s?:s, s:s, s?:s, s:b, s:b, s:I, s:I !}",
			"strategy", &x->strategy, "reduction", &x->reduction, "rerun", &rerun,
			"design", &c->design, "kernel", &c->kernel,
			"check", &c->checks, "grain", &c->grain, "fail", &c->fail,
			"all-kernels", &all_kernels, "whole", &whole,
			"unroll", &unroll, "max-steps", &max_steps) ||
	    !explore_knows(x->strategy, x->reduction) || explore_find_strategy(x) ||
	    x->how->samples || !cli_grain_is_known(c->grain) ||
	    unroll < 1 || unroll > CLI_UNROLL_MAX ||
	    max_steps < 1 || max_steps > CLI_MAX_STEPS_MAX)
		return -EINVAL;
	x->all_kernels = all_kernels;
	x->whole = whole;
	x->rerun = rerun;
	c->unroll = unroll;
	c->max_steps = max_steps;
	return CLI_OK;
}

/* --- in a worker ---------------------------------------------------------- */

static char *failure(const struct explore *x, const struct search_config *cfg, int err,
		     const char *error)
{
	char *text;

	if (asprintf(&text, "!%d %s: design %s: %s", err == -EINVAL ? CLI_USAGE : CLI_FAULT,
		     x->race->name.s, cfg->design, *error ? error : strerror(-err)) < 0)
		return NULL;
	return text;
}

static void configure(struct items *it, size_t c, struct search_config *cfg)
{
	struct explore *x = it->x;

	explore_configure(x, &x->cases[c], cfg);
	cfg->progress = NULL;
	/* All of them together keep to the bound. */
	cfg->memory = x->jobs > 1 ? x->memory / x->jobs : x->memory;
}

static char *do_list(struct items *it, size_t c)
{
	struct search_config cfg;
	struct work work;
	char error[256] = "", *text = NULL;
	size_t size, i;
	FILE *out;
	int err;

	configure(it, c, &cfg);
	err = work_list(&cfg, &work, error, sizeof(error));
	if (err)
		return failure(it->x, &cfg, err, error);
	out = open_memstream(&text, &size);
	for (i = 0; out && i < work.nr; i++) {
		char *item = work_item_print(&work.item[i]);

		if (!item)
			return NULL;
		fprintf(out, "%s%s", i ? " " : "", item);
		free(item);
	}
	work_free(&work);
	return out && !fclose(out) ? text : NULL;
}

static char *answer(const struct search_result *seen)
{
	const char *how = seen->over_memory ? "memory" : seen->timed_out ? "time" : "done";
	json_t *value = results_pack(seen);
	char *json = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	char *text = NULL;

	if (json && asprintf(&text, "%s %s", how, json) < 0)
		text = NULL;
	free(json);
	json_decref(value);
	return text;
}

static char *do_item(struct items *it, size_t c, double seconds, const char *prefix)
{
	struct search_result seen;
	struct search_config cfg;
	struct work_item item;
	char error[256] = "", *text;
	int err;

	configure(it, c, &cfg);
	if (work_item_parse(prefix, &item))
		return NULL;
	cfg.prefix = item.pick;
	cfg.nr_prefix = item.nr;
	cfg.seconds = seconds;
	err = search_run(&cfg, &seen, error, sizeof(error));
	text = err ? failure(it->x, &cfg, err, error) : answer(&seen);
	search_result_free(&seen);
	work_item_free(&item);
	return text;
}

static char *work(void *arg, const char *line)
{
	char prefix[strlen(line) + 1];
	double seconds;
	size_t c;

	/* A second Ctrl-C is for the parent alone. */
	explore_catch_interrupt(false);
	if (sscanf(line, "list %zu", &c) == 1)
		return do_list(arg, c);
	if (sscanf(line, "item %zu %lf %s", &c, &seconds, prefix) == 3)
		return do_item(arg, c, seconds, prefix);
	return NULL;
}

/* --- in the parent -------------------------------------------------------- */

static int refused(struct items *it, const char *answer)
{
	const char *text = strchr(answer, ' ');

	it->status = atoi(answer + 1);
	cli_refuse(it->x->verb, "%s", text ? text + 1 : answer);
	return -ECANCELED;
}

static char *next_list(void *arg)
{
	struct items *it = arg;
	char *text;

	if (it->case_now == (size_t)it->n ||
	    asprintf(&text, "list %zu", it->case_now) < 0)
		return NULL;
	it->case_now++;
	return text;
}

static int add_item(struct work *work, const char *text)
{
	void *grown = reallocarray(work->item, work->nr + 1, sizeof(*work->item));

	if (!grown)
		return -ENOMEM;
	work->item = grown;
	return work_item_parse(text, &work->item[work->nr]) ?: (work->nr++, 0);
}

static int listed(void *arg, const char *line, const char *answer)
{
	struct items *it = arg;
	size_t c = strtoul(line + strlen("list "), NULL, 10);
	char *copy, *word, *rest;
	int err = 0;

	if (*answer == '!')
		return refused(it, answer);
	copy = strdup(answer);
	if (!copy)
		return -ENOMEM;
	for (word = strtok_r(copy, " ", &rest); word && !err; word = strtok_r(NULL, " ", &rest))
		err = add_item(&it->work[c], word);
	free(copy);
	return err;
}

static bool out_of_time(struct items *it, double *ret_left)
{
	const double budget = it->x->seconds;

	*ret_left = 0;
	if (!it->began[it->case_now])
		it->began[it->case_now] = now();
	if (budget > 0)
		*ret_left = budget - (now() - it->began[it->case_now]);
	return budget > 0 && *ret_left <= 0;
}

static bool is_wanted(struct items *it)
{
	return shard_has(&it->shard, it->item_now) &&
	       !results_done(&it->r, it->case_now, it->item_now);
}

static char *next_item(void *arg)
{
	struct items *it = arg;
	double left;
	char *text;

	while (it->case_now < (size_t)it->n && !it->over_memory) {
		if (it->item_now == results_nr_items(&it->r, it->case_now) ||
		    out_of_time(it, &left)) {
			it->case_now++;
			it->item_now = 0;
			continue;
		}
		if (is_wanted(it) &&
		    asprintf(&text, "item %zu %.6f %s", it->case_now, left,
			     results_item(&it->r, it->case_now, it->item_now)) >= 0) {
			it->item_now++;
			return text;
		}
		it->item_now++;
	}
	return NULL;
}

static int put(struct items *it, const char *line, const char *answer)
{
	const char *json = strchr(answer, ' '), *item = strrchr(line, ' ');
	size_t c = strtoul(line + strlen("item "), NULL, 10);
	char error[512] = "";
	int err;

	if (!json || !item)
		return -EPROTO;
	it->over_memory |= !strncmp(answer, "memory", 6);
	err = results_put(&it->r, c, item + 1, json_loads(json + 1, 0, NULL), error,
			  sizeof(error));
	if (*error)
		cli_refuse(it->x->verb, "%s", error);
	if (*error)
		it->status = CLI_FAULT;
	it->dirty = true;
	return err;
}

static int answered(void *arg, const char *line, const char *answer)
{
	return *answer == '!' ? refused(arg, answer) : put(arg, line, answer);
}

/* Return: an enum cli_status, with a line printed. */
static int save(struct items *it, const char *option, const char *path)
{
	int err = results_save(&it->r, path);

	if (!err)
		return CLI_OK;
	return cli_refuse(it->x->verb, "--%s: %.200s: %s", option, path, strerror(-err));
}

static int save_all(struct items *it)
{
	const struct explore *x = it->x;
	int status = CLI_OK;

	if (x->checkpoint)
		status = save(it, "checkpoint", x->checkpoint);
	if (status == CLI_OK && x->output)
		status = save(it, "output", x->output);
	it->dirty = false;
	it->saved = now();
	return status;
}

static void progress(const struct items *it)
{
	size_t c, i, all = 0, done = 0;

	for (c = 0; c < (size_t)it->n; c++) {
		all += results_nr_items(&it->r, c);
		for (i = 0; i < results_nr_items(&it->r, c); i++)
			done += results_done(&it->r, c, i);
	}
	fprintf(stderr, "\r%zu of %zu work items ", done, all);
}

static int tick(void *arg)
{
	struct items *it = arg;

	if (!it->dirty || now() - it->saved < SAVE_EVERY)
		return 0;
	if (explore_wants_progress())
		progress(it);
	it->status = save_all(it);
	return it->status == CLI_OK ? 0 : -ECANCELED;
}

/* --- the search ----------------------------------------------------------- */

/* A worker died over @line, if that is not NULL. */
static void tell_failure(const struct items *it, const char *line, const char *why)
{
	const struct explore *x = it->x;
	size_t c;

	if (line && sscanf(line, "%*s %zu", &c) == 1)
		cli_refuse(x->verb, "%s: design %s, %s%.300s: %s", x->race->name.s,
			   x->cases[c].design, *line == 'i' ? "item " : "its items",
			   *line == 'i' ? strrchr(line, ' ') + 1 : "", why);
	else
		cli_refuse(x->verb, "%s: %s", x->race->name.s, why);
}

static int run(struct items *it, char *(*next)(void *),
	       int (*done)(void *, const char *, const char *), int (*every)(void *))
{
	const struct jobs jobs = {
		.nr = it->x->jobs ? it->x->jobs : 1,
		.arg = it,
		.next = next,
		.work = work,
		.done = done,
		.tick = every,
		.interrupted = &explore_interrupted,
	};
	char error[256], *line;
	int err;

	it->case_now = 0;
	it->item_now = 0;
	err = jobs_run(&jobs, &line, error, sizeof(error));
	if (explore_wants_progress())
		fprintf(stderr, "\r%72s\r", "");
	if (err && it->status == CLI_OK) {
		it->status = CLI_FAULT;
		tell_failure(it, line, *error ? error : strerror(-err));
	}
	free(line);
	return it->status;
}

static int make_results(struct items *it)
{
	struct explore *x = it->x;
	char *text = cli_read_text(x->path);
	int c, err;

	if (!text)
		return cli_refuse(x->verb, "%.200s: cannot be read twice", x->path);
	err = results_new(&it->r, x->race, text, PINSIM_VERSION, explore_pack_options(x),
			  it->shard.of);
	free(text);
	for (c = 0; c < it->n && !err; c++) {
		const struct results_case which = {
			.design = x->cases[c].design,
			.kernel = x->cases[c].kernel,
			.checks = x->cases[c].left_out,
		};

		err = results_add_case(&it->r, &which, &it->work[c]);
	}
	return err ? cli_no_memory(x->verb) : CLI_OK;
}

static int resume(struct items *it)
{
	struct results old;
	char error[640];
	int err;

	if (!it->x->checkpoint)
		return CLI_OK;
	err = results_load(it->x->checkpoint, &old, error, sizeof(error));
	if (err == -ENOENT)
		return CLI_OK;
	if (!err)
		err = results_merge(&it->r, &old, error, sizeof(error));
	results_free(&old);
	return err ? cli_refuse(it->x->verb, "--checkpoint: %s", error) : CLI_OK;
}

static const char *why_incomplete(const struct items *it)
{
	if (explore_interrupted)
		return explore_interrupt_words();
	return it->over_memory ? "--memory" : "--time";
}

/* A shard says how far it came; whether that is good is for a merge to say. */
static int tell_shard(const struct items *it)
{
	size_t c, i, all = 0, done = 0;

	for (c = 0; c < (size_t)it->n; c++)
		for (i = it->shard.number - 1; i < results_nr_items(&it->r, c);
		     i += it->shard.of) {
			all++;
			done += results_done(&it->r, c, i);
		}
	if (!it->x->output || strcmp(it->x->output, "/dev/stdout"))
		printf("%s: shard %" PRIu32 "/%" PRIu32 ": %zu of %zu work items done%s%s\n",
		       it->x->race->name.s, it->shard.number, it->shard.of, done, all,
		       done < all ? ", cut by " : "", done < all ? why_incomplete(it) : "");
	return done < all ? CLI_BUDGET : CLI_OK;
}

int explore_conclude_items(struct explore *x, int n, const struct results *r)
{
	int c, status = CLI_OK;

	for (c = 0; c < n && status == CLI_OK; c++) {
		struct search_result sum;
		struct search_config cfg;
		int err = results_total(r, c, x->race, &sum);

		explore_configure(x, &x->cases[c], &cfg);
		if (!err)
			status = explore_conclude(x, &x->cases[c], &cfg, &sum);
		else
			search_result_free(&sum);
		if (err == -EINVAL)
			status = cli_refuse(x->verb, "%s: design %s: the results do not fit the "
					    "race", x->race->name.s, x->cases[c].design);
		else if (err)
			status = cli_no_memory(x->verb);
	}
	return status;
}

static int search(struct items *it)
{
	int status = run(it, next_list, listed, NULL);

	if (status != CLI_OK || explore_interrupted)
		return status == CLI_OK ? CLI_BUDGET : status;
	status = make_results(it);
	if (status == CLI_OK)
		status = resume(it);
	/* Better now than after a night that it cannot be written. */
	if (status == CLI_OK)
		status = save_all(it);
	if (status == CLI_OK)
		status = run(it, next_item, answered, tick);
	/* What there is is kept, whatever went wrong. */
	if (it->dirty && save_all(it) != CLI_OK && status == CLI_OK)
		status = CLI_USAGE;
	return status;
}

static int conclude(struct items *it)
{
	struct explore *x = it->x;
	int status;

	if (it->x->shard)
		return tell_shard(it);
	if (!results_complete(&it->r))
		x->incomplete = why_incomplete(it);
	status = explore_open(x);
	if (status == CLI_OK)
		status = explore_conclude_items(x, it->n, &it->r);
	return explore_print(x, status);
}

int explore_by_items(struct explore *x, int n)
{
	struct items it = { .x = x, .n = n, .shard = { .number = 1, .of = 1 } };
	int c, status;

	if (x->shard)
		shard_parse(x->shard, &it.shard);
	it.work = calloc(n, sizeof(*it.work));
	it.began = calloc(n, sizeof(*it.began));
	status = it.work && it.began ? search(&it) : cli_no_memory(x->verb);
	if (status == CLI_OK)
		status = conclude(&it);
	for (c = 0; it.work && c < n; c++)
		work_free(&it.work[c]);
	free(it.work);
	free(it.began);
	results_free(&it.r);
	return status;
}
