/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks, each scene in every schedule.
 */
#include "sim/core/task.h"
#include "sim/engine/fault.h"
#include "sim/engine/undo.h"
#include "sim/explore/dpor.h"
#include "tests/core/explore_all.h"

static const enum sim_lock_type types[] = {
	SIM_MUTEX, SIM_RWSEM, SIM_SPINLOCK, SIM_RWLOCK, SIM_BITLOCK,
};

#define NR_TYPES (sizeof(types) / sizeof(types[0]))

static void task(void (*fn)(void *), unsigned int cpu)
{
	assert_true(sim_task_create("task", cpu, fn, NULL) >= 0);
}

static void lock_of_each_type_excludes(void **state)
{
	struct all all;
	size_t i;

	for (i = 0; i < NR_TYPES; i++) {
		all_build(2, types[i]);
		task(scene_lock_a, 0);
		task(scene_lock_a, 1);
		all_run(&all);
		assert_true(all.dfs.complete);
		assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
		assert_int_equal(all.wrong, 0);
		assert_int_equal(all.inside_max, 1);
		assert_int_equal(all.done_min, 2);
		/*
		 * Either goes first; the other can have taken none of its
		 * steps before the first one's last of three.
		 */
		assert_int_equal(all.dfs.executions, 2);
	}
}

static void lock_contended_on_one_cpu_still_works(void **state)
{
	struct all all;
	size_t i;

	for (i = 0; i < NR_TYPES; i++) {
		all_build(1, types[i]);
		task(scene_lock_a, 0);
		task(scene_lock_a, 0);
		task(scene_lock_a, 0);
		all_run(&all);
		assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
		assert_int_equal(all.wrong, 0);
		assert_int_equal(all.done_min, 3);
		assert_int_equal(all.dfs.executions, 6);
	}
}

static void lock_shared_lets_readers_in_together(void **state)
{
	static const enum sim_lock_type shared[] = { SIM_RWSEM, SIM_RWLOCK };
	struct all all;
	size_t i;

	for (i = 0; i < 2; i++) {
		all_build(3, shared[i]);
		task(scene_share_a, 0);
		task(scene_share_a, 1);
		task(scene_lock_a, 2);
		all_run(&all);
		assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
		assert_int_equal(all.wrong, 0);
		assert_int_equal(all.done_min, 3);
		assert_int_equal(all.inside_max, 2);
		assert_true(all.shared > 0);
		assert_true(all.shared < all.dfs.executions);
	}
}

static void trylock_fails_only_while_held(void **state)
{
	struct all all;

	all_build(2, SIM_MUTEX);
	task(scene_trylock_a, 0);
	task(scene_trylock_a, 1);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.inside_max, 1);
	assert_int_equal(all.got_min, 1);
	assert_int_equal(all.got_max, 2);
}

static void lock_opposite_orders_are_reported_and_deadlock(void **state)
{
	struct all all;

	all_build(2, SIM_MUTEX);
	task(scene_lock_ab, 0);
	task(scene_lock_ba, 1);
	all_run(&all);
	assert_true(all.ends[SIM_END_DEADLOCK] > 0);
	assert_true(all.ends[SIM_END_DONE] > 0);
	assert_int_equal(all.ends[SIM_END_DEADLOCK], all.notes[SIM_X_DEADLOCK]);
	assert_int_equal(all.last[SIM_X_DEADLOCK].obj, SIM_OBJ(SIM_CLASS_TASK, 0));
	assert_int_equal(all.last[SIM_X_DEADLOCK].a, 2);
	/* What the first task stands before: b. */
	assert_int_equal(all.last[SIM_X_DEADLOCK].b, SIM_OBJ(SIM_CLASS_LOCK, 2));
	/* Whichever comes second contradicts the first, deadlock or not. */
	assert_int_equal(all.notes[SIM_X_ORDER], all.dfs.executions);
}

