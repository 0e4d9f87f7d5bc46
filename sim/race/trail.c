/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trail of pages: which frame lay at an address last, and what a frame
 * holds.  Two open hash tables of fixed size, of which only the entries in use
 * cost anything.
 *
 * Which frame lay at an address is state: what becomes of the frame decides
 * how a race ends.  What a frame has seen is history: it is for names, and for
 * who asks whether a page has moved.  Both are written without hooks, as no
 * task looks at them.
 */
#include "sim/core/alloc.h"
#include "sim/engine/arena.h"
#include "sim/engine/store.h"
#include "sim/race/actor_private.h"

#define TRAIL_BITS	15
#define TRAIL_SIZE	(1u << TRAIL_BITS)
#define TRAIL_REACH	64	/* places looked at; a page that finds none stays nameless */

struct by_addr {
	u64 key;		/* process << 40 | virtual page number, plus 1; 0 free */
	u64 pfn;
};

struct by_pfn {
	u64 key;		/* pfn + 1 */
	u64 origin;		/* as by_addr.key */
	u32 moves;
};

struct actor_trail {
	struct by_addr *addr;
	struct by_pfn *pfn;
};

void actor_trail_init(struct actors *all)
{
	struct actor_trail *t = sim_alloc(sizeof(*t));

	t->addr = sim_sparse(sizeof(*t->addr) * TRAIL_SIZE);
	t->pfn = (struct by_pfn *)SIM_HISTORY_TABLE;
	sim_live_set((u64)t->addr, sizeof(*t->addr) * TRAIL_SIZE, true);
	sim_live_set((u64)t->pfn, sizeof(*t->pfn) * TRAIL_SIZE, true);
	all->trail = t;
}

static u64 addr_key(unsigned int process, u64 addr)
{
	return ((u64)process << 40 | addr >> PAGE_SHIFT) + 1;
}

static u32 first_place(u64 key)
{
	return (key * 0x9e3779b97f4a7c15ULL) >> (64 - TRAIL_BITS);
}

/* The place of @key, or the free one where it belongs. NULL: too full here. */
static __no_kcsan struct by_addr *find_addr(u64 key)
{
	struct by_addr *table = actors()->trail->addr;
	u32 i = first_place(key), n;

	for (n = 0; n < TRAIL_REACH; n++, i = (i + 1) % TRAIL_SIZE)
		if (!table[i].key || table[i].key == key)
			return &table[i];
	return NULL;
}

static __no_kcsan struct by_pfn *find_pfn(u64 pfn)
{
	struct by_pfn *table = actors()->trail->pfn;
	u32 i = first_place(pfn + 1), n;

	for (n = 0; n < TRAIL_REACH; n++, i = (i + 1) % TRAIL_SIZE)
		if (!table[i].key || table[i].key == pfn + 1)
			return &table[i];
	return NULL;
}

/* Mapped by somebody else as well: a forked child has its parent's page. */
static __no_kcsan bool is_shared(u64 pfn)
{
	return pfn_valid(pfn) && page_mapcount(pfn_to_page(pfn)) > 1;
}

/* A frame that was moved to keeps its count of moves when its PTE comes back. */
__no_kcsan void actor_note_map(unsigned int process, uint64_t addr, uint64_t pfn)
{
	u64 key = addr_key(process, addr);
	struct by_addr *a = find_addr(key);
	struct by_pfn *p = find_pfn(pfn);

	if (!a || !p)
		return;
	sim_set(a->key, key);
	sim_set(a->pfn, pfn);
	if (p->key && (p->origin == key || is_shared(pfn)))
		return;
	sim_set(p->key, pfn + 1);
	sim_set(p->origin, key);
	sim_set(p->moves, 0);
}

__no_kcsan void actor_note_moved(uint64_t from, uint64_t pfn)
{
	struct by_pfn *old = find_pfn(from);
	struct by_pfn *new = find_pfn(pfn);

	if (!old || !old->key || !new)
		return;
	sim_set(new->key, pfn + 1);
	sim_set(new->origin, old->origin);
	sim_set(new->moves, old->moves + 1);
}

uint64_t actor_last_pfn(unsigned int process, uint64_t addr)
{
	const struct by_addr *a = find_addr(addr_key(process, addr));

	return a && a->key ? a->pfn : UINT64_MAX;
}

bool actor_page_origin(uint64_t pfn, unsigned int *ret_process, uint64_t *ret_addr,
		       unsigned int *ret_moves)
{
	const struct by_pfn *p = find_pfn(pfn);

	if (!p || !p->key)
		return false;
	*ret_process = (p->origin - 1) >> 40;
	*ret_addr = ((p->origin - 1) & ((1ULL << 40) - 1)) << PAGE_SHIFT;
	*ret_moves = p->moves;
	return true;
}
