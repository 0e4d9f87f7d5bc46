/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exhaustive search by partial-order reduction, by states, by both and by
 * neither: the counts of the toy, and the same answers.
 */
#include "sim/core/step.h"
#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/explore/dpor.h"
#include "tests/explore/fuzz.h"
#include "tests/explore/toy.h"
#include "tests/rolled.h"

struct seen {
	struct sim_dpor dpor;
	uint64_t odd, violated;
};

static bool done(struct sim_dpor *self, enum sim_end end)
{
	struct seen *s = (struct seen *)self;
	struct toy_result r;

	toy_result(&r);
	s->violated += r.violated;
	s->odd += end != SIM_END_DONE;
	return false;
}

static void search_toy(struct seen *s, int vcpus, int retries, bool plant_bug)
{
	s->dpor.done = done;
	s->dpor.max_steps = 1000;
	if (rolled_build()) {
		toy_build(retries, vcpus, plant_bug);
		rolled_mark();
	}
	assert_int_equal(sim_dpor_run(&s->dpor), 0);
	assert_int_equal(s->dpor.end, SIM_DPOR_COMPLETE);
	assert_int_equal(s->odd, 0);
}

static void dpor_toy_runs_each_trace_once(void **state)
{
	static const struct { int vcpus, retries; uint64_t executions; } is[] = {
		{ 1, 1, 35 }, { 1, 2, 73 }, { 2, 1, 2593 }, { 2, 2, 17650 },
	};
	unsigned int i;

	for (i = 0; i < 4; i++) {
		struct seen s = { .dpor.reduce = true };

		search_toy(&s, is[i].vcpus, is[i].retries, false);
		assert_in_range(s.dpor.executions, 1, is[i].executions * 11 / 10);
		assert_int_equal(s.violated, 0);
	}
}

static void dpor_toy_by_reexecution_runs_the_same(void **state)
{
	struct seen s = { .dpor = { .reduce = true, .rerun = true } };
	struct seen t = { .dpor = { .reduce = true } };

	search_toy(&s, 2, 1, false);
	search_toy(&t, 2, 1, false);
	assert_int_equal(s.dpor.executions, t.dpor.executions);
	assert_int_equal(s.dpor.steps, t.dpor.steps);
	assert_int_equal(s.dpor.blocked, t.dpor.blocked);
}

static void dpor_planted_bug_is_found_in_every_way(void **state)
{
	int way;

	for (way = 0; way < 4; way++) {
		struct seen s = { .dpor = { .reduce = way & 1, .states = way >> 1 } };

		search_toy(&s, 1, 2, true);
		assert_true(s.violated > 0);
	}
}

static void dpor_states_alone_and_with_reduction_meet_fewer(void **state)
{
	struct seen states = { .dpor.states = true };
	struct seen both = { .dpor = { .reduce = true, .states = true } };

	search_toy(&states, 2, 2, false);
	search_toy(&both, 2, 2, false);
	assert_in_range(both.dpor.nr_states, 1, states.dpor.nr_states - 1);
	assert_in_range(both.dpor.steps, 1, states.dpor.steps - 1);
}

static void dpor_without_anything_runs_every_schedule(void **state)
{
	struct seen s = { .dpor.reduce = false };

	search_toy(&s, 1, 1, false);
	assert_int_equal(s.dpor.executions, 108861);
}

static void dpor_memory_used_up_ends_the_search(void **state)
{
	struct seen s = {
		.dpor = {
			.done = done, .max_steps = 1000, .states = true,
			.max_memory = 600 << 10,
		},
	};

	if (rolled_build()) {
		toy_build(2, 3, false);
		rolled_mark();
	}
	assert_int_equal(sim_dpor_run(&s.dpor), 0);
	assert_int_equal(s.dpor.end, SIM_DPOR_MEMORY);
	assert_true(s.dpor.memory <= s.dpor.max_memory);
}

/* ---- small programs ---- */

#define OP(...)	{ __VA_ARGS__ }

struct small {
	struct sim_dpor dpor;
	struct sim_watcher watcher;
	uint64_t final[64];
	unsigned int nr;
	bool seen;
};

static bool small_done(struct sim_dpor *self, enum sim_end end)
{
	struct small *s = (struct small *)self;
	uint64_t final = fuzz_result() << 2 | (end == SIM_END_DEADLOCK);
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		if (s->final[i] == final)
			return false;
	}
	s->final[s->nr++] = final;
	return false;
}

/* Whoever looks while variable 0 is 1 and variable 1 is 0 has seen it. */
static bool small_look(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct small *s = (struct small *)((char *)self - offsetof(struct small, watcher));
	size_t i;

	for (i = 0; i < n; i++) {
		if (recs[i].verb == SIM_WRITE && SIM_OBJ_ID(recs[i].obj) == 2 &&
		    fuzz_peek(0) == 1 && fuzz_peek(1) == 0)
			s->seen = true;
	}
	return false;
}

static void search_small(struct small *s, const struct fuzz_program *p)
{
	if (rolled_build()) {
		fuzz_build(p);
		rolled_mark();
	}
	sim_pulse_subscribe(1ULL << SIM_WRITE);
	s->dpor.done = small_done;
	s->dpor.watcher = &s->watcher;
	s->watcher.look = small_look;
	s->dpor.max_steps = 100;
	assert_int_equal(sim_dpor_run(&s->dpor), 0);
}

/*
 * Small, and found by the fuzz: a state that comes up a second time ends the
 * path, and the steps that followed it the first time race with steps of the new
 * path.  Who does not ask what they were never tries them earlier than those.
 */
