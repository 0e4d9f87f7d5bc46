/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The migration loop of v6.1 (mm/migrate.c: migrate_pages_batch): each attempt
 * at a folio is complete in itself.  It is unmapped and moved, and if it cannot
 * move it is mapped again before the next one is looked at.  So a stuck folio
 * is unmapped as often as it is tried (D.5, D.7).
 */
#include <linux/migrate.h>
#include <linux/mm.h>

#include "fakes/mm/migrate_internal.h"

/* Passes after which an attempt may wait for a folio's lock ("force"). */
#define PASSES_WITHOUT_FORCE	2

/* One complete attempt. */
static int unmap_and_move(struct migrate_job *job, struct folio *src,
			  enum migrate_mode mode, bool force)
{
	struct folio *dst;
	int rc = migrate_folio_unmap(job, src, &dst, mode, force);

	if (rc != MIGRATEPAGE_UNMAP)
		return rc;
	/* No list of targets here that it would have to leave. */
	INIT_LIST_HEAD(&dst->lru);
	rc = migrate_folio_move(job, src, dst, mode);
	if (rc)
		migrate_folio_undo(job, src, dst);
	return rc;
}

/**
 * migrate_pages_61() - up to ten passes over one batch.
 * @from: the batch; folios that could not be moved stay
 * @job: what migrate_pages() was asked
 * @mode: how hard to try
 *
 * Context: sleepable.
 * Return: how many did not move, or -ENOMEM.
 */
int migrate_pages_61(struct list_head *from, struct migrate_job *job, enum migrate_mode mode)
{
	unsigned int pass, passes = kernel_profile()->migrate_sync_passes;
	struct folio *folio, *next;
	int rc, nr_failed = 0, retry = 1;

	for (pass = 0; pass < passes && retry; pass++) {
		retry = 0;
		list_for_each_entry_safe(folio, next, from, lru) {
			rc = unmap_and_move(job, folio, mode, pass > PASSES_WITHOUT_FORCE);
			if (rc == -ENOMEM)
				return rc;
			if (rc == -EAGAIN) {
				retry++;
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
