/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The buddy allocator's free lists, per (order, migratetype).
 * mm/page_alloc.c, v6.12: expand(), __free_one_page(), try_to_steal_block().
 *
 * A zone's memory begins as "virgin" extents, one per migratetype: whole 4 MiB
 * blocks whose descriptors nobody has written to.  When the lists of a type run
 * dry the next block is carved off.  So a machine of 1 TiB is built at once.
 *
 * zone->lock is not here: each operation is part of one step of its caller, and
 * what the lock protects is never seen half done.
 *
 * Simpler than the kernel: a fallback that is smaller than a pageblock takes
 * what it needs and leaves the rest and the block's type alone, where the
 * kernel may claim the block when enough of it is free.
 */
#include "fakes/mm/internal.h"

static void count_free(struct zone *zone, enum migratetype type, long pages)
{
	if (is_migrate_isolate(type))
		return;
	zone->nr_free += pages;
	if (is_migrate_cma(type))
		zone->nr_free_cma += pages;
}

/* Onto a list and off it, without counting pages. */
static void link_free(struct zone *zone, struct page *page, unsigned int order,
		      enum migratetype type)
{
	page_init_once(page);
	page->_free_type = PAGE_IN_BUDDY;
	page->private = order;
	list_add(&page->buddy_list, &zone->free_area[order].free_list[type]);
}

static void unlink_free(struct page *page)
{
	list_del(&page->buddy_list);
	page->_free_type = PAGE_IN_USE;
	page->private = 0;
}

static void add_free(struct zone *zone, unsigned long pfn, unsigned int order,
		     enum migratetype type)
{
	link_free(zone, pfn_to_page(pfn), order, type);
	count_free(zone, type, 1L << order);
}

static void del_free(struct zone *zone, struct page *page, enum migratetype type)
{
	unsigned int order = buddy_order(page);

	unlink_free(page);
	count_free(zone, type, -(1L << order));
}

void zone_init(struct zone *zone, enum zone_type idx, const char *name, unsigned long start,
	       unsigned long nr_pages)
{
	unsigned int order, type, cpu;

	zone->name = name;
	zone->idx = idx;
	zone->zone_start_pfn = start;
	zone->spanned_pages = nr_pages;
	for (order = 0; order < NR_PAGE_ORDERS; order++)
		for (type = 0; type < MIGRATE_TYPES; type++)
			INIT_LIST_HEAD(&zone->free_area[order].free_list[type]);
	if (!nr_pages)
		return;
	zone->pcp = sim_alloc(sim_nr_cpus() * sizeof(*zone->pcp));
	for_each_online_cpu(cpu)
		for (type = 0; type < MIGRATE_PCPTYPES; type++)
			INIT_LIST_HEAD(&zone->pcp[cpu].lists[type]);
}

/* [@start, @end): whole 4 MiB blocks; one extent per type. */
void zone_add_virgin(struct zone *zone, enum migratetype type, unsigned long start,
		     unsigned long end)
{
	zone->virgin[type].next = start;
	zone->virgin[type].end = end;
	count_free(zone, type, end - start);
}

static bool has_virgin(const struct zone *zone, enum migratetype type)
{
	return zone->virgin[type].next < zone->virgin[type].end;
}

/* Put the next virgin block of a type onto the free lists. */
void buddy_carve(struct zone *zone, enum migratetype type)
{
	unsigned long pfn = zone->virgin[type].next;

	SIM_BUG_ON(!has_virgin(zone, type));
	zone->virgin[type].next += MAX_ORDER_NR_PAGES;
	count_free(zone, type, -(long)MAX_ORDER_NR_PAGES);
	pfn_block_touch(pfn);
	pfn_block_touch(pfn + pageblock_nr_pages);
	add_free(zone, pfn, MAX_PAGE_ORDER, type);
}

/* Cut a block down to @order; the upper halves are free as @type, not counted. */
static void expand(struct zone *zone, struct page *page, unsigned int high, unsigned int order,
		   enum migratetype type)
{
	while (high > order) {
		high--;
		link_free(zone, page + (1UL << high), high, type);
	}
}

static struct page *first_free(struct zone *zone, unsigned int order, enum migratetype type)
{
	return list_first_entry_or_null(&zone->free_area[order].free_list[type], struct page,
					buddy_list);
}

/**
 * buddy_alloc() - the smallest block of a migratetype that is large enough.
 * @zone: zone
 * @order: of the block
 * @type: migratetype, nothing else is tried
 *
 * Return: first page, not yet marked as in use; NULL if there is none.
 */
struct page *buddy_alloc(struct zone *zone, unsigned int order, enum migratetype type)
{
	struct page *page = NULL;
	unsigned int high;

