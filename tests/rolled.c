/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests under roll-back; see rolled.h. */
#include "tests/rolled.h"

#include <stdlib.h>
#include <string.h>

#include "sim/engine/arena.h"
#include "sim/engine/fiber.h"
#include "sim/engine/pulse.h"
#include "sim/engine/undo.h"
#include "sim/engine/verify.h"

#define RUNS		2
#define MAX_KEPT	32	/* worlds of the first run */

/* The running test. */
static struct {
	const struct rolled_test *test;
	unsigned int run;		/* from 0 */
	unsigned int nr;		/* worlds wanted in this run */
	unsigned int nr_first;		/* in the first run */
	bool marked;			/* a world stands, and this is what it was: */
	struct sim_mark mark;
	struct sim_verify *copy;
	void *stack[SIM_MAX_TASKS];	/* NULL: no such task */
	struct sim_verify *kept[MAX_KEPT];
} rolled;

int rolled_map(void **state)
{
	(void)state;
	return sim_arena_map();
}

int rolled_unmap(void **state)
{
	(void)state;
	sim_arena_unmap();
	return 0;
}

static void save_stacks(void)
{
	uint64_t lo, hi;
	unsigned int id;

	for (id = 0; id < SIM_MAX_TASKS; id++) {
		sim_fiber_live(id, &lo, &hi);
		if (lo == hi)
			continue;
		rolled.stack[id] = malloc(sim_fiber_save_size(id));
		assert_non_null(rolled.stack[id]);
		sim_fiber_save(id, rolled.stack[id]);
	}
}

static void forget_mark(void)
{
	unsigned int i;
	bool kept = false;

	for (i = 0; i < SIM_MAX_TASKS; i++) {
		free(rolled.stack[i]);
		rolled.stack[i] = NULL;
	}
	for (i = 0; i < MAX_KEPT; i++)
		kept |= rolled.kept[i] == rolled.copy;
	if (!kept)
		sim_verify_free(rolled.copy);
	rolled.copy = NULL;
	rolled.marked = false;
}

static void assert_same(const struct sim_verify *copy, const char *what)
{
	char where[96];

	if (sim_verify_differs(copy, where, sizeof(where)))
		fail_msg("run %u, world %u: %s at %s", rolled.run + 1, rolled.nr, what, where);
}

void rolled_back(void)
{
	void *state = NULL;
	unsigned int id;

	if (!rolled.marked)
		return;
	if (rolled.test->leave)
		assert_int_equal(rolled.test->leave(&state), 0);
	sim_undo_to(rolled.mark);
	/* Stacks are not logged. */
	for (id = 0; id < SIM_MAX_TASKS; id++) {
		if (rolled.stack[id])
			sim_fiber_restore(id, rolled.stack[id]);
		else
			sim_fiber_forget(id);
	}
	assert_same(rolled.copy, "roll-back left a difference");
}

/* The only world of the test stands there from its first run. */
static bool still_there(void)
{
	return rolled.marked && rolled.run && rolled.nr_first == 1 && !rolled.nr;
}

bool rolled_build(void)
{
	assert_non_null(rolled.test);
	if (still_there()) {
		rolled.nr = 1;
		sim_pulse_trace(false);
		sim_pulse_subscribe(0);
		sim_pulse_clear();
		return false;
	}
	rolled_back();
	forget_mark();
	rolled.nr++;
	sim_arena_reset();
	return true;
}

void rolled_mark(void)
{
	unsigned int i = rolled.nr - 1;

	assert_false(rolled.marked);
	if (rolled.run && i < MAX_KEPT && rolled.kept[i]) {
		rolled.copy = rolled.kept[i];
		assert_same(rolled.copy, "building again made a difference");
	} else {
		rolled.copy = sim_verify_take();
		if (!rolled.run && i < MAX_KEPT)
			rolled.kept[i] = rolled.copy;
	}
	save_stacks();
	rolled.marked = true;
	sim_undo_on(true);
	rolled.mark = sim_undo_mark();
}

/* In CMocka's list as each ROLLED() test; @state is the struct rolled_test. */
void rolled_run(void **state)
{
	void *none = NULL;

	rolled.test = *state;
	for (rolled.run = 0; rolled.run < RUNS; rolled.run++) {
		rolled.nr = 0;
		if (rolled.test->setup)
			assert_int_equal(rolled.test->setup(&none), 0);
		rolled.test->body(&none);
		rolled_back();
		if (!rolled.run)
			rolled.nr_first = rolled.nr;
		assert_int_equal(rolled.nr, rolled.nr_first);
	}
	/* A test that builds nothing has nothing to be rolled back. */
	assert_int_not_equal(rolled.nr, 0);
}

/* And after it, however it ended. */
int rolled_clean(void **state)
{
	unsigned int i;

	(void)state;
	forget_mark();
	for (i = 0; i < MAX_KEPT; i++)
		sim_verify_free(rolled.kept[i]);
	memset(&rolled, 0, sizeof(rolled));
	sim_undo_on(false);
	return 0;
}
