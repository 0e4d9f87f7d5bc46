/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Footprints: which words of the world a step read and wrote.
 *
 * While recording is on, every hook appends what it let pass: an aligned word,
 * which of its bytes, and how.  The running task's own stack is left out, as
 * nobody else looks at it; so is history (SIM_AREA_HISTORY).  Functions of
 * sim/core that are compiled without hooks say themselves what they touch, in
 * terms of what it means: taking a lock is an ACQUIRE of the lock's word,
 * whatever else is written down about it.
 *
 * What checks read while the scheduler shows them a step's records is recorded
 * like the rest, so it belongs to that step.
 */
#ifndef SIM_ENGINE_FOOTPRINT_H
#define SIM_ENGINE_FOOTPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/store.h"

/* Bits 63..56: bytes of the word. 55..3: the word's address. 2..0: how. */
typedef uint64_t sim_access_t;

enum sim_access_kind {
	SIM_ACCESS_READ,
	SIM_ACCESS_WRITE,		/* or both at once */
	SIM_ACCESS_ADD,			/* changes without looking: two ADDs commute */
	SIM_ACCESS_ACQUIRE,		/* a blocking lock, alone */
	SIM_ACCESS_ACQUIRE_SHARED,	/* ... with others */
	SIM_ACCESS_RELEASE,		/* never races with an acquire */
	SIM_ACCESS_RELEASE_SHARED,
	SIM_ACCESS_WANT,		/* the task's next step is to acquire it */
};

#define SIM_ACCESS(addr, bytes, kind)				\
	((uint64_t)(bytes) << 56 | ((uint64_t)(addr) & 0xfffffffffffff8ULL) | (kind))
#define SIM_ACCESS_ADDR(a)	((a) & 0xfffffffffffff8ULL)
#define SIM_ACCESS_BYTES(a)	((uint8_t)((a) >> 56))
#define SIM_ACCESS_KIND(a)	((enum sim_access_kind)((a) & 7))

/*
 * Words that are nowhere, 128 for each object of 64 bytes: what steps have to do
 * with one another that no single store shows ("no task but ... holds it").
 * Those who know say it by sim_touch().
 */
#define SIM_NOWHERE(p, i)						\
	((void *)(1ULL << 52 | ((uint64_t)(p) & 0x3fffffffffffULL & ~63ULL) << 4 | \
		  (uint64_t)(i) << 3))

/* Begin (or stop) recording; begins empty. */
void sim_footprint_on(bool on);

/* Forget what was recorded: another step begins. */
void sim_footprint_clear(void);

/**
 * sim_footprint() - what was recorded since sim_footprint_clear()
 * @ret_n: how many
 *
 * In the order in which it happened, with repetitions.
 * Context: host. The array is valid until a task or a probe runs.
 */
const sim_access_t *sim_footprint(size_t *ret_n);

/*
 * For functions without hooks, and only for those: some bytes of a word, a bit
 * each, or all of them. Costs a test while nobody records.
 */
static inline __attribute__((always_inline, no_sanitize("thread")))
void sim_touch_bytes(const void *p, uint64_t bytes, enum sim_access_kind kind)
{
	sim_access_t *f = sim_hot.foot;

	if (__builtin_expect(f != NULL, 0)) {
		*f = SIM_ACCESS(p, bytes, kind);
		sim_hot.foot = f + 1;
	}
}

static inline __attribute__((always_inline, no_sanitize("thread")))
void sim_touch(const void *p, enum sim_access_kind kind)
{
	sim_touch_bytes(p, 0xff, kind);
}

/* Half a word: an object of four bytes, with another one beside it. */
static inline __attribute__((always_inline, no_sanitize("thread")))
void sim_touch_half(const void *p, enum sim_access_kind kind)
{
	sim_touch_bytes(p, 0xfULL << ((uint64_t)p & 4), kind);
}

/* An lvalue of the world, as one who reads without hooks sees it. */
#define sim_seen(lvalue)						\
({									\
	sim_touch(&(lvalue), SIM_ACCESS_READ);				\
	(lvalue);							\
})

/* What the next two do while somebody records. */
void sim_declare_record(const void *const *words, unsigned int n);
void sim_declare_recorded(void);

/**
 * sim_declare_begin() - what follows is one operation that is declared as a
 * whole: it adds to some words, and its caller learns nothing of their values.
 * @words: the words
 * @n: how many, at most 8
 *
 * sim_declare_end() puts ADD in place of what was recorded in between, of the
 * bytes that were touched; of a whole word if none was (a function without
 * hooks did it).  An access to any other word is SIM_BUG(): a declaration
 * that does not hold would hide interleavings.  What the running task keeps
 * on its own stack is its own affair.
 * Context: not nestable; must not yield.
 */
static inline __attribute__((always_inline, no_sanitize("thread")))
void sim_declare_begin(const void *const *words, unsigned int n)
{
	if (__builtin_expect(sim_hot.foot != NULL, 0))
		sim_declare_record(words, n);
}

static inline __attribute__((always_inline, no_sanitize("thread")))
void sim_declare_end(void)
{
	if (__builtin_expect(sim_hot.foot != NULL, 0))
		sim_declare_recorded();
}

/*
 * The same for one word, for functions with hooks: these are calls, as what is
 * inlined there would be hooked itself.
 */
void sim_add_begin(const void *word);
void sim_add_end(void);

#endif
