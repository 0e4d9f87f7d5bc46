/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accesses that the engine refuses, and what becomes of them.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/core/alloc.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/fault.h"
#include "sim/engine/undo.h"
#include "sim/explore/random.h"
#include "tests/engine/store_world.h"
#include "tests/rolled.h"

/* The world's room is what a test gets as its state. */
static int build_world(void **state, bool checked)
{
	static void *room;

	if (rolled_build()) {
		room = store_build(checked);
		rolled_mark();
	}
	*state = room;
	return 0;
}

static int build(void **state)
{
	return build_world(state, false);
}

static int build_checked(void **state)
{
	return build_world(state, true);
}

/* The verb of the fact that ends @fn on the host's own account; -1 for none. */
static int ends_in(void (*fn)(void *), void *arg, struct sim_record *rec)
{
	*rec = (struct sim_record){ 0 };
	return sim_fatal_catch(fn, arg, rec) ? rec->verb : -1;
}

static void access_null_load_is_a_kernel_bug(void **state)
{
	struct sim_record rec;

	assert_int_equal(ends_in(load_null, NULL, &rec), SIM_X_BUG);
	assert_int_equal(rec.a, 0);
	assert_int_equal(rec.task, -1);
	assert_int_equal(ends_in(load_err_ptr, NULL, &rec), SIM_X_BUG);
}

static void access_store_outside_the_world_is_refused_before_it_happens(void **state)
{
	uint64_t *heap = calloc(1, sizeof(*heap));
	struct sim_record rec;

	assert_non_null(heap);
	assert_int_equal(ends_in(store_through, heap, &rec), SIM_X_BUG);
	assert_int_equal(rec.a, 1);
	assert_int_equal(*heap, 0);
	assert_int_equal(ends_in(store_through, (void *)store_ways[0].name, &rec), SIM_X_BUG);
	free(heap);
}

static void access_host_stack_is_writable_for_the_host_only(void **state)
{
	uint64_t local = 0;
	struct sim_record rec;
	struct sim_random r;
	struct sim_exec exec = {
		.strategy = &r.strategy,
		.max_steps = 10,
		.last = -1,
	};

	assert_int_equal(ends_in(store_through, &local, &rec), -1);
	assert_int_equal(local, 1);
	local = 0;
	sim_random_init(&r, 1);
	sim_task_create("thief", 0, store_through, &local);
	assert_int_equal(sim_exec_run(&exec), SIM_END_FATAL);
	sim_fatal_last(&rec);
	assert_int_equal(rec.verb, SIM_X_BUG);
	assert_int_equal(rec.task, 0);
	assert_int_equal(local, 0);
}

static void access_freed_memory_is_use_after_free_when_checked(void **state)
{
	struct sim_record rec;

	assert_int_equal(ends_in(store_after_free, NULL, &rec), SIM_X_UAF);
	assert_int_equal(rec.a, 1);
	assert_int_equal(SIM_OBJ_CLASS(rec.obj), SIM_CLASS_MEMORY);
	assert_int_not_equal(SIM_OBJ_ID(rec.obj), 0);
}

static void access_past_an_allocation_is_out_of_bounds_when_checked(void **state)
{
	struct sim_record rec;

	assert_int_equal(ends_in(load_past_end, NULL, &rec), SIM_X_BOUNDS);
	assert_int_equal(rec.a, 0);
	assert_int_not_equal(SIM_OBJ_ID(rec.obj), 0);
	assert_int_equal(ends_in(load_header, NULL, &rec), SIM_X_BOUNDS);
}

static void access_unchecked_passes(void **state)
{
	struct sim_record rec;

	assert_int_equal(ends_in(store_after_free, NULL, &rec), -1);
	assert_int_equal(ends_in(load_past_end, NULL, &rec), -1);
}

static void access_second_free_is_caught_checked_or_not(void **state)
{
	struct sim_record rec;

	assert_int_equal(ends_in(store_free_twice, NULL, &rec), SIM_X_UAF);
	assert_int_equal(ends_in(store_free_wild, NULL, &rec), SIM_X_BUG);
}

