/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the test programs of pages, zones, batches and faults share. Each test
 * runs on a machine that is built before it and rolled back after it, and the
 * world must then be what it was, byte for byte.
 */
#ifndef TESTS_FAKES_MM_TESTS_H
#define TESTS_FAKES_MM_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fakes/mm/probe.h"
#include "sim/core/step.h"
#include "sim/engine/arena.h"
#include "sim/engine/undo.h"
#include "sim/engine/verify.h"
#include "tests/fakes/mm_world.h"

/* Build another machine in the place of the running one. */
static inline void rebuild(const struct mw_machine *m)
{
	sim_undo_on(false);
	sim_arena_reset();
	mw_build(m);
	sim_undo_on(true);
	sim_pulse_subscribe(0);
	sim_pulse_clear();
}

static inline void roll_back_and_compare(struct sim_mark mark, struct sim_verify *copy)
{
	sim_undo_to(mark);
	sim_verify_check(copy);
	sim_verify_free(copy);
}

/* Run @test on machine @m, twice: the roll-back between must lose nothing. */
static inline void on_machine(const struct mw_machine *m, void (*test)(void))
{
	struct sim_verify *copy;
	struct sim_mark mark;

	rebuild(m);
	mark = sim_undo_mark();
	copy = sim_verify_take();
	test();
	roll_back_and_compare(mark, copy);
	test();
	sim_undo_on(false);
}

static inline void on_both(void (*test)(void), enum build_zone place)
{
	on_machine(&(struct mw_machine){ .profile = "6.1", .place = place }, test);
	on_machine(&(struct mw_machine){ .profile = "6.12", .place = place }, test);
}

static inline struct probe_page page_at(uint64_t pfn)
{
	struct probe_page p;

	assert_true(probe_page(pfn, &p));
	return p;
}

static inline void assert_page(uint64_t pfn, int refcount, int mapcount, bool lru)
{
	struct probe_page p = page_at(pfn);

	assert_int_equal(p.refcount, refcount);
	assert_int_equal(p.mapcount, mapcount);
	assert_int_equal(p.lru, lru);
	assert_int_equal(p.expected, refcount);
}

static inline struct probe_mm_counts counts(void)
{
	struct probe_mm_counts c;

	probe_mm_counts(&c);
	return c;
}

/* A page at MW_ADDR that only its PTE holds, on the LRU. */
static inline uint64_t settled_page(void)
{
	uint64_t pfn;

	assert_int_equal(mw_write(MW_ADDR, 7), 0);
	mw_drain_all();
	pfn = mw_pfn(MW_ADDR);
	mw_clear_flags(pfn);
	assert_page(pfn, 1, 1, true);
	return pfn;
}

/* How often @verb was told since the records were looked at last. */
static inline unsigned int told(enum sim_verb verb)
{
	const struct sim_record *rec;
	unsigned int found = 0;
	size_t i, n;

	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++)
		found += rec[i].verb == verb;
	return found;
}

static inline void listen(enum sim_verb verb)
{
	sim_pulse_subscribe(1ULL << verb);
	told(verb);
}

static inline int map(void **state)
{
	return sim_arena_map();
}

static inline int unmap(void **state)
{
	sim_arena_unmap();
	return 0;
}

#endif
