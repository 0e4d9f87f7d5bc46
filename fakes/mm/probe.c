/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mm as checks, reports and tests see it: reading only, no steps.
 *
 * Checks look here after every other step, so the commonest are spared the
 * hooks (__no_kcsan) and say themselves what they see. A result is the caller's
 * own, never in the world.
 */
#include <linux/cma.h>
#include <linux/swapops.h>

#include "fakes/mm/internal.h"
#include "sim/engine/footprint.h"

/* A.3 and what comes on top of it, as the ledger knows it; and of what. */
static __no_kcsan void count_refs(const struct page *page, struct probe_page *ret)
{
	struct sim_ref_info info;
	u32 cursor = 0;

	while (sim_ref_walk(&page->_refs, &cursor, &info)) {
		bool pin = info.kind == PAGE_REF_PIN;

		ret->expected += info.count * (pin ? GUP_PIN_COUNTING_BIAS : 1);
		if (pin)
			ret->pins += info.count;
		else if (info.kind == PAGE_REF_GET)
			ret->gets += info.count;
		if (info.long_lived)
			ret->held += info.count;
	}
}

/* Both numbers of each flag: the fake's and the probe's. */
static const struct {
	u8 nr;
	uint32_t flag;
} flags[] = {
	{ PG_locked, PROBE_FLAG_LOCKED }, { PG_waiters, PROBE_FLAG_WAITERS },
	{ PG_referenced, PROBE_FLAG_REFERENCED }, { PG_uptodate, PROBE_FLAG_UPTODATE },
	{ PG_dirty, PROBE_FLAG_DIRTY }, { PG_lru, PROBE_FLAG_LRU },
	{ PG_active, PROBE_FLAG_ACTIVE }, { PG_workingset, PROBE_FLAG_WORKINGSET },
	{ PG_swapcache, PROBE_FLAG_SWAPCACHE }, { PG_anon_exclusive, PROBE_FLAG_EXCLUSIVE },
	{ PG_reserved, PROBE_FLAG_RESERVED }, { PG_private, PROBE_FLAG_PRIVATE },
	{ PG_writeback, PROBE_FLAG_WRITEBACK }, { PG_head, PROBE_FLAG_HEAD },
	{ PG_reclaim, PROBE_FLAG_RECLAIM }, { PG_swapbacked, PROBE_FLAG_SWAPBACKED },
	{ PG_unevictable, PROBE_FLAG_UNEVICTABLE }, { PG_mlocked, PROBE_FLAG_MLOCKED },
	{ PG_hwpoison, PROBE_FLAG_HWPOISON },
};

__no_kcsan bool probe_words(uint64_t pfn, struct probe_words *ret_words)
{
	const struct page *page;
	unsigned int i;

	if (!pfn_valid(pfn) || !pfn_block_is_live(pfn))
		return false;
	page = pfn_to_page(pfn);
	ret_words->flags = 0;
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (page->flags & BIT(flags[i].nr))
			ret_words->flags |= flags[i].flag;
	ret_words->index = page->index;
	ret_words->mapping = page->mapping && !PageAnon(page);
	return true;
}

static __no_kcsan void place_of(unsigned long pfn, struct probe_page *ret)
{
	enum migratetype type = pfn_block_type(pfn);

	ret->pfn = pfn;
	ret->zone = pfn_zone(pfn)->idx == ZONE_MOVABLE ? PROBE_ZONE_MOVABLE : PROBE_ZONE_NORMAL;
	ret->cma = is_migrate_cma(type);
	ret->isolate = is_migrate_isolate(type);
	ret->zero_page = is_zero_pfn(pfn);
	ret->pinnable = !ret->cma && !ret->isolate &&
			(ret->zero_page || ret->zone != PROBE_ZONE_MOVABLE);
}

__no_kcsan bool probe_place(uint64_t pfn, struct probe_page *ret_page)
{
	if (!pfn_valid(pfn))
		return false;
	place_of(pfn, ret_page);
	return true;
}

/* The area never changes. */
__no_kcsan uint64_t probe_cma(uint64_t *ret_base)
{
	struct cma *cma = mm_world()->cma;

	if (!cma)
		return 0;
	*ret_base = cma_get_base_pfn(cma);
	return cma_get_pages(cma);
}

bool probe_is_free(uint64_t pfn)
{
	return pfn_valid(pfn) && pfn_is_free(pfn);
}

__no_kcsan bool probe_is_zero(uint64_t pfn)
{
	return is_zero_pfn(pfn);
}

__no_kcsan bool probe_page(uint64_t pfn, struct probe_page *ret_page)
{
	static const struct probe_page none;
	struct page *page;

	if (!pfn_valid(pfn))
		return false;
	*ret_page = none;
	place_of(pfn, ret_page);
	ret_page->free = pfn_is_free(pfn);
	if (!pfn_block_is_live(pfn))
		return true;
	page = pfn_to_page(pfn);
	/* A descriptor that was never made says nothing. */
	if (!sim_seen(page->flags))
		return true;
	sim_touch(&page->_refcount, SIM_ACCESS_READ);
	sim_touch(&page->_mapcount, SIM_ACCESS_READ);
	sim_touch(&page->mapping, SIM_ACCESS_READ);
	ret_page->refcount = page_ref_count(page);
	ret_page->mapcount = page_mapcount(page);
	count_refs(page, ret_page);
	ret_page->reserved = PageReserved(page);
	ret_page->lru = PageLRU(page);
	ret_page->locked = PageLocked(page);
	ret_page->anon = PageAnon(page);
	ret_page->exclusive = PageAnonExclusive(page);
	ret_page->dirty = PageDirty(page);
	ret_page->swapcache = folio_test_swapcache(page_folio(page));
	return true;
}

