/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reference counts of pages: the contract's section A, K.3 and K.32. */
#include "sim/engine/fault.h"
#include "tests/fakes/mm_tests.h"

static uint64_t fresh(void)
{
	uint64_t pfn = mw_alloc(MW_GFP_USER, false);

	assert_int_not_equal(pfn, MW_NO_PFN);
	return pfn;
}

/* A.2 */
static void fresh_page(void)
{
	uint64_t pfn = fresh();

	assert_page(pfn, 1, 0, false);
	assert_false(page_at(pfn).free);
	mw_free(pfn);
	assert_true(page_at(pfn).free);
	assert_int_equal(page_at(pfn).refcount, 0);
}

static void page_fresh_has_one_reference(void **state)
{
	on_both(fresh_page, BUILD_ZONE_NORMAL);
}

/* A.1: each page here is a folio, with a count of its own, which has a sign. */
static void own_count(void)
{
	uint64_t pfn = fresh(), other = fresh();
	struct probe_page free = page_at(other + 1);

	assert_int_equal(other, pfn + 1);
	assert_true(free.free);
	assert_int_equal(free.refcount, 0);
	mw_get(pfn, 3);
	mw_pin(other, 1);
	assert_int_equal(page_at(pfn).refcount, 4);
	assert_int_equal(page_at(other).refcount, 1 + 1024);
	assert_int_equal(page_at(other + 1).refcount, 0);
	mw_unpin(other);
	mw_unpin(other);
	assert_int_equal(page_at(other).refcount, 1 - 1024);
	assert_int_equal(page_at(pfn).refcount, 4);
}

static void page_count_is_the_folios_own(void **state)
{
	on_both(own_count, BUILD_ZONE_NORMAL);
}

/* A.7, A.12 */
static void get_put(void)
{
	uint64_t pfn = fresh();

	mw_get(pfn, 3);
	assert_page(pfn, 4, 0, false);
	assert_int_equal(page_at(pfn).gets, 3);
	mw_put(pfn);
	mw_put(pfn);
	mw_put(pfn);
	assert_page(pfn, 1, 0, false);
	mw_put(pfn);
	assert_true(page_at(pfn).free);

	/* Whichever kind of reference is the last. */
	pfn = settled_page();
	mw_get(pfn, 1);
	assert_int_equal(mw_munmap(MW_ADDR, 4096), 0);
	assert_page(pfn, 1, 0, true);
	mw_put(pfn);
	assert_true(page_at(pfn).free);
}

static void page_last_put_frees(void **state)
{
	on_both(get_put, BUILD_ZONE_NORMAL);
}

static void get_free_page(void *arg)
{
	mw_get(*(uint64_t *)arg, 1);
}

static void put_free_page(void *arg)
{
	mw_put(*(uint64_t *)arg);
}

/* A.7: with CONFIG_DEBUG_VM a get on a free page is a BUG. */
static void get_after_free(void)
{
	struct sim_record rec;
	uint64_t pfn = fresh();

	mw_free(pfn);
	assert_true(sim_fatal_catch(get_free_page, &pfn, &rec));
	assert_int_equal(rec.verb, SIM_X_BUG);
}

static void page_get_after_free_is_a_bug(void **state)
{
	on_both(get_after_free, BUILD_ZONE_NORMAL);
}

static void put_many_on_free_page(void *arg)
{
	mw_put_many(*(uint64_t *)arg, 2);
}

static void put_after_free(void)
{
	struct sim_record rec;
	uint64_t pfn = fresh();

	mw_free(pfn);
	assert_true(sim_fatal_catch(put_free_page, &pfn, &rec));
	assert_int_equal(rec.verb, SIM_X_UNDERFLOW);
	assert_true(sim_fatal_catch(put_many_on_free_page, &pfn, &rec));
	assert_int_equal(rec.verb, SIM_X_UNDERFLOW);
}

static void page_put_after_free_is_an_underflow(void **state)
{
	on_both(put_after_free, BUILD_ZONE_NORMAL);
}

/* A put that takes what another owner put there is told. */
static void put_of_others(void)
{
	uint64_t pfn = settled_page();

	listen(SIM_X_OWNER);
	mw_get(pfn, 1);
	mw_put(pfn);
	assert_int_equal(told(SIM_X_OWNER), 0);
	mw_get(pfn, 1);
	mw_put(pfn);
	mw_put(pfn);
	assert_int_equal(told(SIM_X_OWNER), 1);
}

static void page_put_of_the_ptes_reference_is_told(void **state)
{
	on_both(put_of_others, BUILD_ZONE_NORMAL);
}

