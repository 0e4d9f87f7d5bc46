/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy's schedules, counted: the numbers come from independent tools that
 * searched the same model.
 */
#include "sim/engine/arena.h"
#include "sim/engine/verify.h"
#include "sim/explore/dfs.h"
#include "sim/explore/random.h"
#include "tests/explore/toy.h"
#include "tests/rolled.h"

static void build(int retries, bool plant_bug)
{
	if (rolled_build()) {
		toy_build(retries, 1, plant_bug);
		rolled_mark();
	}
}

struct count {
	struct sim_dfs dfs;
	uint64_t gave_up, pin_failed, violated, odd;
};

static bool done(struct sim_dfs *self, enum sim_end end)
{
	struct count *c = (struct count *)self;
	struct toy_result r;

	toy_result(&r);
	c->gave_up += r.gave_up;
	c->pin_failed += r.pin_failed;
	c->violated += r.violated;
	c->odd += end != SIM_END_DONE;
	return false;
}

static void count(struct count *c, int retries, bool plant_bug)
{
	*c = (struct count){
		.dfs = {
			.done = done, .max_steps = 1000,
			.verify_rollback = true, .verify_executions = 200,
		},
	};
	build(retries, plant_bug);
	assert_int_equal(sim_dfs_run(&c->dfs), 0);
	assert_true(c->dfs.complete);
	assert_int_equal(c->odd, 0);
}

static void dfs_toy_with_one_try_counts_every_schedule_once(void **state)
{
	struct count c;

	count(&c, 1, false);
	assert_int_equal(c.dfs.executions, 108861);
	assert_int_equal(c.gave_up, 68081);
	assert_int_equal(c.pin_failed, 21544);
	assert_int_equal(c.violated, 0);
}

static void dfs_toy_with_two_tries_counts_every_schedule_once(void **state)
{
	struct count c;

	count(&c, 2, false);
	assert_int_equal(c.dfs.executions, 728204);
	assert_int_equal(c.violated, 0);
}

static void dfs_toy_with_planted_bug_finds_every_bad_schedule(void **state)
{
	struct count c;

	count(&c, 2, true);
	assert_int_equal(c.dfs.executions, 732942);
	assert_in_range(c.violated, 1, c.dfs.executions - 1);
}

/* ---- roll-back ---- */

static void dfs_toy_rolls_back_byte_for_byte(void **state)
{
	struct count c = {
		.dfs = {
			.done = done,
			.max_steps = 1000,
			.max_executions = 4000,
			.verify_rollback = true,
		},
	};

	build(1, false);
	sim_dfs_run(&c.dfs);
	assert_int_equal(c.dfs.executions, 4000);
	assert_int_equal(c.odd, 0);
}

/* Run on from a mark with a seed. Return: what it comes to, as one number. */
static uint64_t run_on(uint64_t seed, int last)
{
	struct sim_random r;
	struct sim_exec exec = {
		.strategy = &r.strategy,
		.max_steps = 1000,
		.last = last,
	};
	struct toy_result result;

	sim_random_init(&r, seed);
	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	toy_result(&result);
	return exec.steps << 16 | (result.pte & 3) << 12 |
	       (result.ref[0] & 15) << 8 | (result.ref[1] & 15) << 4 |
	       result.gave_up << 1 | result.pin_failed;
}

static void mark_in_the_middle_serves_every_branch(void **state)
{
	struct sim_marked_world m;
	struct sim_random r;
	struct sim_exec exec = {
		.strategy = &r.strategy,
		.max_steps = 6,
		.last = -1,
	};
	uint64_t first[8];
	unsigned int i, different = 0;

	build(1, false);
	sim_random_init(&r, 2);
	assert_int_equal(sim_exec_run(&exec), SIM_END_BOUND);
	/* Compares the whole world after each return. */
	sim_marked_world_take(&m, true);
	for (i = 0; i < 8; i++) {
		first[i] = run_on(i, exec.last);
		different += first[i] != first[0];
		sim_marked_world_return(&m);
	}
	assert_true(different > 0);
	for (i = 8; i--;) {
		assert_int_equal(run_on(i, exec.last), first[i]);
		sim_marked_world_return(&m);
	}
	sim_marked_world_free(&m);
}

static void verify_finds_a_store_that_escaped(void **state)
{
	char where[96] = "";
	struct sim_verify *v;

	build(1, false);
	v = sim_verify_take();
	assert_false(sim_verify_differs(v, where, sizeof(where)));
	/* The host's stores have no hooks. */
	*(volatile char *)(SIM_ARENA_BASE + 0x123) ^= 1;
	assert_true(sim_verify_differs(v, where, sizeof(where)));
	assert_string_equal(where, "area 0 + 0x123");
	*(volatile char *)(SIM_ARENA_BASE + 0x123) ^= 1;
	assert_false(sim_verify_differs(v, where, sizeof(where)));
	sim_verify_free(v);
}

/* With an argument, only what a slow task switch does in a second. */
int main(int argc, char **argv)
{
	const struct CMUnitTest quick[] = {
		ROLLED(dfs_toy_with_one_try_counts_every_schedule_once),
		ROLLED(mark_in_the_middle_serves_every_branch),
		ROLLED(dfs_toy_rolls_back_byte_for_byte),
	};
	const struct CMUnitTest tests[] = {
		ROLLED(dfs_toy_with_one_try_counts_every_schedule_once),
		ROLLED(dfs_toy_with_two_tries_counts_every_schedule_once),
		ROLLED(dfs_toy_with_planted_bug_finds_every_bad_schedule),
		ROLLED(dfs_toy_rolls_back_byte_for_byte),
		ROLLED(mark_in_the_middle_serves_every_branch),
		ROLLED(verify_finds_a_store_that_escaped),
	};

	if (argc > 1)
		return cmocka_run_group_tests(quick, rolled_map, rolled_unmap) ? 1 : 0;
	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
