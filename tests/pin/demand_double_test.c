/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "demand-double" over the whole simulated kernel: two pins and what is left of
 * them, what KVM gives back, the mark of an encrypted slot, and the counter.
 */
#include <errno.h>

#include "fakes/host/probe.h"
#include "tests/mmu/vm_tests.h"

static void build(const char *kernel, enum build_zone place, uint64_t memlock)
{
	const struct vm_setup setup = {
		.kernel = kernel, .design = "demand-double", .place = place, .memlock = memlock,
	};

	vm_build(&setup);
}

/* KVM's own pin goes with the fault, the slot's stays. */
static void fault_leaves_one_pin_and_a_record(void **state)
{
	uint64_t pfn;

	build(NULL, BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1 + 1024, 1, 1);
	assert_int_equal(nr_records(&pfn), 1);
	assert_int_equal(pfn, pte_pfn(0));
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1 + 1024, 1, 1);
}

/* No reference of KVM's own is in the way (H-03 is not its fault). */
static void fault_moves_the_page_out_of_zone_movable(void **state)
{
	struct probe_page page;

	build(NULL, BUILD_ZONE_MOVABLE, 0);
	assert_int_equal(vm_touch(0), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_true(probe_page(pte_pfn(0), &page));
	assert_int_equal(page.zone, PROBE_ZONE_NORMAL);
	assert_int_equal(spte_pfn(0, VM_GFN), pte_pfn(0));
}

/* from then on KVM takes a reference, and nothing is pinned. */
static void flags_take_the_mark_away(void **state)
{
	uint64_t pfn;

	build(NULL, BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_slot_set(0, VM_GFN, 0, VM_PAGES, false, true), 0);
	assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(1), 1, 0, 0);
	assert_int_equal(nr_records(&pfn), 0);
}

/* The mark makes a change of what sets the same flags once more. */
static void same_flags_again_take_it_away_too(void **state)
{
	build(NULL, BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_slot_set(0, VM_GFN, 0, VM_PAGES, false, false), 0);
	assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(1), 1, 0, 0);
}

/* pins go with the slot, through the caches' writing back. */
static void slot_takes_its_pins_along(void **state)
{
	struct probe_sev_counts before, after;

	build(NULL, BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	probe_sev_counts(&before);
	assert_int_equal(vm_slot_delete(0), 0);
	probe_sev_counts(&after);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1, 0, 0);
	assert_true(after.wbinvd >= before.wbinvd + 2);
}

/* H-28: what is announced is counted, and only that. */
static void register_counts_and_pins_nothing(void **state)
{
	uint64_t pfn;

	build(NULL, BUILD_ZONE_NORMAL, 2 * 4096);
	assert_int_equal(vm_register(0, 2), 0);
	assert_int_equal(nr_records(&pfn), 0);
	assert_int_equal(vm_register(2, 1), -ENOMEM);
	assert_int_equal(vm_fault(VM_GFN + 5, true), 0);
	assert_int_equal(nr_records(&pfn), 1);
}

/* below zero there is room for nothing, or for everything. */
static void unregister_of_nothing_changes_the_counter(void **state)
{
	build(NULL, BUILD_ZONE_NORMAL, 2 * 4096);
	assert_int_equal(vm_register(0, 2), 0);
	assert_int_equal(vm_unregister(8, 1), 0);
	assert_int_equal(vm_register(2, 1), 0);
	assert_int_equal(vm_unregister(0, VM_PAGES), 0);
	assert_int_equal(vm_register(0, 1), -ENOMEM);
}

/* What a read of untouched memory takes from the zero page's count, @kernel's way. */
static int taken_by_a_read(const char *kernel)
{
	struct probe_page before, after;
	uint64_t zero;

	build(kernel, BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_read(0), 0);
	zero = pte_pfn(0);
	assert_true(probe_page(zero, &before));
	assert_int_equal(vm_fault(VM_GFN + 1, false), 0);
	assert_int_equal(pte_pfn(1), zero);
	assert_true(probe_page(zero, &after));
	return (int)before.refcount - (int)after.refcount;
}

/* H-22: v6.1 pins the zero page for nothing; what is put for it is a reference. */
static void read_in_6_1_takes_a_reference_of_the_zero_page(void **state)
{
	assert_int_equal(taken_by_a_read("6.1"), 1);
}

/* v5.17 counts such a pin like any other; the slot's is left. */
static void read_in_5_17_leaves_the_slots_pin(void **state)
{
	assert_int_equal(taken_by_a_read("5.17"), -1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(fault_leaves_one_pin_and_a_record),
		ROLLED(fault_moves_the_page_out_of_zone_movable),
		ROLLED(flags_take_the_mark_away),
		ROLLED(same_flags_again_take_it_away_too),
		ROLLED(slot_takes_its_pins_along),
		ROLLED(register_counts_and_pins_nothing),
		ROLLED(unregister_of_nothing_changes_the_counter),
		ROLLED(read_in_6_1_takes_a_reference_of_the_zero_page),
		ROLLED(read_in_5_17_leaves_the_slots_pin),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
