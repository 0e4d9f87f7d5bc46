/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world's hash: 128 bits that two worlds have in common if their states
 * are equal.
 *
 * It is a sum over all words, so it is kept up to date from the undo log: what
 * a word was is taken out, what it is now is put in.  Never by scanning.  A
 * shadow of the arena holds what was last put in.  History (SIM_AREA_HISTORY),
 * the live map and the pulse do not count; of a task's stack the live part
 * does, without the local words at its top except where the task stands.
 *
 * Going back to a mark brings the hash back too.
 *
 * Pointers into the program are part of the state, so hashes of two processes
 * cannot be compared.
 */
#ifndef SIM_ENGINE_HASH_H
#define SIM_ENGINE_HASH_H

#include <stdbool.h>
#include <stdint.h>

struct sim_hash {
	uint64_t lo, hi;
};

/**
 * sim_hash_on() - begin hashing: the world as it is has some hash that depends
 * on it alone (or stop).
 *
 * Context: host; logging is on, no mark was taken yet that will be gone back
 * to (the log is as at its beginning: sim_undo_clear()).
 */
void sim_hash_on(bool on);

/**
 * sim_hash_now() - the hash of the world's memory and of the live stacks.
 * @tasks: fibers whose stacks count, a bit each: those that are alive
 *
 * Costs what was stored since the last call or mark, and the stacks of the
 * tasks that ran since.
 * Context: host.
 */
struct sim_hash sim_hash_now(uint64_t tasks);

/* The same from scratch, looking at all that was ever touched: for checking. */
struct sim_hash sim_hash_scan(uint64_t tasks);

/* What one word adds; for tests of its quality. */
struct sim_hash sim_hash_word(uint64_t key, uint64_t value);

/*
 * A task has taken a step, and the hash is not asked for: what is left over on its
 * stack goes as if it were.
 */
void sim_hash_tidy(unsigned int task);

#endif
