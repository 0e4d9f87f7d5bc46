/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May this machine, these processes and these VMs be built? Fills in what the
 * file leaves out: default sizes, addresses of maps, the owner of a VM.
 *
 * Limits stand in model.h; every message names the one that was passed.
 */
#include <string.h>

#include "sim/race/build.h"
#include "sim/race/words.h"

#define ADDR_MIN	(64ULL << 10)		/* vm.mmap_min_addr */
#define ADDR_FIRST	(256ULL << 20)		/* of maps without "at" */

typedef unsigned long long ull;

/* "64M", "12K", "65535": the largest unit that loses nothing. */
static const char *size_text(char buf[24], uint64_t bytes)
{
	static const char units[] = "\0KMGT";
	int unit = 0;

	while (bytes && !(bytes & 1023) && unit < 4) {
		bytes >>= 10;
		unit++;
	}
	snprintf(buf, 24, unit ? "%llu%c" : "%llu", (ull)bytes, units[unit]);
	return buf;
}

static void set_default(struct race_num *num, uint64_t v)
{
	if (!num->loc.line)
		num->v = v;
}

static bool valid_zone(struct race_build *b, struct race_num zone,
		       const char *what, uint64_t min)
{
	char have[24], want[24];

	if (zone.v < min)
		return race_fail(b, zone.loc, "%s of %s, expected at least %s",
				 what, size_text(have, zone.v),
				 size_text(want, min));
	if (zone.v > RACE_MAX_MEMORY)
		return race_fail(b, zone.loc,
				 "%s of %s, expected at most 1T in all zones",
				 what, size_text(have, zone.v));
	if (zone.v % RACE_BLOCK_SIZE)
		return race_fail(b, zone.loc,
				 "%s of %s, expected a multiple of 4M", what,
				 size_text(have, zone.v));
	return true;
}

/*
 * The area that is to hold the CMA. ZONE_NORMAL must keep a block outside it:
 * nothing unmovable could be allocated otherwise.
 */
static bool valid_cma(struct race_build *b, struct race_machine *m)
{
	uint64_t room = m->cma_in == RACE_ZONE_MOVABLE ?
			m->movable.v : m->normal.v - RACE_BLOCK_SIZE;
	const char *zone = race_zone_name(m->cma_in);
	char have[24], want[24];

	/* The default must not make a race with small zones wrong. */
	if (!m->cma.loc.line) {
		m->cma.v = 16ULL << 20;
		if (m->cma.v > room)
			m->cma.v = 0;
		return true;
	}
	if (!valid_zone(b, m->cma, "cma", 0))
		return false;
	if (m->cma.v > room)
		return race_fail(b, m->cma.loc,
				 "cma of %s in zone %s, expected at most %s",
				 size_text(have, m->cma.v), zone,
				 size_text(want, room));
	return true;
}

/* Whole pages; the first is the device's header. */
static bool valid_swap(struct race_build *b, struct race_num swap)
{
	char have[24], want[24];

	if (!swap.v || (swap.v >= 2 * RACE_PAGE_SIZE && swap.v <= RACE_MAX_SWAP &&
			swap.v % RACE_PAGE_SIZE == 0))
		return true;
	return race_fail(b, swap.loc, "swap of %s, expected whole pages, two at least, "
			 "and at most %s", size_text(have, swap.v),
			 size_text(want, RACE_MAX_SWAP));
}

/**
 * race_valid_machine - check the machine and fill in its defaults
 * @b: the parse
 *
 * Return: false when the parse has failed.
 */
