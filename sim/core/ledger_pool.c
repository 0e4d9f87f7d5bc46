/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the ledger's entries lie: those that a context took, whoever will drop
 * them, by the object and of each object the oldest first.
 *
 * So where an entry lies follows from what is held now, and worlds in which the
 * same is held are equal, whatever was taken and dropped before: a round that
 * leaves all as it was comes back to the same state, also if one task drops what
 * another took.  Two things go by what was, and cost nothing but states: how a
 * pool of more than a chunk is divided, and the host's empty places. It takes
 * no more once tasks run, so what it took keeps its place. (And a third: runs,
 * see ledger_run.c.)
 */
#include "sim/core/alloc.h"
#include "sim/core/ledger_private.h"

/* The last object that an entry stands for. */
static SIM_QUIET const struct sim_refs *key(const struct sim_ref_pool *p, uint32_t chunk,
					    uint32_t i)
{
	const struct sim_ref_entry *e = &p->chunk[chunk][i];

	return refs_behind(e->refs, e->more);
}

/* Which chunk, by its place in the order, has the first entry that is not before @refs? */
static SIM_QUIET uint32_t find_chunk(const struct sim_ref_pool *p, const struct sim_refs *refs)
{
	uint32_t lo = 0, hi = p->nr;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2, chunk = p->order[mid];

		if (key(p, chunk, p->used[chunk] - 1) < refs)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The first entry of a pool that is not before @refs; 0 if all are. */
static SIM_QUIET uint32_t find(unsigned int pool, const struct sim_refs *refs)
{
	const struct sim_ref_pool *p = &the_world->refs[pool];
	uint32_t at = p->nr ? find_chunk(p, refs) : 0, chunk, lo = 0, hi;

	if (at == p->nr)
		return 0;
	chunk = p->order[at];
	hi = p->used[chunk];
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (key(p, chunk, mid) < refs)
			lo = mid + 1;
		else
			hi = mid;
	}
	return REF_NR(pool, chunk * SIM_REF_CHUNK + lo);
}

static SIM_QUIET uint32_t place_of(const struct sim_ref_pool *p, uint32_t chunk)
{
	uint32_t at = 0;

	while (p->order[at] != chunk)
		at++;
	return at;
}

SIM_QUIET uint32_t sim_ref_any(unsigned int pool, uint32_t nr)
{
	const struct sim_ref_pool *p = &the_world->refs[pool];
	uint32_t chunk = REF_INDEX(nr) / SIM_REF_CHUNK, at = 0;

	if (nr && REF_INDEX(nr) % SIM_REF_CHUNK + 1 < p->used[chunk])
		return nr + 1;
	if (nr)
		at = place_of(p, chunk) + 1;
	return at < p->nr ? REF_NR(pool, p->order[at] * SIM_REF_CHUNK) : 0;
}

/* The first entry of an object from @nr on, or in the pools behind. */
static SIM_QUIET uint32_t look(unsigned int pool, uint32_t nr, const struct sim_refs *refs)
{
	for (;;) {
		for (; nr && entry_has(entry_at(nr), refs); nr = sim_ref_any(pool, nr)) {
			if (entry_at(nr)->count)
				return nr;
		}
		pool = pool == SIM_HOST ? 0 : pool + 1;
		if (pool >= the_world->sched.nr_tasks)
			return 0;
		nr = find(pool, refs);
	}
}

SIM_QUIET uint32_t sim_ref_first(const struct sim_refs *refs)
{
	return look(SIM_HOST, find(SIM_HOST, refs), refs);
}

SIM_QUIET uint32_t sim_ref_after(const struct sim_refs *refs, uint32_t nr)
{
	return look(REF_POOL(nr), sim_ref_any(REF_POOL(nr), nr), refs);
}

SIM_QUIET uint32_t sim_ref_place(const struct sim_refs *refs, uint32_t *ret_youngest)
{
	unsigned int pool = sim_context_id();
	uint32_t nr = find(pool, refs), place;

	*ret_youngest = 0;
	/* What comes next to it is another page's. */
	if (nr && entry_has(entry_at(nr), refs))
		nr = sim_ref_alone(nr, refs);
	place = nr;
	for (; nr && entry_has(entry_at(nr), refs); nr = sim_ref_any(pool, nr)) {
		if (!entry_at(nr)->count)
			continue;
		*ret_youngest = nr;
		place = sim_ref_any(pool, nr);
	}
	return place;
}

SIM_QUIET uint32_t sim_ref_from(const struct sim_refs *refs)
{
	return find(sim_context_id(), refs);
}

/* ---- changes ---- */

SIM_QUIET void sim_ref_copy(uint32_t to, uint32_t from)
{
	struct sim_ref_history *h = sim_ref_history(to);
	struct sim_ref_entry *e = entry_at(to);

	sim_undo_object(e, sizeof(*e));
	sim_undo_object(h, sizeof(*h));
	e->refs = entry_at(from)->refs;
	e->obj = entry_at(from)->obj;
	e->owner = entry_at(from)->owner;
	e->count = entry_at(from)->count;
	e->hook = entry_at(from)->hook;
	e->more = entry_at(from)->more;
	e->kind = entry_at(from)->kind;
	e->by_hook = entry_at(from)->by_hook;
	e->marked = entry_at(from)->marked;
	h->time = sim_ref_history(from)->time;
	h->site = sim_ref_history(from)->site;
}