	for (high = order; high < NR_PAGE_ORDERS && !page; high++)
		page = first_free(zone, high, type);
	if (!page) {
		if (!has_virgin(zone, type))
			return NULL;
		buddy_carve(zone, type);
		page = first_free(zone, MAX_PAGE_ORDER, type);
	}
	high = buddy_order(page);
	unlink_free(page);
	expand(zone, page, high, order, type);
	count_free(zone, type, -(1L << order));
	return page;
}

/*
 * As if a page had been allocated and given back: the first block of a type is
 * in pieces, and no task is the first to cut it.
 */
void buddy_split_first(struct zone *zone, enum migratetype type)
{
	struct page *page = buddy_alloc(zone, 0, type);

	add_free(zone, page_to_pfn(page), 0, type);
}

/* B.6: whom a type may borrow from. CMA and ISOLATE blocks are nobody's. */
static const enum migratetype fallbacks[MIGRATE_PCPTYPES][2] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

static struct page *take_from(struct zone *zone, unsigned int high, unsigned int order,
			      enum migratetype from, enum migratetype want)
{
	struct page *page = first_free(zone, high, from);
	unsigned long pfn = page_to_pfn(page), end = pfn + (1UL << high), block;
	enum migratetype rest = from;

	del_free(zone, page, from);
	if (high >= pageblock_order) {
		/* Whole blocks change hands, so that the requester's next ones fit too. */
		for (block = pfn; block < end; block += pageblock_nr_pages)
			pfn_block_set_type(block, want);
		rest = want;
	}
	expand(zone, page, high, order, rest);
	count_free(zone, rest, (1L << high) - (1L << order));
	return page;
}

/**
 * buddy_take_fallback() - borrow from another migratetype, largest first.
 * @zone: zone
 * @order: of the block
 * @type: who asks
 *
 * Return: first page, or NULL.
 */
struct page *buddy_take_fallback(struct zone *zone, unsigned int order, enum migratetype type)
{
	int high;
	unsigned int i;

	if (type >= MIGRATE_PCPTYPES)
		return NULL;
	for (high = MAX_PAGE_ORDER; high >= (int)order; high--) {
		for (i = 0; i < 2; i++) {
			enum migratetype from = fallbacks[type][i];

			if (high == MAX_PAGE_ORDER && !first_free(zone, high, from) &&
			    has_virgin(zone, from))
				buddy_carve(zone, from);
			if (first_free(zone, high, from))
				return take_from(zone, high, order, from, type);
		}
	}
	return NULL;
}

/*
 * The free buddy that @pfn could merge with at @order, or NULL. It is of the
 * same zone, and its descriptor was made: both are in one carved block.
 */
static struct page *find_buddy(unsigned long pfn, unsigned int order, enum migratetype type)
{
	unsigned long other = pfn ^ (1UL << order);
	struct page *page = pfn_to_page(other);
	enum migratetype other_type;

	if (!PageBuddy(page) || buddy_order(page) != order)
		return NULL;
	if (order < pageblock_order)
		return page;
	/* Blocks that may not be mixed never merge into one. */
	other_type = pfn_block_type(other);
	if (other_type != type && (other_type > MIGRATE_PCPTYPES || type > MIGRATE_PCPTYPES))
		return NULL;
	return page;
}

/**
 * buddy_free() - give a block back, merging it with its free neighbours.
 * @zone: zone
 * @pfn: first frame
 * @order: of the block
 * @type: migratetype of its pageblock
 */
void buddy_free(struct zone *zone, unsigned long pfn, unsigned int order, enum migratetype type)
{
	unsigned long more = 1UL << order;
	struct page *buddy;

	while (order < MAX_PAGE_ORDER) {
		buddy = find_buddy(pfn, order, type);
		if (!buddy)
			break;
		if (order < pageblock_order) {
			/* Counted already, as what it stays: @type. */
			unlink_free(buddy);
		} else {
			del_free(zone, buddy, pfn_block_type(page_to_pfn(buddy)));
			more += 1UL << order;
		}
		pfn &= ~(1UL << order);
		order++;
	}
	link_free(zone, pfn_to_page(pfn), order, type);
	count_free(zone, type, more);
}

/* Head of the free block that covers a frame, or NULL. */
struct page *covering_free(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	unsigned int order;

	/* The largest block lies in one section. */
	for (order = 0; order < NR_PAGE_ORDERS; order++) {
		struct page *head = page - (pfn & ((1UL << order) - 1));

		if (PageBuddy(head) && buddy_order(head) >= order)
			return head;
	}
	return NULL;
}

