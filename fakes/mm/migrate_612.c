/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The migration loop of v6.12 (mm/migrate.c: migrate_pages_batch,
 * migrate_pages_sync): first every folio of the batch is unmapped, then all
 * that were are moved, so that one TLB flush serves all.  Each of the two
 * phases has several passes, and a folio that will not move keeps its migration
 * entries from one pass to the next: it is unmapped once for many reference
 * checks (D.6, D.7).
 *
 * Holding many folios locked must not mean waiting for one more, so only
 * MIGRATE_ASYNC does that; the other modes begin with it and take what is left
 * one by one.
 */
#include <linux/migrate.h>
#include <linux/mm.h>

#include "fakes/mm/migrate_internal.h"

/* Folios that the first phase has unmapped, and their targets in equal order. */
struct unmapped {
	struct list_head folios;
	struct list_head targets;
};

static struct folio *first_folio(struct list_head *l)
{
	return list_first_entry(l, struct folio, lru);
}

/*
 * First phase. Return: how many are given up, or -ENOMEM; what was unmapped
 * before that is in @u in either case.
 */
static int unmap_phase(struct list_head *from, struct migrate_job *job,
		       enum migrate_mode mode, unsigned int passes, struct unmapped *u)
{
	struct folio *folio, *next, *dst;
	int rc, nr_failed = 0, retry = 1;
	unsigned int pass;

	for (pass = 0; pass < passes && retry; pass++) {
		retry = 0;
		list_for_each_entry_safe(folio, next, from, lru) {
			rc = migrate_folio_unmap(job, folio, &dst, mode, true);
			if (rc == -ENOMEM)
				return rc;
			if (rc == -EAGAIN) {
				retry++;
			} else if (rc == MIGRATEPAGE_UNMAP) {
				list_move_tail(&folio->lru, &u->folios);
				list_add_tail(&dst->lru, &u->targets);
			} else if (rc) {
				list_move_tail(&folio->lru, job->ret_folios);
				nr_failed++;
			} else {
				job->nr_succeeded++;
			}
		}
	}
	return nr_failed + retry;
}

/* Map again what did not move; it is no longer this batch's business. */
static void undo_one(struct migrate_job *job, struct folio *folio, struct folio *dst)
{
	list_del_init(&dst->lru);
	migrate_folio_undo(job, folio, dst);
	list_move_tail(&folio->lru, job->ret_folios);
}

/* Second phase. Return: how many did not move; who might have, stays in @u. */
static int move_phase(struct migrate_job *job, enum migrate_mode mode, unsigned int passes,
		      struct unmapped *u)
{
	struct folio *folio, *next, *dst, *next_dst;
	int rc, nr_failed = 0, retry = 1;
	unsigned int pass;

	for (pass = 0; pass < passes && retry; pass++) {
		retry = 0;
		dst = first_folio(&u->targets);
		list_for_each_entry_safe(folio, next, &u->folios, lru) {
			next_dst = list_next_entry(dst, lru);
			rc = migrate_folio_move(job, folio, dst, mode);
			if (rc == -EAGAIN) {
				retry++;
			} else if (rc) {
				undo_one(job, folio, dst);
				nr_failed++;
			} else {
				job->nr_succeeded++;
			}
			dst = next_dst;
		}
	}
	return nr_failed + retry;
}

static void undo_phase(struct migrate_job *job, struct unmapped *u)
{
	while (!list_empty(&u->folios))
		undo_one(job, first_folio(&u->folios), first_folio(&u->targets));
}

/* Both phases over @from. Return: how many did not move, or -ENOMEM. */
static int migrate_pages_batch(struct list_head *from, struct migrate_job *job,
			       enum migrate_mode mode, unsigned int passes)
{
	struct unmapped u;
	int rc, nr_failed;

	VM_WARN_ON_ONCE(mode != MIGRATE_ASYNC && !list_empty(from) && !list_is_singular(from));

	INIT_LIST_HEAD(&u.folios);
	INIT_LIST_HEAD(&u.targets);
	rc = unmap_phase(from, job, mode, passes, &u);
	nr_failed = rc < 0 ? 0 : rc;
	nr_failed += move_phase(job, mode, passes, &u);
	undo_phase(job, &u);
	return rc < 0 ? rc : nr_failed;
}

/*
 * MIGRATE_SYNC and SYNC_LIGHT: asynchronously together, then one by one. What
 * the first round could not move counts only if the second cannot either.
 */
static int migrate_pages_sync(struct list_head *from, struct migrate_job *job,
			      enum migrate_mode mode)
{
	const struct kernel_profile *p = kernel_profile();
	struct list_head *ret_folios = job->ret_folios;
	int rc, nr_failed = 0;
	LIST_HEAD(folios);

	job->ret_folios = &folios;
	rc = migrate_pages_batch(from, job, MIGRATE_ASYNC, p->migrate_async_passes);
	job->ret_folios = ret_folios;
	if (rc < 0) {
		list_splice_tail(&folios, ret_folios);
		return rc;
	}

	list_splice_tail_init(&folios, from);
	while (!list_empty(from)) {
		list_move(from->next, &folios);
		rc = migrate_pages_batch(&folios, job, mode, p->migrate_sync_passes);
		list_splice_tail_init(&folios, ret_folios);
		if (rc < 0)
			return rc;
		nr_failed += rc;
	}
	return nr_failed;
}

/**
 * migrate_pages_612() - move one batch.
 * @from: the batch; folios that could not be unmapped stay
 * @job: what migrate_pages() was asked
 * @mode: how hard to try
 *
 * Context: sleepable.
 * Return: how many did not move, or -ENOMEM.
 */
int migrate_pages_612(struct list_head *from, struct migrate_job *job, enum migrate_mode mode)
{
	if (mode == MIGRATE_ASYNC)
		return migrate_pages_batch(from, job, mode, NR_MAX_MIGRATE_PAGES_RETRY);
	return migrate_pages_sync(from, job, mode);
}
