/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each strategy takes to come to the toy's planted bug (a page that moves
 * while it is referenced; three preemptions), as JSON: the median, over seeds,
 * of executions and of milliseconds to the first hit, at one vCPU and at two.
 *
 *	bench_strategies [--tiny]
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"
#include "sim/engine/arena.h"
#include "sim/engine/bug.h"
#include "sim/engine/undo.h"
#include "sim/explore/bounded.h"
#include "sim/explore/coverage.h"
#include "sim/explore/pct.h"
#include "sim/explore/random.h"
#include "tests/explore/toy.h"

#define MAX_SEEDS	100
#define LIMIT		1000000		/* executions; then a seed counts as so many */
#define DEPTH		4

/**
 * struct sampler - a strategy that draws its executions
 * @name: for the result
 * @seeds: over which the median is taken
 * @init: with a seed
 * @begin: each execution; NULL: nothing to do
 * @end: each execution; NULL: nothing to do
 * @free: or NULL
 */
struct sampler {
	const char *name;
	unsigned int seeds;
	struct sim_strategy *(*init)(uint64_t seed);
	void (*begin)(void);
	void (*end)(void);
	void (*free)(void);
};

/* One runs at a time. */
static struct sim_random uniform;
static struct sim_pct pct;
static struct sim_coverage coverage;

static struct sim_strategy *uniform_init(uint64_t seed)
{
	sim_random_init(&uniform, seed);
	return &uniform.strategy;
}

static struct sim_strategy *pct_init(uint64_t seed)
{
	sim_pct_init(&pct, seed, DEPTH, 0);
	return &pct.strategy;
}

static void pct_begin(void)
{
	sim_pct_begin(&pct);
}

static void pct_end(void)
{
	sim_pct_end(&pct);
}

static struct sim_strategy *coverage_init(uint64_t seed)
{
	sim_coverage_init(&coverage, seed);
	return &coverage.strategy;
}

static void coverage_begin(void)
{
	sim_coverage_begin(&coverage);
}

static void coverage_free(void)
{
	sim_coverage_free(&coverage);
}

static const struct sampler samplers[] = {
	{ "pct", MAX_SEEDS, pct_init, pct_begin, pct_end, NULL },
	{ "coverage", MAX_SEEDS, coverage_init, coverage_begin, NULL, coverage_free },
	{ "uniform", 15, uniform_init, NULL, NULL, NULL },
};

static bool hit(void)
{
	struct toy_result r;

	toy_result(&r);
	return r.violated;
}

/* Return: executions to the first hit, that one included. */
static uint64_t first_hit(const struct sampler *s, struct sim_marked_world *world, uint64_t seed)
{
	struct sim_strategy *strategy = s->init(seed);
	uint64_t n = 0;
	bool found = false;

	while (!found && n++ < LIMIT) {
		struct sim_exec exec = { .strategy = strategy, .max_steps = 1000, .last = -1 };

		if (s->begin)
			s->begin();
		SIM_BUG_ON(sim_exec_run(&exec) != SIM_END_DONE);
		if (s->end)
			s->end();
		found = hit();
		sim_marked_world_return(world);
	}
	if (s->free)
		s->free();
	return n;
}

static void tell(json_t *j, const char *strategy, double executions, double seconds,
		 unsigned int seeds)
{
	json_object_set_new(j, strategy, json_pack("{s:f, s:f, s:i}", "executions", executions,
						   "milliseconds", seconds * 1e3, "seeds", seeds));
}

static void measure_sampler(const struct sampler *s, int vcpus, bool tiny, json_t *j)
{
	double executions[MAX_SEEDS], seconds[MAX_SEEDS];
	unsigned int seeds = tiny ? 3 : s->seeds, i;
	struct sim_marked_world world;

	sim_arena_reset();
	toy_build(2, vcpus, true);
	sim_marked_world_take(&world, false);
	first_hit(s, &world, 0);
	for (i = 0; i < seeds; i++) {
		double start = bench_now();

		executions[i] = first_hit(s, &world, i + 1);
		seconds[i] = bench_now() - start;
	}
	sim_marked_world_free(&world);
	tell(j, s->name, bench_median(executions, seeds), bench_median(seconds, seeds), seeds);
}

static bool stop_at_hit(struct sim_dfs *dfs, enum sim_end end)
{
	return hit();
}

static double measure_bounded(void *arg)
{
	const int *vcpus = arg;
	struct sim_dfs dfs = { .done = stop_at_hit, .max_steps = 1000 };
	struct sim_bounded b = { .dfs = &dfs, .max = 3 };
	double start;

	sim_arena_reset();
	toy_build(2, *vcpus, true);
	sim_undo_on(true);
	start = bench_now();
	sim_bounded_run(&b);
	start = bench_now() - start;
	SIM_BUG_ON(b.nr_complete != 3 || !hit());
	return start;
}

static uint64_t count_bounded(int vcpus)
{
	struct sim_dfs dfs = { .done = stop_at_hit, .max_steps = 1000 };
	struct sim_bounded b = { .dfs = &dfs, .max = 3 };

	sim_arena_reset();
	toy_build(2, vcpus, true);
	sim_undo_on(true);
	sim_bounded_run(&b);
	return dfs.executions;
}

static json_t *with_vcpus(int vcpus, bool tiny)
{
	json_t *j = json_object();
	unsigned int i;

	for (i = 0; i < sizeof(samplers) / sizeof(samplers[0]); i++)
		measure_sampler(&samplers[i], vcpus, tiny, j);
	tell(j, "preemptions", count_bounded(vcpus), bench_measure(measure_bounded, &vcpus), 1);
	return j;
}

int main(int argc, char **argv)
{
	bool tiny = bench_tiny(&argc, argv);
	json_t *j;

	if (argc > 1) {
		fprintf(stderr, "usage: %s [--tiny]\n", argv[0]);
		return 2;
	}
	bench_stay_on_core();
	if (sim_arena_map()) {
		fprintf(stderr, "strategies: cannot map the arena\n");
		return 3;
	}
	j = json_object();
	json_object_set_new(j, "machine", bench_machine());
	json_object_set_new(j, "one_vcpu", with_vcpus(1, tiny));
	json_object_set_new(j, "two_vcpus", with_vcpus(2, tiny));
	sim_arena_unmap();
	bench_print(j);
	return 0;
}
