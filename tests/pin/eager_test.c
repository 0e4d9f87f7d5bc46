/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "eager" by itself, the kernel below it scripted: the order of its checks and
 * errors (F.2 to F.6, I.1 to I.4), short pins, the limit's edge (K.25).
 */
#include <errno.h>
#include <limits.h>

#include "tests/pin/hooks_mock.h"

#define D	"eager"
#define SIZE	(4 * 4096UL)

static void expect_region(unsigned long addr, int nr, uint64_t first)
{
	int i;

	expect_pin(addr, nr, MOCK_FOLL_WRITE, first, nr);
	for (i = 0; i < nr; i++)
		expect_clflush(first + i, 1);
}

static void expect_unpin_region(uint64_t first, unsigned long nr)
{
	expect_function_call(__wrap_unpin_user_pages);
	expect_value(__wrap_unpin_user_pages, first, first);
	expect_value(__wrap_unpin_user_pages, npages, nr);
}

static void register_pins_short_term_charges_and_records(void **state)
{
	expect_region(HVA, 4, 70);
	assert_int_equal(hw_register(D, hooks.kvm, HVA, SIZE), 0);
	assert_int_equal(hw_pages_locked(hooks.kvm), 4);
	assert_int_equal(hw_nr_regions(hooks.kvm), 1);
}

/* I.3: WBINVD, then unpin; everything as before, what is charged too (O.7). */
static void unregister_gives_all_back(void **state)
{
	register_pins_short_term_charges_and_records(state);
	expect_function_call(__wrap_wbinvd_on_all_cpus);
	expect_unpin_region(70, 4);
	assert_int_equal(hw_unregister(D, hooks.kvm, HVA, SIZE), 0);
	assert_int_equal(hw_pages_locked(hooks.kvm), 0);
	assert_int_equal(hw_nr_regions(hooks.kvm), 0);
	assert_int_equal(hw_live_bytes(), hooks.live_bytes);
}

/* I.3: both numbers must be equal to a region's; part of one is none. */
static void unregister_unknown_range_is_einval(void **state)
{
	register_pins_short_term_charges_and_records(state);
	assert_int_equal(hw_unregister(D, hooks.kvm, HVA, 4096), -EINVAL);
	assert_int_equal(hw_unregister(D, hooks.kvm, HVA + 4096, SIZE), -EINVAL);
	assert_int_equal(hw_pages_locked(hooks.kvm), 4);
}

/* H-32: twice registered is twice pinned, and must be unregistered twice. */
static void register_twice_charges_twice(void **state)
{
	register_pins_short_term_charges_and_records(state);
	expect_region(HVA, 4, 70);
	assert_int_equal(hw_register(D, hooks.kvm, HVA, SIZE), 0);
	assert_int_equal(hw_pages_locked(hooks.kvm), 8);
	expect_function_call(__wrap_wbinvd_on_all_cpus);
	expect_unpin_region(70, 4);
	assert_int_equal(hw_unregister(D, hooks.kvm, HVA, SIZE), 0);
	assert_int_equal(hw_nr_regions(hooks.kvm), 1);
}

/* I.4: WBINVD once, then all of them, in the order of their registration. */
static void vm_destroy_unpins_every_region(void **state)
{
	register_pins_short_term_charges_and_records(state);
	expect_region(HVA + SIZE, 1, 90);
	assert_int_equal(hw_register(D, hooks.kvm, HVA + SIZE, 4096), 0);
	expect_function_call(__wrap_wbinvd_on_all_cpus);
	expect_unpin_region(70, 4);
	expect_unpin_region(90, 1);
	hw_vm_destroy(D, hooks.kvm);
	assert_int_equal(hw_pages_locked(hooks.kvm), 0);
	assert_int_equal(hw_live_bytes(), hooks.live_bytes);
}

/* I.5: what is asked of GUP, by each of the three that pin in advance. */
static void register_asks_for_the_designs_own_flags(void **state)
{
	static const struct { const char *design; unsigned int flags; } is[] = {
		{ "eager", MOCK_FOLL_WRITE },
		{ "eager-longterm", MOCK_FOLL_LONGTERM },
		{ "eager-longterm:write", MOCK_FOLL_LONGTERM | MOCK_FOLL_WRITE },
	};
	unsigned int i;

	for (i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
		hooks_setup(state);
		expect_pin(HVA, 1, is[i].flags, 70, 1);
		expect_clflush(70, 1);
		assert_int_equal(hw_register(is[i].design, hooks.kvm, HVA, 4096), 0);
	}
}

/* --- errors in their order --- */

enum wrong {
	NO_SEV		= 1 << 0,
	NO_REGION	= 1 << 1,	/* no memory for the record */
	EMPTY		= 1 << 2,
	HUGE_RANGE	= 1 << 3,	/* more than INT_MAX pages */
	OVER_LIMIT	= 1 << 4,
	NO_ARRAY	= 1 << 5,	/* no memory for the pages */
	SHORT_PIN	= 1 << 6,
	PIN_FAULTS	= 1 << 7,
};

