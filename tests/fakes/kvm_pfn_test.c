/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a guest frame to a page frame and back: H.1, H.8-H.10, H.12, H.13, H.16,
 * H.22, and the ledger K.2.
 */
#include "tests/fakes/kvm_tests.h"

#define READONLY	2u

static void build_readonly(const char *profile)
{
	static const struct kw_region r = {
		.flags = READONLY,
		.gpa = (uint64_t)KW_GFN << 12,
		.bytes = KW_PAGES << 12,
		.hva = KW_ADDR,
	};

	build_as(&(struct kw_machine){ .profile = profile });
	assert_int_equal(kw_set(&r), 0);
}

/* A page that only its PTE holds. */
static uint64_t settled(void)
{
	uint64_t pfn;

	kw_touch(KW_ADDR, true);
	kw_drain();
	pfn = kw_pfn(KW_ADDR);
	assert_int_equal(page(pfn).refcount, 1);
	return pfn;
}

static void error_pfns_are_told_apart(void **state)
{
	assert_true(kw_is_error(kw_err("FAULT"), false));
	assert_true(kw_is_error(kw_err("HWPOISON"), false));
	assert_true(kw_is_error(kw_err("RO_FAULT"), false));
	assert_false(kw_is_error(kw_err("NOSLOT"), false));
	assert_true(kw_is_error(kw_err("NOSLOT"), true));
	assert_false(kw_is_error(0x123, true));
	assert_true(kw_err("FAULT") == 0x7ffULL << 52);
	assert_true(kw_err("HWPOISON") == (0x7ffULL << 52) + 1);
	assert_true(kw_err("RO_FAULT") == (0x7ffULL << 52) + 2);
	assert_true(kw_is_error(kw_err("SIGPENDING"), false));
	assert_true(kw_err("SIGPENDING") == (0x7ffULL << 52) + 3);
	assert_true(kw_err("NOSLOT") == 1ULL << 63);
}

static void gfn_without_slot_is_noslot(void **state)
{
	bool writable = true;

	build_slot("6.12");
	assert_true(kw_gfn_to_pfn(KW_GFN - 1, true, &writable) == kw_err("NOSLOT"));
	assert_false(writable);
}

static void readonly_slot_write_is_ro_fault_read_not_writable(void **state)
{
	bool writable = true;
	uint64_t pfn;

	build_readonly("6.12");
	assert_true(kw_gfn_to_pfn(KW_GFN, true, NULL) == kw_err("RO_FAULT"));
	settled();
	pfn = kw_gfn_to_pfn(KW_GFN, false, &writable);
	assert_int_equal(pfn, kw_pfn(KW_ADDR));
	assert_false(writable);
	assert_int_equal(page(pfn).refcount, 2);
	kw_release(pfn);
	assert_int_equal(page(pfn).refcount, 1);
}

static void unmapped_address_is_fault_without_reference(void **state)
{
	build_slot("6.12");
	kw_munmap(KW_ADDR, 4096);
	assert_true(kw_gfn_to_pfn(KW_GFN, true, NULL) == kw_err("FAULT"));
	assert_true(kw_gfn_to_pfn(KW_GFN, false, NULL) == kw_err("FAULT"));
}

/* H.11, H.12: waiting helps if the access is one that the mapping permits. */
static void failure_is_worth_waiting_if_mapping_permits_it(void **state)
{
	bool async = true;

	build_slot("6.12");
	kw_fail_page_alloc();
	assert_true(kw_gfn_to_pfn_async(KW_GFN, true, &async) == kw_err("FAULT"));
	assert_true(async);
	/* Once: who waits for it gets it. */
	kw_release(kw_gfn_to_pfn(KW_GFN, true, NULL));
	kw_munmap(KW_ADDR, 4096);
	assert_true(kw_gfn_to_pfn_async(KW_GFN, true, &async) == kw_err("FAULT"));
	assert_false(async);
}

/* H.12: it is looked for once more, in case it is poisoned; and then it comes, for nobody. */
static void failure_that_cannot_wait_asks_whether_it_is_poisoned(void **state)
{
	build_slot("6.12");
	kw_fail_page_alloc();
	assert_true(kw_gfn_to_pfn(KW_GFN, true, NULL) == kw_err("FAULT"));
	assert_true(kw_pfn(KW_ADDR) != KW_NO_PFN);
	assert_int_equal(page(kw_pfn(KW_ADDR)).gets, 0);
}

/* H.12: 6.12 tells a signal from a fault. */
static void killed_is_told_as_a_signal_by_6_12_only(void **state)
{
	build_slot("6.1");
	kw_kill_task(1);
	assert_true(kw_gfn_to_pfn(KW_GFN, true, NULL) == kw_err("FAULT"));
	build_slot("6.12");
	kw_kill_task(1);
	assert_true(kw_gfn_to_pfn(KW_GFN, true, NULL) == kw_err("SIGPENDING"));
	assert_true(kw_pfn(KW_ADDR) == KW_NO_PFN);
}

/* K.2: +1 while it is held, nothing after; once more it may sit in a batch. */
static void write_gets_one_plain_reference(const char *profile, int batched)
{
	bool writable = false;
	uint64_t pfn;

	build_slot(profile);
	pfn = settled();
	assert_int_equal(kw_gfn_to_pfn(KW_GFN, true, &writable), pfn);
	assert_true(writable);
	assert_int_equal(page(pfn).refcount, 2);
	assert_int_equal(page(pfn).gets, 1);
	assert_int_equal(page(pfn).pins, 0);
	assert_int_equal(page(pfn).mapcount, 1);
	kw_release(pfn);
	assert_int_equal(page(pfn).gets, 0);
	/* H.22: GUP was the first to use it, and release the second. */
	assert_int_equal(page(pfn).refcount, 1 + batched);
	kw_drain();
	assert_int_equal(page(pfn).refcount, 1);
}

