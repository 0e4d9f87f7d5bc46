/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim explore: many executions of a race, for one design or for all that
 * the race speaks of; the table of verdicts and, for what was violated, the
 * shortest schedule found and the line that replays it.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/design.h"
#include "sim/cli/explore.h"
#include "sim/explore/bounded.h"
#include "sim/explore/jobs.h"
#include "sim/explore/minimise.h"
#include "sim/explore/pct.h"
#include "sim/race/race.h"

const struct cli_verb cli_verb_explore = {
	.name = "explore",
	.args = "FILE",
	.summary = "Run many executions of a race and judge its expectations",
	.details = "Without --design, every design that the race has an expectation for. Random\n"
		   "search says what it saw and did not see; exhaustive search leaves nothing out\n"
		   "that could come to another end, or says which bound or budget cut it short.",
	.min_args = 1,
	.max_args = 1,
};

#define DEFAULT_DEPTH	3
/* Where a task that waits for another in a loop may not be preempted, it goes on. */
#define BOUND_MAX_STEPS	10000

static const struct strategy strategies[] = {
	{ "random", SEARCH_RANDOM, true },
	{ "exhaustive", SEARCH_DFS, false },
	{ "pct", SEARCH_PCT, true },
	{ "coverage", SEARCH_COVERAGE, true },
};

static const struct reduction reductions[] = {
	{ "both", true, true },
	{ "dpor", true, false },
	{ "states", false, true },
	{ "none", false, false },
};

#define RANDOM_EXECUTIONS	10000

/*
 * Ctrl-C ends the search, not the report of what it saw; a second one ends the
 * program. A signal handler can reach nothing but a static variable.
 */
volatile sig_atomic_t explore_interrupted;

static void interrupt(int signal)
{
	explore_interrupted = signal;
}

const char *explore_interrupt_words(void)
{
	return explore_interrupted == SIGTERM ? "SIGTERM" : "Ctrl-C";
}

static void progress(void *arg, uint64_t executions, uint64_t violations)
{
	struct explore *x = arg;

	if (executions % 8192)
		return;
	fprintf(stderr, "\r%-28s %12" PRIu64 " executions, %" PRIu64 " in violation ", x->now,
		executions, violations);
}

bool explore_wants_progress(void)
{
	return isatty(STDERR_FILENO);
}

void explore_configure(struct explore *x, const struct expect_case *c, struct search_config *cfg)
{
	cli_config(&x->common, x->race, c, cfg);
	cfg->kind = x->how->kind;
	cfg->executions = x->executions;
	if (!x->executions && x->how->samples)
		cfg->executions = RANDOM_EXECUTIONS;
	if (cfg->kind == SEARCH_DFS && x->preemptions != EXPLORE_NO_BOUND) {
		cfg->kind = SEARCH_BOUNDED;
		cfg->preemptions = x->preemptions;
	}
	cfg->reduce = x->reduce->orders;
	cfg->states = x->reduce->states;
	cfg->rerun = x->rerun;
	cfg->depth = x->depth;
	cfg->k = x->choices;
	cfg->traces = SEARCH_TRACES;
	cfg->seed = x->seed;
	cfg->seconds = x->seconds;
	cfg->memory = x->memory;
	cfg->finals = !x->how->samples;
	cfg->interrupted = &explore_interrupted;
	cfg->stop_at_violation = x->stop;
	cfg->whole = x->whole;
	if (explore_wants_progress()) {
		cfg->progress = progress;
		cfg->progress_arg = x;
	}
}

/* Every bound on preemptions that was asked for was searched to its end. */
static bool all_bounds(const struct explore *x, const struct search_result *r)
{
	return x->preemptions != EXPLORE_NO_BOUND && r->nr_bounds == x->preemptions + 1;
}

/* What cut a search, in the words of the option that did. */
static const char *bound_of(const struct explore *x, const struct search_result *r)
{
	if (!r->complete && x->incomplete)
		return x->incomplete;
	if (r->over_memory)
		return "--memory";
	if (r->timed_out)
		return explore_interrupted ? explore_interrupt_words() : "--time";
	if (all_bounds(x, r) && !r->complete)
		return r->bounded ? "--preemptions, --unroll or --max-steps" : "--preemptions";
	if (!r->complete && !x->how->samples)
		return x->stop && r->nr_found ? "--stop" : "--executions";
	return r->bounded ? REPORT_CUT_BY : "";
}

static enum report_how how_it_ended(const struct explore *x, const struct search_result *r)
{
	/*
	 * However many random executions there were, a sample is what they are;
	 * unless the set-up already violates a check, which all of them share.
	 */
	if (x->how->samples && !r->complete && !explore_interrupted && !r->over_memory)
		return REPORT_SAMPLED;
	if (all_bounds(x, r) && !r->complete)
		return REPORT_BOUNDED;
	if (r->timed_out || !r->complete)
		return REPORT_CUT;
	return r->bounded ? REPORT_BOUNDED : REPORT_EXHAUSTIVE;
}

