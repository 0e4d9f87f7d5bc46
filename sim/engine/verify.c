/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of the world: see verify.h.
 *
 * Which host pages to copy is found from two sides: the engine knows how far
 * each area was ever in use, and mincore() knows which pages below that were
 * touched.  A page that was not is a page of zeroes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/fiber_private.h"
#include "sim/engine/hash_private.h"
#include "sim/engine/verify.h"

#define PAGE		4096ULL
#define CHUNK_PAGES	4096	/* asked of mincore() at a time */

struct piece {
	uint64_t addr;
	uint64_t size;
	const char *bytes;	/* in another copy's buffer, or NULL: */
	size_t at;		/* in the own one */
};

struct sim_verify {
	const struct sim_verify *base;
	size_t next;		/* the base's first piece not passed by yet */
	struct piece *piece;	/* by address within each kind */
	size_t nr, max;
	char *buf;
	size_t used, size;
	uint64_t high_water[SIM_NR_AREAS];
	uint64_t stack_lo[SIM_MAX_TASKS];
};

static void *must(void *p)
{
	if (!p)
		SIM_BUG("out of memory");
	return p;
}

static const char *bytes_of(const struct sim_verify *v, const struct piece *p)
{
	return p->bytes ? p->bytes : v->buf + p->at;
}

/* The base's bytes of a piece if they are what the world has, or NULL. */
static const char *in_base(struct sim_verify *v, uint64_t addr, uint64_t size)
{
	const struct sim_verify *base = v->base;
	const struct piece *p;

	if (!base || v->next == base->nr)
		return NULL;
	p = &base->piece[v->next];
	if (p->addr != addr || p->size != size)
		return NULL;
	v->next++;
	return memcmp(bytes_of(base, p), (void *)addr, size) ? NULL : bytes_of(base, p);
}

static void copy_piece(struct sim_verify *v, uint64_t addr, uint64_t size)
{
	if (v->size - v->used < size) {
		v->size = 2 * v->size + size;
		v->buf = must(realloc(v->buf, v->size));
	}
	__real_memcpy(v->buf + v->used, (void *)addr, size);
	v->used += size;
}

static void add_piece(struct sim_verify *v, uint64_t addr, uint64_t size)
{
	struct piece *p;

	if (v->nr == v->max) {
		v->max = v->max ? 2 * v->max : 64;
		v->piece = must(reallocarray(v->piece, v->max,
					     sizeof(*v->piece)));
	}
	p = &v->piece[v->nr++];
	*p = (struct piece){ .addr = addr, .size = size, .at = v->used,
			     .bytes = in_base(v, addr, size) };
	if (!p->bytes)
		copy_piece(v, addr, size);
}

/* Call @fn for every touched page of a range until it returns true. */
static bool each_page(uint64_t lo, uint64_t hi, sim_page_fn fn, void *arg)
{
	unsigned char in[CHUNK_PAGES];
	uint64_t addr = lo & ~(PAGE - 1);

	while (addr < hi) {
		uint64_t n = (hi - addr + PAGE - 1) / PAGE;
		uint64_t i;

		if (n > CHUNK_PAGES)
			n = CHUNK_PAGES;
		if (mincore((void *)addr, n * PAGE, in))
			SIM_BUG("mincore() failed");
		for (i = 0; i < n; i++) {
			if ((in[i] & 1) && fn(arg, addr + i * PAGE))
				return true;
		}
		addr += n * PAGE;
	}
	return false;
}

bool sim_each_used_page(sim_page_fn fn, void *arg)
{
	unsigned int area;

	for (area = 0; area < SIM_NR_AREAS; area++) {
		uint64_t lo = sim_area_base(area);
		uint64_t hi = sim_engine.high_water[area];

		if (hi <= lo)
			continue;
		if (each_page(lo, hi, fn, arg))
			return true;
		if (each_page((uint64_t)sim_live_byte(lo),
			      (uint64_t)sim_live_byte(hi - 1) + 1, fn, arg))
			return true;
	}
	return false;
}

static bool copy_page(void *arg, uint64_t addr)
{
	add_piece(arg, addr, PAGE);
	return false;
}

/*
 * @v: an older copy whose room is used, or NULL
 * @base: a copy that stays as it is while this one is in use, or NULL
 */
static struct sim_verify *take(struct sim_verify *v, const struct sim_verify *base)
{
	unsigned int id;

	SIM_BUG_ON(sim_fiber_running() >= 0);
	if (!v)
		v = must(calloc(1, sizeof(*v)));
	v->nr = 0;
	v->used = 0;
	v->next = 0;
	v->base = base;
	sim_each_used_page(copy_page, v);
	add_piece(v, (uint64_t)sim_world_data_start,
		  sim_world_data_end - sim_world_data_start);
	for (id = 0; id < SIM_MAX_TASKS; id++) {
		uint64_t lo, hi;

		sim_fiber_live(id, &lo, &hi);
		v->stack_lo[id] = lo;
		if (lo < hi)
			add_piece(v, lo, hi - lo);
	}
	return v;
}

