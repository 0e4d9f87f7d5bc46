/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mremap(2) with MREMAP_MAYMOVE | MREMAP_FIXED, to an address of the same size:
 * mm/mremap.c, v6.12: mremap_to(), move_vma(), move_page_tables(), move_ptes();
 * copy_vma() of mm/vma.c (J.13).
 *
 * The entries move, with their references; the notifier is told that the old
 * range is unmapped. What was mapped at the new place is unmapped before.
 *
 * Simpler than the kernel: entries move one by one, never a table of them; the
 * new VMA is not merged with its neighbours; no accounting.
 */
#include <linux/mmap_lock.h>
#include <linux/mmu_notifier.h>
#include <linux/rmap.h>
#include <linux/slab.h>

#include "fakes/mm/internal.h"

/* One table of the old range, to one table of the new. */
static void move_ptes(struct mm_struct *mm, unsigned long old, unsigned long end,
		      unsigned long new)
{
	pte_t *old_pte, *new_pte, pte;
	spinlock_t *old_ptl, *new_ptl;

	old_pte = pte_lookup_lock(mm, old, &old_ptl, __func__);
	if (!old_pte)
		return;
	new_pte = pte_lookup(mm, new);
	new_ptl = pte_lockptr(mm, mm_find_pmd(mm, new));
	if (new_ptl != old_ptl)
		spin_lock_nested(new_ptl, SINGLE_DEPTH_NESTING);
	for (; old < end; old += PAGE_SIZE, new += PAGE_SIZE, old_pte++, new_pte++) {
		if (pte_none(ptep_get(old_pte)))
			continue;
		pte = ptep_get_and_clear(mm, old, old_pte);
		set_pte_at(mm, new, new_pte, pte);
	}
	if (new_ptl != old_ptl)
		spin_unlock(new_ptl);
	spin_unlock(old_ptl);
}

/* Return: 0, or -ENOMEM with a part of it moved. */
static int move_page_tables(struct mm_struct *mm, unsigned long old, unsigned long new,
			    unsigned long len)
{
	struct mmu_notifier_range range;
	unsigned long end = old + len, next, extent;
	int ret = 0;

	mmu_notifier_range_init(&range, MMU_NOTIFY_UNMAP, 0, mm, old, end);
	mmu_notifier_invalidate_range_start(&range);
	for (; !ret && old < end; old = next, new += extent) {
		next = pmd_addr_end(old, end);
		extent = min(next - old, pmd_addr_end(new, new + (end - old)) - new);
		next = old + extent;
		ret = pte_alloc_tables(mm, new);
		if (!ret)
			move_ptes(mm, old, next, new);
	}
	mmu_notifier_invalidate_range_end(&range);
	return ret;
}

/* The new VMA keeps the page offsets, so that rmap finds moved pages in it. */
static int move_vma(struct vm_area_struct *vma, unsigned long old, unsigned long new,
		    unsigned long len)
{
	struct vm_area_struct *to = vm_area_dup(vma);
	struct mm_struct *mm = vma->vm_mm;
	int ret;

	if (!to)
		return -ENOMEM;
	to->vm_start = new;
	to->vm_end = new + len;
	to->vm_pgoff = vma->anon_vma || vma->vm_file ? linear_page_index(vma, old) :
						       new >> PAGE_SHIFT;
	if (anon_vma_clone(to, vma)) {
		kfree(to);
		return -ENOMEM;
	}
	insert_vma(mm, to);
	vma_link_file(to, vma->vm_file);
	ret = move_page_tables(mm, old, new, len);
	if (ret) {
		/* What has moved goes back; its tables are there. */
		move_page_tables(mm, new, old, len);
		do_munmap(mm, new, len);
		return ret;
	}
	return do_munmap(mm, old, len);
}

/**
 * vm_mremap() - mremap(2) of the running task.
 * @old: first address
 * @len: bytes, whole pages, before and after
 * @new: where to
 *
 * Context: sleepable; takes mmap_lock for writing.
 * Return: 0; -EFAULT if @old is not mapped by one VMA; -EINVAL for ranges that
 * are none or overlap; -ENOMEM.
 */
int vm_mremap(unsigned long old, size_t len, unsigned long new)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int ret;

	if (!len || !IS_ALIGNED(old | new | len, PAGE_SIZE) || !access_ok_range(new, len) ||
	    (old < new + len && new < old + len))
		return -EINVAL;
	mmap_write_lock(mm);
	ret = vma_lookup(mm, old) ? do_munmap(mm, new, len) : -EFAULT;
	vma = vma_lookup(mm, old);
	if (!ret && old + len > vma->vm_end)
		ret = -EFAULT;
	if (!ret)
		ret = move_vma(vma, old, new, len);
	mmap_write_unlock(mm);
	return ret;
}
