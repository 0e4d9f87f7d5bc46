/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unmapping a folio for reclaim, and asking who has used it: mm/rmap.c, v6.12:
 * try_to_unmap(), try_to_unmap_one(), folio_referenced(),
 * folio_referenced_one().
 *
 * Each PTE of an anonymous folio becomes a swap entry that names its slot, and
 * keeps in a bit whether the page was exclusive; but if it was and may be
 * pinned, the PTE is put back (J.9). In v5.17 there is no such mark and nobody
 * asks: who pins a page between reclaim's question and here has lost it (H-11).
 *
 * Simpler than the kernel: one PTE for each VMA, found by its address; TLB
 * flushes are part of clearing an entry, never put off; no mlock, no MADV_FREE,
 * no hwpoison. As in migrate_rmap.c, clearing an entry and asking for pins are
 * one step.
 */
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "fakes/mm/internal.h"

/* Return: the entry for an anonymous page, or one of 0 if its PTE has to stay. */
static pte_t swap_pte_of(struct folio *folio)
{
	bool exclusive = PageAnonExclusive(&folio->page);
	swp_entry_t entry = { folio->swap };
	pte_t pte = swp_entry_to_pte(entry);

	VM_BUG_ON_FOLIO(!folio_test_swapcache(folio), folio);
	if (exclusive && folio_try_share_anon_rmap_pte(folio, &folio->page))
		return __pte(0);
	swap_duplicate(entry);
	return exclusive ? pte_swp_mkexclusive(pte) : pte;
}

/* A page of a file is found in its cache again: nothing is kept (J.10). */
static pte_t entry_for(struct folio *folio, pte_t pte, bool *ret_stays)
{
	pte_t swp = folio_test_anon(folio) ? swap_pte_of(folio) : __pte(0);

	*ret_stays = folio_test_anon(folio) && pte_none(swp);
	return *ret_stays ? pte : swp;
}

/* Under the table's lock. Return: false if the PTE was put back. */
static bool unmap_pte(struct folio *folio, struct vm_area_struct *vma, unsigned long address,
		      pte_t *ptep)
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t pte, entry;
	bool stays;

	pte = ptep_clear_flush(vma, address, ptep);
	if (pte_dirty(pte))
		folio_mark_dirty(folio);
	entry = entry_for(folio, pte, &stays);
	if (!pte_none(entry))
		set_pte_at(mm, address, ptep, entry);
	if (stays)
		return false;
	folio_remove_rmap_pte(folio, &folio->page, vma);
	page_ref_drop_for(OWNER_OF_MM(mm), &folio->page, PAGE_REF_MAP, 1, __func__);
	return true;
}

static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
			     unsigned long address, void *arg)
{
	struct mmu_notifier_range range;
	spinlock_t *ptl;
	bool ret = true;
	pte_t *ptep;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, vma->vm_mm, address,
				address + PAGE_SIZE);
	mmu_notifier_invalidate_range_start(&range);
	ptep = pte_lookup_mapping(folio, vma, address, &ptl, __func__);
	if (ptep) {
		ret = unmap_pte(folio, vma, address, ptep);
		pte_unmap_unlock(ptep, ptl);
	}
	mmu_notifier_invalidate_range_end(&range);
	return ret;
}

static int folio_not_mapped(struct folio *folio)
{
	return !folio_mapped(folio);
}

/**
 * try_to_unmap() - replace every PTE of a folio by a swap entry, or by nothing.
 * @folio: locked folio, of a file or in the swap cache
 *
 * Stops at the first PTE that has to stay; the caller sees by the mapcount
 * whether all are gone.
 *
 * Context: sleepable; takes the rmap lock, PTE locks.
 */
void try_to_unmap(struct folio *folio)
{
	struct rmap_walk_control rwc = {
		.rmap_one = try_to_unmap_one,
		.done = folio_not_mapped,
	};

	rmap_walk(folio, &rwc);
}

static bool folio_referenced_one(struct folio *folio, struct vm_area_struct *vma,
				 unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	bool young, guests;
	int *nr = arg;
	spinlock_t *ptl;
	pte_t *ptep;

	ptep = pte_lookup_mapping(folio, vma, address, &ptl, __func__);
	if (!ptep)
		return true;
	young = ptep_clear_young(mm, address, ptep, __func__);
	guests = mmu_notifier_clear_flush_young(mm, address, address + PAGE_SIZE);
	*nr += young || guests;
	pte_unmap_unlock(ptep, ptl);
	return true;
}

/**
 * folio_referenced() - how many PTEs have used a folio since this was last asked.
 * @folio: locked folio
 *
 * Guests count where their VMM has the page mapped (H.33).
 *
 * Context: sleepable; takes the rmap lock, PTE locks.
 * Return: their number.
 */
int folio_referenced(struct folio *folio)
{
	int nr = 0;
	struct rmap_walk_control rwc = {
		.arg = &nr,
		.rmap_one = folio_referenced_one,
	};

	rmap_walk(folio, &rwc);
	return nr;
}
