/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the test programs of GUP, migration and CMA share: host side. */
#ifndef TESTS_FAKES_GUP_TESTS_H
#define TESTS_FAKES_GUP_TESTS_H

#include "fakes/mm/probe.h"
#include "sim/core/step.h"
#include "sim/engine/pulse.h"
#include "tests/fakes/gup_world.h"
#include "tests/rolled.h"

#define LONGTERM	(GW_WRITE | GW_LONGTERM)

/* What a check would speak about: every X_ verb but a WARN. */
#define COMPLAINTS	((~0ULL << SIM_X_UNDERFLOW) & ((1ULL << SIM_NR_VERBS) - 1) &	\
			 ~(1ULL << SIM_X_WARN))

/* How many complaints there were since the last call. */
static inline unsigned int complaints(void)
{
	const struct sim_record *rec;
	unsigned int sum = 0;
	size_t i, n;

	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++)
		sum += COMPLAINTS >> rec[i].verb & 1;
	return sum;
}

/* Before each roll-back: the kernel code went through without a complaint. */
static inline int quiet(void **state)
{
	return complaints() != 0;
}

#define TEST(f)		ROLLED(f, .leave = quiet)

static inline void build(const char *profile, enum build_zone place)
{
	bool wanted = rolled_build();

	sim_pulse_subscribe(COMPLAINTS);
	if (!wanted)
		return;
	gw_build(profile, place);
	rolled_mark();
}

static inline struct probe_mm_counts counts(void)
{
	struct probe_mm_counts c;

	probe_mm_counts(&c);
	return c;
}

static inline void assert_page(uint64_t pfn, int refcount, int mapcount, bool lru)
{
	struct probe_page p;

	assert_true(probe_page(pfn, &p));
	assert_int_equal(p.refcount, refcount);
	assert_int_equal(p.mapcount, mapcount);
	assert_int_equal(p.lru, lru);
}

static inline bool in_cma(uint64_t pfn)
{
	struct probe_page p;

	return probe_page(pfn, &p) && p.cma;
}

static inline bool is_free(uint64_t pfn)
{
	struct probe_page p;

	return !probe_page(pfn, &p) || p.free;
}

/* A page at GW_ADDR that only its PTE holds. */
static inline uint64_t settled_page(const char *profile, enum build_zone place)
{
	uint64_t pfn;

	build(profile, place);
	pfn = gw_write(GW_ADDR);
	gw_drain();
	assert_page(pfn, 1, 1, true);
	return pfn;
}

#endif
