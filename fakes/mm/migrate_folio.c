/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Migrating one folio, in two halves that the version's loop strings together:
 * first lock it and replace every PTE by a migration entry, then compare its
 * reference count with what is known, copy it and map the copy.
 *
 * Between the halves the folio and its target are locked, and the target's
 * ->private remembers what the first half found.
 *
 * Stands for, in mm/migrate.c, v6.12: migrate_folio_unmap, migrate_folio_move,
 * migrate_folio_undo_src, migrate_folio_undo_dst, migrate_folio_done,
 * move_to_new_folio, migrate_folio, folio_migrate_mapping, folio_migrate_flags;
 * in v6.1 the same under nearly the same names.
 *
 * Simpler than the kernel: folios of order 0; a freeze, what is done meanwhile
 * and the end of it are one step, as the mapping's lock makes them; no writeback
 * (only reclaim writes, and it has the folio isolated), no mlock, no movable_ops
 * pages.
 */
#include <linux/fs.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/swap.h>

#include "fakes/mm/migrate_internal.h"

#define PAGE_WAS_MAPPED		1UL

/* The target is nobody else's, so its ->private is free. */
static void migrate_folio_record(struct folio *dst, unsigned long was_mapped,
				 struct anon_vma *anon_vma)
{
	dst->private = (void *)((unsigned long)anon_vma | was_mapped);
}

static unsigned long migrate_folio_extract(struct folio *dst, struct anon_vma **ret_anon_vma)
{
	unsigned long private = (unsigned long)dst->private;

	dst->private = NULL;
	*ret_anon_vma = (struct anon_vma *)(private & ~PAGE_WAS_MAPPED);
	return private & PAGE_WAS_MAPPED;
}

static void migrate_folio_undo_src(struct folio *src, bool was_mapped,
				   struct anon_vma *anon_vma, bool locked)
{
	if (was_mapped)
		remove_migration_ptes(src, src, 0);
	if (anon_vma)
		put_anon_vma(anon_vma);
	if (locked)
		folio_unlock(src);
}

static void migrate_folio_undo_dst(struct migrate_job *job, struct folio *dst, bool locked)
{
	if (locked)
		folio_unlock(dst);
	if (job->put_new_folio)
		job->put_new_folio(dst, job->private);
	else
		page_ref_drop(&dst->page, PAGE_REF_ALLOC, 1, __func__);
}

/* Off the list and away: the isolation's reference is the last one. */
static void migrate_folio_done(struct folio *src, int reason)
{
	list_del(&src->lru);
	if (reason != MR_DEMOTION)
		node_stat_mod_folio(src, NR_ISOLATED_ANON, -folio_nr_pages(src));
	page_ref_drop(&src->page, PAGE_REF_ISOLATE, 1, __func__);
}

/* D.8 step 3. Return: false if this attempt is over. */
static bool lock_src(struct folio *src, enum migrate_mode mode, bool may_wait)
{
	if (folio_trylock(src))
		return true;
	if (mode == MIGRATE_ASYNC || !may_wait)
		return false;
	if (current->flags & PF_MEMALLOC)
		return false;
	if (kernel_profile()->migrate_batched && mode == MIGRATE_SYNC_LIGHT &&
	    !folio_test_uptodate(src))
		return false;
	folio_lock(src);
	return true;
}

/**
 * migrate_folio_unmap() - the first half: target, locks, migration entries.
 * @job: what migrate_pages() was asked
 * @src: isolated folio on a list
 * @dstp: where the target goes
 * @mode: how hard to try
 * @may_wait: the folio lock may be waited for, if @mode allows it as well
 *
 * Context: sleepable.
 * Return: MIGRATEPAGE_UNMAP: both are locked and @src has no PTE left;
 * MIGRATEPAGE_SUCCESS: @src was freed by its users meanwhile; -EAGAIN: nothing
 * has changed, try again; -ENOMEM: no target.
 */
int migrate_folio_unmap(struct migrate_job *job, struct folio *src, struct folio **dstp,
			enum migrate_mode mode, bool may_wait)
{
	struct anon_vma *anon_vma = NULL;
	bool locked, dst_locked = false, was_mapped = false;
	struct folio *dst;

	if (!page_ref_cmp(&src->page, 1)) {
		folio_clear_active(src);
		folio_clear_unevictable(src);
		migrate_folio_done(src, job->reason);
		return MIGRATEPAGE_SUCCESS;
	}

	sim_count(&mm_counts()->migrate_targets);
	dst = job->get_new_folio(src, job->private);
	if (!dst)
		return -ENOMEM;
	*dstp = dst;
	dst->private = NULL;

	locked = lock_src(src, mode, may_wait);
	if (!locked)
		goto undo;
	/* Keeps the reverse map while nothing is mapped (D.8 step 5). */
	if (folio_test_anon(src) && !folio_test_ksm(src))
		anon_vma = folio_get_anon_vma(src);
	dst_locked = folio_trylock(dst);
	if (!dst_locked)
		goto undo;

