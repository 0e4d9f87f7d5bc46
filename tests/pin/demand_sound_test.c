/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "demand-sound" over the whole simulated kernel: the counts of K.7 to K.9, what is
 * charged (F.7), and what a fault, a slot, the VMM and the VM's end do to a record.
 */
#include <errno.h>

#include "fakes/fault.h"
#include "fakes/host/probe.h"
#include "tests/mmu/vm_tests.h"

#define SOUND	"demand-sound"

static const char *const kernels[] = { "5.17", "6.1", "6.12" };

static void sound_vm(const char *kernel, enum build_zone place, uint64_t memlock)
{
	const struct vm_setup setup = {
		.kernel = kernel, .design = SOUND, .place = place, .memlock = memlock,
		.roles = { 0, 1 }, .nr_vcpus = 2,
	};

	vm_build(&setup);
}

static uint64_t charged(void)
{
	struct probe_process p;

	assert_true(probe_process(0, &p));
	return p.locked_vm;
}

/* So many records, each charged. */
static void assert_pinned(unsigned int n)
{
	uint64_t counter, records, pfn;

	assert_int_equal(nr_records(&pfn), n);
	assert_true(pin_probe_of(0)->locked(0, &counter, &records));
	assert_int_equal(counter, n);
	assert_int_equal(records, n);
	assert_int_equal(charged(), n);
}

/* K.7, K.9: it leaves CMA or ZONE_MOVABLE, is pinned once and charged. */
static void fault_moves_the_page_then_pins_it(void **state)
{
	static const enum build_zone places[] = { BUILD_ZONE_MOVABLE, BUILD_ZONE_CMA };
	struct probe_page page;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		uint64_t pfn;

		sound_vm(kernels[i % 3], places[i / 3], 0);
		assert_int_equal(vm_touch(0), 0);
		vm_drain();
		pfn = pte_pfn(0);
		assert_int_equal(vm_fault(VM_GFN, true), 0);
		assert_int_not_equal(pte_pfn(0), pfn);
		pfn = pte_pfn(0);
		assert_int_equal(spte_pfn(0, VM_GFN), pfn);
		vm_drain();
		assert_page_counts(pfn, 1025, 1, 1);
		assert_true(probe_page(pfn, &page));
		assert_int_equal(page.zone, PROBE_ZONE_NORMAL);
		assert_false(page.cma);
		assert_pinned(1);
	}
}

/* R-06b: what is recorded is found again, by whichever vCPU, and not pinned twice. */
static void refault_pins_no_more(void **state)
{
	struct probe_mm_counts before, after;

	sound_vm("6.12", BUILD_ZONE_NORMAL, 4096);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	probe_mm_counts(&before);
	assert_int_equal(vm_migrate(0), 1);
	assert_int_equal(nr_sptes(), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(vm_fault_as(1, VM_GFN, true), 0);
	probe_mm_counts(&after);
	assert_int_equal(after.foll_pin_acquired, before.foll_pin_acquired);
	vm_drain();
	assert_page_counts(pte_pfn(0), 1025, 1, 1);
	assert_pinned(1);
	assert_int_equal(probe_guest(0, VM_GFN), PROBE_GUEST_INTACT);
}

/* H-38, H-57: the page that is gone is flushed and given back; at the limit, too. */
static void dontneed_refault_replaces_pin_and_charge(void **state)
{
	struct probe_sev_counts before, after;
	struct probe_page page;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		uint64_t old;

		sound_vm(kernels[i], BUILD_ZONE_NORMAL, 4096);
		assert_int_equal(vm_fault(VM_GFN, true), 0);
		old = pte_pfn(0);
		assert_int_equal(vm_dontneed(0), 0);
		vm_drain();
		/* K.12: mapped by nobody, and not forgotten. */
		assert_page_counts(old, 1024, 1, 1);
		assert_pinned(1);
		probe_sev_counts(&before);
		assert_int_equal(vm_fault(VM_GFN, true), 0);
		probe_sev_counts(&after);
		assert_int_equal(after.page_flush - before.page_flush, 1);
		assert_int_not_equal(pte_pfn(0), old);
		vm_drain();
		assert_page_counts(pte_pfn(0), 1025, 1, 1);
		assert_pinned(1);
		assert_true(!probe_page(old, &page) || !page.refcount);
	}
}

/* F.1, F.7: reaching the limit is allowed, passing it not; nothing is left of that. */
static void limit_is_the_processes(void **state)
{
	const struct build_vm second = { .sev = true, .design = SOUND, .nr_vcpus = 1 };

	sound_vm("6.12", BUILD_ZONE_NORMAL, 2 * 4096);
	assert_int_equal(build_vm(&second), 1);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(vm_slot_create_in(1, 0, VM_GFN, 4, 2), 0);
	assert_int_equal(vm_fault_in(1, VM_GFN, true), 0);
	assert_int_equal(charged(), 2);
	/* H-28: one's own, and the other's. */
	assert_int_equal(vm_fault(VM_GFN + 1, true), -EFAULT);
	assert_int_equal(vm_fault_in(1, VM_GFN + 1, true), -EFAULT);
	assert_int_equal(charged(), 2);
	vm_drain();
	assert_int_equal(pte_pfn(1), NO_PFN);
}

