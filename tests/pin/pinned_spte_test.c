/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "pinned-spte" over the whole simulated kernel: one reference for each SPTE, what a
 * notifier's zap leaves of it, and all the times at which an SPTE goes (hazards 1.2).
 */
#include "tests/mmu/vm_tests.h"

static unsigned int nr_warns;

void __wrap_warn_at(const char *site)
{
	nr_warns++;
}

static void build(const char *kernel, enum build_zone place)
{
	const struct vm_setup setup = {
		.kernel = kernel,
		.design = "pinned-spte",
		.place = place,
	};

	nr_warns = 0;
	vm_build(&setup);
}

static unsigned int nr_pinned(struct probe_spte *ret_last)
{
	uint64_t cursor = 0;
	unsigned int n = 0;

	while (probe_pinned_next(0, &cursor, ret_last))
		n++;
	return n;
}

static void fault_takes_one_reference_and_sets_the_bit(void **state)
{
	struct probe_spte spte;
	uint64_t pfn;

	build(NULL, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1 + 1, 0, 1);
	assert_int_equal(nr_pinned(&spte), 1);
	assert_int_equal(spte.gfn, VM_GFN);
	assert_int_equal(nr_records(&pfn), 1);
	assert_int_equal(pfn, pte_pfn(0));
}

/* H-01: it is no long-term pin, so the page stays where it is. */
static void fault_leaves_the_page_in_zone_movable(void **state)
{
	struct probe_page page;

	build(NULL, BUILD_ZONE_MOVABLE);
	assert_int_equal(vm_touch(0), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_true(probe_page(pte_pfn(0), &page));
	assert_int_equal(page.zone, PROBE_ZONE_MOVABLE);
}

/* What is written again is pinned already. */
static void second_fault_takes_none(void **state)
{
	build(NULL, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_touch(0), 0);
	assert_int_equal(vm_fault(VM_GFN, false), 0);
	assert_int_equal(vm_slot_set(0, VM_GFN, 0, VM_PAGES, false, true), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1 + 1, 0, 1);
}

/* An SPTE for each root, and a reference for each SPTE. */
static void two_roots_take_two(void **state)
{
	const struct vm_setup setup = {
		.design = "pinned-spte",
		.place = BUILD_ZONE_NORMAL,
		.nr_vcpus = 2,
		.roles = { 0, 1 },
	};
	struct probe_spte spte;

	vm_build(&setup);
	assert_int_equal(vm_fault_as(0, VM_GFN, true), 0);
	assert_int_equal(vm_fault_as(1, VM_GFN, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1 + 2, 0, 2);
	assert_int_equal(nr_pinned(&spte), 2);
}

/* The VMM's hand: nothing is mapped, and bit, page frame and reference are there. */
static void notifiers_zap_keeps_the_pin(void **state)
{
	struct probe_spte spte;
	uint64_t pfn;

	build(NULL, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	pfn = pte_pfn(0);
	assert_int_equal(vm_dontneed(0), 0);
	vm_drain();
	assert_int_equal(nr_sptes(), 0);
	assert_int_equal(nr_pinned(&spte), 1);
	assert_int_equal(spte.pfn, pfn);
	assert_page_counts(pfn, 1, 0, 1);
	assert_int_equal(nr_warns, 0);
}

/* A WARN, and then it holds the page that is gone and not the one that it maps. */
static void another_page_warns_and_is_not_held(void **state)
{
	uint64_t old;

	build(NULL, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	old = pte_pfn(0);
	assert_int_equal(vm_dontneed(0), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	vm_drain();
	assert_int_not_equal(pte_pfn(0), old);
	assert_int_equal(nr_warns, 1);
	assert_page_counts(old, 1, 0, 1);
	assert_page_counts(pte_pfn(0), 1, 0, 0);
}

/* The zero page is held as any other, and the first write leaves it. */
static void write_after_read_of_untouched_memory_warns(void **state)
{
	build(NULL, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(VM_GFN, false), 0);
	assert_int_equal(nr_warns, 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(nr_warns, 1);
}

/* v6.1 zaps everything when any slot goes, and with its table a pin goes; v6.12 not. */
static void other_slots_end(const char *kernel, bool kept)
{
	build(kernel, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_slot_create(1, VM_GFN + 0x100, 8, 1), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1 + 1, 0, 1);
	assert_int_equal(vm_slot_delete(1), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1 + kept, 0, kept);
}

static void other_slots_end_drops_the_pin_in_6_1(void **state)
{
	other_slots_end("6.1", false);
}

static void other_slots_end_keeps_the_pin_in_6_12(void **state)
{
	other_slots_end("6.12", true);
}

/* In 6.12 it outlives even its own slot; another memory there is another page. */
static void slot_made_again_warns_in_6_12(void **state)
{
	uint64_t old;

	build("6.12", BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	old = pte_pfn(0);
	assert_int_equal(vm_slot_delete(0), 0);
	vm_drain();
	assert_page_counts(old, 1 + 1, 0, 1);
	assert_int_equal(vm_slot_create(0, VM_GFN, 4, 4), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(nr_warns, 1);
}

/* With what a zap left of one there. */
static void vms_end_drops_every_pin(void **state)
{
	uint64_t pfn[2];

	build(NULL, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
	pfn[0] = pte_pfn(0);
	pfn[1] = pte_pfn(1);
	assert_int_equal(vm_migrate(1), 1);
	vm_drain();
	assert_page_counts(pfn[1], 1 + 1, 0, 1);
	assert_int_equal(vm_close(), 0);
	vm_drain();
	assert_page_counts(pfn[0], 1, 0, 0);
	assert_page_counts(pfn[1], 1, 0, 0);
	assert_int_equal(nr_warns, 0);
}

static void registering_does_nothing(void **state)
{
	build(NULL, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_register(0, 2), 0);
	assert_int_equal(nr_refs_left(), 0);
	assert_int_equal(vm_unregister(8, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(fault_takes_one_reference_and_sets_the_bit),
		ROLLED(fault_leaves_the_page_in_zone_movable),
		ROLLED(second_fault_takes_none),
		ROLLED(two_roots_take_two),
		ROLLED(notifiers_zap_keeps_the_pin),
		ROLLED(another_page_warns_and_is_not_held),
		ROLLED(write_after_read_of_untouched_memory_warns),
		ROLLED(other_slots_end_drops_the_pin_in_6_1),
		ROLLED(other_slots_end_keeps_the_pin_in_6_12),
		ROLLED(slot_made_again_warns_in_6_12),
		ROLLED(vms_end_drops_every_pin),
		ROLLED(registering_does_nothing),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
