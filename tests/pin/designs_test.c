/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The designs over the whole simulated kernel: the reference ledgers of the
 * contract, number for number (K.5 to K.13, K.25), and that a design's records,
 * the ledger and the page agree.
 */
#include <errno.h>

#include "fakes/host/probe.h"
#include "tests/mmu/vm_tests.h"

static const char *const demand[] = { "demand-ref", "demand-late", "demand-takeover" };

static uint64_t settled(const char *kernel, const char *design, enum build_zone place)
{
	const struct vm_setup setup = { .kernel = kernel, .design = design, .place = place };

	vm_build(&setup);
	assert_int_equal(vm_touch(0), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1, 0, 0);
	return pte_pfn(0);
}

static uint8_t zone_of(uint64_t pfn)
{
	struct probe_page page;

	assert_true(probe_page(pfn, &page));
	return page.zone;
}

/* --- the registry --- */

static void designs_are_found_by_name_and_option(void **state)
{
	assert_true(pin_design_exists("eager"));
	assert_true(pin_design_exists("demand-late"));
	assert_true(pin_design_exists("demand-late:in-map"));
	assert_false(pin_design_exists("demand-late:"));
	assert_false(pin_design_exists("demand-lat"));
	assert_false(pin_design_exists("eager:in-map"));
	assert_false(pin_design_exists(""));
	assert_true(pin_design_exists("eager-longterm"));
	assert_true(pin_design_exists("eager-longterm:write"));
	assert_string_equal(pin_design_nth(0)->name, "pinned-spte");
	assert_string_equal(pin_design_nth(8)->name, "demand-double");
	assert_string_equal(pin_design_nth(9)->name, "gmem");
	assert_string_equal(pin_design_nth(10)->name, "demand-sound");
	assert_null(pin_design_nth(11));
	assert_string_equal(pin_design_nth(6)->name, "demand-late");
	assert_string_equal(pin_design_nth(6)->options, "in-map");
}

static void build_vm_unknown_design_is_enoent(void **state)
{
	const struct vm_setup setup = { .design = "eager" };
	const struct build_vm vm = { .sev = true, .design = "lazy", .nr_vcpus = 1 };

	vm_build(&setup);
	assert_int_equal(build_vm(&vm), -ENOENT);
	assert_non_null(pin_probe_of(0));
	assert_null(pin_probe_of(1));
}

/* --- demand-ref --- */

/* K.11: one plain reference, wherever the page lies; H-01. */
static void ref_fault_holds_one_plain_reference_in_place(void **state)
{
	uint64_t pfn = settled(NULL, "demand-ref", BUILD_ZONE_MOVABLE), recorded;

	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(pte_pfn(0), pfn);
	assert_page_counts(pfn, 2, 0, 1);
	assert_int_equal(zone_of(pfn), PROBE_ZONE_MOVABLE);
	assert_int_equal(nr_records(&recorded), 1);
	assert_int_equal(recorded, pfn);
	assert_int_equal(vm_slot_delete(0), 0);
	assert_page_counts(pfn, 1, 0, 0);
}

static void ref_refault_after_zap_holds_no_more(void **state)
{
	uint64_t pfn = settled(NULL, "demand-ref", BUILD_ZONE_NORMAL);

	vm_fault(VM_GFN, true);
	vm_migrate(0);				/* fails, but zaps: K.28 */
	assert_int_equal(nr_sptes(), 0);
	vm_drain();
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(pte_pfn(0), pfn);
	assert_page_counts(pfn, 2, 0, 1);
}

/* K.29: the SPTE goes with the attempt; the page that the next fault finds stays. */
static void pinned_page_keeps_its_pfn_through_a_failed_migration(void **state)
{
	static const char *const kernels[] = { "6.1", "6.12" };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn;

		settled(kernels[i], "demand-takeover", BUILD_ZONE_NORMAL);
		assert_int_equal(vm_fault(VM_GFN, true), 0);
		pfn = pte_pfn(0);
		assert_int_equal(spte_pfn(0, VM_GFN), pfn);
		assert_int_equal(vm_migrate(0), 1);
		assert_int_equal(nr_sptes(), 0);
		assert_int_equal(pte_pfn(0), pfn);
		assert_int_equal(vm_fault(VM_GFN, true), 0);
		assert_int_equal(spte_pfn(0, VM_GFN), pfn);
	}
}

