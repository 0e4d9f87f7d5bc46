/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LRU batches, the LRU itself and isolation (fakes/mm/swap.c, vmscan.c); the swap
 * cache and the swap device (swap_state.c, swapfile.c).
 */
#ifndef _LINUX_SWAP_H
#define _LINUX_SWAP_H

#include <linux/mm.h>

/* C.3: a large folio is never left in a batch. */
static inline bool folio_may_be_lru_cached(struct folio *folio)
{
	return !folio_test_large(folio);
}

void (folio_add_lru)(struct folio *folio);
void (folio_add_lru_vma)(struct folio *folio, struct vm_area_struct *vma);
void (folio_mark_accessed)(struct folio *folio);
void (mark_page_accessed)(struct page *page);
void (folio_activate)(struct folio *folio);
void (folio_deactivate)(struct folio *folio);
void (lru_add_drain)(void);
void (lru_add_drain_cpu)(int cpu);
void (lru_add_drain_all)(void);
void (lru_cache_disable)(void);
void lru_cache_enable(void);
bool lru_cache_disabled(void);

/*
 * C.9: the sense of the result differs between versions. The fakes use this
 * one; folio_isolate_lru() is what the running profile's kernel has.
 */
bool (folio_isolate_lru_bool)(struct folio *folio);
int (folio_isolate_lru)(struct folio *folio);
void (folio_putback_lru)(struct folio *folio);

/* The swap device (J.9). */
swp_entry_t (folio_alloc_swap)(struct folio *folio);
int swap_duplicate(swp_entry_t entry);
void swap_free(swp_entry_t entry);
void put_swap_folio(struct folio *folio, swp_entry_t entry);
void (free_swap_and_cache)(swp_entry_t entry);
unsigned int swap_swapcount(swp_entry_t entry);
/* The swap cache: folios that have, or had, a place there. */
bool (add_to_swap)(struct folio *folio);
bool (folio_free_swap)(struct folio *folio);
void (free_swap_cache)(struct folio *folio);
struct folio *(swap_cache_get_folio)(swp_entry_t entry);
struct folio *read_swap_cache(swp_entry_t entry, struct vm_area_struct *vma,
			      unsigned long address);
/* What is left of the cache goes, as reclaim would find it: for the end of a race. */
void swap_cache_drain(void);
/* Isolated folios are given up, as far as that goes; the others go back. */
unsigned long reclaim_pages(struct list_head *folio_list);

#define add_to_swap(f)		(sim_site_set(__func__), (add_to_swap)(f))
#define folio_alloc_swap(f)	(sim_site_set(__func__), (folio_alloc_swap)(f))
#define folio_free_swap(f)	(sim_site_set(__func__), (folio_free_swap)(f))
#define free_swap_cache(f)	(sim_site_set(__func__), (free_swap_cache)(f))
#define free_swap_and_cache(e)	(sim_site_set(__func__), (free_swap_and_cache)(e))
#define swap_cache_get_folio(e)	(sim_site_set(__func__), (swap_cache_get_folio)(e))
#define folio_add_lru(f)	(sim_site_set(__func__), (folio_add_lru)(f))
#define folio_add_lru_vma(f, v)	(sim_site_set(__func__), (folio_add_lru_vma)(f, v))
#define folio_mark_accessed(f)	(sim_site_set(__func__), (folio_mark_accessed)(f))
#define mark_page_accessed(p)	(sim_site_set(__func__), (mark_page_accessed)(p))
#define folio_activate(f)	(sim_site_set(__func__), (folio_activate)(f))
#define folio_deactivate(f)	(sim_site_set(__func__), (folio_deactivate)(f))
#define lru_add_drain()		(sim_site_set(__func__), (lru_add_drain)())
#define lru_add_drain_cpu(c)	(sim_site_set(__func__), (lru_add_drain_cpu)(c))
#define lru_add_drain_all()	(sim_site_set(__func__), (lru_add_drain_all)())
#define lru_cache_disable()	(sim_site_set(__func__), (lru_cache_disable)())
#define folio_isolate_lru_bool(f) (sim_site_set(__func__), (folio_isolate_lru_bool)(f))
#define folio_isolate_lru(f)	(sim_site_set(__func__), (folio_isolate_lru)(f))
#define folio_putback_lru(f)	(sim_site_set(__func__), (folio_putback_lru)(f))

#endif
