/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unmapping: mm/memory.c and mm/mmu_gather.c, v6.12: zap_pte_range() and the
 * gather's delayed puts (J.13).
 *
 * Entries are cleared between a notifier's start and end; the references that
 * they held are dropped after the end, when the TLB is flushed.
 *
 * Simpler than the kernel: a full gather is one array, flushed in the middle
 * when full, as the kernel does with its last batch. At exit the batches are
 * not drained first.
 */
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "fakes/mm/internal.h"

#define GATHER_MAX	128

struct gather {
	struct mm_struct *mm;
	unsigned int nr;
	struct page *page[GATHER_MAX];
};

static void gather_flush(struct gather *tlb)
{
	unsigned int i;

	for (i = 0; i < tlb->nr; i++) {
		free_swap_cache(page_folio(tlb->page[i]));
		page_ref_drop_for(OWNER_OF_MM(tlb->mm), tlb->page[i], PAGE_REF_MAP, 1,
				  "tlb_finish_mmu");
	}
	tlb->nr = 0;
}

/*
 * Under the table's lock. A migration entry holds no reference: just forget it.
 * A swap entry counts for its slot.
 */
static void zap_pte(struct gather *tlb, struct vm_area_struct *vma, unsigned long addr,
		    pte_t *pte)
{
	struct page *page;
	pte_t old;

	if (pte_none(*pte))
		return;
	old = ptep_get_and_clear(vma->vm_mm, addr, pte);
	if (!pte_present(old) && !non_swap_entry(pte_to_swp_entry(old)))
		free_swap_and_cache(pte_to_swp_entry(old));
	if (!pte_present(old) || pte_special(old))
		return;
	page = pte_page(old);
	if (pte_dirty(old))
		SetPageDirty(page);
	if (!PageAnon(page) && pte_young(old))
		mark_page_accessed(page);
	folio_remove_rmap_pte(page_folio(page), page, vma);
	tlb->page[tlb->nr++] = page;
}

static bool table_is_empty(pte_t *pte, unsigned long nr)
{
	for (; nr; nr--)
		if (!pte_none(*pte++))
			return false;
	return true;
}

static bool table_is_busy(struct mm_struct *mm, unsigned long addr)
{
	return sim_lock_is_locked(&pte_lockptr(mm, mm_find_pmd(mm, addr))->lock);
}

static void zap_pte_range(struct gather *tlb, struct vm_area_struct *vma, unsigned long addr,
			  unsigned long end)
{
	pte_t *pte = pte_lookup(vma->vm_mm, addr);
	spinlock_t *ptl;

	/*
	 * Nothing mapped and mmap_lock held for writing, or only racing faults.
	 * But an entry is empty for a moment while somebody migrates its page,
	 * without mmap_lock: under the table's lock.
	 */
	if (!pte || (!table_is_busy(vma->vm_mm, addr) &&
		     table_is_empty(pte, (end - addr) >> PAGE_SHIFT)))
		return;
	pte = pte_lookup_lock(vma->vm_mm, addr, &ptl, __func__);
	for (; addr < end; addr += PAGE_SIZE, pte++) {
		zap_pte(tlb, vma, addr, pte);
		if (tlb->nr == GATHER_MAX) {
			spin_unlock(ptl);
			gather_flush(tlb);
			spin_lock(ptl);
		}
	}
	spin_unlock(ptl);
}

void unmap_vma_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		     int event)
{
	struct mmu_notifier_range range;
	unsigned long addr, next;
	struct gather tlb;

	tlb.mm = vma->vm_mm;
	tlb.nr = 0;
	mmu_notifier_range_init(&range, event, 0, vma->vm_mm, start, end);
	mmu_notifier_invalidate_range_start(&range);
	for (addr = start; addr < end; addr = next) {
		next = pmd_addr_end(addr, end);
		zap_pte_range(&tlb, vma, addr, next);
	}
	mmu_notifier_invalidate_range_end(&range);
	gather_flush(&tlb);
}

/**
 * zap_page_range_single() - MADV_DONTNEED's half: unmap a range of one VMA.
 * @vma: mapping
 * @address: first user address
 * @size: bytes
 * @details: NULL
 *
 * Context: sleepable, mmap_lock held.
 */
void zap_page_range_single(struct vm_area_struct *vma, unsigned long address,
			   unsigned long size, void *details)
{
	lru_add_drain();
	unmap_vma_range(vma, address, address + size, MMU_NOTIFY_CLEAR);
}
