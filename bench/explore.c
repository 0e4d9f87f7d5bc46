/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What exploring a race costs, as JSON, for each design that the race speaks
 * of: exactly what "pinsim explore" does, its default machine, the ledger and
 * every check on, on one core.
 *
 *	bench_explore [--tiny] [--only KIND] FILE.race [EXECUTIONS]
 *
 * KIND random is seeded; exhaustive is depth-first by roll-back, the first
 * EXECUTIONS schedules in its order; whole is the same, but each of them is run
 * to its end, also where that is known from one before it; bounded is with 0,
 * 1, ... preemptions as long as EXECUTIONS go; reduced is exhaustive as pinsim
 * does it, with no bound but ten seconds; again compares running prefixes again
 * with rolling back, under partial-order reduction.  The second
 * rate is by processor time, for machines that are busy otherwise.  A design that
 * violates a check in its set-up has nothing to explore and is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "fakes/profile.h"
#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/explore/expect.h"
#include "sim/explore/search.h"
#include "sim/race/race.h"

#define EXECUTIONS	20000
#define TINY		200
#define UNROLL		3	/* as pinsim's own defaults */
#define MAX_STEPS	1000000
#define MAX_PREEMPTIONS	8
#define BOUNDED_STEPS	5000	/* where nobody may preempt a retry, it goes on */
#define BOUNDED_SECONDS	2	/* for one bound */

#define SECONDS		10
#define TINY_SECONDS	0.05
#define REDUCED_MEMORY	(1ULL << 30)	/* bytes */
#define AGAIN_EXECUTIONS 4000

struct asked {
	const struct race *race;
	const char *only;		/* kind; NULL: all of them */
	uint64_t executions;
	double seconds;			/* for one search without other bounds */
};

struct measured {
	double per_second, per_cpu_second;
	uint64_t executions, steps, known;
	uint64_t undo_words, undo_samples;
	bool complete;
};

/* Where the search has an execution's log still standing, now and then. */
static void sample_log(void *arg, uint64_t executions, uint64_t violations)
{
	struct measured *m = arg;

	(void)executions;
	(void)violations;
	m->undo_words += sim_undo_stores();
	m->undo_samples++;
}

static struct search_config config_of(const struct asked *a, const struct expect_case *c)
{
	return (struct search_config){
		.race = a->race,
		.design = c->design,
		.profile = kernel_profile_find(c->kernel),
		.checks = &c->checks,
		.executions = a->executions,
		.unroll = UNROLL,
		.max_steps = MAX_STEPS,
		.traces = SEARCH_TRACES,
	};
}

/* Return: 0, or 1 with a line said. */
static int search(const struct search_config *config, struct search_result *ret)
{
	char error[256] = "";

	if (!search_run(config, ret, error, sizeof(error)))
		return 0;
	fprintf(stderr, "explore: %s: %s\n", config->design, error);
	return 1;
}

/* Return: 0, or 1 with a line said. */
static int measure(struct search_config config, struct measured *m)
{
	double per_second[BENCH_ROUNDS], per_cpu_second[BENCH_ROUNDS];
	struct search_result result;
	int i;

	*m = (struct measured){ .executions = 0 };
	config.progress = sample_log;
	config.progress_arg = m;
	for (i = -1; i < BENCH_ROUNDS; i++) {
		double start = bench_now(), cpu_start = bench_cpu_now();

		/* The first round warms up. */
		config.seed = i + 2;
		if (search(&config, &result))
			return 1;
		m->complete = result.complete;
		if (i >= 0) {
			per_second[i] = result.executions / (bench_now() - start);
			per_cpu_second[i] = result.executions / (bench_cpu_now() - cpu_start);
			m->executions += result.executions;
			m->steps += result.steps;
			m->known += result.known;
		}
		search_result_free(&result);
	}
	m->per_second = bench_median(per_second, BENCH_ROUNDS);
	m->per_cpu_second = bench_median(per_cpu_second, BENCH_ROUNDS);
	return 0;
}

/*
 * Steps are those of executions that were run or known; depth first only those
 * that are new after a roll-back.
 */
static json_t *rates(const struct measured *m)
{
	double steps = (double)m->steps / m->executions;
	double words = m->undo_samples ? (double)m->undo_words / m->undo_samples : 0;

	return json_pack("{s:I, s:I, s:b, s:f, s:f, s:f, s:f, s:f}",
			 "executions", (json_int_t)m->executions / BENCH_ROUNDS,
			 "known", (json_int_t)m->known / BENCH_ROUNDS,
			 "complete", m->complete,
			 "executions_per_second", m->per_second,
			 "executions_per_cpu_second", m->per_cpu_second,
			 "steps_per_execution", steps,
			 "ns_per_step", 1e9 / m->per_second / steps,
			 "undo_words_per_execution", words);
}

/*
 * All executions with 0, then with up to 1, ... preemptions, each from the
 * beginning; one round, as long as they are no more than was asked for.
 */
