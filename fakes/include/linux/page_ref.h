/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference count of a page (A.1-A.14).  Every change goes through
 * fakes/mm/page_ref.c, which knows for each unit why it is held.
 */
#ifndef _LINUX_PAGE_REF_H
#define _LINUX_PAGE_REF_H

#include <linux/page-flags.h>

static inline int page_ref_count(const struct page *page)
{
	return atomic_read(&page->_refcount);
}

static inline int folio_ref_count(const struct folio *folio)
{
	return atomic_read(&folio->_refcount);
}

static inline int page_count(const struct page *page)
{
	return page_ref_count(page);
}

void (page_ref_add)(struct page *page, int nr);
void (page_ref_sub)(struct page *page, int nr);
bool (folio_try_get)(struct folio *folio);
bool (folio_ref_try_add)(struct folio *folio, int nr);
int (page_ref_freeze)(struct page *page, int count);
void (page_ref_unfreeze)(struct page *page, int count);

void sim_site_set(const char *site);
#define page_ref_add(p, n)	(sim_site_set(__func__), (page_ref_add)(p, n))
#define page_ref_inc(p)		page_ref_add(p, 1)
#define page_ref_sub(p, n)	(sim_site_set(__func__), (page_ref_sub)(p, n))
#define folio_ref_add(f, n)	page_ref_add(&(f)->page, n)
#define folio_ref_sub(f, n)	page_ref_sub(&(f)->page, n)
#define folio_try_get(f)	(sim_site_set(__func__), (folio_try_get)(f))
#define folio_ref_try_add(f, n)	(sim_site_set(__func__), (folio_ref_try_add)(f, n))
#define folio_ref_inc(f)	folio_ref_add(f, 1)
#define folio_try_get_rcu(f)	folio_try_get(f)
#define folio_ref_try_add_rcu(f, n) folio_ref_try_add(f, n)
#define page_ref_freeze(p, n)	(sim_site_set(__func__), (page_ref_freeze)(p, n))
#define folio_ref_freeze(f, n)	page_ref_freeze(&(f)->page, n)
#define page_ref_unfreeze(p, n)	(sim_site_set(__func__), (page_ref_unfreeze)(p, n))
#define folio_ref_unfreeze(f, n) page_ref_unfreeze(&(f)->page, n)

#endif
