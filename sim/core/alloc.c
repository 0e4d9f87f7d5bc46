/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated machine's own memory.  Stands for mm/slub.c as far as its
 * users can see it: zeroed or not, they get zeroes.
 *
 * Simpler than the kernel: each context (a task, or the host) has an area and
 * gives it out from its beginning to its end.  Nothing is given out twice in
 * an execution, so freed memory stays recognisable as long as the execution
 * lasts, and an address depends only on the context's own allocations.  An
 * area's 16 GiB are addresses, not memory; the explorer rolls them back.
 */
#include "sim/core/alloc.h"
#include "sim/core/world_private.h"
#include "sim/engine/footprint.h"

/* Before each block; its live map byte is the engine's mark for headers. */
struct alloc_header {
	const char *site;	/* who has a tracked block, else not written */
	uint64_t pad;		/* blocks are aligned to 16 */
	uint64_t size;
	uint32_t number;	/* counted in its area */
	uint16_t context;	/* whose area */
	uint16_t magic;
};

#define ALLOC_MAGIC	0xa110
#define TRACKED_MAGIC	0xa111	/* whoever has it must free it */
#define HOOKED_MAGIC	0xa112	/* the same, of what a hook allocated */
#define FREE_MAGIC	0xf4ee
#define ALLOC_GAP	16	/* never live: an access one past the end */
#define ALLOC_MAX	(1ULL << 32)
#define ALLOC_ONE_LIVE	(1LL << 40)	/* in an area's count, above the bytes */

/* Headers are not live, so the hooks would refuse what is right here. */
static SIM_QUIET struct alloc_header header_of(const void *p)
{
	const struct alloc_header *h = (const struct alloc_header *)p - 1;
	struct alloc_header copy = { .site = NULL };

	sim_touch(h, SIM_ACCESS_READ);
	copy.size = h->size;
	copy.number = h->number;
	copy.context = h->context;
	copy.magic = h->magic;
	return copy;
}

static SIM_QUIET void set_header(void *p, struct alloc_header new)
{
	struct alloc_header *h = (struct alloc_header *)p - 1;

	sim_touch(h, SIM_ACCESS_WRITE);
	sim_undo_object(&h->size, sizeof(*h) - offsetof(struct alloc_header, size));
	h->size = new.size;
	h->number = new.number;
	h->context = new.context;
	h->magic = new.magic;
}

/* The block is freed. */
static SIM_QUIET void spoil_header(void *p)
{
	struct alloc_header *h = (struct alloc_header *)p - 1;

	sim_touch(h, SIM_ACCESS_WRITE);
	sim_set(h->magic, FREE_MAGIC);
}

static SIM_QUIET void count_live(struct sim_area_state *area, int64_t n, int64_t bytes)
{
	/* Who frees may be another than who allocated. */
	sim_touch(&area->live, SIM_ACCESS_ADD);
	sim_set(area->live, area->live + n * ALLOC_ONE_LIVE + bytes);
}

static sim_obj_t name_of(struct alloc_header h)
{
	return SIM_OBJ(SIM_CLASS_MEMORY,
		       (uint64_t)h.context << 32 | h.number);
}

/**
 * sim_alloc() - zeroed memory.
 * @size: bytes; a multiple of 4096 is aligned to 4096, else to 16
 *
 * Context: any; does not yield.
 * Return: never NULL.
 */
SIM_QUIET void *sim_alloc(size_t size)
{
	unsigned int context = sim_context_id();
	struct sim_area_state *area = &the_world->area[context];
	uint64_t align = size && size % 4096 == 0 ? 4096 : 16;
	uint64_t limit = (area->next | (SIM_AREA_SIZE - 1)) + 1;
	struct alloc_header h = { 0 };
	uint64_t p;

	SIM_BUG_ON(size > ALLOC_MAX);
	p = area->next + sizeof(h);
	p = (p + align - 1) & ~(align - 1);
	SIM_BUG_ON(p + size + ALLOC_GAP > limit);
	h.size = size;
	sim_set(area->count, area->count + 1);
	h.number = area->count;
	h.context = context;
	h.magic = ALLOC_MAGIC;
	set_header((void *)p, h);
	sim_live_header(p - sizeof(h), sizeof(h));
	if (size)
		sim_live_new(p, size);
	sim_set(area->next, (p + size + ALLOC_GAP + 15) & ~15ULL);
	count_live(area, 1, size);
	return (void *)p;
}

