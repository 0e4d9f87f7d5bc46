/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known tails: what is left of an execution once nothing is left to choose.
 *
 * When all tasks but one are done, the rest of an execution, its end and its
 * tear-down follow from the state of the world alone.  Thousands of schedules
 * meet in a few such states.  So the first execution that comes to one runs on
 * to its end, and if all was well there the state is remembered together with
 * what followed; the next one that comes to it is done.
 *
 * Two states are taken for the same if their 128-bit hashes are.  A tail that
 * ends in a violation, or asks for a choice, is not remembered: it is run each
 * time.
 */
#ifndef SIM_EXPLORE_TAILS_H
#define SIM_EXPLORE_TAILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/hash.h"

/**
 * struct tail - what follows from a state
 * @state: of the world, where the last task stood
 * @conds: which of the search's conditions hold at the end, a bit each
 * @final: stands for the state when all tasks were done
 * @steps: of the last task and of the tear-down
 * @bounded: a fault was entered too often: the execution counts as cut
 * @unexpected: a statement yielded what its arrow does not name
 */
struct tail {
	struct sim_hash state;
	uint64_t conds, final;
	uint32_t steps;
	bool bounded;
	bool unexpected;
};

/* Conditions that fit struct tail. */
#define TAIL_MAX_CONDS	64

struct tails {
	struct tail *slot;	/* open addressing; a free slot has no steps */
	size_t nr, mask;
};

/**
 * tails_find() - what follows from a state
 * @t: what is known
 * @state: the state
 *
 * Return: NULL if that is not known.
 */
const struct tail *tails_find(const struct tails *t, struct sim_hash state);

/**
 * tails_add() - remember what followed from a state
 * @t: where
 * @tail: has at least one step; its state was not found
 *
 * Nothing is remembered once TAILS_MAX are, or when memory is short: tails
 * save time, nothing else.
 */
void tails_add(struct tails *t, const struct tail *tail);
void tails_free(struct tails *t);

#endif