/* K.12: the guest's page outlives its unmapping, held by the slot alone. */
static void ref_munmap_orphans_the_page(void **state)
{
	uint64_t pfn = settled(NULL, "demand-ref", BUILD_ZONE_NORMAL);

	vm_fault(VM_GFN, true);
	assert_int_equal(vm_munmap_page(0), 0);
	vm_drain();
	assert_page_counts(pfn, 1, 0, 1);
}

/* --- demand-late --- */

/* K.5: KVM's own reference holds the page in place, so the pin fails. */
static void late_fault_in_movable_fails_and_balances(void **state)
{
	static const struct { const char *kernel; unsigned int cycles; } rows[] = {
		{ "6.1", 10 }, { "6.12", 2 },
	};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn = settled(rows[i].kernel, "demand-late", BUILD_ZONE_MOVABLE);
		struct probe_mm_counts before, after;
		uint64_t recorded;

		probe_mm_counts(&before);
		assert_int_equal(vm_fault(VM_GFN, true), -EFAULT);
		probe_mm_counts(&after);
		assert_int_equal(after.refchecks - before.refchecks, 10);
		assert_int_equal(after.unmap_cycles - before.unmap_cycles, rows[i].cycles);
		assert_int_equal(pte_pfn(0), pfn);
		assert_int_equal(nr_sptes(), 0);
		assert_int_equal(nr_records(&recorded), 0);
		vm_drain();
		assert_page_counts(pfn, 1, 0, 0);
		assert_int_equal(after.foll_pin_acquired, after.foll_pin_released);
	}
}

/* K.6: by luck of placement the same order works. */
static void late_fault_in_normal_pins(void **state)
{
	uint64_t pfn = settled(NULL, "demand-late", BUILD_ZONE_NORMAL), recorded;

	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_page_counts(pfn, 1025, 1, 1);
	assert_int_equal(nr_records(&recorded), 1);
	assert_int_equal(recorded, pfn);
	assert_int_equal(vm_slot_delete(0), 0);
	assert_page_counts(pfn, 1, 0, 0);
}

/* --- demand-takeover --- */

/* K.7, K.9: the page moves once, and then stays, pinned and mapped. */
static void takeover_fault_in_movable_moves_then_pins(void **state)
{
	static const enum build_zone places[] = { BUILD_ZONE_MOVABLE, BUILD_ZONE_CMA };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn = settled(NULL, "demand-takeover", places[i]);
		struct probe_page page;

		assert_int_equal(vm_fault(VM_GFN, true), 0);
		assert_int_not_equal(pte_pfn(0), pfn);
		pfn = pte_pfn(0);
		assert_int_equal(spte_pfn(0, VM_GFN), pfn);
		assert_true(probe_page(pfn, &page));
		assert_int_equal(page.zone, PROBE_ZONE_NORMAL);
		assert_false(page.cma);
		vm_drain();
		assert_page_counts(pfn, 1025, 1, 1);
		assert_int_equal(probe_guest(0, VM_GFN), PROBE_GUEST_INTACT);
	}
}

/* K.8: what is not there yet is allocated where it may stay. */
static void takeover_fault_untouched_is_pinnable_at_once(void **state)
{
	const struct vm_setup setup = {
		.design = "demand-takeover", .place = BUILD_ZONE_MOVABLE,
	};

	vm_build(&setup);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(zone_of(pte_pfn(0)), PROBE_ZONE_NORMAL);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1025, 1, 1);
}

/* Two roots, one gfn: one record, one pin. */
static void takeover_two_roles_keep_one_pin(void **state)
{
	const struct vm_setup setup = {
		.design = "demand-takeover", .roles = { 0, 1 }, .nr_vcpus = 2,
	};
	uint64_t recorded;

	vm_build(&setup);
	vm_touch(0);
	assert_int_equal(vm_fault_as(0, VM_GFN, true), 0);
	assert_int_equal(vm_fault_as(1, VM_GFN, true), 0);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1025, 1, 1);
	assert_int_equal(nr_records(&recorded), 1);
	assert_int_equal(nr_sptes(), 2);
}

/* K.31: what is pinned for long does not move any more. */
static void takeover_pinned_page_does_not_migrate(void **state)
{
	uint64_t pfn;

	settled(NULL, "demand-takeover", BUILD_ZONE_NORMAL);
	vm_fault(VM_GFN, true);
	pfn = pte_pfn(0);
	assert_int_equal(vm_migrate(0), 1);
	assert_int_equal(pte_pfn(0), pfn);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(probe_guest(0, VM_GFN), PROBE_GUEST_INTACT);
}

/* --- all of them --- */

