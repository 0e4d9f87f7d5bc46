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

struct sim_params {
	unsigned int nr_cpus;		/* 1..64 */
	bool check_addresses;		/* test every access against the live map */
};

/* Build an empty machine. Context: host, arena mapped and zero. */
void sim_world_init(const struct sim_params *params);

/**
 * sim_room() - a room's root object.
 *
 * Return: what sim_room_create() made, or NULL.
 */
void *sim_room(enum sim_room room);

/* Allocate (zeroed, area 0) and register a room's root object. */
void *sim_room_create(enum sim_room room, size_t size);

/* As given to sim_world_init(). */
unsigned int sim_nr_cpus(void);

#endif
