/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking folios off the LRU and putting them back: mm/vmscan.c, v6.12:
 * folio_isolate_lru(), folio_putback_lru().  NR_ISOLATED is the callers'
 * business (A.22). Reclaim itself is not modelled.
 */
#include "fakes/mm/internal.h"

#undef folio_isolate_lru
#undef folio_isolate_lru_bool
#undef folio_putback_lru

/**
 * folio_isolate_lru_bool() - take a folio off the LRU (C.9).
 * @folio: folio on which the caller has a reference
 *
 * Context: any. One step.
 * Return: true with one reference more, false if it was not on the LRU.
 */
bool folio_isolate_lru_bool(struct folio *folio)
{
	const char *site = sim_site();

	sim_step(SIM_ISOLATE, OBJ_OF_FOLIO(folio), site);
	VM_BUG_ON_FOLIO(!page_ref_in_use(&folio->page) && !folio_ref_count(folio), folio);
	if (fault_hit(FAULT_FOLIO_ISOLATE_LRU, site) || !folio_test_clear_lru(folio)) {
		sim_note(SIM_ISOLATE, OBJ_OF_FOLIO(folio), 0, page_ref_told(&folio->page), site);
		return false;
	}
	/* Whoever isolates does so for a migration, and migration or putback drops it. */
	page_ref_take_quiet(OWNER_OF_MIGRATION(), &folio->page, PAGE_REF_ISOLATE, 1, site);
	sim_note(SIM_ISOLATE, OBJ_OF_FOLIO(folio), 1, page_ref_told(&folio->page), site);
	return true;
}

/* As the running profile's kernel returns it: 0 or -EBUSY, or true or false. */
int folio_isolate_lru(struct folio *folio)
{
	bool isolated = folio_isolate_lru_bool(folio);

	if (kernel_profile()->isolate_returns_bool)
		return isolated;
	return isolated ? 0 : -EBUSY;
}

/**
 * folio_putback_lru() - give an isolated folio back (C.10).
 * @folio: isolated folio
 *
 * The batch takes its reference before the isolation's is dropped, so the count
 * ends as it was. Context: any.
 */
void folio_putback_lru(struct folio *folio)
{
	const char *site = sim_site();

	sim_note(SIM_PUTBACK, OBJ_OF_FOLIO(folio), 0, page_ref_told(&folio->page), site);
	folio_add_lru(folio);
	page_ref_drop(&folio->page, PAGE_REF_ISOLATE, 1, site);
}
