/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of known tails: open addressing, never more than half full.
 */
#include <stdlib.h>

#include "sim/explore/tails.h"

#define TAILS_MIN	1024
#define TAILS_MAX	(256u << 10)	/* 10 MiB of them, and of free slots */

static struct tail *slot_of(const struct tails *t, struct sim_hash state)
{
	size_t i = state.lo & t->mask;

	while (t->slot[i].steps &&
	       (t->slot[i].state.lo != state.lo || t->slot[i].state.hi != state.hi))
		i = (i + 1) & t->mask;
	return &t->slot[i];
}

const struct tail *tails_find(const struct tails *t, struct sim_hash state)
{
	const struct tail *tail;

	if (!t->slot)
		return NULL;
	tail = slot_of(t, state);
	return tail->steps ? tail : NULL;
}

static bool grow(struct tails *t)
{
	size_t size = t->slot ? 2 * (t->mask + 1) : TAILS_MIN, i;
	struct tails bigger = { .nr = t->nr, .mask = size - 1 };

	bigger.slot = calloc(size, sizeof(*bigger.slot));
	if (!bigger.slot)
		return false;
	for (i = 0; t->slot && i <= t->mask; i++) {
		if (t->slot[i].steps)
			*slot_of(&bigger, t->slot[i].state) = t->slot[i];
	}
	free(t->slot);
	*t = bigger;
	return true;
}

void tails_add(struct tails *t, const struct tail *tail)
{
	if (t->nr >= TAILS_MAX / 2)
		return;
	if ((!t->slot || 2 * t->nr > t->mask) && !grow(t))
		return;
	*slot_of(t, tail->state) = *tail;
	t->nr++;
}

void tails_free(struct tails *t)
{
	free(t->slot);
	*t = (struct tails){ .slot = NULL };
}
