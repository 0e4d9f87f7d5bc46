/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger as sums: what was taken and dropped, and of three kinds how much an
 * object has; what is not there cannot be dropped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/core/ledger.h"
#include "sim/core/world.h"

#define KIND_A		5
#define KIND_B		6
#define KIND_C		1
#define KIND_OTHER	2
#define OBJ		SIM_OBJ(16, 7)

/* As far apart as a run's have to be. */
union object {
	struct sim_refs refs;
	char stride[SIM_REF_STRIDE];
};

static union object objects[4];

static int make_world(void **state)
{
	const struct sim_params params = { .nr_cpus = 1, .sums = true,
					   .sum_kinds = { KIND_A, KIND_B, KIND_C } };
	unsigned int i;

	sim_arena_reset();
	sim_world_init(&params);
	for (i = 0; i < 4; i++)
		objects[i].refs.word = 0;
	return 0;
}

static struct sim_ref_sums sums(void)
{
	struct sim_ref_sums s;

	sim_ref_sums(&s);
	return s;
}

static void test_kinds_do_not_mix(void **state)
{
	struct sim_refs *r = &objects[0].refs;

	sim_ref_take(r, OBJ, KIND_A, 3, __func__);
	sim_ref_take(r, OBJ, KIND_B, 1000, __func__);
	sim_ref_take(r, OBJ, KIND_C, 1, __func__);
	assert_int_equal(sim_ref_count(r, KIND_A), 3);
	assert_int_equal(sim_ref_count(r, KIND_B), 1000);
	assert_int_equal(sim_ref_count(r, KIND_C), 1);
	assert_int_equal(sim_ref_drop(r, OBJ, KIND_B, 999, __func__), 999);
	assert_int_equal(sim_ref_count(r, KIND_A), 3);
	assert_int_equal(sim_ref_own(r, KIND_B), 1);
	assert_int_equal(sums().taken[KIND_B], 1000);
	assert_int_equal(sums().dropped[KIND_B], 999);
}

static void test_what_is_not_there_is_not_dropped(void **state)
{
	struct sim_refs *r = &objects[0].refs;

	sim_ref_take(r, OBJ, KIND_A, 2, __func__);
	assert_int_equal(sim_ref_drop(r, OBJ, KIND_A, 5, __func__), 2);
	assert_int_equal(sim_ref_drop(r, OBJ, KIND_B, 1, __func__), 0);
	assert_int_equal(sums().dropped[KIND_A], 2);
	assert_int_equal(sums().dropped[KIND_B], 0);
	/* Of others nobody knows who has them. */
	assert_int_equal(sim_ref_drop(r, OBJ, KIND_OTHER, 1, __func__), 1);
	assert_int_equal(sim_ref_count(r, KIND_OTHER), 0);
}

static void test_objects_are_those_with_the_first_two(void **state)
{
	sim_ref_take(&objects[0].refs, OBJ, KIND_A, 1, __func__);
	sim_ref_take(&objects[0].refs, OBJ, KIND_B, 1, __func__);
	sim_ref_take(&objects[1].refs, OBJ + 1, KIND_C, 1, __func__);
	assert_int_equal(sums().objects, 1);
	sim_ref_take(&objects[1].refs, OBJ + 1, KIND_B, 1, __func__);
	assert_int_equal(sums().objects, 2);
	sim_ref_drop(&objects[0].refs, OBJ, KIND_A, 1, __func__);
	assert_int_equal(sums().objects, 2);
	sim_ref_drop(&objects[0].refs, OBJ, KIND_B, 1, __func__);
	assert_int_equal(sums().objects, 1);
}

static void test_a_run_and_a_conversion(void **state)
{
	struct sim_ref_info info;
	unsigned int i;

	sim_ref_take_run(&objects[0].refs, OBJ, 4, KIND_A, 2, __func__);
	for (i = 0; i < 4; i++)
		assert_int_equal(sim_ref_count(&objects[i].refs, KIND_A), 2);
	assert_int_equal(sums().taken[KIND_A], 8);
	assert_int_equal(sums().objects, 4);
	assert_true(sim_ref_convert(&objects[3].refs, OBJ + 3, KIND_A, KIND_B, 1, __func__));
	assert_false(sim_ref_convert(&objects[3].refs, OBJ + 3, KIND_A, KIND_B, 2, __func__));
	assert_int_equal(sim_ref_count(&objects[3].refs, KIND_A), 1);
	assert_int_equal(sim_ref_count(&objects[3].refs, KIND_B), 1);
	/* There are no entries. */
	assert_false(sim_ref_entry(&objects[3].refs, 0, &info));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_kinds_do_not_mix, make_world),
		cmocka_unit_test_setup(test_what_is_not_there_is_not_dropped, make_world),
		cmocka_unit_test_setup(test_objects_are_those_with_the_first_two, make_world),
		cmocka_unit_test_setup(test_a_run_and_a_conversion, make_world),
	};
	int ret;

	if (sim_arena_map())
		return 1;
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	sim_arena_unmap();
	return ret;
}
