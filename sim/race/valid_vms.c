/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May these VMs be built? Also what VMs, tasks and expectations share: finding
 * an object by its name, and checking a range of pages.
 */
#include <string.h>

#include "sim/race/build.h"

typedef unsigned long long ull;

/**
 * race_find_process - look a process up
 * @race: the race
 * @name: its name
 * @ret_index: gets its index; untouched if there is none
 *
 * Return: whether there is one.
 */
bool race_find_process(const struct race *race, const char *name,
		       uint32_t *ret_index)
{
	uint32_t i;

	for (i = 0; i < race->nr_processes; i++) {
		if (strcmp(race->processes[i].name.s, name))
			continue;
		*ret_index = i;
		return true;
	}
	return false;
}

/**
 * race_find_vm - look a VM up
 * @race: the race
 * @name: its name
 * @ret_index: gets its index; untouched if there is none
 *
 * Return: whether there is one.
 */
bool race_find_vm(const struct race *race, const char *name,
		  uint32_t *ret_index)
{
	uint32_t i;

	for (i = 0; i < race->nr_vms; i++) {
		if (strcmp(race->vms[i].name.s, name))
			continue;
		*ret_index = i;
		return true;
	}
	return false;
}

/**
 * race_valid_range - find a range's region and check its pages
 * @b: the parse
 * @range: by name; gets its index
 *
 * Return: false when the parse has failed.
 */
bool race_valid_range(struct race_build *b, struct race_range *range)
{
	const struct race *race = b->race;
	uint64_t pages;
	uint32_t i;

	for (i = 0; i < race->nr_regions; i++)
		if (!strcmp(race->regions[i].name.s, range->name.s))
			break;
	if (i == race->nr_regions)
		return race_fail(b, range->name.loc,
				 "unknown map '%s', expected the name of a map",
				 range->name.s);
	range->region = i;
	pages = race->regions[i].bytes.v / RACE_PAGE_SIZE;
	if (range->whole) {
		range->last = pages - 1;
		range->whole = false;
	}
	if (range->last >= pages)
		return race_fail(b, range->name.loc,
				 "page %llu of map '%s', expected 0 to %llu",
				 (ull)range->last, range->name.s,
				 (ull)pages - 1);
	return true;
}

static bool valid_owner(struct race_build *b, struct race_vm *vm)
{
	const struct race *race = b->race;

	if (vm->owner_name.s) {
		if (race_find_process(race, vm->owner_name.s, &vm->owner))
			return race->processes[vm->owner].parent == RACE_NO_PROCESS ||
			       race_fail(b, vm->owner_name.loc,
					 "vm '%s' of the forked process '%s', "
					 "expected one that is there from the start",
					 vm->name.s, vm->owner_name.s);
		return race_fail(b, vm->owner_name.loc,
				 "unknown process '%s', expected the name of one",
				 vm->owner_name.s);
	}
	if (race->nr_processes == 1)
		return true;
	return race_fail(b, vm->name.loc,
			 "vm '%s' could belong to any of %u processes, expected 'owner'",
			 vm->name.s, race->nr_processes);
}

/* What the VM that @vm mirrors from the start has to be. */
static bool valid_mirror(struct race_build *b, struct race_vm *vm)
{
	const struct race *race = b->race;
	const struct race_name *of = &vm->context_of;

	if (!of->s)
		return true;
	if (vm->sev)
		return race_fail(b, of->loc,
				 "vm '%s' has 'sev' and 'copy_context', expected one of them",
				 vm->name.s);
	if (race_find_vm(race, of->s, &vm->mirrors) && &race->vms[vm->mirrors] < vm &&
	    race->vms[vm->mirrors].sev)
		return true;
	return race_fail(b, of->loc,
			 "copy_context of '%s', expected a vm with 'sev' that stands before '%s'",
			 of->s, vm->name.s);
}

static bool owned(struct race_build *b, const struct race_vm *vm,
		  struct race_range *range)
{
	const struct race *race = b->race;

	if (!race_valid_range(b, range))
		return false;
	if (race->regions[range->region].process == vm->owner)
		return true;
	return race_fail(b, range->name.loc,
			 "map '%s' belongs to another process, expected one of '%s'",
			 range->name.s, race->processes[vm->owner].name.s);
}

static uint64_t slot_end(const struct race_slot *slot)
{
	return slot->gfn.v + (slot->range.last - slot->range.first + 1);
}

static bool valid_slot(struct race_build *b, struct race_vm *vm, uint32_t index)
{
	struct race_slot *slot = &vm->slots[index], *o;
	uint32_t i;

	if (slot->id.v >= RACE_MAX_SLOTS)
		return race_fail(b, slot->id.loc,
				 "slot %llu, expected less than %d",
				 (ull)slot->id.v, RACE_MAX_SLOTS);
	if (!owned(b, vm, &slot->range))
		return false;
	if (slot->gfn.v >= RACE_MAX_GFN || slot_end(slot) > RACE_MAX_GFN)
		return race_fail(b, slot->gfn.loc,
				 "slot %llu ends beyond gfn 0x%llx, "
				 "expected 48 bits of guest memory",
				 (ull)slot->id.v, RACE_MAX_GFN);
	for (i = 0; i < index; i++) {
		o = &vm->slots[i];
		if (o->id.v == slot->id.v)
			return race_fail(b, slot->id.loc,
					 "second slot %llu in vm '%s', expected another number",
					 (ull)slot->id.v, vm->name.s);
		if (slot->gfn.v < slot_end(o) && o->gfn.v < slot_end(slot))
			return race_fail(b, slot->gfn.loc,
					 "slot %llu overlaps slot %llu, expected free gfns",
					 (ull)slot->id.v, (ull)o->id.v);
	}
	return true;
}

static bool valid_registered(struct race_build *b, struct race_vm *vm,
			     struct race_range *range)
{
	uint64_t pages;

	if (!owned(b, vm, range))
		return false;
	if (!vm->sev)
		return race_fail(b, range->name.loc,
				 "vm '%s' has nothing to register, expected a VM with 'sev'",
				 vm->name.s);
	pages = range->last - range->first + 1;
	if (pages > RACE_MAX_SPAN)
		return race_fail(b, range->name.loc,
				 "%llu pages, expected at most %d in one range",
				 (ull)pages, RACE_MAX_SPAN);
	return true;
}

/**
 * race_valid_vms - check VMs, find their owners
 * @b: the parse
 *
 * Return: false when the parse has failed.
 */
bool race_valid_vms(struct race_build *b)
{
	struct race *race = b->race;
	struct race_vm *vm;
	uint32_t i, j;

	for (i = 0; i < race->nr_vms; i++) {
		vm = &race->vms[i];
		if (!race->nr_processes)
			return race_fail(b, vm->name.loc,
					 "vm '%s' without a process, expected one in the race",
					 vm->name.s);
		if (!valid_owner(b, vm) || !valid_mirror(b, vm))
			return false;
		for (j = 0; j < vm->nr_slots; j++)
			if (!valid_slot(b, vm, j))
				return false;
		for (j = 0; j < vm->nr_registered; j++)
			if (!valid_registered(b, vm, &vm->registered[j]))
				return false;
	}
	return true;
}
