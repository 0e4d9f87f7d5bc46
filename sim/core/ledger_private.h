/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger's entries: see ledger.c.
 */
#ifndef SIM_CORE_LEDGER_PRIVATE_H
#define SIM_CORE_LEDGER_PRIVATE_H

#include "sim/core/world_private.h"

/* When and where an entry was made is in struct sim_ref_history. */
struct sim_ref_entry {
	sim_obj_t obj;
	sim_owner_t owner;
	uint32_t count;		/* 0: the entry is free */
	uint32_t hook;		/* innermost hook call it was taken in, or 0 */
	uint32_t next;		/* in the object's list, or in the free list */
	int16_t task;
	uint8_t kind;
	bool by_hook;		/* its owner is that hook's, not one inside it */
	bool marked;		/* sim_ref_take_marked() */
};

/* Entries are numbered from 1 on; the pool stands in the top bits. */
#define REF_POOL_SHIFT	24
#define REF_POOL(nr)	((nr) >> REF_POOL_SHIFT)
#define REF_INDEX(nr)	(((nr) & ((1u << REF_POOL_SHIFT) - 1)) - 1)

SIM_INLINE struct sim_ref_history *sim_ref_history(uint32_t nr)
{
	return &the_history->ref[REF_POOL(nr)][REF_INDEX(nr)];
}

/* scope.c */
struct sim_scope *sim_scope_innermost(void);
/* Has it? Whoever goes by that touches where it ends, or the long-lived all. */
bool sim_hook_has_ended(uint32_t hook);
void sim_hook_touch_end(uint32_t hook);
void sim_hook_taken(uint32_t hook, uint32_t n);
void sim_hook_dropped(uint32_t hook, uint32_t n);

#endif
