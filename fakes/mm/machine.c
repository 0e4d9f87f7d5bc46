/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building the machine: zones, pageblocks, the CMA area, the zero page, the
 * tables beside the descriptors.  What boot does in the kernel, in a few
 * hundred stores whatever the machine's size.
 *
 * Frames: [0, normal) is ZONE_NORMAL, [normal, normal + movable) ZONE_MOVABLE.
 * CMA blocks end their zone.  The first 4 MiB of NORMAL are UNMOVABLE, as
 * the kernel's own early allocations leave them; frame 0 is reserved and
 * frame 1 is the zero page.
 */
#include "fakes/mm/cma_internal.h"
#include "fakes/mm/internal.h"
#include "sim/engine/arena.h"

#define BLOCK_BYTES	(MAX_ORDER_NR_PAGES * PAGE_SIZE)

static bool machine_is_sane(const struct build_machine *m)
{
	u64 host = m->cma_in == BUILD_ZONE_MOVABLE ? m->movable_bytes : m->normal_bytes;

	if (!m->profile || !m->normal_bytes)
		return false;
	if (m->normal_bytes % BLOCK_BYTES || m->movable_bytes % BLOCK_BYTES ||
	    m->cma_bytes % BLOCK_BYTES)
		return false;
	/* The zero page and what cannot move need a block of NORMAL that is not CMA. */
	if (m->cma_in != BUILD_ZONE_MOVABLE && m->cma_bytes >= m->normal_bytes)
		return false;
	return m->cma_bytes <= host;
}

/* A table in the sparse area, all of it live. */
static void *live_table(size_t bytes)
{
	void *table = sim_sparse(bytes);

	sim_live_set((u64)(uintptr_t)table, ALIGN(bytes, 8), true);
	return table;
}

static void build_tables(struct mm_world *mm)
{
	unsigned long nr_blocks = mm->nr_pages / pageblock_nr_pages;

	mm->nr_sections = DIV_ROUND_UP(mm->nr_pages, SECTION_NR_PAGES);
	mm->sections = sim_sparse(sections_bytes(mm->nr_sections));
	mm->contents = sim_sparse(mm->nr_pages * sizeof(*mm->contents));
	mm->locks = sim_sparse(mm->nr_pages * sizeof(*mm->locks));
	mm->block_type = live_table(nr_blocks);
	mm->block_live = live_table(BITS_TO_LONGS(nr_blocks) * sizeof(unsigned long));
}

/*
 * One zone: @unmovable pages at its start, @cma pages at its end, movable ones
 * between. The first block of each is carved now, so that no task has to, and cut
 * where nobody may ask for it whole: UNMOVABLE borrows from MOVABLE in NORMAL.
 */
static void build_zone(struct zone *zone, unsigned long unmovable, unsigned long cma)
{
	unsigned long start = zone->zone_start_pfn, end = zone_end_pfn(zone), pfn;
	unsigned int type;

	for (pfn = start; pfn < start + unmovable; pfn += pageblock_nr_pages)
		pfn_block_set_type(pfn, MIGRATE_UNMOVABLE);
	for (pfn = end - cma; pfn < end; pfn += pageblock_nr_pages)
		pfn_block_set_type(pfn, MIGRATE_CMA);
	zone_add_virgin(zone, MIGRATE_UNMOVABLE, start, start + unmovable);
	zone_add_virgin(zone, MIGRATE_MOVABLE, start + unmovable, end - cma);
	zone_add_virgin(zone, MIGRATE_CMA, end - cma, end);
	for (type = 0; type < MIGRATE_TYPES; type++) {
		if (zone->virgin[type].next >= zone->virgin[type].end)
			continue;
		buddy_carve(zone, type);
		if (zone->idx == ZONE_MOVABLE || type == MIGRATE_CMA)
			buddy_split_first(zone, type);
	}
}

static void build_zones(struct mm_world *mm, const struct build_machine *m)
{
	unsigned long normal = m->normal_bytes / PAGE_SIZE, movable = m->movable_bytes / PAGE_SIZE;
	unsigned long cma = m->cma_bytes / PAGE_SIZE;
	bool in_movable = m->cma_in == BUILD_ZONE_MOVABLE;
	struct zone *zones = mm->node.node_zones;

	zone_init(&zones[ZONE_DMA], ZONE_DMA, "DMA", 0, 0);
	zone_init(&zones[ZONE_DMA32], ZONE_DMA32, "DMA32", 0, 0);
	zone_init(&zones[ZONE_NORMAL], ZONE_NORMAL, "Normal", 0, normal);
	zone_init(&zones[ZONE_MOVABLE], ZONE_MOVABLE, "Movable", normal, movable);
	zone_init(&zones[ZONE_DEVICE], ZONE_DEVICE, "Device", normal + movable, 0);
	build_zone(&zones[ZONE_NORMAL], MAX_ORDER_NR_PAGES, in_movable ? 0 : cma);
	if (movable)
		build_zone(&zones[ZONE_MOVABLE], 0, in_movable ? cma : 0);
}

static struct page *reserve_page(struct mm_world *mm)
{
	struct page *page = buddy_alloc(&mm->node.node_zones[ZONE_NORMAL], 0, MIGRATE_UNMOVABLE);

	page->_refcount.counter = 1;
	SetPageReserved(page);
	sim_count(&mm_counts()->reserved_pages);
	sim_ref_take(&page->_refs, OBJ_OF_PAGE(page), PAGE_REF_ZERO, 1, __func__);
	return page;
}

static void build_batches(struct mm_world *mm)
{
	mm->batches = sim_alloc(sim_nr_cpus() * sizeof(*mm->batches));
	mutex_init_class(&mm->drain_all_mutex, "lru_add_drain_mutex", 0);
}

/* The contiguous area lies at the end of its zone. */
static void build_cma(struct mm_world *mm, const struct build_machine *m)
{
	bool in_movable = m->cma_in == BUILD_ZONE_MOVABLE;
	struct zone *zone = &mm->node.node_zones[in_movable ? ZONE_MOVABLE : ZONE_NORMAL];
	unsigned long count = m->cma_bytes / PAGE_SIZE;

	cma_init_area(zone_end_pfn(zone) - count, count);
}

/* N.1: what the kernel takes inside what. */
static void declare_lock_order(void)
{
	static const char * const order[] = {
		"mmap_lock", "folio_lock", "anon_vma", "ptl", "lru_lock",
	};
	unsigned int i;

	for (i = 0; i + 1 < ARRAY_SIZE(order); i++)
		sim_lock_order(order[i], order[i + 1]);
}

/**
 * build_machine() - make an empty machine's memory.
 * @m: sizes in bytes, multiples of 4 MiB, and the kernel it runs
 *
 * Context: host, once, after sim_world_init().
 * Return: 0, or -EINVAL if the sizes do not fit together.
 */
int build_machine(const struct build_machine *m)
{
	struct mm_world *mm;

	if (!machine_is_sane(m))
		return -EINVAL;
	mm = sim_room_create(SIM_ROOM_MM, sizeof(*mm));
	mm->profile = m->profile;
	mm->nr_pages = (m->normal_bytes + m->movable_bytes) / PAGE_SIZE;
	build_tables(mm);
	build_zones(mm, m);
	build_batches(mm);
	host_init();
	declare_lock_order();
	mm->folio_lock_class = sim_lock_class("folio_lock");
	reserve_page(mm);
	mm->zero = reserve_page(mm);
	mm->zero_pfn = page_to_pfn(mm->zero);
	build_cma(mm, m);
	build_swap(m->swap_bytes);
	return 0;
}
