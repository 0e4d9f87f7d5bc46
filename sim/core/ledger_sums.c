/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger as sums: how much was taken and dropped of each kind, and of three
 * kinds how much each object has, in the one word that it has for its list.
 *
 * A machine of millions of pages in use has no room for an entry for each reference,
 * and whoever measures what a launch costs asks nobody's name.  So who holds what,
 * since when and from where is not known here, and owner and age are asked in vain:
 * no check may look at such a world.
 */
#include "sim/core/ledger_private.h"

#define BITS_OF_ONE	10u
#define MOST		((1u << BITS_OF_ONE) - 1)
/* The word's part of the first two kinds. */
#define COUNTED		((1u << 2 * BITS_OF_ONE) - 1)

/* Where an object's word has a kind; SIM_SUM_KINDS: nowhere. */
static SIM_QUIET unsigned int place_of(uint8_t kind)
{
	unsigned int i = 0;

	while (i < SIM_SUM_KINDS && the_world->params.sum_kinds[i] != kind)
		i++;
	return i;
}

static SIM_QUIET uint32_t units_at(const struct sim_refs *refs, unsigned int place)
{
	return refs->word >> (place * BITS_OF_ONE) & MOST;
}

static SIM_QUIET void add_at(struct sim_refs *refs, unsigned int place, int32_t n)
{
	uint32_t before = refs->word, after = before + ((uint32_t)n << (place * BITS_OF_ONE));
	struct sim_ref_sums *s = &the_world->sums;

	sim_set(refs->word, after);
	if (!(before & COUNTED) != !(after & COUNTED))
		sim_set(s->objects, s->objects + (after & COUNTED ? 1 : -1ULL));
}

SIM_QUIET void sim_sums_take(struct sim_refs *refs, uint8_t kind, uint32_t n)
{
	struct sim_ref_sums *s = &the_world->sums;
	unsigned int place = place_of(kind);

	SIM_BUG_ON(kind >= SIM_REF_KINDS);
	sim_set(s->taken[kind], s->taken[kind] + n);
	if (place == SIM_SUM_KINDS)
		return;
	SIM_BUG_ON(units_at(refs, place) + n > MOST);
	add_at(refs, place, n);
}

SIM_QUIET uint32_t sim_sums_drop(struct sim_refs *refs, uint8_t kind, uint32_t n)
{
	struct sim_ref_sums *s = &the_world->sums;
	unsigned int place = place_of(kind);

	SIM_BUG_ON(kind >= SIM_REF_KINDS);
	if (place < SIM_SUM_KINDS) {
		if (n > units_at(refs, place))
			n = units_at(refs, place);
		add_at(refs, place, -(int32_t)n);
	}
	sim_set(s->dropped[kind], s->dropped[kind] + n);
	return n;
}

SIM_QUIET uint32_t sim_sums_count(const struct sim_refs *refs, uint8_t kind)
{
	unsigned int place = place_of(kind);

	return place < SIM_SUM_KINDS ? units_at(refs, place) : 0;
}

/**
 * sim_ref_sums() - what was taken and dropped so far.
 * @ret: result
 *
 * Context: host; the world was made with sim_params.sums.
 */
void sim_ref_sums(struct sim_ref_sums *ret)
{
	SIM_BUG_ON(!the_world->params.sums);
	*ret = the_world->sums;
}