/* H-27, F.11: nothing is charged, whatever the limit. */
static void demand_designs_ignore_the_limit(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		const struct vm_setup setup = { .design = demand[i], .memlock = 1 };
		struct probe_process p;
		uint64_t recorded;

		vm_build(&setup);
		assert_int_equal(vm_register(0, 4), 0);
		assert_int_equal(vm_fault(VM_GFN, true), 0);
		assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
		assert_int_equal(nr_records(&recorded), 2);
		assert_int_equal(vm_unregister(0, 4), 0);
		assert_int_equal(nr_records(&recorded), 2);
		assert_true(probe_process(0, &p));
		assert_int_equal(p.locked_vm, 0);
	}
}

/* deleting and making a slot again loses the pins in between. */
static void demand_slot_delete_unpins_live_pages(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		uint64_t recorded;

		settled(NULL, demand[i], BUILD_ZONE_NORMAL);
		assert_int_equal(vm_fault(VM_GFN, true), 0);
		assert_int_equal(vm_slot_delete(0), 0);
		assert_int_equal(vm_slot_create(0, VM_GFN, 0, VM_PAGES), 0);
		assert_int_equal(nr_records(&recorded), 0);
		vm_drain();
		assert_page_counts(pte_pfn(0), 1, 0, 0);
		assert_int_equal(vm_migrate(0), 0);
		assert_int_equal(probe_guest(0, VM_GFN), PROBE_GUEST_GARBAGE);
	}
}

/* --- eager --- */

/* H-02: pinned where it lies, CMA or not. */
static void eager_register_pins_in_place(void **state)
{
	uint64_t pfn = settled(NULL, "eager", BUILD_ZONE_CMA), counter, records;
	struct probe_page page;

	assert_int_equal(vm_register(0, 2), 0);
	assert_int_equal(pte_pfn(0), pfn);
	assert_true(probe_page(pfn, &page));
	assert_true(page.cma);
	vm_drain();
	assert_page_counts(pfn, 1025, 1, 1);
	assert_true(pin_probe_of(0)->locked(0, &counter, &records));
	assert_int_equal(counter, 2);
	assert_int_equal(records, 2);
	assert_true(pin_probe_of(0)->must_pin(0, VM_GFN + 1));
	assert_false(pin_probe_of(0)->must_pin(0, VM_GFN + 2));
	assert_int_equal(vm_unregister(0, 2), 0);
	assert_page_counts(pfn, 1, 0, 0);
}

static void eager_records_are_every_page_of_every_region(void **state)
{
	uint64_t recorded;

	settled(NULL, "eager", BUILD_ZONE_NORMAL);
	assert_int_equal(vm_register(0, 3), 0);
	assert_int_equal(vm_register(2, 2), 0);
	assert_int_equal(nr_records(&recorded), 5);
	assert_int_equal(recorded, pte_pfn(3));
	/* Page 2 is pinned by both. */
	vm_drain();
	assert_page_counts(pte_pfn(2), 2049, 2, 2);
	assert_int_equal(vm_unregister(0, 3), 0);
	assert_int_equal(nr_records(&recorded), 2);
}

/* K.25: exactly the limit is allowed. */
static void eager_register_limit_edge(void **state)
{
	const struct vm_setup setup = { .design = "eager", .memlock = 4 * 4096 };

	vm_build(&setup);
	assert_int_equal(vm_register(0, 3), 0);
	assert_int_equal(vm_register(3, 2), -ENOMEM);
	assert_int_equal(vm_register(3, 1), 0);
	assert_int_equal(vm_register(4, 1), -ENOMEM);
	assert_int_equal(vm_unregister(0, 3), 0);
	assert_int_equal(vm_register(4, 3), 0);
}

/* F.3: the limit is the process's, the count a VM's: two VMs pin twice as much. */
static void eager_limit_holds_for_each_vm_by_itself(void **state)
{
	const struct vm_setup setup = { .design = "eager", .memlock = 4 * 4096 };
	const struct build_vm second = { .sev = true, .design = "eager", .nr_vcpus = 1 };
	struct probe_process p;

	vm_build(&setup);
	assert_int_equal(build_vm(&second), 1);
	assert_int_equal(vm_register_in(0, 0, 4), 0);
	assert_int_equal(vm_register_in(1, 4, 4), 0);
	assert_int_equal(vm_register_in(0, 8, 1), -ENOMEM);
	assert_int_equal(vm_register_in(1, 8, 1), -ENOMEM);
	/* Nor does the process's own count of locked memory know of them. */
	assert_true(probe_process(0, &p));
	assert_int_equal(p.locked_vm, 0);
	/* What one of them gives back is no room for the other. */
	assert_int_equal(vm_unregister(0, 4), 0);
	assert_int_equal(vm_register_in(1, 8, 1), -ENOMEM);
	assert_int_equal(vm_register_in(0, 8, 4), 0);
}

