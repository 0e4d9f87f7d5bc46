/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page allocator: which zone, which migratetype, from which list.
 * mm/page_alloc.c, v6.12: get_page_from_freelist(), __rmqueue(),
 * free_unref_page(); include/linux/sched/mm.h: current_gfp_context().
 *
 * An allocation is one step; freeing is part of the step that dropped the last
 * reference, because the per-CPU lists are nobody else's.
 *
 * Simpler than the kernel: no watermarks, no reclaim, no compaction and no OOM
 * killer. Where the kernel would invoke the OOM killer (B.17) the allocation
 * fails, so -ENOMEM stands for both. Per-CPU lists hold order-0 pages, are
 * filled one page at a time and hand full ones straight to the buddy; a movable
 * request without ALLOC_CMA, which v6.1 keeps off them (B.7), cannot arise.
 * One node, no mempolicy.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "fakes/mm/internal.h"
#include "sim/engine/footprint.h"

#undef alloc_pages
#undef folio_alloc
#undef vma_alloc_folio
#undef __alloc_pages
#undef __free_pages
#undef get_zeroed_page
#undef free_page

static void alloc_context_init(struct alloc_context *ac, gfp_t gfp, unsigned int order,
			       int place)
{
	gfp_t stripped = current ? current_gfp_context(gfp) : gfp;

	ac->gfp = stripped;
	ac->order = order;
	ac->type = gfp_migratetype(stripped);
	ac->highest = gfp_zone(stripped);
	ac->cma = ac->type == MIGRATE_MOVABLE;
	/* A request that lost its movability goes where the allocator says. */
	ac->place = ac->type == MIGRATE_MOVABLE ? place : -1;
}

/* A page from this CPU's list whose block is, or is not, CMA as wanted. */
static struct page *pcp_take(struct zone *zone, enum migratetype type, int want_cma)
{
	struct per_cpu_pages *pcp = &zone->pcp[smp_processor_id()];
	struct page *page;

	if (!pcp->count)
		return NULL;
	list_for_each_entry(page, &pcp->lists[type], pcp_list) {
		bool cma = is_migrate_cma_page(page);

		if (want_cma >= 0 && cma != want_cma)
			continue;
		list_del(&page->pcp_list);
		page->_free_type = PAGE_IN_USE;
		pcp->count--;
		return page;
	}
	return NULL;
}

/* Does the place that a mapping asks for exist in this zone? */
static struct page *rmqueue_place(struct zone *zone, const struct alloc_context *ac)
{
	bool cma = ac->place == BUILD_ZONE_CMA;
	struct page *page;

	if (!cma && zone->idx != (ac->place == BUILD_ZONE_MOVABLE ? ZONE_MOVABLE : ZONE_NORMAL))
		return NULL;
	page = ac->order ? NULL : pcp_take(zone, MIGRATE_MOVABLE, cma);
	return page ?: buddy_alloc(zone, ac->order, cma ? MIGRATE_CMA : MIGRATE_MOVABLE);
}

/* B.6: the order of attempts inside one zone. */
static struct page *rmqueue(struct zone *zone, const struct alloc_context *ac)
{
	struct page *page = ac->order ? NULL : pcp_take(zone, ac->type, ac->cma ? -1 : 0);

	if (!page && ac->cma && zone->nr_free_cma > zone->nr_free / 2)
		page = buddy_alloc(zone, ac->order, MIGRATE_CMA);
	if (!page)
		page = buddy_alloc(zone, ac->order, ac->type);
	if (!page && ac->cma)
		page = buddy_alloc(zone, ac->order, MIGRATE_CMA);
	return page ?: buddy_take_fallback(zone, ac->order, ac->type);
}

static struct page *get_page_from_freelist(const struct alloc_context *ac)
{
	struct zone *zones = mm_world()->node.node_zones;
	struct page *page;
	int idx;

	for (idx = ac->highest; ac->place >= 0 && idx >= 0; idx--) {
		page = zones[idx].spanned_pages ? rmqueue_place(&zones[idx], ac) : NULL;
		if (page)
			return page;
	}
	for (idx = ac->highest; idx >= 0; idx--) {
		page = zones[idx].spanned_pages ? rmqueue(&zones[idx], ac) : NULL;
		if (page)
			return page;
	}
	return NULL;
}

/*
 * A run of pages that lie in one section leaves the allocator. Contents are
 * cleared for everybody, as init_on_alloc=1 does. A thousand at a time come here:
 * without hooks, and it says itself what it touches.
 */
noinline __no_kcsan void prep_new_pages(struct page *page, unsigned long nr, const char *site)
{
	u64 *contents = page_contents(page_to_pfn(page));
	unsigned long i;

	for (i = 0; i < nr; i++) {
		page_init_once(page + i);
		sim_touch(contents + i, SIM_ACCESS_WRITE);
		if (contents[i])
			sim_set(contents[i], 0);
	}
	page_ref_init(page, nr, site);
}

