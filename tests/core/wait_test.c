/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wait queues and SRCU, each scene in every schedule.
 */
#include "sim/core/task.h"
#include "sim/engine/fault.h"
#include "tests/core/explore_all.h"

static void build(unsigned int cpus)
{
	all_build(cpus, SIM_MUTEX);
}

static void task(void (*fn)(void *), unsigned int cpu)
{
	assert_true(sim_task_create("task", cpu, fn, NULL) >= 0);
}

static void wait_loses_no_wakeup(void **state)
{
	struct all all;

	build(3);
	task(scene_wait_for_flag, 0);
	task(scene_wait_for_flag, 1);
	task(scene_set_flag, 2);
	all_run(&all);
	assert_true(all.dfs.complete);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.done_min, 2);
	/* Some schedules sleep and some do not. */
	assert_true(all.notes[SIM_WAIT] > 0);
}

static void wait_without_a_waker_is_a_deadlock_that_says_on_what(void **state)
{
	struct all all;

	build(1);
	task(scene_wait_for_flag, 0);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_DEADLOCK], 1);
	assert_int_equal(all.last[SIM_X_DEADLOCK].b, SIM_OBJ(SIM_CLASS_WAITQ, 1));
}

static void srcu_grace_period_outlasts_every_earlier_reader(void **state)
{
	struct all all;

	build(3);
	task(scene_srcu_reader, 0);
	task(scene_srcu_reader, 1);
	task(scene_srcu_updater, 2);
	all_run(&all);
	assert_true(all.dfs.complete);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.wrong, 0);
	assert_int_equal(all.done_min, 1);
	assert_true(all.notes[SIM_WAIT] > 0);
}

static void srcu_two_updaters_and_a_reader_all_end(void **state)
{
	struct all all;

	build(3);
	task(scene_srcu_reader, 0);
	task(scene_srcu_updater, 1);
	task(scene_srcu_updater, 2);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.wrong, 0);
	assert_int_equal(all.done_min, 2);
}

static void srcu_nests(void **state)
{
	struct all all;

	build(2);
	task(scene_srcu_nested, 0);
	task(scene_srcu_updater, 1);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.wrong, 0);
}

static void srcu_synchronize_inside_a_reader_deadlocks(void **state)
{
	struct all all;

	build(1);
	task(scene_srcu_suicide, 0);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_DEADLOCK], 1);
	assert_int_equal(all.done_max, 0);
}

static void bad_unlock(void *unused)
{
	sim_srcu_read_unlock(&scene()->srcu, 0, "bad_unlock");
}

static void srcu_unlock_without_lock_is_a_kernel_bug(void **state)
{
	struct sim_record rec;

	build(1);
	assert_true(sim_fatal_catch(bad_unlock, NULL, &rec));
	assert_int_equal(rec.verb, SIM_X_BUG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(wait_loses_no_wakeup),
		ROLLED(wait_without_a_waker_is_a_deadlock_that_says_on_what),
		ROLLED(srcu_grace_period_outlasts_every_earlier_reader),
		ROLLED(srcu_two_updaters_and_a_reader_all_end),
		ROLLED(srcu_nests),
		ROLLED(srcu_synchronize_inside_a_reader_deadlocks),
		ROLLED(srcu_unlock_without_lock_is_a_kernel_bug),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