static void write_of_present_page_gets_one_plain_reference(void **state)
{
	write_gets_one_plain_reference("6.1", 1);
	write_gets_one_plain_reference("6.12", 0);
}

static void write_of_absent_page_faults_it_in(void **state)
{
	uint64_t pfn;

	build_slot("6.12");
	assert_true(kw_hva_to_pfn_atomic(KW_ADDR, true, NULL) == kw_err("FAULT"));
	assert_true(kw_pfn(KW_ADDR) == KW_NO_PFN);
	pfn = kw_gfn_to_pfn(KW_GFN, true, NULL);
	assert_int_equal(pfn, kw_pfn(KW_ADDR));
	assert_int_equal(page(pfn).gets, 1);
	assert_int_equal(kw_hva_to_pfn_atomic(KW_ADDR, true, NULL), pfn);
	kw_release(pfn);
	kw_release(pfn);
	assert_int_equal(page(pfn).gets, 0);
}

static void read_of_written_page_is_writable(void **state)
{
	bool writable = false;
	uint64_t pfn;

	build_slot("6.12");
	pfn = settled();
	assert_int_equal(kw_gfn_to_pfn(KW_GFN, false, &writable), pfn);
	assert_true(writable);
	kw_release(pfn);
}

/* H.9: the first thing a read asks for is a page to write to, without a lock. */
static void read_asks_for_a_writable_page_first(void **state)
{
	bool writable = false;
	uint64_t pfn;

	build_slot("6.12");
	pfn = settled();
	assert_int_equal(kw_hva_to_pfn_atomic(KW_ADDR, false, &writable), pfn);
	assert_true(writable);
	kw_release(pfn);
	/* Without a place to say so it asks for nothing of the kind. */
	assert_true(kw_hva_to_pfn_atomic(KW_ADDR, false, NULL) == kw_err("FAULT"));
	assert_int_equal(page(pfn).gets, 0);
}

/* H.10: and once more when it has one, which takes that one's place. */
static void read_that_had_to_wait_asks_for_a_writable_page_again(void **state)
{
	bool writable = false;
	uint64_t pfn;

	build_slot("6.12");
	pfn = settled();
	kw_fail_try_get();
	assert_int_equal(kw_gfn_to_pfn(KW_GFN, false, &writable), pfn);
	assert_true(writable);
	assert_int_equal(page(pfn).gets, 1);
	kw_release(pfn);
	assert_int_equal(page(pfn).gets, 0);
}

static void read_of_untouched_page_is_zero_page_readonly(void **state)
{
	bool writable = true;
	int before;
	uint64_t pfn;

	build_slot("6.12");
	kw_touch(KW_AT(1), false);
	before = page(kw_pfn(KW_AT(1))).refcount;
	pfn = kw_gfn_to_pfn(KW_GFN, false, &writable);
	assert_true(page(pfn).zero_page);
	assert_false(writable);
	assert_int_equal(page(pfn).refcount, before + 1);
	kw_release(pfn);
	assert_int_equal(page(pfn).refcount, before);
}

/* Without a place to say so a read does not ask for a writable page. */
static void read_without_writable_takes_what_is_there(void **state)
{
	uint64_t pfn;

	build_slot("6.12");
	pfn = settled();
	assert_int_equal(kw_gfn_to_pfn(KW_GFN, false, NULL), pfn);
	kw_release(pfn);
	assert_int_equal(page(pfn).gets, 0);
}

/* A.24: what is reserved has no count, but for the zero page. */
static void release_of_reserved_page_does_nothing(void **state)
{
	uint64_t pfn;

	build_slot("6.12");
	pfn = settled();
	kw_reserve(pfn);
	kw_release(pfn);
	assert_int_equal(page(pfn).refcount, 1);
}

static void release_of_error_pfn_does_nothing(void **state)
{
	build_slot("6.12");
	kw_release(kw_err("FAULT"));
	kw_release(kw_err("NOSLOT"));
	kw_release(1ULL << 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(error_pfns_are_told_apart),
		ROLLED(gfn_without_slot_is_noslot),
		ROLLED(readonly_slot_write_is_ro_fault_read_not_writable),
		ROLLED(unmapped_address_is_fault_without_reference),
		ROLLED(failure_is_worth_waiting_if_mapping_permits_it),
		ROLLED(failure_that_cannot_wait_asks_whether_it_is_poisoned),
		ROLLED(killed_is_told_as_a_signal_by_6_12_only),
		ROLLED(write_of_present_page_gets_one_plain_reference),
		ROLLED(write_of_absent_page_faults_it_in),
		ROLLED(read_of_written_page_is_writable),
		ROLLED(read_asks_for_a_writable_page_first),
		ROLLED(read_that_had_to_wait_asks_for_a_writable_page_again),
		ROLLED(read_of_untouched_page_is_zero_page_readonly),
		ROLLED(read_without_writable_takes_what_is_there),
		ROLLED(release_of_reserved_page_does_nothing),
		ROLLED(release_of_error_pfn_does_nothing),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