	if (src->mapping && folio_mapped(src)) {
		try_to_migrate(src, mode == MIGRATE_ASYNC ? TTU_BATCH_FLUSH : 0);
		was_mapped = true;
	}
	if (!folio_mapped(src)) {
		migrate_folio_record(dst, was_mapped ? PAGE_WAS_MAPPED : 0, anon_vma);
		return MIGRATEPAGE_UNMAP;
	}
undo:
	migrate_folio_undo_src(src, was_mapped, anon_vma, locked);
	migrate_folio_undo_dst(job, dst, dst_locked);
	return -EAGAIN;
}

/* One step: is the count what is known of (D.11)? Return: 0 or -EAGAIN. */
static int compare_refs(struct folio *folio, int expected, const char *site)
{
	sim_obj_t obj = OBJ_OF_FOLIO(folio);

	sim_count(&mm_counts()->refchecks);
	sim_note(SIM_REFCHECK, obj, page_ref_told(&folio->page), expected, site);
	if (page_ref_cmp(&folio->page, expected))
		return -EAGAIN;
	return 0;
}

/* The target takes the folio's place; in its mapping too, with the cache's reference (D.13). */
static void take_over(struct address_space *mapping, struct folio *newfolio,
		      struct folio *folio, const char *site)
{
	newfolio->index = folio->index;
	newfolio->mapping = folio->mapping;
	if (folio_test_swapbacked(folio))
		__folio_set_swapbacked(newfolio);
	if (!mapping)
		return;
	page_ref_pass_cache(&folio->page, &newfolio->page, site);
	if (folio_test_swapcache(folio))
		swap_cache_replace(folio, newfolio);
	else
		page_cache_replace(folio, newfolio);
	/* While nobody can get at either of them. */
	if (folio_test_dirty(folio)) {
		folio_clear_dirty(folio);
		folio_set_dirty(newfolio);
	}
}

/*
 * D.12, v6.12 with a mapping: the count was compared, and the contents copied;
 * now it is frozen, under the mapping's lock, if it has not changed. One step.
 */
static int __folio_migrate_mapping(struct address_space *mapping, struct folio *newfolio,
				   struct folio *folio, int expected)
{
	sim_step2(SIM_CMPXCHG, OBJ_OF_FOLIO(folio), page_ref_told(&folio->page), expected,
		  __func__);
	if (page_ref_cmp(&folio->page, expected))
		return -EAGAIN;
	take_over(mapping, newfolio, folio, __func__);
	return MIGRATEPAGE_SUCCESS;
}

/**
 * folio_migrate_mapping() - the point of no return, if the count allows it.
 * @mapping: of the page cache or swap cache, or NULL
 * @newfolio: target
 * @folio: folio without PTEs
 * @extra_count: references that the caller knows of, beside its isolation
 *
 * Context: both locked. One step: with a mapping the count is frozen while it is
 * replaced there.
 * Return: 0, or -EAGAIN if somebody holds a reference that nobody knows of.
 */
int folio_migrate_mapping(struct address_space *mapping, struct folio *newfolio,
			  struct folio *folio, int extra_count)
{
	int expected;

	sim_step(SIM_REFCHECK, OBJ_OF_FOLIO(folio), __func__);
	expected = folio_expected_ref_count(folio) + extra_count + 1;
	if (compare_refs(folio, expected, __func__))
		return -EAGAIN;
	take_over(mapping, newfolio, folio, __func__);
	return MIGRATEPAGE_SUCCESS;
}

/**
 * folio_migrate_flags() - the target takes over what is known of the folio.
 * @newfolio: target
 * @folio: folio that was moved
 *
 * Context: both locked.
 */
void folio_migrate_flags(struct folio *newfolio, struct folio *folio)
{
	if (folio_test_referenced(folio))
		folio_set_referenced(newfolio);
	if (folio_test_uptodate(folio))
		folio_mark_uptodate(newfolio);
	if (folio_test_clear_active(folio))
		folio_set_active(newfolio);
	else if (folio_test_clear_unevictable(folio))
		folio_set_unevictable(newfolio);
	if (folio_test_workingset(folio))
		folio_set_workingset(newfolio);
	/* The PTEs' dirty bits went to the folio when they were cleared. */
	if (folio_test_dirty(folio))
		folio_set_dirty(newfolio);
	if (folio_test_swapcache(folio)) {
		folio_clear_swapcache(folio);
		folio->swap = 0;
	}
}

static void folio_copy_contents(struct folio *dst, struct folio *src)
{
	unsigned long to = folio_pfn(dst);

	sim_step(SIM_COPY, OBJ_OF_FOLIO(src), __func__);
	*page_contents(to) = *page_contents(folio_pfn(src));
	sim_note(SIM_COPY, OBJ_OF_FOLIO(src), to, 0, __func__);
}

