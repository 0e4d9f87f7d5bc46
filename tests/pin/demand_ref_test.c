/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "demand-ref" by itself, the kernel below it scripted: which references it
 * takes and drops, in which order, and where it is wrong in the way RFC v0 was
 * (hazards 1.3).
 */
#include <errno.h>

#include "tests/pin/hooks_mock.h"

#define D	"demand-ref"

static int setup(void **state)
{
	hooks_setup(state);
	return hw_alloc(D, hooks.kvm, NULL, hooks.slot);
}

static void map_4k(uint64_t gfn, uint64_t pfn)
{
	hw_pin_spte(D, hooks.kvm, gfn, LEVEL_4K, pfn);
}

static void pin_spte_first_map_gets_and_flushes(void **state)
{
	expect_get(7);
	expect_clflush(7, 1);
	map_4k(GFN + 1, 7);
	assert_int_equal(hw_record(hooks.slot, 1), 7);
	assert_int_equal(hw_record(hooks.slot, 0), 0);
}

/* nothing new to pin, and the flush comes all the same. */
static void pin_spte_same_pfn_only_flushes(void **state)
{
	pin_spte_first_map_gets_and_flushes(state);
	expect_clflush(7, 1);
	map_4k(GFN + 1, 7);
}

/* 0.7, K.12: the old page is put before the new one is held, H-57: unflushed. */
static void pin_spte_other_pfn_puts_old_then_gets_new(void **state)
{
	pin_spte_first_map_gets_and_flushes(state);
	expect_put(7);
	expect_get(9);
	expect_clflush(9, 1);
	map_4k(GFN + 1, 9);
	assert_int_equal(hw_record(hooks.slot, 1), 9);
}

/* K.14, R-21a: a reference for each 4K, whatever the size of the mapping. */
static void pin_spte_2m_gets_512_times(void **state)
{
	unsigned int i;

	hooks.slot = hw_slot(0, 512, HVA);
	assert_int_equal(hw_alloc(D, hooks.kvm, NULL, hooks.slot), 0);
	for (i = 0; i < 512; i++)
		expect_get(1024 + i);
	expect_clflush(1024, 512);
	hw_pin_spte(D, hooks.kvm, 0, LEVEL_2M, 1024);
	assert_int_equal(hw_record(hooks.slot, 511), 1024 + 511);
}

static void pin_spte_plain_vm_does_nothing(void **state)
{
	hooks.sev = false;
	map_4k(GFN, 7);
	assert_int_equal(hw_record(hooks.slot, 0), 0);
}

/* R-24a: the hook's place has no guard, so it warns itself. */
static void pin_spte_reserved_pfn_warns(void **state)
{
	hooks.reserved = true;
	map_4k(GFN, 7);
	assert_int_equal(hooks.warns, 1);
}

static void pin_spte_above_1g_is_a_kvm_bug(void **state)
{
	hw_pin_spte(D, hooks.kvm, GFN, LEVEL_512G, 7);
	assert_int_equal(hooks.warns, 1);
	assert_int_equal(hw_record(hooks.slot, 0), 0);
}

static void pin_spte_no_slot_is_silent(void **state)
{
	hooks.slot = NULL;
	map_4k(GFN, 7);
	assert_int_equal(hooks.warns, 0);
}

/* a slot from before KVM_SEV_INIT is mapped unpinned, without a word. */
static void pin_spte_slot_without_arrays_is_silent(void **state)
{
	hooks.slot = hw_slot(GFN, 4, HVA);
	hooks.sev = false;
	assert_int_equal(hw_alloc(D, hooks.kvm, NULL, hooks.slot), 0);
	assert_false(hw_has_arrays(hooks.slot));
	hooks.sev = true;
	map_4k(GFN, 7);
	assert_int_equal(hooks.warns, 0);
}

/* K.13: it cannot tell the zero page from another. */
static void pin_spte_zero_page_is_counted(void **state)
{
	expect_get(1);
	expect_clflush(1, 1);
	map_4k(GFN, 1);
	expect_put(1);
	expect_get(8);
	expect_clflush(8, 1);
	map_4k(GFN, 8);
}

/* Hazards 1.3: a word for each page where a bit would do. */
static void alloc_bitmap_is_64_times_too_large(void **state)
{
	assert_true(hw_bitmap_bytes(hooks.slot) >= 4 * 8);
	hooks.slot = hw_slot(GFN, 512, HVA);
	assert_int_equal(hw_alloc(D, hooks.kvm, NULL, hooks.slot), 0);
	assert_true(hw_bitmap_bytes(hooks.slot) >= 512 * 8);
}

