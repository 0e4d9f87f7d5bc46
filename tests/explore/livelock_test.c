/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Livelocks: what is one and what is not, and that each way to explore finds
 * one if there is one.  The judge knows nothing of searching: it makes the whole
 * graph of states and looks for a closed way on which everybody runs who can.
 *
 * livelock [FIRST [HOW-MANY]] runs other made-up programs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/core/step.h"
#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/explore/cycles.h"
#include "sim/explore/dpor.h"
#include "sim/explore/exec_private.h"
#include "sim/explore/random.h"
#include "tests/explore/fuzz.h"

#define MAX_STATES	250
#define MAX_CHOICES	4000
#define MAX_FINALS	1024
#define ENOUGH		4000	/* executions of one program */
#define OP(...)		{ __VA_ARGS__ }

static void build(const struct fuzz_program *p)
{
	sim_hash_on(false);
	sim_arena_reset();
	sim_pulse_clear();
	fuzz_build(p);
	sim_pulse_subscribe(1ULL << SIM_X_LIVELOCK);
	sim_undo_on(true);
	sim_undo_clear();
}

/* ---- the graph of states ---- */

struct state {
	struct sim_hash hash;
	uint32_t enabled, seen_from;	/* the state before it, */
	uint8_t by;			/* and the task that ran from there */
	uint32_t next[FUZZ_TASKS];
	uint32_t part;			/* which is left of the graph */
	uint32_t mark;
};

struct graph {
	struct state state[MAX_STATES];
	uint32_t nr;
	bool large;
};

static uint32_t add_state(struct graph *g, uint32_t from, unsigned int by)
{
	struct sim_hash hash = sim_hash_now(sim_tasks_alive());
	uint32_t i;

	for (i = 0; i < g->nr; i++) {
		if (g->state[i].hash.lo == hash.lo && g->state[i].hash.hi == hash.hi)
			return i;
	}
	if (g->nr == MAX_STATES) {
		g->large = true;
		return 0;
	}
	g->state[g->nr] = (struct state){
		.hash = hash, .enabled = sim_tasks_enabled(), .seen_from = from, .by = by,
	};
	return g->nr++;
}

static void run_step(unsigned int task)
{
	sim_task_dispatch(task);
	assert_int_equal(exec_resume(NULL, task), EXEC_ON);
}

static void run_to(const struct graph *g, uint32_t state)
{
	uint64_t fresh;

	if (state) {
		run_to(g, g->state[state].seen_from);
		run_step(g->state[state].by);
		return;
	}
	while ((fresh = sim_tasks_fresh())) {
		sim_task_start(__builtin_ctzll(fresh));
		assert_int_equal(exec_resume(NULL, __builtin_ctzll(fresh)), EXEC_ON);
	}
}

static void make_graph(struct graph *g, const struct fuzz_program *p)
{
	struct sim_marked_world begin;
	uint32_t i, rest;

	build(p);
	sim_hash_on(true);
	sim_marked_world_take(&begin, false);
	g->nr = 0;
	g->large = false;
	run_to(g, 0);
	add_state(g, 0, 0);
	for (i = 0; i < g->nr && !g->large; i++) {
		for (rest = g->state[i].enabled; rest; rest &= rest - 1) {
			unsigned int t = __builtin_ctz(rest);

			sim_marked_world_return(&begin);
			run_to(g, i);
			run_step(t);
			g->state[i].next[t] = add_state(g, i, t);
		}
	}
	sim_marked_world_free(&begin);
	sim_hash_on(false);
}

/* ---- is there a fair cycle? ---- */

/* What can be reached from @from within a part; marked with @mark. */
static void reach(struct graph *g, uint32_t from, uint32_t part, uint32_t mark)
{
	static uint32_t stack[MAX_STATES];
	uint32_t n = 0, rest;

	g->state[from].mark = mark;
	stack[n++] = from;
	while (n) {
		struct state *s = &g->state[stack[--n]];

		for (rest = s->enabled; rest; rest &= rest - 1) {
			struct state *to = &g->state[s->next[__builtin_ctz(rest)]];

			if (to->part != part || to->mark == mark)
				continue;
			to->mark = mark;
			stack[n++] = to - g->state;
		}
	}
}

