/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks, choices, the clock, and the strategies that steer them.
 */
#include <string.h>

#include "sim/core/task.h"
#include "sim/core/world.h"
#include "sim/engine/fault.h"
#include "sim/explore/random.h"
#include "tests/core/explore_all.h"

static void build(unsigned int cpus)
{
	all_build(cpus, SIM_MUTEX);
}

static void task(void (*fn)(void *), void *arg)
{
	assert_true(sim_task_create("task", 0, fn, arg) >= 0);
}

static struct sim_exec exec_with(struct sim_strategy *strategy)
{
	return (struct sim_exec){
		.strategy = strategy,
		.max_steps = 1000,
		.last = -1,
	};
}

static void dfs_counts_interleavings(void **state)
{
	struct all all;

	build(1);
	task(scene_steps, (void *)4L);
	task(scene_steps, (void *)3L);
	all_run(&all);
	assert_int_equal(all.dfs.executions, 35);	/* 7 over 3 */
	build(1);
	task(scene_steps, (void *)2L);
	task(scene_steps, (void *)2L);
	task(scene_steps, (void *)2L);
	all_run(&all);
	assert_int_equal(all.dfs.executions, 90);	/* 6! / 8 */
	assert_true(all.dfs.complete);
	/* Complete: the world is back where it began. */
	assert_int_equal(sim_now(), 0);
}

static void dfs_stops_at_its_bounds_and_says_so(void **state)
{
	struct sim_dfs dfs = { .max_steps = 5, .verify_rollback = true };

	build(1);
	task(scene_steps, (void *)4L);
	task(scene_steps, (void *)4L);
	sim_dfs_run(&dfs);
	assert_true(dfs.complete);
	assert_int_equal(dfs.bounded, dfs.executions);
	/* Prefixes of 5 steps: all 32 but those with a task's fifth. */
	assert_int_equal(dfs.executions, 30);
	build(1);
	task(scene_steps, (void *)4L);
	task(scene_steps, (void *)4L);
	dfs = (struct sim_dfs){
		.max_steps = 100, .max_executions = 7, .verify_rollback = true,
	};
	sim_dfs_run(&dfs);
	assert_false(dfs.complete);
	assert_int_equal(dfs.executions, 7);
}

static void choose_explores_every_answer(void **state)
{
	struct all all;

	build(1);
	task(scene_choose, NULL);
	all_run(&all);
	assert_int_equal(all.dfs.executions, 6);
	assert_int_equal(all.wrong, 0);
	assert_int_equal(all.values, 1 << 0 | 1 << 1 | 1 << 10 | 1 << 11 | 1 << 20 | 1 << 21);
	build(1);
	task(scene_choose, NULL);
	task(scene_choose, NULL);
	all_run(&all);
	/* 3 answers each before the first step; 2 orders; 2 answers each. */
	assert_int_equal(all.dfs.executions, 9 * 2 * 4);
}

static void choose_on_the_host_is_the_first(void **state)
{
	build(1);
	scene_choose(NULL);
	assert_int_equal(scene()->value, 0);
	assert_int_equal(scene()->done, 1);
}

static void default_schedule_runs_each_task_to_its_end(void **state)
{
	struct sim_recorder r;
	struct sim_exec exec;
	size_t i;

	build(1);
	sim_recorder_init(&r, NULL);
	exec = exec_with(&r.strategy);
	sim_pulse_trace(true);
	task(scene_steps, (void *)3L);
	task(scene_steps, (void *)2L);
	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	assert_int_equal(exec.steps, 5);
	assert_int_equal(exec.choices, 3);
	assert_int_equal(r.nr, 3);
	for (i = 0; i < r.nr; i++) {
		assert_int_equal(r.choice[i], 0);
		assert_int_equal(r.of[i], 2);
	}
	sim_recorder_free(&r);
}

