/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folio lock (fakes/mm/folio_lock.c). The page cache is shmem.c's own. */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/mm.h>

void (folio_lock)(struct folio *folio);
int (folio_lock_killable)(struct folio *folio);
bool (folio_trylock)(struct folio *folio);
void (folio_unlock)(struct folio *folio);
void (folio_wait_locked)(struct folio *folio);
int (folio_wait_locked_killable)(struct folio *folio);
void folio_end_writeback(struct folio *folio);
void (folio_wait_writeback)(struct folio *folio);

#define folio_lock(f)		(sim_site_set(__func__), (folio_lock)(f))
#define folio_lock_killable(f)	(sim_site_set(__func__), (folio_lock_killable)(f))
#define folio_trylock(f)	(sim_site_set(__func__), (folio_trylock)(f))
#define folio_unlock(f)		(sim_site_set(__func__), (folio_unlock)(f))
#define folio_wait_locked(f)	(sim_site_set(__func__), (folio_wait_locked)(f))
#define folio_wait_locked_killable(f)					\
	(sim_site_set(__func__), (folio_wait_locked_killable)(f))
#define folio_wait_writeback(f)	(sim_site_set(__func__), (folio_wait_writeback)(f))
#define lock_page(p)		folio_lock(page_folio(p))
#define trylock_page(p)		folio_trylock(page_folio(p))
#define unlock_page(p)		folio_unlock(page_folio(p))

#endif