/* Each row adds what would go wrong later; the first thing wrong decides. */
static const struct order_row {
	unsigned int wrong;
	int err;
} order[] = {
	{ PIN_FAULTS, -ENOMEM },		/* F.5: -EFAULT is not told */
	{ SHORT_PIN, -ENOMEM },
	{ NO_ARRAY, -ENOMEM },
	{ OVER_LIMIT | NO_ARRAY, -ENOMEM },
	{ EMPTY | OVER_LIMIT, -EINVAL },
	{ HUGE_RANGE | OVER_LIMIT, -EINVAL },
	{ NO_REGION | EMPTY, -ENOMEM },
	{ NO_SEV | NO_REGION | EMPTY | OVER_LIMIT, -ENOTTY },
};

static void expect_failing_pin(unsigned int wrong)
{
	if (wrong & (NO_SEV | NO_REGION | EMPTY | HUGE_RANGE | OVER_LIMIT | NO_ARRAY))
		return;
	expect_pin(HVA, 4, MOCK_FOLL_WRITE, 70, wrong & SHORT_PIN ? 3 : -EFAULT);
	if (wrong & SHORT_PIN)
		expect_unpin_region(70, 3);
}

static void register_first_error_decides(void **state)
{
	unsigned int i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		unsigned int wrong = order[i].wrong;
		uint64_t size = SIZE;

		hooks_setup(state);
		hooks.sev = !(wrong & NO_SEV);
		if (wrong & NO_REGION)
			hooks.fail_alloc = 1;
		else if (wrong & NO_ARRAY)
			hooks.fail_alloc = 2;
		if (wrong & OVER_LIMIT)
			hooks.memlock = SIZE - 1;
		if (wrong & EMPTY)
			size = 0;
		if (wrong & HUGE_RANGE)
			size = ((uint64_t)INT_MAX + 1) << 12;
		expect_failing_pin(wrong);

		assert_int_equal(hw_register(D, hooks.kvm, HVA, size), order[i].err);
		assert_int_equal(hw_pages_locked(hooks.kvm), 0);
		assert_int_equal(hw_nr_regions(hooks.kvm), 0);
		assert_int_equal(hw_live_bytes(), hooks.live_bytes);
	}
}

/* Only the first of both checks is common with register. */
static void unregister_plain_vm_is_enotty(void **state)
{
	hooks.sev = false;
	assert_int_equal(hw_unregister(D, hooks.kvm, HVA, SIZE), -ENOTTY);
}

static void register_wrapping_range_is_einval(void **state)
{
	assert_int_equal(hw_register(D, hooks.kvm, ~0UL - 4095, 8192), -EINVAL);
}

/* --- K.25, F.1, F.2: the edge of the limit --- */

static const struct limit_row {
	unsigned long memlock, locked;
	unsigned int npages;
	bool cap;
	int err;
} limits[] = {
	{ 64 << 10, 15, 1, false, 0 },		/* 16 is not more than 16 */
	{ 64 << 10, 15, 2, false, -ENOMEM },
	{ 64 << 10, 15, 2, true, 0 },
	{ 65535, 15, 1, false, -ENOMEM },	/* a partial page is lost */
	{ 65535, 14, 1, false, 0 },
	{ 0, 0, 1, false, -ENOMEM },
	{ ~0UL, 1000, 4, false, 0 },
};

static void register_limit_edge(void **state)
{
	unsigned int i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct limit_row *row = &limits[i];

		hooks_setup(state);
		hooks.memlock = row->memlock;
		hooks.cap_ipc_lock = row->cap;
		hw_set_pages_locked(hooks.kvm, row->locked);
		if (!row->err)
			expect_region(HVA, row->npages, 70);
		assert_int_equal(hw_register(D, hooks.kvm, HVA, row->npages * 4096UL), row->err);
		assert_int_equal(hw_pages_locked(hooks.kvm),
				 row->locked + (row->err ? 0 : row->npages));
	}
}

/* F.4: two bytes over the edge of a page are two pages. */
static void register_unaligned_range_counts_touched_pages(void **state)
{
	expect_region(HVA + 4095, 2, 70);
	assert_int_equal(hw_register(D, hooks.kvm, HVA + 4095, 2), 0);
	assert_int_equal(hw_pages_locked(hooks.kvm), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(register_pins_short_term_charges_and_records, .setup = hooks_setup),
		ROLLED(unregister_gives_all_back, .setup = hooks_setup),
		ROLLED(unregister_unknown_range_is_einval, .setup = hooks_setup),
		ROLLED(register_twice_charges_twice, .setup = hooks_setup),
		ROLLED(vm_destroy_unpins_every_region, .setup = hooks_setup),
		ROLLED(register_asks_for_the_designs_own_flags, .setup = hooks_setup),
		ROLLED(register_first_error_decides, .setup = hooks_setup),
		ROLLED(unregister_plain_vm_is_enotty, .setup = hooks_setup),
		ROLLED(register_wrapping_range_is_einval, .setup = hooks_setup),
		ROLLED(register_limit_edge, .setup = hooks_setup),
		ROLLED(register_unaligned_range_counts_touched_pages, .setup = hooks_setup),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
