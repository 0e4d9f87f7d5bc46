/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's own state.
 *
 * The hooks are called by compiled code with nothing but an address, so what
 * they need has to be found without a pointer: the engine keeps mutable globals
 * (here, in store.h and in the files of fibers, pulse and guard), and nobody
 * else does.  They describe the machine that rolls the world back and are
 * never rolled back themselves.
 *
 * Engine code must not call memset(), memcpy() or memmove() by those names:
 * the linker would send it through the wrappers, which log.
 */
#ifndef SIM_ENGINE_PRIVATE_H
#define SIM_ENGINE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/arena.h"
#include "sim/engine/fault.h"
#include "sim/engine/fiber.h"
#include "sim/engine/store.h"

#define SIM_HIDDEN	__attribute__((visibility("hidden")))

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

/* What sim_declare_begin() was told. */
#define SIM_MAX_DECLARED	8
struct sim_declared {
	uint64_t *begin;		/* the first access since, or NULL */
	uint64_t word[SIM_MAX_DECLARED];
	unsigned int n;
};

/* The rest; cold. */
struct sim_engine {
	bool mapped;
	uint64_t host_lo, host_hi;	/* stack on which the host runs */
	uint64_t catch_lo, catch_hi;	/* ... and sim_fatal_catch()'s, or 0 */
	sim_fault_fn fault;
	struct sim_undo_entry *log;		/* first entry */
	size_t log_max;
	bool log_on;
	uint64_t live_omit;		/* see sim_live_omit() */
	void *world_data_copy;		/* static data as the program began */
	uint64_t *foot, *foot_end;	/* footprint.c; room is left after the end */
	bool foot_wanted;
	struct sim_declared declared;
	/* How far each area was ever in use; never goes back. */
	uint64_t high_water[SIM_NR_AREAS];
};
extern struct sim_engine sim_engine SIM_HIDDEN;

/* The world side's static data, collected by world.ld. */
extern char sim_world_data_start[] SIM_HIDDEN;
extern char sim_world_data_end[] SIM_HIDDEN;

/* Coverage counters of world-side code: never rolled back. */
extern char sim_world_count_start[] SIM_HIDDEN;
extern char sim_world_count_end[] SIM_HIDDEN;

static inline bool sim_in_world_data(uint64_t addr, size_t size)
{
	uint64_t start = (uint64_t)sim_world_data_start;

	return addr >= start && addr + size <= (uint64_t)sim_world_data_end;
}

/* mmu/ and pin/, collected by world.ld. */
extern char sim_under_test_start[] SIM_HIDDEN;
extern char sim_under_test_end[] SIM_HIDDEN;

/* What a live map byte can say besides 0..8. */
#define LIVE_HEADER	0xfe	/* the allocator's own word before a block */
#define LIVE_FREED	0xff	/* was allocated once */
#define LIVE_CONST	0xfd	/* an image's, not to be written */

static inline uint8_t *sim_live_byte(uint64_t addr)
{
	return (uint8_t *)(SIM_LIVE_BASE +
			   ((addr - SIM_ARENA_BASE) >> SIM_LIVE_SHIFT));
}

/*
 * Is all of the aligned word around @addr allocated?  The one question that
 * nearly every access answers with yes: wholly allocated words of the arena,
 * and all of a stack that was ever set up.
 *
 * While footprints are recorded (and they are while accesses are shown, see
 * grain.h) no address is on this short way, so a hook that takes it need not
 * ask about them: that makes them free while off.
 */
#define SIM_SHORT_WAY	(SIM_ARENA_BASE / SIM_ARENA_SIZE)

static inline bool sim_word_is_live(uint64_t addr)
{
	return likely(addr / SIM_ARENA_SIZE == sim_hot.short_way) &&
	       likely(*sim_live_byte(addr) == 8);
}

/* Eight aligned bytes of whatever type. */
typedef uint64_t __attribute__((may_alias)) sim_word_t;

typedef uint64_t __attribute__((vector_size(16), may_alias)) sim_pair_t;

/* Is any of the 16 aligned words from @p other than those of @like? */
static inline bool sim_any_other(const sim_pair_t *p, sim_pair_t like)
{
	sim_pair_t d = (p[0] ^ like) | (p[1] ^ like) |
		       (p[2] ^ like) | (p[3] ^ like) |
		       (p[4] ^ like) | (p[5] ^ like) |
		       (p[6] ^ like) | (p[7] ^ like);

	return d[0] | d[1];
}

/* The same of 32 words, against zero: half the work. */
static inline bool sim_any_set(const sim_pair_t *p)
{
	sim_pair_t d = p[0] | p[1] | p[2] | p[3] | p[4] | p[5] | p[6] | p[7] |
		       p[8] | p[9] | p[10] | p[11] | p[12] | p[13] | p[14] |
		       p[15];

	return d[0] | d[1];
}

