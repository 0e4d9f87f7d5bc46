/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory offline: a block of memory is emptied, however long that takes, and
 * taken out of use (J.5).
 *
 * Stands for, in mm/memory_hotplug.c, v6.12 (v6.1 does the same): offline_pages,
 * scan_movable_pages, do_migrate_range; and of drivers/base/memory.c the way from
 * sysfs to there.
 *
 * Unlike CMA and compaction it does not give up: a page that cannot be moved is
 * isolated, unmapped, mapped again and put back for ever, until whoever holds it
 * lets go or somebody sends the task a signal (K.11).
 *
 * Simpler than the kernel: a memory block is 4 MiB, not 128 MiB or more, so that
 * a small machine has some; no hotplug lock, two offlines run side by side; no
 * notifiers of hotplug; no poisoned pages, no hugetlb, no PageOffline, no movable
 * pages off the LRU. What is printed about a page that stays is the trace's. A
 * block that went offline stays ISOLATE with all its pages free, where nobody
 * finds them; it does not come online again.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>

#include "fakes/mm/migrate_internal.h"

/* Smaller than the kernel's: see above. */
#define MEMORY_BLOCK_PAGES	MAX_ORDER_NR_PAGES

#define OBJ_OF_BLOCK(pfn)	SIM_OBJ(OBJ_PAGEBLOCK, (pfn) / pageblock_nr_pages)

/* A free page of the zone goes to the buddy at once, not to a per-CPU list. */
static void zone_pcp_disable(struct zone *zone)
{
	zone->pcp_disabled++;
	drain_all_pages(zone);
}

static void zone_pcp_enable(struct zone *zone)
{
	zone->pcp_disabled--;
}

/* Return: 0 with the next frame that could be moved, or -ENOENT. */
static int scan_movable_pages(unsigned long start, unsigned long end,
			      unsigned long *movable_pfn)
{
	unsigned long pfn, next;

	sim_step(SIM_TEST, OBJ_OF_BLOCK(start), __func__);
	for (pfn = start; pfn < end; pfn = next) {
		next = pfn_skip_free(pfn);
		if (next != pfn)
			continue;
		if (PageLRU(pfn_to_page(pfn))) {
			*movable_pfn = pfn;
			return 0;
		}
		next++;
	}
	return -ENOENT;
}

/* Return: true if there is a page, and it is somebody's, but cannot be isolated. */
static bool isolate_one(struct page *page, struct list_head *source)
{
	struct folio *folio = page_folio(page);
	bool isolated;

	/* J.16: for the time of one look this is one reference more. */
	if (!page_ref_try(page, PAGE_REF_PROBE, 1, __func__))
		return false;
	isolated = folio_isolate_lru_bool(folio);
	if (isolated) {
		list_add_tail(&folio->lru, source);
		node_stat_mod_folio(folio, NR_ISOLATED_ANON, 1);
	}
	page_ref_drop(page, PAGE_REF_PROBE, 1, __func__);
	return !isolated;
}

static int migrate_source(struct list_head *source)
{
	struct migration_target_control mtc = {
		.nid = NUMA_NO_NODE,
		.gfp_mask = GFP_USER | __GFP_MOVABLE | __GFP_RETRY_MAYFAIL,
		.reason = MR_MEMORY_HOTPLUG,
	};
	int ret = migrate_pages(source, alloc_migration_target, NULL, (unsigned long)&mtc,
				MIGRATE_SYNC, MR_MEMORY_HOTPLUG, NULL);

	if (ret)
		putback_movable_pages(source);
	return ret;
}

/* One round over what is left of the block. Nobody is asked who holds a page. */
static void do_migrate_range(unsigned long start_pfn, unsigned long end_pfn)
{
	sim_obj_t obj = OBJ_OF_BLOCK(start_pfn);
	unsigned long pfn = start_pfn, next;
	LIST_HEAD(source);
	int ret = 0, failed = 0;

	sim_note(SIM_ENTER, obj, start_pfn, end_pfn, __func__);
	migration_scope_open();
	while (pfn < end_pfn) {
		next = pfn_skip_free(pfn);
		if (next == pfn)
			failed += isolate_one(pfn_to_page(next++), &source);
		pfn = next;
	}
	if (!list_empty(&source))
		ret = migrate_source(&source);
	migration_scope_close();
	sim_note(SIM_LEAVE, obj, ret ?: failed, end_pfn, __func__);
}

