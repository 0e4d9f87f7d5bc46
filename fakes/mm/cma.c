/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contiguous memory allocator: an area whose pages are lent to movable
 * allocations until somebody wants a run of them.
 *
 * Stands for, in mm/cma.c, v6.12: cma_alloc, cma_release, and the set-up of the
 * default area.
 *
 * Simpler than the kernel: one area, a bit for each page; finding and setting
 * bits is one step instead of a section under cma->lock.
 */
#include <linux/bitmap.h>
#include <linux/cma.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/page-isolation.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fakes/mm/cma_internal.h"
#include "fakes/mm/internal.h"

/**
 * struct cma - the area
 * @base_pfn: first frame
 * @count: frames
 * @mutex: one alloc_contig_range() at a time ("cma_mutex")
 * @used: a byte for each frame that is allocated or being tried
 */
struct cma {
	unsigned long base_pfn;
	unsigned long count;
	struct mutex mutex;
	u8 *used;
};

/**
 * cma_init_area() - make the machine's area.
 * @base_pfn: first frame, start of a pageblock of type MIGRATE_CMA
 * @count: frames; 0: no area
 *
 * Context: host, while the machine is built.
 */
void cma_init_area(unsigned long base_pfn, unsigned long count)
{
	struct cma *cma;
	unsigned long i;

	if (!count)
		return;
	cma = sim_alloc(sizeof(*cma));
	cma->base_pfn = base_pfn;
	cma->count = count;
	cma->used = sim_alloc(count);
	mutex_init_class(&cma->mutex, "cma_mutex", OBJ_PAGE_OF(base_pfn));
	sim_lock_order("cma_mutex", "folio_lock");
	mm_world()->cma = cma;
	/*
	 * All of the first block is taken in one step by some races, again and
	 * again: its descriptors are made here, once.
	 */
	for (i = 0; i < min(count, MAX_ORDER_NR_PAGES); i++)
		page_init_once(pfn_to_page(base_pfn + i));
}

struct cma *dev_get_cma_area(void)
{
	return mm_world()->cma;
}

unsigned long cma_get_base_pfn(const struct cma *cma)
{
	return cma->base_pfn;
}

unsigned long cma_get_pages(const struct cma *cma)
{
	return cma->count;
}

static bool range_is_unused(const struct cma *cma, unsigned long at, unsigned long count)
{
	return !memchr_inv(cma->used + at, 0, count);
}

static void mark_range(struct cma *cma, unsigned long at, unsigned long count, u8 used)
{
	memset(cma->used + at, used, count);
}

/* Reserve the first unused range from @at on. Return: where, or @cma->count. */
static unsigned long cma_reserve(struct cma *cma, unsigned long at, unsigned long count,
				 unsigned long step)
{
	sim_step(SIM_WRITE, OBJ_PAGE_OF(cma->base_pfn), __func__);
	for (; at + count <= cma->count; at += step) {
		if (range_is_unused(cma, at, count)) {
			mark_range(cma, at, count, 1);
			return at;
		}
	}
	return cma->count;
}

static void cma_clear(struct cma *cma, unsigned long at, unsigned long count)
{
	sim_step(SIM_WRITE, OBJ_PAGE_OF(cma->base_pfn), __func__);
	mark_range(cma, at, count, 0);
}

/* The loop over candidates (J.4): each is tried once. */
static struct page *cma_try_ranges(struct cma *cma, unsigned long count, unsigned long step)
{
	unsigned long at = 0, pfn;
	int ret;

	for (;;) {
		at = cma_reserve(cma, at, count, step);
		if (at == cma->count)
			return NULL;
		pfn = cma->base_pfn + at;
		mutex_lock(&cma->mutex);
		ret = alloc_contig_range(pfn, pfn + count, MIGRATE_CMA, GFP_KERNEL);
		mutex_unlock(&cma->mutex);
		if (!ret)
			return pfn_to_page(pfn);
		cma_clear(cma, at, count);
		if (ret != -EBUSY)
			return NULL;
		at += step;
	}
}

/* See include/linux/cma.h. */
struct page *cma_alloc(struct cma *cma, unsigned long count, unsigned int align, bool no_warn)
{
	struct probe_mm_counts *counts = mm_counts();
	struct page *page = NULL;
	sim_obj_t obj;

	if (!cma || !count || count > cma->count)
		return NULL;

	obj = OBJ_PAGE_OF(cma->base_pfn);
	sim_note(SIM_ENTER, obj, align, count, __func__);
	page = cma_try_ranges(cma, count, 1UL << align);
	if (page)
		sim_count(&counts->cma_allocated);
	else
		sim_count(&counts->cma_failed);
	sim_note(SIM_LEAVE, obj, page ? 0 : -ENOMEM, count, __func__);
	return page;
}

/**
 * cma_release() - give pages back to their area.
 * @cma: area
 * @pages: from cma_alloc()
 * @count: as many as were allocated
 *
 * Context: any.
 * Return: false if they are not the area's.
 */
bool cma_release(struct cma *cma, const struct page *pages, unsigned long count)
{
	unsigned long pfn;

	if (!cma || !pages)
		return false;
	pfn = page_to_pfn(pages);
	if (pfn < cma->base_pfn || pfn + count > cma->base_pfn + cma->count)
		return false;
	free_contig_range(pfn, count);
	cma_clear(cma, pfn - cma->base_pfn, count);
	return true;
}
