/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Migratetypes of pageblocks (B.2): a property of 2 MiB, not of a page.
 * mm/page_alloc.c, v6.12: get_pfnblock_flags_mask() and its setter.
 *
 * One byte per block, stored so that 0 is MOVABLE: a machine is born with all
 * its blocks movable, and untouched bytes cost nothing.
 */
#include "fakes/mm/internal.h"

enum migratetype pfn_block_type(unsigned long pfn)
{
	return mm_world()->block_type[pfn / pageblock_nr_pages] ^ MIGRATE_MOVABLE;
}

void pfn_block_set_type(unsigned long pfn, enum migratetype type)
{
	mm_world()->block_type[pfn / pageblock_nr_pages] = type ^ MIGRATE_MOVABLE;
}

int get_pageblock_migratetype(const struct page *page)
{
	return pfn_block_type(page_to_pfn(page));
}

void set_pageblock_migratetype(struct page *page, enum migratetype type)
{
	pfn_block_set_type(page_to_pfn(page), type);
}
