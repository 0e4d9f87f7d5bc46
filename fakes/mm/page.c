/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages as such: frames and descriptors, what a count should be, where a page
 * may be pinned for long, and what happens when its last reference goes.
 * Models parts of include/linux/mm.h and mm/swap.c (__folio_put), v6.12.
 *
 * Descriptors lie in sections with an unused stretch behind each, so that
 * walking off a section's end is seen.  A descriptor is made when its frame is
 * first used (page_init_once()): building a machine of any size costs nothing.
 *
 * Simpler than the kernel: the LRU is a set (PG_lru says who is on it), not
 * lists with an order, because nothing here looks for the oldest. Pages are freed one at a
 * time; there is no memory cgroup.
 */
#include <linux/highmem.h>

#include "fakes/mm/internal.h"
#include "fakes/sev/contents.h"
#include "sim/engine/arena.h"
#include "sim/engine/footprint.h"
#include "sim/engine/store.h"

#define SECTION_STRIDE	(SECTION_NR_PAGES * sizeof(struct page) + SECTION_GUARD_BYTES)

/*
 * Where the descriptors lie never changes: no access worth watching, and most
 * are in the first section.
 */
__no_kcsan unsigned long page_to_pfn(const struct page *page)
{
	unsigned long off = (const char *)page - mm_world()->sections;

	if (off < SECTION_STRIDE)
		return off / sizeof(struct page);
	return off / SECTION_STRIDE * SECTION_NR_PAGES +
	       off % SECTION_STRIDE / sizeof(struct page);
}

__no_kcsan struct page *pfn_to_page(unsigned long pfn)
{
	return (struct page *)(mm_world()->sections + pfn / SECTION_NR_PAGES * SECTION_STRIDE) +
	       pfn % SECTION_NR_PAGES;
}

__no_kcsan bool pfn_valid(unsigned long pfn)
{
	return pfn < mm_world()->nr_pages;
}

u64 *page_contents(unsigned long pfn)
{
	return &mm_world()->contents[pfn];
}

/* How many bytes of addresses the descriptors of @nr_sections take. */
size_t sections_bytes(unsigned long nr_sections)
{
	return nr_sections * SECTION_STRIDE;
}

/* Who makes a block's descriptors readable changes nothing of what they say. */
__no_kcsan bool pfn_block_is_live(unsigned long pfn)
{
	unsigned long block = pfn / pageblock_nr_pages;

	return mm_world()->block_live[BIT_WORD(block)] & BIT_MASK(block);
}

void pfn_block_touch(unsigned long pfn)
{
	struct mm_world *mm = mm_world();

	pfn = pageblock_start_pfn(pfn);
	if (pfn_block_is_live(pfn))
		return;
	arch_set_bit(pfn / pageblock_nr_pages, mm->block_live);
	sim_live_set((u64)(uintptr_t)pfn_to_page(pfn),
		     pageblock_nr_pages * sizeof(struct page), true);
	sim_live_set((u64)(uintptr_t)&mm->contents[pfn], pageblock_nr_pages * sizeof(u64), true);
	sim_live_set((u64)(uintptr_t)&mm->locks[pfn],
		     pageblock_nr_pages * sizeof(struct folio_lock), true);
}

/* NORMAL and MOVABLE are 2 and 3, so a zone of 0 means: never looked at. */
noinline __no_kcsan void page_init_once(struct page *page)
{
	struct zone *zone;

	sim_touch_bytes(&page->flags, 1 << ZONES_PGSHIFT / 8, SIM_ACCESS_READ);
	if (page->flags >> ZONES_PGSHIFT)
		return;
	zone = pfn_zone(page_to_pfn(page));
	sim_touch(&page->flags, SIM_ACCESS_WRITE);
	sim_set(page->flags, (u64)(zone - mm_world()->node.node_zones) << ZONES_PGSHIFT);
	sim_touch_half(&page->_mapcount, SIM_ACCESS_WRITE);
	sim_set(page->_mapcount.counter, -1);
}

struct page *pfn_to_online_page(unsigned long pfn)
{
	struct page *page;

	if (!pfn_valid(pfn))
		return NULL;
	pfn_block_touch(pfn);
	page = pfn_to_page(pfn);
	page_init_once(page);
	return page;
}

/* Nor do the zones' borders change. */
__no_kcsan struct zone *pfn_zone(unsigned long pfn)
{
	struct zone *zones = mm_world()->node.node_zones;

	/* NORMAL begins with frame 0. */
	return &zones[pfn < zones[ZONE_NORMAL].spanned_pages ? ZONE_NORMAL : ZONE_MOVABLE];
}

struct zone *page_zone(const struct page *page)
{
	return &mm_world()->node.node_zones[page_zonenum(page)];
}

struct zone *folio_zone(const struct folio *folio)
{
	return page_zone(&folio->page);
}

unsigned long zero_page_pfn(void)
{
	return mm_world()->zero_pfn;
}

struct page *zero_page(void)
{
	return mm_world()->zero;
}

