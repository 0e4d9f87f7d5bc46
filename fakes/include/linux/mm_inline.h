/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which LRU list a folio belongs on (include/linux/mm_inline.h). */
#ifndef _LINUX_MM_INLINE_H
#define _LINUX_MM_INLINE_H

#include <linux/huge_mm.h>
#include <linux/mm.h>
#include <linux/swap.h>

/* 1 or 0, because callers add it to an index. Anonymous memory goes to swap. */
static inline int folio_is_file_lru(struct folio *folio)
{
	return !folio_test_swapbacked(folio);
}

static inline int page_is_file_lru(struct page *page)
{
	return folio_is_file_lru(page_folio(page));
}

#endif
