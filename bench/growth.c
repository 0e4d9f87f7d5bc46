/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the cost of an exhaustive search grows, as JSON: executions and seconds
 * against steps (the toy's migrator tries more often), against tasks (more
 * vCPUs) and against the bound on preemptions.  Each curve goes on until a
 * point takes long; what was cut is not in it.
 *
 *	bench_growth [--tiny]
 */
#include <stdio.h>

#include "bench/measure.h"
#include "bench/toy.h"
#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/explore/bounded.h"
#include "tests/explore/toy.h"

#define MAX_RETRIES	16
#define MAX_VCPUS	4
#define MAX_PREEMPTIONS	10
#define MAX_EXECUTIONS	4000000
#define SOON		0.2		/* seconds: so long are points measured as medians */
#define MAX_STEPS	1000

static const char *const modes[] = { "brute", "dpor", "states", "both" };

#define NR_MODES (sizeof(modes) / sizeof(modes[0]))

struct growth {
	json_t *curves;
	double enough;			/* seconds: after such a point a curve ends */
	uint64_t max_executions;
};

static json_t *add_curve(struct growth *g, const char *axis, const char *mode, const char *what)
{
	json_t *points = json_array();

	json_array_append_new(g->curves, json_pack("{s:s, s:s, s:s, s:o}", "axis", axis,
						   "mode", mode, "what", what, "points", points));
	return points;
}

static void add_point(json_t *points, uint64_t x, uint64_t executions, uint64_t states,
		      double seconds)
{
	json_array_append_new(points, json_pack("{s:I, s:I, s:I, s:f}", "x", (json_int_t)x,
						"executions", (json_int_t)executions,
						"states", (json_int_t)states,
						"seconds", seconds));
}

/* The median of rounds of what does not take long. Return: false if cut. */
static bool search(struct growth *g, struct bench_toy *t)
{
	double v[BENCH_ROUNDS];
	int i;

	t->max_executions = g->max_executions;
	bench_toy_search(t);
	if (!bench_toy_complete(t))
		return false;
	if (t->seconds > SOON)
		return true;
	for (i = 0; i < BENCH_ROUNDS; i++) {
		bench_toy_search(t);
		v[i] = t->seconds;
	}
	t->seconds = bench_median(v, BENCH_ROUNDS);
	return true;
}

/* Longest execution that the toy has with so many tries, or 0: it is not known. */
static uint64_t steps_of(struct growth *g, int retries)
{
	struct bench_toy t = {
		.mode = "dpor", .vcpus = 1, .retries = retries,
		.max_executions = g->max_executions,
	};

	bench_toy_search(&t);
	return bench_toy_complete(&t) ? t.longest : 0;
}

static void against_steps(struct growth *g, const char *mode)
{
	json_t *points = add_curve(g, "steps", mode, "toy, 1 vCPU");
	int retries;

	for (retries = 1; retries <= MAX_RETRIES; retries++) {
		struct bench_toy t = { .mode = mode, .vcpus = 1, .retries = retries };
		uint64_t steps = steps_of(g, retries);

		if (!steps || !search(g, &t))
			break;
		add_point(points, steps, t.dpor.executions, t.dpor.nr_states, t.seconds);
		if (t.seconds > g->enough)
			break;
	}
}

static void against_tasks(struct growth *g, const char *mode)
{
	json_t *points = add_curve(g, "tasks", mode, "toy, 1 retry");
	int vcpus;

	for (vcpus = 1; vcpus <= MAX_VCPUS; vcpus++) {
		struct bench_toy t = { .mode = mode, .vcpus = vcpus, .retries = 1 };

		if (!search(g, &t))
			break;
		/* And the migrator. */
		add_point(points, vcpus + 1, t.dpor.executions, t.dpor.nr_states, t.seconds);
		if (t.seconds > g->enough)
			break;
	}
}

/* With up to @max preemptions. Return: seconds; negative if it was cut. */
static double bounded_once(struct growth *g, int vcpus, int retries, uint32_t max,
			   uint64_t *ret_executions)
{
	struct sim_dfs dfs = { .max_steps = MAX_STEPS, .max_executions = g->max_executions };
	struct sim_bounded b = { .dfs = &dfs, .max = max };
	double start;

	sim_arena_reset();
	start = bench_now();
	toy_build(retries, vcpus, false);
	sim_undo_on(true);
	sim_bounded_run(&b);
	start = bench_now() - start;
	*ret_executions = dfs.executions;
	return b.complete || b.nr_complete > max ? start : -1;
}

/* The same as a median, of what does not take long. */
static double search_bounded(struct growth *g, int vcpus, int retries, uint32_t max,
			     uint64_t *ret_executions)
{
	double v[BENCH_ROUNDS], first = bounded_once(g, vcpus, retries, max, ret_executions);
	int i;

	if (first < 0 || first > SOON)
		return first;
	for (i = 0; i < BENCH_ROUNDS; i++)
		v[i] = bounded_once(g, vcpus, retries, max, ret_executions);
	return bench_median(v, BENCH_ROUNDS);
}

static void against_preemptions(struct growth *g, int vcpus, int retries)
{
	char what[40];
	json_t *points;
	uint32_t max;

	snprintf(what, sizeof(what), "toy, %d vCPU%s, %d %s", vcpus, vcpus > 1 ? "s" : "",
		 retries, retries > 1 ? "retries" : "retry");
	points = add_curve(g, "preemptions", "bounded", what);
	for (max = 0; max <= MAX_PREEMPTIONS; max++) {
		uint64_t executions;
		double seconds = search_bounded(g, vcpus, retries, max, &executions);

		if (seconds < 0)
			break;
		add_point(points, max, executions, 0, seconds);
		if (seconds > g->enough)
			break;
	}
}

int main(int argc, char **argv)
{
	bool tiny = bench_tiny(&argc, argv);
	struct growth g = {
		.curves = json_array(),
		.enough = tiny ? 0 : 0.7,
		.max_executions = tiny ? 1000 : MAX_EXECUTIONS,
	};
	int vcpus, retries;
	unsigned int i;

	if (argc > 1) {
		fprintf(stderr, "usage: %s [--tiny]\n", argv[0]);
		return 2;
	}
	bench_stay_on_core();
	if (sim_arena_map()) {
		fprintf(stderr, "growth: cannot map the arena\n");
		return 3;
	}
	for (i = 0; i < NR_MODES; i++)
		against_steps(&g, modes[i]);
	for (i = 0; i < NR_MODES; i++)
		against_tasks(&g, modes[i]);
	for (vcpus = 1; vcpus <= 2; vcpus++)
		for (retries = 1; retries <= 2; retries++)
			against_preemptions(&g, vcpus, retries);
	sim_arena_unmap();
	bench_print(json_pack("{s:o, s:o}", "machine", bench_machine(), "curves", g.curves));
	return 0;
}
