/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's functions under the names that they get, and as glue.c calls them. */
#ifndef TESTS_REAL_MIGRATE_GLUE_H
#define TESTS_REAL_MIGRATE_GLUE_H

#include <linux/migrate.h>

#ifndef TESTS_REAL_MIGRATE_PROLOGUE_H
/* v6.1's callbacks take and return the first page of what these call a folio. */
int real_migrate_pages(struct list_head *from, new_folio_t get_new, free_folio_t put_new,
		       unsigned long private, enum migrate_mode mode, int reason,
		       unsigned int *ret_succeeded);
void real_putback_movable_pages(struct list_head *l);
struct folio *real_alloc_migration_target(struct folio *src, unsigned long private);
#endif
void remove_migration_ptes_61(struct folio *src, struct folio *dst, bool locked);

int real_refcheck(const struct folio *folio, int expected);
void real_put_src(struct folio *folio, const char *site);
void real_put_dst(struct folio *folio, const char *site);
void real_put_folio(struct folio *folio, const char *site);
bool real_freeze(struct folio *folio, int expected);
void real_replace(struct folio *folio, struct folio *newfolio);
void real_copy(struct folio *dst, struct folio *src);

#endif
