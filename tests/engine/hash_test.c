/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world's hash: equal for equal states, and else not.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/fiber.h"
#include "sim/engine/hash.h"
#include "sim/engine/undo.h"
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

static bool same(struct sim_hash a, struct sim_hash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static void assert_same(struct sim_hash a, struct sim_hash b)
{
	assert_int_equal(a.lo, b.lo);
	assert_int_equal(a.hi, b.hi);
}

/* ---- the function ---- */

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static unsigned int repeated(uint64_t *v, size_t n)
{
	unsigned int found = 0;
	size_t i;

	qsort(v, n, sizeof(*v), compare);
	for (i = 1; i < n; i++)
		found += v[i] == v[i - 1];
	return found;
}

/* Neighbouring words with neighbouring values, as worlds are full of. */
static void hash_of_words_each_half_has_no_collisions(void **state)
{
	size_t words = 512, values = 512, n = 0, i, k;
	uint64_t *lo = calloc(words * values, sizeof(*lo));
	uint64_t *hi = calloc(words * values, sizeof(*hi));

	assert_non_null(lo);
	assert_non_null(hi);
	for (i = 0; i < words; i++) {
		for (k = 0; k < values; k++, n++) {
			uint64_t value = k < 256 ? k : k << 56 | SIM_ARENA_BASE;
			struct sim_hash h = sim_hash_word(SIM_ARENA_BASE + 8 * i, value);

			lo[n] = h.lo;
			hi[n] = h.hi;
		}
	}
	assert_int_equal(repeated(lo, n), 0);
	assert_int_equal(repeated(hi, n), 0);
	free(lo);
	free(hi);
}

/*
 * Sums of a few words: each assignment of four small values to six words, all
 * in all 4096, differs from every other, in each half.
 */
static void hash_of_sums_each_half_has_no_collisions(void **state)
{
	static uint64_t lo[4096], hi[4096];
	unsigned int i, w;

	for (i = 0; i < 4096; i++) {
		lo[i] = 0;
		hi[i] = 0;
		for (w = 0; w < 6; w++) {
			struct sim_hash h = sim_hash_word(SIM_ARENA_BASE + 8 * w,
							  i >> 2 * w & 3);

			lo[i] += h.lo;
			hi[i] += h.hi;
		}
	}
	assert_int_equal(repeated(lo, 4096), 0);
	assert_int_equal(repeated(hi, 4096), 0);
}

/* Any one bit of the arguments changes each bit of the hash half of the time. */
static void hash_of_a_word_every_bit_avalanches(void **state)
{
	enum { ROUNDS = 1024 };
	unsigned int flipped[128], bit, out, i;

	for (bit = 0; bit < 64 + 40; bit++) {
		memset(flipped, 0, sizeof(flipped));
		for (i = 0; i < ROUNDS; i++) {
			uint64_t key = SIM_ARENA_BASE + 8 * (i * 2654435761ULL % 100000);
			uint64_t value = i % 2 ? i : i * 0x9e3779b97f4a7c15ULL;
			struct sim_hash a = sim_hash_word(key, value), b;

			if (bit < 64)
				b = sim_hash_word(key, value ^ 1ULL << bit);
			else
				b = sim_hash_word(key ^ 8ULL << (bit - 64), value);
			for (out = 0; out < 64; out++) {
				flipped[out] += (a.lo ^ b.lo) >> out & 1;
				flipped[64 + out] += (a.hi ^ b.hi) >> out & 1;
			}
		}
		for (out = 0; out < 128; out++) {
			if (flipped[out] < ROUNDS / 4 || flipped[out] > ROUNDS * 3 / 4)
				fail_msg("bit %u changes bit %u %u times of %u", bit, out,
					 flipped[out], ROUNDS);
		}
	}
}

/* ---- memory ---- */

static void hash_follows_each_way_to_store_and_back(void **state)
{
	unsigned char *room = *state;
	struct sim_hash first, changed;
	size_t i;

	room[8] = 1;
	sim_hash_on(true);
	first = sim_hash_now(0);
	assert_same(first, sim_hash_scan(0));
	for (i = 0; i < store_nr_ways; i++) {
		struct sim_mark mark = sim_undo_mark();

		store_ways[i].fn(room);
		changed = sim_hash_now(0);
		assert_false(same(changed, first));
		assert_same(changed, sim_hash_scan(0));
		sim_undo_to(mark);
		assert_same(sim_hash_now(0), first);
		store_ways[i].fn(room);
		assert_same(sim_hash_now(0), changed);
		sim_undo_to(mark);
		assert_same(sim_hash_scan(0), first);
	}
	for (i = 0; i < store_nr_ways; i++)
		store_ways[i].fn(room);
	assert_same(sim_hash_now(0), sim_hash_scan(0));
}

static void hash_nested_marks_bring_theirs_back(void **state)
{
	uint64_t *room = *state;
	struct sim_hash h0, h1;
	struct sim_mark outer, inner;

	sim_hash_on(true);
	store_one(&room[1]);
	h0 = sim_hash_now(0);
	outer = sim_undo_mark();
	store_one(&room[0]);
	h1 = sim_hash_now(0);
	inner = sim_undo_mark();
	store_range(&room[0], 64);
	sim_undo_to(inner);
	assert_same(sim_hash_now(0), h1);
	store_range(&room[0], 64);
	sim_hash_now(0);
	sim_undo_to(outer);
	assert_same(sim_hash_now(0), h0);
	store_one(&room[0]);
	assert_same(sim_hash_now(0), h1);
}

static void hash_of_equal_bytes_is_equal_however_they_came(void **state)
{
	uint64_t *room = *state;
	struct sim_hash h;

	sim_hash_on(true);
	store_one(&room[0]);
	store_range(&room[1], 16);
	h = sim_hash_now(0);
	store_clear(&room[0], 24);
	assert_false(same(sim_hash_now(0), h));
	store_range(&room[0], 24);
	assert_false(same(sim_hash_now(0), h));
	store_one(&room[0]);
	assert_same(sim_hash_now(0), h);
	/* And with a beginning in between. */
	sim_hash_on(true);
	assert_same(sim_hash_now(0), h);
	sim_undo_clear();
	assert_same(sim_hash_now(0), h);
	sim_arena_reset();
	*state = store_build(false);
	store_range(&room[0], 24);
	store_one(&room[0]);
	sim_undo_on(true);
	sim_hash_on(true);
	assert_same(sim_hash_now(0), h);
}

/* ---- tasks ---- */

struct all {
	struct sim_dfs dfs;
	struct sim_hash seen[200];
	unsigned int nr, differ;
};

static bool all_done(struct sim_dfs *self, enum sim_end end)
{
	struct all *all = (struct all *)self;
	struct sim_hash h = sim_hash_now(0);
	unsigned int i;

	for (i = 0; i < all->nr; i++) {
		if (same(all->seen[i], h))
			return false;
	}
	if (all->nr < 200)
		all->seen[all->nr++] = h;
	return false;
}

static void run_all(struct all *all, void (*a)(void *), void (*b)(void *))
{
	*all = (struct all){
		.dfs = { .done = all_done, .max_steps = 100, .verify_rollback = true },
	};
	sim_task_create("a", 0, a, NULL);
	sim_task_create("b", 1, b, NULL);
	sim_hash_on(true);
	sim_dfs_run(&all->dfs);
	assert_true(all->dfs.complete);
}

static void hash_of_independent_tasks_ends_equal_in_every_order(void **state)
{
	struct all all;

	run_all(&all, store_walk_alone, store_walk_alone);
	/* 10 over 5 */
	assert_int_equal(all.dfs.executions, 252);
	assert_int_equal(all.nr, 1);
}

static void hash_of_dependent_tasks_differs(void **state)
{
	struct all all;

	run_all(&all, store_walk_together, store_walk_together);
	assert_int_equal(all.dfs.executions, 2);
	assert_int_equal(all.nr, 2);
}

/* Over ucontext: more dead bytes and registers count than one can clean. */
static bool ucontext;

/*
 * Steps of task 0 and then of task 1, or the other way round; hashed at each, as
 * what is left over on a stack is cleaned away then.
 */
static struct sim_hash hash_after(unsigned int first, unsigned int n0, unsigned int n1)
{
	struct sim_hash h = sim_hash_now(sim_tasks_alive());
	unsigned int n[2] = { n0, n1 }, i, k;

	for (i = 0; i < 2; i++) {
		unsigned int task = i ^ first;

		for (k = 0; k < n[task]; k++) {
			sim_task_dispatch(task);
			sim_fiber_resume(task);
			h = sim_hash_now(sim_tasks_alive());
		}
	}
	return h;
}

/*
 * Everywhere on the way, stacks included, and in spite of what is left on them
 * by other ways.  Each point of the grid is another state.
 */
static void hash_of_independent_steps_is_equal_at_every_point(void **state)
{
	struct sim_hash seen[36];
	unsigned int n0, n1, i, nr = 0;
	struct sim_mark mark;
	void *buf[2];

	if (ucontext)
		skip();
	for (i = 0; i < 2; i++) {
		sim_task_create(i ? "b" : "a", i, store_walk_alone, NULL);
		sim_task_start(i);
		sim_fiber_resume(i);
	}
	sim_hash_on(true);
	mark = sim_undo_mark();
	for (i = 0; i < 2; i++) {
		buf[i] = malloc(sim_fiber_save_size(i));
		sim_fiber_save(i, buf[i]);
	}
	for (n0 = 0; n0 <= STORE_WALK_STEPS; n0++) {
		for (n1 = 0; n1 <= STORE_WALK_STEPS; n1++) {
			struct sim_hash one = hash_after(0, n0, n1), other;

			assert_same(one, sim_hash_scan(sim_tasks_alive()));
			sim_undo_to(mark);
			sim_fiber_restore(1, buf[1]);
			sim_fiber_restore(0, buf[0]);
			other = hash_after(1, n0, n1);
			sim_undo_to(mark);
			sim_fiber_restore(0, buf[0]);
			sim_fiber_restore(1, buf[1]);
			assert_same(one, other);
			for (i = 0; i < nr; i++)
				assert_false(same(seen[i], one));
			seen[nr++] = one;
		}
	}
	free(buf[0]);
	free(buf[1]);
}

static void hash_sees_a_store_to_another_tasks_stack(void **state)
{
	struct sim_hash before, after;
	struct sim_mark mark;

	sim_task_create("lender", 0, store_lend, NULL);
	sim_task_create("borrower", 1, store_borrow, NULL);
	sim_hash_on(true);
	sim_fiber_resume(0);
	sim_fiber_resume(1);
	before = sim_hash_now(1);
	mark = sim_undo_mark();
	sim_fiber_resume(1);
	after = sim_hash_now(1);
	assert_false(same(before, after));
	assert_same(after, sim_hash_scan(1));
	sim_undo_to(mark);
	assert_same(sim_hash_now(1), before);
}

/* sim_stack_clean(): what a call left is not in the frame of the next. */
static void hash_of_a_task_before_a_lock_knows_nothing_of_the_calls_before(void **state)
{
	struct sim_hash seen[2];
	struct sim_mark mark;
	unsigned int i;
	void *buf;

	if (ucontext)
		skip();
	sim_task_create("a", 0, store_forget_and_lock, NULL);
	sim_hash_on(true);
	mark = sim_undo_mark();
	buf = malloc(sim_fiber_save_size(0));
	sim_fiber_save(0, buf);
	for (i = 0; i < 2; i++) {
		sim_undo_word((uint64_t)&store_forgotten);
		store_forgotten = i + 1;
		sim_fiber_resume(0);
		seen[i] = sim_hash_now(1);
		sim_undo_to(mark);
		sim_fiber_restore(0, buf);
	}
	free(buf);
	assert_same(seen[0], seen[1]);
}

/* However often one task has dropped what another took. */
static void hash_knows_what_is_held_not_what_was(void **state)
{
	struct sim_hash seen[4];
	unsigned int i;

	if (ucontext)
		skip();
	sim_task_create("taker", 0, store_take_on_and_on, NULL);
	sim_task_create("dropper", 0, store_drop_on_and_on, NULL);
	sim_hash_on(true);
	sim_fiber_resume(0);
	sim_fiber_resume(1);
	for (i = 0; i < 4; i++) {
		sim_fiber_resume(i == 2 ? 1 : 0);
		sim_fiber_resume(i == 2 ? 0 : 1);
		seen[i] = sim_hash_now(3);
	}
	assert_same(seen[1], seen[0]);
	/* There was nothing to drop, so one is held. */
	assert_true(seen[2].lo != seen[1].lo || seen[2].hi != seen[1].hi);
	assert_same(seen[3], seen[2]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_of_words_each_half_has_no_collisions),
		cmocka_unit_test(hash_of_sums_each_half_has_no_collisions),
		cmocka_unit_test(hash_of_a_word_every_bit_avalanches),
		cmocka_unit_test_setup(hash_follows_each_way_to_store_and_back, build),
		cmocka_unit_test_setup(hash_nested_marks_bring_theirs_back, build),
		cmocka_unit_test_setup(hash_of_equal_bytes_is_equal_however_they_came, build),
		cmocka_unit_test_setup(hash_of_independent_tasks_ends_equal_in_every_order, build),
		cmocka_unit_test_setup(hash_of_dependent_tasks_differs, build),
		cmocka_unit_test_setup(hash_of_independent_steps_is_equal_at_every_point, build),
		cmocka_unit_test_setup(hash_sees_a_store_to_another_tasks_stack, build),
		cmocka_unit_test_setup(
			hash_of_a_task_before_a_lock_knows_nothing_of_the_calls_before, build),
		cmocka_unit_test_setup(hash_knows_what_is_held_not_what_was, build),
	};

	ucontext = argc > 1 && !strcmp(argv[1], "ucontext");
	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