static bool pfn_is_virgin(struct zone *zone, unsigned long pfn)
{
	unsigned int type;

	for (type = 0; type < MIGRATE_TYPES; type++)
		if (pfn >= zone->virgin[type].next && pfn < zone->virgin[type].end)
			return true;
	return false;
}

bool pfn_is_free(unsigned long pfn)
{
	const struct page *page;

	if (!pfn_block_is_live(pfn))
		return true;
	page = pfn_to_page(pfn);
	/* No need to look for a block that it might be part of. */
	if (page_ref_in_use(page))
		return false;
	return page->_free_type != PAGE_IN_USE || pfn_is_virgin(pfn_zone(pfn), pfn) ||
	       covering_free(pfn);
}

/**
 * pfn_skip_free() - go on to what is in use.
 * @pfn: frame
 *
 * Context: any; no step.
 * Return: the first frame behind the free memory that @pfn is seen to lie in
 * (what follows may be free as well); @pfn itself if it is in use.
 */
unsigned long pfn_skip_free(unsigned long pfn)
{
	struct page *head;

	if (!pfn_block_is_live(pfn))
		return pageblock_end_pfn(pfn);
	if (page_ref_in_use(pfn_to_page(pfn)))
		return pfn;
	head = covering_free(pfn);
	if (head)
		return page_to_pfn(head) + (1UL << buddy_order(head));
	return pfn_is_free(pfn) ? pfn + 1 : pfn;
}

/* Carve until the frame is no longer virgin. */
static void carve_up_to(struct zone *zone, unsigned long pfn)
{
	unsigned int type;

	for (type = 0; type < MIGRATE_TYPES; type++)
		while (has_virgin(zone, type) && pfn >= zone->virgin[type].next &&
		       pfn < zone->virgin[type].end)
			buddy_carve(zone, type);
}

/* A 4 MiB free block covers two pageblocks: make it two. */
static void split_across(struct zone *zone, unsigned long pfn, enum migratetype type)
{
	struct page *head = covering_free(pfn);
	unsigned long first;

	if (!head || buddy_order(head) <= pageblock_order)
		return;
	first = page_to_pfn(head);
	del_free(zone, head, type);
	add_free(zone, first, pageblock_order, type);
	add_free(zone, first + pageblock_nr_pages, pageblock_order, type);
}

/**
 * move_freepages_block() - a pageblock's free pages change their migratetype.
 * @zone: zone
 * @pfn: any frame of the block
 * @to: new type; the block's own type is changed too
 *
 * Context: any; part of its caller's step. Pages on per-CPU lists stay there.
 */
void move_freepages_block(struct zone *zone, unsigned long pfn, enum migratetype to)
{
	unsigned long end = pageblock_end_pfn(pfn), step;
	enum migratetype from = pfn_block_type(pfn);

	pfn = pageblock_start_pfn(pfn);
	carve_up_to(zone, pfn);
	split_across(zone, pfn, from);
	pfn_block_set_type(pfn, to);
	for (; pfn < end; pfn += step) {
		struct page *page = pfn_to_page(pfn);

		step = 1;
		if (!PageBuddy(page))
			continue;
		step = 1UL << buddy_order(page);
		list_move(&page->buddy_list, &zone->free_area[buddy_order(page)].free_list[to]);
		count_free(zone, from, -(long)step);
		count_free(zone, to, step);
	}
}

/* Take one covering free block off the lists; what lies outside goes back. */
static void take_block(struct zone *zone, struct page *head, unsigned long start,
		       unsigned long end)
{
	unsigned long pfn = page_to_pfn(head), stop = pfn + (1UL << buddy_order(head));
	enum migratetype type = pfn_block_type(pfn);

	del_free(zone, head, type);
	for (; pfn < stop; pfn++)
		if (pfn < start || pfn >= end)
			buddy_free(zone, pfn, 0, type);
}

bool buddy_take_range(struct zone *zone, unsigned long start, unsigned long end)
{
	unsigned long pfn, next;
	struct page *head;

	for (pfn = start; pfn < end; pfn = page_to_pfn(head) + (1UL << buddy_order(head))) {
		carve_up_to(zone, pfn);
		head = covering_free(pfn);
		if (!head)
			return false;
	}
	for (pfn = start; pfn < end; pfn = next) {
		head = covering_free(pfn);
		next = page_to_pfn(head) + (1UL << buddy_order(head));
		take_block(zone, head, start, end);
	}
	/* A run in each section, however the blocks lay. */
	for (pfn = start; pfn < end; pfn = next) {
		next = min(round_down(pfn, SECTION_NR_PAGES) + SECTION_NR_PAGES, end);
		prep_new_pages(pfn_to_page(pfn), next - pfn, "alloc_contig_range");
	}
	return true;
}
