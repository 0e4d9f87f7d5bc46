/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contiguous memory allocator (include/linux/cma.h, v6.12).  The machine
 * has at most one area, made from the pageblocks that it was built with.
 */
#ifndef _LINUX_CMA_H
#define _LINUX_CMA_H

#include <linux/types.h>

struct cma;
struct page;

/* The machine's area; NULL if it was built without one. */
struct cma *dev_get_cma_area(void);

unsigned long cma_get_base_pfn(const struct cma *cma);
unsigned long cma_get_pages(const struct cma *cma);

/**
 * cma_alloc() - allocate a contiguous range of an area.
 * @cma: area, or NULL
 * @count: pages
 * @align: as an order
 * @no_warn: do not complain
 *
 * Migrates whoever lives there; see fakes/mm/cma.c.
 *
 * Context: sleepable.
 * Return: the first page, or NULL.
 */
struct page *cma_alloc(struct cma *cma, unsigned long count,
		       unsigned int align, bool no_warn);
bool cma_release(struct cma *cma, const struct page *pages, unsigned long count);

#endif
