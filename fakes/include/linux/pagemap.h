/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folio lock (fakes/mm/folio_lock.c) and the page cache (fakes/mm/filemap.c). */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/fs.h>
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

struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index);
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend);

static inline void mapping_set_gfp_mask(struct address_space *mapping, gfp_t mask)
{
	mapping->gfp_mask = mask;
}

/* Never reclaimed; never moved or looked at by anybody else either. */
static inline bool mapping_unevictable(const struct address_space *mapping)
{
	return mapping->flags & (1UL << AS_UNEVICTABLE);
}

static inline void mapping_set_inaccessible(struct address_space *mapping)
{
	mapping->flags |= 1UL << AS_UNEVICTABLE | 1UL << AS_INACCESSIBLE;
}

static inline bool mapping_inaccessible(const struct address_space *mapping)
{
	return mapping->flags & (1UL << AS_INACCESSIBLE);
}

/* A class of its own: who truncates holds it, and takes mmu_lock and folio locks. */
static inline void filemap_invalidate_lock(struct address_space *mapping)
{
	down_write(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock(struct address_space *mapping)
{
	up_write(&mapping->invalidate_lock);
}

#endif
