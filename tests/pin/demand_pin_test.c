/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "demand-late" and "demand-takeover" by themselves, the kernel below them
 * scripted: where the pin is taken, what becomes of its error, and that the
 * record and the pins agree (K.9, K.15).
 */
#include <errno.h>

#include "tests/pin/hooks_mock.h"

#define LATE		"demand-late"
#define IN_MAP		"demand-late:in-map"
#define TAKEOVER	"demand-takeover"
#define RW		(MOCK_FOLL_WRITE | MOCK_FOLL_LONGTERM)

static int setup(void **state)
{
	hooks_setup(state);
	return hw_alloc(LATE, hooks.kvm, NULL, hooks.slot);
}

static int late(uint64_t gfn, uint64_t pfn, bool write)
{
	return hw_pin_pfn(LATE, hooks.kvm, hooks.slot, gfn, HVA + ((gfn - GFN) << 12), pfn, write);
}

static void expect_late(uint64_t gfn, uint64_t pfn)
{
	expect_pin(HVA + ((gfn - GFN) << 12), 1, RW, pfn, 1);
	expect_clflush(pfn, 1);
}

static void late_write_pins_long_term_and_records(void **state)
{
	expect_late(GFN + 1, 7);
	assert_int_equal(late(GFN + 1, 7, true), 0);
	assert_int_equal(hw_record(hooks.slot, 1), 7);
}

static void late_read_pins_without_write(void **state)
{
	expect_pin(HVA, 1, MOCK_FOLL_LONGTERM, 7, 1);
	expect_clflush(7, 1);
	assert_int_equal(late(GFN, 7, false), 0);
}

/* H-03: the errno goes up, nothing is recorded. */
static void late_failing_pin_returns_its_errno(void **state)
{
	expect_pin(HVA, 1, RW, 0, -ENOMEM);
	assert_int_equal(late(GFN, 7, true), -ENOMEM);
	assert_int_equal(hw_record(hooks.slot, 0), 0);
	expect_pin(HVA, 1, RW, 0, 0);
	assert_int_equal(late(GFN, 7, true), -EFAULT);
}

/* K.15: the second of two equal pins goes. */
static void late_same_page_again_keeps_one_pin(void **state)
{
	late_write_pins_long_term_and_records(state);
	expect_late(GFN + 1, 7);
	expect_unpin(7);
	assert_int_equal(late(GFN + 1, 7, true), 0);
	assert_int_equal(hw_record(hooks.slot, 1), 7);
}

static void late_other_page_drops_old_pin(void **state)
{
	late_write_pins_long_term_and_records(state);
	expect_late(GFN + 1, 9);
	expect_unpin(7);
	assert_int_equal(late(GFN + 1, 9, true), 0);
	assert_int_equal(hw_record(hooks.slot, 1), 9);
}

static void late_plain_vm_or_no_arrays_does_nothing(void **state)
{
	hooks.sev = false;
	assert_int_equal(late(GFN, 7, true), 0);
	hooks.sev = true;
	hooks.slot = hw_slot(GFN, 4, HVA);
	assert_int_equal(late(GFN, 7, true), 0);
}

static void late_free_unpins_every_record(void **state)
{
	late_write_pins_long_term_and_records(state);
	expect_late(GFN + 3, 9);
	assert_int_equal(late(GFN + 3, 9, true), 0);
	expect_unpin(7);
	expect_unpin(9);
	hw_free(LATE, hooks.kvm, hooks.slot);
	assert_false(hw_has_arrays(hooks.slot));
	assert_int_equal(hw_live_bytes(), hooks.live_bytes);
	hw_free(LATE, hooks.kvm, hooks.slot);
}

/* K.19: the moved slot begins without pins. */
static void late_move_starts_with_fresh_records(void **state)
{
	struct kvm_memory_slot *moved = hw_slot(GFN + 8, 4, HVA);

	late_write_pins_long_term_and_records(state);
	assert_int_equal(hw_alloc(LATE, hooks.kvm, hooks.slot, moved), 0);
	assert_false(hw_same_arrays(hooks.slot, moved));
	assert_int_equal(hw_record(moved, 1), 0);
}

static void late_alloc_no_memory_is_enomem(void **state)
{
	struct kvm_memory_slot *slot = hw_slot(GFN, 4, HVA);

	hooks.fail_alloc = 1;
	assert_int_equal(hw_alloc(LATE, hooks.kvm, NULL, slot), -ENOMEM);
	assert_false(hw_has_arrays(slot));
}

/* The option's hook finds slot and address by itself, and asks to write. */
static void in_map_pins_by_gfn(void **state)
{
	expect_late(GFN + 2, 7);
	hw_pin_spte(IN_MAP, hooks.kvm, GFN + 2, LEVEL_4K, 7);
	assert_int_equal(hw_record(hooks.slot, 2), 7);
}

