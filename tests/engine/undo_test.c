/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The undo log: whatever world-side code stores, going back leaves no trace.
 * Goes back and compares by itself: no test of its has to be rolled.
 */
#include <string.h>

#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/engine/verify.h"
#include "sim/explore/dfs.h"
#include "tests/engine/store_world.h"
#include "tests/rolled.h"

static int build(void **state)
{
	sim_arena_reset();
	*state = store_build(false);
	sim_undo_on(true);
	return 0;
}

static void fill(unsigned char *room, int seed)
{
	int i;

	for (i = 0; i < STORE_BYTES; i++)
		room[i] = i * 7 + seed;
}

static void undo_each_way_to_store_leaves_no_trace(void **state)
{
	unsigned char *room = *state;
	unsigned char before[STORE_BYTES], changed[STORE_BYTES];
	uint64_t statics = store_statics();
	char where[96] = "";
	size_t i;

	fill(room, 3);
	memcpy(before, room, STORE_BYTES);
	for (i = 0; i < store_nr_ways; i++) {
		struct sim_verify *v = sim_verify_take();
		struct sim_mark mark = sim_undo_mark();

		store_ways[i].fn(room);
		memcpy(changed, room, STORE_BYTES);
		assert_true(memcmp(before, changed, STORE_BYTES) ||
			    statics != store_statics());
		assert_true(sim_verify_differs(v, where, sizeof(where)));
		sim_undo_to(mark);
		if (sim_verify_differs(v, where, sizeof(where)))
			fail_msg("%s: %s", store_ways[i].name, where);
		assert_memory_equal(before, room, STORE_BYTES);
		assert_int_equal(statics, store_statics());
		sim_verify_free(v);
	}
}

#define POINTS 3

/*
 * Copies along a path share what has not changed: each is still whole, and a
 * byte that the log does not know of is seen by all of them.
 */
static void undo_path_of_copies_sees_what_escaped(void **state)
{
	uint64_t *room = *state;
	struct sim_verify *path[POINTS] = { NULL };
	struct sim_mark mark[POINTS];
	char where[96];
	int run, i, k;

	for (run = 0; run < 2; run++) {	/* the second in the room of the first */
		for (i = 0; i < POINTS; i++) {
			sim_verify_path(path, i);
			mark[i] = sim_undo_mark();
			store_range(&room[8 * i], 8);
		}
		for (i = POINTS - 1; i >= 0; i--) {
			assert_true(sim_verify_differs(path[i], where, sizeof(where)));
			sim_undo_to(mark[i]);
			assert_false(sim_verify_differs(path[i], where, sizeof(where)));
			((unsigned char *)room)[STORE_BYTES - 1] ^= 1;
			for (k = 0; k <= i; k++)
				assert_true(sim_verify_differs(path[k], where, sizeof(where)));
			((unsigned char *)room)[STORE_BYTES - 1] ^= 1;
		}
	}
	for (i = 0; i < POINTS; i++)
		sim_verify_free(path[i]);
}

static void undo_nested_marks_go_back_one_by_one(void **state)
{
	uint64_t *room = *state;
	struct sim_mark outer, inner;

	store_one(&room[0]);
	outer = sim_undo_mark();
	store_range(&room[0], 8);
	inner = sim_undo_mark();
	store_range(&room[0], 16);
	store_one(&room[0]);
	sim_undo_to(inner);
	assert_int_equal(room[0], 0x1111111111111111ULL);
	assert_int_equal(room[1], 0);
	sim_undo_to(outer);
	assert_int_equal(room[0], 1);
}

static void undo_is_the_same_after_going_forward_again(void **state)
{
	unsigned char *room = *state;
	unsigned char first[STORE_BYTES];
	struct sim_mark mark = sim_undo_mark();
	size_t i;

	for (i = 0; i < store_nr_ways; i++)
		store_ways[i].fn(room);
	memcpy(first, room, STORE_BYTES);
	sim_undo_to(mark);
	for (i = 0; i < store_nr_ways; i++)
		store_ways[i].fn(room);
	assert_memory_equal(first, room, STORE_BYTES);
}

static void undo_memset_to_what_is_there_logs_nothing(void **state)
{
	char *room = *state;
	uint64_t before = sim_undo_stores();

	store_clear(room + 8, 1024);
	assert_int_equal(sim_undo_stores(), before);
	store_clear(room + 17, 1);
	assert_int_equal(sim_undo_stores(), before + 1);
	room[16] = 1;
	store_clear(room + 8, 1024);
	assert_int_equal(sim_undo_stores(), before + 2);
}

static void undo_off_logs_nothing_and_resumes(void **state)
{
	uint64_t *room = *state;
	struct sim_mark mark;
	uint64_t n;

	store_one(&room[1]);
	n = sim_undo_stores();
	sim_undo_on(false);
	store_one(&room[0]);
	store_range(room, 64);
	assert_int_equal(sim_undo_stores(), n);
	sim_undo_on(true);
	mark = sim_undo_mark();
	store_one(&room[0]);
	sim_undo_to(mark);
	assert_int_equal(room[0], 0x1111111111111111ULL);
}

static void undo_host_stack_is_not_logged(void **state)
{
	uint64_t before = sim_undo_stores();
	uint64_t local = 0;

	assert_int_equal(store_on_stack(), 63);
	store_one(&local);
	assert_int_equal(sim_undo_stores(), before);
	assert_int_equal(local, 1);
}

/* ---- stacks ---- */

struct lent {
	struct sim_dfs dfs;
	uint64_t sum, seen_max;
};

static bool lent_done(struct sim_dfs *self, enum sim_end end)
{
	struct lent *l = (struct lent *)self;

	l->sum += store_lent();
	if (store_lent() > l->seen_max)
		l->seen_max = store_lent();
	return false;
}

static void undo_store_to_another_tasks_stack_is_rolled_back(void **state)
{
	struct lent l = {
		.dfs = {
			.done = lent_done,
			.max_steps = 100,
			.verify_rollback = true,
		},
	};

	assert_int_equal(sim_task_create("lender", 0, store_lend, NULL), 0);
	assert_int_equal(sim_task_create("borrower", 1, store_borrow, NULL), 1);
	sim_dfs_run(&l.dfs);
	assert_true(l.dfs.complete);
	/* Two steps against three: 5 over 2. */
	assert_int_equal(l.dfs.executions, 10);
	assert_int_equal(l.seen_max, 311);
	/*
	 * The loan ends when the lender's second step does: by how many of the
	 * borrower's steps come before it, 1, 2, 3 and 4 orders.
	 */
	assert_int_equal(l.sum, 10 * 11 + 100 * (0 * 1 + 1 * 2 + 2 * 3 + 3 * 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(undo_each_way_to_store_leaves_no_trace, build),
		cmocka_unit_test_setup(undo_path_of_copies_sees_what_escaped, build),
		cmocka_unit_test_setup(undo_nested_marks_go_back_one_by_one, build),
		cmocka_unit_test_setup(undo_is_the_same_after_going_forward_again, build),
		cmocka_unit_test_setup(undo_memset_to_what_is_there_logs_nothing, build),
		cmocka_unit_test_setup(undo_off_logs_nothing_and_resumes, build),
		cmocka_unit_test_setup(undo_host_stack_is_not_logged, build),
		cmocka_unit_test_setup(undo_store_to_another_tasks_stack_is_rolled_back,
				       build),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
