/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moving the pages of a range of addresses: what move_pages(2), mbind(2) and
 * memory offlining have in common.  Unlike compaction it does not ask whether
 * anybody uses a page before it isolates it.
 *
 * Stands for, in mm/migrate.c, v6.12: do_move_pages_to_node,
 * add_folio_for_migration; the page's whereabouts are chosen by zone, not node.
 */
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/swap.h>

#include "fakes/mm/migrate_internal.h"
#include "fakes/mm/migrate_range.h"

/* new_folio_t: @private is an enum build_zone, or -1 for wherever there is room. */
static struct folio *alloc_in_place(struct folio *src, unsigned long private)
{
	struct page *page;

	page = alloc_pages_place(GFP_HIGHUSER_MOVABLE, folio_order(src), (int)private, __func__);
	return page ? page_folio(page) : NULL;
}

/* The page that is mapped there now, with a reference, or NULL. */
static struct page *mapped_page_get(struct mm_struct *mm, unsigned long addr)
{
	struct page *page = NULL;
	spinlock_t *ptl;
	pte_t *ptep, pte;

	if (!vma_lookup(mm, addr))
		return NULL;
	ptep = pte_lookup_lock(mm, addr, &ptl, __func__);
	if (!ptep)
		return NULL;
	pte = ptep_get(ptep);
	if (pte_present(pte) && !pte_special(pte)) {
		page = pte_page(pte);
		page_ref_take(page, PAGE_REF_PROBE, 1, __func__);
	}
	pte_unmap_unlock(ptep, ptl);
	return page;
}

/* Return: 1 if a page is there but cannot be isolated. */
static int add_page_for_migration(struct mm_struct *mm, unsigned long addr,
				  struct list_head *pagelist)
{
	struct page *page;
	struct folio *folio;
	bool isolated;

	mmap_read_lock(mm);
	page = mapped_page_get(mm, addr);
	mmap_read_unlock(mm);
	if (!page)
		return 0;

	folio = page_folio(page);
	isolated = folio_isolate_lru_bool(folio);
	if (isolated) {
		list_add_tail(&folio->lru, pagelist);
		node_stat_mod_folio(folio, NR_ISOLATED_ANON, 1);
	}
	page_ref_drop(page, PAGE_REF_PROBE, 1, __func__);
	return !isolated;
}

/**
 * migrate_user_range() - migrate_pages(MIGRATE_SYNC) what is mapped in a range.
 * @mm: address space
 * @start: first address
 * @nr_pages: how many pages
 * @place: enum build_zone, or -1: GFP_HIGHUSER_MOVABLE, wherever that may lie
 *
 * Context: sleepable task, kernel thread or not; no locks.
 * Return: 0, how many pages stayed where they were, or -ENOMEM.
 */
long migrate_user_range(struct mm_struct *mm, unsigned long start,
			unsigned long nr_pages, int place)
{
	LIST_HEAD(pagelist);
	long failed = 0;
	int rc = 0;

	lru_add_drain_all();
	migration_scope_open();
	for (; nr_pages; nr_pages--, start += PAGE_SIZE)
		failed += add_page_for_migration(mm, start, &pagelist);

	if (!list_empty(&pagelist)) {
		rc = migrate_pages(&pagelist, alloc_in_place, NULL, place, MIGRATE_SYNC,
				   MR_SYSCALL, NULL);
		if (rc)
			putback_movable_pages(&pagelist);
	}
	migration_scope_close();
	return rc < 0 ? rc : rc + failed;
}