/* a slot that goes and comes again finds its pages pinned. */
static void slot_comes_and_goes_pin_stays(void **state)
{
	uint64_t pfn;

	sound_vm("6.12", BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	pfn = pte_pfn(0);
	assert_int_equal(vm_slot_delete(0), 0);
	assert_pinned(1);
	assert_int_equal(vm_migrate(0), 1);
	assert_int_equal(vm_slot_create(1, VM_GFN, 0, VM_PAGES), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(pte_pfn(0), pfn);
	assert_int_equal(probe_guest(0, VM_GFN), PROBE_GUEST_INTACT);
	/* H-53: and by a second slot of the same memory. */
	assert_int_equal(vm_slot_create(2, VM_GFN + 64, 0, VM_PAGES), 0);
	assert_int_equal(vm_fault(VM_GFN + 64, true), 0);
	vm_drain();
	assert_page_counts(pfn, 1025, 1, 1);
	assert_pinned(1);
}

/* I.3: only what was registered, as it was; only what the guest does not reach. */
static void unregister_unpins_what_no_slot_shows(void **state)
{
	struct probe_sev_counts before, after;
	uint64_t pfn;

	sound_vm("6.12", BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_register(0, 2), 0);
	assert_int_equal(vm_register(1, 2), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
	assert_int_equal(vm_unregister(0, 3), -EINVAL);
	assert_int_equal(vm_unregister(0, 2), 0);
	assert_int_equal(vm_unregister(0, 2), -EINVAL);
	assert_pinned(2);

	assert_int_equal(vm_register(0, 2), 0);
	assert_int_equal(vm_slot_delete(0), 0);
	pfn = pte_pfn(0);
	probe_sev_counts(&before);
	assert_int_equal(vm_unregister(0, 2), 0);
	probe_sev_counts(&after);
	assert_true(after.wbinvd > before.wbinvd);
	vm_drain();
	assert_page_counts(pfn, 1, 0, 0);
	/* The other page lies in the other region as well. */
	assert_pinned(1);
	assert_int_equal(vm_unregister(1, 2), 0);
	assert_pinned(0);
}

/* I.3: two regions that overlap; what only the one that goes had is unpinned. */
static void unregister_leaves_what_another_region_has(void **state)
{
	uint64_t pfn;

	sound_vm("6.12", BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_register(0, 4), 0);
	assert_int_equal(vm_register(0, 1), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
	pfn = pte_pfn(1);
	assert_int_equal(vm_slot_delete(0), 0);
	assert_int_equal(vm_unregister(0, 4), 0);
	vm_drain();
	assert_page_counts(pfn, 1, 0, 0);
	assert_page_counts(pte_pfn(0), 1025, 1, 1);
	assert_pinned(1);
	assert_int_equal(vm_unregister(0, 1), 0);
	assert_pinned(0);
}

/*
 * H-61, H-38: a launch pins what it encrypts, once; where the VMM has put another
 * page since, that one, and the first is given back.
 */
static void launch_pins_the_page_that_is_there(void **state)
{
	struct probe_page page;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		uint64_t old;

		sound_vm(kernels[i], BUILD_ZONE_NORMAL, 0);
		assert_int_equal(vm_touch(0), 0);
		assert_int_equal(vm_launch_update(0, 1), 0);
		assert_pinned(1);
		old = pte_pfn(0);
		assert_int_equal(vm_launch_update(0, 1), 0);
		assert_int_equal(pte_pfn(0), old);
		assert_pinned(1);

		assert_int_equal(vm_dontneed(0), 0);
		assert_int_equal(vm_launch_update(0, 1), 0);
		vm_drain();
		assert_true(probe_page(old, &page));
		assert_true(page.free);
		assert_page_counts(pte_pfn(0), 1025, 1, 1);
		assert_pinned(1);
	}
}

/* M.3: no range, or one without memory: its error, and nothing is left pinned there. */
static void launch_without_memory_leaves_nothing(void **state)
{
	sound_vm("6.12", BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_launch_update(0, 0), -EINVAL);
	assert_int_equal(vm_munmap_page(1), 0);
	assert_int_equal(vm_launch_update(1, 1), -ENOMEM);
	assert_pinned(0);
	/* It was recorded, and then the VMM took the memory away: still pinned. */
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(vm_munmap_page(0), 0);
	assert_int_equal(vm_launch_update(0, 1), -ENOMEM);
	assert_pinned(1);
}

/* Nor does a read find memory where there is none, in whichever way it is tried. */
static void read_fault_without_memory_leaves_nothing(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		sound_vm(kernels[i], BUILD_ZONE_NORMAL, 0);
		assert_int_equal(vm_munmap_page(3), 0);
		assert_int_equal(vm_fault(VM_GFN + 3, false), -EFAULT);
		assert_pinned(0);
	}
}

static void register_needs_a_range(void **state)
{
	sound_vm("6.12", BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_register(0, 0), -EINVAL);
	assert_pinned(0);
}

/* H-24, K.13, E.8: a read pins the process's own page, in every kernel. */
static void read_fault_pins_no_zero_page(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		uint64_t pfn;

		sound_vm(kernels[i], BUILD_ZONE_NORMAL, 0);
		assert_int_equal(vm_fault(VM_GFN, false), 0);
		pfn = pte_pfn(0);
		vm_drain();
		assert_page_counts(pfn, 1025, 1, 1);
		assert_int_equal(vm_fault(VM_GFN, true), 0);
		assert_int_equal(pte_pfn(0), pfn);
		assert_pinned(1);
	}
}

/* H.8: a read-only slot is pinned without writing; a write to it is emulated. */
static void readonly_slot_is_pinned_for_reading(void **state)
{
	uint64_t pfn;

	sound_vm("6.12", BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_slot_set(1, VM_GFN + 64, 2, 1, true, false), 0);
	assert_int_equal(vm_touch(2), 0);
	pfn = pte_pfn(2);
	assert_int_equal(vm_fault(VM_GFN + 64, true), 0);
	assert_pinned(0);
	assert_int_equal(vm_fault(VM_GFN + 64, false), 0);
	vm_drain();
	assert_page_counts(pfn, 1025, 1, 1);
	assert_pinned(1);
}

/* E.10: no VMA, no page: KVM's own error, and nothing is charged. */
static void fault_without_memory_leaves_nothing(void **state)
{
	sound_vm("6.12", BUILD_ZONE_NORMAL, 0);
	assert_int_equal(vm_munmap_page(3), 0);
	assert_int_equal(vm_fault(VM_GFN + 3, true), -EFAULT);
	assert_pinned(0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(vm_munmap_page(0), 0);
	assert_int_equal(vm_fault(VM_GFN, true), -EFAULT);
	assert_pinned(1);
}

/* K.18, H-04: a reference that stays is why it fails; when it is gone it works. */
static void foreign_reference_fails_cleanly(void **state)
{
	uint64_t pfn;

	sound_vm("6.12", BUILD_ZONE_MOVABLE, 0);
	assert_int_equal(vm_touch(0), 0);
	vm_drain();
	pfn = pte_pfn(0);
	assert_int_equal(vm_hold(0), 0);
	assert_int_equal(vm_fault(VM_GFN, true), -EFAULT);
	vm_drain();
	assert_int_equal(pte_pfn(0), pfn);
	assert_page_counts(pfn, 2, 0, 0);
	assert_pinned(0);
	assert_int_equal(vm_release(0), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_not_equal(pte_pfn(0), pfn);
	assert_pinned(1);
}

/* H-33: whichever of its allocations fails, pin, record and charge agree. */
static void failing_allocation_leaves_nothing(void **state)
{
	struct fault_order order = { .point = FAULT_SLAB, .times = 1 };
	struct probe_mm_counts counts;
	bool failed = true;

	for (order.nth = 1; failed; order.nth++) {
		long r;

		assert_true(order.nth < 20);
		sound_vm("6.12", BUILD_ZONE_NORMAL, 0);
		fault_inject(&order);
		r = vm_fault(VM_GFN, true);
		fault_inject_off();
		failed = r;
		assert_true(!r || r == -ENOMEM || r == -EFAULT);
		assert_pinned(r ? 0 : 1);
		probe_mm_counts(&counts);
		assert_int_equal(counts.foll_pin_acquired - counts.foll_pin_released, r ? 0 : 1);
	}
	/* Some of them did. */
	assert_true(order.nth > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(fault_moves_the_page_then_pins_it),
		ROLLED(refault_pins_no_more),
		ROLLED(dontneed_refault_replaces_pin_and_charge),
		ROLLED(limit_is_the_processes),
		ROLLED(slot_comes_and_goes_pin_stays),
		ROLLED(unregister_unpins_what_no_slot_shows),
		ROLLED(unregister_leaves_what_another_region_has),
		ROLLED(launch_pins_the_page_that_is_there),
		ROLLED(launch_without_memory_leaves_nothing),
		ROLLED(read_fault_without_memory_leaves_nothing),
		ROLLED(register_needs_a_range),
		ROLLED(read_fault_pins_no_zero_page),
		ROLLED(readonly_slot_is_pinned_for_reading),
		ROLLED(fault_without_memory_leaves_nothing),
		ROLLED(foreign_reference_fails_cleanly),
		ROLLED(failing_allocation_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
