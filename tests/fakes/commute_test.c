/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps of two tasks that say that they have nothing to do with one another:
 * both orders from one world, and the worlds that they come to are the same,
 * for whoever looks and word for word.  And pairs of which this is not so, and
 * which therefore must not say it.
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakes/mm/probe.h"
#include "fakes/sev/probe.h"
#include "sim/core/task.h"
#include "sim/engine/footprint.h"
#include "sim/engine/hash.h"
#include "sim/explore/exec_private.h"
#include "sim/explore/random.h"
#include "tests/fakes/commute_world.h"
#include "tests/rolled.h"

#define MAX_FOOT	512
#define MAX_REFS	8

/* What one order comes to. */
struct outcome {
	struct sim_hash hash;
	struct probe_page page;
	struct {
		uint8_t kind;
		int16_t task;
		uint32_t count;
	} ref[MAX_REFS];
	int64_t counter;
	bool dirty[2];
	long learned[2];
};

struct foot {
	sim_access_t access[MAX_FOOT];
	size_t nr;
};

static int stop(void **state)
{
	sim_footprint_on(false);
	sim_hash_on(false);
	return 0;
}

static void step(unsigned int task, struct foot *ret)
{
	const sim_access_t *foot;

	assert_true(sim_tasks_enabled() >> task & 1);
	sim_footprint_clear();
	sim_task_dispatch(task);
	exec_resume(NULL, task);
	foot = sim_footprint(&ret->nr);
	assert_true(ret->nr <= MAX_FOOT);
	memcpy(ret->access, foot, ret->nr * sizeof(*foot));
}

static void look(struct outcome *o)
{
	struct sim_ref_info info;
	unsigned int i;

	memset(o, 0, sizeof(*o));
	o->hash = sim_hash_now(sim_tasks_alive());
	assert_true(probe_page(cw_pfn(), &o->page));
	for (i = 0; probe_page_ref(cw_pfn(), i, &info); i++) {
		assert_true(i < MAX_REFS);
		o->ref[i].kind = info.kind;
		o->ref[i].task = info.task;
		o->ref[i].count = info.count;
	}
	o->counter = cw_counter();
	o->dirty[0] = probe_dirty_lines(cw_pfn(), 0);
	o->dirty[1] = probe_dirty_lines(cw_pfn(), 1);
	o->learned[0] = cw_learned(0);
	o->learned[1] = cw_learned(1);
}

static bool both(enum sim_access_kind a, enum sim_access_kind b, enum sim_access_kind kind)
{
	return a == kind && b == kind;
}

/* By what the two say, does their order matter? */
static bool depend(const struct foot *x, const struct foot *y)
{
	size_t i, k;

	for (i = 0; i < x->nr; i++) {
		for (k = 0; k < y->nr; k++) {
			sim_access_t a = x->access[i], b = y->access[k];

			if (SIM_ACCESS_ADDR(a) != SIM_ACCESS_ADDR(b) ||
			    !(SIM_ACCESS_BYTES(a) & SIM_ACCESS_BYTES(b)))
				continue;
			if (!both(SIM_ACCESS_KIND(a), SIM_ACCESS_KIND(b), SIM_ACCESS_READ) &&
			    !both(SIM_ACCESS_KIND(a), SIM_ACCESS_KIND(b), SIM_ACCESS_ADD))
				return true;
		}
	}
	return false;
}

static unsigned int steps_before(enum cw_op op)
{
	switch (op) {
	case CW_PUT_OWN:
	case CW_PUT_HOOK:
	case CW_GET_MORE:
		return 1;
	case CW_PUT_LAST:
	case CW_PUT_MORE:
		return 2;
	default:
		return 0;
	}
}

/* The step of a pair that is looked at is the last of its task. */
static void build(unsigned int refs, enum cw_op a, enum cw_op b)
{
	struct sim_exec exec = { .last = -1 };
	struct foot foot;
	unsigned int i;

	if (rolled_build()) {
		cw_build(refs);
		rolled_mark();
	}
	cw_task(0, a);
	cw_task(1, b);
	sim_hash_on(true);
	sim_exec_start(&exec);
	sim_footprint_on(true);
	for (i = 0; i < steps_before(a); i++)
		step(0, &foot);
	for (i = 0; i < steps_before(b); i++)
		step(1, &foot);
}

