/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LRU batches and isolation: the contract's section C. */
#include <errno.h>

#include "tests/fakes/mm_tests.h"

/* C.2, C.4, C.5, K.1 */
static void fresh_fault(void)
{
	uint64_t pfn;

	assert_int_equal(mw_write(MW_ADDR, 7), 0);
	pfn = mw_pfn(MW_ADDR);
	assert_page(pfn, 2, 1, false);
	assert_false(mw_isolate(pfn));
	mw_drain();
	assert_page(pfn, 1, 1, true);
}

static void lru_fresh_page_waits_in_a_batch(void **state)
{
	on_both(fresh_fault, BUILD_ZONE_MOVABLE);
}

/* C.1, C.3: the batch flushes by itself when it is full. */
static void fill_batch(unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size - 1; i++)
		assert_int_equal(mw_write(MW_AT(i), 1), 0);
	assert_page(mw_pfn(MW_AT(0)), 2, 1, false);
	assert_int_equal(mw_write(MW_AT(i), 1), 0);
	for (i = 0; i < size; i++)
		assert_page(mw_pfn(MW_AT(i)), 1, 1, true);
}

static void fill_15(void)
{
	fill_batch(15);
}

static void fill_31(void)
{
	fill_batch(31);
}

static void lru_full_batch_is_flushed(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.1" }, fill_15);
	on_machine(&(struct mw_machine){ .profile = "6.12" }, fill_31);
}

/* C.6: unreferenced, referenced, then a batch with a reference. */
static void accessed_classic(void)
{
	uint64_t pfn = settled_page();

	mw_accessed(pfn);
	assert_page(pfn, 1, 1, true);
	assert_true(mw_referenced(pfn));
	mw_accessed(pfn);
	assert_page(pfn, 2, 1, true);
	assert_false(mw_referenced(pfn));
	mw_drain();
	assert_page(pfn, 1, 1, true);
	assert_true(mw_active(pfn));
	mw_accessed(pfn);
	mw_accessed(pfn);
	assert_page(pfn, 1, 1, true);
}

/* C.6, L.25: MGLRU never takes a reference for it. */
static void accessed_mglru(void)
{
	uint64_t pfn = settled_page();

	mw_accessed(pfn);
	mw_accessed(pfn);
	mw_accessed(pfn);
	assert_page(pfn, 1, 1, true);
}

static void lru_second_access_queues_for_activation(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.1" }, accessed_classic);
	on_machine(&(struct mw_machine){ .profile = "6.12" }, accessed_mglru);
}

/* C.6: still in this CPU's lru_add batch: active in place, no reference. */
static void accessed_in_batch(void)
{
	uint64_t pfn;

	assert_int_equal(mw_write(MW_ADDR, 1), 0);
	pfn = mw_pfn(MW_ADDR);
	mw_accessed(pfn);
	mw_accessed(pfn);
	assert_page(pfn, 2, 1, false);
	assert_true(mw_active(pfn));
}

static void lru_access_in_add_batch_activates_in_place(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.1" }, accessed_in_batch);
}

/* C.4: a folio in the activate batch can be isolated, with its stray reference. */
static void isolate_queued(void)
{
	uint64_t pfn = settled_page();

	mw_accessed(pfn);
	mw_accessed(pfn);
	assert_page(pfn, 2, 1, true);
	assert_true(mw_isolate(pfn));
	assert_page(pfn, 3, 1, false);
	mw_drain();
	assert_page(pfn, 2, 1, false);
	assert_false(mw_active(pfn));
}

static void lru_queued_page_can_be_isolated(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.1" }, isolate_queued);
}

/* C.9, C.10 */
static void isolate_putback(void)
{
	uint64_t pfn = settled_page();

	assert_true(mw_isolate(pfn));
	assert_page(pfn, 2, 1, false);
	assert_false(mw_isolate(pfn));
	assert_page(pfn, 2, 1, false);
	mw_putback(pfn);
	assert_page(pfn, 2, 1, false);
	mw_drain();
	assert_page(pfn, 1, 1, true);
}

static void lru_isolated_page_comes_back_by_a_batch(void **state)
{
	on_both(isolate_putback, BUILD_ZONE_CMA);
}

static void isolate_sense_61(void)
{
	uint64_t pfn = settled_page();

	assert_int_equal(mw_isolate_raw(pfn), 0);
	assert_int_equal(mw_isolate_raw(pfn), -EBUSY);
}

static void isolate_sense_612(void)
{
	uint64_t pfn = settled_page();

	assert_int_equal(mw_isolate_raw(pfn), 1);
	assert_int_equal(mw_isolate_raw(pfn), 0);
}

static void lru_isolate_result_has_the_profiles_sense(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.1" }, isolate_sense_61);
	on_machine(&(struct mw_machine){ .profile = "6.12" }, isolate_sense_612);
}

/* C.8 */
static void disabled(void)
{
	assert_int_equal(mw_write(MW_ADDR, 1), 0);
	mw_cache_disable(true);
	assert_page(mw_pfn(MW_ADDR), 1, 1, true);
	assert_int_equal(mw_write(MW_AT(1), 1), 0);
	assert_page(mw_pfn(MW_AT(1)), 1, 1, true);
	mw_cache_disable(false);
	assert_int_equal(mw_write(MW_AT(2), 1), 0);
	assert_page(mw_pfn(MW_AT(2)), 2, 1, false);
}

static void lru_disabled_cache_flushes_at_once(void **state)
{
	on_both(disabled, BUILD_ZONE_MOVABLE);
}

/* A.4, A.12: on the LRU without a reference; freed straight from it. */
static void freed_from_lru(void)
{
	uint64_t pfn = settled_page();

	listen(SIM_X_WARN);
	assert_int_equal(mw_munmap(MW_ADDR, 4096), 0);
	assert_true(page_at(pfn).free);
	assert_false(page_at(pfn).lru);
	assert_int_equal(told(SIM_X_WARN), 0);
}

static void lru_page_is_freed_by_its_last_put(void **state)
{
	on_both(freed_from_lru, BUILD_ZONE_MOVABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(lru_fresh_page_waits_in_a_batch),
		ROLLED(lru_full_batch_is_flushed),
		ROLLED(lru_second_access_queues_for_activation),
		ROLLED(lru_access_in_add_batch_activates_in_place),
		ROLLED(lru_queued_page_can_be_isolated),
		ROLLED(lru_isolated_page_comes_back_by_a_batch),
		ROLLED(lru_isolate_result_has_the_profiles_sense),
		ROLLED(lru_disabled_cache_flushes_at_once),
		ROLLED(lru_page_is_freed_by_its_last_put),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
