/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contiguous allocation: J.1-J.4, K.11.
 */
#include <errno.h>

#include "tests/fakes/gup_tests.h"

static void cma_alloc_of_whole_area_moves_its_pages(void **state)
{
	uint64_t pfn[4], first;
	unsigned int i;

	build("6.12", BUILD_ZONE_CMA);
	for (i = 0; i < 4; i++)
		pfn[i] = gw_write(GW_AT(i));
	first = gw_cma_alloc(gw_cma_size());
	assert_int_equal(first, gw_cma_base());
	for (i = 0; i < 4; i++) {
		assert_true(in_cma(pfn[i]));
		assert_false(in_cma(gw_pfn(GW_AT(i))));
	}
	assert_int_equal(counts().cma_allocated, 1);
	gw_cma_release(first, gw_cma_size());
	assert_int_equal(gw_cma_alloc(gw_cma_size()), first);
}

/* K.11, J.1, J.3: busy, and not even unmapped. */
static void blocked(const char *profile, enum gw_call call)
{
	uint64_t pfn = settled_page(profile, BUILD_ZONE_CMA), got;

	assert_int_equal(gw_gup(call, GW_ADDR, 1, GW_WRITE, &got), 1);
	assert_int_equal(gw_contig(pfn, 1), -EBUSY);
	assert_int_equal(counts().unmap_cycles, 0);
	assert_int_equal(gw_pfn(GW_ADDR), pfn);
	assert_true(in_cma(pfn));
	assert_int_equal(gw_cma_alloc(gw_cma_size()), GW_NO_PFN);
	assert_int_equal(counts().cma_failed, 1);
	/* A smaller run is found beside it. */
	assert_int_not_equal(gw_cma_alloc(1), GW_NO_PFN);

	if (call == GW_PIN_FAST)
		gw_unpin(pfn);
	else
		gw_put(pfn);
	assert_int_equal(gw_contig(pfn, 1), 0);
	assert_int_not_equal(gw_pfn(GW_ADDR), pfn);
	assert_page(pfn, 1, 0, false);
}

static void cma_range_with_held_page_is_busy_until_put(void **state)
{
	blocked("6.1", GW_GET_FAST);
	blocked("6.12", GW_GET_FAST);
}

static void cma_range_with_pinned_page_is_busy_until_unpin(void **state)
{
	blocked("6.1", GW_PIN_FAST);
	blocked("6.12", GW_PIN_FAST);
}

static void cma_range_with_batched_page_is_drained(void **state)
{
	uint64_t pfn;

	build("6.12", BUILD_ZONE_CMA);
	pfn = gw_write(GW_ADDR);
	assert_page(pfn, 2, 1, false);
	assert_int_equal(gw_contig(pfn, 1), 0);
	assert_int_not_equal(gw_pfn(GW_ADDR), pfn);
}

static void cma_alloc_of_too_much_fails_at_once(void **state)
{
	build("6.12", BUILD_ZONE_CMA);
	assert_int_equal(gw_cma_alloc(gw_cma_size() + 1), GW_NO_PFN);
	assert_int_equal(gw_cma_alloc(0), GW_NO_PFN);
	assert_int_equal(counts().migrate_calls, 0);
}

/* J.2: who is killed gives the blocks their type again, and takes nothing. */
static void contig_range_of_a_killed_task_is_eintr(void **state)
{
	static const char *const profiles[] = { "5.17", "6.1", "6.12" };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		uint64_t pfn = settled_page(profiles[i], BUILD_ZONE_CMA);

		gw_kill(true);
		assert_int_equal(gw_contig(pfn, 1), -EINTR);
		gw_kill(false);
		assert_int_equal(gw_pfn(GW_ADDR), pfn);
		assert_page(pfn, 1, 1, true);
		assert_true(in_cma(pfn));
		assert_int_equal(gw_contig(pfn, 1), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(contig_range_of_a_killed_task_is_eintr),
		TEST(cma_alloc_of_whole_area_moves_its_pages),
		TEST(cma_range_with_held_page_is_busy_until_put),
		TEST(cma_range_with_pinned_page_is_busy_until_unpin),
		TEST(cma_range_with_batched_page_is_drained),
		TEST(cma_alloc_of_too_much_fails_at_once),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
