/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What files of mm/ see of each other (mm/internal.h): found by those of them
 * that are compiled as code under test and include "internal.h".
 *
 * struct migration_target_control and alloc_migration_target() come with
 * <linux/migrate.h>, folio_isolate_lru() with <linux/swap.h>.
 */
#ifndef __MM_INTERNAL_H
#define __MM_INTERNAL_H

#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/swap.h>

/*
 * No device memory is modelled (folio_is_device_coherent() says so): none of
 * it can be moved.
 */
static inline int migrate_device_coherent_folio(struct folio *folio)
{
	return -EBUSY;
}

static inline int migrate_device_coherent_page(struct page *page)
{
	return migrate_device_coherent_folio(page_folio(page));
}

#endif
