/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fixture that runs tests under roll-back finds what it is there for: each
 * test planted here fails, and those that only come close pass.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/core/task.h"
#include "sim/explore/random.h"
#include "tests/core/explore_all.h"

static struct scene *build(void)
{
	return all_build(2, SIM_MUTEX);
}

static void run(uint64_t max_steps)
{
	struct sim_replay first;
	struct sim_exec exec = { .strategy = &first.strategy, .max_steps = max_steps, .last = -1 };

	sim_replay_init(&first, NULL, NULL, 0);
	sim_exec_run(&exec);
}

static void task(void (*fn)(void *))
{
	assert_true(sim_task_create("task", 0, fn, NULL) >= 0);
}

/* --- what must be found --- */

/* Not instrumented, as all of the host's code: the log never hears of it. */
static void store_unlogged(void *unused)
{
	scene()->value = 0x5a;
}

static void planted_store_by_the_test(void **state)
{
	build();
	store_unlogged(NULL);
}

static void planted_store_by_a_task(void **state)
{
	build();
	task(scene_lock_a);
	task(store_unlogged);
	run(100);
}

/* Where nothing was when the world was marked. */
static void planted_store_to_a_new_page(void **state)
{
	build();
	task(scene_lock_a);
	run(100);
	((char *)scene())[sizeof(struct scene)] ^= 1;
}

static void planted_store_to_the_live_map(void **state)
{
	uint64_t addr = (uint64_t)(uintptr_t)build();

	*(char *)(uintptr_t)(SIM_LIVE_BASE + ((addr - SIM_ARENA_BASE) >> SIM_LIVE_SHIFT)) ^= 1;
}

static void planted_store_in_the_first_of_two_worlds(void **state)
{
	build();
	store_unlogged(NULL);
	build();
}

static void planted_store_in_the_last_of_two_worlds(void **state)
{
	build();
	build();
	store_unlogged(NULL);
}

static void planted_second_run_that_is_another(void **state)
{
	static int runs;

	build();
	assert_int_equal(runs++, 0);
}

/* Two worlds, so that the second run builds them again. */
static void planted_building_that_never_is_the_same(void **state)
{
	static uint32_t built;
	int i;

	for (i = 0; i < 2; i++) {
		if (rolled_build()) {
			scene_build(1, SIM_MUTEX)->value = built++;
			rolled_mark();
		}
	}
}

static void planted_test_without_a_world(void **state)
{
}

static int look(void **state)
{
	return scene()->flag;
}

static void planted_world_that_is_left_badly(void **state)
{
	build();
	scene_set_flag(NULL);
}

/* --- what comes close --- */

static void close_stores_that_are_logged(void **state)
{
	build();
	scene_choose(NULL);
	assert_int_equal(scene()->done, 1);
	rolled_back();
	assert_int_equal(scene()->done, 0);
	scene_choose(NULL);
}

static void close_tasks_that_are_left_in_the_middle(void **state)
{
	build();
	task(scene_lock_a);
	task(scene_lock_ab);
	run(4);
	task(scene_lock_a);
}

static void close_store_that_is_taken_back(void **state)
{
	uint32_t was = build()->value;

	store_unlogged(NULL);
	scene()->value = was;
}

static void close_two_worlds_with_tasks(void **state)
{
	int i;

	for (i = 0; i < 2; i++) {
		build();
		task(scene_lock_ab);
		run(i ? 100 : 2);
	}
}

static void close_flag_that_is_not_set(void **state)
{
	build();
}

/* --- */

static const struct planted {
	struct CMUnitTest test;
	bool fails;
} planted[] = {
	{ ROLLED(planted_store_by_the_test), true },
	{ ROLLED(planted_store_by_a_task), true },
	{ ROLLED(planted_store_to_a_new_page), true },
	{ ROLLED(planted_store_to_the_live_map), true },
	{ ROLLED(planted_store_in_the_first_of_two_worlds), true },
	{ ROLLED(planted_store_in_the_last_of_two_worlds), true },
	{ ROLLED(planted_second_run_that_is_another), true },
	{ ROLLED(planted_building_that_never_is_the_same), true },
	{ ROLLED(planted_test_without_a_world), true },
	{ ROLLED(planted_world_that_is_left_badly, .leave = look), true },
	{ ROLLED(close_stores_that_are_logged), false },
	{ ROLLED(close_tasks_that_are_left_in_the_middle), false },
	{ ROLLED(close_store_that_is_taken_back), false },
	{ ROLLED(close_two_worlds_with_tasks), false },
	{ ROLLED(close_flag_that_is_not_set, .leave = look), false },
};

/* In a process of its own, and silent: to others its failures are none. */
static int failures_of(const struct CMUnitTest *test)
{
	const struct CMUnitTest tests[] = { *test };
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(99);
		_exit(cmocka_run_group_tests(tests, rolled_map, rolled_unmap));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static void rolled_finds_what_is_planted_and_nothing_else(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
		int failures = failures_of(&planted[i].test);

		if (failures != planted[i].fails)
			fail_msg("%s: %d failures", planted[i].test.name, failures);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rolled_finds_what_is_planted_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
