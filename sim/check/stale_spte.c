/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stale-spte: an invalidation window closes and an SPTE still maps a page that
 * the owner's page table does not map at that address any more (O.3, H-35); or,
 * of private memory, one that its guest_memfd does not have there.
 *
 * No exemption for other open windows is needed: a window's start has zapped
 * its SPTEs before the PTE is cleared, and faults are refused until it closes.
 */
#include <inttypes.h>

#include "fakes/kvm/probe.h"
#include "fakes/mm/probe.h"
#include "mmu/probe.h"
#include "sim/check/check_private.h"

#define PAGE_BITS	12
#define NR_ROLES	4	/* TDP roots of a VM differ by role, below this */
#define FEW_PAGES	64	/* windows up to this are probed page by page */

struct stale {
	struct probe_spte spte;
	uint64_t hva;
	bool private;
};

static bool is_stale(unsigned int nr, const struct probe_vm *vm, const struct probe_slot *slot,
		     const struct probe_spte *spte, struct stale *ret)
{
	struct probe_pte pte;

	ret->spte = *spte;
	ret->hva = slot->userspace_addr + ((spte->gfn - slot->base_gfn) << PAGE_BITS);
	ret->private = probe_private(nr, spte->gfn);
	if (ret->private)
		return !probe_private_has(nr, spte->gfn, spte->pfn);
	if (!probe_pte(vm->owner, ret->hva, &pte) || pte.kind != PROBE_PTE_PRESENT)
		return true;
	return pte.pfn != spte->pfn;
}

/* Gfns [first, last) of a slot, probed one by one. */
static bool few(unsigned int nr, const struct probe_vm *vm, const struct probe_slot *slot,
		uint64_t first, uint64_t last, struct stale *ret)
{
	struct probe_spte spte;

	for (uint64_t gfn = first; gfn < last; gfn++) {
		for (unsigned int role = 0; role < NR_ROLES; role++) {
			if (probe_spte(nr, role, gfn, &spte) &&
			    is_stale(nr, vm, slot, &spte, ret))
				return true;
		}
	}
	return false;
}

/* The same by walking what is mapped: a window over a whole big slot. */
static bool many(unsigned int nr, const struct probe_vm *vm, const struct probe_slot *slot,
		 uint64_t first, uint64_t last, struct stale *ret)
{
	struct probe_spte spte;
	uint64_t cursor = 0;

	while (probe_spte_next(nr, &cursor, &spte)) {
		if (spte.gfn >= first && spte.gfn < last && is_stale(nr, vm, slot, &spte, ret))
			return true;
	}
	return false;
}

/* What of @slot lies in [start, end), as gfns. Return: false if nothing does. */
static bool overlap(const struct probe_slot *slot, uint64_t start, uint64_t end,
		    uint64_t *ret_first, uint64_t *ret_last)
{
	uint64_t from = slot->userspace_addr;
	uint64_t to = from + (slot->npages << PAGE_BITS);

	start = start > from ? start : from;
	end = end < to ? end : to;
	if (start >= end)
		return false;
	*ret_first = slot->base_gfn + ((start - from) >> PAGE_BITS);
	*ret_last = slot->base_gfn + ((end - from + (1 << PAGE_BITS) - 1) >> PAGE_BITS);
	return true;
}

static bool look_at_vm(unsigned int nr, const struct probe_vm *vm,
		       const struct sim_record *rec, struct stale *ret)
{
	struct probe_slot slot;

	for (unsigned int i = 0; probe_slot(nr, i, &slot); i++) {
		uint64_t first, last;

		if (!overlap(&slot, (uint64_t)rec->a, (uint64_t)rec->b, &first, &last))
			continue;
		if (last - first <= FEW_PAGES ? few(nr, vm, &slot, first, last, ret) :
						many(nr, vm, &slot, first, last, ret))
			return true;
	}
	return false;
}

/* Does the window concern this VM? */
static bool concerns(const struct sim_record *rec, unsigned int nr, const struct probe_vm *vm)
{
	switch (SIM_OBJ_CLASS(rec->obj)) {
	case OBJ_MM:
		return SIM_OBJ_ID(rec->obj) == vm->owner;
	case OBJ_VM:
		return SIM_OBJ_ID(rec->obj) == nr;
	default:
		return true;
	}
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;
	struct probe_vm vm;
	struct stale stale;

	for (unsigned int nr = 0; nr < probe_nr_vms(); nr++) {
		if (!probe_vm(nr, &vm) || vm.destroyed || !concerns(rec, nr, &vm))
			continue;
		if (!look_at_vm(nr, &vm, rec, &stale))
			continue;
		return check_say(ret, rec, OBJ_SPTE_OF(nr, stale.spte.role, stale.spte.gfn),
				 "the SPTE of gfn 0x%" PRIx64 " of %s still maps %s after %s's"
				 " invalidation of address 0x%" PRIx64 ", though %s",
				 stale.spte.gfn, say_other(ctx, SIM_OBJ(OBJ_VM, nr), &w),
				 say_obj(ctx, OBJ_PAGE_OF(stale.spte.pfn), &w),
				 say_task(ctx, rec->task, &w), stale.hva,
				 stale.private ? "its file has it not" : "no PTE does");
	}
	return false;
}

const struct check check_stale_spte = {
	.id = "stale-spte",
	.never = "an SPTE maps a page after its invalidation ended",
	.verbs = CHECK_VERB(NOTIFY_END),
	.look = look,
};
