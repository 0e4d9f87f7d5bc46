/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Needs of designs: see needs.h. There is one so far, private memory: a guest that
 * has it is of a kind of its own (SNP), which older kernels do not know, and whose
 * memory KVM lets nobody mirror, move or log.
 */
#include <stdio.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/explore/needs.h"

bool needs_kernel(const char *design, const char *kernel, char *ret_why, size_t size)
{
	const struct kernel_profile *p = kernel_profile_find(kernel);

	if (!(pin_design_traits(design) & PIN_PRIVATE_MEM) || !p || p->kvm_vm_types)
		return true;
	snprintf(ret_why, size, "the design needs guest_memfd, which kernel %s does not have",
		 kernel);
	return false;
}

static bool is_about_private(const struct race_stmt *s)
{
	return s->op == RACE_OP_PUNCH_HOLE || s->op == RACE_OP_MAKE_PRIVATE ||
	       s->op == RACE_OP_MAKE_SHARED;
}

/* Why KVM would refuse a statement about a guest with private memory, or NULL. */
static const char *refused(const struct race_stmt *s)
{
	switch (s->op) {
	case RACE_OP_LAUNCH_UPDATE:
	case RACE_OP_SEND_UPDATE:
	case RACE_OP_RECEIVE_UPDATE:
		return "launches, sends or receives memory by a command that is not for them";
	case RACE_OP_COPY_CONTEXT:
		return "has such a guest mirrored";
	case RACE_OP_MOVE_CONTEXT:
		return "has such a guest move to another VM";
	case RACE_OP_SLOT:
		if (s->change == RACE_SLOT_MOVE || s->change == RACE_SLOT_FLAGS ||
		    s->slot_flags)
			return "moves, logs or write-protects a slot of such a guest";
		return NULL;
	default:
		return NULL;
	}
}

static const char *vm_refused(const struct race_vm *vm)
{
	uint32_t i;

	if (vm->context_of.s)
		return "has such a guest mirrored";
	for (i = 0; vm->sev && i < vm->nr_slots; i++)
		if (vm->slots[i].flags)
			return "logs or write-protects a slot of such a guest";
	return NULL;
}

/* Of the race, its VMs first. */
static const char *first_refused(const struct race *race)
{
	const char *why = NULL;
	uint32_t i, k;

	for (i = 0; !why && i < race->nr_vms; i++)
		why = vm_refused(&race->vms[i]);
	for (i = 0; !why && i < race->nr_tasks; i++)
		for (k = 0; !why && k < race->tasks[i].nr_stmts; k++)
			why = refused(&race->tasks[i].stmts[k]);
	return why;
}

static bool speaks_of_private(const struct race *race)
{
	uint32_t i, k;

	for (i = 0; i < race->nr_tasks; i++)
		for (k = 0; k < race->tasks[i].nr_stmts; k++)
			if (is_about_private(&race->tasks[i].stmts[k]))
				return true;
	return false;
}

bool needs_race(const char *design, const struct race *race, char *ret_why, size_t size)
{
	const char *why;

	if (!(pin_design_traits(design) & PIN_PRIVATE_MEM)) {
		if (!speaks_of_private(race))
			return true;
		snprintf(ret_why, size, "the race is about memory of a guest_memfd, of which the "
			 "design's guests have none");
		return false;
	}
	why = first_refused(race);
	if (why)
		snprintf(ret_why, size, "the design's guests have private memory, and the race %s",
			 why);
	return !why;
}