bool race_valid_machine(struct race_build *b)
{
	struct race_machine *m = &b->race->machine;

	set_default(&m->cpus, 2);
	set_default(&m->normal, 64ULL << 20);
	set_default(&m->movable, 64ULL << 20);
	if (m->cma_in == RACE_ZONE_NONE)
		m->cma_in = RACE_ZONE_NORMAL;
	if (!b->race->kernels)
		b->race->kernels = RACE_KERNELS_DEFAULT;
	if (m->cpus.v < 1 || m->cpus.v > RACE_MAX_CPUS)
		return race_fail(b, m->cpus.loc, "cpus %llu, expected 1 to %d",
				 (ull)m->cpus.v, RACE_MAX_CPUS);
	if (!valid_zone(b, m->normal, "zone normal", 2 * RACE_BLOCK_SIZE) ||
	    !valid_zone(b, m->movable, "zone movable", 0))
		return false;
	if (m->normal.v + m->movable.v > RACE_MAX_MEMORY)
		return race_fail(b, m->movable.loc.line ? m->movable.loc :
				 m->normal.loc,
				 "zones are larger than 1T together, expected at most that");
	return valid_cma(b, m) && valid_swap(b, m->swap);
}

/* ---- names ---- */

/* One flat space of names, so that "of guest" and page(ram) need no kind. */
static bool unique(struct race_build *b, struct race_name name,
		   const char *kind, struct race_name other,
		   const char *other_kind)
{
	if (strcmp(name.s, other.s))
		return true;
	return race_fail(b, name.loc,
			 "%s '%s' has the name of the %s in line %u, expected another",
			 kind, name.s, other_kind, other.loc.line);
}

struct named {
	struct race_name name;
	const char *kind;
};

/**
 * race_valid_names - check that no name stands for two things
 * @b: the parse
 *
 * Return: false when the parse has failed.
 */
bool race_valid_names(struct race_build *b)
{
	struct named all[RACE_MAX_PROCESSES + RACE_MAX_REGIONS + RACE_MAX_VMS +
			 RACE_MAX_TASKS];
	const struct race *r = b->race;
	uint32_t i, j, nr = 0;

	for (i = 0; i < r->nr_processes; i++)
		all[nr++] = (struct named){ r->processes[i].name, "process" };
	for (i = 0; i < r->nr_regions; i++)
		all[nr++] = (struct named){ r->regions[i].name, "map" };
	for (i = 0; i < r->nr_vms; i++)
		all[nr++] = (struct named){ r->vms[i].name, "vm" };
	for (i = 0; i < r->nr_tasks; i++)
		all[nr++] = (struct named){ r->tasks[i].name, "task" };
	for (i = 0; i < nr; i++)
		for (j = 0; j < i; j++)
			if (!unique(b, all[i].name, all[i].kind, all[j].name,
				    all[j].kind))
				return false;
	return true;
}

/* ---- processes and their maps ---- */

static bool valid_map_size(struct race_build *b, struct race_region *r)
{
	char have[24];

	if (!r->bytes.v || r->bytes.v % RACE_PAGE_SIZE)
		return race_fail(b, r->bytes.loc,
				 "map of %s bytes, expected a multiple of 4K",
				 size_text(have, r->bytes.v));
	if (r->bytes.v > RACE_MAX_MEMORY)
		return race_fail(b, r->bytes.loc,
				 "map of %s, expected at most 1T",
				 size_text(have, r->bytes.v));
	if (r->populated && r->bytes.v > RACE_MAX_POPULATED)
		return race_fail(b, r->bytes.loc,
				 "populated map of %s, expected at most 64M",
				 size_text(have, r->bytes.v));
	if (!r->addr_given)
		return true;
	if (r->addr.v % RACE_PAGE_SIZE)
		return race_fail(b, r->addr.loc,
				 "address 0x%llx, expected a multiple of 4K",
				 (ull)r->addr.v);
	if (r->addr.v < ADDR_MIN || r->addr.v > RACE_MAX_ADDR - r->bytes.v)
		return race_fail(b, r->addr.loc,
				 "address 0x%llx, expected the map to lie in 0x%llx to 0x%llx",
				 (ull)r->addr.v, ADDR_MIN, RACE_MAX_ADDR);
	return true;
}

static bool overlaps(const struct race_region *a, const struct race_region *z)
{
	return a->process == z->process &&
	       a->addr.v < z->addr.v + z->bytes.v &&
	       z->addr.v < a->addr.v + a->bytes.v;
}