static uint32_t nr_parts, nr_marks;

/* The states of a part that lie on closed ways through @from become a part. */
static uint32_t closed_ways(struct graph *g, uint32_t from, uint32_t part)
{
	uint32_t there = ++nr_marks, i, found = ++nr_parts;
	static bool in[MAX_STATES];

	reach(g, from, part, there);
	for (i = 0; i < g->nr; i++)
		in[i] = g->state[i].part == part && g->state[i].mark == there;
	for (i = 0; i < g->nr; i++) {
		if (!in[i])
			continue;
		reach(g, i, part, ++nr_marks);
		in[i] = g->state[from].mark == nr_marks;
	}
	for (i = 0; i < g->nr; i++) {
		if (in[i])
			g->state[i].part = found;
	}
	return found;
}

/* Within a part all of whose states reach each other. */
static bool fair_within(struct graph *g, uint32_t part)
{
	uint32_t ran = 0, could = 0, i, rest, left = ++nr_parts;
	bool found = false;

	for (i = 0; i < g->nr; i++) {
		const struct state *s = &g->state[i];

		if (s->part != part)
			continue;
		could |= s->enabled;
		for (rest = s->enabled; rest; rest &= rest - 1) {
			if (g->state[s->next[__builtin_ctz(rest)]].part == part)
				ran |= rest & -rest;
		}
	}
	if (sim_cycle_is_fair(ran, could))
		return true;
	if (!ran)
		return false;
	/* Who never runs on it may not be able to either: without those states? */
	for (i = 0; i < g->nr; i++) {
		if (g->state[i].part == part && !(g->state[i].enabled & ~ran))
			g->state[i].part = left;
	}
	for (i = 0; i < g->nr && !found; i++) {
		if (g->state[i].part == left)
			found = fair_within(g, closed_ways(g, i, left));
	}
	return found;
}

static bool has_livelock(struct graph *g)
{
	bool found = false;
	uint32_t i;

	nr_parts = nr_marks = 0;
	for (i = 0; i < g->nr && !found; i++) {
		if (!g->state[i].part)
			found = fair_within(g, closed_ways(g, i, 0));
	}
	return found;
}

/* ---- searching ---- */

struct outcome {
	struct sim_dpor dpor;
	uint64_t final[MAX_FINALS];
	unsigned int nr;
	bool bound, overflow;
	uint64_t livelocks;
	uint32_t choice[MAX_CHOICES];	/* of the first */
	size_t nr_choices;
};

static bool done(struct sim_dpor *self, enum sim_end end)
{
	struct outcome *o = (struct outcome *)self;
	uint64_t final = fuzz_result() << 1 | (end == SIM_END_DEADLOCK);
	unsigned int i;

	o->bound |= end == SIM_END_BOUND;
	if (end == SIM_END_LIVELOCK && !o->livelocks++) {
		assert_in_range(self->nr_choices, 0, MAX_CHOICES);
		o->nr_choices = self->nr_choices;
		if (o->nr_choices)
			memcpy(o->choice, self->choice, o->nr_choices * sizeof(*o->choice));
	}
	if (end != SIM_END_DONE && end != SIM_END_DEADLOCK)
		return false;
	for (i = 0; i < o->nr && o->final[i] != final; i++)
		;
	if (i == o->nr && o->nr < MAX_FINALS)
		o->final[o->nr++] = final;
	o->overflow |= i == MAX_FINALS;
	return false;
}

static void again(struct sim_dpor *self)
{
	struct outcome *o = (struct outcome *)self;

	o->nr = 0;
	o->livelocks = 0;
}

static const struct {
	const char *name;
	bool reduce, states, rerun;
} ways[] = {
	{ "all schedules", false, false, false },
	{ "dpor", true, false, false },
	{ "states", false, true, false },
	{ "both", true, true, false },
	{ "dpor by re-execution", true, false, true },
	{ "both by re-execution", true, true, true },
};
#define NR_WAYS	(sizeof(ways) / sizeof(*ways))

