/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches confined to prefixes of choices: all prefixes of one length together
 * are the search, also where it leaves out orders of independent steps.  A
 * prefix that only comes to what others explored adds nothing: the sum of
 * executions is the same at any length.
 */
#include <stdio.h>

#include "sim/explore/dpor.h"
#include "tests/explore/toy.h"
#include "tests/rolled.h"

#define MAX_PREFIX	6

struct seen {
	struct sim_dpor dpor;
	uint64_t executions, prefixes, idle, violated, violated_before;
};

static bool done(struct sim_dpor *self, enum sim_end end)
{
	struct toy_result r;

	(void)end;
	toy_result(&r);
	((struct seen *)self)->violated += r.violated;
	return false;
}

/* What was told since this search began is told again. */
static void again(struct sim_dpor *self)
{
	struct seen *s = (struct seen *)self;

	s->violated = s->violated_before;
}

static void search_toy(struct seen *s, int vcpus, int retries)
{
	s->dpor.done = done;
	s->dpor.again = again;
	s->violated_before = s->violated;
	s->dpor.max_steps = 1000;
	if (rolled_build()) {
		toy_build(retries, vcpus, true);
		rolled_mark();
	}
	assert_int_equal(sim_dpor_run(&s->dpor), 0);
}

/* Every prefix of @nr choices; those that the toy does not have are departures. */
static void search_prefixes(struct seen *s, int vcpus, int retries, size_t nr)
{
	uint32_t prefix[MAX_PREFIX] = { 0 };
	size_t i;

	s->dpor.prefix = prefix;
	s->dpor.nr_prefix = nr;
	do {
		search_toy(s, vcpus, retries);
		if (s->dpor.end == SIM_DPOR_COMPLETE) {
			s->executions += s->dpor.executions;
			s->idle += !s->dpor.executions;
			s->prefixes++;
		}
		for (i = nr; i > 0 && ++prefix[i - 1] > (uint32_t)vcpus; i--)
			prefix[i - 1] = 0;
	} while (i);
}

static void compare(int vcpus, int retries, bool reduce, size_t max)
{
	struct seen whole = { .dpor.reduce = reduce };
	size_t nr;

	search_toy(&whole, vcpus, retries);
	assert_int_equal(whole.dpor.end, SIM_DPOR_COMPLETE);
	assert_true(whole.violated > 0);
	for (nr = 1; nr <= max; nr++) {
		struct seen parts = { .dpor.reduce = reduce };

		search_prefixes(&parts, vcpus, retries, nr);
		assert_in_range(parts.prefixes, nr + 1, 1u << 12);
		assert_int_equal(parts.executions, whole.dpor.executions);
		assert_int_equal(parts.violated, whole.violated);
		/* Two first steps are independent: one order of them is enough. */
		if (reduce && nr > 2)
			assert_true(parts.idle > 0);
		else if (!reduce)
			assert_int_equal(parts.idle, 0);
	}
}

static void prefixes_together_run_each_trace_once(void **state)
{
	(void)state;
	compare(1, 1, true, MAX_PREFIX);
	compare(1, 2, true, MAX_PREFIX);
	compare(2, 1, true, 4);
}

static void prefixes_without_reduction_run_each_schedule_once(void **state)
{
	(void)state;
	compare(1, 1, false, 3);
}

/* Which states are seen again depends on the division, the answers do not. */
static void prefixes_with_states_miss_no_violation(void **state)
{
	struct seen parts = { .dpor = { .reduce = true, .states = true } };

	(void)state;
	search_prefixes(&parts, 1, 2, 4);
	assert_true(parts.violated > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(prefixes_together_run_each_trace_once),
		ROLLED(prefixes_without_reduction_run_each_schedule_once),
		ROLLED(prefixes_with_states_miss_no_violation),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
