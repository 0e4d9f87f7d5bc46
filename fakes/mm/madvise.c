/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * madvise(2): mm/madvise.c, v6.12: madvise_walk_vmas(), madvise_vma_behavior(),
 * for MADV_DONTNEED (J.13), MADV_DONTFORK and MADV_DOFORK (J.11), MADV_PAGEOUT
 * (madvise_cold_or_pageout_pte_range(), J.9).
 *
 * Simpler than the kernel: anonymous and shared memory, which none of these may be
 * refused for; the accessed bit is cleared in one go, where MADV_PAGEOUT clears
 * the whole entry and sets it again.
 */
#include <linux/mmap_lock.h>
#include <linux/mm.h>
#include <linux/swap.h>

#include "fakes/mm/internal.h"

static int set_dontcopy(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			bool dontcopy)
{
	int ret = 0;

	if (!(vma->vm_flags & VM_DONTCOPY) == !dontcopy)
		return 0;
	if (start > vma->vm_start) {
		ret = split_vma(vma, start);
		vma = vma_lookup(vma->vm_mm, start);
	}
	if (!ret && end < vma->vm_end)
		ret = split_vma(vma, end);
	if (!ret)
		vma->vm_flags ^= VM_DONTCOPY;
	return ret;
}

/*
 * One page that is to be paged out. A kernel whose reclaim asks who has used it
 * forgets here that the caller has.
 */
static void isolate_for_pageout(struct vm_area_struct *vma, unsigned long addr, pte_t *pte,
				struct list_head *folio_list)
{
	struct folio *folio;
	pte_t entry = ptep_get(pte);

	if (!pte_present(entry) || pte_special(entry))
		return;
	folio = page_folio(pte_page(entry));
	/* Other processes' mappings are left alone. */
	if (!folio_test_lru(folio) || folio_mapcount(folio) != folio_nr_pages(folio))
		return;
	if (kernel_profile()->pageout_minds_references && pte_young(entry))
		ptep_clear_young(vma->vm_mm, addr, pte, __func__);
	folio_clear_referenced(folio);
	if (folio_test_active(folio))
		folio_set_workingset(folio);
	if (folio_isolate_lru_bool(folio))
		list_add(&folio->lru, folio_list);
}

static void pageout_table(struct vm_area_struct *vma, unsigned long addr, unsigned long end)
{
	LIST_HEAD(folio_list);
	spinlock_t *ptl;
	pte_t *pte;

	pte = pte_lookup_lock(vma->vm_mm, addr, &ptl, __func__);
	if (!pte)
		return;
	for (; addr < end; addr += PAGE_SIZE, pte++)
		isolate_for_pageout(vma, addr, pte, &folio_list);
	pte_unmap_unlock(pte, ptl);
	if (!list_empty(&folio_list))
		reclaim_pages(&folio_list);
}

/**
 * madvise_pageout() - MADV_PAGEOUT of a part of one VMA.
 * @vma: mapping
 * @start: first address
 * @end: first address behind
 *
 * Context: sleepable, mmap_lock held.
 */
void madvise_pageout(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	unsigned long next;

	lru_add_drain();
	for (; start < end; start = next) {
		next = pmd_addr_end(start, end);
		pageout_table(vma, start, next);
	}
}

static int advise_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		      int behavior)
{
	switch (behavior) {
	case MADV_DONTNEED:
		zap_page_range_single(vma, start, end - start, NULL);
		return 0;
	case MADV_PAGEOUT:
		madvise_pageout(vma, start, end);
		return 0;
	default:
		return set_dontcopy(vma, start, end, behavior == MADV_DONTFORK);
	}
}

/* Holes are passed over, and told of in the end. */
static int walk_vmas(struct mm_struct *mm, unsigned long start, unsigned long end, int behavior)
{
	struct vm_area_struct *vma;
	unsigned long next;
	int ret = 0, unmapped = 0;

	for (; !ret && start < end; start = next) {
		vma = vma_intersection(mm, start, end);
		if (!vma)
			return -ENOMEM;
		if (vma->vm_start > start) {
			unmapped = -ENOMEM;
			start = vma->vm_start;
		}
		next = min(vma->vm_end, end);
		ret = advise_vma(vma, start, next, behavior);
	}
	return ret ? ret : unmapped;
}

/**
 * vm_madvise() - madvise(2) of the running task.
 * @start: page-aligned
 * @len: bytes, rounded up to pages
 * @behavior: MADV_DONTNEED, MADV_PAGEOUT, MADV_DONTFORK or MADV_DOFORK
 *
 * Context: sleepable; takes mmap_lock, for reading if it is one of the first two.
 * Return: 0; -EINVAL for another advice or a bad range; -ENOMEM if a part is not
 * mapped (the rest was advised), or no memory is left.
 */
int vm_madvise(unsigned long start, size_t len, int behavior)
{
	bool reads = behavior == MADV_DONTNEED || behavior == MADV_PAGEOUT;
	struct mm_struct *mm = current->mm;
	int ret;

	if (!reads && behavior != MADV_DONTFORK && behavior != MADV_DOFORK)
		return -EINVAL;
	if (!IS_ALIGNED(start, PAGE_SIZE) || !access_ok_range(start, len))
		return -EINVAL;
	if (!len)
		return 0;
	if (reads)
		mmap_read_lock(mm);
	else
		mmap_write_lock(mm);
	ret = walk_vmas(mm, start, start + ALIGN(len, PAGE_SIZE), behavior);
	if (reads)
		mmap_read_unlock(mm);
	else
		mmap_write_unlock(mm);
	return ret;
}
