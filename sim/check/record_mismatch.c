/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record-mismatch: a design has written down that it holds a page, and the
 * ledger knows no reference of its hooks for that, or more of them than there
 * are records (H-54, K.15).
 *
 * FOLL_PIN of the zero page is no reference at all, and needs none (A.11).
 *
 * Looks when a hook is left or mmu_lock is released, and only while no hook is
 * open on any task: inside one the two need not agree yet.  Whichever hook is
 * left last is looked at, so nothing is missed by waiting.
 */
#include <inttypes.h>

#include "fakes/kvm/probe.h"
#include "mmu/probe.h"
#include "pin/probe.h"
#include "sim/check/check_private.h"

/* How many records of @vm say what @like says: this page, held like this. */
static uint32_t records_like(const struct pin_probe *probe, unsigned int vm,
			     const struct pin_record *like)
{
	struct pin_record r;
	uint64_t cursor = 0;
	uint32_t n = 0;

	while (probe->next(vm, &cursor, &r))
		n += r.pfn == like->pfn && r.is_pin == like->is_pin;
	return n;
}

static bool wrong_record(const struct pin_probe *probe, unsigned int vm,
			 const struct pin_record *r, uint32_t *ret_held, uint32_t *ret_said)
{
	if (r->is_pin && is_zero_page(r->pfn))
		return false;
	*ret_held = page_held_by_vm(r->pfn, vm, r->is_pin ? PAGE_REF_PIN : PAGE_REF_GET);
	/* The common case needs no second walk over the records. */
	*ret_said = *ret_held == 1 ? 1 : records_like(probe, vm, r);
	return *ret_held != *ret_said;
}

static bool look_at_vm(const struct check_ctx *ctx, const struct sim_record *rec,
		       unsigned int vm, struct violation *ret)
{
	const struct pin_probe *probe = pin_probe_of(vm);
	struct pin_record r;
	struct check_words w;
	uint64_t cursor = 0;

	if (!probe || !probe->next)
		return false;
	while (probe->next(vm, &cursor, &r)) {
		uint32_t held, said;

		if (!wrong_record(probe, vm, &r, &held, &said))
			continue;
		return check_say(ret, rec, OBJ_PAGE_OF(r.pfn),
				 "%s has %" PRIu32 " record%s of a %s reference on %s,"
				 " its hooks hold %" PRIu32,
				 say_other(ctx, SIM_OBJ(OBJ_VM, vm), &w), said,
				 said == 1 ? "" : "s", r.is_pin ? "FOLL_PIN" : "plain",
				 say_obj(ctx, OBJ_PAGE_OF(r.pfn), &w), held);
	}
	return false;
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct probe_spte written;
	unsigned int vm;

	if (rec->verb == SIM_HOOK) {
		if (rec->a != 1)
			return false;
		vm = (unsigned int)(SIM_OBJ_ID(rec->obj) >> 8) & 0xff;
	} else {
		if (rec->task < 0 || !is_unlock_of(rec, CHECK_UNLOCKS_OF))
			return false;
		/* Who wrote no SPTE there ran no hook there. */
		if (!probe_spte_written((unsigned int)rec->task, &vm, &written, 1))
			return false;
	}
	return look_at_vm(ctx, rec, vm, ret) && !sim_hooks_open();
}

const struct check check_record_mismatch = {
	.id = "record-mismatch",
	.never = "a design's record stands without exactly one owned reference on its page",
	.verbs = CHECK_VERB(HOOK) | CHECK_VERB(UNLOCK),
	.look = look,
};
