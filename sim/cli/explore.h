/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exploring a race: what the verbs explore and merge share. */
#ifndef SIM_CLI_EXPLORE_H
#define SIM_CLI_EXPLORE_H

#include <signal.h>

#include "sim/cli/cli.h"
#include "sim/cli/results.h"
#include "sim/explore/results.h"

#define EXPLORE_NO_BOUND	UINT64_MAX

/**
 * struct strategy - a way to search
 * @name: for --strategy
 * @kind: what it is
 * @samples: --executions of them, and a verdict that says "sampled"
 */
struct strategy {
	const char *name;
	enum search_kind kind;
	bool samples;
};

/**
 * struct reduction - what exhaustive search may leave out
 * @name: for --reduction
 * @orders: of steps that have nothing to do with one another, all but one
 * @states: what follows a state that was met
 */
struct reduction {
	const char *name;
	bool orders, states;
};

/**
 * struct explore - the verb while it runs
 * @verb: which one
 * @common: options of most verbs
 * @strategy: name of a strategy; NULL: it follows from the rest
 * @how: that strategy
 * @executions: how many; 0 the strategy's default
 * @seed: of random search
 * @preemptions: exhaustive: the last bound, or EXPLORE_NO_BOUND
 * @depth: pct: of the bugs that the guarantee is for
 * @choices: pct: that no execution exceeds; 0: measured
 * @reduction: exhaustive: name of one of reductions[]; NULL: the first
 * @reduce: what it is
 * @rerun: exhaustive: from the beginning each time, not by roll-back
 * @jobs: processes; 0: search in this one, and not by items
 * @memory: bytes that a search may take; 0 no bound
 * @seconds: budget of each search
 * @all_kernels: every profile the race holds for
 * @stop: end a search at its first violation
 * @whole: run each execution to its end, also where its rest is known
 * @shard: which items, "I/N"
 * @output: file for the results of the items
 * @checkpoint: file to begin from and to keep up to date
 * @path: the race's file
 * @cases: what to search
 * @results: what was found
 * @incomplete: why a case may lack results, in the words of a verdict; or NULL
 * @now: design being searched, for the progress line
 * @out: what the verdicts go to beside prose
 */
struct explore {
	const struct cli_verb *verb;
	struct cli_common common;
	const char *strategy;
	const struct strategy *how;
	uint64_t executions, seed, jobs, memory;
	uint64_t preemptions, depth, choices;
	const char *reduction;
	const struct reduction *reduce;
	double seconds;
	bool all_kernels, stop, whole, rerun;
	const char *shard, *output, *checkpoint;
	const char *path;
	struct race *race;
	struct expect_case *cases;
	struct cli_results results;
	const char *incomplete;
	const char *now;
	struct cli_out out;
};

#define EXPLORE_INIT(the_verb) { .verb = &(the_verb), .common = CLI_COMMON_INIT, .seed = 1, \
				 .preemptions = EXPLORE_NO_BOUND }

/* The signal that came, SIGINT or SIGTERM: searches end, reports do not. */
extern volatile sig_atomic_t explore_interrupted;

/* Are these names of a strategy that can be divided, and of a reduction? */
bool explore_knows(const char *strategy, const char *reduction);

/* Which strategy is meant. Return: 0, or a status with one line printed. */
int explore_find_strategy(struct explore *x);

/* Handle it; @once: a second one ends the program. */
void explore_catch_interrupt(bool once);

/* Which it was, in words. */
const char *explore_interrupt_words(void);

/* Somebody watches standard error. */
bool explore_wants_progress(void);

/* The cases that the options ask for. Return: how many; 0: see @ret_status. */
int explore_cases(struct explore *x, int *ret_status);

/* What to search for a case. */
void explore_configure(struct explore *x, const struct expect_case *c,
		       struct search_config *ret);

/*
 * Make the schedule of each check that was violated in @c as small as it gets,
 * and its replay line. Return: 0, or -errno with a line in @error.
 */
int explore_keep_found(struct cli_results *results, const struct expect_case *c,
		       const struct search_config *cfg, struct search_result *r, char *error,
		       size_t size);

/* Judge what a search of @c saw, which is freed. Return: an enum cli_status. */
int explore_conclude(struct explore *x, const struct expect_case *c,
		     const struct search_config *config, struct search_result *result);

/* Open what the verdicts go to, and print them there unless @status is a
 * failure already. Return: the command's status. */
int explore_open(struct explore *x);
int explore_print(struct explore *x, int status);
void explore_free(struct explore *x);

/*
 * Searching by work items (items.c): do the options ask for it, can they be
 * had together (0, or a status with one line printed), and doing it.
 */
bool explore_wants_items(const struct explore *x);
int explore_check_items(const struct explore *x);
int explore_by_items(struct explore *x, int n);

/* The options that results of items depend on, and back (CLI_OK, or -EINVAL
 * if pinsim did not write them). */
json_t *explore_pack_options(const struct explore *x);
int explore_unpack_options(struct explore *x, const json_t *options);

/* Conclude every one of the @n cases from @r. Return: an enum cli_status. */
int explore_conclude_items(struct explore *x, int n, const struct results *r);

#endif
