/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a step may touch, by what was ever touched where it begins.
 *
 * News of that make what was explored before wrong, if the footprints that were
 * taken for the steps' then relate to others' in another way than those that
 * will be from now on.  Most news do not, late ones in particular: what is
 * touched as well is the task's own, or touched by others where they race with
 * the step anyway.  So which footprints became wider is remembered, and each is
 * compared, relation by relation, with all that there are and that come.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/explore/dpor_private.h"

static struct dpor_may *place_of(struct dpor_map *m, uint64_t key)
{
	struct dpor_may *old = m->slot;
	uint32_t i, size = m->size, at;

	if (2 * m->nr >= m->size) {
		m->size = size ? 2 * size : 256;
		m->slot = calloc(m->size, sizeof(*m->slot));
		if (!m->slot)
			SIM_BUG("out of memory");
		m->nr = 0;
		for (i = 0; i < size; i++) {
			if (old[i].key)
				*place_of(m, old[i].key) = old[i], m->nr++;
		}
		free(old);
	}
	for (at = key; ; at++) {
		struct dpor_may *place = &m->slot[at & (m->size - 1)];

		if (!place->key || place->key == key)
			return place;
	}
}

void dpor_foot_began(struct dpor_feet *f, uint64_t verge, bool alone)
{
	struct dpor_may *place = place_of(&f->verge, verge | 1);

	if (!place->key) {
		f->verge.nr++;
		*place = (struct dpor_may){ verge | 1, 0 };
	}
	place->foot |= !alone;
}

bool dpor_foot_alone(const struct dpor_feet *f, uint64_t verge)
{
	const struct dpor_map *m = &f->verge;
	uint32_t at;

	verge |= 1;
	for (at = verge; m->size; at++) {
		const struct dpor_may *place = &m->slot[at & (m->size - 1)];

		if (!place->key)
			break;
		if (place->key == verge)
			return !place->foot;
	}
	return false;
}

/*
 * What @more touches beyond @foot, in whatever way that does. Both are sorted by
 * address. Return: how many.
 */
static size_t beyond(const struct dpor_feet *f, uint32_t foot, uint32_t more, sim_access_t *ret)
{
	const sim_access_t *a = f->pool + f->foot[more].at, *end = a + f->foot[more].nr;
	const sim_access_t *b = f->pool + f->foot[foot].at, *b_end = b + f->foot[foot].nr, *k;
	size_t n = 0;

	for (; a < end; a++) {
		uint8_t bytes = SIM_ACCESS_BYTES(*a);
		enum sim_access_kind kind = SIM_ACCESS_KIND(*a);

		while (b < b_end && SIM_ACCESS_ADDR(*b) < SIM_ACCESS_ADDR(*a))
			b++;
		for (k = b; k < b_end && dpor_same_word(*k, *a); k++)
			bytes &= ~SIM_ACCESS_BYTES(*k);
		/* It did not take or let go a lock, but it might have. */
		if (kind > SIM_ACCESS_ADD)
			kind = SIM_ACCESS_WRITE;
		if (bytes)
			ret[n++] = SIM_ACCESS(SIM_ACCESS_ADDR(*a), bytes, kind);
	}
	return n;
}

/* @foot and what @more touches beyond it. */
static uint32_t extend(struct dpor_feet *f, uint32_t foot, uint32_t more)
{
	sim_access_t *extra = dpor_grow(NULL, f->foot[more].nr + 1, sizeof(*extra));
	size_t n = beyond(f, foot, more, extra);
	uint64_t wants = f->foot[foot].wants;

	if (n) {
		extra[n] = wants | SIM_ACCESS_WANT;
		foot = dpor_foot(f, f->foot[foot].task, foot, extra, n + !!wants);
	}
	free(extra);
	return foot;
}

/* ---- what was taken for a footprint ---- */

static struct dpor_may *taken_at(struct dpor_feet *f, uint64_t key, uint32_t foot)
{
	return place_of(&f->as, dpor_mix(dpor_mix(0, key), foot) | 1);
}