/*
 * Run a pair in both orders.
 * Return: in how many they say that they depend on one another. A search that
 * meets one order has to learn of the other, so it is none or both.
 */
static unsigned int run_pair(unsigned int refs, enum cw_op a, enum cw_op b, struct outcome o[2])
{
	struct sim_marked_world world = { .nr = 0 };
	struct foot foot[2];
	unsigned int i, first, depends = 0;

	build(refs, a, b);
	sim_marked_world_take(&world, false);
	for (first = 0; first < 2; first++) {
		for (i = 0; i < 2; i++)
			step(first ^ i, &foot[first ^ i]);
		depends += depend(&foot[0], &foot[1]);
		look(&o[first]);
		sim_marked_world_return(&world);
	}
	sim_marked_world_free(&world);
	stop(NULL);
	return depends;
}

static void assert_commute(unsigned int refs, enum cw_op a, enum cw_op b)
{
	struct outcome o[2];

	assert_int_equal(run_pair(refs, a, b, o), 0);
	assert_memory_equal(&o[0], &o[1], sizeof(o[0]));
}

static void assert_differ(unsigned int refs, enum cw_op a, enum cw_op b)
{
	struct outcome o[2];

	assert_int_equal(run_pair(refs, a, b, o), 2);
	assert_memory_not_equal(&o[0], &o[1], sizeof(o[0]));
}

/* With one reference besides: nobody comes to zero. */
static void references_that_come_and_go_commute(void **state)
{
	static const enum cw_op ops[] = {
		CW_GET, CW_TRY, CW_PIN, CW_PUT_OWN, CW_GET_MORE, CW_PUT_MORE,
	};
	const unsigned int n = sizeof(ops) / sizeof(ops[0]);
	unsigned int i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < n; k++)
			assert_commute(1, ops[i], ops[k]);
}

/* Nothing is the host's any more: another task's reference keeps the page. */
static void put_depends_on_whether_another_task_holds_the_page(void **state)
{
	assert_commute(1, CW_PUT_LAST, CW_GET_MORE);
	assert_commute(1, CW_PUT_LAST, CW_PUT_MORE);
	assert_differ(1, CW_PUT_LAST, CW_PUT_OWN);
	assert_differ(1, CW_PUT_LAST, CW_GET);
}

/* The host has two: it is not 1, whoever else comes and goes. */
static void count_compared_with_less_than_is_sure_commutes(void **state)
{
	assert_commute(2, CW_ONLY, CW_GET);
	assert_commute(2, CW_ONLY, CW_TRY);
	assert_commute(2, CW_ONLY, CW_PIN);
	assert_commute(2, CW_ONLY, CW_PUT_OWN);
}

/* It is 1 unless another task has some: the first it takes and the last it drops. */
static void count_compared_depends_on_who_holds_the_page(void **state)
{
	assert_commute(1, CW_ONLY, CW_GET_MORE);
	assert_commute(1, CW_ONLY, CW_PUT_MORE);
	assert_differ(1, CW_ONLY, CW_GET);
	assert_differ(1, CW_ONLY, CW_PUT_OWN);
	assert_differ(2, CW_ONLY, CW_PUT);
	assert_differ(1, CW_ONLY, CW_FREEZE);
}

static void page_in_use_is_so_until_the_last_put(void **state)
{
	assert_commute(1, CW_IN_USE, CW_GET);
	assert_commute(1, CW_IN_USE, CW_PUT_OWN);
	assert_commute(2, CW_IN_USE, CW_PUT);
	assert_differ(1, CW_IN_USE, CW_PUT);
	assert_differ(1, CW_IN_USE, CW_FREEZE);
}

static void page_is_like_pinned_by_pins_only(void **state)
{
	assert_commute(1, CW_LIKE_PINNED, CW_GET);
	assert_commute(1, CW_LIKE_PINNED, CW_PUT_OWN);
	assert_differ(1, CW_LIKE_PINNED, CW_PIN);
}

static void what_hooks_hold_is_theirs_alone(void **state)
{
	assert_commute(1, CW_HELD, CW_GET);
	assert_commute(1, CW_HELD, CW_PIN);
	assert_commute(1, CW_HELD, CW_PUT_OWN);
	assert_differ(1, CW_HELD, CW_GET_HOOK);
	assert_differ(1, CW_HELD, CW_PUT_HOOK);
}