/* The loop without an end: all of it moves away, or a signal comes. */
static int empty_block(unsigned long start_pfn, unsigned long end_pfn)
{
	unsigned long pfn;
	int ret;

	do {
		pfn = start_pfn;
		do {
			/* Any signal, not only one that kills. */
			if (signal_pending(current))
				return -EINTR;
			ret = scan_movable_pages(pfn, end_pfn, &pfn);
			if (!ret)
				do_migrate_range(pfn, end_pfn);
		} while (!ret);
		if (ret != -ENOENT)
			return ret;
	} while (test_pages_isolated(start_pfn, end_pfn, MEMORY_OFFLINE));
	return 0;
}

/* Per-CPU lists and batches are off. */
static int isolate_and_empty(unsigned long start_pfn, unsigned long end_pfn, struct zone *zone)
{
	int ret = start_isolate_page_range(start_pfn, end_pfn, MIGRATE_MOVABLE,
					   MEMORY_OFFLINE | REPORT_FAILURE,
					   GFP_USER | __GFP_MOVABLE | __GFP_RETRY_MAYFAIL);

	if (ret)
		return ret;
	ret = empty_block(start_pfn, end_pfn);
	if (ret)
		undo_isolate_page_range(start_pfn, end_pfn, MIGRATE_MOVABLE);
	else
		zone->nr_isolate_pageblock -= (end_pfn - start_pfn) / pageblock_nr_pages;
	return ret;
}

/**
 * offline_pages() - take frames out of use.
 * @start_pfn: first frame, of a memory block
 * @nr_pages: how many: whole memory blocks
 * @zone: whose they all are
 * @group: not looked at
 *
 * Context: sleepable.
 * Return: 0: nobody uses them any more or ever will; -EBUSY: something there can
 * never be moved, or somebody else has isolated it; -EINTR: a signal came;
 * -EINVAL: not a range of such frames.
 */
int offline_pages(unsigned long start_pfn, unsigned long nr_pages, struct zone *zone,
		  struct memory_group *group)
{
	unsigned long end_pfn = start_pfn + nr_pages;
	int ret;

	if (WARN_ON_ONCE(!nr_pages || start_pfn % pageblock_nr_pages ||
			 end_pfn % MEMORY_BLOCK_PAGES))
		return -EINVAL;
	if (end_pfn > mm_world()->nr_pages || pfn_zone(start_pfn) != zone ||
	    pfn_zone(end_pfn - 1) != zone)
		return -EINVAL;
	might_sleep();
	sim_note(SIM_ENTER, OBJ_OF_BLOCK(start_pfn), nr_pages, 0, __func__);
	zone_pcp_disable(zone);
	lru_cache_disable();
	ret = isolate_and_empty(start_pfn, end_pfn, zone);
	lru_cache_enable();
	zone_pcp_enable(zone);
	sim_note(SIM_LEAVE, OBJ_OF_BLOCK(start_pfn), ret, 0, __func__);
	return ret;
}

/* As /proc/PID/pagemap tells: no reference is taken. */
static unsigned long pfn_at(struct mm_struct *mm, unsigned long addr)
{
	unsigned long pfn = 0;
	spinlock_t *ptl;
	pte_t *ptep, pte;

	ptep = pte_lookup_lock(mm, addr, &ptl, __func__);
	if (!ptep)
		return 0;
	pte = ptep_get(ptep);
	if (pte_present(pte) && !pte_special(pte))
		pfn = pte_pfn(pte);
	pte_unmap_unlock(ptep, ptl);
	return pfn;
}

/**
 * memory_block_offline_at() - offline the memory block of a page.
 * @mm: address space
 * @addr: where the page is mapped
 *
 * The page may have left the block by the time that anything is done to it.
 *
 * Context: sleepable; no locks.
 * Return: as offline_pages(); -EINVAL if no page is mapped there.
 */
int memory_block_offline_at(struct mm_struct *mm, unsigned long addr)
{
	unsigned long pfn;

	mmap_read_lock(mm);
	pfn = pfn_at(mm, addr);
	mmap_read_unlock(mm);
	if (!pfn)
		return -EINVAL;
	pfn -= pfn % MEMORY_BLOCK_PAGES;
	return offline_pages(pfn, MEMORY_BLOCK_PAGES, pfn_zone(pfn), NULL);
}
