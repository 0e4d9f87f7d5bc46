/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which call fails: counted from the order on, for each primitive and for any. */
#include <stdio.h>
#include <string.h>

#include "fakes/build.h"
#include "fakes/fault.h"
#include "fakes/profile.h"
#include "sim/core/alloc.h"
#include "sim/core/world.h"
#include "tests/rolled.h"

static int setup(void **state)
{
	const struct sim_params params = { .nr_cpus = 1 };
	const struct build_machine machine = {
		.profile = kernel_profile_find("6.12"),
		.normal_bytes = 8 << 20,
	};

	if (rolled_build()) {
		sim_world_init(&params);
		build_machine(&machine);
		rolled_mark();
	}
	return 0;
}

static void order(unsigned int point, uint64_t nth, uint64_t times)
{
	fault_inject(&(struct fault_order){ .point = point, .nth = nth, .times = times });
}

/* @calls: a letter for each call, of the primitive in @points; 'x': it failed. */
static void assert_calls(const enum fault_point *points, const char *calls)
{
	char got[32] = "";
	size_t i;

	for (i = 0; calls[i]; i++)
		got[i] = fault_hit(points[i], __func__) ? 'x' : '.';
	assert_string_equal(got, calls);
}

static void assert_slabs(const char *calls)
{
	static const enum fault_point slabs[32] = { FAULT_SLAB };

	assert_calls(slabs, calls);
}

static void nothing_ordered_nothing_fails(void **state)
{
	assert_slabs("....");
	assert_int_equal(probe_failures(), 0);
}

static void nth_fails_and_no_other(void **state)
{
	order(FAULT_SLAB, 3, 1);
	assert_slabs("..x...");
	assert_int_equal(probe_failures(), 1);
	order(FAULT_SLAB, 1, 1);
	assert_slabs("x..");
	assert_int_equal(probe_failures(), 2);
}

static void times_fail_in_a_row(void **state)
{
	order(FAULT_SLAB, 2, 3);
	assert_slabs(".xxx..");
	order(FAULT_SLAB, 2, FAULT_FOR_EVER);
	assert_slabs(".xxxxxxx");
	assert_int_equal(probe_failures(), 10);
}

static void order_takes_the_place_of_an_earlier_one(void **state)
{
	order(FAULT_SLAB, 1, FAULT_FOR_EVER);
	assert_slabs("xx");
	order(FAULT_SLAB, 3, 1);
	assert_slabs("..x.");
}

static void any_counts_all_that_comes(void **state)
{
	static const enum fault_point mixed[] = {
		FAULT_SLAB, FAULT_PAGE_ALLOC, FAULT_FOLIO_TRYLOCK, FAULT_SLAB,
	};

	order(FAULT_ANY, 3, 1);
	assert_calls(mixed, "..x.");
	/* Beside an order of its own: both count. */
	order(FAULT_ANY, 4, 1);
	order(FAULT_SLAB, 1, 1);
	assert_calls(mixed, "x..x");
}

static void others_do_not_count(void **state)
{
	static const enum fault_point mixed[] = {
		FAULT_PAGE_ALLOC, FAULT_SLAB, FAULT_PAGE_ALLOC, FAULT_SLAB, FAULT_PAGE_ALLOC,
	};

	order(FAULT_SLAB, 2, 1);
	assert_calls(mixed, "...x.");
}

static void killed_stays_killed(void **state)
{
	static const enum fault_point mixed[] = {
		FAULT_FATAL_SIGNAL, FAULT_FATAL_SIGNAL, FAULT_SLAB, FAULT_FATAL_SIGNAL,
	};

	order(FAULT_FATAL_SIGNAL, 2, 1);
	assert_calls(mixed, ".x.x");
	assert_int_equal(probe_failures(), 1);
}

/* On the host's own stack no choice is asked. */
static void open_order_fails_nothing_by_default(void **state)
{
	order(FAULT_SLAB, 0, 1);
	assert_slabs("....");
}

static void off_is_off_and_leaves_nothing(void **state)
{
	uint64_t live = sim_alloc_live(NULL);

	order(FAULT_SLAB, 1, FAULT_FOR_EVER);
	assert_slabs("x");
	fault_inject_off();
	assert_slabs("...");
	fault_inject_off();
	assert_int_equal(sim_alloc_live(NULL), live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(nothing_ordered_nothing_fails, .setup = setup),
		ROLLED(nth_fails_and_no_other, .setup = setup),
		ROLLED(times_fail_in_a_row, .setup = setup),
		ROLLED(order_takes_the_place_of_an_earlier_one, .setup = setup),
		ROLLED(any_counts_all_that_comes, .setup = setup),
		ROLLED(others_do_not_count, .setup = setup),
		ROLLED(killed_stays_killed, .setup = setup),
		ROLLED(open_order_fails_nothing_by_default, .setup = setup),
		ROLLED(off_is_off_and_leaves_nothing, .setup = setup),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