static void lock_same_order_is_silent(void **state)
{
	struct all all;

	all_build(2, SIM_MUTEX);
	task(scene_lock_ab, 0);
	task(scene_lock_ab, 1);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.notes[SIM_X_ORDER], 0);
}

static void lock_against_the_declared_order_is_reported(void **state)
{
	struct all all;

	all_build(1, SIM_MUTEX);
	sim_lock_order("b", "middle");
	sim_lock_order("middle", "a");
	task(scene_lock_ab, 0);
	all_run(&all);
	assert_int_equal(all.dfs.executions, 1);
	assert_int_equal(all.notes[SIM_X_ORDER], 1);
	assert_int_equal(all.last[SIM_X_ORDER].obj, SIM_OBJ(SIM_CLASS_LOCK, 2));
	assert_string_equal(sim_lock_class_name(all.last[SIM_X_ORDER].a), "a");
	assert_string_equal(sim_lock_class_name(all.last[SIM_X_ORDER].b), "b");
}

static void lock_taken_twice_deadlocks_alone(void **state)
{
	struct all all;
	size_t i;

	for (i = 0; i < NR_TYPES; i++) {
		all_build(1, types[i]);
		task(scene_lock_aa, 0);
		all_run(&all);
		assert_int_equal(all.ends[SIM_END_DEADLOCK], 1);
		assert_int_equal(all.dfs.executions, 1);
		assert_int_equal(all.notes[SIM_X_ORDER], 0);
	}
}

static void lock_shared_twice_by_one_task_is_counted(void **state)
{
	struct all all;

	all_build(2, SIM_RWLOCK);
	task(scene_share_aa, 0);
	task(scene_lock_a, 1);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.wrong, 0);
	assert_int_equal(all.done_min, 2);
}

static void unlock_without_holding_is_a_kernel_bug(void **state)
{
	struct all all;

	all_build(1, SIM_MUTEX);
	task(scene_unlock_a_unheld, 0);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_FATAL], 1);
	assert_int_equal(all.notes[SIM_X_BUG], 1);
}

static void bitlock_may_be_unlocked_by_another_task(void **state)
{
	struct all all;

	all_build(2, SIM_BITLOCK);
	task(scene_keep_for_other, 0);
	task(scene_unlock_a_for_other, 1);
	all_run(&all);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.notes[SIM_X_BUG], 0);
	assert_int_equal(all.done_min, 1);
}

static void task_that_ends_holding_a_lock_warns(void **state)
{
	struct all all;

	all_build(1, SIM_MUTEX);
	task(scene_keep_a, 0);
	all_run(&all);
	assert_int_equal(all.notes[SIM_X_WARN], 1);
	assert_int_equal(all.last[SIM_X_WARN].obj, SIM_OBJ(SIM_CLASS_LOCK, 1));
}

static void lock_by_the_host_is_plain(void **state)
{
	struct sim_held held[4];
	struct scene *s;

	s = all_build(1, SIM_RWSEM);
	sim_lock(&s->a, "test");
	assert_true(sim_lock_held(&s->a));
	assert_false(sim_trylock(&s->a, "test"));
	assert_false(sim_trylock_shared(&s->a, "test"));
	sim_lock_shared(&s->b, "test");
	assert_int_equal(sim_locks_held(SIM_MAX_TASKS, held, 4), 2);
	assert_int_equal(held[0].obj, SIM_OBJ(SIM_CLASS_LOCK, 1));
	assert_false(held[0].shared);
	assert_true(held[1].shared);
	sim_unlock_shared(&s->b, "test");
	sim_unlock(&s->a, "test");
	assert_int_equal(sim_locks_held(SIM_MAX_TASKS, held, 4), 0);
}

static void unlock_by_the_host_without_holding_is_caught(void **state)
{
	struct sim_record rec;

	all_build(1, SIM_SPINLOCK);
	assert_true(sim_fatal_catch(scene_unlock_a_unheld, NULL, &rec));
	assert_int_equal(rec.verb, SIM_X_BUG);
	assert_string_equal(rec.site, "scene_unlock_a_unheld");
}