/* A.8 */
static void try_get(void)
{
	uint64_t pfn = fresh();

	assert_true(mw_try_get(pfn));
	assert_page(pfn, 2, 0, false);
	mw_put(pfn);
	mw_free(pfn);
	listen(SIM_X_WARN);
	assert_false(mw_try_get(pfn));
	assert_int_equal(told(SIM_X_WARN), 1);
	assert_int_equal(page_at(pfn).refcount, 0);
}

static void page_try_get_refuses_a_free_page(void **state)
{
	on_both(try_get, BUILD_ZONE_NORMAL);
}

/* A.8, A.16: from 2^31 on the count is negative, and who asks is refused. */
static void too_many(void)
{
	uint64_t pfn = fresh();

	listen(SIM_X_OVERFLOW);
	assert_int_equal(mw_take_many(pfn, UINT32_MAX, true), INT32_MAX);
	assert_int_equal(told(SIM_X_OVERFLOW), 1);
	assert_int_equal(page_at(pfn).refcount, INT32_MIN);
	assert_false(mw_try_get(pfn));
	assert_int_equal(mw_take_many(pfn, 1, true), 0);
	mw_get(pfn, 1);
	assert_int_equal(page_at(pfn).refcount, INT32_MIN + 1);
	mw_put(pfn);
	mw_put_many(pfn, INT32_MAX);
	assert_page(pfn, 1, 0, false);
	assert_true(mw_try_get(pfn));
}

static void page_count_that_is_negative_is_no_underflow(void **state)
{
	on_both(too_many, BUILD_ZONE_NORMAL);
}

/* H-21: and who does not ask comes round, so that the last but one put frees. */
static void wrapped(void)
{
	uint64_t pfn = fresh();

	listen(SIM_X_OVERFLOW);
	mw_pin(pfn, 1);
	assert_int_equal(mw_take_many(pfn, UINT32_MAX, false), UINT32_MAX);
	assert_int_equal(told(SIM_X_OVERFLOW), 1);
	assert_int_equal(page_at(pfn).refcount, 1024);
	mw_put_many(pfn, 1023);
	assert_false(page_at(pfn).free);
	mw_put_many(pfn, 1);
	assert_int_equal(page_at(pfn).refcount, 0);
	assert_true(page_at(pfn).free);
}

static void page_count_that_wraps_frees_what_is_in_use(void **state)
{
	on_both(wrapped, BUILD_ZONE_NORMAL);
}

/* What nobody took is told, also of many, and of a page that is not freed by it. */
static void too_many_put(void)
{
	uint64_t pfn = fresh();

	listen(SIM_X_UNDERFLOW);
	mw_pin(pfn, 1);
	mw_take_many(pfn, 5, true);
	mw_put_many(pfn, 5);
	assert_int_equal(told(SIM_X_UNDERFLOW), 0);
	mw_take_many(pfn, 5, true);
	mw_put_many(pfn, 6);
	assert_int_equal(told(SIM_X_UNDERFLOW), 1);
	assert_int_equal(page_at(pfn).refcount, 1024);
}

static void page_put_of_more_than_were_taken_is_an_underflow(void **state)
{
	on_both(too_many_put, BUILD_ZONE_NORMAL);
}

/* A.9, A.10 */
static void pin(void)
{
	uint64_t pfn = fresh();

	assert_false(mw_maybe_pinned(pfn));
	mw_pin(pfn, 1);
	assert_page(pfn, 1025, 0, false);
	assert_int_equal(page_at(pfn).pins, 1);
	assert_true(mw_maybe_pinned(pfn));
	mw_pin(pfn, 2);
	assert_page(pfn, 1 + 3 * 1024, 0, false);
	mw_unpin(pfn);
	mw_unpin(pfn);
	mw_unpin(pfn);
	assert_page(pfn, 1, 0, false);
	assert_false(mw_maybe_pinned(pfn));
}

static void page_pin_counts_1024(void **state)
{
	on_both(pin, BUILD_ZONE_NORMAL);
}

static void false_positive(void)
{
	uint64_t pfn = fresh();

	mw_get(pfn, 1022);
	assert_false(mw_maybe_pinned(pfn));
	mw_get(pfn, 1);
	assert_true(mw_maybe_pinned(pfn));
	assert_int_equal(page_at(pfn).pins, 0);
}

static void page_1024_plain_references_look_pinned(void **state)
{
	on_both(false_positive, BUILD_ZONE_NORMAL);
}

