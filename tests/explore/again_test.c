/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livelock that chance has met is met again by its schedule alone, at the same
 * step: also after thousands of steps that nobody looked at, and also told.
 */
#include <stdlib.h>

#include "sim/core/step.h"
#include "tests/explore/searching.h"

static const char *path;

/* Where an execution went round. */
struct round {
	uint64_t steps;
	unsigned int times;
};

static bool went_round(void *arg, const struct check_watch *checks, const uint32_t *choices,
		       size_t n)
{
	struct round *r = arg;

	r->steps = sim_now();
	r->times++;
	return true;
}

static uint64_t again(const struct searching *first, bool trace)
{
	const struct search_found *found = searching_found(first, "livelock");
	struct search_config config = first->config;
	struct search_result result;
	struct round r = { .times = 0 };
	char error[256];

	config.kind = SEARCH_ONE;
	config.replay = &found->schedule;
	config.cycles = true;
	config.trace = trace;
	config.violated_arg = &r;
	assert_int_equal(search_run(&config, &result, error, sizeof(error)), 0);
	assert_int_equal(r.times, 1);
	assert_int_equal(result.nr_found, 1);
	assert_string_equal(result.found[0].violation.check, "livelock");
	assert_false(result.diverged);
	search_result_free(&result);
	return r.steps;
}

static void meet(enum search_kind kind, uint64_t seed, const char *design, const char *kernel)
{
	char *text = searching_read(path);
	struct searching s;
	struct round r = { .times = 0 };

	searching_open(&s, "longterm-vs-offline", text, design);
	searching_kernel(&s, kernel);
	s.config.kind = kind;
	s.config.seed = seed;
	s.config.depth = 3;
	s.config.traces = 1000;
	s.config.executions = 200;
	s.config.trace = false;
	s.config.violated = went_round;
	s.config.violated_arg = &r;
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "livelock");
	assert_int_equal(r.times, 1);
	assert_int_equal(again(&s, false), r.steps);
	assert_int_equal(again(&s, true), r.steps);
	searching_close(&s);
	free(text);
}

static void pct_livelock_comes_again(void **state)
{
	meet(SEARCH_PCT, 1, "demand-late", "6.1");
	meet(SEARCH_PCT, 1, "demand-late", "6.12");
	meet(SEARCH_PCT, 1, "demand-takeover", "6.12");
	meet(SEARCH_PCT, 1, "demand-sound", "6.12");
}

/* At the first time round, wherever looking pays. */
static void random_livelock_comes_again(void **state)
{
	uint64_t seed;

	for (seed = 1; seed <= 4; seed++)
		meet(SEARCH_RANDOM, seed, "demand-late", "6.12");
}

/*
 * The search closes cycles at states of which no schedule may come by, and runs one
 * after the other: the schedule that it tells goes round so that others see it.
 */
static void searched(const char *design, const char *kernel)
{
	char *text = searching_read(path);
	struct search_result result;
	struct search_config config;
	struct searching s;
	char error[256];

	searching_open(&s, "longterm-vs-offline", text, design);
	searching_kernel(&s, kernel);
	s.config.kind = SEARCH_DFS;
	s.config.reduce = true;
	s.config.states = true;
	s.config.trace = false;
	s.config.stop_at_violation = true;
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "livelock");
	config = s.config;
	config.kind = SEARCH_ONE;
	config.replay = &searching_found(&s, "livelock")->schedule;
	config.cycles = true;
	assert_int_equal(search_run(&config, &result, error, sizeof(error)), 0);
	assert_int_equal(result.nr_found, 1);
	assert_string_equal(result.found[0].violation.check, "livelock");
	search_result_free(&result);
	searching_close(&s);
	free(text);
}

static void searched_livelock_comes_again(void **state)
{
	static const char *const designs[] = { "demand-late", "demand-takeover", "demand-sound" };
	static const char *const kernels[] = { "5.17", "6.1", "6.12" };
	size_t d, k;

	for (d = 0; d < 3; d++)
		for (k = 0; k < 3; k++)
			searched(designs[d], kernels[k]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pct_livelock_comes_again),
		cmocka_unit_test(random_livelock_comes_again),
		cmocka_unit_test(searched_livelock_comes_again),
	};

	if (argc < 2)
		return 2;
	path = argv[1];
	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
