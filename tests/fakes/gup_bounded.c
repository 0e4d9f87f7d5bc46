/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Search by schedules with few preemptions.  Each execution follows a prefix
 * of choices and then the default; the next prefix is the last choice of this
 * execution that can still be raised without exceeding the bound, raised.
 */
#include <assert.h>
#include <stdlib.h>

#include "sim/engine/verify.h"
#include "sim/explore/random.h"
#include "tests/fakes/gup_bounded.h"

/* After so many executions the world is compared: as many as a test has time for. */
#define VERIFIED	200

/* How many of the first @n choices are departures. */
static unsigned int departures(const struct sim_recorder *r, size_t n)
{
	unsigned int sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += r->choice[i] != 0;
	return sum;
}

/* Make the recorder's list the next prefix. Return: false when all were run. */
static bool next_prefix(struct sim_recorder *r, unsigned int bound)
{
	unsigned int before = departures(r, r->nr);
	size_t i;

	for (i = r->nr; i--; ) {
		before -= r->choice[i] != 0;
		if (r->choice[i] + 1 < r->of[i] && before + 1 <= bound) {
			r->choice[i]++;
			r->nr = i + 1;
			return true;
		}
	}
	return false;
}

static enum sim_end run_one(struct bounded *b, struct sim_recorder *r,
			    const uint32_t *prefix, size_t nr)
{
	struct sim_replay replay;
	struct sim_exec exec = { .max_steps = b->max_steps, .last = -1 };
	enum sim_end end;

	sim_replay_init(&replay, prefix, NULL, nr);
	sim_recorder_clear(r);
	r->inner = &replay.strategy;
	exec.strategy = &r->strategy;
	exec.watcher = b->watcher;
	end = sim_exec_run(&exec);
	assert(!replay.departed);
	b->executions++;
	if (exec.steps > b->steps)
		b->steps = exec.steps;
	return end;
}

void bounded_run(struct bounded *b)
{
	struct sim_exec start = { .max_steps = b->max_steps, .last = -1 };
	struct sim_marked_world world;
	struct sim_recorder r;
	uint32_t *prefix = NULL;
	size_t i, nr = 0;

	b->executions = 0;
	b->steps = 0;
	sim_recorder_init(&r, NULL);
	sim_exec_start(&start);
	sim_marked_world_take(&world, true);
	do {
		prefix = realloc(prefix, (r.nr + 1) * sizeof(*prefix));
		assert(prefix);
		nr = r.nr;
		for (i = 0; i < nr; i++)
			prefix[i] = r.choice[i];
		b->done(b, run_one(b, &r, prefix, nr));
		sim_marked_world_return(&world);
		if (b->executions == VERIFIED) {
			sim_verify_free(world.verify);
			world.verify = NULL;
		}
	} while (next_prefix(&r, b->preemptions));
	free(prefix);
	sim_marked_world_free(&world);
	sim_recorder_free(&r);
}