static int bounded(struct search_config config, json_t *array)
{
	config.kind = SEARCH_BOUNDED;
	config.max_steps = BOUNDED_STEPS;
	config.seconds = BOUNDED_SECONDS;
	for (config.preemptions = 0; config.preemptions <= MAX_PREEMPTIONS; config.preemptions++) {
		double start = bench_now();
		struct search_result result;
		bool whole, last;

		if (search(&config, &result))
			return 1;
		whole = !result.timed_out &&
			(result.nr_bounds > config.preemptions || result.complete);
		last = result.complete || !whole;
		if (whole)
			json_array_append_new(array,
					      json_pack("{s:I, s:I, s:I, s:I, s:f}",
							"preemptions",
							(json_int_t)config.preemptions,
							"executions",
							(json_int_t)result.executions,
							"cut", (json_int_t)result.bounded,
							"steps", (json_int_t)result.steps,
							"seconds", bench_now() - start));
		search_result_free(&result);
		if (last)
			break;
	}
	return 0;
}

/* All that can happen; a median if it does not take long. */
static int reduced(struct search_config config, double seconds, json_t *j)
{
	double v[BENCH_ROUNDS];
	struct search_result result;
	bool complete;
	int i, n = BENCH_ROUNDS;

	config.kind = SEARCH_DFS;
	config.executions = 0;
	config.seconds = seconds;
	config.memory = REDUCED_MEMORY;
	config.reduce = true;
	config.states = true;
	for (i = 0; i < n; i++) {
		double start = bench_now();

		if (search(&config, &result))
			return 1;
		v[i] = bench_now() - start;
		complete = result.complete;
		if (i == 0)
			json_object_set_new(j, "reduced",
					    json_pack("{s:b, s:I, s:I, s:s}",
						      "complete", complete, "executions",
						      (json_int_t)result.executions, "steps",
						      (json_int_t)result.steps, "covered",
						      result.covered));
		search_result_free(&result);
		if (!complete || v[i] > seconds / 10)
			n = i + 1;
	}
	json_object_set_new(json_object_get(j, "reduced"), "seconds",
			    json_real(bench_median(v, n)));
	return 0;
}

struct counts {
	uint64_t executions, length, path_steps, new_steps;
	double back_seconds;
};

/* Return: processor time of a search; negative with a line said. */
static double timed(struct search_config config, bool rerun, uint64_t executions,
		    struct counts *ret)
{
	double start = bench_cpu_now();
	struct search_result result;

	config.rerun = rerun;
	config.executions = executions;
	if (search(&config, &result))
		return -1;
	start = bench_cpu_now() - start;
	*ret = (struct counts){ result.executions, result.length, result.path_steps,
				 result.new_steps, result.back_seconds };
	search_result_free(&result);
	return start;
}

/*
 * The part of its time that a search by roll-back spends going back. By the
 * clock, both of it: asking for processor time takes as long as going back.
 *
 * Return: 0, or 1 with a line said.
 */
static int back_share(struct search_config config, double *ret)
{
	struct counts first, all;
	double start = bench_now(), middle;

	config.clock = bench_now;
	if (timed(config, false, 1, &first) < 0)
		return 1;
	middle = bench_now();
	if (timed(config, false, config.executions, &all) < 0)
		return 1;
	*ret = (all.back_seconds - first.back_seconds) /
	       (bench_now() - middle - (middle - start));
	return 0;
}

/*
 * The same executions, turn by turn. What a search takes that ends after its
 * first execution is taken off: building the world, and learning what steps may
 * touch. If going back were for nothing and each step cost the same, the ratio
 * would be that of the steps of all paths to those that are new. They do not:
 * if_back_were_free is what it would be with the steps as they are.
 */
static int again(struct search_config config, json_t *j)
{
	double v[2][BENCH_ROUNDS], ratio[BENCH_ROUNDS], share, n;
	struct counts c[2];
	int i, k;

	config.kind = SEARCH_DFS;
	config.reduce = true;
	config.max_steps = BOUNDED_STEPS;
	if (config.executions > AGAIN_EXECUTIONS)
		config.executions = AGAIN_EXECUTIONS;
	for (i = 0; i < BENCH_ROUNDS; i++) {
		for (k = 0; k < 2; k++) {
			double first = timed(config, k, 1, &c[k]);
			double all = timed(config, k, config.executions, &c[k]);

			if (first < 0 || all < 0)
				return 1;
			v[k][i] = all - first;
		}
		ratio[i] = v[1][i] / v[0][i];
	}
	if (back_share(config, &share))
		return 1;
	n = c[0].executions;
	/* Nobody went back. */
	if (n < 2)
		return 0;
	json_object_set_new(j, "again",
			    json_pack("{s:f, s:b, s:f, s:f, s:f, s:f, s:f, s:f, s:f}",
				      "executions", n,
				      "same_executions",
				      c[0].executions == c[1].executions &&
				      c[0].path_steps == c[1].path_steps,
				      "steps_per_execution", c[0].length / n,
				      "new_steps_per_execution", c[0].new_steps / n,
				      "all_steps_to_new",
				      (double)c[0].path_steps / c[0].new_steps,
				      "rollback_seconds", bench_median(v[0], BENCH_ROUNDS),
				      "rerun_seconds", bench_median(v[1], BENCH_ROUNDS),
				      "rerun_to_rollback", bench_median(ratio, BENCH_ROUNDS),
				      "if_back_were_free",
				      bench_median(ratio, BENCH_ROUNDS) / (1 - share)));
	return 0;
}

