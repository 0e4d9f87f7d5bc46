/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strategies that need no tree: seeded random, recording and replaying; and
 * the way back to a built world that random exploration takes between two
 * executions.
 */
#ifndef SIM_EXPLORE_RANDOM_H
#define SIM_EXPLORE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/undo.h"
#include "sim/explore/exec.h"

/* xoshiro256**; the same numbers from the same seed, everywhere. */
struct sim_rng {
	uint64_t s[4];
};
void sim_rng_seed(struct sim_rng *rng, uint64_t seed);
uint64_t sim_rng_next(struct sim_rng *rng);
/* Uniform in 0..n-1; @n at least 1. */
uint32_t sim_rng_below(struct sim_rng *rng, uint32_t n);

/* Every choice uniform over its possibilities. */
struct sim_random {
	struct sim_strategy strategy;
	struct sim_rng rng;
};
void sim_random_init(struct sim_random *r, uint64_t seed);

/*
 * Writes down what another strategy answers.  The lists belong to it and grow
 * as needed; @of is how many possibilities each choice had.
 */
struct sim_recorder {
	struct sim_strategy strategy;
	struct sim_strategy *inner;	/* NULL: always 0, the default schedule */
	uint32_t *choice, *of;
	size_t nr, max;
};
void sim_recorder_init(struct sim_recorder *r, struct sim_strategy *inner);
/* Forget the list, keep the memory: before the next execution. */
void sim_recorder_clear(struct sim_recorder *r);
void sim_recorder_free(struct sim_recorder *r);

/*
 * Answers from a list, then 0.  A choice that the run does not offer is a
 * departure: the execution is cut off (SIM_END_PRUNED) and @departed says so.
 */
struct sim_replay {
	struct sim_strategy strategy;
	const uint32_t *choice;
	const uint32_t *of;		/* may be NULL; else must match */
	size_t nr;
	size_t next;			/* choices asked so far */
	bool departed;
	size_t departed_at;		/* which choice */
};
void sim_replay_init(struct sim_replay *r, const uint32_t *choice, const uint32_t *of, size_t nr);

/*
 * A world to come back to: log position, and all fibers' stacks.
 */
struct sim_marked_world {
	struct sim_mark mark;
	unsigned int nr;
	size_t offset[32];
	char *buf;
	struct sim_verify *verify;
};

/**
 * sim_marked_world_take() - remember the world as it is, to come back to.
 * @verify: compare byte for byte each time (slow; see sim/engine/verify.h)
 *
 * Starts logging if it is off.  Tasks must have been started
 * (sim_exec_start()) or be started after each return.
 * Context: host.
 */
void sim_marked_world_take(struct sim_marked_world *m, bool verify);
void sim_marked_world_return(struct sim_marked_world *m);
void sim_marked_world_free(struct sim_marked_world *m);

#endif
