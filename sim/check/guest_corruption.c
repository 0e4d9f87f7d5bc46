/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest-corruption: what an encrypted guest wrote cannot be read back, because
 * the page was moved to another physical address, or is gone while the guest can
 * still reach its address (O.10).
 *
 * A VMM that unmaps the memory, or shows its guest other memory, takes the address
 * away. One that says MADV_DONTNEED does not: the guest faults, and finds zeroes.
 * O.10 counts that as broken, by the owner's fault, and so does this; the races
 * say "without guest-corruption" to see what else there is.
 *
 * Looks when a guest accesses its memory, and at the end at all that a guest
 * ever wrote.
 */
#include <inttypes.h>

#include "fakes/kvm/probe.h"
#include "fakes/objects.h"
#include "fakes/sev/probe.h"
#include "mmu/probe.h"
#include "sim/check/check_private.h"

static const char *harm(enum probe_guest found)
{
	switch (found) {
	case PROBE_GUEST_GARBAGE:
		return "decrypts to garbage: the page was encrypted at another physical address";
	case PROBE_GUEST_LOST:
		return "is lost: another page stands there, and the VMM did not unmap it";
	case PROBE_GUEST_UNTOUCHED:
	case PROBE_GUEST_INTACT:
		break;
	}
	return NULL;
}

/* A read that found its SPTE gone was none: the page may be on its way just then. */
static bool was_read(sim_obj_t obj)
{
	struct probe_spte spte;

	return probe_spte(spte_vm(obj), spte_role(obj), spte_gfn(obj), &spte);
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;
	const char *what;

	if (SIM_OBJ_CLASS(rec->obj) != OBJ_SPTE)
		return false;
	/* By now a write has covered what it found; it said so if that was wrong. */
	if (rec->a)
		what = harm((enum probe_guest)rec->b);
	else if (was_read(rec->obj))
		what = harm(probe_guest(spte_vm(rec->obj), spte_gfn(rec->obj)));
	else
		what = NULL;
	if (!what)
		return false;
	return check_say(ret, rec, rec->obj, "what %s wrote at gfn 0x%" PRIx64 " %s",
			 say_other(ctx, SIM_OBJ(OBJ_VM, spte_vm(rec->obj)), &w),
			 spte_gfn(rec->obj), what);
}

static bool at_end(const struct check_ctx *ctx, enum check_end when,
		   struct violation *ret)
{
	struct check_words w;

	if (when != CHECK_END_DONE)
		return false;
	for (unsigned int vm = 0; vm < probe_nr_vms(); vm++) {
		struct probe_vm info;
		uint64_t gfn = 0;

		if (!probe_vm(vm, &info) || !info.sev || info.destroyed)
			continue;
		while ((gfn = probe_guest_next(vm, gfn)) != UINT64_MAX) {
			const char *what = harm(probe_guest(vm, gfn));

			if (what)
				return check_say_at_end(ret, OBJ_SPTE_OF(vm, 0, gfn),
					"what %s wrote at gfn 0x%" PRIx64 " %s",
					say_other(ctx, SIM_OBJ(OBJ_VM, vm), &w), gfn, what);
			gfn++;
		}
	}
	return false;
}

const struct check check_guest_corruption = {
	.id = "guest-corruption",
	.never = "an encrypted page is read elsewhere than it was written, or lost",
	.verbs = CHECK_VERB(ACCESS),
	.look = look,
	.at_end = at_end,
};