static void trace_holds_begin_steps_and_end_in_order(void **state)
{
	static const struct {
		uint16_t verb;
		int16_t task;
		uint64_t time;
		bool is_step;
	} expect[] = {
		{ SIM_BEGIN, 0, 0, false }, { SIM_BEGIN, 1, 0, false },
		{ SIM_READ, 0, 1, true }, { SIM_READ, 0, 2, true },
		{ SIM_END, 0, 2, false }, { SIM_READ, 1, 3, true },
		{ SIM_END, 1, 3, false },
	};
	const struct sim_record *recs;
	struct sim_recorder r;
	struct sim_exec exec;
	size_t n, i;

	build(1);
	sim_recorder_init(&r, NULL);
	exec = exec_with(&r.strategy);
	sim_pulse_trace(true);
	task(scene_steps, (void *)2L);
	task(scene_steps, (void *)1L);
	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	recs = sim_pulse_all(&n);
	assert_int_equal(n, sizeof(expect) / sizeof(expect[0]));
	for (i = 0; i < n; i++) {
		assert_int_equal(recs[i].verb, expect[i].verb);
		assert_int_equal(recs[i].task, expect[i].task);
		assert_int_equal(recs[i].time, expect[i].time);
		assert_int_equal(recs[i].is_step, expect[i].is_step);
	}
	sim_recorder_free(&r);
}

static void trace_is_cut_back_with_the_world(void **state)
{
	struct sim_mark mark;
	size_t n, before;

	build(1);
	sim_pulse_trace(true);
	sim_note(SIM_GET, 0, 0, 0, "test");
	sim_pulse_all(&before);
	mark = sim_undo_mark();
	sim_note(SIM_PUT, 0, 0, 0, "test");
	sim_step(SIM_READ, 0, "test");
	sim_undo_to(mark);
	sim_pulse_all(&n);
	assert_int_equal(n, before);
	assert_int_equal(sim_now(), 0);
}

static void note_of_a_verb_nobody_wants_is_not_kept(void **state)
{
	size_t n;

	build(1);
	sim_pulse_subscribe(1ULL << SIM_GET);
	sim_note(SIM_PUT, 0, 0, 0, "test");
	sim_note(SIM_GET, 0, 0, 0, "test");
	sim_pulse_fresh(&n);
	assert_int_equal(n, 1);
	sim_pulse_fresh(&n);
	assert_int_equal(n, 0);
}

static void fatal_fact_ends_the_execution(void **state)
{
	struct sim_recorder r;
	struct sim_record rec;
	struct sim_exec exec;

	build(1);
	sim_recorder_init(&r, NULL);
	exec = exec_with(&r.strategy);
	task(scene_bug, NULL);
	assert_int_equal(sim_exec_run(&exec), SIM_END_FATAL);
	sim_fatal_last(&rec);
	assert_int_equal(rec.verb, SIM_X_BUG);
	assert_int_equal(rec.a, 1);
	assert_int_equal(rec.b, 2);
	assert_int_equal(rec.task, 0);
	assert_string_equal(rec.site, "scene_bug");
	sim_recorder_free(&r);
}

struct stopper {
	struct sim_watcher watcher;
	size_t calls;
};

static bool stop_at_write(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct stopper *s = (struct stopper *)self;

	s->calls++;
	return recs[n - 1].verb == SIM_WRITE;
}

static void watcher_sees_each_step_and_can_stop(void **state)
{
	struct stopper s = { .watcher.look = stop_at_write };
	struct sim_recorder r;
	struct sim_exec exec;

	build(1);
	sim_recorder_init(&r, NULL);
	exec = exec_with(&r.strategy);
	exec.watcher = &s.watcher;
	sim_pulse_subscribe(1ULL << SIM_LOCK | 1ULL << SIM_WRITE);
	task(scene_lock_a, NULL);
	assert_int_equal(sim_exec_run(&exec), SIM_END_VIOLATION);
	assert_int_equal(s.calls, 2);
	assert_int_equal(scene()->done, 0);
	sim_recorder_free(&r);
}