/* ---- atomic context ---- */

static void atomic_task_has_its_cpu_to_itself(void **state)
{
	struct all same, other;

	all_build(1, SIM_MUTEX);
	task(scene_atomic_steps, 0);
	task(scene_count_steps, 0);
	all_run(&same);
	all_build(2, SIM_MUTEX);
	task(scene_atomic_steps, 0);
	task(scene_count_steps, 1);
	all_run(&other);
	assert_int_equal(same.ends[SIM_END_DONE], same.dfs.executions);
	assert_int_equal(same.seen, 0);
	assert_true(other.seen > 0);
	assert_true(same.dfs.executions < other.dfs.executions);
}

static void sleeping_lock_in_atomic_is_reported(void **state)
{
	struct all all;

	all_build(1, SIM_MUTEX);
	task(scene_mutex_in_atomic, 0);
	all_run(&all);
	assert_int_equal(all.notes[SIM_X_SLEEP], 1);
	assert_int_equal(all.done_min, 1);
	all_build(1, SIM_SPINLOCK);
	task(scene_mutex_in_atomic, 0);
	all_run(&all);
	assert_int_equal(all.notes[SIM_X_SLEEP], 0);
}

static void sleeper_in_atomic_gives_its_cpu_up_meanwhile(void **state)
{
	struct all all;

	all_build(1, SIM_MUTEX);
	task(scene_wait_in_atomic, 0);
	task(scene_set_flag, 0);
	all_run(&all);
	assert_true(all.notes[SIM_X_SLEEP] > 0);
	assert_int_equal(all.ends[SIM_END_DONE], all.dfs.executions);
	assert_int_equal(all.wrong, 0);
	assert_int_equal(all.done_min, 1);
}

struct looks {
	struct sim_dpor dpor;
	unsigned int seen;		/* a bit for each answer */
};

static bool looked(struct sim_dpor *dpor, enum sim_end end)
{
	((struct looks *)dpor)->seen |= scene()->seen;
	return false;
}

/* Which answers a holder gets that asks whether anybody stands before the lock. */
static unsigned int looks(bool reduce, bool shared, void (*other)(void *))
{
	struct looks looks = {
		.dpor = {
			.done = looked, .max_steps = 100, .reduce = reduce, .verify_rollback = true,
		},
	};

	all_build(2, SIM_RWLOCK);
	assert_int_equal(sim_task_create("look", 0, scene_look_a, shared ? "" : NULL), 0);
	task(other, 1);
	sim_undo_on(true);
	assert_int_equal(sim_dpor_run(&looks.dpor), 0);
	assert_int_equal(looks.dpor.end, SIM_DPOR_COMPLETE);
	return looks.seen;
}

static void contended_tells_of_those_who_cannot_have_it(void **state)
{
	unsigned int reduce;

	for (reduce = 0; reduce < 2; reduce++) {
		/* It stands there before the holder looks, or not: no matter who holds it how. */
		assert_int_equal(looks(reduce, false, scene_late_a), 3);
		assert_int_equal(looks(reduce, true, scene_late_a), 3);
		/* Nobody waits for what can be shared. */
		assert_int_equal(looks(reduce, true, scene_share_a), 1);
		assert_int_equal(looks(reduce, true, scene_count_steps), 1);
	}
}

/* ---- locks that need not be waited for ---- */

#define GOT	1u
#define GAVE_UP	2u
#define AWRY	4u

static bool stopped(struct sim_dpor *dpor, enum sim_end end)
{
	struct looks *looks = (struct looks *)dpor;

	if (end != SIM_END_DONE || scene()->wrong)
		looks->seen |= AWRY;
	looks->seen |= scene()->got ? GOT : GAVE_UP;
	return false;
}

