/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What random exploration of a race costs, as JSON, for each design that the
 * race speaks of: exactly what "pinsim explore" does, its default machine, the
 * ledger and every check on, on one core.
 *
 *	bench_explore FILE.race [EXECUTIONS]
 *
 * The second rate is by processor time, for machines that are busy otherwise.
 * A design that violates a check in its set-up has nothing to explore and is
 * left out.
 */
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "fakes/profile.h"
#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/explore/expect.h"
#include "sim/explore/search.h"
#include "sim/race/race.h"

#define ROUNDS		5
#define EXECUTIONS	20000
#define UNROLL		8	/* as pinsim's own defaults */
#define MAX_STEPS	1000000

struct measured {
	double per_second[ROUNDS], per_cpu_second[ROUNDS];
	uint64_t executions, steps;
	uint64_t undo_words, undo_samples;
	bool born_violated;
};

static double now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Where the search has an execution's log still standing, now and then. */
static void sample_log(void *arg, uint64_t executions, uint64_t violations)
{
	struct measured *m = arg;

	(void)executions;
	(void)violations;
	m->undo_words += sim_undo_stores();
	m->undo_samples++;
}

static void pin_to_this_core(void)
{
	int cpu = sched_getcpu();
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* Not allowed to, the figures are a little less steady. */
	(void)sched_setaffinity(0, sizeof(set), &set);
}

static long resident_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* Return: 0, or 1 with a line said. */
static int measure(const struct race *race, const struct expect_case *c, uint64_t executions,
		   struct measured *m)
{
	struct search_config config = {
		.race = race,
		.design = c->design,
		.profile = kernel_profile_find(c->kernel),
		.checks = &c->checks,
		.kind = SEARCH_RANDOM,
		.executions = executions,
		.unroll = UNROLL,
		.max_steps = MAX_STEPS,
		.progress = sample_log,
		.progress_arg = m,
	};
	struct search_result result;
	char error[256] = "";
	double start, cpu_start;
	int i;

	for (i = -1; i < ROUNDS; i++) {
		/* The first round warms up. */
		config.seed = i + 2;
		start = now(CLOCK_MONOTONIC);
		cpu_start = now(CLOCK_PROCESS_CPUTIME_ID);
		if (search_run(&config, &result, error, sizeof(error))) {
			fprintf(stderr, "explore: %s: %s\n", c->design, error);
			return 1;
		}
		m->born_violated = result.complete;
		if (i >= 0) {
			m->per_second[i] = result.executions / (now(CLOCK_MONOTONIC) - start);
			m->per_cpu_second[i] = result.executions /
					       (now(CLOCK_PROCESS_CPUTIME_ID) - cpu_start);
			m->executions += result.executions;
			m->steps += result.steps;
		}
		search_result_free(&result);
	}
	qsort(m->per_second, ROUNDS, sizeof(m->per_second[0]), by_value);
	qsort(m->per_cpu_second, ROUNDS, sizeof(m->per_cpu_second[0]), by_value);
	return 0;
}

static json_t *tell(const struct expect_case *c, const struct measured *m)
{
	double per_second = m->per_second[ROUNDS / 2];
	double steps = (double)m->steps / m->executions;
	double words = m->undo_samples ? (double)m->undo_words / m->undo_samples : 0;

	return json_pack("{s:s, s:s, s:f, s:f, s:f, s:f, s:f}",
			 "design", c->design, "kernel", c->kernel,
			 "executions_per_second", per_second,
			 "executions_per_cpu_second", m->per_cpu_second[ROUNDS / 2],
			 "steps_per_execution", steps,
			 "ns_per_step", 1e9 / per_second / steps,
			 "undo_words_per_execution", words);
}

static int explore(const struct race *race, struct expect_case *cases, uint64_t executions)
{
	const struct expect_filter filter = { .kernel = NULL };
	json_t *j = json_object(), *designs = json_array();
	char error[256] = "";
	int n, i, failed = 0;

	n = expect_cases(race, &filter, cases, EXPECT_MAX_CASES, error, sizeof(error));
	if (n < 0) {
		fprintf(stderr, "explore: %s\n", error);
		failed = 1;
	}
	for (i = 0; !failed && i < n; i++) {
		struct measured m = { .executions = 0 };

		failed = measure(race, &cases[i], executions, &m);
		if (!failed && !m.born_violated)
			json_array_append_new(designs, tell(&cases[i], &m));
	}
	json_object_set_new(j, "race", json_string(race->name.s));
	json_object_set_new(j, "executions", json_integer(executions));
	json_object_set_new(j, "rounds", json_integer(ROUNDS));
	json_object_set_new(j, "designs", designs);
	json_object_set_new(j, "resident_kib", json_integer(resident_kib()));
	json_dumpf(j, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(5));
	putchar('\n');
	json_decref(j);
	return failed;
}

int main(int argc, char **argv)
{
	struct expect_case *cases;
	struct race_error err;
	struct race *race;
	int failed;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: %s FILE.race [EXECUTIONS]\n", argv[0]);
		return 2;
	}
	pin_to_this_core();
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
	failed = explore(race, cases, argc > 2 ? strtoull(argv[2], NULL, 10) : EXECUTIONS);
	sim_arena_unmap();
	free(cases);
	race_free(race);
	return failed;
}