/* Move past whatever is in the way, one block apart, until nothing is. */
static bool choose_addr(struct race_build *b, uint32_t index)
{
	struct race_region *r = &b->race->regions[index], *o;
	uint64_t end;
	uint32_t i;

	r->addr.v = ADDR_FIRST;
	for (i = 0; i < b->race->nr_regions; i++) {
		o = &b->race->regions[i];
		if (o == r || (i > index && !o->addr_given) || !overlaps(r, o))
			continue;
		end = o->addr.v + o->bytes.v + 2 * RACE_BLOCK_SIZE - 1;
		r->addr.v = end - end % RACE_BLOCK_SIZE;
		i = UINT32_MAX;
	}
	if (r->addr.v <= RACE_MAX_ADDR - r->bytes.v)
		return true;
	return race_fail(b, r->name.loc,
			 "no room for map '%s' in 47 bits of addresses, "
			 "expected other 'at' addresses",
			 r->name.s);
}

/* Memory that maps with a placement of @zone may fill. */
static uint64_t zone_room(const struct race_machine *m, enum race_zone zone)
{
	switch (zone) {
	case RACE_ZONE_CMA:
		return m->cma.v;
	case RACE_ZONE_NORMAL:
		return m->normal.v -
		       (m->cma_in == RACE_ZONE_NORMAL ? m->cma.v : 0);
	case RACE_ZONE_MOVABLE:
		return m->movable.v -
		       (m->cma_in == RACE_ZONE_MOVABLE ? m->cma.v : 0);
	default:
		return m->normal.v + m->movable.v;
	}
}

/* A map that cannot be touched to its end would make a race about OOM. */
static bool valid_room(struct race_build *b)
{
	uint64_t used[4] = { 0 };
	struct race_region *r;
	char have[24], want[24];
	uint32_t i;

	for (i = 0; i < b->race->nr_regions; i++) {
		r = &b->race->regions[i];
		used[r->placement] += r->bytes.v;
		if (used[r->placement] <= zone_room(&b->race->machine,
						    r->placement))
			continue;
		return race_fail(b, r->bytes.loc,
				 "maps of %s in %s memory, expected at most %s",
				 size_text(have, used[r->placement]),
				 r->placement ? race_zone_name(r->placement) :
				 "any", size_text(want,
				 zone_room(&b->race->machine, r->placement)));
	}
	return true;
}

/* Before it, so that nobody is his own ancestor. */
static bool find_parent(struct race_build *b, uint32_t index)
{
	struct race_process *p = &b->race->processes[index];

	if (!p->parent_name.s)
		return true;
	if (race_find_process(b->race, p->parent_name.s, &p->parent) && p->parent < index)
		return true;
	return race_fail(b, p->parent_name.loc,
			 "process '%s' of '%s', expected a process above it",
			 p->name.s, p->parent_name.s);
}

/**
 * race_is_family - does a process have the maps of another?
 * @race: the race
 * @process: index of the one
 * @of: index of the other
 *
 * Return: true if it is that one, or a child of it, or of a child.
 */
bool race_is_family(const struct race *race, uint32_t process, uint32_t of)
{
	while (process != of && process != RACE_NO_PROCESS)
		process = race->processes[process].parent;
	return process == of;
}

/**
 * race_valid_processes - check processes and maps, choose addresses
 * @b: the parse
 *
 * Return: false when the parse has failed.
 */
bool race_valid_processes(struct race_build *b)
{
	struct race *race = b->race;
	uint32_t i, j;

	for (i = 0; i < race->nr_processes; i++)
		if (!find_parent(b, i))
			return false;
	for (i = 0; i < race->nr_regions; i++)
		if (!valid_map_size(b, &race->regions[i]))
			return false;
	for (i = 0; i < race->nr_regions; i++) {
		struct race_region *r = &race->regions[i];

		for (j = 0; r->addr_given && j < i; j++)
			if (race->regions[j].addr_given &&
			    overlaps(r, &race->regions[j]))
				return race_fail(b, r->addr.loc,
						 "map '%s' overlaps map '%s', "
						 "expected a free address",
						 r->name.s,
						 race->regions[j].name.s);
	}
	for (i = 0; i < race->nr_regions; i++)
		if (!race->regions[i].addr_given && !choose_addr(b, i))
			return false;
	return valid_room(b);
}