static void long_lived_is_what_outlives_a_hook(void **state)
{
	assert_commute(1, CW_LONG, CW_GET);
	assert_commute(1, CW_LONG, CW_PUT_HOOK);
	assert_differ(1, CW_LONG, CW_GET_HOOK);
}

static void last_put_and_try_differ(void **state)
{
	assert_differ(1, CW_PUT, CW_TRY);
	assert_differ(1, CW_PUT_LAST, CW_TRY);
}

/* The page stays, but whose reference is gone depends on who had one. */
static void put_of_another_is_not_declared(void **state)
{
	struct outcome o[2];

	assert_int_equal(run_pair(3, CW_PUT, CW_GET, o), 2);
	assert_int_equal(run_pair(3, CW_PUT, CW_PUT, o), 2);
	assert_int_equal(run_pair(3, CW_PUT, CW_PUT_OWN, o), 2);
}

static void freeze_and_get_differ(void **state)
{
	assert_differ(1, CW_FREEZE, CW_TRY);
}

static void count_that_is_looked_at_differs(void **state)
{
	assert_differ(1, CW_LOOK, CW_GET);
	assert_differ(1, CW_PUT_OWN, CW_LOOK);
}

static void counters_commute_unless_their_value_is_asked_for(void **state)
{
	assert_commute(1, CW_ADD, CW_ADD);
	assert_differ(1, CW_ADD_RETURN, CW_ADD);
	assert_differ(1, CW_ADD_RETURN, CW_ADD_RETURN);
}

static void flags_of_a_page_commute(void **state)
{
	assert_commute(1, CW_ACTIVE, CW_REFERENCED);
	assert_commute(1, CW_ACTIVE, CW_GET);
	assert_commute(1, CW_LOCKED, CW_RESERVED);
}

static void flag_that_is_set_is_not_stored_again(void **state)
{
	assert_commute(1, CW_WORKINGSET, CW_WORKINGSET);
}

static void flushes_commute_but_not_with_stores(void **state)
{
	struct outcome o[2];

	assert_commute(1, CW_FLUSH, CW_FLUSH);
	assert_commute(1, CW_FLUSH, CW_WBINVD);
	assert_commute(1, CW_WBINVD, CW_WBINVD);
	/* The page is clean in the end, but for two reasons: so it is asked. */
	assert_int_equal(run_pair(1, CW_FLUSH, CW_DIRTY, o), 2);
	assert_differ(1, CW_WBINVD, CW_DIRTY);
}

/* In a process of its own, as it ends that. */
static void access_that_was_not_declared_is_refused(void **state)
{
	char said[300] = "";
	int fds[2], status;
	struct foot foot;
	ssize_t n;
	pid_t pid;

	build(1, CW_LIE, CW_ADD);
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fds[1], STDERR_FILENO);
		step(0, &foot);
		_exit(0);
	}
	close(fds[1]);
	n = read(fds[0], said, sizeof(said) - 1);
	close(fds[0]);
	assert_true(n > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_non_null(strstr(said, "a declared operation touches another word"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(references_that_come_and_go_commute, .leave = stop),
		ROLLED(put_depends_on_whether_another_task_holds_the_page, .leave = stop),
		ROLLED(count_compared_with_less_than_is_sure_commutes, .leave = stop),
		ROLLED(count_compared_depends_on_who_holds_the_page, .leave = stop),
		ROLLED(page_in_use_is_so_until_the_last_put, .leave = stop),
		ROLLED(page_is_like_pinned_by_pins_only, .leave = stop),
		ROLLED(what_hooks_hold_is_theirs_alone, .leave = stop),
		ROLLED(long_lived_is_what_outlives_a_hook, .leave = stop),
		ROLLED(last_put_and_try_differ, .leave = stop),
		ROLLED(put_of_another_is_not_declared, .leave = stop),
		ROLLED(freeze_and_get_differ, .leave = stop),
		ROLLED(count_that_is_looked_at_differs, .leave = stop),
		ROLLED(counters_commute_unless_their_value_is_asked_for, .leave = stop),
		ROLLED(flags_of_a_page_commute, .leave = stop),
		ROLLED(flag_that_is_set_is_not_stored_again, .leave = stop),
		ROLLED(flushes_commute_but_not_with_stores, .leave = stop),
		ROLLED(access_that_was_not_declared_is_refused, .leave = stop),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
