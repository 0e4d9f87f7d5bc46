/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking pageblocks out of the allocator's hands (include/linux/page-isolation.h
 * and, for contiguous ranges, include/linux/gfp.h; v6.12).
 */
#ifndef _LINUX_PAGE_ISOLATION_H
#define _LINUX_PAGE_ISOLATION_H

#include <linux/gfp.h>
#include <linux/mmzone.h>

#define MEMORY_OFFLINE	0x1
#define REPORT_FAILURE	0x2

int start_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     int migratetype, int flags, gfp_t gfp_flags);
void undo_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     int migratetype);
int test_pages_isolated(unsigned long start_pfn, unsigned long end_pfn,
			int isol_flags);

int alloc_contig_range(unsigned long start, unsigned long end,
		       unsigned int migratetype, gfp_t gfp_mask);
void free_contig_range(unsigned long pfn, unsigned long nr_pages);

#endif
