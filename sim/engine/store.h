/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A logged store in the open, for the few functions of the world side that
 * every step comes through: they are compiled without hooks and say themselves
 * what they store.  Everybody else just assigns.
 */
#ifndef SIM_ENGINE_STORE_H
#define SIM_ENGINE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One entry of the undo log: an aligned word of the world and what it was.
 * With bit 0 of the address set it is a run of bytes that were all alike:
 * @old says how many, and in its top byte what.
 */
struct sim_undo_entry {
	uint64_t *word;
	uint64_t old;
};

/* What every hook and every step reads: one cache line. */
struct sim_hot {
	struct sim_undo_entry *pos;	/* next free entry */
	struct sim_undo_entry *end;	/* equals @pos while logging is off */
	uint64_t own_lo;		/* running fiber's stack, or 0 */
	int64_t running;		/* fiber; -1: the scheduler */
	uint64_t *foot;			/* next free access; NULL: none recorded */
	uint64_t short_way;		/* see sim_word_is_live() */
	uint64_t now;			/* the world's clock; marks keep it */
	bool check;			/* test accesses against the live map */
	bool grain;			/* show accesses of code under test */
	uint32_t solo;			/* steps the running task may take unasked: sched.h */
} __attribute__((aligned(64)));
#ifdef PINSIM_SUBJECT	/* loaded code reaches it through a table */
extern struct sim_hot sim_hot;
#else
extern struct sim_hot sim_hot __attribute__((visibility("hidden")));
#endif

/* The log is at its end: it is off (returns) or full (does not). */
void sim_undo_at_end(void);

/* Log the aligned word around @addr. */
static inline __attribute__((always_inline, no_sanitize("thread"), no_sanitize("undefined")))
void sim_undo_word(uint64_t addr)
{
	struct sim_undo_entry *e = sim_hot.pos;
	uint64_t *word = (uint64_t *)(addr & ~7ULL);

	if (__builtin_expect(e == sim_hot.end, 0)) {
		sim_undo_at_end();
		return;
	}
	e->word = word;
	e->old = *word;
	sim_hot.pos = e + 1;
}

/* The same for an aligned object of a few whole words, all of which change. */
static inline __attribute__((always_inline, no_sanitize("thread"), no_sanitize("undefined")))
void sim_undo_object(const void *p, size_t size)
{
	struct sim_undo_entry *e = sim_hot.pos;
	uint64_t *word = (uint64_t *)p;
	size_t i;

	if (__builtin_expect((size_t)(sim_hot.end - e) < size / 8, 0)) {
		sim_undo_at_end();
		return;
	}
	for (i = 0; i < size / 8; i++) {
		e[i].word = word + i;
		e[i].old = word[i];
	}
	sim_hot.pos = e + i;
}

/* Zero @n aligned words of the arena that are sure to be live; logs as needed. */
void sim_zero_words(void *p, size_t n);

/**
 * sim_find_other_byte() - the first byte of a range that is not @c.
 * @p: memory of the world
 * @c: byte
 * @n: bytes
 *
 * For tables that are nearly empty: one read of as much as was looked at,
 * instead of a hook for each entry.
 * Return: the byte's place, or NULL.
 */
void *sim_find_other_byte(const void *p, int c, size_t n);

/* Assign to a naturally aligned scalar of the arena. */
#define sim_set(lvalue, value)					\
	do {							\
		sim_undo_word((uint64_t)&(lvalue));		\
		(lvalue) = (value);				\
	} while (0)

#endif
