/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of migration, compaction and contiguous allocation share.
 * The functions are the kernel's own (mm/migrate.c, mm/rmap.c, mm/compaction.c)
 * and have v6.12's signatures.
 */
#ifndef FAKES_MM_MIGRATE_INTERNAL_H
#define FAKES_MM_MIGRATE_INTERNAL_H

#include <linux/migrate.h>
#include <linux/rmap.h>

#include "fakes/mm/internal.h"

/* Attempts in all, and base pages in one batch (D.4). */
#define NR_MAX_MIGRATE_PAGES_RETRY	10
#define NR_MAX_BATCHED_MIGRATION	512

/**
 * struct migrate_job - what migrate_pages() was asked, for its helpers
 * @get_new_folio: makes targets
 * @put_new_folio: takes unused ones back, or NULL
 * @private: for both
 * @reason: enum migrate_reason
 * @ret_folios: folios that are given up
 * @nr_succeeded: base pages that moved
 */
struct migrate_job {
	new_folio_t *get_new_folio;
	free_folio_t *put_new_folio;
	unsigned long private;
	int reason;
	struct list_head *ret_folios;
	unsigned int nr_succeeded;
};

/* migrate_folio.c: one folio, half by half */
int migrate_folio_unmap(struct migrate_job *job, struct folio *src, struct folio **dstp,
			enum migrate_mode mode, bool may_wait);
int migrate_folio_move(struct migrate_job *job, struct folio *src, struct folio *dst,
		       enum migrate_mode mode);
void migrate_folio_undo(struct migrate_job *job, struct folio *src, struct folio *dst);

/* migrate_rmap.c */
void try_to_migrate(struct folio *folio, enum ttu_flags flags);

/* migrate_61.c, migrate_612.c: the loop over folios, as the profile says */
int migrate_pages_61(struct list_head *from, struct migrate_job *job, enum migrate_mode mode);
int migrate_pages_612(struct list_head *from, struct migrate_job *job, enum migrate_mode mode);

/* migrate.c: references of isolation and of targets belong to this scope. */
void migration_scope_open(void);
void migration_scope_close(void);

/* compaction.c */
struct compact_control {
	struct list_head migratepages;	/* isolated so far */
	unsigned int nr_migratepages;
	unsigned long migrate_pfn;	/* where the scan goes on */
	struct zone *zone;
	gfp_t gfp_mask;
	enum migrate_mode mode;
};
int isolate_migratepages_range(struct compact_control *cc, unsigned long start_pfn,
			       unsigned long end_pfn);

#endif
