/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A search: one race, one design, one kernel profile, some set of executions.
 *
 * The world is built once.  Each execution runs the race's tasks to their end
 * (safety: conditions are judged there), then tears everything down as the
 * last task would (liveness: nothing may be left), then goes back to the built
 * world.  What is remembered of an execution is its schedule and its verdict.
 */
#ifndef SIM_EXPLORE_SEARCH_H
#define SIM_EXPLORE_SEARCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/check/check.h"
#include "sim/explore/exec.h"
#include "sim/explore/finals.h"
#include "sim/explore/schedule.h"
#include "sim/race/model.h"

struct kernel_profile;
struct work;

enum search_kind {
	SEARCH_ONE,		/* one schedule: the default one, or search_config.replay */
	SEARCH_RANDOM,		/* seeded, search_config.executions of them */
	SEARCH_DFS,		/* every schedule */
	SEARCH_BOUNDED,		/* those with 0, 1, ... preemptions: bounded.h */
	SEARCH_PCT,		/* like RANDOM, by priorities: pct.h */
	SEARCH_COVERAGE,	/* like RANDOM, preferring what is new: coverage.h */
	SEARCH_WORK,		/* none: list the work items; see work.h */
};

/**
 * struct search_config - what to search
 * @race: the question; outlives the search
 * @design: "demand-late:in-map"
 * @profile: kernel profile
 * @checks: enabled checks
 * @kind: how
 * @seed: RANDOM: where the sequence starts
 * @executions: RANDOM: how many; DFS: stop after so many, 0 no bound
 * @seconds: stop after so long, 0 no bound. A search cut by it is never
 *	repeated exactly; its verdict says so.
 * @unroll: re-entries of one fault before an execution is "bounded"
 * @max_steps: of one execution
 * @memory: stop when the process has more than so many bytes, 0 no bound
 * @prefix: DFS: the answers to the first choices; only executions that begin
 *	so are searched
 * @nr_prefix: how many
 * @reduce: DFS: leave orders of independent steps out
 * @states: DFS: leave out what follows a state that was met
 * @rerun: DFS: run prefixes again instead of rolling back
 * @clock: with reduction: tells seconds, to measure what going back takes
 * @finals: collect the set of final states
 * @work: WORK: the list to fill
 * @interrupted: ends the search like @seconds once it is not 0; may be NULL
 * @stop_at_violation: end the search at the first one
 * @verify_rollback: compare the world with a copy after each roll-back
 * @replay: ONE: the schedule to follow
 * @cycles: ONE: end where a fair cycle of states ends. Where that is depends on
 *	what a compiler leaves on stacks, so only who has found one asks for it
 * @accesses: each access of code under test is a step: --grain access
 * @hold: ONE: leave the world as the tasks left it, nothing torn down; what is
 *	only seen in the tear-down is not, then
 * @trace: keep the records of the execution, ONE
 * @whole: run each execution to its end, also where what follows is known
 * @keep_last: RANDOM: keep the schedule of the last execution
 * @preemptions: BOUNDED: the last bound
 * @depth: PCT: d
 * @k: PCT: choices that no execution exceeds; 0: measured
 * @traces: of so many sampled executions, the first ones, traces are counted
 * @violated: called for each execution that violates something, with what and
 *	with its choices, while the world stands as it ended; true ends the
 *	search. May be NULL
 * @progress: called now and then, may be NULL
 */
struct search_config {
	const struct race *race;
	const char *design;
	const struct kernel_profile *profile;
	const struct check_set *checks;
	enum search_kind kind;
	uint64_t seed;
	uint64_t executions;
	double seconds;
	uint32_t unroll;
	uint64_t max_steps;
	uint64_t memory;
	const uint32_t *prefix;
	size_t nr_prefix;
	bool reduce, states, rerun;
	double (*clock)(void);
	bool finals;
	struct work *work;
	const volatile sig_atomic_t *interrupted;
	bool stop_at_violation;
	bool verify_rollback;
	const struct schedule *replay;
	bool cycles;
	bool accesses;
	bool hold;
	bool trace;
	bool whole;
	bool keep_last;
	uint32_t preemptions, depth;
	uint64_t k, traces;
	bool (*violated)(void *arg, const struct check_watch *checks, const uint32_t *choices,
			 size_t n);
	void *violated_arg;
	void (*progress)(void *arg, uint64_t executions, uint64_t violations);
	void *progress_arg;
};

