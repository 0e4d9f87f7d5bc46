/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages that a kworker brings for a vCPU (H.11): what it keeps, what the vCPU
 * faults with afterwards, and how many there may be.
 */
#include "tests/fakes/async_pf_world.h"
#include "tests/fakes/kvm_tests.h"

#define ERROR	7ULL	/* some access */

static void start(const char *profile)
{
	build_slot(profile);
	apf_build();
}

/*
 * H.11: the page has a reference for its PTE, and one for the batch that a fresh one
 * is in; none is the kworker's. Up to 6.1 the fault is repeated as a read.
 */
static void page_is_brought(const char *profile, uint64_t error_code)
{
	uint64_t pfn;

	start(profile);
	assert_false(apf_outstanding(KW_GFN));
	assert_true(apf_setup(KW_GFN, KW_ADDR, ERROR));
	assert_true(apf_outstanding(KW_GFN));
	assert_false(apf_outstanding(KW_GFN + 1));
	assert_true(apf_halted());
	assert_int_equal(kw_pfn(KW_ADDR), KW_NO_PFN);

	apf_serve();
	pfn = kw_pfn(KW_ADDR);
	assert_int_not_equal(pfn, KW_NO_PFN);
	assert_int_equal(page(pfn).refcount, 2);
	kw_drain();
	assert_int_equal(page(pfn).refcount, 1);
	assert_true(apf_outstanding(KW_GFN));

	assert_int_equal(apf_repeated().nr, 0);
	apf_check();
	assert_false(apf_halted());
	assert_false(apf_outstanding(KW_GFN));
	apf_check();
	assert_int_equal(apf_repeated().nr, 1);
	assert_int_equal(apf_repeated().gpa, KW_GFN << 12);
	assert_int_equal(apf_repeated().error_code, error_code);
}

static void kworker_brings_the_page_and_keeps_no_reference(void **state)
{
	page_is_brought("5.17", 0);
	page_is_brought("6.1", 0);
	page_is_brought("6.12", ERROR);
}

/* H.11: whoever comes 64 pages later waits himself; so does who has no address. */
static void vcpu_has_64_pages_outstanding_at_most(void **state)
{
	unsigned int i;

	start("6.12");
	assert_false(apf_setup(KW_GFN, UINT64_MAX, ERROR));
	for (i = 0; i < 64; i++)
		assert_true(apf_setup(KW_GFN + i, KW_AT(i % KW_PAGES), ERROR));
	assert_false(apf_setup(KW_GFN + 64, KW_ADDR, ERROR));
	apf_serve();
	apf_check();
	assert_int_equal(apf_repeated().nr, 64);
	assert_int_equal(apf_repeated().gpa, (KW_GFN + 63) << 12);
	assert_true(apf_setup(KW_GFN + 64, KW_ADDR, ERROR));
}

/* H.11: memory short, the vCPU waits itself, and is not halted. */
static void setup_without_memory_is_refused(void **state)
{
	start("6.12");
	kw_fail_alloc_after(0);
	assert_false(apf_setup(KW_GFN, KW_ADDR, ERROR));
	assert_false(apf_halted());
	assert_false(apf_outstanding(KW_GFN));
}

/* H.11: up to 6.1 a work keeps the address space until it is done, or given up. */
static void work_holds_the_address_space(const char *profile, int users)
{
	int before;

	start(profile);
	before = apf_mm_users();
	assert_true(apf_setup(KW_GFN, KW_ADDR, ERROR));
	assert_int_equal(apf_mm_users(), before + users);
	apf_serve();
	assert_int_equal(apf_mm_users(), before);
	assert_true(apf_setup(KW_GFN + 1, KW_AT(1), ERROR));
	kw_put_vm();
	assert_int_equal(apf_mm_users(), before);
}

static void work_holds_the_address_space_up_to_6_1(void **state)
{
	work_holds_the_address_space("5.17", 1);
	work_holds_the_address_space("6.1", 1);
	work_holds_the_address_space("6.12", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(kworker_brings_the_page_and_keeps_no_reference),
		ROLLED(vcpu_has_64_pages_outstanding_at_most),
		ROLLED(setup_without_memory_is_refused),
		ROLLED(work_holds_the_address_space_up_to_6_1),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
