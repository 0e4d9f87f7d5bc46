/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the ground floor costs, as JSON: nanoseconds for a switch (one way; and
 * as a ratio to Boost.Context's, where that is installed), a step (scheduler
 * and both switches included), a logged store and its roll-back, a point at
 * which the search branches, and complete searches of the toy and of two tasks
 * that take empty steps.
 *
 *	bench_core [--tiny]
 */
#include <stdbool.h>
#include <stdio.h>

#include "bench/core_world.h"
#include "bench/fcontext.h"
#include "bench/measure.h"
#include "sim/engine/arena.h"
#include "sim/engine/bug.h"
#include "sim/engine/fiber.h"
#include "sim/engine/undo.h"
#include "sim/explore/dfs.h"
#include "sim/explore/random.h"
#include "tests/explore/toy.h"

/**
 * struct sizes - how much is done for one figure
 * @switches: to a fiber and back
 * @steps: of one task alone
 * @stores: that are logged, and rolled back
 * @randoms: executions
 * @empty: steps of each of two tasks
 * @empty_schedules: ways in which these can go: C(2n, n)
 * @retries: of the larger toy
 * @toy_schedules: of it
 */
static const struct sizes {
	uint64_t switches, steps, stores, randoms;
	uint64_t empty, empty_schedules;
	int retries;
	uint64_t toy_schedules;
} full = {
	2000000, 2000000, 1000000, 200000, 12, 2704156, 2, 728204,
}, tiny = {
	1000, 1000, 1000, 100, 6, 924, 1, 108861,
};

struct bench {
	const struct sizes *size;
	uint64_t steps;			/* of the search that ended last */
};

static double measure_switch(void *arg)
{
	const struct bench *b = arg;
	double start;

	sim_arena_reset();
	sim_fiber_init(0, bench_yield, (void *)b->size->switches);
	start = bench_now();
	while (sim_fiber_resume(0) != SIM_YIELD_EXIT)
		;
	return (bench_now() - start) / (2 * b->size->switches) * 1e9;
}

/* Turn by turn, so that what disturbs one disturbs the other. */
static void tell_switch(struct bench *b, json_t *j)
{
	double ours[BENCH_ROUNDS], theirs[BENCH_ROUNDS], ratio[BENCH_ROUNDS];
	double fcontext;
	int i;

	for (i = -1; i < BENCH_ROUNDS; i++) {
		double ns = measure_switch(b);

		fcontext = bench_fcontext(b->size->switches) / (2 * b->size->switches) * 1e9;
		if (i < 0)
			continue;
		ours[i] = ns;
		theirs[i] = fcontext;
		ratio[i] = ns / fcontext;
	}
	json_object_set_new(j, "switch_ns", json_real(bench_median(ours, BENCH_ROUNDS)));
	if (fcontext < 0)
		return;
	json_object_set_new(j, "fcontext_switch_ns",
			    json_real(bench_median(theirs, BENCH_ROUNDS)));
	json_object_set_new(j, "switch_ratio_to_fcontext",
			    json_real(bench_median(ratio, BENCH_ROUNDS)));
}

/*
 * Who is told of each step has the task come back for it; a task that is alone
 * and that nobody looks at takes its steps without.
 */
static void stepped(struct sim_exec *exec, unsigned int task)
{
}

static double measure_step(void *arg)
{
	const struct bench *b = arg;
	struct sim_random r;
	struct sim_exec exec = {
		.strategy = &r.strategy,
		.max_steps = 2 * b->size->steps,
		.stepped = stepped,
		.last = -1,
	};
	double start;

	sim_arena_reset();
	sim_random_init(&r, 1);
	bench_build_steps(b->size->steps);
	sim_undo_on(true);
	start = bench_now();
	SIM_BUG_ON(sim_exec_run(&exec) != SIM_END_DONE);
	return (bench_now() - start) / b->size->steps * 1e9;
}

static void tell_stores(const struct bench *b, json_t *j)
{
	double store[BENCH_ROUNDS], back[BENCH_ROUNDS];
	uint64_t n = b->size->stores;
	int i;

	sim_arena_reset();
	bench_build_words();
	sim_undo_on(true);
	for (i = -1; i < BENCH_ROUNDS; i++) {
		struct sim_mark mark = sim_undo_mark();
		double start = bench_now(), middle, end;

		bench_store(n);
		middle = bench_now();
		sim_undo_to(mark);
		end = bench_now();
		if (i < 0)
			continue;	/* warms the log's pages */
		store[i] = (middle - start) / n * 1e9;
		back[i] = (end - middle) / n * 1e9;
	}
	json_object_set_new(j, "logged_store_ns", json_real(bench_median(store, BENCH_ROUNDS)));
	json_object_set_new(j, "rollback_per_store_ns",
			    json_real(bench_median(back, BENCH_ROUNDS)));
}

