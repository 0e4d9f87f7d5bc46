/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coverage-greedy on the toy: it comes to the planted bug sooner than chance,
 * and in the same number of executions to more turns.
 */
#include <stdlib.h>

#include "sim/explore/coverage.h"
#include "tests/explore/toy.h"
#include "tests/rolled.h"

#define SEEDS	40
#define LIMIT	100000

static void build(int retries, int vcpus, bool plant_bug)
{
	if (rolled_build()) {
		toy_build(retries, vcpus, plant_bug);
		rolled_mark();
	}
}

static bool violated(void)
{
	struct toy_result r;

	toy_result(&r);
	return r.violated;
}

static void run(struct sim_strategy *strategy)
{
	struct sim_exec exec = { .strategy = strategy, .max_steps = 1000, .last = -1 };

	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
}

/* Return: executions to the first hit. */
static unsigned int greedy_hit(struct sim_marked_world *world, uint64_t seed)
{
	static struct sim_coverage c;
	unsigned int n = 0;
	bool hit = false;

	sim_coverage_init(&c, seed);
	for (; !hit && n < LIMIT; n++) {
		sim_coverage_begin(&c);
		run(&c.strategy);
		hit = violated();
		sim_marked_world_return(world);
	}
	sim_coverage_free(&c);
	return n;
}

static unsigned int random_hit(struct sim_marked_world *world, uint64_t seed)
{
	struct sim_random r;
	unsigned int n = 0;
	bool hit = false;

	sim_random_init(&r, seed);
	for (; !hit && n < LIMIT; n++) {
		run(&r.strategy);
		hit = violated();
		sim_marked_world_return(world);
	}
	return n;
}

static int compare(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

static unsigned int median(unsigned int (*first_hit)(struct sim_marked_world *, uint64_t),
			   struct sim_marked_world *world, unsigned int seeds)
{
	unsigned int hits[SEEDS], i;

	for (i = 0; i < seeds; i++)
		hits[i] = first_hit(world, i + 1);
	qsort(hits, seeds, sizeof(hits[0]), compare);
	return hits[seeds / 2];
}

static void planted_bug_is_found_sooner_than_by_chance(void **state)
{
	struct sim_marked_world world;
	unsigned int greedy, chance;
	int vcpus;

	for (vcpus = 1; vcpus <= 2; vcpus++) {
		build(2, vcpus, true);
		sim_marked_world_take(&world, false);
		greedy = median(greedy_hit, &world, SEEDS);
		chance = median(random_hit, &world, 9);
		sim_marked_world_free(&world);
		assert_true(greedy * 2 < chance);
	}
}

/* Nothing in it depends on addresses or on what ran before. */
static void same_seed_same_turns(void **state)
{
	static struct sim_coverage c;
	uint64_t turns[2] = { 0 }, last[2] = { 0 };
	struct sim_marked_world world;
	unsigned int i, n;

	build(2, 2, false);
	sim_marked_world_take(&world, false);
	for (i = 0; i < 2; i++) {
		sim_coverage_init(&c, 5);
		for (n = 0; n < 200; n++) {
			sim_coverage_begin(&c);
			run(&c.strategy);
			sim_marked_world_return(&world);
		}
		turns[i] = sim_coverage_turns(&c);
		last[i] = sim_rng_next(&c.rng);
		sim_coverage_free(&c);
	}
	sim_marked_world_free(&world);
	assert_in_range(turns[0], 50, 5000);
	assert_int_equal(turns[0], turns[1]);
	assert_true(last[0] == last[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(planted_bug_is_found_sooner_than_by_chance),
		ROLLED(same_seed_same_turns),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
