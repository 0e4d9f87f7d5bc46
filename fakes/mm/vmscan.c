/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking folios off the LRU and putting them back: mm/vmscan.c, v6.12:
 * folio_isolate_lru(), folio_putback_lru().  NR_ISOLATED is the callers'
 * business (A.22).
 *
 * Reclaim of folios that are isolated (J.9, J.10): reclaim_pages(),
 * shrink_folio_list(), folio_check_references(), pageout(), __remove_mapping().
 * Who asks for it is MADV_PAGEOUT (madvise.c); there is no kswapd, and an
 * allocation that finds no memory does not reclaim.
 *
 * Simpler than the kernel: the disk is done with a write before submit_bio()
 * returns (swap_state.c), so that one pass both writes and frees; the folio is
 * under writeback and unlocked between two steps only. A folio of a file is
 * unmapped, and then stays in its cache, as if there were no room for it anywhere.
 * No MADV_FREE, no demotion, no memory cgroup.
 */
#include <linux/list.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "fakes/mm/swap_internal.h"

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

enum folio_references {
	FOLIOREF_RECLAIM,
	FOLIOREF_KEEP,
	FOLIOREF_ACTIVATE,
};

/* Anonymous memory; what was used once stays where it is, on the second time for long. */
static enum folio_references folio_check_references(struct folio *folio)
{
	int ptes = folio_referenced(folio);
	bool before = folio_test_clear_referenced(folio);

	if (!ptes)
		return FOLIOREF_RECLAIM;
	folio_set_referenced(folio);
	return before || ptes > 1 ? FOLIOREF_ACTIVATE : FOLIOREF_KEEP;
}

/* What becomes of a folio that reclaim looks at. */
enum shrink {
	SHRINK_KEEP,
	SHRINK_KEEP_LOCKED,
	SHRINK_ACTIVATE_LOCKED,
	SHRINK_FREED,
};

/* Is there anybody but its isolation and the swap cache? */
static bool is_page_cache_freeable(struct folio *folio)
{
	return !page_ref_cmp(&folio->page, 1 + folio_nr_pages(folio));
}

/* The folio's contents go to its slot. It is unlocked meanwhile. */
static void swap_writepage(struct folio *folio)
{
	swp_entry_t entry = { folio->swap };

	folio_set_writeback(folio);
	folio_unlock(folio);
	sim_step2(SIM_COPY, OBJ_OF_FOLIO(folio), -1, 0, __func__);
	swap_slot_of(entry)->contents = *page_contents(folio_pfn(folio));
	folio_end_writeback(folio);
}

/* Return: SHRINK_FREED: it is clean, and locked; else what becomes of it. */
static enum shrink pageout(struct folio *folio)
{
	if (!is_page_cache_freeable(folio))
		return SHRINK_KEEP_LOCKED;
	folio_clear_dirty(folio);
	swap_writepage(folio);
	if (folio_test_dirty(folio) || !folio_trylock(folio))
		return SHRINK_KEEP;
	if (folio_test_dirty(folio) || folio_test_writeback(folio) ||
	    !folio_test_swapcache(folio))
		return SHRINK_KEEP_LOCKED;
	return SHRINK_FREED;
}

/*
 * The point of no return: nobody but the cache and the isolation has it (J.9).
 * Return: true: it is out of the cache, frozen and nobody's.
 */
static bool __remove_mapping(struct folio *folio)
{
	swp_entry_t entry = { folio->swap };
	int refcount = 1 + folio_nr_pages(folio);

	if (!page_ref_freeze(&folio->page, refcount))
		return false;
	if (folio_test_dirty(folio)) {
		page_ref_unfreeze(&folio->page, refcount);
		return false;
	}
	__delete_from_swap_cache(folio, entry);
	put_swap_folio(folio, entry);
	page_ref_forget(&folio->page, PAGE_REF_CACHE, __func__);
	page_ref_forget(&folio->page, PAGE_REF_ISOLATE, __func__);
	return true;
}

