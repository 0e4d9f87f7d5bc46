/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FOLL_LONGTERM: pages that are to stay pinned for long must not lie where the
 * kernel promised that everything can move (CMA, ZONE_MOVABLE).  Pages found
 * there are migrated out, and pinned anew.
 *
 * Stands for, in mm/gup.c, v6.12: __gup_longterm_locked,
 * check_and_migrate_movable_pages, collect_longterm_unpinnable_folios,
 * migrate_longterm_unpinnable_folios; in v6.1 the last two are called
 * ..._pages.
 *
 * What differs between the two is the number that the drain test compares with
 * (kernel_profile.longterm_pin_refs) and whether mmap_lock is held meanwhile
 * (the caller's @locked).  In v5.17 all of it is one function, which drains all
 * CPUs, once, for a page that is on no LRU list, and for no other reason (H-05).
 *
 * Simpler than the kernel: no hugetlb, no device memory, no memfd_pin_folios().
 * tests/real runs the kernel's own functions in the place of this file and
 * compares.
 */
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/swap.h>

#include "fakes/mm/gup_internal.h"

/* E.17: does the folio have references beside what is known and this pin? */
static bool folio_has_surplus(struct folio *folio)
{
	int pin_refs = mm_world()->profile->longterm_pin_refs;

	return page_ref_cmp(&folio->page, folio_expected_ref_count(folio) + pin_refs) != 0;
}

/*
 * LRU batches hold references and keep folios from being isolated. Each of
 * the two drains is made once in a call, the cheap one first. @drained counts
 * them.
 */
static int drain_if_surplus(struct folio *folio, int drained)
{
	if (kernel_profile()->longterm_drains_off_lru) {
		if (drained || folio_test_lru(folio))
			return drained;
		lru_add_drain_all();
		return 2;
	}
	if (drained == 0 && folio_has_surplus(folio)) {
		lru_add_drain();
		drained = 1;
	}
	if (drained == 1 && folio_has_surplus(folio)) {
		lru_add_drain_all();
		drained = 2;
	}
	return drained;
}

/**
 * collect_longterm_unpinnable_folios() - isolate what must move.
 * @movable_folio_list: they are put here
 * @nr_pages: how many pages
 * @pages: pinned pages
 *
 * A folio that cannot be isolated is counted all the same: the caller is then
 * told to try again, without end (E.16, E.19).
 *
 * Context: sleepable.
 * Return: how many of the pages lie where they must not.
 */
static unsigned long collect_longterm_unpinnable_folios(struct list_head *movable_folio_list,
							unsigned long nr_pages,
							struct page **pages)
{
	unsigned long i, collected = 0;
	int drained = 0;

	for (i = 0; i < nr_pages; i++) {
		struct folio *folio = page_folio(pages[i]);

		if (folio_is_longterm_pinnable(folio))
			continue;
		collected++;

		drained = drain_if_surplus(folio, drained);
		if (!folio_isolate_lru_bool(folio))
			continue;
		list_add_tail(&folio->lru, movable_folio_list);
		node_stat_mod_folio(folio, NR_ISOLATED_ANON, folio_nr_pages(folio));
	}
	return collected;
}

/**
 * migrate_longterm_unpinnable_folios() - move the collected folios away.
 * @movable_folio_list: isolated folios; empty afterwards
 * @nr_pages: how many pages
 * @pages: all pages of the call, none of them pinned afterwards
 *
 * D.8's count can only come out right without the pins of this very call; the
 * pinnable ones are given up as well (E.18).
 *
 * Context: sleepable.
 * Return: -EAGAIN: the whole range may be pinned anew; -ENOMEM: at least one
 * folio stayed where it was, whatever the reason (E.19).
 */
static int migrate_longterm_unpinnable_folios(struct list_head *movable_folio_list,
					      unsigned long nr_pages, struct page **pages)
{
	struct migration_target_control mtc = {
		.nid = NUMA_NO_NODE,
		.gfp_mask = GFP_USER | __GFP_NOWARN,
		.reason = MR_LONGTERM_PIN,
	};
	unsigned long i;
	int ret = -EAGAIN;

	for (i = 0; i < nr_pages; i++) {
		gup_put_folio(page_folio(pages[i]), 1, FOLL_PIN);
		pages[i] = NULL;
	}

	if (!list_empty(movable_folio_list) &&
	    migrate_pages(movable_folio_list, alloc_migration_target, NULL,
			  (unsigned long)&mtc, MIGRATE_SYNC, MR_LONGTERM_PIN, NULL))
		ret = -ENOMEM;

	putback_movable_pages(movable_folio_list);
	return ret;
}

/**
 * check_and_migrate_movable_pages() - are these pages allowed to stay pinned?
 * @nr_pages: how many
 * @pages: pages with one pin each
 *
 * Context: sleepable; PF_MEMALLOC_PIN set, so that targets are pinnable.
 * Return: 0: yes, and they still are pinned. Otherwise none of them is:
 * -EAGAIN: pin them again and ask again; -ENOMEM: give up.
 */
long check_and_migrate_movable_pages(unsigned long nr_pages, struct page **pages)
{
	const char *site = sim_site();
	LIST_HEAD(movable_folio_list);
	unsigned long collected;
	int ret = 0;

	collected = collect_longterm_unpinnable_folios(&movable_folio_list, nr_pages, pages);
	sim_site_set(site);
	if (collected)
		ret = migrate_longterm_unpinnable_folios(&movable_folio_list, nr_pages, pages);
	sim_site_set(site);
	return ret;
}

/**
 * __gup_longterm_locked() - __get_user_pages_locked() that minds FOLL_LONGTERM.
 * @mm: address space
 * @start: first address
 * @nr_pages: how many pages
 * @pages: where they go
 * @locked: as for __get_user_pages_locked(); if it is 0, mmap_lock is not held
 *	while pages are migrated
 * @gup_flags: FOLL_*
 *
 * The loop has no bound: a page that cannot be isolated but is not stuck in
 * migration either keeps it going (E.16). That is the kernel's.
 *
 * Context: sleepable.
 * Return: as __get_user_pages_locked(); on failure none of the range is pinned,
 * though some of it may have moved (E.20).
 */
long __gup_longterm_locked(struct mm_struct *mm, unsigned long start,
			   unsigned long nr_pages, struct page **pages,
			   int *locked, unsigned int gup_flags)
{
	unsigned int flags;
	long rc, nr_pinned;

	if (!(gup_flags & FOLL_LONGTERM))
		return __get_user_pages_locked(mm, start, nr_pages, pages, locked, gup_flags);

	flags = memalloc_pin_save();
	do {
		nr_pinned = __get_user_pages_locked(mm, start, nr_pages, pages, locked,
						    gup_flags);
		if (nr_pinned <= 0) {
			rc = nr_pinned;
			break;
		}
		rc = check_and_migrate_movable_pages(nr_pinned, pages);
	} while (rc == -EAGAIN);
	memalloc_pin_restore(flags);

	return rc ? rc : nr_pinned;
}
