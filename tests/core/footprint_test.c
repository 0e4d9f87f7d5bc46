/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What core's own operations leave in the footprint of their step: they are
 * compiled without hooks and have to say it themselves.
 */
#include "sim/core/sched.h"
#include "sim/core/task.h"
#include "sim/engine/fiber.h"
#include "sim/engine/footprint.h"
#include "tests/core/explore_all.h"

static struct scene *build(unsigned int cpus, enum sim_lock_type type)
{
	return all_build(cpus, type);
}

static int task(void (*fn)(void *), unsigned int cpu)
{
	int id = sim_task_create("task", cpu, fn, NULL);

	assert_true(id >= 0);
	sim_task_start(id);
	sim_footprint_on(true);
	sim_fiber_resume(id);
	return id;
}

static void step(int task)
{
	assert_true(sim_tasks_enabled() >> task & 1);
	sim_footprint_clear();
	sim_task_dispatch(task);
	sim_fiber_resume(task);
}

/* Is a word of the step's footprint touched so? */
static bool has(const void *p, enum sim_access_kind kind)
{
	const sim_access_t *foot;
	size_t n, i;

	foot = sim_footprint(&n);
	for (i = 0; i < n; i++)
		if (SIM_ACCESS_ADDR(foot[i]) == ((uintptr_t)p & ~7ULL) &&
		    SIM_ACCESS_KIND(foot[i]) == kind)
			return true;
	return false;
}

static int stop(void **state)
{
	sim_footprint_on(false);
	return 0;
}

static void locks_say_that_they_are_wanted_taken_and_let_go(void **state)
{
	struct scene *s = build(2, SIM_MUTEX);
	int id = task(scene_lock_a, 0);

	assert_true(has(&s->a.writer, SIM_ACCESS_WANT));
	step(id);
	assert_true(has(&s->a.writer, SIM_ACCESS_ACQUIRE));
	assert_false(has(&s->a.writer, SIM_ACCESS_WRITE));
	step(id);
	assert_false(has(&s->a.writer, SIM_ACCESS_RELEASE));
	step(id);
	assert_true(has(&s->a.writer, SIM_ACCESS_RELEASE));
}

static void locks_shared_are_another_kind(void **state)
{
	struct scene *s = build(2, SIM_RWSEM);
	int id = task(scene_share_a, 0);

	step(id);
	assert_true(has(&s->a.writer, SIM_ACCESS_ACQUIRE_SHARED));
	assert_false(has(&s->a.writer, SIM_ACCESS_ACQUIRE));
	step(id);
	step(id);
	assert_true(has(&s->a.writer, SIM_ACCESS_RELEASE_SHARED));
}

static void locks_tried_are_written(void **state)
{
	struct scene *s = build(2, SIM_MUTEX);
	int id = task(scene_trylock_a, 0);

	step(id);
	assert_true(has(&s->a.writer, SIM_ACCESS_WRITE));
}

/* Waking nobody is a look at the queue, waking somebody a change. */
static void wake_writes_what_a_sleeper_wrote(void **state)
{
	struct scene *s = build(2, SIM_MUTEX);
	int sleeper = task(scene_wait_for_flag, 0);
	int waker = task(scene_set_flag, 1);

	step(sleeper);
	assert_true(has(&s->waitq.sleepers, SIM_ACCESS_WRITE));
	assert_false(sim_tasks_enabled() >> sleeper & 1);
	step(waker);
	assert_true(has(&s->flag, SIM_ACCESS_WRITE));
	step(waker);
	assert_true(has(&s->waitq.sleepers, SIM_ACCESS_WRITE));
	assert_true(sim_tasks_enabled() >> sleeper & 1);
}

static void wake_of_nobody_only_reads(void **state)
{
	struct scene *s = build(1, SIM_MUTEX);
	int waker = task(scene_set_flag, 0);

	step(waker);
	step(waker);
	assert_true(has(&s->waitq.sleepers, SIM_ACCESS_READ));
	assert_false(has(&s->waitq.sleepers, SIM_ACCESS_WRITE));
}

