/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memlock-drift: a design's own counter of locked pages is not the sum of its
 * records (O.7, H-29, R-30, R-31).
 *
 * Looks when a hook is left and none is open any more: inside a hook the two
 * need not agree yet.
 */
#include <inttypes.h>

#include "fakes/kvm/probe.h"
#include "pin/probe.h"
#include "sim/check/check_private.h"

/* Return: true if the counter of @vm is wrong. */
static bool drifted(unsigned int vm, uint64_t *ret_counter, uint64_t *ret_records)
{
	const struct pin_probe *probe = pin_probe_of(vm);
	struct probe_vm info;

	if (!probe || !probe->locked || !probe_vm(vm, &info) || info.destroyed)
		return false;
	if (!probe->locked(vm, ret_counter, ret_records))
		return false;
	return *ret_counter != *ret_records;
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	unsigned int vm = (unsigned int)(SIM_OBJ_ID(rec->obj) >> 8) & 0xff;
	uint64_t counter, records;
	struct check_words w;

	if (rec->a != 1 || !drifted(vm, &counter, &records) || sim_hooks_open())
		return false;
	return check_say(ret, rec, SIM_OBJ(OBJ_VM, vm),
			 "%s counts %" PRIu64 " locked pages after the %s hook,"
				 " its records add up to %" PRIu64,
			 say_obj(ctx, SIM_OBJ(OBJ_VM, vm), &w), counter,
			 name_hook((unsigned int)(SIM_OBJ_ID(rec->obj) >> 16)), records);
}

static bool at_end(const struct check_ctx *ctx, enum check_end when,
		   struct violation *ret)
{
	struct check_words w;

	if (when != CHECK_END_DONE)
		return false;
	for (unsigned int vm = 0; vm < probe_nr_vms(); vm++) {
		uint64_t counter, records;

		if (drifted(vm, &counter, &records))
			return check_say_at_end(ret, SIM_OBJ(OBJ_VM, vm),
				"%s ends with %" PRIu64 " locked pages counted,"
			" its records add up to %" PRIu64,
				say_obj(ctx, SIM_OBJ(OBJ_VM, vm), &w), counter, records);
	}
	return false;
}

const struct check check_memlock_drift = {
	.id = "memlock-drift",
	.never = "a design's counter of locked pages is not the sum of its records",
	.verbs = CHECK_VERB(HOOK),
	.look = look,
	.at_end = at_end,
};
