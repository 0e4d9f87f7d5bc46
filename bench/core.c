/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the ground floor costs, as JSON: nanoseconds for a switch (one way), a
 * step (scheduler and both switches included), a logged store and its
 * roll-back, and complete searches of the toy.  Medians of ROUNDS rounds.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/core_world.h"
#include "sim/engine/arena.h"
#include "sim/engine/bug.h"
#include "sim/engine/fiber.h"
#include "sim/engine/undo.h"
#include "sim/explore/dfs.h"
#include "sim/explore/random.h"
#include "tests/explore/toy.h"

#define ROUNDS	5
#define MANY	2000000ULL
#define STORES	1000000ULL

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Median of what a measurement returns. */
static double median(double (*measure)(void))
{
	double v[ROUNDS];
	int i;

	for (i = 0; i < ROUNDS; i++) {
		sim_arena_reset();
		v[i] = measure();
	}
	qsort(v, ROUNDS, sizeof(v[0]), by_value);
	return v[ROUNDS / 2];
}

static double measure_switch(void)
{
	double start;

	sim_fiber_init(0, bench_yield, (void *)MANY);
	start = now();
	while (sim_fiber_resume(0) != SIM_YIELD_EXIT)
		;
	return (now() - start) / (2 * MANY) * 1e9;
}

static double measure_step(void)
{
	struct sim_random r;
	struct sim_exec exec = {
		.strategy = &r.strategy,
		.max_steps = 2 * MANY,
		.last = -1,
	};
	double start;

	sim_random_init(&r, 1);
	bench_build_steps(MANY);
	sim_undo_on(true);
	start = now();
	SIM_BUG_ON(sim_exec_run(&exec) != SIM_END_DONE);
	return (now() - start) / MANY * 1e9;
}

static double store_ns, rollback_ns;

static void measure_stores(void)
{
	double store[ROUNDS], back[ROUNDS];
	int i;

	sim_arena_reset();
	bench_build_words();
	sim_undo_on(true);
	for (i = -1; i < ROUNDS; i++) {
		struct sim_mark mark = sim_undo_mark();
		double start = now(), middle, end;

		bench_store(STORES);
		middle = now();
		sim_undo_to(mark);
		end = now();
		if (i < 0)
			continue;	/* warms the log's pages */
		store[i] = (middle - start) / STORES * 1e9;
		back[i] = (end - middle) / STORES * 1e9;
	}
	qsort(store, ROUNDS, sizeof(store[0]), by_value);
	qsort(back, ROUNDS, sizeof(back[0]), by_value);
	store_ns = store[ROUNDS / 2];
	rollback_ns = back[ROUNDS / 2];
}

static uint64_t toy_schedules, toy_steps;

static double measure_toy(int retries, uint64_t expect)
{
	struct sim_dfs dfs = { .max_steps = 1000 };
	double start;

	toy_build(retries, 1, false);
	sim_undo_on(true);
	start = now();
	sim_dfs_run(&dfs);
	SIM_BUG_ON(!dfs.complete);
	SIM_BUG_ON(dfs.executions != expect);
	toy_schedules = dfs.executions;
	toy_steps = dfs.steps;
	return now() - start;
}

static double measure_toy1(void)
{
	return measure_toy(1, 108861);
}

static double measure_toy2(void)
{
	return measure_toy(2, 728204);
}

static double measure_random(void)
{
	struct sim_marked_world m;
	struct sim_random r;
	struct sim_exec exec = { .strategy = &r.strategy, .last = -1 };
	uint64_t i, n = 200000;
	double start;

	toy_build(2, 1, false);
	sim_random_init(&r, 1);
	SIM_BUG_ON(sim_exec_start(&exec) != SIM_END_DONE);
	sim_marked_world_take(&m, false);
	start = now();
	for (i = 0; i < n; i++) {
		exec.last = -1;
		exec.steps = 0;
		exec.max_steps = 1000;
		SIM_BUG_ON(sim_exec_run(&exec) != SIM_END_DONE);
		sim_marked_world_return(&m);
	}
	start = now() - start;
	sim_marked_world_free(&m);
	return n / start;
}

int main(void)
{
	double toy;
	json_t *j;

	if (sim_arena_map()) {
		fprintf(stderr, "core: cannot map the arena\n");
		return 3;
	}
	j = json_object();
	json_object_set_new(j, "switch_ns", json_real(median(measure_switch)));
	json_object_set_new(j, "step_ns", json_real(median(measure_step)));
	measure_stores();
	json_object_set_new(j, "logged_store_ns", json_real(store_ns));
	json_object_set_new(j, "rollback_per_store_ns", json_real(rollback_ns));
	toy = median(measure_toy1);
	json_object_set_new(j, "toy1_schedules", json_integer(toy_schedules));
	json_object_set_new(j, "toy1_seconds", json_real(toy));
	toy = median(measure_toy2);
	json_object_set_new(j, "toy2_schedules", json_integer(toy_schedules));
	json_object_set_new(j, "toy2_seconds", json_real(toy));
	json_object_set_new(j, "toy2_steps", json_integer(toy_steps));
	json_object_set_new(j, "toy2_schedules_per_second",
			    json_real(toy_schedules / toy));
	json_object_set_new(j, "toy2_random_per_second",
			    json_real(median(measure_random)));
	json_dumpf(j, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(4));
	putchar('\n');
	json_decref(j);
	sim_arena_unmap();
	return 0;
}