int explore_keep_found(struct cli_results *results, const struct expect_case *c,
		       const struct search_config *cfg, struct search_result *r, char *error,
		       size_t size)
{
	struct minimise_stats stats;
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < r->nr_found; i++) {
		struct search_found *f = &r->found[i];

		err = minimise(cfg, f->violation.check, &f->schedule, &stats, error, size);
		if (err == -ENOENT) {
			snprintf(error, size, "%s was seen once but not again by the same schedule",
				 f->violation.check);
			return -EIO;
		}
		if (!err)
			err = cli_results_found(results, cfg, c, f);
	}
	return err;
}

int explore_conclude(struct explore *x, const struct expect_case *c,
		     const struct search_config *config, struct search_result *result)
{
	char error[256] = "";
	int err;

	err = cli_results_add(&x->results, x->race, c, result, how_it_ended(x, result),
			      x->seed, bound_of(x, result));
	if (!err)
		err = explore_keep_found(&x->results, c, config, result, error,
					 sizeof(error));
	search_result_free(result);
	return cli_search_failed(x->verb, config, err, error);
}

static int search_case(struct explore *x, const struct expect_case *c)
{
	struct search_result result;
	struct search_config cfg;
	char error[256] = "";
	int err;

	explore_configure(x, c, &cfg);
	x->now = c->design;
	err = search_run(&cfg, &result, error, sizeof(error));
	if (explore_wants_progress())
		fprintf(stderr, "\r%72s\r", "");
	if (!err)
		return explore_conclude(x, c, &cfg, &result);
	search_result_free(&result);
	return cli_search_failed(x->verb, &cfg, err, error);
}

int explore_open(struct explore *x)
{
	return cli_out_open(x->verb, &x->common, &x->out);
}

int explore_print(struct explore *x, int status)
{
	int closed;

	if (status == CLI_OK)
		status = cli_results_print(&x->results, x->race, &x->common, x->verb, &x->out);
	closed = cli_out_close(x->verb, &x->common, &x->out);
	return closed == CLI_OK ? status : closed;
}

void explore_free(struct explore *x)
{
	cli_results_free(&x->results);
	free(x->cases);
	race_free(x->race);
}

int explore_cases(struct explore *x, int *ret_status)
{
	const struct expect_filter filter = {
		.design = x->common.design,
		.kernel = x->common.kernel,
		.checks = x->common.checks,
		.all_kernels = x->all_kernels,
	};
	char error[1024];
	int n;

	x->cases = calloc(EXPECT_MAX_CASES, sizeof(*x->cases));
	if (!x->cases) {
		*ret_status = cli_no_memory(x->verb);
		return 0;
	}
	n = expect_cases(x->race, &filter, x->cases, EXPECT_MAX_CASES, error, sizeof(error));
	if (n > 0)
		return n;
	*ret_status = n < 0 ? cli_refuse(x->verb, "%s", error) :
		      cli_refuse(x->verb, "race %s expects nothing of any design; name one with "
				 "--design", x->race->name.s);
	return 0;
}

static int explore(struct explore *x)
{
	int i, n, status;

	n = explore_cases(x, &status);
	if (!n)
		return status;
	if (explore_wants_items(x))
		return explore_by_items(x, n);
	status = explore_open(x);
	for (i = 0; i < n && status == CLI_OK && !explore_interrupted; i++)
		status = search_case(x, &x->cases[i]);
	return explore_print(x, status);
}

void explore_catch_interrupt(bool once)
{
	const struct sigaction action = {
		.sa_handler = interrupt,
		.sa_flags = once ? SA_RESETHAND : 0,
	};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static const struct strategy *strategy_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++)
		if (!strcmp(name, strategies[i].name))
			return &strategies[i];
	return NULL;
}

static const struct reduction *reduction_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(reductions) / sizeof(reductions[0]); i++)
		if (!strcmp(name, reductions[i].name))
			return &reductions[i];
	return NULL;
}

bool explore_knows(const char *strategy, const char *reduction)
{
	const struct strategy *s = strategy_named(strategy);

	return s && s->kind == SEARCH_DFS && reduction_named(reduction);
}

/* Which reduction is meant. Return: 0, or a status with one line printed. */
static int find_reduction(struct explore *x)
{
	bool plain = x->how->kind != SEARCH_DFS || x->preemptions != EXPLORE_NO_BOUND;
	const char *name = x->reduction ? x->reduction : "both";

	x->reduce = reduction_named(name);
	if (!x->reduce)
		return cli_refuse(x->verb, "--reduction: '%.40s' is none of both, dpor, states and "
				  "none", name);
	if (plain && (x->reduction || x->rerun))
		return cli_refuse(x->verb, "--%s is for exhaustive search without a bound on "
				  "preemptions", x->reduction ? "reduction" : "rerun");
	if (x->rerun && x->common.verify)
		return cli_refuse(x->verb, "--verify-rollback does not go with --rerun, which does "
				  "not roll back");
	return 0;
}

