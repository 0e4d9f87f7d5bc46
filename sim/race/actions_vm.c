/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parser does with what stands in a VM's braces: the last VM's, always.
 */
#include "sim/race/build.h"

static struct race_vm *last_vm(struct race_build *b)
{
	return &b->race->vms[b->race->nr_vms - 1];
}

/**
 * race_slot_new - append a memslot to the last VM
 * @b: the parse
 * @id: its number
 * @gfn: its first guest frame
 * @range: what backs it
 * @flags: RACE_SLOT_*
 *
 * Return: false when the parse has failed.
 */
bool race_slot_new(struct race_build *b, struct race_num id,
		   struct race_num gfn, const struct race_range *range,
		   uint32_t flags)
{
	struct race_vm *vm = last_vm(b);
	struct race_slot *slot;

	if (vm->nr_slots >= RACE_MAX_SLOTS)
		return race_fail(b, id.loc,
				 "too many slots, expected at most %d in a VM",
				 RACE_MAX_SLOTS);
	slot = race_push(b, vm->slots, vm->nr_slots);
	if (!slot)
		return false;
	slot->id = id;
	slot->gfn = gfn;
	slot->range = *range;
	slot->flags = flags;
	return true;
}

/**
 * race_set_sev - the last VM becomes an SEV guest, its slots being older
 * @b: the parse
 * @loc: the word "sev"
 *
 * Return: false when the parse has failed.
 */
bool race_set_sev(struct race_build *b, struct race_loc loc)
{
	struct race_vm *vm = last_vm(b);

	if (!race_once(b, loc, vm->sev, "sev"))
		return false;
	vm->sev = true;
	vm->sev_after = vm->nr_slots;
	return true;
}

/**
 * race_set_no_vcpus - the last VM has no vCPU before a task runs one
 * @b: the parse
 * @loc: the word "vcpus"
 *
 * Return: false when the parse has failed.
 */
bool race_set_no_vcpus(struct race_build *b, struct race_loc loc)
{
	struct race_vm *vm = last_vm(b);

	if (!race_once(b, loc, vm->no_vcpus, "vcpus"))
		return false;
	vm->no_vcpus = true;
	return true;
}

/**
 * race_set_mirror - the last VM mirrors another's guest, its slots being older
 * @b: the parse
 * @loc: the word "copy_context"
 * @of: the other VM
 *
 * Return: false when the parse has failed.
 */
bool race_set_mirror(struct race_build *b, struct race_loc loc, struct race_name of)
{
	struct race_vm *vm = last_vm(b);

	if (!race_once(b, loc, vm->context_of.s, "copy_context"))
		return false;
	vm->context_of = of;
	vm->sev_after = vm->nr_slots;
	return true;
}

/**
 * race_registered_new - append a range that is registered at build
 * @b: the parse
 * @range: the pages
 *
 * Return: false when the parse has failed.
 */
bool race_registered_new(struct race_build *b, const struct race_range *range)
{
	struct race_vm *vm = last_vm(b);
	struct race_range *p;

	if (vm->nr_registered >= RACE_MAX_REGISTERED)
		return race_fail(b, range->name.loc,
				 "too many registered ranges, expected at most %d in a VM",
				 RACE_MAX_REGISTERED);
	p = race_push(b, vm->registered, vm->nr_registered);
	if (!p)
		return false;
	*p = *range;
	return true;
}
