/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The undo log: the old value of every word stored to since the last mark.
 *
 * Going back to a mark writes the old values back, newest first, at a cost
 * that depends on what was stored and not on the world's size.  The log, the
 * marks and the trace lie outside the arena; the trace is cut back to its
 * length at the mark, and the clock, which every step changes, is put back by
 * hand.
 */
#ifndef SIM_ENGINE_UNDO_H
#define SIM_ENGINE_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/hash.h"
#include "sim/engine/store.h"

struct sim_mark {
	size_t log_len;
	size_t trace_len;
	uint64_t now;
	bool hashed;			/* hash.h */
	struct sim_hash words;
	size_t hash_len;
};

/* Start (or stop) logging; marks are only valid while it is on. */
void sim_undo_on(bool on);

/* Forget the whole log: what is now is the new beginning. */
void sim_undo_clear(void);

/* Remember this moment. Context: host, no task running. */
struct sim_mark sim_undo_mark(void);
void sim_undo_mark_in(struct sim_mark *ret);	/* the same without a copy */

/**
 * sim_undo_to() - put every logged word back to its value at @mark.
 *
 * Stacks are not logged; see sim_fiber_save().
 */
void sim_undo_to(struct sim_mark mark);
void sim_undo_back(const struct sim_mark *mark);	/* the same without a copy */

/**
 * sim_undo_here() - a place in the log, for sim_undo_words()
 *
 * A lesser mark: of the stacks that are saved on the way to a real one each
 * has to find the words that others stored into it as they were then.
 */
struct sim_undo_entry *sim_undo_here(void);

/* Put words back as far as to @here; sim_undo_to() an older mark has to follow. */
void sim_undo_words(struct sim_undo_entry *here);

/* Log @size bytes at @addr before they change (wrappers of memset() etc.). */
void sim_undo_log(uint64_t addr, size_t size);

/* The same in one entry if they are all alike; for the live map only. */
void sim_undo_log_run(uint64_t addr, size_t size);

/* The same where they are known to be @byte: whole aligned words, not none. */
void sim_undo_known_run(uint64_t addr, size_t size, uint8_t byte);

/* Entries logged since the beginning; for benches. */
uint64_t sim_undo_stores(void);

#endif