__no_kcsan bool probe_pte(unsigned int process, uint64_t addr, struct probe_pte *ret_pte)
{
	struct mm_struct *mm = process_mm(process);
	pte_t *ptep, pte;

	if (!mm)
		return false;
	ptep = pte_lookup(mm, addr);
	pte = ptep ? __pte(sim_seen(ptep->pte)) : __pte(0);
	ret_pte->has_vma = vma_lookup(mm, addr);
	ret_pte->pfn = 0;
	ret_pte->writable = false;
	ret_pte->dirty = false;
	ret_pte->kind = PROBE_PTE_NONE;
	if (pte_present(pte)) {
		ret_pte->kind = PROBE_PTE_PRESENT;
		ret_pte->pfn = pte_pfn(pte);
		ret_pte->writable = pte_write(pte);
		ret_pte->dirty = pte_dirty(pte);
	} else if (!pte_none(pte)) {
		bool migration = is_migration_entry(pte_to_swp_entry(pte));

		ret_pte->kind = migration ? PROBE_PTE_MIGRATION : PROBE_PTE_SWAP;
		ret_pte->pfn = swp_offset_pfn(pte_to_swp_entry(pte));
	}
	return true;
}

__no_kcsan uint64_t probe_nr_pages(void)
{
	return mm_world()->nr_pages;
}

/* Next frame of a block that is in use; @end if there is none. */
static u64 next_allocated_in(u64 pfn, u64 end)
{
	u64 next;

	for (; pfn < end; pfn = next) {
		next = pfn_skip_free(pfn);
		if (next == pfn)
			return pfn;
	}
	return end;
}

uint64_t probe_next_allocated(uint64_t pfn)
{
	struct mm_world *mm = mm_world();
	unsigned long nr_blocks = mm->nr_pages / pageblock_nr_pages, block;
	u64 found, end;

	for (block = find_next_bit(mm->block_live, nr_blocks, pfn / pageblock_nr_pages);
	     block < nr_blocks; block = find_next_bit(mm->block_live, nr_blocks, block + 1)) {
		end = (block + 1) * pageblock_nr_pages;
		found = next_allocated_in(max_t(u64, pfn, block * pageblock_nr_pages), end);
		if (found < end)
			return found;
	}
	return U64_MAX;
}

static __no_kcsan u64 free_pages(const struct zone *zone)
{
	u64 n = zone->nr_free;
	unsigned int cpu;

	if (zone->spanned_pages)
		for_each_online_cpu(cpu)
			n += zone->pcp[cpu].count;
	return n;
}

/* Asked where nothing runs any more, so nothing needs to be told of it. */
__no_kcsan void probe_mm_counts(struct probe_mm_counts *ret_counts)
{
	const struct mm_history *history = mm_history();
	struct mm_world *mm = mm_world();

	*ret_counts = history->counts;
	ret_counts->foll_pin_acquired = history->stat[NR_FOLL_PIN_ACQUIRED];
	ret_counts->foll_pin_released = history->stat[NR_FOLL_PIN_RELEASED];
	ret_counts->free_pages = free_pages(&mm->node.node_zones[ZONE_NORMAL]) +
				 free_pages(&mm->node.node_zones[ZONE_MOVABLE]);
}

bool probe_page_ref(uint64_t pfn, unsigned int i, struct sim_ref_info *ret_info)
{
	if (!pfn_valid(pfn) || !pfn_block_is_live(pfn))
		return false;
	return sim_ref_entry(&pfn_to_page(pfn)->_refs, i, ret_info);
}

uint32_t probe_page_held(uint64_t pfn, uint8_t kind, uint8_t owner_kind, uint32_t id,
			 unsigned int shift)
{
	sim_owner_t mask = SIM_OWNER(0xff, ~0U << shift);

	if (!pfn_valid(pfn) || !pfn_block_is_live(pfn))
		return 0;
	return sim_ref_count_hooks(&pfn_to_page(pfn)->_refs, kind,
				   SIM_OWNER(owner_kind, id << shift), mask);
}

const char *probe_ref_kind_name(uint8_t kind)
{
	static const char * const names[] = {
		[PAGE_REF_ALLOC] = "alloc",
		[PAGE_REF_MAP] = "pte",
		[PAGE_REF_BATCH] = "batch",
		[PAGE_REF_ISOLATE] = "isolate",
		[PAGE_REF_GET] = "get",
		[PAGE_REF_PIN] = "pin",
		[PAGE_REF_CACHE] = "cache",
		[PAGE_REF_PROBE] = "probe",
		[PAGE_REF_ZERO] = "zero",
	};

	return kind < ARRAY_SIZE(names) && names[kind] ? names[kind] : "?";
}