int explore_find_strategy(struct explore *x)
{
	bool bound = x->preemptions != EXPLORE_NO_BOUND;
	const char *name = x->strategy ? x->strategy : bound ? "exhaustive" : "random";

	x->how = strategy_named(name);
	if (!x->how)
		return cli_refuse(x->verb, "--strategy: '%.40s' is none of random, "
				  "exhaustive, pct and coverage", name);
	if (bound && x->how->kind != SEARCH_DFS)
		return cli_refuse(x->verb, "--preemptions is for exhaustive search, not "
				  "for %s", name);
	if ((x->depth || x->choices) && x->how->kind != SEARCH_PCT)
		return cli_refuse(x->verb, "--%s is for pct, not for %s",
				  x->depth ? "depth" : "choices", name);
	if (!x->depth)
		x->depth = DEFAULT_DEPTH;
	if (!x->common.max_steps)
		x->common.max_steps = bound ? BOUND_MAX_STEPS : CLI_MAX_STEPS;
	return find_reduction(x);
}

int cli_explore(int argc, char **argv)
{
	struct explore x = EXPLORE_INIT(cli_verb_explore);
	const struct cli_option options[] = {
		{ "strategy", CLI_TEXT, "S", "random (default), exhaustive, pct or coverage",
		  &x.strategy, 0, 0 },
		{ "reduction", CLI_TEXT, "R", "exhaustive: both (default), dpor, states or none",
		  &x.reduction, 0, 0 },
		{ "rerun", CLI_FLAG, NULL, "exhaustive: by running again, not by roll-back",
		  &x.rerun, 0, 0 },
		{ "preemptions", CLI_NUMBER, "K", "exhaustive: with 0, 1, ... up to K preemptions",
		  &x.preemptions, 0, SIM_BOUNDED_MAX - 1 },
		{ "depth", CLI_NUMBER, "D", "pct: of the bugs that its guarantee is for (3)",
		  &x.depth, 1, SIM_PCT_MAX_DEPTH },
		{ "choices", CLI_NUMBER, "N", "pct: that no execution exceeds (measured)",
		  &x.choices, 1, UINT32_MAX },
		{ "executions", CLI_NUMBER, "N", "exhaustive: at most; others: how many (10000)",
		  &x.executions, 1, UINT64_MAX },
		{ "seed", CLI_NUMBER, "N", "all but exhaustive: where the sequence starts (1)",
		  &x.seed, 0, UINT64_MAX },
		{ "time", CLI_SECONDS, "S", "stop each search after S seconds", &x.seconds, 0, 0 },
		{ "memory", CLI_SIZE, "SIZE", "stop when a process has more, as 512M or 2G",
		  &x.memory, 1 << 20, 1ULL << 50 },
		{ "jobs", CLI_NUMBER, "N", "exhaustive: search in N processes", &x.jobs, 1,
		  JOBS_MAX },
		{ "shard", CLI_TEXT, "PART", "exhaustive: part I/N of it only, for 'pinsim merge'",
		  &x.shard, 0, 0 },
		{ "output", CLI_TEXT, "FILE", "exhaustive: write the results, for 'pinsim merge'",
		  &x.output, 0, 0 },
		{ "checkpoint", CLI_TEXT, "FILE", "exhaustive: go on from FILE, and keep it fresh",
		  &x.checkpoint, 0, 0 },
		{ "all-kernels", CLI_FLAG, NULL, "every profile that the race speaks of",
		  &x.all_kernels, 0, 0 },
		{ "stop", CLI_FLAG, NULL, "end each search at its first violation", &x.stop, 0, 0 },
		{ "whole", CLI_FLAG, NULL, "run what follows from a known state again",
		  &x.whole, 0, 0 },
		{ "verify-rollback", CLI_FLAG, NULL,
		  "compare the world byte for byte after each roll-back", &x.common.verify, 0, 0 },
		CLI_COMMON_OPTIONS(x.common),
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	int first, status;

	/* Its default depends on the strategy. */
	x.common.max_steps = 0;
	status = cli_parse(&cli_verb_explore, options, argc, argv, &first);
	if (status >= 0)
		return status;
	status = cli_check_grain(&cli_verb_explore, &x.common);
	if (!status)
		status = cli_design(&cli_verb_explore, &x.common);
	if (!status)
		status = explore_find_strategy(&x);
	if (!status)
		status = explore_check_items(&x);
	if (status)
		return status;
	x.path = argv[first];
	status = cli_load_with(&cli_verb_explore, x.path, &x.common, &x.race);
	if (status)
		return status;
	explore_catch_interrupt(true);
	status = explore(&x);
	explore_free(&x);
	return status;
}
