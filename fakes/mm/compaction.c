/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan for folios that could be migrated, by frame number: what
 * alloc_contig_range() clears its range with.
 *
 * Stands for, in mm/compaction.c, v6.12: isolate_migratepages_range,
 * isolate_migratepages_block with ISOLATE_UNEVICTABLE.
 *
 * Simpler than the kernel: order 0; no lru_lock (isolation is one step); for
 * the time of one step an isolated folio carries both the scanner's reference
 * and the isolation's, which are one and the same in the kernel.
 */
#include <linux/mm.h>
#include <linux/swap.h>

#include "fakes/mm/migrate_internal.h"

#define COMPACT_CLUSTER_MAX	32

/*
 * J.1: a folio that is found to be in use elsewhere is passed over, not even
 * unmapped. The test is made with a reference of our own.
 */
static bool folio_is_worth_it(struct folio *folio)
{
	if (folio_mapping(folio))
		return true;
	return page_ref_cmp(&folio->page, folio_mapcount(folio) + 1) <= 0;
}

/* One frame. Return: true if its folio was isolated and put on the list. */
static bool isolate_one(struct compact_control *cc, struct page *page)
{
	struct folio *folio = page_folio(page);
	bool isolated;

	/* In a batch, free, or the kernel's own: nothing to be had. */
	if (!PageLRU(page))
		return false;
	if (!page_ref_try(page, PAGE_REF_PROBE, 1, __func__))
		return false;
	isolated = folio_is_worth_it(folio) && folio_isolate_lru_bool(folio);
	page_ref_drop(page, PAGE_REF_PROBE, 1, __func__);
	if (!isolated)
		return false;

	list_add(&folio->lru, &cc->migratepages);
	node_stat_mod_folio(folio, NR_ISOLATED_ANON, 1);
	cc->nr_migratepages++;
	return true;
}

/**
 * isolate_migratepages_range() - isolate the next folios of a range.
 * @cc: gets them, and where to go on
 * @start_pfn: first frame
 * @end_pfn: first frame behind the range
 *
 * Stops after COMPACT_CLUSTER_MAX folios.
 *
 * Context: sleepable, migration scope open.
 * Return: 0; there is no signal that could end it.
 */
int isolate_migratepages_range(struct compact_control *cc, unsigned long start_pfn,
			       unsigned long end_pfn)
{
	unsigned long pfn = start_pfn, next;

	while (pfn < end_pfn) {
		next = pfn_skip_free(pfn);
		if (next != pfn) {
			pfn = next;
			continue;
		}
		if (isolate_one(cc, pfn_to_page(pfn++)) &&
		    cc->nr_migratepages >= COMPACT_CLUSTER_MAX)
			break;
	}
	cc->migrate_pfn = min(pfn, end_pfn);
	return 0;
}