static void search(struct outcome *o, const struct fuzz_program *p, unsigned int way)
{
	memset(o, 0, sizeof(*o));
	o->dpor = (struct sim_dpor){
		.done = done, .again = again, .max_steps = 800, .max_executions = ENOUGH,
		.reduce = ways[way].reduce, .states = ways[way].states, .rerun = ways[way].rerun,
		.cycles = true,
	};
	build(p);
	assert_int_equal(sim_dpor_run(&o->dpor), 0);
}

/* The found schedule, alone. */
static enum sim_end replay(const struct fuzz_program *p, const struct outcome *o,
			   uint64_t *ret_steps)
{
	struct sim_cycles cycles = { .nr = 0 };
	struct sim_replay follow;
	struct sim_exec exec = {
		.strategy = &follow.strategy, .cycles = &cycles, .max_steps = 800, .last = -1,
	};
	enum sim_end end;

	sim_replay_init(&follow, o->choice, NULL, o->nr_choices);
	build(p);
	sim_hash_on(true);
	end = sim_exec_run(&exec);
	*ret_steps = exec.steps;
	sim_hash_on(false);
	sim_cycles_free(&cycles);
	return end;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool same_finals(struct outcome *a, struct outcome *b)
{
	qsort(a->final, a->nr, sizeof(*a->final), by_value);
	qsort(b->final, b->nr, sizeof(*b->final), by_value);
	return a->nr == b->nr && !memcmp(a->final, b->final, a->nr * sizeof(*a->final));
}

struct totals {
	unsigned int programs, large, livelocks, cyclic;
	uint64_t executions[NR_WAYS];
};

/* Return: are they all right? */
static bool compare(const struct fuzz_program *p, struct totals *totals)
{
	static struct outcome all, other;
	static struct graph g;
	bool ok = true, is;
	unsigned int way;
	uint64_t steps;

	make_graph(&g, p);
	if (!g.large)
		search(&all, p, 0);
	if (g.large || all.dpor.end != SIM_DPOR_COMPLETE || all.overflow) {
		totals->large++;
		return true;
	}
	is = has_livelock(&g);
	totals->programs++;
	totals->livelocks += is;
	totals->cyclic += all.dpor.pruned != 0;
	for (way = 0; way < NR_WAYS; way++) {
		search(&other, p, way);
		totals->executions[way] += other.dpor.executions;
		if (other.dpor.end != SIM_DPOR_COMPLETE || other.bound ||
		    (other.livelocks != 0) != is || !same_finals(&all, &other)) {
			print_message("%s: %llu livelocks where there is %s, %u final states "
				      "instead of %u%s\n",
				      ways[way].name, (unsigned long long)other.livelocks,
				      is ? "one" : "none", other.nr, all.nr,
				      other.bound ? ", cut" : "");
			ok = false;
		} else if (is && replay(p, &other, &steps) != SIM_END_LIVELOCK) {
			print_message("%s: its livelock is none after %llu steps\n",
				      ways[way].name, (unsigned long long)steps);
			ok = false;
		}
	}
	return ok;
}

/* ---- programs that somebody thought up ---- */

static const struct {
	const char *what;
	bool is;
	struct fuzz_program program;
} small[] = {
	{ "two wait for each other", true, {
		.nr_tasks = 2, .nr_ops = { 2, 2 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_SPIN, 0), OP(FUZZ_WRITE, 1, 1) },
			{ OP(FUZZ_SPIN, 1), OP(FUZZ_WRITE, 0, 1) },
		},
	} },
	{ "one waits for another that comes", false, {
		.nr_tasks = 2, .nr_ops = { 2, 1 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_SPIN, 0), OP(FUZZ_WRITE, 1, 1) },
			{ OP(FUZZ_WRITE, 0, 1) },
		},
	} },
	{ "one waits for nobody", true, {
		.nr_tasks = 2, .nr_ops = { 1, 1 }, .cpu = { 0, 1 },
		.op = { { OP(FUZZ_SPIN, 0) }, { OP(FUZZ_WRITE, 1, 1) } },
	} },
	{ "one waits for another that waits for its lock", true, {
		.nr_tasks = 2, .nr_ops = { 3, 2 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_LOCK, 0), OP(FUZZ_SPIN, 0), OP(FUZZ_UNLOCK, 0) },
			{ OP(FUZZ_LOCK, 0), OP(FUZZ_WRITE, 0, 1) },
		},
	} },
	{ "two are polite: each steps back if the other is there", true, {
		.nr_tasks = 2, .nr_ops = { 5, 5 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_WRITE, 0, 1), OP(FUZZ_SKIP_IF, 1, 0, 2), OP(FUZZ_WRITE, 0, 0),
			  OP(FUZZ_AGAIN_IF, 0, 0, 3), OP(FUZZ_WRITE, 0, 0) },
			{ OP(FUZZ_WRITE, 1, 1), OP(FUZZ_SKIP_IF, 0, 0, 2), OP(FUZZ_WRITE, 1, 0),
			  OP(FUZZ_AGAIN_IF, 1, 0, 3), OP(FUZZ_WRITE, 1, 0) },
		},
	} },
	{ "only one of them is polite", false, {
		.nr_tasks = 2, .nr_ops = { 5, 2 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_WRITE, 0, 1), OP(FUZZ_SKIP_IF, 1, 0, 2), OP(FUZZ_WRITE, 0, 0),
			  OP(FUZZ_AGAIN_IF, 0, 0, 3), OP(FUZZ_WRITE, 0, 0) },
			{ OP(FUZZ_WRITE, 1, 1), OP(FUZZ_WRITE, 1, 0) },
		},
	} },
	{ "two go round, and each time there is a lock that a third wants", false, {
		.nr_tasks = 3, .nr_ops = { 3, 1, 2 }, .cpu = { 0, 1, 2 },
		.op = {
			{ OP(FUZZ_LOCK, 0), OP(FUZZ_UNLOCK, 0), OP(FUZZ_AGAIN_IF, 0, 0, 2) },
			{ OP(FUZZ_SPIN, 0) },
			{ OP(FUZZ_LOCK, 0), OP(FUZZ_WRITE, 0, 1) },
		},
	} },
};

