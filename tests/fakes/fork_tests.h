/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the test programs of fork, COW, mremap and madvise share: host side. */
#ifndef TESTS_FAKES_FORK_TESTS_H
#define TESTS_FAKES_FORK_TESTS_H

#include "sim/core/step.h"
#include "sim/engine/pulse.h"
#include "sim/explore/exec.h"
#include "tests/fakes/balance.h"
#include "tests/fakes/fork_world.h"
#include "tests/rolled.h"

#define COMPLAINTS	((~0ULL << SIM_X_UNDERFLOW) & ((1ULL << SIM_NR_VERBS) - 1))

/* Before each roll-back: nothing was told that a check would speak about. */
static inline int quiet(void **state)
{
	const struct sim_record *rec;
	size_t i, n, sum = 0;

	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++)
		sum += COMPLAINTS >> rec[i].verb & 1;
	return sum != 0;
}

#define TEST(f)		ROLLED(f, .leave = quiet)

static inline void build_at(const char *profile, bool in_cma)
{
	if (rolled_build()) {
		fw_build(profile, in_cma);
		rolled_mark();
	}
	sim_pulse_subscribe(COMPLAINTS);
}

static inline void build(const char *profile)
{
	build_at(profile, false);
}

/* @test on each of the machines. */
static inline void on_all(void (*test)(const char *profile))
{
	test("5.17");
	test("6.1");
	test("6.12");
}

static inline bool is_5_17(const char *profile)
{
	return profile[0] == '5';
}

static inline struct probe_page page_at(uint64_t pfn)
{
	struct probe_page p;

	assert_true(probe_page(pfn, &p));
	return p;
}

static inline struct probe_pte pte_of(enum fw_process process, uint64_t addr)
{
	struct probe_pte p;

	assert_true(probe_pte(process, addr, &p));
	return p;
}

static inline void assert_page(uint64_t pfn, int refcount, int mapcount)
{
	struct probe_page p = page_at(pfn);

	assert_int_equal(p.refcount, refcount);
	assert_int_equal(p.mapcount, mapcount);
	assert_int_equal(p.expected, refcount);
}

static inline struct probe_mm_counts counts(void)
{
	struct probe_mm_counts c;

	probe_mm_counts(&c);
	return c;
}

/* What is counted of the executions of two tasks, whatever they do. */
struct two_tasks {
	uint64_t odd;		/* executions that did not end as they must */
	uint64_t unbalanced;	/* pages whose count is not what the ledger knows */
	uint64_t failed;	/* a task was refused */
};

/* At the end of each. Return: what the second one pinned or got, or FW_NO_PFN. */
static inline uint64_t two_tasks_ended(struct two_tasks *t, enum sim_end end)
{
	uint64_t pfn;

	t->odd += end != SIM_END_DONE;
	t->unbalanced += unbalanced_pages();
	t->failed += fw_result(0, NULL) != 0;
	t->failed += fw_result(1, &pfn) != 0;
	return pfn;
}

static inline void assert_two_tasks(const struct two_tasks *t, uint64_t executions)
{
	assert_true(executions > 1);
	assert_int_equal(t->odd, 0);
	assert_int_equal(t->unbalanced, 0);
}

/* The parent's page at @addr, which only its PTE holds, on the LRU. */
static inline uint64_t settled(uint64_t addr)
{
	uint64_t pfn;

	assert_int_equal(fw_write(addr, 7), 0);
	fw_drain();
	pfn = fw_pfn(FW_PARENT, addr);
	assert_page(pfn, 1, 1);
	return pfn;
}

#endif