static void dpor_with_states_and_no_summaries_misses_a_final_state(void **state)
{
	static const struct fuzz_program p = {
		.nr_tasks = 2, .nr_ops = { 4, 3 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_PUT, 0, 1, 3), OP(FUZZ_READ, 0, 2, 1, true),
			  OP(FUZZ_SKIP_IF_REG, 0, 1, 3), OP(FUZZ_WAKE, 0, 0, 1) },
			{ OP(FUZZ_FETCH_ADD, 0, 2, 2), OP(FUZZ_FETCH_ADD, 0, 1, 2),
			  OP(FUZZ_SKIP_IF, 0, 2, 2) },
		},
	};
	struct small all = { .nr = 0 };
	struct small both = { .dpor = { .reduce = true, .states = true } };
	struct small naive = {
		.dpor = { .reduce = true, .states = true, .without_summaries = true },
	};

	search_small(&all, &p);
	search_small(&both, &p);
	search_small(&naive, &p);
	assert_int_equal(both.nr, all.nr);
	assert_in_range(naive.nr, 1, all.nr - 1);
}

/* Only a check reads both variables, and only in one order is it to be seen. */
static void dpor_what_a_check_reads_belongs_to_the_step(void **state)
{
	static const struct fuzz_program p = {
		.nr_tasks = 2, .nr_ops = { 2, 1 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_WRITE, 0, 1, 0), OP(FUZZ_WRITE, 1, 1, 0) },
			{ OP(FUZZ_WRITE, 2, 1, 0) },
		},
	};
	int way;

	for (way = 0; way < 4; way++) {
		struct small s = { .dpor = { .reduce = way & 1, .states = way >> 1 } };

		search_small(&s, &p);
		assert_true(s.seen);
		/* Three orders, and each is another for the check. */
		if (way == 1)
			assert_int_equal(s.dpor.executions, 3);
	}
}

static void dpor_lock_is_taken_in_both_orders(void **state)
{
	static const struct fuzz_program p = {
		.nr_tasks = 2, .nr_ops = { 4, 4 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_LOCK, 0), OP(FUZZ_FETCH_ADD, 0, 1), OP(FUZZ_PUT, 1, 0),
			  OP(FUZZ_UNLOCK, 0) },
			{ OP(FUZZ_LOCK, 0), OP(FUZZ_FETCH_ADD, 0, 2), OP(FUZZ_PUT, 1, 0),
			  OP(FUZZ_UNLOCK, 0) },
		},
	};
	struct small s = { .dpor.reduce = true };

	search_small(&s, &p);
	/* Not one more: within a section there is nothing to reorder. */
	assert_int_equal(s.dpor.executions, 2);
	assert_int_equal(s.nr, 2);
}

static void dpor_locks_that_cross_deadlock_in_one_order(void **state)
{
	static const struct fuzz_program p = {
		.nr_tasks = 2, .nr_ops = { 4, 4 }, .cpu = { 0, 1 },
		.op = {
			{ OP(FUZZ_LOCK, 0), OP(FUZZ_LOCK, 1), OP(FUZZ_UNLOCK, 1),
			  OP(FUZZ_UNLOCK, 0) },
			{ OP(FUZZ_LOCK, 1), OP(FUZZ_LOCK, 0), OP(FUZZ_UNLOCK, 0),
			  OP(FUZZ_UNLOCK, 1) },
		},
	};
	int way;

	for (way = 0; way < 4; way++) {
		struct small s = { .dpor = { .reduce = way & 1, .states = way >> 1 } };

		search_small(&s, &p);
		assert_int_equal(s.nr, 2);
		assert_int_equal((s.final[0] | s.final[1]) & 1, 1);
	}
}

/* Two that wait for each other in loops; and one whose other comes in the end. */
static void dpor_fair_cycle_is_a_livelock_and_an_unfair_one_is_not(void **state)
{
	static const struct fuzz_program p[] = {
		{
			.nr_tasks = 2, .nr_ops = { 2, 2 }, .cpu = { 0, 1 },
			.op = {
				{ OP(FUZZ_SPIN, 0), OP(FUZZ_WRITE, 1, 1) },
				{ OP(FUZZ_SPIN, 1), OP(FUZZ_WRITE, 0, 1) },
			},
		},
		{
			.nr_tasks = 2, .nr_ops = { 2, 1 }, .cpu = { 0, 1 },
			.op = {
				{ OP(FUZZ_SPIN, 0), OP(FUZZ_WRITE, 1, 1) },
				{ OP(FUZZ_WRITE, 0, 1) },
			},
		},
	};
	int reduce, i;

	for (reduce = 0; reduce < 2; reduce++) {
		for (i = 0; i < 2; i++) {
			struct small s = { .dpor = { .reduce = reduce, .states = true } };

			search_small(&s, &p[i]);
			assert_int_equal(s.dpor.end, SIM_DPOR_COMPLETE);
			assert_int_equal(s.dpor.bounded, 0);
			assert_int_equal(s.dpor.livelocks > 0, i == 0);
			assert_int_equal(s.nr, 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(dpor_without_anything_runs_every_schedule),
		ROLLED(dpor_toy_runs_each_trace_once),
		ROLLED(dpor_toy_by_reexecution_runs_the_same),
		ROLLED(dpor_planted_bug_is_found_in_every_way),
		ROLLED(dpor_states_alone_and_with_reduction_meet_fewer),
		ROLLED(dpor_memory_used_up_ends_the_search),
		ROLLED(dpor_with_states_and_no_summaries_misses_a_final_state),
		ROLLED(dpor_what_a_check_reads_belongs_to_the_step),
		ROLLED(dpor_lock_is_taken_in_both_orders),
		ROLLED(dpor_locks_that_cross_deadlock_in_one_order),
		ROLLED(dpor_fair_cycle_is_a_livelock_and_an_unfair_one_is_not),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
