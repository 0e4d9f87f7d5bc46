/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page migration, with v6.12's signatures (include/linux/migrate.h, and from
 * mm/internal.h what callers of migrate_pages() need).  Modelled: order-0
 * anonymous folios.  What the functions do is told where they are defined, in
 * fakes/mm/migrate*.c.
 */
#ifndef _LINUX_MIGRATE_H
#define _LINUX_MIGRATE_H

#include <linux/migrate_mode.h>
#include <linux/mm.h>

typedef struct folio *new_folio_t(struct folio *folio, unsigned long private);
typedef void free_folio_t(struct folio *folio, unsigned long private);

/* Internal results of the two halves; neither leaves migrate_pages(). */
#define MIGRATEPAGE_SUCCESS	0
#define MIGRATEPAGE_UNMAP	1

struct address_space;

/* How alloc_migration_target() shall allocate; passed as @private. */
struct migration_target_control {
	int nid;
	nodemask_t *nmask;
	gfp_t gfp_mask;
	enum migrate_reason reason;
};

int migrate_pages(struct list_head *from, new_folio_t get_new_folio,
		  free_folio_t put_new_folio, unsigned long private,
		  enum migrate_mode mode, int reason,
		  unsigned int *ret_succeeded);
void putback_movable_pages(struct list_head *folios);
struct folio *alloc_migration_target(struct folio *src, unsigned long private);

int migrate_folio(struct address_space *mapping, struct folio *dst,
		  struct folio *src, enum migrate_mode mode);
int folio_migrate_mapping(struct address_space *mapping, struct folio *newfolio,
			  struct folio *folio, int extra_count);
void folio_migrate_flags(struct folio *newfolio, struct folio *folio);

/* include/linux/rmap.h has these in the kernel. */
enum rmp_flags {
	RMP_LOCKED		= 1 << 0,
	RMP_USE_SHARED_ZEROPAGE	= 1 << 1,
};
void remove_migration_ptes(struct folio *src, struct folio *dst, int flags);

#endif