static bool wanted(const struct asked *a, const char *kind)
{
	return !a->only || !strcmp(a->only, kind);
}

/* Is there nothing to explore, as the set-up itself violates a check? */
static int is_born_violated(struct search_config config, bool *ret)
{
	struct search_result result;

	config.kind = SEARCH_ONE;
	if (search(&config, &result))
		return 1;
	*ret = result.complete;
	search_result_free(&result);
	return 0;
}

/* One kind, if it is asked for. Return: 0, or 1 with a line said. */
static int tell(const struct asked *a, struct search_config config, const char *kind, json_t *j)
{
	struct measured m;

	if (!wanted(a, kind))
		return 0;
	if (measure(config, &m))
		return 1;
	json_object_set_new(j, kind, rates(&m));
	return 0;
}

/* Return: 0, or 1 with a line said. */
static int explore_design(const struct asked *a, const struct expect_case *c, json_t *designs)
{
	struct search_config config = config_of(a, c);
	json_t *j, *array;
	bool born_violated;
	int failed;

	if (is_born_violated(config, &born_violated))
		return 1;
	if (born_violated)
		return 0;
	j = json_pack("{s:s, s:s}", "design", c->design, "kernel", c->kernel);
	json_array_append_new(designs, j);
	config.kind = SEARCH_RANDOM;
	failed = tell(a, config, "random", j);
	config.kind = SEARCH_DFS;
	failed = failed || tell(a, config, "exhaustive", j);
	config.whole = true;
	failed = failed || tell(a, config, "whole", j);
	config.whole = false;
	if (!failed && wanted(a, "reduced"))
		failed = reduced(config, a->seconds, j);
	if (!failed && wanted(a, "again"))
		failed = again(config, j);
	if (!failed && wanted(a, "bounded")) {
		array = json_array();
		json_object_set_new(j, "bounded", array);
		failed = bounded(config, array);
	}
	return failed;
}

static int explore(const struct asked *a, struct expect_case *cases)
{
	const struct expect_filter filter = { .kernel = NULL };
	json_t *j = json_object(), *designs = json_array();
	char error[256] = "";
	int n, i, failed = 0;

	n = expect_cases(a->race, &filter, cases, EXPECT_MAX_CASES, error, sizeof(error));
	if (n < 0) {
		fprintf(stderr, "explore: %s\n", error);
		failed = 1;
	}
	for (i = 0; !failed && i < n; i++)
		failed = explore_design(a, &cases[i], designs);
	json_object_set_new(j, "machine", bench_machine());
	json_object_set_new(j, "race", json_string(a->race->name.s));
	json_object_set_new(j, "executions", json_integer(a->executions));
	json_object_set_new(j, "rounds", json_integer(BENCH_ROUNDS));
	json_object_set_new(j, "designs", designs);
	json_object_set_new(j, "resident_kib", json_integer(bench_resident_kib()));
	bench_print(j);
	return failed;
}

static int usage(const char *program)
{
	fprintf(stderr, "usage: %s [--tiny] [--only random|exhaustive|whole|bounded|reduced|again] "
		"FILE.race [EXECUTIONS]\n", program);
	return 2;
}

int main(int argc, char **argv)
{
	bool tiny = bench_tiny(&argc, argv);
	struct asked a = {
		.executions = tiny ? TINY : EXECUTIONS,
		.seconds = tiny ? TINY_SECONDS : SECONDS,
	};
	const char *program = argv[0];
	struct expect_case *cases;
	struct race_error err;
	struct race *race;
	int failed;

	if (argc > 2 && !strcmp(argv[1], "--only")) {
		a.only = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 2 || argc > 3 || argv[1][0] == '-')
		return usage(program);
	if (argc > 2)
		a.executions = strtoull(argv[2], NULL, 10);
	bench_stay_on_core();
	race = race_parse_file(argv[1], &err);
	if (!race) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	cases = calloc(EXPECT_MAX_CASES, sizeof(*cases));
	if (!cases || sim_arena_map()) {
		fprintf(stderr, "explore: cannot map the arena\n");
		return 3;
	}
	a.race = race;
	failed = explore(&a, cases);
	sim_arena_unmap();
	free(cases);
	race_free(race);
	return failed;
}