/* A.17, K.32: the count does not protest, the ledger does. */
static void unpin_unpinned(void)
{
	uint64_t pfn = fresh();

	listen(SIM_X_DOUBLE_UNPIN);
	mw_pin(pfn, 1);
	mw_unpin(pfn);
	assert_int_equal(told(SIM_X_DOUBLE_UNPIN), 0);
	mw_unpin(pfn);
	assert_int_equal(told(SIM_X_DOUBLE_UNPIN), 1);
	assert_int_equal(page_at(pfn).refcount, 1 - 1024);
	assert_true(mw_maybe_pinned(pfn));
}

static void page_unpin_without_pin_goes_negative(void **state)
{
	on_both(unpin_unpinned, BUILD_ZONE_NORMAL);
}

/* A.14 */
static void freeze(void)
{
	uint64_t pfn = fresh();

	assert_false(mw_freeze(pfn, 2));
	assert_int_equal(page_at(pfn).refcount, 1);
	assert_true(mw_freeze(pfn, 1));
	assert_int_equal(page_at(pfn).refcount, 0);
	assert_false(mw_try_get(pfn));
	mw_unfreeze(pfn, 1);
	assert_true(mw_try_get(pfn));
	/* Neither fewer nor more. */
	assert_false(mw_freeze(pfn, 1));
	assert_int_equal(page_at(pfn).refcount, 2);
}

static void page_frozen_count_gives_no_reference(void **state)
{
	on_both(freeze, BUILD_ZONE_NORMAL);
}

/* A.3 */
static void expected(void)
{
	uint64_t pfn;

	assert_int_equal(mw_write(MW_ADDR, 1), 0);
	pfn = mw_pfn(MW_ADDR);
	assert_int_equal(mw_expected(pfn), 1);
	mw_get(pfn, 2);
	assert_int_equal(mw_expected(pfn), 1);
	assert_page(pfn, 4, 1, false);

	/* Swap cache, page cache; what hangs on the page counts only in the latter. */
	assert_int_equal(mw_expected_as(pfn, MW_PRIVATE), 1);
	assert_int_equal(mw_expected_as(pfn, MW_SWAPCACHE), 2);
	assert_int_equal(mw_expected_as(pfn, MW_FILE), 2);
	assert_int_equal(mw_expected_as(pfn, MW_FILE | MW_PRIVATE), 3);
}

static void page_expected_count_is_what_the_kernel_knows(void **state)
{
	on_both(expected, BUILD_ZONE_MOVABLE);
}

/* A.13 */
static void bad_free(void)
{
	struct probe_words words;
	uint64_t pfn = fresh();

	listen(SIM_X_WARN);
	mw_set_locked_flag(pfn);
	mw_free(pfn);
	assert_int_equal(told(SIM_X_WARN), 1);
	assert_false(page_at(pfn).free);
	assert_int_not_equal(fresh(), pfn);
	/* A.25, A.26: what was wrong with it can be told afterwards. */
	assert_true(probe_words(pfn, &words));
	assert_true(words.flags & PROBE_FLAG_LOCKED);
	assert_false(words.flags & PROBE_FLAG_DIRTY);
}

static void page_freed_in_bad_state_is_leaked(void **state)
{
	on_both(bad_free, BUILD_ZONE_NORMAL);
}

/* A.11, A.24 */
static void zero(void)
{
	uint64_t pfn = mw_zero_pfn();

	assert_true(page_at(pfn).zero_page);
	assert_int_equal(page_at(pfn).refcount, 1);
	mw_get(pfn, 1);
	assert_int_equal(page_at(pfn).refcount, 2);
	mw_put(pfn);
	assert_false(page_at(pfn).free);
}

static void page_zero_page_is_counted(void **state)
{
	on_both(zero, BUILD_ZONE_NORMAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(page_fresh_has_one_reference),
		ROLLED(page_count_is_the_folios_own),
		ROLLED(page_last_put_frees),
		ROLLED(page_get_after_free_is_a_bug),
		ROLLED(page_put_after_free_is_an_underflow),
		ROLLED(page_put_of_the_ptes_reference_is_told),
		ROLLED(page_try_get_refuses_a_free_page),
		ROLLED(page_count_that_is_negative_is_no_underflow),
		ROLLED(page_count_that_wraps_frees_what_is_in_use),
		ROLLED(page_put_of_more_than_were_taken_is_an_underflow),
		ROLLED(page_pin_counts_1024),
		ROLLED(page_1024_plain_references_look_pinned),
		ROLLED(page_unpin_without_pin_goes_negative),
		ROLLED(page_frozen_count_gives_no_reference),
		ROLLED(page_expected_count_is_what_the_kernel_knows),
		ROLLED(page_freed_in_bad_state_is_leaked),
		ROLLED(page_zero_page_is_counted),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
