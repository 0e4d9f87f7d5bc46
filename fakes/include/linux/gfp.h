/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page allocator's interface (fakes/mm/page_alloc.c). */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/gfp_types.h>
#include <linux/mmzone.h>

struct page;
struct folio;
struct vm_area_struct;

static inline bool gfpflags_allow_blocking(gfp_t flags)
{
	return flags & __GFP_DIRECT_RECLAIM;
}

/* B.4 */
static inline int gfp_migratetype(gfp_t flags)
{
	if (flags & __GFP_MOVABLE)
		return MIGRATE_MOVABLE;
	return flags & __GFP_RECLAIMABLE ? MIGRATE_RECLAIMABLE : MIGRATE_UNMOVABLE;
}

/* B.3: the highest zone that a request may use. */
static inline enum zone_type gfp_zone(gfp_t flags)
{
	if (flags & __GFP_DMA)
		return ZONE_DMA;
	if ((flags & __GFP_MOVABLE) && (flags & __GFP_HIGHMEM))
		return ZONE_MOVABLE;
	return flags & __GFP_DMA32 ? ZONE_DMA32 : ZONE_NORMAL;
}

struct page *(alloc_pages)(gfp_t gfp, unsigned int order);
struct folio *(folio_alloc)(gfp_t gfp, unsigned int order);
struct folio *(vma_alloc_folio)(gfp_t gfp, int order, struct vm_area_struct *vma,
				unsigned long addr);
struct page *(__alloc_pages)(gfp_t gfp, unsigned int order, int nid, void *nodemask);
void (__free_pages)(struct page *page, unsigned int order);
unsigned long (get_zeroed_page)(gfp_t gfp);
void (free_page)(unsigned long addr);
void drain_all_pages(struct zone *zone);
/* Failure injection. Return: true to make the allocation fail. */
bool should_fail_alloc_page(gfp_t gfp, unsigned int order, const char *site);

void sim_site_set(const char *site);
#define alloc_pages(g, o)	(sim_site_set(__func__), (alloc_pages)(g, o))
#define alloc_page(g)		alloc_pages(g, 0)
#define folio_alloc(g, o)	(sim_site_set(__func__), (folio_alloc)(g, o))
#define vma_alloc_folio(g, o, v, a) (sim_site_set(__func__), (vma_alloc_folio)(g, o, v, a))
#define __alloc_pages(g, o, n, m) (sim_site_set(__func__), (__alloc_pages)(g, o, n, m))
#define __free_pages(p, o)	(sim_site_set(__func__), (__free_pages)(p, o))
#define __free_page(p)		__free_pages(p, 0)
/* A page for the kernel's own use, by address: it comes from kmalloc()'s area. */
#define get_zeroed_page(g)	(sim_site_set(__func__), (get_zeroed_page)(g))
#define __get_free_page(g)	get_zeroed_page(g)
#define free_page(a)		(sim_site_set(__func__), (free_page)(a))

#endif