struct address_space *folio_mapping(struct folio *folio)
{
	unsigned long mapping = (unsigned long)folio->mapping;

	if (folio_test_swapcache(folio))
		return mm_world()->swapper_space;
	return mapping & PAGE_MAPPING_FLAGS ? NULL : folio->mapping;
}

/**
 * folio_expected_ref_count() - references that the kernel accounts for (A.3).
 * @folio: an LRU-type folio
 *
 * Isolation, batches and everybody's GETs and pins come on top.
 * Context: any; no step.
 */
int folio_expected_ref_count(const struct folio *folio)
{
	int n = folio_nr_pages(folio), expected = folio_mapcount(folio);

	if (folio_test_swapcache(folio))
		expected += n;
	if (!folio_test_anon(folio) && folio->mapping) {
		expected += n;
		if (folio_test_private(folio))
			expected++;
	}
	return expected;
}

bool folio_maybe_dma_pinned(struct folio *folio)
{
	return page_ref_like_pinned(&folio->page);
}

/**
 * folio_is_longterm_pinnable() - may the folio be pinned for long where it is?
 * @folio: folio in use
 *
 * The order of the tests is the kernel's (B.12): the zero page inside a CMA
 * block is not pinnable. v5.17 asks for the zero page first and does not mind
 * that a block is isolated.
 * Context: any; no step, the caller's look at the page was one.
 */
bool folio_is_longterm_pinnable(struct folio *folio)
{
	bool isolate_ok = kernel_profile()->isolate_pinnable;
	int type = get_pageblock_migratetype(&folio->page);

	if (isolate_ok && is_zero_folio(folio))
		return true;
	if (is_migrate_cma(type) || (is_migrate_isolate(type) && !isolate_ok))
		return false;
	if (is_zero_folio(folio))
		return true;
	if (folio_is_device_coherent(folio))
		return false;
	return !folio_is_zone_movable(folio);
}

bool is_longterm_pinnable_page(struct page *page)
{
	return folio_is_longterm_pinnable(page_folio(page));
}

void copy_highpage(struct page *to, struct page *from)
{
	u64 tag = *page_contents(page_to_pfn(from));

	*page_contents(page_to_pfn(to)) = tag;
	sim_note(SIM_COPY, OBJ_OF_PAGE(from), page_to_pfn(to), 0, __func__);
}

void clear_highpage(struct page *page)
{
	*page_contents(page_to_pfn(page)) = 0;
}

__no_kcsan void mod_node_page_state(struct pglist_data *pgdat, enum node_stat_item item,
				    long delta)
{
	long *stat = &mm_history()->stat[item];

	sim_set(*stat, *stat + delta);
}

long node_page_state(struct pglist_data *pgdat, enum node_stat_item item)
{
	return mm_history()->stat[item];
}

struct pglist_data *NODE_DATA(int nid)
{
	return &mm_world()->node;
}

struct pglist_data *folio_pgdat(const struct folio *folio)
{
	return &mm_world()->node;
}

/* A.13: what must not be true of a page that is freed. */
static bool free_page_is_bad(const struct page *page, unsigned long flags)
{
	return page_mapcount(page) != 0 || page->mapping || page_ref_count(page) ||
	       (flags & PAGE_FLAGS_CHECK_AT_FREE);
}

/**
 * folio_free() - the last reference is gone (mm/swap.c, v6.12: __folio_put()).
 * @folio: count 0
 * @site: who dropped it
 *
 * Context: any; part of the step that dropped the reference. A page in a bad
 * state is told to the checks and leaked, as the kernel does.
 */
void folio_free(struct folio *folio, const char *site)
{
	struct page *page = &folio->page;
	unsigned long flags = page->flags & ~BIT(PG_mlocked);
	bool bad;

	if (flags & BIT(PG_lru))
		flags &= ~(BIT(PG_lru) | BIT(PG_active) | BIT(PG_unevictable));
	if (PageAnon(page))
		page->mapping = NULL;
	bad = kernel_profile()->free_checks_always && free_page_is_bad(page, flags);
	sev_cache_page_freed(page_to_pfn(page), site);
	if (bad) {
		sim_note(SIM_X_WARN, OBJ_OF_PAGE(page), page_mapcount(page), 0, "bad_page");
		return;
	}
	page->flags = flags & ~PAGEFLAGS_MASK;
	page->index = 0;
	page->private = 0;
	free_unref_page(page, 0);
}

#undef folio_mark_dirty
#undef set_page_dirty
#undef set_page_dirty_lock

bool folio_mark_dirty(struct folio *folio)
{
	return !folio_test_set_dirty(folio);
}

bool set_page_dirty(struct page *page)
{
	return folio_mark_dirty(page_folio(page));
}

/* Context: sleepable (N.8): it takes the folio lock. */
int set_page_dirty_lock(struct page *page)
{
	bool newly;

	lock_page(page);
	newly = (set_page_dirty)(page);
	unlock_page(page);
	return newly;
}

/* Reports of the simulated kernel are the trace's business. */
void dump_page(const struct page *page, const char *reason)
{
}