/**
 * alloc_pages_place() - allocate, with a mapping's wish for a place.
 * @gfp: flags; PF_MEMALLOC_PIN takes __GFP_MOVABLE away (B.10)
 * @order: only 0 so far
 * @place: enum build_zone or -1; a wish for movable memory only
 * @site: caller
 *
 * Context: sleepable if @gfp may reclaim. One step.
 * Return: a page with one reference, or NULL.
 */
struct page *alloc_pages_place(gfp_t gfp, unsigned int order, int place, const char *site)
{
	struct alloc_context ac;
	struct page *page;

	if (gfpflags_allow_blocking(gfp))
		(might_sleep)();
	if (order)
		SIM_BUG("pages of order > 0 are not modelled yet");
	alloc_context_init(&ac, gfp, order, place);
	sim_step2(SIM_ALLOC, SIM_OBJ(OBJ_ZONE, ac.highest), order, 0, site);
	if (should_fail_alloc_page(gfp, order, site))
		return NULL;
	page = get_page_from_freelist(&ac);
	if (!page) {
		drain_all_pages(NULL);
		page = get_page_from_freelist(&ac);
	}
	if (page) {
		prep_new_pages(page, 1, site);
		sim_note(SIM_ALLOC, OBJ_OF_PAGE(page), order, page_zonenum(page), site);
	}
	return page;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	return alloc_pages_place(gfp, order, -1, sim_site());
}

struct page *__alloc_pages(gfp_t gfp, unsigned int order, int nid, void *nodemask)
{
	return alloc_pages_place(gfp, order, -1, sim_site());
}

struct folio *folio_alloc(gfp_t gfp, unsigned int order)
{
	return (struct folio *)alloc_pages_place(gfp, order, -1, sim_site());
}

struct folio *vma_alloc_folio(gfp_t gfp, int order, struct vm_area_struct *vma,
			      unsigned long addr)
{
	return (struct folio *)alloc_pages_place(gfp, order, vma->place, sim_site());
}

void __free_pages(struct page *page, unsigned int order)
{
	page_ref_drop(page, PAGE_REF_ALLOC, 1, sim_site());
}

/**
 * free_unref_page() - a page goes back to the allocator (B.7).
 * @page: count 0, clean state
 * @order: only 0 so far
 *
 * Context: any; part of the step that dropped the last reference.
 */
void free_unref_page(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);
	enum migratetype type = pfn_block_type(pfn);
	struct zone *zone = pfn_zone(pfn);
	struct per_cpu_pages *pcp = &zone->pcp[smp_processor_id()];
	int count = pcp->count;

	sim_note(SIM_FREE, OBJ_PAGE_OF(pfn), order, 0, __func__);
	if (is_migrate_isolate(type) || count >= PCP_HIGH || zone->pcp_disabled) {
		buddy_free(zone, pfn, order, type);
		return;
	}
	if (type >= MIGRATE_PCPTYPES)
		type = MIGRATE_MOVABLE;
	page->_free_type = PAGE_IN_PCP;
	list_add(&page->pcp_list, &pcp->lists[type]);
	pcp->count = count + 1;
}

static void drain_pcp(struct zone *zone, struct per_cpu_pages *pcp)
{
	struct page *page, *next;
	unsigned int type;

	for (type = 0; pcp->count && type < MIGRATE_PCPTYPES; type++) {
		list_for_each_entry_safe(page, next, &pcp->lists[type], pcp_list) {
			list_del(&page->pcp_list);
			pcp->count--;
			page->_free_type = PAGE_IN_USE;
			buddy_free(zone, page_to_pfn(page), 0, get_pageblock_migratetype(page));
		}
	}
}

/**
 * drain_all_pages() - empty the per-CPU free lists into the buddy.
 * @zone: only this one, or NULL for all
 *
 * Context: any; no step: it changes nothing that a task can see.
 */
void drain_all_pages(struct zone *zone)
{
	struct zone *zones = mm_world()->node.node_zones;
	unsigned int idx, cpu;

	for (idx = 0; idx < MAX_NR_ZONES; idx++) {
		if (!zones[idx].spanned_pages || (zone && zone != &zones[idx]))
			continue;
		for_each_online_cpu(cpu)
			drain_pcp(&zones[idx], &zones[idx].pcp[cpu]);
	}
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	const char *site = sim_site();

	if (gfpflags_allow_blocking(gfp))
		(might_sleep)();
	if (should_fail_alloc_page(gfp, 0, site))
		return 0;
	return (unsigned long)sim_alloc_tracked(PAGE_SIZE, site);
}

void free_page(unsigned long addr)
{
	(kfree)((void *)addr);
}