static void livelock_is_what_is_fair(void **state)
{
	static struct graph g;
	struct totals totals = { 0 };
	unsigned int i;

	for (i = 0; i < sizeof(small) / sizeof(*small); i++) {
		make_graph(&g, &small[i].program);
		if (has_livelock(&g) != small[i].is || !compare(&small[i].program, &totals))
			fail_msg("%s: %s livelock", small[i].what, small[i].is ? "a" : "no");
	}
	assert_int_equal(totals.large, 0);
}

/* The same every time, and no longer than once round for each. */
static void livelock_replay_goes_round_once(void **state)
{
	static struct outcome o;
	uint64_t steps, again;

	search(&o, &small[4].program, 3);
	assert_true(o.livelocks > 0);
	assert_int_equal(replay(&small[4].program, &o, &steps), SIM_END_LIVELOCK);
	assert_int_equal(replay(&small[4].program, &o, &again), SIM_END_LIVELOCK);
	assert_int_equal(steps, again);
	assert_in_range(steps, 4, 12);
}

/* Whoever is not let run is not the cause. */
static void livelock_default_schedule_that_is_unfair_is_cut(void **state)
{
	static struct outcome none;
	uint64_t steps;

	none.nr_choices = 0;
	assert_int_equal(replay(&small[1].program, &none, &steps), SIM_END_BOUND);
	assert_int_equal(replay(&small[2].program, &none, &steps), SIM_END_BOUND);
}

