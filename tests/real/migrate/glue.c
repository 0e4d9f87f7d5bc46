/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's migrate_pages() in the place of the model's, down to the reverse
 * map: try_to_migrate() and remove_migration_ptes() are the model's, and so is
 * what makes a copy a step.
 */
#include <linux/migrate.h>
#include <linux/mm.h>

#include "fakes/mm/migrate_internal.h"
#include "tests/real/migrate/glue.h"
#include "tests/real/real_world.h"

/* A fault that planted_test.py has to be told of; 0: none. */
#ifndef PLANT
#define PLANT 0
#endif

/* --- what the model's migrate.c has beside it --- */

void migration_scope_open(void)
{
	sim_scope_open(OWNER_OF_MIGRATION(), false);
}

void migration_scope_close(void)
{
	sim_scope_close();
}

int migrate_pages(struct list_head *from, new_folio_t get_new_folio,
		  free_folio_t put_new_folio, unsigned long private,
		  enum migrate_mode mode, int reason, unsigned int *ret_succeeded)
{
	sim_obj_t obj = list_empty(from) ? SIM_OBJ(SIM_CLASS_NONE, 0) :
		OBJ_OF_FOLIO(list_first_entry(from, struct folio, lru));
	int rc;

	real_called();
	might_sleep();
	mm_counts()->migrate_calls++;
	sim_note(SIM_ENTER, obj, mode, reason, __func__);
	migration_scope_open();
	rc = real_migrate_pages(from, get_new_folio, put_new_folio, private, mode, reason,
				ret_succeeded);
	migration_scope_close();
	sim_note(SIM_LEAVE, obj, rc, reason, __func__);
	return rc;
}

void putback_movable_pages(struct list_head *l)
{
	if (list_empty(l))
		return;
	migration_scope_open();
	real_putback_movable_pages(l);
	migration_scope_close();
}

struct folio *alloc_migration_target(struct folio *src, unsigned long private)
{
	return real_alloc_migration_target(src, private);
}

/* What v6.1 says of the lock is a flag later. */
void remove_migration_ptes_61(struct folio *src, struct folio *dst, bool locked)
{
	remove_migration_ptes(src, dst, locked ? RMP_LOCKED : 0);
}

/* --- steps --- */

int real_refcheck(const struct folio *folio, int expected)
{
	sim_obj_t obj = OBJ_OF_FOLIO(folio);

	sim_step(SIM_REFCHECK, obj, "folio_migrate_mapping");
	mm_counts()->refchecks++;
	sim_note(SIM_REFCHECK, obj, page_ref_told(&folio->page), expected,
		 "folio_migrate_mapping");
	/* 1: whoever else has it does not count. */
	return PLANT == 1 ? expected : page_ref_count(&folio->page);
}

void real_put_src(struct folio *folio, const char *site)
{
	/* 2: once more, to be sure. */
	if (PLANT == 2) {
		page_ref_take(&folio->page, PAGE_REF_GET, 1, site);
		page_ref_drop(&folio->page, PAGE_REF_GET, 1, site);
	}
	page_ref_drop(&folio->page, PAGE_REF_ISOLATE, 1, site);
}

void real_put_dst(struct folio *folio, const char *site)
{
	/* 3: nobody gives it back. */
	if (PLANT == 3)
		return;
	page_ref_drop(&folio->page, PAGE_REF_ALLOC, 1, site);
}

/* v6.1 compares where it freezes; v6.12 has compared and copied before. */
bool real_freeze(struct folio *folio, int expected)
{
	if (PINSIM_KVER < 612)
		return real_refcheck(folio, expected) == expected;
	sim_step2(SIM_CMPXCHG, OBJ_OF_FOLIO(folio), page_ref_told(&folio->page), expected,
		  "__folio_migrate_mapping");
	return page_ref_count(&folio->page) == expected;
}

/* Where the cache has a folio it gets another; and its reference is of that one. */
void real_replace(struct folio *folio, struct folio *newfolio)
{
	page_ref_pass_cache(&folio->page, &newfolio->page, __func__);
	if (folio_test_swapcache(folio))
		swap_cache_replace(folio, newfolio);
	else
		page_cache_replace(folio, newfolio);
}

void real_copy(struct folio *dst, struct folio *src)
{
	unsigned long to = folio_pfn(dst);

	sim_step(SIM_COPY, OBJ_OF_FOLIO(src), __func__);
	*page_contents(to) = *page_contents(folio_pfn(src));
	sim_note(SIM_COPY, OBJ_OF_FOLIO(src), to, 0, __func__);
}

/* --- what is never reached: all mappings can be moved, and none is a driver's --- */

void real_put_folio(struct folio *folio, const char *site)
{
	BUG();
}

#define NEVER(name)							\
	_Noreturn void name(void);					\
	_Noreturn void name(void) { BUG(); }

NEVER(fallback_migrate_folio)
NEVER(unmap_and_move_huge_page)
NEVER(putback_movable_page)
NEVER(putback_movable_folio)
NEVER(migrate_movable_ops_page)
