/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs: the ledger's entries for many objects at once.
 *
 * Who takes a whole range out of the allocator takes as many references as it
 * has pages, all alike: of one kind, for one owner, at one site and at one time.
 * A run is one entry for all of them. It says how many objects lie behind its
 * first (sim_ref_entry.more); its units are held on each of them. In footprints
 * each object's list is touched as if it had an entry of its own.
 *
 * In its pool a run stands in the list of each of its objects, and nothing else
 * does: as soon as something else happens to one of them, who took the run takes
 * that object again, or anybody drops it, its entry becomes an object's own
 * (sim_ref_part()), between what is left of the run before it and behind it. So
 * the order of a pool is by the object in any case.  What was parted is not put
 * together again: that is a third thing that goes by what was (see ledger_pool.c),
 * and costs nothing but states.
 */
#include "sim/core/ledger_private.h"
#include "sim/engine/footprint.h"

/* Cut off the first @n objects of a run. Return: their entry; the rest is behind it. */
static SIM_QUIET uint32_t cut(uint32_t nr, uint32_t n)
{
	struct sim_ref_entry *rest;

	nr = sim_ref_insert(nr, entry_at(nr)->refs);
	rest = entry_at(sim_ref_any(REF_POOL(nr), nr));
	sim_ref_copy(nr, sim_ref_any(REF_POOL(nr), nr));
	/* Both are logged: this one was copied, and the rest has just been moved. */
	entry_at(nr)->more = n - 1;
	rest->refs = refs_behind(rest->refs, n);
	rest->obj += n;
	rest->more -= n;
	return nr;
}

SIM_QUIET uint32_t sim_ref_part(uint32_t nr, const struct sim_refs *refs)
{
	uint32_t n = ((uint64_t)refs - (uint64_t)entry_at(nr)->refs) / SIM_REF_STRIDE;

	if (n) {
		nr = cut(nr, n);
		nr = sim_ref_any(REF_POOL(nr), nr);
	}
	return entry_at(nr)->more ? cut(nr, 1) : nr;
}

/* Are they the first that the running context takes of any object of a run? */
static SIM_QUIET bool is_first(uint32_t place, const struct sim_refs *last)
{
	return !place || entry_at(place)->refs > last;
}

SIM_QUIET void sim_ref_take_run(struct sim_refs *refs, sim_obj_t obj, uint32_t nr, uint8_t kind,
				uint32_t n, const char *site)
{
	struct sim_scope *s = sim_scope_innermost();
	uint32_t place, i;

	SIM_BUG_ON(!nr || nr > SIM_REF_RUN_MAX);
	if (!n)
		return;
	place = nr > 1 ? sim_ref_from(refs) : 0;
	if (nr == 1 || sim_ledger_is_sums() || !is_first(place, refs_behind(refs, nr - 1))) {
		for (i = 0; i < nr; i++)
			sim_ref_take((struct sim_refs *)refs_behind(refs, i), obj + i, kind, n,
				     site);
		return;
	}
	sim_touch(&the_world->all_refs, SIM_ACCESS_ADD);
	for (i = 0; i < nr; i++) {
		sim_touch_half(refs_behind(refs, i), SIM_ACCESS_ADD);
		if (s && s->is_hook)
			sim_touch(HOOK_REFS(refs_behind(refs, i)), SIM_ACCESS_ADD);
	}
	if (s && s->is_hook)
		sim_hook_taken(s->hook, n * nr);
	place = sim_ref_insert(place, refs);
	sim_ref_write(place, refs, obj, kind, n, site);
	entry_at(place)->more = nr - 1;		/* logged as it was written */
}
