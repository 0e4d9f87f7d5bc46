/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking a range of frames out of the allocator: its pageblocks become ISOLATE,
 * whoever lives there is migrated away, and if then all of it is free it is
 * taken (J.2).
 *
 * Stands for: start_isolate_page_range, undo_isolate_page_range,
 * test_pages_isolated (mm/page_isolation.c, v6.12), alloc_contig_range and
 * __alloc_contig_migrate_range (mm/page_alloc.c, v6.12).
 *
 * Simpler than the kernel: no buddy block reaches beyond the pageblocks of the
 * range, so none has to be split by hand; a zone lock is the step itself; no
 * page cache whose clean pages could be dropped instead of moved.
 */
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>

#include "fakes/mm/migrate_internal.h"

#define OBJ_OF_BLOCK(pfn)	SIM_OBJ(OBJ_PAGEBLOCK, (pfn) / pageblock_nr_pages)

/* migrate_pages() calls that may leave something behind before giving up. */
#define CONTIG_MIGRATE_TRIES	5

/*
 * J.2: is there a page that will never move? References and pins are not
 * looked at: they may go away.
 */
static bool has_unmovable_pages(unsigned long start, unsigned long end, int migratetype)
{
	enum migratetype type = pfn_block_type(start);
	unsigned long pfn, next;

	/* CMA blocks hold movable pages only, and CMA may isolate its own. */
	if (type == MIGRATE_CMA)
		return migratetype != MIGRATE_CMA;

	for (pfn = start; pfn < end; pfn = next) {
		struct page *page = pfn_to_page(pfn);

		next = pfn_skip_free(pfn);
		if (next != pfn)
			continue;
		next++;
		if (PageReserved(page))
			return true;
		if (is_zone_movable_page(page))
			continue;
		if (!PageLRU(page) && !__PageMovable(page))
			return true;
	}
	return false;
}

/* One pageblock. Return: 0 or -EBUSY. */
static int set_migratetype_isolate(unsigned long block, unsigned long start,
				   unsigned long end, int migratetype)
{
	struct zone *zone = pfn_zone(block);

	sim_step(SIM_WRITE, OBJ_OF_BLOCK(block), __func__);
	if (fault_hit(FAULT_ISOLATE_BLOCK, __func__) || pfn_block_type(block) == MIGRATE_ISOLATE)
		return -EBUSY;
	if (has_unmovable_pages(max(block, start), min(pageblock_end_pfn(block), end),
				migratetype))
		return -EBUSY;
	move_freepages_block(zone, block, MIGRATE_ISOLATE);
	zone->nr_isolate_pageblock++;
	sim_note(SIM_WRITE, OBJ_OF_BLOCK(block), MIGRATE_ISOLATE, 0, __func__);
	return 0;
}

static void unset_migratetype_isolate(unsigned long block, int migratetype)
{
	struct zone *zone = pfn_zone(block);

	sim_step(SIM_WRITE, OBJ_OF_BLOCK(block), __func__);
	if (pfn_block_type(block) != MIGRATE_ISOLATE)
		return;
	move_freepages_block(zone, block, migratetype);
	zone->nr_isolate_pageblock--;
	sim_note(SIM_WRITE, OBJ_OF_BLOCK(block), migratetype, 0, __func__);
}

/**
 * start_isolate_page_range() - make the pageblocks of a range ISOLATE.
 * @start_pfn: first frame
 * @end_pfn: first frame behind the range
 * @migratetype: what they will be again afterwards
 * @flags: not looked at
 * @gfp_flags: not looked at
 *
 * Context: any. One step for each block.
 * Return: 0, or -EBUSY and nothing is changed.
 */
int start_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     int migratetype, int flags, gfp_t gfp_flags)
{
	unsigned long block, first = pageblock_start_pfn(start_pfn);
	int ret;

	for (block = first; block < end_pfn; block += pageblock_nr_pages) {
		ret = set_migratetype_isolate(block, start_pfn, end_pfn, migratetype);
		if (ret) {
			undo_isolate_page_range(first, block, migratetype);
			return ret;
		}
	}
	return 0;
}

/**
 * undo_isolate_page_range() - give isolated pageblocks their type again.
 * @start_pfn: first frame
 * @end_pfn: first frame behind the range
 * @migratetype: their type
 *
 * Context: any. One step for each block.
 */
void undo_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn, int migratetype)
{
	unsigned long block;

	for (block = pageblock_start_pfn(start_pfn); block < end_pfn;
	     block += pageblock_nr_pages)
		unset_migratetype_isolate(block, migratetype);
}