/* From now on, @foot there is taken to be @as. Return: that. */
static uint32_t take(struct dpor_feet *f, uint64_t key, uint32_t foot, uint32_t as)
{
	struct dpor_may *at = taken_at(f, key, foot);

	if (at->key)
		return f->taken[at->foot].as;
	if (f->nr_taken == f->max_taken) {
		f->max_taken = 2 * f->max_taken + 256;
		f->taken = dpor_grow(f->taken, f->max_taken, sizeof(*f->taken));
	}
	f->taken[f->nr_taken] = (struct dpor_taken){ key, foot, as };
	*at = (struct dpor_may){ dpor_mix(dpor_mix(0, key), foot) | 1, f->nr_taken++ };
	f->as.nr++;
	return as;
}

/* Would anything be explored otherwise for the steps of @i if one were the other? */
static bool relate_alike(struct dpor_feet *f, const struct dpor_wider *w, uint32_t i)
{
	return f->foot[i].task == f->foot[w->was].task ||
	       (dpor_relation(f, w->was, i) == dpor_relation(f, w->is, i) &&
		dpor_relation(f, i, w->was) == dpor_relation(f, i, w->is));
}

static void widen(struct dpor_feet *f, uint32_t was, uint32_t is)
{
	struct dpor_wider *w;

	if (f->nr_wider == f->max_wider) {
		f->max_wider = 2 * f->max_wider + 64;
		f->wider = dpor_grow(f->wider, f->max_wider, sizeof(*f->wider));
	}
	w = &f->wider[f->nr_wider++];
	*w = (struct dpor_wider){ .was = was, .is = is };
}

void dpor_foot_trust(struct dpor_feet *f, uint32_t foot)
{
	if (f->foot[foot].trusted)
		return;
	f->foot[foot].trusted = true;
	if (f->nr_trusted == f->max_trusted) {
		f->max_trusted = 2 * f->max_trusted + 64;
		f->trusted = dpor_grow(f->trusted, f->max_trusted, sizeof(*f->trusted));
	}
	f->trusted[f->nr_trusted++] = (struct dpor_trusted){ .foot = foot };
}

static void compare_trusted(struct dpor_feet *f)
{
	uint32_t k;

	for (k = 0; k < f->nr_trusted; k++) {
		struct dpor_trusted *t = &f->trusted[k];

		for (; t->compared < f->nr; t->compared++) {
			if (f->foot[t->compared].task != f->foot[t->foot].task &&
			    dpor_relation(f, t->foot, t->compared) & DPOR_RACES)
				f->grew++;
		}
	}
}

void dpor_foot_compare(struct dpor_feet *f)
{
	uint32_t k;

	compare_trusted(f);

	for (k = 0; k < f->nr_wider; k++) {
		struct dpor_wider *w = &f->wider[k];

		/* Whether all of a step is known is no relation. */
		if (!w->compared && f->foot[w->was].part != f->foot[w->is].part)
			f->grew++;
		for (; w->compared < f->nr; w->compared++) {
			if (!relate_alike(f, w, w->compared))
				f->grew++;
		}
	}
}

void dpor_foot_forgive(struct dpor_feet *f)
{
	while (f->nr_trusted)
		f->foot[f->trusted[--f->nr_trusted].foot].trusted = false;
	f->nr_wider = 0;
	f->grew = 0;
}

/* There is more to what may be touched at a place: @all of it. */
static void learn(struct dpor_feet *f, uint64_t key, uint32_t all)
{
	uint32_t i, as;

	for (i = 0; i < f->nr_taken; i++) {
		if (f->taken[i].key != key)
			continue;
		as = extend(f, f->taken[i].foot, all);
		if (as != f->taken[i].as)
			widen(f, f->taken[i].as, as);
		f->taken[i].as = as;
	}
	take(f, key, all, all);
}

uint32_t dpor_foot_may(struct dpor_feet *f, uint64_t key, uint32_t foot)
{
	struct dpor_may *may, *at;
	uint32_t all;

	key |= 1;
	may = place_of(&f->may, key);
	if (!may->key) {
		f->may.nr++;
		*may = (struct dpor_may){ key, foot };
		return take(f, key, foot, foot);
	}
	all = may->foot;
	if (all == foot)
		return foot;
	at = taken_at(f, key, foot);
	if (at->key)
		return f->taken[at->foot].as;
	all = dpor_foot_union(f, may->foot, foot);
	if (all != may->foot) {
		may->foot = all;
		learn(f, key, all);
	}
	return take(f, key, foot, extend(f, foot, all));
}
