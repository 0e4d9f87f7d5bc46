/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of final states, kept by what a search saw. */
#ifndef SIM_EXPLORE_FINALS_H
#define SIM_EXPLORE_FINALS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/race/final.h"

/**
 * struct finals - the set
 * @slot: open addressing; all zeroes is an empty slot
 * @size: slots, a power of two, or 0
 * @nr: states
 */
struct finals {
	struct race_final *slot;
	size_t size, nr;
};

/* Return: 0 (it may have been there already) or -ENOMEM. */
int finals_add(struct finals *set, const struct race_final *state);
/* The states in ascending order, to be freed; NULL: no memory. */
struct race_final *finals_sorted(const struct finals *set);
/* What sets have in common only if they are the same, whatever the order. */
struct race_final finals_digest(const struct finals *set);
void finals_free(struct finals *set);

#endif