/* How many of a sample's traces are worth counting: it takes its time. */
#define SEARCH_TRACES	250

#define SEARCH_MAX_FOUND	32

/**
 * struct search_found - one check that was violated
 * @violation: the first one seen of this check, its text in words
 * @schedule: the execution it was seen in
 * @executions: how many executions this check ended
 */
struct search_found {
	struct violation violation;
	struct schedule schedule;
	uint64_t executions;
};

/**
 * struct search_cond - how often a condition was true at the end
 * @cond: an expectation's condition, or the race's exists or always
 * @positive: executions at whose end it was true
 * @negative: and false
 */
struct search_cond {
	const struct race_cond *cond;
	uint64_t positive, negative;
};

/**
 * struct search_result - what was seen
 * @executions: in all
 * @steps: taken by tasks, in all
 * @length: steps that the executions are long, to the end of the tear-down or to
 *	where what follows was known, whoever took them first
 * @path_steps: with reduction: steps that all executions are long before the tear-down,
 *	those cut off included
 * @new_steps: of these, taken only once by those that share them
 * @back_seconds: that going back took, if there is a clock
 * @violated: executions that ended in a violation
 * @bounded: executions cut by @unroll or @max_steps
 * @known: executions that were not run to their end, as it was known
 * @blocked: DFS: paths cut off as explored in another order
 * @pruned: and at a state that was met
 * @states: that were met; items of one search count theirs each
 * @complete: DFS, BOUNDED: every schedule was run
 * @nr_bounds: BOUNDED: bounds that were searched to their end
 * @timed_out: @seconds ended it, or @interrupted
 * @over_memory: @memory ended it
 * @finals: final states of the executions that came to their end; with
 *	config->finals only
 * @unexpected: statements that yielded a result which their arrow does not name
 * @found: by check, in the order first seen
 * @conds: exists, always, then each expectation's own
 * @nr_choices_max: longest schedule met
 * @covered: one line on what was covered; "" if there is nothing to say
 */
struct search_result {
	uint64_t executions, steps, length, path_steps, new_steps, violated, bounded, known;
	double back_seconds;
	bool complete, timed_out, over_memory, diverged;
	struct finals finals;
	uint32_t nr_bounds;
	uint64_t unexpected;
	char unexpected_text[256];
	struct search_found found[SEARCH_MAX_FOUND];
	unsigned int nr_found;
	struct search_cond *conds;
	unsigned int nr_conds;
	uint64_t nr_choices_max;
	uint64_t blocked, pruned, states;
	char covered[400];
	/* of the last execution: */
	struct schedule last;
	uint32_t preemptions;	/* of ONE and BOUNDED */
	uint64_t checksum;	/* of its sequence of steps; with trace only */
	enum sim_end end;
};

/**
 * search_run() - build the world and search.
 * @ret_error: one line in words when the world cannot be built
 *
 * The world stays as the last execution left it when kind is ONE, so that
 * reports can look at it through the probes.
 * Context: host; one search at a time in a process.
 * Return: 0; -EINVAL with @ret_error set.
 */
int search_run(const struct search_config *config, struct search_result *ret_result,
	       char *ret_error, size_t error_size);
/* The list of conditions that a search of @race counts. Return: 0 or -ENOMEM. */
int search_conds(const struct race *race, struct search_result *result);
void search_result_free(struct search_result *result);

/* Begin what was covered: how many executions ran. Return: its length. */
size_t search_say_executions(struct search_result *r, uint64_t executions, bool reduced,
			     uint64_t blocked);

#endif
