/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The set is a table with open addressing.  A slot holds a kind without its
 * lowest bit; the bit says that there was more than one sample.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/explore/estimate.h"

#define FIRST_SLOTS	1024
#define MORE		1ULL

/* Never 0: that is a free slot. */
static uint64_t name_of(uint64_t kind)
{
	kind &= ~MORE;
	return kind ? kind : 2;
}

void sim_estimate_init(struct sim_estimate *e)
{
	memset(e, 0, sizeof(*e));
}

void sim_estimate_free(struct sim_estimate *e)
{
	free(e->slot);
	sim_estimate_init(e);
}

/* Return: the slot of a kind, or the free one where it belongs. */
static uint64_t *find(const struct sim_estimate *e, uint64_t name)
{
	size_t at = (name * 0x9e3779b97f4a7c15ULL) >> 32;

	while (e->slot[at & e->mask] && (e->slot[at & e->mask] & ~MORE) != name)
		at++;
	return &e->slot[at & e->mask];
}

/* Twice the slots. Return: false if that is too many. */
static bool grow(struct sim_estimate *e)
{
	struct sim_estimate more = *e;
	size_t n = e->slot ? 2 * (e->mask + 1) : FIRST_SLOTS, i;

	if (e->distinct >= SIM_ESTIMATE_MAX)
		return false;
	more.slot = calloc(n, sizeof(*more.slot));
	if (!more.slot)
		return false;
	more.mask = n - 1;
	for (i = 0; e->slot && i <= e->mask; i++)
		if (e->slot[i])
			*find(&more, e->slot[i] & ~MORE) = e->slot[i];
	free(e->slot);
	*e = more;
	return true;
}

void sim_estimate_add(struct sim_estimate *e, uint64_t kind)
{
	uint64_t *slot;

	if (e->full)
		return;
	if (!e->slot || e->distinct > e->mask / 2)
		e->full = !grow(e);
	if (e->full)
		return;
	e->samples++;
	slot = find(e, name_of(kind));
	if (!*slot) {
		*slot = name_of(kind);
		e->distinct++;
		e->single++;
	} else if (!(*slot & MORE)) {
		*slot |= MORE;
		e->single--;
	}
}

bool sim_estimate_has(const struct sim_estimate *e, uint64_t kind)
{
	return e->slot && *find(e, name_of(kind));
}

double sim_estimate_unseen(const struct sim_estimate *e)
{
	return e->samples ? (double)e->single / e->samples : 1;
}

/* Two sums side by side, of two words each: multiplying takes its time. */
uint64_t sim_estimate_hash(const uint32_t *word, size_t n)
{
	const uint64_t prime = 0x9e3779b97f4a7c15ULL;
	uint64_t a = n, b = ~n;
	size_t i;

	for (i = 0; i + 4 <= n; i += 4) {
		a = (a ^ word[i] ^ (uint64_t)word[i + 1] << 32) * prime;
		b = (b ^ word[i + 2] ^ (uint64_t)word[i + 3] << 32) * prime;
		a ^= a >> 32;
		b ^= b >> 32;
	}
	for (; i < n; i++)
		a = ((a ^ word[i]) * prime) ^ a >> 32;
	a = (a ^ b >> 29 ^ b << 7) * prime;
	return a ^ a >> 32;
}
