/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a comparison must find: a long-term core that differs from the model's
 * in one place, chosen by PLANT. 0: in none.
 */
#include <linux/migrate.h>
#include <linux/sched/mm.h>
#include <linux/swap.h>

#include "fakes/mm/gup_internal.h"
#include "tests/real/real_world.h"

static bool must_move(struct folio *folio)
{
	return !folio_is_longterm_pinnable(folio);
}

static bool surplus(struct folio *folio)
{
	int known = folio_expected_ref_count(folio) + kernel_profile()->longterm_pin_refs;

	return folio_ref_count(folio) != known;
}

static unsigned long collect(struct page **pages, unsigned long nr, struct list_head *list)
{
	unsigned long i, found = 0;
	int drained = 0;

	for (i = 0; i < nr; i++) {
		struct folio *folio = page_folio(pages[i]);

		if (!must_move(folio))
			continue;
		found++;
		/* 1: nobody drains. */
		if (PLANT != 1 && drained == 0 && surplus(folio)) {
			lru_add_drain();
			drained = 1;
		}
		if (PLANT != 1 && drained == 1 && surplus(folio)) {
			lru_add_drain_all();
			drained = 2;
		}
		if (!folio_isolate_lru_bool(folio)) {
			/* 2: what cannot be isolated does not count. */
			found -= PLANT == 2;
			continue;
		}
		list_add_tail(&folio->lru, list);
		node_stat_mod_folio(folio, NR_ISOLATED_ANON, 1);
	}
	return found;
}

static long move(struct page **pages, unsigned long nr, struct list_head *list)
{
	struct migration_target_control mtc = {
		.nid = NUMA_NO_NODE,
		.gfp_mask = GFP_USER | __GFP_NOWARN,
	};
	/* 3: half-hearted. */
	enum migrate_mode mode = PLANT == 3 ? MIGRATE_ASYNC : MIGRATE_SYNC;
	int ret = -EAGAIN;
	unsigned long i;

	for (i = 0; i < nr; i++) {
		/* 4: the pinnable ones stay pinned. */
		if (PLANT != 4 || must_move(page_folio(pages[i])))
			gup_put_folio(page_folio(pages[i]), 1, FOLL_PIN);
		pages[i] = NULL;
	}
	if (!list_empty(list) && migrate_pages(list, alloc_migration_target, NULL,
					       (unsigned long)&mtc, mode, MR_LONGTERM_PIN, NULL))
		ret = -ENOMEM;
	putback_movable_pages(list);
	return ret;
}

long check_and_migrate_movable_pages(unsigned long nr_pages, struct page **pages)
{
	LIST_HEAD(list);

	if (!collect(pages, nr_pages, &list))
		return 0;
	return move(pages, nr_pages, &list);
}

long __gup_longterm_locked(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			   struct page **pages, int *locked, unsigned int gup_flags)
{
	unsigned int flags;
	long got, rc;

	real_called();
	if (!(gup_flags & FOLL_LONGTERM))
		return __get_user_pages_locked(mm, start, nr_pages, pages, locked, gup_flags);
	flags = memalloc_pin_save();
	do {
		got = __get_user_pages_locked(mm, start, nr_pages, pages, locked, gup_flags);
		rc = got > 0 ? check_and_migrate_movable_pages(got, pages) : got;
	} while (rc == -EAGAIN);
	memalloc_pin_restore(flags);
	return rc ? rc : got;
}
