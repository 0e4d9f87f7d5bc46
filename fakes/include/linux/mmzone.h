/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zones, pageblocks and free lists.  One node; the zones below NORMAL are
 * empty.  Pageblocks are 2 MiB, the largest buddy block is 4 MiB (B.1).
 */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/list.h>
#include <linux/types.h>

#define MAX_PAGE_ORDER		10
#define NR_PAGE_ORDERS		(MAX_PAGE_ORDER + 1)
#define MAX_ORDER_NR_PAGES	(1UL << MAX_PAGE_ORDER)
#define PAGE_ALLOC_COSTLY_ORDER	3
#define pageblock_order		9
#define pageblock_nr_pages	(1UL << pageblock_order)
#define pageblock_align(pfn)	(((pfn) + pageblock_nr_pages - 1) & ~(pageblock_nr_pages - 1))
#define pageblock_start_pfn(pfn) ((pfn) & ~(pageblock_nr_pages - 1))
#define pageblock_end_pfn(pfn)	(pageblock_start_pfn(pfn) + pageblock_nr_pages)

enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_PCPTYPES,
	MIGRATE_HIGHATOMIC = MIGRATE_PCPTYPES,
	MIGRATE_CMA,
	MIGRATE_ISOLATE,
	MIGRATE_TYPES
};

enum zone_type {
	ZONE_DMA,
	ZONE_DMA32,
	ZONE_NORMAL,
	ZONE_MOVABLE,
	ZONE_DEVICE,
	__MAX_NR_ZONES
};
#define MAX_NR_ZONES	__MAX_NR_ZONES

struct free_area {
	struct list_head free_list[MIGRATE_TYPES];
	unsigned long nr_free;
};

/*
 * Memory that no allocation has carved yet: whole 4 MiB blocks, whose
 * descriptors nobody has written to. One extent per migratetype is enough.
 */
struct virgin_extent {
	unsigned long next;	/* first pfn not carved */
	unsigned long end;
};

#define PCP_HIGH	64

struct per_cpu_pages {
	struct list_head lists[MIGRATE_PCPTYPES];
	int count;
};

struct zone {
	const char *name;
	enum zone_type idx;
	unsigned long zone_start_pfn;
	unsigned long spanned_pages;
	unsigned long nr_free;		/* all free pages, those on pcp lists not */
	unsigned long nr_free_cma;	/* of these, in CMA blocks */
	unsigned long nr_isolate_pageblock;
	struct free_area free_area[NR_PAGE_ORDERS];
	struct virgin_extent virgin[MIGRATE_TYPES];
	struct per_cpu_pages *pcp;	/* one per CPU */
	unsigned int pcp_disabled;	/* zone_pcp_disable(), nested */
};

typedef struct pglist_data {
	int node_id;
	struct zone node_zones[MAX_NR_ZONES];
} pg_data_t;

#define NUMA_NO_NODE	(-1)

typedef struct {
	unsigned long bits[1];
} nodemask_t;

static inline unsigned long zone_end_pfn(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

static inline enum zone_type zone_idx(const struct zone *zone)
{
	return zone->idx;
}

#define is_migrate_cma(mt)		((mt) == MIGRATE_CMA)
#define is_migrate_isolate(mt)		((mt) == MIGRATE_ISOLATE)

#endif