/* D.12, v6.12 with a mapping: compare, copy, freeze. Three steps. */
static int copy_and_freeze(struct address_space *mapping, struct folio *dst, struct folio *src)
{
	int expected;

	sim_step(SIM_REFCHECK, OBJ_OF_FOLIO(src), "folio_migrate_mapping");
	expected = folio_expected_ref_count(src) + 1;
	if (compare_refs(src, expected, "folio_migrate_mapping"))
		return -EAGAIN;
	folio_copy_contents(dst, src);
	return __folio_migrate_mapping(mapping, dst, src, expected);
}

/**
 * migrate_folio() - check, copy, take over.
 * @mapping: of the page cache or swap cache, or NULL
 * @dst: target
 * @src: folio without PTEs
 * @mode: not looked at
 *
 * D.12: for small anonymous folios without a mapping both kernels compare first
 * and copy then, and neither compares again. With one, v6.1 freezes first and
 * copies then, v6.12 the other way round.
 *
 * Context: both locked. Two steps or three.
 * Return: 0 or -EAGAIN.
 */
int migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src,
		  enum migrate_mode mode)
{
	int rc;

	if (mapping && kernel_profile()->migrate_copy_before_freeze) {
		rc = copy_and_freeze(mapping, dst, src);
		if (rc == MIGRATEPAGE_SUCCESS)
			folio_migrate_flags(dst, src);
		return rc;
	}
	rc = folio_migrate_mapping(mapping, dst, src, 0);
	if (rc != MIGRATEPAGE_SUCCESS)
		return rc;
	folio_copy_contents(dst, src);
	folio_migrate_flags(dst, src);
	return MIGRATEPAGE_SUCCESS;
}

/*
 * D.14, v6.12: of a mapping that nobody may look at the folios can not be copied. A
 * kernel that has such mappings does not even ask their a_ops.
 */
static int move_to_new_folio(struct folio *dst, struct folio *src, enum migrate_mode mode)
{
	struct address_space *mapping = folio_mapping(src);

	if (mapping && mapping_inaccessible(mapping))
		return -EOPNOTSUPP;
	return migrate_folio(mapping, dst, src, mode);
}

/*
 * D.8 step 9 and on: the target is in use, the old folio goes. Its list links
 * are whose who isolates it next, so it leaves the list of targets first.
 */
static void move_finish(struct migrate_job *job, struct folio *src, struct folio *dst,
			bool was_mapped, struct anon_vma *anon_vma)
{
	bool adds_last = kernel_profile()->move_adds_last;
	bool puts_last = kernel_profile()->move_puts_last;

	list_del_init(&dst->lru);
	if (!adds_last)
		folio_add_lru(dst);
	if (was_mapped && kernel_profile()->move_drains_mapped)
		lru_add_drain();
	if (was_mapped)
		remove_migration_ptes(src, dst, 0);

	sim_note(SIM_MOVED, OBJ_OF_FOLIO(src), folio_pfn(dst), 0, __func__);
	sim_count(&mm_counts()->moved);

	folio_unlock(dst);
	if (!puts_last)
		page_ref_drop(&dst->page, PAGE_REF_ALLOC, 1, __func__);
	if (anon_vma)
		put_anon_vma(anon_vma);
	folio_unlock(src);
	/* With the put, v5.17's putback_lru_page(newpage). */
	if (adds_last)
		folio_add_lru(dst);
	if (puts_last)
		page_ref_drop(&dst->page, PAGE_REF_ALLOC, 1, __func__);
	migrate_folio_done(src, job->reason);
}

/**
 * migrate_folio_move() - the second half.
 * @job: what migrate_pages() was asked
 * @src: folio that the first half has unmapped
 * @dst: its target
 * @mode: how hard to try
 *
 * Context: sleepable; both locked, @dst on a list of targets or on none.
 * Return: 0: @src is gone; -EAGAIN: its count is not what it should be, and all
 * is as before the call: it stays locked, with migration entries, until
 * migrate_folio_undo(); -EOPNOTSUPP: it can never be moved, and the same.
 */
int migrate_folio_move(struct migrate_job *job, struct folio *src, struct folio *dst,
		       enum migrate_mode mode)
{
	struct anon_vma *anon_vma;
	unsigned long was_mapped = migrate_folio_extract(dst, &anon_vma);
	int rc = move_to_new_folio(dst, src, mode);

	if (rc) {
		migrate_folio_record(dst, was_mapped, anon_vma);
		return rc;
	}
	if (!folio_test_anon(src))
		src->mapping = NULL;
	move_finish(job, src, dst, was_mapped, anon_vma);
	return MIGRATEPAGE_SUCCESS;
}

/**
 * migrate_folio_undo() - take the first half back.
 * @job: what migrate_pages() was asked
 * @src: folio that was unmapped; stays isolated, on its list
 * @dst: its target, freed
 *
 * Context: sleepable; both locked.
 */
void migrate_folio_undo(struct migrate_job *job, struct folio *src, struct folio *dst)
{
	struct anon_vma *anon_vma;
	unsigned long was_mapped = migrate_folio_extract(dst, &anon_vma);

	migrate_folio_undo_src(src, was_mapped, anon_vma, true);
	migrate_folio_undo_dst(job, dst, true);
}
