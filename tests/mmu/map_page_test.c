/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM_PRE_FAULT_MEMORY: what it maps, what it says, and that it holds nothing. (That
 * it does not end in a slot that goes is prefault-vs-slot-delete.race's.)
 */
#include <errno.h>

#include "tests/mmu/vm_tests.h"

static void build(const char *kernel, bool no_vcpu)
{
	const struct vm_setup setup = {
		.kernel = kernel, .place = BUILD_ZONE_MOVABLE, .no_vcpu = no_vcpu,
	};

	vm_build(&setup);
}

static void maps_what_the_process_maps_and_holds_nothing(void **state)
{
	struct probe_spte spte;

	build(NULL, false);
	assert_int_equal(vm_touch(0), 0);
	assert_int_equal(vm_prefault(VM_GFN), 0);
	vm_drain();
	assert_true(probe_spte(0, 0, VM_GFN, &spte));
	assert_int_equal(spte.pfn, pte_pfn(0));
	assert_int_equal(nr_sptes(), 1);
	assert_page_counts(pte_pfn(0), 1, 0, 0);
	/* The guest finds it there. */
	assert_int_equal(vm_prefault(VM_GFN), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(nr_sptes(), 1);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1, 0, 0);
}

/* It reads: what was never written is the zero page, which the guest's write leaves. */
static void reads_and_does_not_write(void **state)
{
	struct probe_page page;

	build(NULL, false);
	assert_int_equal(vm_prefault(VM_GFN + 1), 0);
	assert_true(probe_page(spte_pfn(0, VM_GFN + 1), &page));
	assert_true(page.zero_page);
	assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
	assert_true(probe_page(spte_pfn(0, VM_GFN + 1), &page));
	assert_false(page.zero_page);
}

static void says_what_is_not_there(void **state)
{
	build(NULL, false);
	assert_int_equal(vm_prefault(VM_GFN + VM_PAGES), -ENOENT);
	assert_int_equal(vm_munmap_page(2), 0);
	assert_int_equal(vm_prefault(VM_GFN + 2), -EFAULT);
	assert_int_equal(nr_sptes(), 0);
}

static void makes_the_vcpu_that_it_needs(void **state)
{
	build(NULL, true);
	assert_int_equal(vm_touch(0), 0);
	assert_int_equal(vm_prefault(VM_GFN), 0);
	assert_int_equal(spte_pfn(0, VM_GFN), pte_pfn(0));
}

/* It came with v6.11. */
static void is_not_there_in_older_kernels(void **state)
{
	static const char *const kernels[] = { "5.17", "6.1" };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		build(kernels[i], false);
		assert_int_equal(vm_touch(0), 0);
		assert_int_equal(vm_prefault(VM_GFN), -EINVAL);
		assert_int_equal(nr_sptes(), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(maps_what_the_process_maps_and_holds_nothing),
		ROLLED(reads_and_does_not_write),
		ROLLED(says_what_is_not_there),
		ROLLED(makes_the_vcpu_that_it_needs),
		ROLLED(is_not_there_in_older_kernels),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