static void alloc_no_memory_leaves_nothing(void **state)
{
	struct kvm_memory_slot *slot;
	uint64_t live;
	int nth;

	for (nth = 1; nth <= 2; nth++) {
		slot = hw_slot(GFN, 4, HVA);
		live = hw_live_bytes();
		hooks.fail_alloc = nth;
		assert_int_equal(hw_alloc(D, hooks.kvm, NULL, slot), -ENOMEM);
		assert_false(hw_has_arrays(slot));
		assert_int_equal(hw_live_bytes(), live);
	}
}

/* the moved slot and the slot that is about to be freed are one. */
static void alloc_move_shares_the_arrays(void **state)
{
	struct kvm_memory_slot *moved = hw_slot(GFN + 8, 4, HVA);

	pin_spte_first_map_gets_and_flushes(state);
	assert_int_equal(hw_alloc(D, hooks.kvm, hooks.slot, moved), 0);
	assert_true(hw_same_arrays(hooks.slot, moved));
	expect_put(7);
	hw_free(D, hooks.kvm, hooks.slot);
	assert_false(hw_has_arrays(hooks.slot));
	assert_true(hw_has_arrays(moved));	/* and they are gone */
}

static void alloc_move_other_size_warns(void **state)
{
	struct kvm_memory_slot *moved = hw_slot(GFN + 8, 3, HVA);

	assert_int_equal(hw_alloc(D, hooks.kvm, hooks.slot, moved), 0);
	assert_int_equal(hooks.warns, 1);
}

static void free_puts_every_record_and_frees_arrays(void **state)
{
	expect_get(7);
	expect_clflush(7, 1);
	map_4k(GFN, 7);
	expect_get(8);
	expect_clflush(8, 1);
	map_4k(GFN + 3, 8);

	expect_put(7);
	expect_put(8);
	hw_free(D, hooks.kvm, hooks.slot);
	assert_false(hw_has_arrays(hooks.slot));
	assert_int_equal(hw_live_bytes(), hooks.live_bytes);
}

static void free_twice_puts_once(void **state)
{
	free_puts_every_record_and_frees_arrays(state);
	hw_free(D, hooks.kvm, hooks.slot);
}

/* a VM that was moved away is no SEV guest any more; its pins leak. */
static void free_plain_vm_leaks(void **state)
{
	pin_spte_first_map_gets_and_flushes(state);
	hooks.sev = false;
	hw_free(D, hooks.kvm, hooks.slot);
	assert_int_equal(hw_record(hooks.slot, 1), 7);
}

/* H-27: registering is a stub that says yes to anything. */
static void register_region_does_nothing(void **state)
{
	hooks.memlock = 0;
	assert_int_equal(hw_register(D, hooks.kvm, HVA, 4096), 0);
	assert_int_equal(hw_unregister(D, hooks.kvm, 12345, 0), 0);
	assert_int_equal(hw_pages_locked(hooks.kvm), 0);
}

static void vm_destroy_writes_caches_back(void **state)
{
	expect_function_call(__wrap_wbinvd_on_all_cpus);
	hw_vm_destroy(D, hooks.kvm);
	hooks.sev = false;
	hw_vm_destroy(D, hooks.kvm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(pin_spte_first_map_gets_and_flushes, .setup = setup),
		ROLLED(pin_spte_same_pfn_only_flushes, .setup = setup),
		ROLLED(pin_spte_other_pfn_puts_old_then_gets_new, .setup = setup),
		ROLLED(pin_spte_2m_gets_512_times, .setup = setup),
		ROLLED(pin_spte_plain_vm_does_nothing, .setup = setup),
		ROLLED(pin_spte_reserved_pfn_warns, .setup = setup),
		ROLLED(pin_spte_above_1g_is_a_kvm_bug, .setup = setup),
		ROLLED(pin_spte_no_slot_is_silent, .setup = setup),
		ROLLED(pin_spte_slot_without_arrays_is_silent, .setup = setup),
		ROLLED(pin_spte_zero_page_is_counted, .setup = setup),
		ROLLED(alloc_bitmap_is_64_times_too_large, .setup = setup),
		ROLLED(alloc_no_memory_leaves_nothing, .setup = setup),
		ROLLED(alloc_move_shares_the_arrays, .setup = setup),
		ROLLED(alloc_move_other_size_warns, .setup = setup),
		ROLLED(free_puts_every_record_and_frees_arrays, .setup = setup),
		ROLLED(free_twice_puts_once, .setup = setup),
		ROLLED(free_plain_vm_leaks, .setup = setup),
		ROLLED(register_region_does_nothing, .setup = setup),
		ROLLED(vm_destroy_writes_caches_back, .setup = setup),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
