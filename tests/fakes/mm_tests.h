/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the test programs of pages, zones, batches and faults share: host side. */
#ifndef TESTS_FAKES_MM_TESTS_H
#define TESTS_FAKES_MM_TESTS_H

#include "fakes/mm/probe.h"
#include "sim/core/step.h"
#include "sim/engine/pulse.h"
#include "tests/fakes/mm_world.h"
#include "tests/rolled.h"

/* Build another machine in the place of the running one. */
static inline void rebuild(const struct mw_machine *m)
{
	if (rolled_build()) {
		mw_build(m);
		rolled_mark();
	}
	sim_pulse_subscribe(0);
	sim_pulse_clear();
}

/* Run @test on machine @m, and again on the same one, rolled back. */
static inline void on_machine(const struct mw_machine *m, void (*test)(void))
{
	rebuild(m);
	test();
	rolled_back();
	test();
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

#endif
