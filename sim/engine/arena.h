/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arena: one range of memory at one fixed address that holds everything
 * the simulated machine can touch, task stacks included.
 *
 * The address is fixed so that pointers stored in the world mean the same in
 * every process that maps it; it lies above ASan's shadow (0x100000000000
 * does not).  The range is reserved, not committed: host memory is spent only
 * on the pages that are touched.
 *
 * Beside it, at a second fixed address, lies the live map: one byte for each
 * eight bytes of arena, 0 where nothing was ever allocated, else the number of
 * leading bytes that are (1..8), or a mark above 8: freed, the allocator's
 * own header, or constant.  Hooks test it when address checks are on.
 */
#ifndef SIM_ENGINE_ARENA_H
#define SIM_ENGINE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_ARENA_BASE	0x200000000000ULL
#define SIM_ARENA_SIZE	0x010000000000ULL	/* 1 TiB of addresses */
#define SIM_LIVE_BASE	0x280000000000ULL
#define SIM_LIVE_SHIFT	3

/*
 * The arena is cut into areas of 16 GiB.  Area 0 begins with the world's root
 * and serves allocations made while no task runs; area n serves task n - 1,
 * so that what two tasks allocate lands at addresses that do not depend on
 * their order.  STACKS, HISTORY and SPARSE are laid out by their users.
 *
 * IMAGES holds loaded code and its data (image.h), marked live when it is mapped.
 *
 * HISTORY is rolled back like the rest, but it is no part of the world's state:
 * neither hashed nor in footprints.
 */
#define SIM_AREA_SHIFT	34
#define SIM_AREA_SIZE	(1ULL << SIM_AREA_SHIFT)
#define SIM_MAX_TASKS	32

enum sim_area {
	SIM_AREA_BOOT = 0,
	SIM_AREA_TASK0 = 1,
	SIM_AREA_SPARSE = SIM_AREA_TASK0 + SIM_MAX_TASKS,
				/* page descriptors; runs on to the next */
	SIM_AREA_IMAGES = 61,	/* loaded code: image.h */
	SIM_AREA_HISTORY = 62,	/* how the world came here; see world_private.h */
	SIM_AREA_STACKS,
	SIM_NR_AREAS
};

static inline uint64_t sim_area_base(unsigned int area)
{
	return SIM_ARENA_BASE + ((uint64_t)area << SIM_AREA_SHIFT);
}

static inline bool sim_in_arena(uint64_t addr)
{
	return addr - SIM_ARENA_BASE < SIM_ARENA_SIZE;
}

/**
 * sim_arena_map() - reserve the arena and its live map.
 *
 * Context: host, once in a process.
 * Return: 0, or -errno with nothing mapped.
 */
int sim_arena_map(void);

/*
 * Give every touched page back and start from zeroes again; the world side's
 * static data is as when the program began, logging, trace and subscriptions
 * are off. Context: host, no task running.
 */
void sim_arena_reset(void);

/* Undo sim_arena_map(). Context: host, no task running. */
void sim_arena_unmap(void);

/**
 * sim_live_set() - say that a range is, or is no longer, allocated.
 * @addr: arena address, a multiple of 8
 * @size: bytes
 * @live: allocated or not
 *
 * Rolled back with everything else.
 */
void sim_live_set(uint64_t addr, uint64_t size, bool live);

/*
 * The same for an allocator's blocks, whose map need not be looked at: @addr is
 * in the arena and @size not 0; never allocated before, or allocated as a whole.
 */
void sim_live_new(uint64_t addr, uint64_t size);
void sim_live_gone(uint64_t addr, uint64_t size);

/*
 * Leave blocks of so many bytes or more unmarked, until the arena is reset: for a
 * world whose addresses nobody checks. A table of which little is touched costs no
 * more than that then.
 */
void sim_live_omit(uint64_t bytes);

/* Are all of these bytes allocated? Stacks always are. */
bool sim_live_test(uint64_t addr, uint64_t size);

/* Mark an allocator's own words before a block: simulated code may not touch
 * them, and sim_live_find_header() finds them. Multiples of 8. */
void sim_live_header(uint64_t addr, uint64_t size);

/* The last header word at or below @addr, not farther than @max bytes; or 0. */
uint64_t sim_live_find_header(uint64_t addr, uint64_t max);

#endif
