/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world's root object and the rooms' roots.
 */
#include "sim/core/alloc.h"
#include "sim/core/world_private.h"

void sim_world_init(const struct sim_params *params)
{
	struct sim_world *w = the_world;
	uint64_t root_end = SIM_ARENA_BASE + sizeof(*w);
	unsigned int i;

	SIM_BUG_ON(params->nr_cpus < 1);
	SIM_BUG_ON(params->nr_cpus > SIM_MAX_CPUS);
	sim_check_addresses(false);
	sim_live_set(SIM_ARENA_BASE, sizeof(*w), true);
	w->params.nr_cpus = params->nr_cpus;
	w->params.check_addresses = params->check_addresses;
	for (i = 0; i < SIM_NR_CONTEXTS; i++) {
		/* Context i allocates from area i + 1, the host from 0. */
		unsigned int area = i == SIM_HOST ? SIM_AREA_BOOT :
						    SIM_AREA_TASK0 + i;

		w->area[i].next = sim_area_base(area);
	}
	w->area[SIM_HOST].next = (root_end + 4095) & ~4095ULL;
	w->sparse_next = sim_area_base(SIM_AREA_SPARSE);
	sim_fault_set(sim_access_fault);
	sim_check_addresses(params->check_addresses);
}

SIM_QUIET void *sim_room(enum sim_room room)
{
	SIM_BUG_ON(room >= SIM_NR_ROOMS);
	return the_world->room[room];
}

void *sim_room_create(enum sim_room room, size_t size)
{
	void *root;

	SIM_BUG_ON(room >= SIM_NR_ROOMS);
	SIM_BUG_ON(the_world->room[room]);
	SIM_BUG_ON(sim_fiber_running() >= 0);
	root = sim_alloc_own(size);
	the_world->room[room] = root;
	return root;
}

SIM_QUIET unsigned int sim_nr_cpus(void)
{
	return the_world->params.nr_cpus;
}
