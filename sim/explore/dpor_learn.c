/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What steps may touch, learned before the search begins.
 *
 * A search that finds out on its way that a step may touch more than it did has
 * to begin again (dpor_foot_may()).  Some hundreds of executions by chance show
 * nearly all of it, for next to nothing.
 */
#include "sim/explore/dpor_private.h"

#define QUIET_ENOUGH	128	/* executions with no news */
#define LONG_ENOUGH	4096	/* executions */
#define DRIFT_MAX	6	/* a preemption once in 2 to 2^6 choices */

static uint64_t fold(uint64_t key, uint64_t what)
{
	/* Mixed before, too: what comes to the same by ^ has to differ. */
	key = (key + 0x5851f42d4c957f2dULL) * 0xd6e8feb86659fd93ULL;
	key = (key ^ key >> 32 ^ what) * 0x9e3779b97f4a7c15ULL;
	return key ^ key >> 32;
}

uint64_t dpor_place(const struct dpor *s, unsigned int task)
{
	uint16_t verb;
	const char *site;
	sim_obj_t obj = sim_task_next(task, &verb, &site);

	return fold(fold(fold(fold(s->history[task], task), obj), verb), (uintptr_t)site);
}

uint32_t dpor_touched(struct dpor *s, uint64_t place, unsigned int task, uint32_t foot)
{
	s->history[task] = s->history[task] << DPOR_LAST_BITS | foot;
	return dpor_foot_may(&s->feet, place, foot);
}

uint64_t dpor_verge(const struct dpor *s, unsigned int task)
{
	uint16_t verb;
	const char *site;
	sim_obj_t obj = sim_task_next(task, &verb, &site);

	return fold(fold(fold(fold(0, task), obj), verb), (uintptr_t)site);
}

/* Run a task on to its next step, whatever it is answered. */
static enum exec_after run(struct dpor *s, struct sim_rng *rng, unsigned int task)
{
	enum exec_after after = exec_resume(s->pub->watcher, task);

	while (after == EXEC_ASKED) {
		struct sim_question *q = sim_fiber_question();

		q->answer = sim_rng_below(rng, q->n);
		after = exec_resume(s->pub->watcher, task);
	}
	return after;
}

static enum exec_after step(struct dpor *s, struct sim_rng *rng, unsigned int task)
{
	uint64_t place = dpor_place(s, task);
	enum exec_after after;
	const sim_access_t *a;
	size_t n;

	sim_footprint_clear();
	sim_task_dispatch(task);
	after = run(s, rng, task);
	a = sim_footprint(&n);
	dpor_touched(s, place, task, dpor_foot(&s->feet, task, DPOR_NONE, a, n));
	return after;
}

static void execution(struct dpor *s, struct sim_rng *rng)
{
	uint32_t stay = 1 + sim_rng_below(rng, DRIFT_MAX);
	enum exec_after after = EXEC_ON;
	uint64_t fresh, steps = 0;
	int last = -1;

	while (after == EXEC_ON && (fresh = sim_tasks_fresh())) {
		sim_task_start(__builtin_ctzll(fresh));
		after = run(s, rng, __builtin_ctzll(fresh));
	}
	/* Some go round for ever. */
	while (after == EXEC_ON && steps++ < s->pub->max_steps && steps < SIM_CYCLES_FROM) {
		uint8_t tasks[SIM_MAX_TASKS];
		uint32_t n = exec_order(sim_tasks_enabled(), last, tasks);

		if (!n)
			break;
		last = tasks[sim_rng_below(rng, 1u << stay) ? 0 : sim_rng_below(rng, n)];
		after = step(s, rng, last);
	}
}

void dpor_learn(struct dpor *s)
{
	struct sim_marked_world world = { .nr = 0 };
	unsigned int quiet = 0, i, t;
	struct sim_rng rng;

	sim_rng_seed(&rng, 1);
	sim_marked_world_take(&world, false);
	sim_footprint_on(true);
	for (i = 0; i < LONG_ENOUGH && quiet < QUIET_ENOUGH; i++) {
		uint32_t nr = s->feet.nr, wider = s->feet.nr_wider;

		execution(s, &rng);
		quiet = s->feet.nr_wider > wider || s->feet.nr > nr ? 0 : quiet + 1;
		for (t = 0; t < s->nr_tasks; t++)
			s->history[t] = 0;
		sim_footprint_on(false);
		if (s->pub->tried)
			s->pub->tried(s->pub);
		sim_marked_world_return(&world);
		sim_footprint_on(true);
	}
	sim_footprint_on(false);
	dpor_foot_forgive(&s->feet);
	sim_marked_world_free(&world);
}
