/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mapped-unpinned: a present leaf SPTE of an SEV VM whose page no hook of that
 * VM holds.  Migration may move the page, and a guest's encrypted
 * page does not survive that.  The zero page is nobody's and never moves: a pin
 * of it is nothing (A.11), so the lack of one is not told.
 *
 * Looks when mmu_lock is released, at the SPTEs that the releasing task wrote
 * under it: between two lines of one function a design may be halfway.
 */
#include <inttypes.h>

#include "fakes/kvm/probe.h"
#include "mmu/probe.h"
#include "pin/probe.h"
#include "sim/check/check_private.h"

#define MAX_WRITTEN	64

static bool must_pin(unsigned int vm, uint64_t gfn)
{
	const struct pin_probe *probe = pin_probe_of(vm);
	struct probe_vm info;

	/* Plain KVM promises nothing. */
	if (!probe || !probe_vm(vm, &info) || !info.sev)
		return false;
	return !probe->must_pin || probe->must_pin(vm, gfn);
}

/* It may have been zapped again before the lock was released. */
static bool still_there(unsigned int vm, const struct probe_spte *spte)
{
	struct probe_spte now;

	return probe_spte(vm, spte->role, spte->gfn, &now) && now.pfn == spte->pfn;
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct probe_spte written[MAX_WRITTEN];
	struct check_words w;
	unsigned int vm, n;

	if (rec->task < 0 || !is_unlock_of(rec, CHECK_UNLOCKS_OF))
		return false;
	n = probe_spte_written((unsigned int)rec->task, &vm, written, MAX_WRITTEN);
	for (unsigned int i = 0; i < n && i < MAX_WRITTEN; i++) {
		const struct probe_spte *s = &written[i];

		if (!must_pin(vm, s->gfn) || !still_there(vm, s))
			continue;
		if (is_zero_page(s->pfn) || page_held_by_vm(s->pfn, vm, 0))
			continue;
		return check_say(ret, rec, OBJ_SPTE_OF(vm, s->role, s->gfn),
				 "%s maps gfn 0x%" PRIx64 " of %s to %s and"
				 " releases mmu_lock, and no hook holds that page",
				 say_task(ctx, rec->task, &w), s->gfn,
				 say_other(ctx, SIM_OBJ(OBJ_VM, vm), &w),
				 say_obj(ctx, OBJ_PAGE_OF(s->pfn), &w));
	}
	return false;
}

const struct check check_mapped_unpinned = {
	.id = "mapped-unpinned",
	.never = "a present leaf SPTE of an SEV VM is without its pin",
	.verbs = CHECK_VERB(UNLOCK),
	.look = look,
};
