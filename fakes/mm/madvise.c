/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * madvise(2): mm/madvise.c, v6.12: madvise_walk_vmas(), madvise_vma_behavior(),
 * for MADV_DONTNEED (J.13), MADV_DONTFORK and MADV_DOFORK (J.11).
 *
 * Simpler than the kernel: anonymous private memory, which none of these may be
 * refused for.
 */
#include <linux/mmap_lock.h>
#include <linux/mm.h>

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

static int advise_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		      int behavior)
{
	if (behavior != MADV_DONTNEED)
		return set_dontcopy(vma, start, end, behavior == MADV_DONTFORK);
	zap_page_range_single(vma, start, end - start, NULL);
	return 0;
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
 * @behavior: MADV_DONTNEED, MADV_DONTFORK or MADV_DOFORK
 *
 * Context: sleepable; takes mmap_lock, for reading if it is MADV_DONTNEED.
 * Return: 0; -EINVAL for another advice or a bad range; -ENOMEM if a part is not
 * mapped (the rest was advised), or no memory is left.
 */
int vm_madvise(unsigned long start, size_t len, int behavior)
{
	bool reads = behavior == MADV_DONTNEED;
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
