/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Huge pages of hugetlbfs are not modelled: what asks for them gets "no". */
#ifndef _LINUX_HUGETLB_H
#define _LINUX_HUGETLB_H

#include <linux/mm.h>

struct list_head;

static inline bool isolate_hugetlb(struct folio *folio, struct list_head *list)
{
	return false;
}

/* v6.1: 0 or -errno. */
static inline int folio_isolate_hugetlb(struct page *page, struct list_head *list)
{
	return -EBUSY;
}

#endif