/**
 * test_pages_isolated() - is all of a range isolated and free?
 * @start_pfn: first frame
 * @end_pfn: first frame behind the range
 * @isol_flags: not looked at
 *
 * Context: any. One step.
 * Return: 0 if it is, else -EBUSY.
 */
int test_pages_isolated(unsigned long start_pfn, unsigned long end_pfn, int isol_flags)
{
	unsigned long pfn, next, block;

	sim_step(SIM_TEST, OBJ_OF_BLOCK(start_pfn), __func__);
	for (block = pageblock_start_pfn(start_pfn); block < end_pfn; block += pageblock_nr_pages)
		if (pfn_block_type(block) != MIGRATE_ISOLATE)
			return -EBUSY;
	for (pfn = start_pfn; pfn < end_pfn; pfn = next) {
		next = pfn_skip_free(pfn);
		if (next == pfn)
			return -EBUSY;
	}
	return 0;
}

/* Move away who lives there. Return: 0, -EBUSY (perhaps not), -EINTR or -ENOMEM. */
static int __alloc_contig_migrate_range(struct compact_control *cc, unsigned long start,
					unsigned long end)
{
	struct migration_target_control mtc = {
		.nid = NUMA_NO_NODE,
		.gfp_mask = cc->gfp_mask,
		.reason = MR_CONTIG_RANGE,
	};
	unsigned long pfn = start;
	unsigned int tries = 0;
	int ret = 0;

	lru_cache_disable();
	migration_scope_open();
	while (pfn < end || !list_empty(&cc->migratepages)) {
		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		if (list_empty(&cc->migratepages)) {
			cc->nr_migratepages = 0;
			ret = isolate_migratepages_range(cc, pfn, end);
			if (ret)
				break;
			pfn = cc->migrate_pfn;
			tries = 0;
		} else if (++tries == CONTIG_MIGRATE_TRIES) {
			ret = -EBUSY;
			break;
		}
		ret = migrate_pages(&cc->migratepages, alloc_migration_target, NULL,
				    (unsigned long)&mtc, cc->mode, MR_CONTIG_RANGE, NULL);
		if (ret == -ENOMEM)
			break;
	}
	migration_scope_close();
	lru_cache_enable();

	if (ret < 0)
		putback_movable_pages(&cc->migratepages);
	return min(ret, 0);
}

/* The range is isolated: empty it and take it. */
static int empty_and_take(struct compact_control *cc, unsigned long start, unsigned long end)
{
	int ret;

	drain_all_pages(cc->zone);
	ret = __alloc_contig_migrate_range(cc, start, end);
	/* What was busy may have become free meanwhile: the test decides. */
	if (ret && ret != -EBUSY)
		return ret;
	if (test_pages_isolated(start, end, 0))
		return -EBUSY;
	return buddy_take_range(cc->zone, start, end) ? 0 : -EBUSY;
}

/**
 * alloc_contig_range() - allocate exactly these frames.
 * @start: first frame
 * @end: first frame behind the range
 * @migratetype: of their pageblocks: MIGRATE_CMA or MIGRATE_MOVABLE
 * @gfp_mask: how hard to try
 *
 * Context: sleepable.
 * Return: 0: they are order-0 pages in use; -EBUSY: somebody is in the way;
 * -ENOMEM: no room for who lives there; -EINTR: the task is killed.
 */
int alloc_contig_range(unsigned long start, unsigned long end,
		       unsigned int migratetype, gfp_t gfp_mask)
{
	struct compact_control cc = {
		.zone = pfn_zone(start),
		.gfp_mask = GFP_USER | __GFP_MOVABLE | __GFP_RETRY_MAYFAIL,
		.mode = MIGRATE_SYNC,
	};
	int ret;

	might_sleep();
	INIT_LIST_HEAD(&cc.migratepages);
	ret = start_isolate_page_range(start, end, migratetype, 0, gfp_mask);
	if (ret)
		return ret;
	ret = empty_and_take(&cc, start, end);
	undo_isolate_page_range(start, end, migratetype);
	return ret;
}

/**
 * free_contig_range() - give back what alloc_contig_range() gave.
 * @pfn: first frame
 * @nr_pages: how many
 *
 * Context: any.
 */
void free_contig_range(unsigned long pfn, unsigned long nr_pages)
{
	for (; nr_pages; nr_pages--, pfn++)
		page_ref_drop(pfn_to_page(pfn), PAGE_REF_ALLOC, 1, __func__);
}