static SIM_QUIET void set_site(void *p, const char *site)
{
	struct alloc_header *h = (struct alloc_header *)p - 1;

	sim_set(h->site, site);
}

static SIM_QUIET bool is_tracked(struct alloc_header h)
{
	return h.magic == TRACKED_MAGIC || h.magic == HOOKED_MAGIC;
}

static SIM_QUIET void count_tracked(struct sim_area_state *area, int64_t n)
{
	sim_touch(&area->tracked, SIM_ACCESS_ADD);
	sim_set(area->tracked, area->tracked + n);
}

/* A block with this header is there, or no more. */
static SIM_QUIET void count_hooked(struct alloc_header h, int64_t n)
{
	struct sim_area_state *area = &the_world->area[h.context];

	sim_touch(&area->hooked, SIM_ACCESS_ADD);
	sim_set(area->hooked, area->hooked + n * (int64_t)h.size);
}

/**
 * sim_alloc_tracked() - memory that is missed if nobody frees it.
 * @size: as of sim_alloc()
 * @site: who allocates it
 *
 * Context: any; does not yield.
 * Return: never NULL.
 */
SIM_QUIET void *sim_alloc_tracked(size_t size, const char *site)
{
	void *p = sim_alloc(size);
	struct alloc_header h = header_of(p);

	h.magic = TRACKED_MAGIC;
	set_header(p, h);
	set_site(p, site);
	count_tracked(&the_world->area[h.context], 1);
	return p;
}

/**
 * sim_alloc_tracked_hook() - the same, of what a design's hook asks for itself.
 * @size: as of sim_alloc()
 * @site: who allocates it
 *
 * It counts for sim_alloc_hooked(). Context: any; does not yield.
 * Return: never NULL.
 */
SIM_QUIET void *sim_alloc_tracked_hook(size_t size, const char *site)
{
	void *p = sim_alloc_tracked(size, site);
	struct alloc_header h = header_of(p);

	h.magic = HOOKED_MAGIC;
	set_header(p, h);
	count_hooked(h, 1);
	return p;
}

/* The newest tracked block of an area that has some. */
static SIM_QUIET bool last_tracked(const struct sim_area_state *area, struct sim_block *ret)
{
	uint64_t addr = area->next, at;

	while ((at = sim_live_find_header(addr, SIM_AREA_SIZE))) {
		/* The last word of a header is found first, going down. */
		struct alloc_header *h = (struct alloc_header *)(at + 8) - 1;

		addr = (uint64_t)h - 8;
		if (!is_tracked(*h))
			continue;
		ret->obj = name_of(*h);
		ret->size = h->size;
		ret->task = h->context < SIM_MAX_TASKS ? h->context : -1;
		ret->site = h->site;
		return true;
	}
	return false;
}

/**
 * sim_alloc_left() - what sim_alloc_tracked() gave and nobody freed.
 * @ret: the newest one, or NULL
 *
 * Context: host; an execution has ended.
 * Return: how many there are.
 */
uint64_t sim_alloc_left(struct sim_block *ret)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = 0; i < SIM_NR_CONTEXTS; i++) {
		const struct sim_area_state *area = &the_world->area[i];

		if (ret && area->tracked && !n)
			last_tracked(area, ret);
		n += area->tracked;
	}
	return n;
}

void *sim_alloc_own(size_t size)
{
	struct sim_area_state *area = &the_world->area[sim_context_id()];
	void *p = sim_alloc(size);

	count_live(area, -1, -(int64_t)size);
	return p;
}

/* Who frees what is not allocated, if it is loaded code. */
static const char *freed_by(void)
{
	const char *site = sim_fault_site();

	return site ? site : "sim_free";
}

