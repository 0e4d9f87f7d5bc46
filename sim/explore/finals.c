/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of final states. What goes in is a hash already, so it is its own hash;
 * what comes out is sorted, so that the order of insertion does not show.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/finals.h"

#define FIRST_SIZE	64

static bool is_empty(const struct race_final *f)
{
	return !f->hi && !f->lo;
}

/* Where @state is, or would be. */
static struct race_final *slot_of(const struct finals *set, const struct race_final *state)
{
	size_t i = state->lo & (set->size - 1);

	while (!is_empty(&set->slot[i]) &&
	       (set->slot[i].lo != state->lo || set->slot[i].hi != state->hi))
		i = (i + 1) & (set->size - 1);
	return &set->slot[i];
}

static int grow(struct finals *set)
{
	struct finals more = { .size = set->size ? 2 * set->size : FIRST_SIZE, .nr = set->nr };
	size_t i;

	more.slot = calloc(more.size, sizeof(*more.slot));
	if (!more.slot)
		return -ENOMEM;
	for (i = 0; i < set->size; i++)
		if (!is_empty(&set->slot[i]))
			*slot_of(&more, &set->slot[i]) = set->slot[i];
	free(set->slot);
	*set = more;
	return 0;
}

int finals_add(struct finals *set, const struct race_final *state)
{
	struct race_final *slot;

	if (set->nr >= set->size / 2 && grow(set))
		return -ENOMEM;
	slot = slot_of(set, state);
	set->nr += is_empty(slot);
	*slot = *state;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct race_final *x = a, *y = b;

	if (x->hi != y->hi)
		return x->hi < y->hi ? -1 : 1;
	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

struct race_final *finals_sorted(const struct finals *set)
{
	struct race_final *list = calloc(set->nr ? set->nr : 1, sizeof(*list));
	size_t i, n = 0;

	for (i = 0; list && i < set->size; i++)
		if (!is_empty(&set->slot[i]))
			list[n++] = set->slot[i];
	if (list)
		qsort(list, n, sizeof(*list), compare);
	return list;
}

/* They are hashes already, so their sums are. */
struct race_final finals_digest(const struct finals *set)
{
	struct race_final sum = { 0 };
	size_t i;

	for (i = 0; i < set->size; i++) {
		sum.hi += set->slot[i].hi;
		sum.lo += set->slot[i].lo;
	}
	return sum;
}

void finals_free(struct finals *set)
{
	free(set->slot);
	*set = (struct finals){ .slot = NULL };
}
