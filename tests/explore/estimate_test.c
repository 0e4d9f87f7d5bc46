/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting kinds: exact while there is room, and an estimate that is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim/explore/estimate.h"
#include "sim/explore/random.h"

static void nothing_seen_everything_unseen(void **state)
{
	struct sim_estimate e;

	sim_estimate_init(&e);
	assert_true(sim_estimate_unseen(&e) == 1);
	assert_false(sim_estimate_has(&e, 4));
	sim_estimate_free(&e);
}

static void kinds_are_counted_exactly(void **state)
{
	struct sim_estimate e;
	uint64_t i;

	sim_estimate_init(&e);
	/* 0..9999 once, of them the first 3000 twice, the first 1000 thrice. */
	for (i = 0; i < 10000; i++)
		sim_estimate_add(&e, i << 1);
	for (i = 0; i < 3000; i++)
		sim_estimate_add(&e, i << 1);
	for (i = 0; i < 1000; i++)
		sim_estimate_add(&e, i << 1);
	assert_int_equal(e.samples, 14000);
	/* 0 and 1 share the name that is not 0. */
	assert_int_equal(e.distinct, 9999);
	assert_int_equal(e.single, 7000);
	assert_true(sim_estimate_unseen(&e) == 0.5);
	assert_true(sim_estimate_has(&e, 9999 << 1));
	assert_false(sim_estimate_has(&e, 10000 << 1));
	sim_estimate_free(&e);
}

static void full_set_says_so_and_stops(void **state)
{
	struct sim_estimate e;
	uint64_t i;

	sim_estimate_init(&e);
	for (i = 1; !e.full; i++)
		sim_estimate_add(&e, i * 0x9e3779b97f4a7c15ULL & ~1ULL);
	assert_in_range(e.distinct, SIM_ESTIMATE_MAX - 1, SIM_ESTIMATE_MAX + 1);
	assert_int_equal(e.samples, i - 2);
	sim_estimate_add(&e, 2);
	assert_int_equal(e.samples, i - 2);
	sim_estimate_free(&e);
}

/*
 * Kinds of very different frequency: how often new samples meet a kind that is
 * new can be tried, and the estimate has to be near it.
 */
static void estimate_is_near_the_truth(void **state)
{
	static uint8_t seen[1 << 20];
	struct sim_estimate e;
	struct sim_rng rng;
	unsigned int i, hits = 0;

	sim_rng_seed(&rng, 1);
	sim_estimate_init(&e);
	for (i = 0; i < 20000; i++) {
		uint32_t kind = sim_rng_below(&rng, 1 + sim_rng_below(&rng, 1 << 20));

		seen[kind] = 1;
		sim_estimate_add(&e, (uint64_t)kind << 1);
	}
	for (i = 0; i < 20000; i++)
		hits += !seen[sim_rng_below(&rng, 1 + sim_rng_below(&rng, 1 << 20))];
	assert_in_range(hits, 2000, 19900);
	assert_in_range(sim_estimate_unseen(&e) * 20000, hits - 500, hits + 500);
	sim_estimate_free(&e);
}

static void lists_of_other_length_are_other_kinds(void **state)
{
	const uint32_t zero[3] = { 0, 0, 0 }, one[3] = { 0, 1, 0 };

	assert_true(sim_estimate_hash(zero, 2) != sim_estimate_hash(zero, 3));
	assert_true(sim_estimate_hash(zero, 3) != sim_estimate_hash(one, 3));
	assert_true(sim_estimate_hash(one, 1) == sim_estimate_hash(zero, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_seen_everything_unseen),
		cmocka_unit_test(kinds_are_counted_exactly),
		cmocka_unit_test(full_set_says_so_and_stops),
		cmocka_unit_test(estimate_is_near_the_truth),
		cmocka_unit_test(lists_of_other_length_are_other_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