static void srcu_readers_only_add(void **state)
{
	struct scene *s = build(1, SIM_MUTEX);
	int id = task(scene_srcu_reader, 0);

	step(id);
	assert_true(has(s->srcu.readers, SIM_ACCESS_ADD));
	assert_false(has(s->srcu.readers, SIM_ACCESS_WRITE));
	assert_true(has(&s->srcu.idx, SIM_ACCESS_READ));
}

/* Who shares a CPU with others takes it for each step, and keeps it if atomic. */
static void cpu_is_in_the_footprint_only_if_it_is_shared(void **state)
{
	const uint64_t *cpu = the_sched->on_cpu;
	int atomic, other, alone;

	build(2, SIM_MUTEX);
	other = task(scene_steps, 0);
	atomic = task(scene_atomic_steps, 0);
	assert_true(has(&cpu[0], SIM_ACCESS_ACQUIRE));
	alone = task(scene_atomic_steps, 1);
	assert_false(has(&cpu[1], SIM_ACCESS_ACQUIRE));
	step(alone);
	assert_false(has(&cpu[1], SIM_ACCESS_ACQUIRE_SHARED));
	assert_false(sim_tasks_enabled() >> other & 1);
	step(atomic);
	step(atomic);
	assert_true(has(&cpu[0], SIM_ACCESS_ACQUIRE_SHARED));
	step(atomic);
	assert_true(has(&cpu[0], SIM_ACCESS_RELEASE));
}

static void hooks_add_to_a_count_that_others_read(void **state)
{
	const void *open;
	const sim_access_t *foot;
	size_t n;

	build(1, SIM_MUTEX);
	sim_footprint_on(true);
	assert_int_equal(sim_hooks_open(), 0);
	foot = sim_footprint(&n);
	assert_int_equal(n, 1);
	assert_int_equal(SIM_ACCESS_KIND(foot[0]), SIM_ACCESS_READ);
	open = (const void *)(uintptr_t)SIM_ACCESS_ADDR(foot[0]);
	sim_footprint_clear();
	sim_scope_open(SIM_OWNER(1, 1), false);
	assert_false(has(open, SIM_ACCESS_ADD));
	sim_scope_open(SIM_OWNER(1, 2), true);
	assert_true(has(open, SIM_ACCESS_ADD));
	sim_footprint_clear();
	sim_scope_close();
	assert_true(has(open, SIM_ACCESS_ADD));
	sim_footprint_clear();
	sim_scope_close();
	assert_false(has(open, SIM_ACCESS_ADD));
}

/* How many times are words of the scene's objects touched so? */
static uint32_t touched(const struct scene *s, enum sim_access_kind kind)
{
	uint32_t i, n = 0;

	for (i = 0; i < SCENE_RUN; i++)
		n += has(&s->object[i].refs, kind);
	return n;
}

static void runs_add_to_the_list_of_each_object(void **state)
{
	struct scene *s = build(2, SIM_MUTEX);
	int run = task(scene_take_run, 0), drop;

	step(run);
	assert_int_equal(touched(s, SIM_ACCESS_ADD), SCENE_RUN);
	assert_int_equal(touched(s, SIM_ACCESS_WRITE), 0);
	/* Who gives back what is another's changes that list, and no other of the run. */
	sim_footprint_on(false);
	drop = sim_task_create("drop", 1, scene_drop_one, (void *)3);
	sim_task_start(drop);
	sim_footprint_on(true);
	sim_fiber_resume(drop);
	step(drop);
	assert_true(has(&s->object[3].refs, SIM_ACCESS_WRITE));
	assert_int_equal(touched(s, SIM_ACCESS_WRITE), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(locks_say_that_they_are_wanted_taken_and_let_go, .leave = stop),
		ROLLED(locks_shared_are_another_kind, .leave = stop),
		ROLLED(runs_add_to_the_list_of_each_object, .leave = stop),
		ROLLED(locks_tried_are_written, .leave = stop),
		ROLLED(wake_writes_what_a_sleeper_wrote, .leave = stop),
		ROLLED(wake_of_nobody_only_reads, .leave = stop),
		ROLLED(srcu_readers_only_add, .leave = stop),
		ROLLED(cpu_is_in_the_footprint_only_if_it_is_shared, .leave = stop),
		ROLLED(hooks_add_to_a_count_that_others_read, .leave = stop),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