/* A sample comes to the same. */
static void livelock_is_met_by_chance(void **state)
{
	struct sim_cycles cycles = { .nr = 0 };
	struct sim_random random;
	struct sim_exec exec = {
		.strategy = &random.strategy, .cycles = &cycles,
		.max_steps = 100000, .last = -1,
	};

	sim_random_init(&random, 1);
	build(&small[0].program);
	sim_hash_on(true);
	assert_int_equal(sim_exec_run(&exec), SIM_END_LIVELOCK);
	assert_in_range(exec.steps, 2, 100);
	assert_int_equal(cycles.cycle_ran, 3);
	sim_hash_on(false);
	sim_cycles_free(&cycles);
}

/* ---- programs that nobody thought up ---- */

static void make_op(struct sim_rng *rng, struct fuzz_op *op, unsigned int vars)
{
	static const uint8_t common[] = {
		FUZZ_READ, FUZZ_WRITE, FUZZ_WRITE, FUZZ_PUT, FUZZ_SKIP_IF, FUZZ_AGAIN_IF,
		FUZZ_AGAIN_IF, FUZZ_AGAIN_IF, FUZZ_SPIN, FUZZ_LOCK, FUZZ_UNLOCK, FUZZ_TRYLOCK,
		FUZZ_WAIT, FUZZ_WAKE,
	};

	op->what = common[sim_rng_below(rng, sizeof(common))];
	op->var = sim_rng_below(rng, op->what >= FUZZ_LOCK && op->what <= FUZZ_UNLOCK_OF ?
				     FUZZ_LOCKS : vars);
	op->a = sim_rng_below(rng, 2);
	op->b = 1 + sim_rng_below(rng, 3);
}

static void make_program(struct fuzz_program *p, uint64_t seed)
{
	struct sim_rng rng;
	unsigned int t, i, vars;

	memset(p, 0, sizeof(*p));
	sim_rng_seed(&rng, seed);
	p->nr_tasks = 2 + !sim_rng_below(&rng, 3);
	vars = 1 + sim_rng_below(&rng, 2);
	for (t = 0; t < p->nr_tasks; t++) {
		p->cpu[t] = t;
		p->nr_ops[t] = 2 + sim_rng_below(&rng, p->nr_tasks == 2 ? 5 : 3);
		for (i = 0; i < p->nr_ops[t]; i++)
			make_op(&rng, &p->op[t][i], vars);
	}
}

static void print_program(const struct fuzz_program *p)
{
	unsigned int t, i;

	for (t = 0; t < p->nr_tasks; t++) {
		for (i = 0; i < p->nr_ops[t]; i++)
			print_message(" %u(%u,%u,%u)", p->op[t][i].what, p->op[t][i].var,
				      p->op[t][i].a, p->op[t][i].b);
		print_message("\n");
	}
}

static uint64_t first = 1, how_many = 150;

static void livelock_of_made_up_programs_is_found_in_every_way(void **state)
{
	struct totals totals = { 0 };
	struct fuzz_program p;
	unsigned int i, bad = 0;
	uint64_t seed;

	for (seed = first; seed < first + how_many && bad < 500; seed++) {
		make_program(&p, seed);
		if (compare(&p, &totals))
			continue;
		bad++;
		print_message("program %llu:\n", (unsigned long long)seed);
		print_program(&p);
	}
	print_message("%u programs (%u too large), %u with cycles, %u with livelocks\n",
		      totals.programs, totals.large, totals.cyclic, totals.livelocks);
	for (i = 0; i < NR_WAYS; i++)
		print_message("%12llu executions by %s\n",
			      (unsigned long long)totals.executions[i], ways[i].name);
	assert_int_equal(bad, 0);
	if (how_many >= 150)
		assert_true(totals.livelocks && totals.cyclic > totals.livelocks);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(livelock_is_what_is_fair),
		cmocka_unit_test(livelock_replay_goes_round_once),
		cmocka_unit_test(livelock_default_schedule_that_is_unfair_is_cut),
		cmocka_unit_test(livelock_is_met_by_chance),
		cmocka_unit_test(livelock_of_made_up_programs_is_found_in_every_way),
	};
	int failed;

	if (argc > 1)
		first = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		how_many = strtoull(argv[2], NULL, 0);
	if (sim_arena_map())
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	sim_arena_unmap();
	return failed ? 1 : 0;
}
