/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The swap cache: mm/swap_state.c, v6.12: add_to_swap(), add_to_swap_cache(),
 * __delete_from_swap_cache(), free_swap_cache(), swap_cache_get_folio(),
 * __read_swap_cache_async(); swap_read_folio() of mm/page_io.c.
 *
 * A folio in the cache has one reference more (A.3), and its slot's number in
 * ->swap. It is there from before it is unmapped until nobody's PTE names the
 * slot, or until reclaim has the last references to it: so whoever faults finds
 * the same folio, as long as there is one.
 *
 * Simpler than the kernel: the folio is put into the cache in the step that
 * takes the cache's reference, and found in the step that takes the finder's,
 * which the i_pages lock and folio_try_get()'s loop come to; no readahead: only
 * what was faulted on is read; the device is an ordinary disk (no
 * SWP_SYNCHRONOUS_IO, no SWP_STABLE_WRITES) that is done before submit_bio()
 * returns, so reading is one step, under the folio's lock.
 */
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/swap.h>

#include "fakes/mm/swap_internal.h"

#undef add_to_swap
#undef free_swap_cache
#undef swap_cache_get_folio

/* The cache's reference and the folio in the cache: part of the caller's step. */
static void add_to_swap_cache(struct folio *folio, swp_entry_t entry, const char *site)
{
	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	VM_BUG_ON_FOLIO(folio_test_swapcache(folio), folio);
	page_ref_take_quiet(OWNER_OF_SWAP(entry), &folio->page, PAGE_REF_CACHE, 1, site);
	folio_set_swapcache(folio);
	folio->swap = entry.val;
	swap_slot_of(entry)->folio = folio;
}

/**
 * __delete_from_swap_cache() - take a folio out of the swap cache.
 * @folio: locked folio that is there
 * @entry: its slot
 *
 * Context: part of the caller's step; its reference is the caller's to drop.
 */
void __delete_from_swap_cache(struct folio *folio, swp_entry_t entry)
{
	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	VM_BUG_ON_FOLIO(!folio_test_swapcache(folio), folio);
	swap_slot_of(entry)->folio = NULL;
	folio->swap = 0;
	folio_clear_swapcache(folio);
}

void swap_cache_replace(struct folio *old, struct folio *new)
{
	swp_entry_t entry = { old->swap };

	swap_slot_of(entry)->folio = new;
	new->swap = entry.val;
	folio_set_swapcache(new);
}

/* Whose the cache's reference to a folio is, in the ledger. */
sim_owner_t page_cache_owner(const struct folio *folio)
{
	swp_entry_t entry = { folio->swap };

	if (!folio_test_swapcache(folio))
		return SIM_OWNER(OWNER_FILE, folio->mapping->id);
	return OWNER_OF_SWAP(entry);
}

/**
 * add_to_swap() - give an anonymous folio a slot, and put it into the cache.
 * @folio: locked folio
 *
 * Dirty, so that it is written before it is given up.
 *
 * Context: any. Return: false if there is no slot, or no memory.
 */
bool add_to_swap(struct folio *folio)
{
	const char *site = sim_site();
	swp_entry_t entry;

	VM_BUG_ON_FOLIO(!folio_test_uptodate(folio), folio);
	entry = (folio_alloc_swap)(folio);
	if (!entry.val)
		return false;
	if (fault_hit(FAULT_SWAP_CACHE, site)) {
		put_swap_folio(folio, entry);
		return false;
	}
	sim_step(SIM_GET, OBJ_OF_FOLIO(folio), site);
	add_to_swap_cache(folio, entry, site);
	(folio_mark_dirty)(folio);
	return true;
}

/* Unmapped for good: the cache need not keep it, if its lock is free. */
void free_swap_cache(struct folio *folio)
{
	const char *site = sim_site();

	if (!folio_test_swapcache(folio) || folio_mapped(folio) || !(folio_trylock)(folio))
		return;
	(folio_free_swap)(folio);
	sim_site_set(site);
	(folio_unlock)(folio);
}

/**
 * swap_cache_get_folio() - the folio that stands for a slot.
 * @entry: the slot
 *
 * Context: any. One step. Return: the folio with a reference, or NULL.
 */
struct folio *swap_cache_get_folio(swp_entry_t entry)
{
	const char *site = sim_site();
	struct folio *folio;

	sim_step(SIM_READ, OBJ_SWAP_OF(swp_offset(entry)), site);
	folio = swap_slot_of(entry)->folio;
	if (folio)
		page_ref_take_quiet(sim_scope_owner(), &folio->page, PAGE_REF_GET, 1, site);
	return folio;
}

/* The device hands over what was written there: raw, wherever it goes. */
static void swap_read_folio(struct folio *folio, swp_entry_t entry)
{
	unsigned long pfn = folio_pfn(folio);

	sim_step2(SIM_COPY, OBJ_SWAP_OF(swp_offset(entry)), pfn, 0, __func__);
	*page_contents(pfn) = swap_slot_of(entry)->contents;
	folio_set_uptodate(folio);
}

/**
 * read_swap_cache() - the folio of a slot, read if it is not in the cache.
 * @entry: what a PTE named when the caller looked
 * @vma: where it was
 * @address: likewise
 *
 * Context: sleepable. (The kernel's read_swap_cache_async(), and swapin_readahead()
 * without the readahead.)
 * Return: the folio with a reference, perhaps locked by who reads it; NULL without
 * memory, or if the slot is nobody's any more.
 */
struct folio *read_swap_cache(swp_entry_t entry, struct vm_area_struct *vma,
			      unsigned long address)
{
	struct swap_slot *slot = swap_slot_of(entry);
	struct folio *new;

	new = vma_alloc_folio(GFP_HIGHUSER_MOVABLE, 0, vma, address);
	if (!new)
		return NULL;
	folio_lock(new);
	/* swapcache_prepare() */
	sim_step(SIM_CMPXCHG, OBJ_SWAP_OF(swp_offset(entry)), __func__);
	if (slot->has_cache || !slot->count || fault_hit(FAULT_SWAP_CACHE, __func__)) {
		folio_unlock(new);
		page_ref_drop(&new->page, PAGE_REF_ALLOC, 1, __func__);
		return swap_cache_get_folio(entry);
	}
	slot->has_cache = true;
	__folio_set_swapbacked(new);
	add_to_swap_cache(new, entry, __func__);
	page_ref_turn(sim_scope_owner(), &new->page, PAGE_REF_ALLOC, PAGE_REF_GET, __func__);
	folio_add_lru(new);
	swap_read_folio(new, entry);
	folio_unlock(new);
	return new;
}

/*
 * Context: sleepable; address spaces are gone. The kernel's reclaim would find
 * what is left; a race ends before that.
 */
void swap_cache_drain(void)
{
	struct swap_info_struct *si = mm_world()->swap;
	struct folio *folio;
	u64 i;

	for (i = 1; si && i < si->nr; i++) {
		if (!si->slot[i].folio)
			continue;
		folio = (swap_cache_get_folio)(swp_entry(SWP_DEVICE, i));
		if (!folio)
			continue;
		folio_lock(folio);
		folio_free_swap(folio);
		folio_unlock(folio);
		page_ref_drop(&folio->page, PAGE_REF_GET, 1, __func__);
	}
}
