/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world: the root of everything the simulated machine is.  It lies at the
 * arena's base, so that neither side needs a global variable to find it.
 */
#ifndef SIM_CORE_WORLD_H
#define SIM_CORE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/arena.h"

/* Each room of the world side keeps its own root object here. */
enum sim_room {
	SIM_ROOM_MM,
	SIM_ROOM_KVM,
	SIM_ROOM_SEV,
	SIM_ROOM_HOST,
	SIM_ROOM_MMU,
	SIM_ROOM_PIN,
	SIM_ROOM_RACE,
	SIM_ROOM_TEST,
	SIM_NR_ROOMS
};

#define SIM_SUM_KINDS	3u

struct sim_params {
	unsigned int nr_cpus;		/* 1..64 */
	bool check_addresses;		/* test every access against the live map */
	bool sums;			/* the ledger is sums: ledger.h */
	uint8_t sum_kinds[SIM_SUM_KINDS];	/* of these also each object's */
};

/* Build an empty machine. Context: host, arena mapped and zero. */
void sim_world_init(const struct sim_params *params);

/**
 * sim_room() - a room's root object.
 *
 * Return: what sim_room_create() made, or NULL.
 */
void *sim_room(enum sim_room room);

/*
 * What a room counts only to tell it (no check and no task looks at it) is
 * history: it has a fixed place, is zero at first, rolled back with the world,
 * and neither hashed nor in footprints.
 */
#define SIM_HISTORY_BASE	(SIM_ARENA_BASE + ((uint64_t)SIM_AREA_HISTORY << SIM_AREA_SHIFT))
#define SIM_ROOM_HISTORY	1024u	/* bytes for each room */

static inline __attribute__((always_inline)) void *sim_room_history(enum sim_room room)
{
	return (void *)(SIM_HISTORY_BASE + 8 + room * SIM_ROOM_HISTORY);
}

/*
 * One more of a room's history.  Out of line and without hooks: no register that a
 * frame saves may carry the number, nor what lies behind on the stack, or each would
 * make another state of the same.
 */
void sim_count(uint64_t *count);

/* History that needs more: one room's table, 16 MiB at most. */
#define SIM_HISTORY_TABLE	(SIM_HISTORY_BASE + (64ULL << 20))

/* What happened before what (order.h); far away, as it may grow. */
#define SIM_HISTORY_ORDER	(SIM_HISTORY_BASE + (128ULL << 20))

/* The roots have fixed places, behind the world's own and before the heap. */
#define SIM_ROOM_MAX	(256ULL << 10)
#define SIM_ROOMS_BASE	(SIM_ARENA_BASE + (4ULL << 20))
#define SIM_ROOMS_END	(SIM_ROOMS_BASE + SIM_NR_ROOMS * SIM_ROOM_MAX)

/* The same of a room that is known to have been created: nothing is looked up. */
static inline __attribute__((always_inline)) void *sim_room_at(enum sim_room room)
{
	return (void *)(SIM_ROOMS_BASE + room * SIM_ROOM_MAX);
}

/* Make (zeroed) and register a room's root object of at most SIM_ROOM_MAX. */
void *sim_room_create(enum sim_room room, size_t size);

/* As given to sim_world_init(). */
unsigned int sim_nr_cpus(void);

#endif
