/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger's entries: see ledger.c and ledger_pool.c.
 */
#ifndef SIM_CORE_LEDGER_PRIVATE_H
#define SIM_CORE_LEDGER_PRIVATE_H

#include "sim/core/world_private.h"

/* When and where an entry was made is in struct sim_ref_history. */
struct sim_ref_entry {
	const struct sim_refs *refs;	/* whose list it is in; of a run, the first's */
	sim_obj_t obj;
	sim_owner_t owner;
	uint32_t count;		/* 0: nobody holds it any more; of each of a run */
	uint32_t hook;		/* innermost hook call it was taken in, or 0 */
	uint16_t more;		/* objects of a run behind the first: ledger_run.c */
	uint8_t kind;
	bool by_hook : 1;	/* its owner is that hook's, not one inside it */
	bool marked : 1;	/* sim_ref_take_marked() */
};

_Static_assert(sizeof(struct sim_ref_entry) == 32, "it is logged by whole words");

/* Entries are numbered from 1 on; the pool stands in the top bits. */
#define REF_POOL_SHIFT	24
#define REF_POOL(nr)	((nr) >> REF_POOL_SHIFT)
#define REF_INDEX(nr)	(((nr) & ((1u << REF_POOL_SHIFT) - 1)) - 1)
#define REF_NR(pool, i)	((uint32_t)(pool) << REF_POOL_SHIFT | ((i) + 1))
/* Who took it: a task, or -1. */
#define REF_TASK(nr)	(REF_POOL(nr) == SIM_HOST ? -1 : (int)REF_POOL(nr))

SIM_INLINE struct sim_ref_entry *entry_at(uint32_t nr)
{
	uint32_t i = REF_INDEX(nr);

	return &the_world->refs[REF_POOL(nr)].chunk[i / SIM_REF_CHUNK][i % SIM_REF_CHUNK];
}

SIM_INLINE struct sim_ref_history *sim_ref_history(uint32_t nr)
{
	return &the_history->ref[REF_POOL(nr)][REF_INDEX(nr)];
}

/* The list of the object that lies @n behind another. */
SIM_INLINE const struct sim_refs *refs_behind(const struct sim_refs *refs, uint32_t n)
{
	return (const struct sim_refs *)((const char *)refs + (uint64_t)n * SIM_REF_STRIDE);
}

/* Does an entry stand for units of an object with this list? */
SIM_INLINE bool entry_has(const struct sim_ref_entry *e, const struct sim_refs *refs)
{
	return e->refs <= refs && refs <= refs_behind(e->refs, e->more);
}

/* Those of an object's references that hooks own, in footprints. */
#define HOOK_REFS(refs)		SIM_NOWHERE(refs, 127)

/* --- ledger_pool.c: what changes places has another number afterwards --- */

/* The first entry of an object's list, and the one after another; 0 if there is none. */
uint32_t sim_ref_first(const struct sim_refs *refs);
uint32_t sim_ref_after(const struct sim_refs *refs, uint32_t nr);
/*
 * Where the running context's next entry of a list belongs; and its youngest
 * there is now, or 0.
 */
uint32_t sim_ref_place(const struct sim_refs *refs, uint32_t *ret_youngest);
/* The running context's first entry that is not before a list's; 0 if there is none. */
uint32_t sim_ref_from(const struct sim_refs *refs);
/*
 * Make room at a place: what is there, and behind it, moves up. Return: number of
 * an entry that the caller writes all of.
 */
uint32_t sim_ref_insert(uint32_t nr, const struct sim_refs *refs);
/* Any entry of a pool, empty or not: the one behind @nr, or the first if that is 0; or 0. */
uint32_t sim_ref_any(unsigned int pool, uint32_t nr);
/* Nobody holds it any more; those behind it move up. */
void sim_ref_remove(uint32_t nr);
/* An entry becomes as another one is, its history too. */
void sim_ref_copy(uint32_t to, uint32_t from);

/* --- ledger.c: write all of an entry that the running context takes now --- */
void sim_ref_write(uint32_t nr, const struct sim_refs *refs, sim_obj_t obj, uint8_t kind,
		   uint32_t n, const char *site);

/* --- ledger_run.c --- */
/*
 * Make an entry that stands for a run, and for @refs's object in it, stand for that
 * object alone. Return: that one's number.
 */
uint32_t sim_ref_part(uint32_t nr, const struct sim_refs *refs);
SIM_INLINE uint32_t sim_ref_alone(uint32_t nr, const struct sim_refs *refs)
{
	return entry_at(nr)->more ? sim_ref_part(nr, refs) : nr;
}

/* --- ledger_sums.c: in the place of entries --- */
SIM_INLINE bool sim_ledger_is_sums(void)
{
	return the_world->params.sums;
}
void sim_sums_take(struct sim_refs *refs, uint8_t kind, uint32_t n);
/* Return: how many there were to drop. */
uint32_t sim_sums_drop(struct sim_refs *refs, uint8_t kind, uint32_t n);
uint32_t sim_sums_count(const struct sim_refs *refs, uint8_t kind);

/* scope.c */
struct sim_scope *sim_scope_innermost(void);
/* Has it? Whoever goes by that touches where it ends, or the long-lived all. */
bool sim_hook_has_ended(uint32_t hook);
void sim_hook_touch_end(uint32_t hook);
void sim_hook_taken(uint32_t hook, uint32_t n);
void sim_hook_dropped(uint32_t hook, uint32_t n);

#endif