/* What becomes of task 1, which task 2 tells to stop if there is one. */
static unsigned int stops(enum sim_lock_type type, unsigned int how, void (*first)(void *),
			  void (*second)(void *), unsigned int nr)
{
	unsigned int seen[4], i;

	for (i = 0; i < 4; i++) {
		struct looks looks = {
			.dpor = {
				.done = stopped, .max_steps = 100, .verify_rollback = true,
				.reduce = i & 1, .states = i & 2,
			},
		};

		all_build(3, type);
		task(first, 0);
		assert_int_equal(sim_task_create("task", 1, second, (void *)(uintptr_t)how), 1);
		if (nr == 3)
			task(scene_stop, 2);
		sim_undo_on(true);
		assert_int_equal(sim_dpor_run(&looks.dpor), 0);
		assert_int_equal(looks.dpor.end, SIM_DPOR_COMPLETE);
		seen[i] = looks.seen;
		assert_int_equal(seen[i], seen[0]);
	}
	return seen[0];
}

static void told_to_stop_gives_up_a_held_lock_and_takes_a_free_one(void **state)
{
	static const struct { enum sim_lock_type type; unsigned int how; } of[] = {
		{ SIM_MUTEX, 0 }, { SIM_MUTEX, SIM_LOCK_NESTED }, { SIM_RWSEM, 0 },
		{ SIM_RWSEM, SIM_LOCK_SHARED }, { SIM_BITLOCK, 0 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		assert_int_equal(stops(of[i].type, of[i].how, scene_lock_a, scene_unless_a, 3),
				 GOT | GAVE_UP);
		/* Nobody tells it. */
		assert_int_equal(stops(of[i].type, of[i].how, scene_lock_a, scene_unless_a, 2),
				 GOT);
		/* Nobody has it. */
		assert_int_equal(stops(of[i].type, of[i].how, scene_count_steps, scene_unless_a,
				       3), GOT);
		/* It is not let go any more: who waits already is woken. */
		assert_int_equal(stops(of[i].type, of[i].how, scene_keep_a, scene_unless_a, 3),
				 GOT | GAVE_UP);
	}
}

static void told_to_stop_waits_for_nothing(void **state)
{
	assert_int_equal(stops(SIM_MUTEX, 0, scene_set_flag, scene_wait_unless, 3),
			 GOT | GAVE_UP);
	assert_int_equal(stops(SIM_MUTEX, 0, scene_set_flag, scene_wait_unless, 2), GOT);
	assert_int_equal(stops(SIM_MUTEX, 0, scene_count_steps, scene_wait_unless, 3), GAVE_UP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(lock_of_each_type_excludes),
		ROLLED(lock_contended_on_one_cpu_still_works),
		ROLLED(told_to_stop_gives_up_a_held_lock_and_takes_a_free_one),
		ROLLED(told_to_stop_waits_for_nothing),
		ROLLED(contended_tells_of_those_who_cannot_have_it),
		ROLLED(lock_shared_lets_readers_in_together),
		ROLLED(trylock_fails_only_while_held),
		ROLLED(lock_opposite_orders_are_reported_and_deadlock),
		ROLLED(lock_same_order_is_silent),
		ROLLED(lock_against_the_declared_order_is_reported),
		ROLLED(lock_taken_twice_deadlocks_alone),
		ROLLED(lock_shared_twice_by_one_task_is_counted),
		ROLLED(unlock_without_holding_is_a_kernel_bug),
		ROLLED(bitlock_may_be_unlocked_by_another_task),
		ROLLED(task_that_ends_holding_a_lock_warns),
		ROLLED(lock_by_the_host_is_plain),
		ROLLED(unlock_by_the_host_without_holding_is_caught),
		ROLLED(atomic_task_has_its_cpu_to_itself),
		ROLLED(sleeping_lock_in_atomic_is_reported),
		ROLLED(sleeper_in_atomic_gives_its_cpu_up_meanwhile),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