/* Into the swap cache, if it is not there. Return: SHRINK_FREED: go on. */
static enum shrink prepare_swap(struct folio *folio)
{
	if (folio_test_swapcache(folio) || !folio_test_anon(folio))
		return SHRINK_FREED;
	if (folio_maybe_dma_pinned(folio))
		return SHRINK_KEEP_LOCKED;
	return add_to_swap(folio) ? SHRINK_FREED : SHRINK_ACTIVATE_LOCKED;
}

/* One locked folio. */
static enum shrink shrink_folio(struct folio *folio, bool ignore_references)
{
	enum folio_references references = FOLIOREF_RECLAIM;
	enum shrink next;

	if (!ignore_references)
		references = folio_check_references(folio);
	if (references != FOLIOREF_RECLAIM)
		return references == FOLIOREF_KEEP ? SHRINK_KEEP_LOCKED : SHRINK_ACTIVATE_LOCKED;
	next = prepare_swap(folio);
	if (next != SHRINK_FREED)
		return next;
	if (folio_mapped(folio)) {
		try_to_unmap(folio);
		if (folio_mapped(folio))
			return SHRINK_ACTIVATE_LOCKED;
	}
	/* Nobody can pin it any more. */
	if (kernel_profile()->reclaim_asks_again && folio_maybe_dma_pinned(folio))
		return SHRINK_ACTIVATE_LOCKED;
	/* shmem_writepage() is not modelled: the page stays in the cache. */
	if (!folio_test_anon(folio))
		return SHRINK_KEEP_LOCKED;
	if (folio_test_dirty(folio)) {
		next = pageout(folio);
		if (next != SHRINK_FREED)
			return next;
	}
	return __remove_mapping(folio) ? SHRINK_FREED : SHRINK_KEEP_LOCKED;
}

static enum shrink shrink_one(struct folio *folio, bool ignore_references)
{
	enum shrink what;

	if (!folio_trylock(folio))
		return SHRINK_KEEP;
	what = shrink_folio(folio, ignore_references);
	if (what == SHRINK_ACTIVATE_LOCKED)
		folio_set_active(folio);
	if (what != SHRINK_KEEP)
		folio_unlock(folio);
	return what;
}

/**
 * shrink_folio_list() - give up as many folios as will go.
 * @folio_list: isolated folios; those that stay are left on it
 * @ignore_references: do not ask who has used them
 *
 * Context: sleepable. Return: how many were freed.
 */
static unsigned int shrink_folio_list(struct list_head *folio_list, bool ignore_references)
{
	unsigned int nr_reclaimed = 0;
	LIST_HEAD(ret_folios);
	struct folio *folio;

	while (!list_empty(folio_list)) {
		folio = list_last_entry(folio_list, struct folio, lru);
		list_del(&folio->lru);
		if (shrink_one(folio, ignore_references) != SHRINK_FREED) {
			list_add(&folio->lru, &ret_folios);
			continue;
		}
		nr_reclaimed++;
		folio_free(folio, __func__);
	}
	list_splice(&ret_folios, folio_list);
	return nr_reclaimed;
}

/**
 * reclaim_pages() - MADV_PAGEOUT's half: reclaim of what was isolated.
 * @folio_list: folios with an isolation's reference each; empty afterwards
 *
 * Context: sleepable. Return: how many were freed.
 */
unsigned long reclaim_pages(struct list_head *folio_list)
{
	bool ignore_references = !kernel_profile()->pageout_minds_references;
	unsigned long nr_reclaimed;
	struct folio *folio;

	list_for_each_entry(folio, folio_list, lru)
		folio_clear_active(folio);
	nr_reclaimed = shrink_folio_list(folio_list, ignore_references);
	while (!list_empty(folio_list)) {
		folio = list_last_entry(folio_list, struct folio, lru);
		list_del(&folio->lru);
		(folio_putback_lru)(folio);
	}
	return nr_reclaimed;
}