static void access_inside_an_allocation_is_silent(void **state)
{
	unsigned char *room = *state;
	unsigned char *p;
	size_t i;

	for (i = 0; i < store_nr_ways; i++)
		store_ways[i].fn(room);
	p = sim_alloc(13);
	store_range(p, 13);
	assert_int_equal(sim_alloc_size(p), 13);
	assert_true(sim_live_test((uint64_t)p, 13));
	assert_false(sim_live_test((uint64_t)p, 14));
	assert_false(sim_live_test((uint64_t)p - 1, 1));
	sim_free(p);
	assert_false(sim_live_test((uint64_t)p, 1));
	assert_int_equal(p[3], 0);
}

static void live_map_is_rolled_back(void **state)
{
	struct sim_mark mark;
	char *p, *q;

	p = sim_alloc(40);
	mark = sim_undo_mark();
	sim_free(p);
	q = sim_alloc(40);
	sim_undo_to(mark);
	assert_true(sim_live_test((uint64_t)p, 40));
	assert_false(sim_live_test((uint64_t)q, 1));
	assert_ptr_equal(sim_alloc(40), q);
}

static void alloc_counts_what_is_live(void **state)
{
	uint64_t bytes;
	void *p, *q;

	assert_int_equal(sim_alloc_live(NULL), 0);
	p = sim_alloc(10);
	q = sim_alloc(8192);
	assert_int_equal((uint64_t)p % 16, 0);
	assert_int_equal((uint64_t)q % 4096, 0);
	assert_int_equal(sim_alloc_live(&bytes), 2);
	assert_int_equal(bytes, 8202);
	sim_free(p);
	sim_free(NULL);
	assert_int_equal(sim_alloc_live(&bytes), 1);
	sim_free(q);
	assert_int_equal(sim_alloc_live(&bytes), 0);
	assert_int_equal(bytes, 0);
}

/* ---- what ends the program: in a child ---- */

/* Run @fn as task 1 in a child; its status, and what it says. */
static int child(void (*fn)(void *), char *said, size_t size)
{
	struct sim_random r;
	struct sim_exec exec = {
		.strategy = &r.strategy,
		.max_steps = 10,
		.last = -1,
	};
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe(fds))
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (!pid) {
		dup2(fds[1], STDERR_FILENO);
		/* CMocka has put its own handlers before the engine's. */
		sim_guard_remove();
		if (sim_guard_install())
			_exit(9);
		sim_random_init(&r, 1);
		sim_task_create("innocent", 0, store_lend, NULL);
		sim_task_create("guilty", 1, fn, NULL);
		sim_exec_run(&exec);
		_exit(0);
	}
	close(fds[1]);
	n = read(fds[0], said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	close(fds[0]);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void guard_stack_overflow_names_the_task(void **state)
{
	char said[300];

	assert_int_equal(child(store_overflow, said, sizeof(said)), 3);
	assert_non_null(strstr(said, "task 1 overflowed its stack of 64 KiB"));
}

static void guard_wild_load_names_the_task(void **state)
{
	char said[300];

	assert_int_equal(child(store_wild_load, said, sizeof(said)), 3);
	assert_non_null(strstr(said, "task 1 followed a wild pointer"));
}

static void guard_fatal_fact_on_the_host_ends_with_status_3(void **state)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		close(STDERR_FILENO);
		load_null(NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(access_null_load_is_a_kernel_bug, .setup = build),
		ROLLED(access_store_outside_the_world_is_refused_before_it_happens, .setup = build),
		ROLLED(access_host_stack_is_writable_for_the_host_only, .setup = build),
		ROLLED(access_freed_memory_is_use_after_free_when_checked, .setup = build_checked),
		ROLLED(access_past_an_allocation_is_out_of_bounds_when_checked,
		       .setup = build_checked),
		ROLLED(access_unchecked_passes, .setup = build),
		ROLLED(access_second_free_is_caught_checked_or_not, .setup = build),
		ROLLED(access_second_free_is_caught_checked_or_not, .setup = build_checked),
		ROLLED(access_inside_an_allocation_is_silent, .setup = build_checked),
		ROLLED(live_map_is_rolled_back, .setup = build_checked),
		ROLLED(alloc_counts_what_is_live, .setup = build),
		ROLLED(guard_stack_overflow_names_the_task, .setup = build),
		ROLLED(guard_wild_load_names_the_task, .setup = build),
		ROLLED(guard_fatal_fact_on_the_host_ends_with_status_3, .setup = build),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