/* Nobody holds it; the host's keep their places. */
static SIM_QUIET void clear_entry(uint32_t nr)
{
	struct sim_ref_entry *e = entry_at(nr);

	sim_undo_object(e, sizeof(*e));
	if (REF_POOL(nr) != SIM_HOST)
		e->refs = NULL;
	e->obj = 0;
	e->owner = 0;
	e->count = 0;
	e->hook = 0;
	e->more = 0;
	e->kind = 0;
	e->by_hook = false;
	e->marked = false;
}

static void new_chunk(unsigned int pool, uint32_t chunk)
{
	the_world->refs[pool].chunk[chunk] =
		sim_alloc_own(SIM_REF_CHUNK * sizeof(struct sim_ref_entry));
	sim_live_set((uint64_t)sim_ref_history(REF_NR(pool, chunk * SIM_REF_CHUNK)),
		     SIM_REF_CHUNK * sizeof(struct sim_ref_history), true);
}

/* A chunk with nothing in it comes @at a place in the order. Return: its number. */
static SIM_QUIET uint32_t add_chunk(unsigned int pool, uint32_t at)
{
	struct sim_ref_pool *p = &the_world->refs[pool];
	uint32_t chunk = 0, i;

	SIM_BUG_ON(p->nr == SIM_REF_CHUNKS);
	while (p->used[chunk])
		chunk++;
	if (!p->chunk[chunk])
		new_chunk(pool, chunk);
	for (i = p->nr; i > at; i--)
		sim_set(p->order[i], p->order[i - 1]);
	sim_set(p->order[at], chunk);
	sim_set(p->nr, p->nr + 1);
	return chunk;
}

/* A full chunk becomes two. Return: where place @i of it is now. */
static SIM_QUIET uint32_t halve(unsigned int pool, uint32_t chunk, uint32_t i)
{
	struct sim_ref_pool *p = &the_world->refs[pool];
	uint32_t keep = SIM_REF_CHUNK / 2, k, new;

	new = add_chunk(pool, place_of(p, chunk) + 1);
	sim_set(p->used[chunk], keep);
	sim_set(p->used[new], SIM_REF_CHUNK - keep);
	for (k = keep; k < SIM_REF_CHUNK; k++) {
		uint32_t from = REF_NR(pool, chunk * SIM_REF_CHUNK + k);

		sim_ref_copy(REF_NR(pool, new * SIM_REF_CHUNK + k - keep), from);
		clear_entry(from);
	}
	if (i < keep)
		return REF_NR(pool, chunk * SIM_REF_CHUNK + i);
	return REF_NR(pool, new * SIM_REF_CHUNK + i - keep);
}

/* The place behind all others of the pool. */
static SIM_QUIET uint32_t end_of(unsigned int pool)
{
	struct sim_ref_pool *p = &the_world->refs[pool];
	uint32_t chunk = p->nr ? p->order[p->nr - 1] : 0;

	if (!p->nr || p->used[chunk] == SIM_REF_CHUNK)
		chunk = add_chunk(pool, p->nr);
	return REF_NR(pool, chunk * SIM_REF_CHUNK + p->used[chunk]);
}

SIM_QUIET uint32_t sim_ref_insert(uint32_t nr, const struct sim_refs *refs)
{
	unsigned int pool = nr ? REF_POOL(nr) : sim_context_id();
	struct sim_ref_pool *p = &the_world->refs[pool];
	uint32_t chunk, i, k;

	if (nr && !entry_at(nr)->count && entry_at(nr)->refs == refs)
		return nr;
	if (!nr)
		nr = end_of(pool);
	chunk = REF_INDEX(nr) / SIM_REF_CHUNK;
	i = REF_INDEX(nr) % SIM_REF_CHUNK;
	if (p->used[chunk] == SIM_REF_CHUNK) {
		nr = halve(pool, chunk, i);
		chunk = REF_INDEX(nr) / SIM_REF_CHUNK;
		i = REF_INDEX(nr) % SIM_REF_CHUNK;
	}
	for (k = p->used[chunk]; k > i; k--)
		sim_ref_copy(REF_NR(pool, chunk * SIM_REF_CHUNK + k),
			   REF_NR(pool, chunk * SIM_REF_CHUNK + k - 1));
	sim_set(p->used[chunk], p->used[chunk] + 1);
	return nr;
}

SIM_QUIET void sim_ref_remove(uint32_t nr)
{
	unsigned int pool = REF_POOL(nr);
	struct sim_ref_pool *p = &the_world->refs[pool];
	uint32_t chunk = REF_INDEX(nr) / SIM_REF_CHUNK, i = REF_INDEX(nr) % SIM_REF_CHUNK, at;

	if (pool == SIM_HOST) {
		clear_entry(nr);
		return;
	}
	for (i++; i < p->used[chunk]; i++, nr++)
		sim_ref_copy(nr, nr + 1);
	clear_entry(nr);
	sim_set(p->used[chunk], p->used[chunk] - 1);
	if (p->used[chunk])
		return;
	sim_set(p->nr, p->nr - 1);
	for (at = place_of(p, chunk); at < p->nr; at++)
		sim_set(p->order[at], p->order[at + 1]);
	sim_set(p->order[at], 0);
}