static SIM_QUIET void free_block(void *p, bool zero)
{
	struct sim_area_state *area;
	struct alloc_header h;

	if (!p)
		return;
	if (!sim_in_arena((uint64_t)p) || ((uint64_t)p & 15) ||
	    (uint64_t)p < SIM_ARENA_BASE + sizeof(struct sim_world))
		sim_fatal(SIM_X_BUG, SIM_OBJ(SIM_CLASS_MEMORY, 0), 1, 0, freed_by());
	h = header_of(p);
	if (h.magic == FREE_MAGIC)
		sim_fatal(SIM_X_UAF, name_of(h), 1, 0, freed_by());
	if (h.magic != ALLOC_MAGIC && !is_tracked(h))
		sim_fatal(SIM_X_BUG, SIM_OBJ(SIM_CLASS_MEMORY, 0), 1, 0, freed_by());
	area = &the_world->area[h.context];
	if (is_tracked(h)) {
		count_tracked(area, -1);
		if (h.magic == HOOKED_MAGIC)
			count_hooked(h, -1);
		set_site(p, NULL);
	}
	/* All of it is live, and what rounding adds lies in the gap. */
	if (!zero)
		sim_zero_words(p, (h.size + 7) / 8);
	spoil_header(p);
	if (h.size)
		sim_live_gone((uint64_t)p, h.size);
	count_live(area, -1, -(int64_t)h.size);
}

/**
 * sim_free() - give memory back.
 * @p: what sim_alloc() returned, or NULL
 *
 * Context: any; does not yield. A second free, or a pointer that never came
 * from sim_alloc(), is fatal.
 */
SIM_QUIET void sim_free(void *p)
{
	free_block(p, false);
}

/**
 * sim_free_zero() - give memory back that is all zero again.
 * @p: what sim_alloc() returned, or NULL
 *
 * What is freed is zeroed, so that equal states are equal; a block that is
 * known to be need not be looked through. Context: as sim_free().
 */
SIM_QUIET void sim_free_zero(void *p)
{
	free_block(p, true);
}

size_t sim_alloc_size(const void *p)
{
	struct alloc_header h = header_of(p);

	SIM_BUG_ON(h.magic != ALLOC_MAGIC && !is_tracked(h));
	return h.size;
}

/**
 * sim_alloc_live() - what is allocated now.
 * @ret_bytes: how many bytes in all, or NULL
 *
 * Return: how many allocations.
 */
uint64_t sim_alloc_live(uint64_t *ret_bytes)
{
	uint64_t n = 0, bytes = 0;
	unsigned int i;

	for (i = 0; i < SIM_NR_CONTEXTS; i++) {
		n += the_world->area[i].live / ALLOC_ONE_LIVE;
		bytes += the_world->area[i].live % ALLOC_ONE_LIVE;
	}
	if (ret_bytes)
		*ret_bytes = bytes;
	return n;
}

uint64_t sim_alloc_hooked(void)
{
	uint64_t bytes = 0;
	unsigned int i;

	for (i = 0; i < SIM_NR_CONTEXTS; i++)
		bytes += the_world->area[i].hooked;
	return bytes;
}

void *sim_sparse(size_t size)
{
	uint64_t p = the_world->sparse_next;
	uint64_t end = sim_area_base(SIM_AREA_IMAGES);

	SIM_BUG_ON(size > end - p);
	size = (size + 0xffff) & ~0xffffULL;
	SIM_BUG_ON(size > end - p);
	the_world->sparse_next = p + size;
	return (void *)p;
}

/**
 * sim_memory_obj() - what the trace calls the memory at an address.
 * @addr: inside, or a little past, a block
 *
 * Return: the block's name, with identity 0 if no block is near.
 */
sim_obj_t sim_memory_obj(uint64_t addr)
{
	uint64_t header = sim_live_find_header(addr, 1 << 20);

	if (!header)
		return SIM_OBJ(SIM_CLASS_MEMORY, 0);
	/* The last word of a header is found first, going down. */
	return name_of(header_of((void *)(header + 8)));
}
