/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches of the toy (tests/explore/toy.h), each in an arena of its own, timed.
 */
#ifndef BENCH_TOY_H
#define BENCH_TOY_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/dpor.h"

/**
 * struct bench_toy - one search
 * @vcpus: 1 to 4
 * @retries: of the migrator
 * @mode: "brute": every schedule; "dpor": by partial-order reduction; "states":
 *	by states; "both"; with "-rerun" after it by running again what goes
 *	before a choice instead of rolling back
 * @max_executions: 0: no bound
 * @max_states: stop soon after so many are stored; 0: no bound
 *
 * @dpor: counts
 * @seconds: building the toy and searching
 * @time: sum over executions of the steps that each is long
 * @longest: most steps of any
 * @violated: executions at whose end the page had moved while referenced
 */
struct bench_toy {
	int vcpus, retries;
	const char *mode;
	uint64_t max_executions, max_states;
	struct sim_dpor dpor;
	double seconds;
	uint64_t time, longest, violated;
};

/* Context: the arena is mapped. Return: 0, or -1: no such mode. */
int bench_toy_search(struct bench_toy *t);

/* Was everything searched? */
bool bench_toy_complete(const struct bench_toy *t);

/**
 * bench_toy_pct() - look for the planted bug by PCT.
 * @vcpus: 1 to 4; two retries
 * @seed: where PCT's sequence starts
 * @ret_seconds: building the toy, and to the first hit
 * @ret_replays: does its schedule, run again, violate again?
 *
 * Return: executions; 0 if it was not found.
 */
uint64_t bench_toy_pct(int vcpus, uint64_t seed, double *ret_seconds, bool *ret_replays);

/**
 * bench_toy_random() - random executions at two vCPUs and two retries.
 * @executions: how many
 * @hashed: take the world's hash at every choice
 * @ret_steps: in all
 * @ret_choices: in all
 *
 * Return: seconds.
 */
double bench_toy_random(uint64_t executions, bool hashed, uint64_t *ret_steps,
			uint64_t *ret_choices);

#endif
