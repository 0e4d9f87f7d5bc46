/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world's root object and the rooms' roots.
 */
#include "sim/core/alloc.h"
#include "sim/core/world_private.h"

void sim_world_init(const struct sim_params *params)
{
	struct sim_world *w = the_world;
	unsigned int i;

	_Static_assert(sizeof(*w) <= SIM_ROOMS_BASE - SIM_ARENA_BASE, "rooms lie in the world");
	_Static_assert(sizeof(struct sim_history) <= SIM_HISTORY_TABLE - SIM_HISTORY_BASE,
		       "the table lies in the history");
	SIM_BUG_ON(params->nr_cpus < 1);
	SIM_BUG_ON(params->nr_cpus > SIM_MAX_CPUS);
	sim_check_addresses(false);
	sim_live_set(SIM_ARENA_BASE, sizeof(*w), true);
	sim_live_set(SIM_HISTORY_BASE, offsetof(struct sim_history, ref), true);
	w->params.nr_cpus = params->nr_cpus;
	w->params.check_addresses = params->check_addresses;
	w->params.sums = params->sums;
	for (i = 0; i < SIM_SUM_KINDS; i++)
		w->params.sum_kinds[i] = params->sum_kinds[i];
	for (i = 0; i < SIM_NR_CONTEXTS; i++) {
		/* Context i allocates from area i + 1, the host from 0. */
		unsigned int area = i == SIM_HOST ? SIM_AREA_BOOT :
						    SIM_AREA_TASK0 + i;

		w->area[i].next = sim_area_base(area);
	}
	w->area[SIM_HOST].next = SIM_ROOMS_END;
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
	void *root = sim_room_at(room);

	SIM_BUG_ON(room >= SIM_NR_ROOMS || size > SIM_ROOM_MAX);
	SIM_BUG_ON(the_world->room[room]);
	SIM_BUG_ON(sim_fiber_running() >= 0);
	sim_live_set((uint64_t)root, size, true);
	/* Counts among the host's blocks, which have their names by number. */
	the_world->area[SIM_HOST].count++;
	the_world->room[room] = root;
	return root;
}

SIM_QUIET void sim_count(uint64_t *count)
{
	sim_set(*count, *count + 1);
}

SIM_QUIET unsigned int sim_nr_cpus(void)
{
	return the_world->params.nr_cpus;
}