static void exec_that_takes_too_long_is_bounded(void **state)
{
	struct sim_recorder r;
	struct sim_exec exec;

	build(1);
	sim_recorder_init(&r, NULL);
	exec = exec_with(&r.strategy);
	exec.max_steps = 10;
	task(scene_steps, (void *)11L);
	assert_int_equal(sim_exec_run(&exec), SIM_END_BOUND);
	assert_int_equal(exec.steps, 10);
	sim_recorder_free(&r);
}

static void exec_goes_on_with_tasks_created_later(void **state)
{
	struct sim_recorder r;
	struct sim_exec exec;

	build(1);
	sim_recorder_init(&r, NULL);
	exec = exec_with(&r.strategy);
	task(scene_steps, (void *)2L);
	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	task(scene_steps, (void *)3L);
	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	assert_int_equal(exec.steps, 5);
	assert_int_equal(sim_now(), 5);
	sim_recorder_free(&r);
}

/* ---- replay ---- */

static uint64_t checksum_of_trace(void)
{
	const struct sim_record *recs;
	uint64_t sum = 14695981039346656037ULL;
	size_t n, i;

	recs = sim_pulse_all(&n);
	for (i = 0; i < n; i++) {
		uint64_t v[] = { recs[i].time, recs[i].obj, recs[i].a, recs[i].b,
				 recs[i].verb, (uint64_t)recs[i].task };
		size_t k;

		for (k = 0; k < 6; k++)
			sum = (sum ^ v[k]) * 1099511628211ULL;
	}
	return sum;
}

static void build_busy(void)
{
	build(1);
	sim_pulse_trace(true);
	task(scene_lock_a, NULL);
	task(scene_choose, NULL);
	task(scene_lock_ab, NULL);
	task(scene_srcu_updater, NULL);
	task(scene_srcu_reader, NULL);
}

static void replay_of_a_recorded_run_is_the_same_run(void **state)
{
	uint64_t seed, first, different = 0, before = 0;

	for (seed = 0; seed < 20; seed++) {
		struct sim_recorder rec;
		struct sim_random rnd;
		struct sim_replay rep;
		struct sim_exec exec;

		sim_random_init(&rnd, seed);
		sim_recorder_init(&rec, &rnd.strategy);
		exec = exec_with(&rec.strategy);
		build_busy();
		assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
		first = checksum_of_trace();
		sim_replay_init(&rep, rec.choice, rec.of, rec.nr);
		exec = exec_with(&rep.strategy);
		build_busy();
		assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
		assert_int_equal(checksum_of_trace(), first);
		assert_false(rep.departed);
		assert_int_equal(rep.next, rec.nr);
		different += first != before;
		before = first;
		sim_recorder_free(&rec);
	}
	assert_true(different > 15);
}

static void replay_that_departs_says_where(void **state)
{
	static const uint32_t choice[] = { 0, 7 };
	struct sim_replay rep;
	struct sim_exec exec;

	sim_replay_init(&rep, choice, NULL, 2);
	exec = exec_with(&rep.strategy);
	build(1);
	task(scene_steps, (void *)3L);
	task(scene_steps, (void *)3L);
	assert_int_equal(sim_exec_run(&exec), SIM_END_PRUNED);
	assert_true(rep.departed);
	assert_int_equal(rep.departed_at, 1);
}

static void marked_world_runs_the_same_from_its_mark_each_time(void **state)
{
	struct sim_marked_world m;
	struct sim_recorder zero;
	struct sim_exec exec;
	uint64_t first[5];
	int round, i;

	build_busy();
	/* scene_choose asks before its first step: give it an answer. */
	sim_recorder_init(&zero, NULL);
	exec = exec_with(&zero.strategy);
	assert_int_equal(sim_exec_start(&exec), SIM_END_DONE);
	sim_marked_world_take(&m, true);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 5; i++) {
			struct sim_random rnd;

			sim_random_init(&rnd, i);
			exec = exec_with(&rnd.strategy);
			assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
			assert_int_equal(scene()->done, 4);
			if (!round)
				first[i] = checksum_of_trace();
			assert_int_equal(checksum_of_trace(), first[i]);
			sim_marked_world_return(&m);
			assert_int_equal(scene()->done, 0);
		}
	}
	assert_true(first[0] != first[1] || first[1] != first[2]);
	sim_marked_world_free(&m);
	sim_recorder_free(&zero);
}

