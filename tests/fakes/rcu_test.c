/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call_rcu() waits for who is in a read section, and for nobody else; so do
 * synchronize_rcu() and rcu_barrier().
 */
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/engine/undo.h"
#include "sim/explore/dpor.h"
#include "tests/fakes/rcu_world.h"
#include "tests/rolled.h"

static int setup(void **state)
{
	if (rolled_build()) {
		rcu_world_build();
		rolled_mark();
	}
	return 0;
}

static void call_without_reader_is_done_at_once(void **state)
{
	rcu_world_call(0);
	assert_int_equal(rcu_world_called(), 1);
}

static void call_in_section_waits_for_its_outer_end(void **state)
{
	rcu_world_lock();
	rcu_world_lock();
	rcu_world_call(0);
	assert_int_equal(rcu_world_called(), 0);
	rcu_world_unlock();
	assert_int_equal(rcu_world_called(), 0);
	rcu_world_unlock();
	assert_int_equal(rcu_world_called(), 1);
}

static void calls_of_one_section_are_all_done(void **state)
{
	rcu_world_lock();
	rcu_world_call(2);
	rcu_world_call(0);
	rcu_world_call(3);
	assert_int_equal(rcu_world_called(), 0);
	rcu_world_unlock();
	assert_int_equal(rcu_world_called(), 0xd);
	rcu_world_call(1);
	assert_int_equal(rcu_world_called(), 0xf);
}

struct run {
	struct sim_dpor dpor;
	unsigned int odd, wrong, done_min, slept;
};

static bool done(struct sim_dpor *dpor, enum sim_end end)
{
	struct run *run = (struct run *)dpor;

	run->odd += end != SIM_END_DONE;
	run->wrong += rcu_world_wrong();
	run->slept += rcu_world_slept();
	if (rcu_world_done() < run->done_min)
		run->done_min = rcu_world_done();
	return false;
}

static void explore(struct run *run, bool reduce, void (*fn)(void *))
{
	*run = (struct run){
		.dpor = {
			.done = done, .max_steps = 100, .reduce = reduce,
			.verify_rollback = true,
		},
		.done_min = ~0U,
	};
	assert_int_equal(sim_task_create("reader", 0, rcu_world_reader, NULL), 0);
	assert_int_equal(sim_task_create("other", 1, fn, NULL), 1);
	sim_undo_on(true);
	assert_int_equal(sim_dpor_run(&run->dpor), 0);
	assert_int_equal(run->dpor.end, SIM_DPOR_COMPLETE);
	assert_int_equal(run->odd, 0);
	assert_int_equal(run->wrong, 0);
	assert_int_equal(run->done_min, 1);
	/* Some sleep and some do not. */
	assert_in_range(run->slept, 1, run->dpor.executions - 1);
}

static void synchronize_outlasts_earlier_readers(void **state)
{
	struct run run;

	explore(&run, false, rcu_world_synchronizer);
}

static void reduction_knows_what_synchronize_has_to_do_with_readers(void **state)
{
	struct run run;

	explore(&run, true, rcu_world_synchronizer);
}

static void barrier_outlasts_calls(void **state)
{
	struct run run;

	explore(&run, false, rcu_world_barrier);
}

static void reduction_knows_what_a_barrier_has_to_do_with_readers(void **state)
{
	struct run run;

	explore(&run, true, rcu_world_barrier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(call_without_reader_is_done_at_once, .setup = setup),
		ROLLED(call_in_section_waits_for_its_outer_end, .setup = setup),
		ROLLED(calls_of_one_section_are_all_done, .setup = setup),
		ROLLED(synchronize_outlasts_earlier_readers, .setup = setup),
		ROLLED(reduction_knows_what_synchronize_has_to_do_with_readers, .setup = setup),
		ROLLED(barrier_outlasts_calls, .setup = setup),
		ROLLED(reduction_knows_what_a_barrier_has_to_do_with_readers, .setup = setup),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
