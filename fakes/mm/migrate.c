/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * migrate_pages(): move isolated folios to other frames, and what its callers
 * need around it.  How often a folio is tried differs between kernels: the two
 * loops are migrate_61.c and migrate_612.c, and the profile chooses.
 *
 * Stands for, in mm/migrate.c, v6.12: migrate_pages, alloc_migration_target,
 * putback_movable_pages.
 *
 * Simpler than the kernel: no hugetlb, no large folios (nothing is ever split),
 * no event counters but fakes/mm/probe.h's.
 */
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/swap.h>

#include "fakes/mm/migrate_internal.h"

/**
 * migration_scope_open() - from here on references belong to a migration.
 *
 * Isolation takes references that migration or putback drops, perhaps in
 * another function: the owner is the migrating task.
 *
 * Context: any; nests.
 */
void migration_scope_open(void)
{
	sim_scope_open(OWNER_OF_MIGRATION(), false);
}

/**
 * migration_scope_close() - end of migration_scope_open()'s scope.
 *
 * Context: any.
 */
void migration_scope_close(void)
{
	sim_scope_close();
}

/**
 * alloc_migration_target() - a folio to move another one to (B.16).
 * @src: folio that shall move
 * @private: address of a struct migration_target_control
 *
 * Context: sleepable. PF_MEMALLOC_PIN makes the target unmovable.
 * Return: the folio, or NULL.
 */
struct folio *alloc_migration_target(struct folio *src, unsigned long private)
{
	struct migration_target_control *mtc = (void *)private;
	gfp_t gfp_mask = mtc->gfp_mask;

	/* Movable memory may go to movable memory again, if it is still that. */
	if (folio_is_zone_movable(src))
		gfp_mask |= __GFP_HIGHMEM;
	return folio_alloc(gfp_mask, folio_order(src));
}

/**
 * putback_movable_pages() - give isolated folios back to the LRU (C.11).
 * @l: isolated folios; empty afterwards
 *
 * Context: any.
 */
void putback_movable_pages(struct list_head *l)
{
	struct folio *folio, *next;

	if (list_empty(l))
		return;
	migration_scope_open();
	list_for_each_entry_safe(folio, next, l, lru) {
		list_del(&folio->lru);
		node_stat_mod_folio(folio, NR_ISOLATED_ANON, -folio_nr_pages(folio));
		folio_putback_lru(folio);
	}
	migration_scope_close();
}

/* D.4: the next batch of @from; the kernels disagree on when one is full. */
static void cut_batch(struct list_head *from, struct list_head *ret_batch, unsigned int max)
{
	unsigned int n;

	for (n = 0; n < max && !list_empty(from); n++)
		list_move_tail(from->next, ret_batch);
}

/* Batch by batch. Return: folios that stayed behind, or -ENOMEM. */
static int migrate_all_batches(struct list_head *from, struct migrate_job *job,
			       enum migrate_mode mode)
{
	bool batched = kernel_profile()->migrate_batched;
	LIST_HEAD(folios);
	int rc, nr_failed = 0;

	do {
		cut_batch(from, &folios, NR_MAX_BATCHED_MIGRATION);
		if (batched)
			rc = migrate_pages_612(&folios, job, mode);
		else
			rc = migrate_pages_61(&folios, job, mode);
		list_splice_tail_init(&folios, job->ret_folios);
		if (rc < 0)
			return rc;
		nr_failed += rc;
	} while (!list_empty(from));
	return nr_failed;
}

/**
 * migrate_pages() - move the folios of a list.
 * @from: folios that the caller has isolated; those that did not move are left
 * @get_new_folio: makes targets
 * @put_new_folio: takes unused targets back; NULL: they are freed
 * @private: for both
 * @mode: how hard to try
 * @reason: enum migrate_reason
 * @ret_succeeded: NULL, or how many base pages moved
 *
 * Context: sleepable, no page locked by the caller.
 * Return: 0: all moved; positive: how many did not; -ENOMEM: no target, the
 * rest was not tried. Unless it is 0 the caller must put @from back.
 */
int migrate_pages(struct list_head *from, new_folio_t get_new_folio,
		  free_folio_t put_new_folio, unsigned long private,
		  enum migrate_mode mode, int reason, unsigned int *ret_succeeded)
{
	LIST_HEAD(ret_folios);
	struct migrate_job job = {
		.get_new_folio = get_new_folio,
		.put_new_folio = put_new_folio,
		.private = private,
		.reason = reason,
		.ret_folios = &ret_folios,
	};
	sim_obj_t obj = list_empty(from) ? SIM_OBJ(SIM_CLASS_NONE, 0) :
		OBJ_OF_FOLIO(list_first_entry(from, struct folio, lru));
	int rc;

	might_sleep();
	sim_count(&mm_counts()->migrate_calls);
	sim_note(SIM_ENTER, obj, mode, reason, __func__);
	migration_scope_open();

	rc = migrate_all_batches(from, &job, mode);
	list_splice(&ret_folios, from);
	if (list_empty(from))
		rc = 0;

	migration_scope_close();
	sim_note(SIM_LEAVE, obj, rc, reason, __func__);
	if (ret_succeeded)
		*ret_succeeded = job.nr_succeeded;
	return rc;
}
