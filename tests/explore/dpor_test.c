/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exhaustive search by partial-order reduction, by states, by both and by
 * neither: the counts of the toy, and the same answers.
 */
#include <stdio.h>
#include <string.h>

#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/explore/dpor.h"
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
	if (0) fprintf(stderr, "vcpus %d retries %d: %lu executions, %lu blocked, %lu pruned, %lu states, %lu steps, %lu choices, %lu livelocks, %lu KiB; %lu violated\n",
		vcpus, retries, s->dpor.executions, s->dpor.blocked, s->dpor.pruned,
		s->dpor.nr_states, s->dpor.steps, s->dpor.max_choices, s->dpor.livelocks,
		s->dpor.memory >> 10, s->violated);
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

static void dpor_toy_with_states(void **state)
{
	int vcpus, reduce;

	for (reduce = 0; reduce < 2; reduce++) {
		for (vcpus = 1; vcpus < 4; vcpus++) {
			struct seen s = { .dpor.reduce = reduce, .dpor.states = true };

			search_toy(&s, vcpus, 1, false);
		}
	}
}

static void dpor_without_anything_runs_every_schedule(void **state)
{
	struct seen s = { .dpor.reduce = false };

	search_toy(&s, 1, 1, false);
	assert_int_equal(s.dpor.executions, 108861);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(dpor_without_anything_runs_every_schedule),
		ROLLED(dpor_toy_runs_each_trace_once),
		ROLLED(dpor_toy_with_states),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