static void random_numbers_are_the_published_ones(void **state)
{
	/* xoshiro256** from the state 1, 2, 3, 4. */
	struct sim_rng rng = { { 1, 2, 3, 4 } };
	unsigned int hit[5] = { 0 };
	int i;

	assert_int_equal(sim_rng_next(&rng), 11520);
	assert_int_equal(sim_rng_next(&rng), 0);
	assert_int_equal(sim_rng_next(&rng), 1509978240);
	assert_int_equal(sim_rng_next(&rng), 1215971899390074240ULL);
	sim_rng_seed(&rng, 0);
	for (i = 0; i < 5000; i++)
		hit[sim_rng_below(&rng, 5)]++;
	for (i = 0; i < 5; i++)
		assert_in_range(hit[i], 900, 1100);
}

/* ---- tasks ---- */

static void task_info_tells_what_it_stands_before(void **state)
{
	struct sim_task_info info;
	struct sim_recorder r;
	struct sim_exec exec;

	build(2);
	sim_recorder_init(&r, NULL);
	exec = exec_with(&r.strategy);
	assert_int_equal(sim_task_create("a-name-that-is-longer-than-there-is-room-for", 1,
					 scene_lock_a, NULL), 0);
	assert_int_equal(sim_exec_start(&exec), SIM_END_DONE);
	assert_true(sim_task_info(0, &info));
	assert_int_equal(strlen(info.name), SIM_TASK_NAME_LEN - 1);
	assert_int_equal(info.cpu, 1);
	assert_int_equal(info.state, SIM_TASK_READY);
	assert_int_equal(info.steps, 0);
	assert_int_equal(info.next_verb, SIM_LOCK);
	assert_int_equal(info.next_obj, SIM_OBJ(SIM_CLASS_LOCK, 1));
	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	assert_true(sim_task_info(0, &info));
	assert_int_equal(info.state, SIM_TASK_DONE);
	assert_int_equal(info.steps, 3);
	assert_false(sim_task_info(1, &info));
	sim_recorder_free(&r);
}

static void task_create_refuses_one_too_many(void **state)
{
	int i;

	build(1);
	for (i = 0; i < SIM_MAX_TASKS; i++)
		assert_int_equal(sim_task_create("t", 0, scene_steps, NULL), i);
	assert_int_equal(sim_task_create("t", 0, scene_steps, NULL), -7);
	assert_int_equal(sim_nr_tasks(), SIM_MAX_TASKS);
	assert_int_equal(sim_tasks_alive(), 0xffffffffULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(dfs_counts_interleavings),
		ROLLED(dfs_stops_at_its_bounds_and_says_so),
		ROLLED(choose_explores_every_answer),
		ROLLED(choose_on_the_host_is_the_first),
		ROLLED(default_schedule_runs_each_task_to_its_end),
		ROLLED(trace_holds_begin_steps_and_end_in_order),
		ROLLED(trace_is_cut_back_with_the_world),
		ROLLED(note_of_a_verb_nobody_wants_is_not_kept),
		ROLLED(fatal_fact_ends_the_execution),
		ROLLED(watcher_sees_each_step_and_can_stop),
		ROLLED(exec_that_takes_too_long_is_bounded),
		ROLLED(exec_goes_on_with_tasks_created_later),
		ROLLED(replay_of_a_recorded_run_is_the_same_run),
		ROLLED(replay_that_departs_says_where),
		ROLLED(marked_world_runs_the_same_from_its_mark_each_time),
		cmocka_unit_test(random_numbers_are_the_published_ones),
		ROLLED(task_info_tells_what_it_stands_before),
		ROLLED(task_create_refuses_one_too_many),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
