/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call_rcu() waits for who is in a read section, and for nobody else. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(call_without_reader_is_done_at_once, .setup = setup),
		ROLLED(call_in_section_waits_for_its_outer_end, .setup = setup),
		ROLLED(calls_of_one_section_are_all_done, .setup = setup),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