/* A hook that cannot fail: the page stays mapped, unpinned. */
static void in_map_failing_pin_is_swallowed(void **state)
{
	expect_pin(HVA, 1, RW, 0, -ENOMEM);
	hw_pin_spte(IN_MAP, hooks.kvm, GFN, LEVEL_4K, 7);
	assert_int_equal(hw_record(hooks.slot, 0), 0);
}

/* --- take over --- */

static int takeover(uint64_t gfn, bool write, uint64_t *pfn, bool *writable)
{
	return hw_faultin(TAKEOVER, hooks.kvm, hooks.slot, gfn, HVA + ((gfn - GFN) << 12), write,
			  pfn, writable);
}

/* K.9: pin, then a reference for KVM; the record keeps the pin. */
static void takeover_pins_then_gets(void **state)
{
	bool writable = false;
	uint64_t pfn;

	expect_late(GFN + 1, 7);
	expect_get(7);
	assert_int_equal(takeover(GFN + 1, true, &pfn, &writable), 0);
	assert_int_equal(pfn, 7);
	assert_true(writable);
	assert_int_equal(hw_record(hooks.slot, 1), 7);
}

static void takeover_read_maps_read_only(void **state)
{
	bool writable = true;
	uint64_t pfn;

	expect_pin(HVA, 1, MOCK_FOLL_LONGTERM, 7, 1);
	expect_clflush(7, 1);
	expect_get(7);
	assert_int_equal(takeover(GFN, false, &pfn, &writable), 0);
	assert_false(writable);
}

/* KVM gets its reference in any case; only the pin is one too many. */
static void takeover_same_page_again_drops_extra_pin(void **state)
{
	bool writable;
	uint64_t pfn;

	takeover_pins_then_gets(state);
	expect_late(GFN + 1, 7);
	expect_get(7);
	expect_unpin(7);
	assert_int_equal(takeover(GFN + 1, true, &pfn, &writable), 0);
	assert_int_equal(hw_record(hooks.slot, 1), 7);
}

static void takeover_other_page_replaces(void **state)
{
	bool writable;
	uint64_t pfn;

	takeover_pins_then_gets(state);
	expect_late(GFN + 1, 9);
	expect_get(9);
	expect_unpin(7);
	assert_int_equal(takeover(GFN + 1, true, &pfn, &writable), 0);
	assert_int_equal(pfn, 9);
	assert_int_equal(hw_record(hooks.slot, 1), 9);
}

/* No reference for KVM then: it has nothing to put (H.15). */
static void takeover_failing_pin_takes_no_reference(void **state)
{
	bool writable;
	uint64_t pfn;

	expect_pin(HVA, 1, RW, 0, -ENOMEM);
	assert_int_equal(takeover(GFN, true, &pfn, &writable), -ENOMEM);
	assert_int_equal(hw_record(hooks.slot, 0), 0);
}

/* H-27 */
static void register_region_charges_nothing(void **state)
{
	hooks.memlock = 0;
	assert_int_equal(hw_register(LATE, hooks.kvm, HVA, 4096), 0);
	assert_int_equal(hw_unregister(LATE, hooks.kvm, HVA, 4096), 0);
	assert_int_equal(hw_register(TAKEOVER, hooks.kvm, HVA, 4096), 0);
	assert_int_equal(hw_unregister(TAKEOVER, hooks.kvm, HVA, 4096), 0);
	assert_int_equal(hw_pages_locked(hooks.kvm), 0);
}

static void vm_destroy_writes_caches_back(void **state)
{
	expect_function_call(__wrap_wbinvd_on_all_cpus);
	hw_vm_destroy(LATE, hooks.kvm);
	expect_function_call(__wrap_wbinvd_on_all_cpus);
	hw_vm_destroy(TAKEOVER, hooks.kvm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(late_write_pins_long_term_and_records, .setup = setup),
		ROLLED(late_read_pins_without_write, .setup = setup),
		ROLLED(late_failing_pin_returns_its_errno, .setup = setup),
		ROLLED(late_same_page_again_keeps_one_pin, .setup = setup),
		ROLLED(late_other_page_drops_old_pin, .setup = setup),
		ROLLED(late_plain_vm_or_no_arrays_does_nothing, .setup = setup),
		ROLLED(late_free_unpins_every_record, .setup = setup),
		ROLLED(late_move_starts_with_fresh_records, .setup = setup),
		ROLLED(late_alloc_no_memory_is_enomem, .setup = setup),
		ROLLED(in_map_pins_by_gfn, .setup = setup),
		ROLLED(in_map_failing_pin_is_swallowed, .setup = setup),
		ROLLED(takeover_pins_then_gets, .setup = setup),
		ROLLED(takeover_read_maps_read_only, .setup = setup),
		ROLLED(takeover_same_page_again_drops_extra_pin, .setup = setup),
		ROLLED(takeover_other_page_replaces, .setup = setup),
		ROLLED(takeover_failing_pin_takes_no_reference, .setup = setup),
		ROLLED(register_region_charges_nothing, .setup = setup),
		ROLLED(vm_destroy_writes_caches_back, .setup = setup),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