struct sim_verify *sim_verify_take(void)
{
	return take(NULL, NULL);
}

void sim_verify_path(struct sim_verify **path, size_t depth)
{
	path[depth] = take(path[depth], depth ? path[depth - 1] : NULL);
}

void sim_verify_free(struct sim_verify *v)
{
	if (!v)
		return;
	free(v->piece);
	free(v->buf);
	free(v);
}

static void say_where(uint64_t addr, char *text, size_t size)
{
	const char *what = "area";
	uint64_t off;

	if (addr - (uint64_t)sim_world_data_start <
	    (uint64_t)(sim_world_data_end - sim_world_data_start)) {
		snprintf(text, size, "static data + 0x%llx",
			 (unsigned long long)(addr -
					      (uint64_t)sim_world_data_start));
		return;
	}
	if (!sim_in_arena(addr)) {
		what = "live map of area";
		addr = SIM_ARENA_BASE + ((addr - SIM_LIVE_BASE)
					 << SIM_LIVE_SHIFT);
	}
	off = addr - SIM_ARENA_BASE;
	snprintf(text, size, "%s %llu + 0x%llx", what,
		 (unsigned long long)(off >> SIM_AREA_SHIFT),
		 (unsigned long long)(off & (SIM_AREA_SIZE - 1)));
}

/* The first byte of a range that is not @old's; @size if there is none. */
static uint64_t first_difference(const char *old, uint64_t addr, uint64_t size)
{
	const char *now = (const char *)addr;
	uint64_t i = 0;

	if (!memcmp(old, now, size))
		return size;
	while (old[i] == now[i])
		i++;
	return i;
}

struct search {
	const struct sim_verify *v;
	size_t next;		/* first piece not passed by yet */
	uint64_t found;
};

/*
 * A page touched now: it was touched then, in the same order, or it has to be
 * zero still.
 */
static bool check_page(void *arg, uint64_t addr)
{
	static const char zeroes[PAGE];
	struct search *s = arg;
	const char *old = zeroes;
	uint64_t i;

	if (s->next < s->v->nr && s->v->piece[s->next].addr == addr &&
	    s->v->piece[s->next].size == PAGE)
		old = bytes_of(s->v, &s->v->piece[s->next++]);
	i = first_difference(old, addr, PAGE);
	s->found = addr + i;
	return i < PAGE;
}

static bool check_rest(struct search *s)
{
	const struct sim_verify *v = s->v;
	size_t n;

	for (n = 0; n < v->nr; n++) {
		uint64_t i = first_difference(bytes_of(v, &v->piece[n]),
					      v->piece[n].addr,
					      v->piece[n].size);

		s->found = v->piece[n].addr + i;
		if (i < v->piece[n].size)
			return true;
	}
	return false;
}

bool sim_verify_differs(const struct sim_verify *v, char *ret_text, size_t size)
{
	struct search s = { .v = v };
	unsigned int id;

	for (id = 0; id < SIM_MAX_TASKS; id++) {
		uint64_t lo, hi;

		sim_fiber_live(id, &lo, &hi);
		if (v->stack_lo[id] == hi || lo == v->stack_lo[id])
			continue;
		snprintf(ret_text, size, "depth of task %u's stack", id);
		return true;
	}
	/* Pieces that mincore() does not name any more are caught below. */
	if (!sim_each_used_page(check_page, &s) && !check_rest(&s))
		return false;
	say_where(s.found, ret_text, size);
	return true;
}

/* The hash kept up to date is the one that a look at everything finds. */
static void check_hash(void)
{
	struct sim_hash kept, found;
	uint64_t tasks = 0;
	unsigned int id;

	if (!sim_hashing.on)
		return;
	for (id = 0; id < SIM_MAX_TASKS; id++)
		tasks |= (uint64_t)sim_fibers.fiber[id].set << id;
	kept = sim_hash_now(tasks);
	found = sim_hash_scan(tasks);
	if (kept.lo != found.lo || kept.hi != found.hi)
		SIM_BUG("the world's hash is not its memory's after a roll-back");
}

void sim_verify_check(const struct sim_verify *v)
{
	char where[96], text[160];

	check_hash();
	if (!sim_verify_differs(v, where, sizeof(where)))
		return;
	snprintf(text, sizeof(text),
		 "roll-back left a difference at %s: a store escaped the log",
		 where);
	SIM_BUG(text);
}