static bool is_dirty(unsigned int page)
{
	struct probe_page p;

	assert_true(probe_page(pte_pfn(page), &p));
	return p.dirty;
}

static void pins_leave_clean(const char *design)
{
	/* Where it may stay: to move a page hands its PTE's dirty bit on. */
	settled(NULL, design, BUILD_ZONE_NORMAL);
	assert_int_equal(vm_touch(1), 0);
	vm_drain();
	assert_int_equal(vm_register(0, 1), 0);
	assert_int_equal(vm_register(0, 2), 0);
	assert_int_equal(vm_register(1, 1), 0);
	assert_false(is_dirty(0) || is_dirty(1));
	assert_int_equal(vm_unregister(0, 2), 0);
	assert_false(is_dirty(0) || is_dirty(1));
	assert_int_equal(vm_close(), 0);
	assert_false(is_dirty(0) || is_dirty(1));
	assert_int_equal(nr_refs_left(), 2);
}

/* I.8: neither a region's pins dirty a page nor their end, nor the VM's. */
static void eager_pins_leave_pages_clean(void **state)
{
	pins_leave_clean("eager");
	pins_leave_clean("eager-longterm");
}

/* I.7, I.8: launch update alone does, and to all that it was asked for. */
static void eager_launch_update_dirties_pages(void **state)
{
	settled(NULL, "eager", BUILD_ZONE_MOVABLE);
	assert_int_equal(vm_touch(1), 0);
	assert_int_equal(vm_touch(2), 0);
	vm_drain();
	assert_int_equal(vm_launch_update(0, 2), 0);
	assert_true(is_dirty(0) && is_dirty(1));
	assert_false(is_dirty(2));
	vm_drain();
	assert_page_counts(pte_pfn(1), 1, 0, 0);
}

/* I.5: what lies where it must not stay pinned leaves before it is pinned. */
static void eager_longterm_register_moves_pages_out(void **state)
{
	uint64_t pfn = settled(NULL, "eager-longterm", BUILD_ZONE_CMA);
	struct probe_page page;

	assert_int_equal(vm_register(0, 2), 0);
	assert_int_not_equal(pte_pfn(0), pfn);
	assert_true(probe_page(pte_pfn(0), &page));
	assert_false(page.cma);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1025, 1, 1);
	assert_int_equal(vm_unregister(0, 2), 0);
	assert_page_counts(pte_pfn(0), 1, 0, 0);
}

/* F.5, E.14: a hole makes a short pin, and that is given back. */
static void eager_register_over_hole_leaves_nothing(void **state)
{
	uint64_t recorded;

	settled(NULL, "eager", BUILD_ZONE_NORMAL);
	assert_int_equal(vm_munmap_page(1), 0);
	assert_int_equal(vm_register(0, 3), -ENOMEM);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1, 0, 0);
	assert_int_equal(nr_records(&recorded), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(designs_are_found_by_name_and_option),
		ROLLED(build_vm_unknown_design_is_enoent),
		ROLLED(ref_fault_holds_one_plain_reference_in_place),
		ROLLED(ref_refault_after_zap_holds_no_more),
		ROLLED(ref_munmap_orphans_the_page),
		ROLLED(pinned_page_keeps_its_pfn_through_a_failed_migration),
		ROLLED(late_fault_in_movable_fails_and_balances),
		ROLLED(late_fault_in_normal_pins),
		ROLLED(takeover_fault_in_movable_moves_then_pins),
		ROLLED(takeover_fault_untouched_is_pinnable_at_once),
		ROLLED(takeover_two_roles_keep_one_pin),
		ROLLED(takeover_pinned_page_does_not_migrate),
		ROLLED(demand_designs_ignore_the_limit),
		ROLLED(demand_slot_delete_unpins_live_pages),
		ROLLED(eager_register_pins_in_place),
		ROLLED(eager_records_are_every_page_of_every_region),
		ROLLED(eager_register_limit_edge),
		ROLLED(eager_limit_holds_for_each_vm_by_itself),
		ROLLED(eager_pins_leave_pages_clean),
		ROLLED(eager_launch_update_dirties_pages),
		ROLLED(eager_longterm_register_moves_pages_out),
		ROLLED(eager_register_over_hole_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
