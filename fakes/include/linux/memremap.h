/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of devices (include/linux/memremap.h): none is modelled. */
#ifndef _LINUX_MEMREMAP_H
#define _LINUX_MEMREMAP_H

#include <linux/mm.h>

static inline bool is_pci_p2pdma_page(const struct page *page)
{
	return false;
}

static inline bool is_device_coherent_page(const struct page *page)
{
	return false;
}

/* Return: true if the references were the device's driver's to drop. */
static inline bool put_devmap_managed_folio_refs(struct folio *folio, int refs)
{
	return false;
}

/* v6.1 */
static inline bool put_devmap_managed_page_refs(struct page *page, int refs)
{
	return false;
}

#endif