/* All schedules of the world that was built. Return: seconds. */
static double search_all(struct bench *b, uint64_t expect)
{
	struct sim_dfs dfs = { .max_steps = 1000 };
	double start;

	sim_undo_on(true);
	start = bench_now();
	sim_dfs_run(&dfs);
	start = bench_now() - start;
	SIM_BUG_ON(!dfs.complete || dfs.executions != expect);
	b->steps = dfs.steps;
	return start;
}

static double measure_toy1(void *arg)
{
	sim_arena_reset();
	toy_build(1, 1, false);
	return search_all(arg, 108861);
}

static double measure_toy2(void *arg)
{
	struct bench *b = arg;

	sim_arena_reset();
	toy_build(b->size->retries, 1, false);
	return search_all(b, b->size->toy_schedules);
}

static double measure_empty(void *arg)
{
	struct bench *b = arg;

	sim_arena_reset();
	bench_build_two(b->size->empty);
	return search_all(b, b->size->empty_schedules);
}

static void tell_toys(struct bench *b, json_t *j)
{
	double toy = bench_measure(measure_toy1, b);

	json_object_set_new(j, "toy1_schedules", json_integer(108861));
	json_object_set_new(j, "toy1_seconds", json_real(toy));
	toy = bench_measure(measure_toy2, b);
	json_object_set_new(j, "toy2_schedules", json_integer(b->size->toy_schedules));
	json_object_set_new(j, "toy2_seconds", json_real(toy));
	json_object_set_new(j, "toy2_steps", json_integer(b->steps));
	json_object_set_new(j, "toy2_schedules_per_second",
			    json_real(b->size->toy_schedules / toy));
}

/*
 * One task of empty steps, and two: nothing but what a search costs, turn by
 * turn.  A point at which two tasks can go on is met once for each schedule but
 * the last; what it costs is what the steps between do not.
 */
static void tell_empty(struct bench *b, json_t *j)
{
	double step[BENCH_ROUNDS], seconds[BENCH_ROUNDS], branch[BENCH_ROUNDS];
	double schedules = b->size->empty_schedules;
	int i;

	for (i = -1; i < BENCH_ROUNDS; i++) {
		double ns = measure_step(b), all = measure_empty(b);

		if (i < 0)
			continue;
		step[i] = ns;
		seconds[i] = all;
		branch[i] = (all * 1e9 - b->steps * ns) / (schedules - 1);
	}
	json_object_set_new(j, "step_ns", json_real(bench_median(step, BENCH_ROUNDS)));
	json_object_set_new(j, "branch_ns", json_real(bench_median(branch, BENCH_ROUNDS)));
	json_object_set_new(j, "empty_tasks_steps", json_integer(b->size->empty));
	json_object_set_new(j, "empty_schedules", json_integer(b->size->empty_schedules));
	json_object_set_new(j, "empty_steps", json_integer(b->steps));
	json_object_set_new(j, "empty_seconds", json_real(bench_median(seconds, BENCH_ROUNDS)));
	json_object_set_new(j, "empty_schedule_ns",
			    json_real(bench_median(seconds, BENCH_ROUNDS) * 1e9 / schedules));
}

static double measure_random(void *arg)
{
	const struct bench *b = arg;
	struct sim_marked_world m;
	struct sim_random r;
	struct sim_exec exec = { .strategy = &r.strategy, .last = -1 };
	uint64_t i;
	double start;

	sim_arena_reset();
	toy_build(b->size->retries, 1, false);
	sim_random_init(&r, 1);
	SIM_BUG_ON(sim_exec_start(&exec) != SIM_END_DONE);
	sim_marked_world_take(&m, false);
	start = bench_now();
	for (i = 0; i < b->size->randoms; i++) {
		exec.last = -1;
		exec.steps = 0;
		exec.max_steps = 1000;
		SIM_BUG_ON(sim_exec_run(&exec) != SIM_END_DONE);
		sim_marked_world_return(&m);
	}
	start = bench_now() - start;
	sim_marked_world_free(&m);
	return b->size->randoms / start;
}

int main(int argc, char **argv)
{
	struct bench b = { .size = bench_tiny(&argc, argv) ? &tiny : &full };
	json_t *j;

	if (argc > 1) {
		fprintf(stderr, "usage: %s [--tiny]\n", argv[0]);
		return 2;
	}
	bench_stay_on_core();
	if (sim_arena_map()) {
		fprintf(stderr, "core: cannot map the arena\n");
		return 3;
	}
	j = json_object();
	json_object_set_new(j, "machine", bench_machine());
	tell_switch(&b, j);
	tell_stores(&b, j);
	tell_toys(&b, j);
	tell_empty(&b, j);
	json_object_set_new(j, "toy2_random_per_second",
			    json_real(bench_measure(measure_random, &b)));
	json_object_set_new(j, "resident_kib", json_integer(bench_resident_kib()));
	sim_arena_unmap();
	bench_print(j);
	return 0;
}
