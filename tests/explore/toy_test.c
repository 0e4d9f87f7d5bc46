/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy's schedules, counted: the numbers come from independent tools that
 * searched the same model.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/explore/dfs.h"
#include "tests/explore/toy.h"

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
	*c = (struct count){ .dfs = { .done = done, .max_steps = 1000 } };
	sim_arena_reset();
	toy_build(retries, 1, plant_bug);
	sim_undo_on(true);
	assert_int_equal(sim_dfs_run(&c->dfs), 0);
	sim_undo_on(false);
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

static int map(void **state)
{
	return sim_arena_map();
}

static int unmap(void **state)
{
	sim_arena_unmap();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dfs_toy_with_one_try_counts_every_schedule_once),
		cmocka_unit_test(dfs_toy_with_two_tries_counts_every_schedule_once),
		cmocka_unit_test(dfs_toy_with_planted_bug_finds_every_bad_schedule),
	};

	return cmocka_run_group_tests(tests, map, unmap) ? 1 : 0;
}
