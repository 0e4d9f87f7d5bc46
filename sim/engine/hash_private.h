/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the undo log and the fibers have to do with the hash: see hash.c.
 */
#ifndef SIM_ENGINE_HASH_PRIVATE_H
#define SIM_ENGINE_HASH_PRIVATE_H

#include "sim/engine/engine_private.h"
#include "sim/engine/hash.h"

struct sim_hashing {
	bool on;
	bool mapped;
	const struct sim_undo_entry *folded;	/* the log is in the sum up to here */
	struct sim_hash sum;			/* of words */
	uint64_t *data;				/* shadow of the static data */
	struct sim_hash stack[SIM_MAX_TASKS];	/* unless it ran: fiber_private.h */
};
extern struct sim_hashing sim_hashing SIM_HIDDEN;

/* Bring the sum up to date; return it. */
struct sim_hash sim_hash_fold(void) SIM_HIDDEN;

/*
 * Where the shadow of a logged word is; NULL: it does not count as a word. What
 * does lies in one piece, before history and stacks.
 */
#define SIM_SHADOW_BASE	0x300000000000ULL
uint64_t *sim_hash_far_shadow(uint64_t addr) SIM_HIDDEN;

static inline uint64_t *sim_hash_shadow(uint64_t addr)
{
	uint64_t off = addr - SIM_ARENA_BASE;

	if (likely(off < (uint64_t)SIM_AREA_HISTORY << SIM_AREA_SHIFT))
		return (uint64_t *)(SIM_SHADOW_BASE + off);
	return sim_hash_far_shadow(addr);
}

/* All words and their shadows were put back, and this is the sum. */
void sim_hash_undone(struct sim_hash words) SIM_HIDDEN;

/* Zero what is left over below the live part of a stack. */
void sim_hash_clean_stack(unsigned int id) SIM_HIDDEN;

/* Off, and the shadow is given back. */
void sim_hash_unmap(void) SIM_HIDDEN;

#endif
