/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the undo log and the fibers have to do with the hash: see hash.c.
 */
#ifndef SIM_ENGINE_HASH_PRIVATE_H
#define SIM_ENGINE_HASH_PRIVATE_H

#include "sim/engine/engine_private.h"
#include "sim/engine/hash.h"
#include "sim/engine/undo.h"

struct sim_hashing {
	bool on;
	bool mapped;
	const struct sim_undo_entry *folded;	/* the log is in the sum up to here */
	struct sim_hash sum;			/* of words */
	/*
	 * What folding changed, to be undone: words of the shadow; with an odd
	 * address, the number of a stack that was stored into.
	 */
	struct sim_undo_entry *changed, *changed_end, *changed_max;
	uint64_t *data;				/* shadow of the static data */
	struct sim_hash stack[SIM_MAX_TASKS];	/* unless it ran: fiber_private.h */
};
extern struct sim_hashing sim_hashing SIM_HIDDEN;

/* Bring the sum up to date; return it. */
struct sim_hash sim_hash_fold(void) SIM_HIDDEN;

/* All words were put back: the shadow too, and the sum. */
void sim_hash_undo(const struct sim_mark *mark) SIM_HIDDEN;

/* Zero what is left over below the live part of a stack. */
void sim_hash_clean_stack(unsigned int id) SIM_HIDDEN;

/* Off, and the shadow is given back. */
void sim_hash_unmap(void) SIM_HIDDEN;

#endif
