/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world's hash in real races: kept up to date it is what a look at
 * everything finds, wherever an execution is, and it comes back.
 */
#include <stdlib.h>

#include "fakes/profile.h"
#include "sim/core/task.h"
#include "sim/engine/arena.h"
#include "sim/engine/hash.h"
#include "sim/engine/undo.h"
#include "sim/explore/random.h"
#include "sim/race/race.h"
#include "sim/race/world.h"
#include "tests/rolled.h"

#define EXECUTIONS	6

static char **paths;
static int nr_paths;

/* Random; looks at the hash now and then, and marks the world once. */
struct looker {
	struct sim_strategy strategy;
	struct sim_rng rng;
	unsigned int choices, mark_at, wrong;
	struct sim_marked_world world;
	struct sim_hash marked;
	uint64_t tasks;
};

static bool same(struct sim_hash a, struct sim_hash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

/* Nothing is asserted here: the execution is not at its end. */
static int look(struct sim_strategy *self, uint32_t n, const uint8_t *tasks, const char *tag)
{
	struct looker *l = (struct looker *)self;
	uint64_t alive = sim_tasks_alive();
	struct sim_hash now = sim_hash_now(alive);

	if (l->choices % 16 == 0)
		l->wrong += !same(now, sim_hash_scan(alive));
	if (l->choices++ == l->mark_at) {
		sim_marked_world_take(&l->world, true);
		l->marked = now;
		l->tasks = alive;
	}
	return sim_rng_below(&l->rng, n);
}

static void execute(struct looker *l, unsigned int seed)
{
	struct sim_exec exec = {
		.strategy = &l->strategy,
		.max_steps = 5000,
		.last = -1,
	};

	*l = (struct looker){ .strategy.choose = look, .mark_at = 5 * seed };
	sim_rng_seed(&l->rng, seed);
	sim_exec_run(&exec);
	assert_int_equal(l->wrong, 0);
	if (!l->tasks)
		return;
	/* Compares all there is, the hash included. */
	sim_marked_world_return(&l->world);
	assert_true(same(sim_hash_now(l->tasks), l->marked));
	assert_true(same(sim_hash_scan(l->tasks), l->marked));
	sim_marked_world_free(&l->world);
}

static void explore(const char *path)
{
	struct race_error err;
	struct race *race = race_parse_file(path, &err);
	struct race_setup setup = {
		.design = "demand-late",
		.profile = kernel_profile_find("6.12"),
		.unroll = 2,
	};
	struct sim_marked_world start;
	struct sim_hash first;
	char error[256] = "";
	unsigned int i, choices = 0;

	if (!race)
		fail_msg("%s", err.text);
	sim_arena_reset();
	if (race_build(race, &setup, error, sizeof(error)))
		fail_msg("%s: %s", path, error);
	sim_undo_on(true);
	sim_hash_on(true);
	sim_marked_world_take(&start, true);
	first = sim_hash_now(sim_tasks_alive());
	for (i = 0; i < EXECUTIONS; i++) {
		struct looker l;

		execute(&l, i);
		choices += l.choices;
		sim_marked_world_return(&start);
		assert_true(same(sim_hash_now(sim_tasks_alive()), first));
	}
	assert_true(choices > 10 * EXECUTIONS);
	sim_marked_world_free(&start);
	race_free(race);
}

static void races_hash_kept_is_hash_found(void **state)
{
	int i;

	for (i = 0; i < nr_paths; i++)
		explore(paths[i]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(races_hash_kept_is_hash_found),
	};

	paths = argv + 1;
	nr_paths = argc - 1;
	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
