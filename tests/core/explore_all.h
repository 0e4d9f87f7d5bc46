/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run every schedule of a scene, under --verify-rollback, and sum up.
 */
#ifndef TESTS_CORE_EXPLORE_ALL_H
#define TESTS_CORE_EXPLORE_ALL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/step.h"
#include "sim/explore/dfs.h"
#include "tests/core/scene.h"
#include "tests/rolled.h"

struct all {
	struct sim_dfs dfs;
	struct sim_watcher watcher;
	uint64_t ends[SIM_END_PRUNED + 1];
	uint64_t notes[SIM_NR_VERBS];	/* records of each verb, over all runs */
	struct sim_record last[SIM_NR_VERBS];
	uint64_t wrong, done_max, done_min, inside_max, got_max, got_min;
	uint64_t shared, seen, values;
};

/* A scene, to be rolled back. */
static inline struct scene *all_build(unsigned int cpus, enum sim_lock_type type)
{
	if (rolled_build()) {
		scene_build(cpus, type);
		rolled_mark();
	}
	return scene();
}

static inline bool all_look(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct all *all = (struct all *)((char *)self - offsetof(struct all, watcher));
	size_t i;

	for (i = 0; i < n; i++) {
		all->notes[recs[i].verb]++;
		all->last[recs[i].verb] = recs[i];
	}
	return false;
}

static inline bool all_done(struct sim_dfs *self, enum sim_end end)
{
	struct all *all = (struct all *)self;
	const struct scene *s = scene();

	all->ends[end]++;
	all->wrong += s->wrong;
	all->shared += s->readers_max > 0;
	all->seen += s->seen;
	all->values |= 1ULL << s->value % 64;
	if (s->done > all->done_max)
		all->done_max = s->done;
	if (s->done < all->done_min)
		all->done_min = s->done;
	if (s->inside_max > all->inside_max)
		all->inside_max = s->inside_max;
	if (s->got > all->got_max)
		all->got_max = s->got;
	if (s->got < all->got_min)
		all->got_min = s->got;
	return false;
}

static inline void all_run(struct all *all)
{
	*all = (struct all){
		.dfs = {
			.done = all_done,
			.max_steps = 1000,
			.verify_rollback = true,
		},
		.watcher.look = all_look,
		.done_min = UINT64_MAX,
		.got_min = UINT64_MAX,
	};
	all->dfs.watcher = &all->watcher;
	sim_pulse_subscribe(~0ULL);
	sim_dfs_run(&all->dfs);
	sim_pulse_subscribe(0);
}

#endif
