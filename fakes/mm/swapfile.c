/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The swap device and who needs its slots: mm/swapfile.c, v6.12:
 * folio_alloc_swap() (of mm/swap_slots.c), put_swap_folio(), swap_duplicate(),
 * swap_free_nr(), free_swap_and_cache_nr(), folio_free_swap().
 *
 * A slot is in use while PTEs name it (its count) or a folio in the swap cache
 * stands for it. What was written there is a tag, as what stands in a page
 * (fakes/mm/contents.h): a guest's ciphertext comes back as it was, wherever it
 * is read to.
 *
 * Simpler than the kernel: one device, the lowest free slot first, no clusters
 * and no per-CPU caches of slots; a count changes together with the PTE that it
 * counts, so si->lock is not taken; counts do not overflow (swap_duplicate() is
 * never refused); no swapoff, no zswap, no zeromap, no discard.
 */
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "fakes/mm/swap_internal.h"

#undef folio_alloc_swap
#undef folio_free_swap
#undef free_swap_and_cache

/**
 * build_swap() - make a swap device.
 * @bytes: its size; the first page is its header; 0 for none
 *
 * Context: host, once.
 */
void build_swap(u64 bytes)
{
	struct mm_world *mm = mm_world();
	u64 nr = bytes >> PAGE_SHIFT;

	if (!nr)
		return;
	mm->swap = sim_alloc(sizeof(*mm->swap) + nr * sizeof(mm->swap->slot[0]));
	mm->swap->nr = nr;
	mm->swapper_space = sim_alloc(sizeof(*mm->swapper_space));
}

struct swap_slot *swap_slot_of(swp_entry_t entry)
{
	return &mm_world()->swap->slot[swp_offset(entry)];
}

static bool slot_is_free(const struct swap_slot *slot)
{
	return !slot->count && !slot->has_cache;
}

/**
 * folio_alloc_swap() - a slot for a folio that is to be swapped out.
 * @folio: locked folio, not in the swap cache
 *
 * Context: any. One step.
 * Return: the slot, taken for the swap cache; an entry of 0 if there is none.
 */
swp_entry_t folio_alloc_swap(struct folio *folio)
{
	struct swap_info_struct *si = mm_world()->swap;
	const char *site = sim_site();
	swp_entry_t none = { 0 };
	u64 i;

	sim_step(SIM_ALLOC, OBJ_SWAP_OF(0), site);
	if (!si || fault_hit(FAULT_SWAP_SLOT, site))
		return none;
	for (i = 1; i < si->nr; i++)
		if (slot_is_free(&si->slot[i]))
			break;
	if (i >= si->nr)
		return none;
	si->slot[i].has_cache = true;
	sim_note(SIM_ALLOC, OBJ_SWAP_OF(i), folio_pfn(folio), 0, site);
	return swp_entry(SWP_DEVICE, i);
}

/* The swap cache does not need the slot any more. No step. */
void put_swap_folio(struct folio *folio, swp_entry_t entry)
{
	struct swap_slot *slot = swap_slot_of(entry);

	slot->has_cache = false;
	if (!slot->count)
		slot->contents = 0;
}

unsigned int swap_swapcount(swp_entry_t entry)
{
	return swap_slot_of(entry)->count;
}

/* One more PTE names the slot. Context: the table's lock; no step. Return: 0. */
int swap_duplicate(swp_entry_t entry)
{
	swap_slot_of(entry)->count++;
	return 0;
}

/* One PTE less. Context: as swap_duplicate(). */
void swap_free(swp_entry_t entry)
{
	struct swap_slot *slot = swap_slot_of(entry);

	BUG_ON(!slot->count);
	slot->count--;
	if (slot_is_free(slot))
		slot->contents = 0;
}

/**
 * folio_free_swap() - a folio leaves the swap cache if no PTE needs its slot.
 * @folio: locked folio
 *
 * Context: any; the caller has a reference. Two steps if it leaves.
 * Return: whether it did.
 */
bool folio_free_swap(struct folio *folio)
{
	swp_entry_t entry = { folio->swap };
	const char *site = sim_site();

	if (!folio_test_swapcache(folio) || folio_test_writeback(folio))
		return false;
	if (swap_swapcount(entry))
		return false;
	sim_step(SIM_FREE, OBJ_SWAP_OF(swp_offset(entry)), site);
	__delete_from_swap_cache(folio, entry);
	put_swap_folio(folio, entry);
	folio_set_dirty(folio);
	page_ref_drop_for(OWNER_OF_SWAP(entry), &folio->page, PAGE_REF_CACHE, 1, site);
	return true;
}

/**
 * free_swap_and_cache() - a swap entry was unmapped (J.13).
 * @entry: what the PTE was
 *
 * A folio that is left in the cache for nobody goes too, if its lock can be had
 * at once and nobody has it mapped; else reclaim finds it some time.
 *
 * Context: the table's lock held.
 */
void free_swap_and_cache(swp_entry_t entry)
{
	const char *site = sim_site();
	struct folio *folio;

	swap_free(entry);
	if (swap_swapcount(entry) || !swap_slot_of(entry)->folio)
		return;
	folio = (swap_cache_get_folio)(entry);
	if (!folio)
		return;
	sim_site_set(site);
	if ((folio_trylock)(folio)) {
		if (!folio_mapped(folio))
			(folio_free_swap)(folio);
		sim_site_set(site);
		(folio_unlock)(folio);
	}
	page_ref_drop(&folio->page, PAGE_REF_GET, 1, site);
}

bool swap_contents(u64 nr, u64 *ret_tag, u64 *ret_pfn)
{
	const struct swap_info_struct *si = mm_world()->swap;
	const struct swap_slot *slot = si && nr < si->nr ? &si->slot[nr] : NULL;

	if (!slot || slot_is_free(slot))
		return false;
	*ret_tag = slot->contents;
	*ret_pfn = U64_MAX;
	/* Who reads the slot would get the folio, once that has been read itself. */
	if (slot->folio && folio_test_uptodate(slot->folio)) {
		*ret_pfn = folio_pfn(slot->folio);
		*ret_tag = *page_contents(*ret_pfn);
	}
	return true;
}
