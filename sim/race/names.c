/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names out of the race's model.  A page frame is named after the page of a
 * region that lies there now, or lay there last; a frame that it came to by
 * migration gets one ' for each move, so that old and new can be told apart. A
 * page that a forked process has made is "ram of child".
 */
#include <inttypes.h>
#include <stdio.h>

#include "fakes/objects.h"
#include "sim/race/actor.h"
#include "sim/race/names.h"
#include "sim/race/race.h"
#include "sim/race/world.h"

static const struct race *race_of(const struct names *self)
{
	return ((const struct race_names *)self)->race;
}

static const char *page_in_region(const struct race_region *r, uint64_t i, const char *ticks,
				  const char *child, char *buf, size_t size)
{
	int len;

	if (r->bytes.v == RACE_PAGE_SIZE)
		len = snprintf(buf, size, "%s%s", r->name.s, ticks);
	else
		len = snprintf(buf, size, "%s[%" PRIu64 "]%s", r->name.s, i, ticks);
	if (child && len >= 0 && (size_t)len < size)
		snprintf(buf + len, size - len, " of %s", child);
	return buf;
}

static const char *address_name(const struct race *race, unsigned int process, uint64_t addr,
				const char *ticks, char *buf, size_t size)
{
	uint32_t i;

	/* A bad address reaches into the bits that say whose it is. */
	if (process >= race->nr_processes)
		return NULL;
	for (i = 0; i < race->nr_regions; i++) {
		const struct race_region *r = &race->regions[i];

		if (race_is_family(race, process, r->process) && addr - r->addr.v < r->bytes.v)
			return page_in_region(r, (addr - r->addr.v) / RACE_PAGE_SIZE, ticks,
					      r->process == process ? NULL :
					      race->processes[process].name.s, buf, size);
	}
	return NULL;
}

static const char *page_name(const struct race *race, uint64_t pfn, char *buf, size_t size)
{
	static const char *const ticks[] = { "", "'", "''", "'''" };
	unsigned int process, moves;
	uint64_t addr;

	if (!actor_page_origin(pfn, &process, &addr, &moves))
		return NULL;
	return address_name(race, process, addr, ticks[moves < 3 ? moves : 3], buf, size);
}

static const char *vm_name(const struct race *race, uint64_t vm)
{
	return vm < race->nr_vms ? race->vms[vm].name.s : NULL;
}

static const char *slot_name(const struct race *race, uint64_t vm, uint64_t slot, char *buf,
			     size_t size)
{
	if (!vm_name(race, vm))
		return NULL;
	snprintf(buf, size, "%s slot %" PRIu64, vm_name(race, vm), slot);
	return buf;
}

static const char *obj_name(const struct names *self, sim_obj_t obj, char *buf, size_t size)
{
	const struct race *race = race_of(self);
	uint64_t id = SIM_OBJ_ID(obj);

	switch (SIM_OBJ_CLASS(obj)) {
	case OBJ_PAGE:
		return page_name(race, id, buf, size);
	case OBJ_PTE:
		return address_name(race, id >> 40, (id & ((1ULL << 40) - 1)) << 12, "", buf, size);
	case OBJ_MM:
		return id < race->nr_processes ? race->processes[id].name.s : NULL;
	case OBJ_VM:
		return vm_name(race, id);
	case OBJ_SLOT:
		return slot_name(race, id >> 16, id & 0xffff, buf, size);
	case SIM_CLASS_TASK:
		return id < race->nr_tasks ? race->tasks[id].name.s : NULL;
	default:
		return NULL;
	}
}

static const char *owner_name(const struct names *self, sim_owner_t owner, char *buf, size_t size)
{
	const struct race *race = race_of(self);
	uint32_t id = SIM_OWNER_ID(owner);

	switch (SIM_OWNER_KIND(owner)) {
	case OWNER_VM:
		return vm_name(race, id);
	case OWNER_SLOT:
		return slot_name(race, id >> 16, id & 0xffff, buf, size);
	case OWNER_ACTOR:
		return id && id <= race->nr_tasks ? race->tasks[id - 1].name.s : NULL;
	default:
		return NULL;
	}
}

static const char *task_name(const struct names *self, int task, char *buf, size_t size)
{
	const struct race *race = race_of(self);

	(void)buf;
	(void)size;
	if (task == (int)race->nr_tasks)
		return "teardown";
	return task >= 0 && (uint32_t)task < race->nr_tasks ? race->tasks[task].name.s : NULL;
}

/**
 * race_names_init() - names of @race.
 * @race: must outlive @n
 */
void race_names_init(struct race_names *n, const struct race *race)
{
	n->names.obj = obj_name;
	n->names.owner = owner_name;
	n->names.task = task_name;
	n->race = race;
}