/* The first of the words [@w, @end) that is not @pattern, or @end. */
static inline sim_word_t *sim_find_other(sim_word_t *w, const sim_word_t *end,
					 uint64_t pattern)
{
	const sim_pair_t like = { pattern, pattern };

	/* Many at a time, as most are alike; then which one. */
	if (end - w >= 16 && (uint64_t)w & 8) {
		if (*w != pattern)
			return w;
		w++;
	}
	if (!pattern) {
		while (end - w >= 32 && !sim_any_set((const sim_pair_t *)w))
			w += 32;
	}
	while (end - w >= 16 && !sim_any_other((const sim_pair_t *)w, like))
		w += 16;
	while (w < end && *w == pattern)
		w++;
	return w;
}

/* Set in the address of an entry with which a block begins in the log. */
#define SIM_BLOCK_BEGINS	(1ULL << 63)

/* Zero @pairs of words at @p, which is aligned to 16, and log them as a block. */
void sim_undo_zero_block(void *p, size_t pairs) SIM_HIDDEN;

static inline bool sim_in_stacks(uint64_t addr)
{
	return addr - sim_area_base(SIM_AREA_STACKS) < SIM_AREA_SIZE;
}

static inline bool sim_in_history(uint64_t addr)
{
	return addr - sim_area_base(SIM_AREA_HISTORY) < SIM_AREA_SIZE;
}

/*
 * Stacks: each fiber owns two times SIM_STACK_SIZE of the area; the lower half
 * is inaccessible, so that a frame of any sensible size is caught.
 */
#define SIM_STACK_STRIDE	(2ULL * SIM_STACK_SIZE)

static inline uint64_t sim_stack_lo(unsigned int id)
{
	return sim_area_base(SIM_AREA_STACKS) + id * SIM_STACK_STRIDE +
	       SIM_STACK_SIZE;
}

/* Say once that a stack is live: the hooks' shortest way (live.c). */
void sim_live_stack(uint64_t lo, uint64_t size) SIM_HIDDEN;

/* Parts that sim_arena_map() and its counterparts set up and tear down. */
int sim_undo_map(void) SIM_HIDDEN;
void sim_undo_unmap(void) SIM_HIDDEN;
int sim_pulse_map(void) SIM_HIDDEN;
void sim_pulse_unmap(void) SIM_HIDDEN;
void sim_fiber_forget_all(void) SIM_HIDDEN;

/* Another execution goes on from here: its loops are counted anew. */
void sim_budget_renew(void) SIM_HIDDEN;

/* Records kept, and back to so many. */
size_t sim_pulse_len(void) SIM_HIDDEN;
void sim_pulse_cut(size_t len) SIM_HIDDEN;

/*
 * Call @fn for every touched page of the arena, stacks excepted, and of the live
 * map until it returns true; return that (verify.c).
 */
typedef bool (*sim_page_fn)(void *arg, uint64_t addr);
bool sim_each_used_page(sim_page_fn fn, void *arg) SIM_HIDDEN;

/* A reserved range of zeroes; NULL with errno set. */
void *sim_reserve(uint64_t addr, size_t size) SIM_HIDDEN;

/* Tell whoever registered for it. Does not return. */
_Noreturn void sim_refuse(enum sim_fault kind, uint64_t addr, bool write) SIM_HIDDEN;

/* A hook met something that it must not let pass. Returns only if allowed. */
void sim_bad_access(uint64_t addr, size_t size, bool write) SIM_HIDDEN;

/*
 * Record an access of any size and alignment, unless it is of the running
 * task's own stack, of history or not of the world. Only while sim_hot.foot.
 */
void sim_foot_range(uint64_t addr, size_t size, bool write) SIM_HIDDEN;
/* Record if somebody wants it, or accesses are shown. */
void sim_foot_set(void) SIM_HIDDEN;
int sim_foot_map(void) SIM_HIDDEN;
void sim_foot_unmap(void) SIM_HIDDEN;

/*
 * Show an access if it is of code under test. Only while sim_hot.grain; may
 * yield.
 */
void sim_grain_access(uint64_t addr, size_t size, bool write, bool marked,
		      uint64_t pc) SIM_HIDDEN;

/* The same, for the function that a compiler's call or a wrapper is in. */
#define SIM_GRAIN(p, size, write, marked)				\
	do {								\
		if (unlikely(sim_hot.grain))				\
			sim_grain_access((uint64_t)(p), size, write, marked, \
				(uint64_t)__builtin_return_address(0)); \
	} while (0)

/* Check a range as a hook would, then log it (write) or not (read). */
void sim_access_range(uint64_t addr, size_t size, bool write) SIM_HIDDEN;

/* The C library's own, past the wrappers. */
void *__real_memset(void *dst, int c, size_t n);
void *__real_memcpy(void *dst, const void *src, size_t n);
void *__real_memmove(void *dst, const void *src, size_t n);

#endif
