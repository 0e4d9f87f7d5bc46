/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memslots, one thread: argument checks in their order (G.1-G.6), what each
 * change does in which order (G.9-G.11), the arch part (G.13, G.15).
 */
#include "tests/fakes/kvm_tests.h"

#define GPA		((uint64_t)KW_GFN << 12)
#define BYTES		((uint64_t)KW_PAGES << 12)
#define READONLY	2u
#define LOG_DIRTY	1u

static const struct kw_region good = { .gpa = GPA, .bytes = BYTES, .hva = KW_ADDR };

/* @good with one thing changed. */
#define SET(field, value)						\
({									\
	struct kw_region r_ = good;					\
									\
	r_.field = (value);						\
	kw_set(&r_);							\
})

static void assert_slot(unsigned int i, unsigned int id, uint64_t gfn, uint64_t npages)
{
	struct probe_slot s;

	assert_true(probe_slot(0, i, &s));
	assert_int_equal(s.id, id);
	assert_int_equal(s.base_gfn, gfn);
	assert_int_equal(s.npages, npages);
	assert_false(s.invalid);
}

/* --- G.1, G.2 --- */

static void set_region_from_other_mm_or_dead_vm_eio(void **state)
{
	build();
	assert_int_equal(kw_foreign(), -EIO);
	kw_kill();
	assert_int_equal(kw_null_ioctl(KW_NULL_SLOT), -EIO);
	assert_int_equal(kw_set(&good), -EIO);
	assert_int_equal(vm().nr_slots, 0);
}

static void set_region_bad_pointer_efault_before_slot_number(void **state)
{
	build();
	assert_int_equal(kw_null_ioctl(KW_NULL_SLOT), -EFAULT);
	assert_int_equal(SET(slot, 32764), -EINVAL);
	assert_int_equal(SET(slot, 32763), 0);
	assert_slot(0, 32763, KW_GFN, KW_PAGES);
}

static void set_region_bad_argument_einval(void **state)
{
	build();
	assert_int_equal(SET(flags, 4), -EINVAL);
	assert_int_equal(SET(bytes, 0x1800), -EINVAL);
	assert_int_equal(SET(gpa, GPA + 1), -EINVAL);
	assert_int_equal(SET(hva, KW_ADDR + 0x800), -EINVAL);
	assert_int_equal(SET(hva, 1ULL << 47), -EINVAL);
	assert_int_equal(SET(slot, 2 << 16), -EINVAL);
	assert_int_equal(SET(gpa, -(uint64_t)4096), -EINVAL);
	assert_int_equal(SET(bytes, (uint64_t)1 << 43), -EINVAL);
	assert_int_equal(vm().nr_slots, 0);
	assert_no_events();
}

static void set_region_hva_need_not_be_mapped(void **state)
{
	build();
	assert_int_equal(SET(hva, 0), 0);
	assert_int_equal(SET(hva, 0), 0);
	assert_int_equal(vm().nr_slots, 1);
}

/* --- G.3, G.4, G.5, G.6 --- */

static void delete_absent_slot_einval(void **state)
{
	build();
	assert_int_equal(kw_slot_delete(0), -EINVAL);
	assert_int_equal(kw_slot_delete(3), -EINVAL);
	assert_no_events();
}

static void set_region_same_again_does_nothing(void **state)
{
	uint64_t gen;

	build_slot("6.12");
	gen = kw_generation();
	assert_int_equal(kw_set(&good), 0);
	assert_int_equal(kw_generation(), gen);
	assert_no_events();
}

static void set_region_other_address_size_or_readonly_einval(void **state)
{
	build_slot("6.12");
	assert_int_equal(SET(hva, KW_ADDR + 4096), -EINVAL);
	assert_int_equal(SET(bytes, BYTES - 4096), -EINVAL);
	assert_int_equal(SET(flags, READONLY), -EINVAL);
	assert_slot(0, 0, KW_GFN, KW_PAGES);
	assert_no_events();
}

static void create_overlapping_gfns_eexist(void **state)
{
	build_slot("6.12");
	assert_int_equal(kw_slot(1, KW_GFN + KW_PAGES - 1, 2, 0), -EEXIST);
	assert_int_equal(kw_slot(1, KW_GFN - 1, 2, 0), -EEXIST);
	assert_int_equal(kw_slot(1, KW_GFN + 1, 1, 0), -EEXIST);
	assert_no_events();
	/* Next to it, over the same addresses, and in the other address space: fine. */
	assert_int_equal(kw_slot(1, KW_GFN + KW_PAGES, 2, 0), 0);
	assert_int_equal(kw_slot(2, KW_GFN - 1, 1, 0), 0);
	assert_int_equal(kw_slot(1 << 16, KW_GFN, 2, 0), 0);
	assert_int_equal(vm().nr_slots, 4);
}

static void move_onto_other_slot_eexist_onto_itself_fine(void **state)
{
	build_slot("6.12");
	assert_int_equal(kw_slot(1, KW_GFN + 64, 1, 0), 0);
	kw_forget();
	assert_int_equal(SET(gpa, (KW_GFN + 60ULL) << 12), -EEXIST);
	assert_no_events();
	assert_int_equal(SET(gpa, (KW_GFN + 1ULL) << 12), 0);
	assert_slot(0, 0, KW_GFN + 1, KW_PAGES);
}

static void create_beyond_largest_gfn_einval(void **state)
{
	build();
	assert_int_equal(SET(gpa, (1ULL << 48) - BYTES + 4096), -EINVAL);
	assert_int_equal(SET(gpa, (1ULL << 48) - BYTES), 0);
}

/* G.7. */
static void slots_are_found_by_gfn_in_any_order_of_creation(void **state)
{
	unsigned int i;

	build();
	/* More than a set has room for at first. */
	for (i = 0; i < 9; i++)
		assert_int_equal(kw_slot(i, KW_GFN + (i * 5 % 9) * 8, 4, 0), 0);
	for (i = 0; i < 9; i++)
		assert_slot(i, i * 2 % 9, KW_GFN + i * 8, 4);
	assert_int_not_equal(kw_metadata(KW_GFN + 3), 0);
	assert_int_equal(kw_metadata(KW_GFN + 4), 0);
	assert_int_equal(kw_metadata(KW_GFN - 1), 0);
}

/* G.7, G.8: what a vCPU found last is good while the generation is the same. */
static void vcpu_forgets_its_last_slot_with_the_generation(void **state)
{
	uint64_t first, second;

	build_slot("6.12");
	assert_int_equal(kw_slot(1, KW_GFN + 64, 1, 0), 0);
	assert_int_equal(kw_vcpu_create(0), 0);
	first = kw_vcpu_lookup(KW_GFN);
	second = kw_vcpu_lookup(KW_GFN + 64);
	assert_int_not_equal(first, 0);
	assert_int_not_equal(second, first);
	assert_int_equal(kw_vcpu_lookup(KW_GFN + KW_PAGES - 1), first);
	assert_int_equal(kw_vcpu_lookup(KW_GFN + KW_PAGES), 0);
	assert_int_equal(kw_vcpu_lookup(KW_GFN + 64), second);
	assert_int_equal(kw_slot_delete(1), 0);
	assert_int_equal(kw_vcpu_lookup(KW_GFN + 64), 0);
	assert_int_equal(kw_vcpu_lookup(KW_GFN), first);
	assert_int_equal(kw_slot_delete(0), 0);
	assert_int_equal(kw_slot(0, KW_GFN, 1, 0), 0);
	assert_int_equal(kw_vcpu_lookup(KW_GFN), kw_metadata(KW_GFN));
	assert_int_equal(kw_vcpu_lookup(KW_GFN + 1), 0);
}

/* --- G.9, G.10, G.11: order --- */

static void create_allocates_then_publishes_once(void **state)
{
	build();
	assert_int_equal(kw_set(&good), 0);
	assert_events(KW_ALLOC, KW_PUBLISHED);
}

static void delete_invalidates_flushes_and_frees_last(void **state)
{
	build_slot("6.12");
	assert_int_equal(kw_slot_delete(0), 0);
	assert_events(KW_PUBLISHED, KW_FLUSH_SLOT, KW_RECLAIMED, KW_PUBLISHED, KW_FREE);
	assert_int_equal(vm().nr_slots, 0);
}

static void move_drops_old_metadata_after_new_is_made(void **state)
{
	uint64_t old;

	build_slot("6.12");
	old = kw_metadata(KW_GFN);
	assert_int_equal(SET(gpa, 0x200ULL << 12), 0);
	assert_events(KW_PUBLISHED, KW_FLUSH_SLOT, KW_RECLAIMED, KW_ALLOC_MOVE, KW_PUBLISHED,
		      KW_FREE);
	assert_slot(0, 0, 0x200, KW_PAGES);
	assert_int_not_equal(kw_metadata(0x200), old);
}

static void flags_only_keeps_metadata_and_spares_the_free_hook(void **state)
{
	uint64_t old;

	build_slot("6.12");
	old = kw_metadata(KW_GFN);
	assert_int_equal(SET(flags, LOG_DIRTY), 0);
	assert_events(KW_PUBLISHED);
	assert_int_equal(kw_metadata(KW_GFN), old);
	/* And back: the dirty bitmap goes. */
	assert_int_equal(SET(flags, 0), 0);
	assert_events(KW_PUBLISHED);
	assert_int_equal(kw_slot_delete(0), 0);
}

/* G.8. */
static void generation_grows_by_address_spaces_and_bit_63_clears(void **state)
{
	uint64_t gen;

	build();
	gen = kw_generation();
	assert_int_equal(kw_set(&good), 0);
	assert_int_equal(kw_generation(), gen + 2);
	assert_int_equal(kw_slot_delete(0), 0);
	assert_int_equal(kw_generation(), gen + 6);
}

/* --- G.15: failures --- */

static void create_failing_hook_frees_without_free_hook(void **state)
{
	build();
	kw_fail_hook(-ENOSPC);
	assert_int_equal(kw_set(&good), -ENOSPC);
	assert_events(KW_ALLOC);
	assert_int_equal(vm().nr_slots, 0);
	assert_int_equal(kw_set(&good), 0);
}

static void move_failing_hook_leaves_old_slot_without_sptes(void **state)
{
	uint64_t old;

	build_slot("6.12");
	old = kw_metadata(KW_GFN);
	kw_fail_hook(-ENOMEM);
	assert_int_equal(SET(gpa, 0x200ULL << 12), -ENOMEM);
	assert_events(KW_PUBLISHED, KW_FLUSH_SLOT, KW_RECLAIMED, KW_ALLOC_MOVE, KW_PUBLISHED);
	assert_slot(0, 0, KW_GFN, KW_PAGES);
	assert_int_equal(kw_metadata(KW_GFN), old);
	assert_int_equal(kw_slot_delete(0), 0);
}

/* Whichever of a change's allocations fails: -ENOMEM, and what was stays. */
static void any_failing_allocation_enomem_and_nothing_leaks(void **state)
{
	unsigned int n, failed = 0;

	for (n = 0; n < 16; n++) {
		build();
		kw_fail_alloc_after(n);
		if (kw_set(&good)) {
			failed++;
			assert_int_equal(vm().nr_slots, 0);
		}
		kw_fail_alloc_after(-1);
		kw_set(&good);
		assert_slot(0, 0, KW_GFN, KW_PAGES);
	}
	/* The slot and two arrays of lpage_info. */
	assert_int_equal(failed, 3);
}

static void delete_failing_allocation_keeps_slot(void **state)
{
	build_slot("6.12");
	kw_fail_alloc_after(0);
	assert_int_equal(kw_slot_delete(0), -ENOMEM);
	assert_no_events();
	assert_slot(0, 0, KW_GFN, KW_PAGES);
	kw_fail_alloc_after(-1);
	assert_int_equal(kw_slot_delete(0), 0);
}

static void dirty_logging_failing_bitmap_enomem(void **state)
{
	build_slot("6.12");
	/* The slot is made, then its bitmap fails. */
	kw_fail_alloc_after(1);
	assert_int_equal(SET(flags, LOG_DIRTY), -ENOMEM);
	kw_fail_alloc_after(-1);
	assert_no_events();
	assert_int_equal(SET(flags, LOG_DIRTY), 0);
}

/* --- G.13 --- */

static void lpage_info_forbids_blocks_that_do_not_fit(void **state)
{
	build();
	/* gfn and address congruent to 2M, whole block: allowed. */
	assert_int_equal(kw_slot(0, 0x1000, 512, 0), 0);
	assert_false(kw_lpage_disallowed(0x1000, 2));
	assert_true(kw_lpage_disallowed(0x1000, 3));
	/* First and last block cut off, the one between whole. */
	assert_int_equal(kw_slot(1, 0x2001, 1024, 1), 0);
	assert_true(kw_lpage_disallowed(0x2001, 2));
	assert_false(kw_lpage_disallowed(0x2200, 2));
	assert_true(kw_lpage_disallowed(0x2400, 2));
	/* Aligned gfns over an address that is not: none. */
	assert_int_equal(kw_slot(2, 0x4000, 1024, 1), 0);
	assert_true(kw_lpage_disallowed(0x4000, 2));
	assert_true(kw_lpage_disallowed(0x4200, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(set_region_from_other_mm_or_dead_vm_eio),
		ROLLED(set_region_bad_pointer_efault_before_slot_number),
		ROLLED(set_region_bad_argument_einval),
		ROLLED(set_region_hva_need_not_be_mapped),
		ROLLED(delete_absent_slot_einval),
		ROLLED(set_region_same_again_does_nothing),
		ROLLED(set_region_other_address_size_or_readonly_einval),
		ROLLED(create_overlapping_gfns_eexist),
		ROLLED(move_onto_other_slot_eexist_onto_itself_fine),
		ROLLED(create_beyond_largest_gfn_einval),
		ROLLED(slots_are_found_by_gfn_in_any_order_of_creation),
		ROLLED(vcpu_forgets_its_last_slot_with_the_generation),
		ROLLED(create_allocates_then_publishes_once),
		ROLLED(delete_invalidates_flushes_and_frees_last),
		ROLLED(move_drops_old_metadata_after_new_is_made),
		ROLLED(flags_only_keeps_metadata_and_spares_the_free_hook),
		ROLLED(generation_grows_by_address_spaces_and_bit_63_clears),
		ROLLED(create_failing_hook_frees_without_free_hook),
		ROLLED(move_failing_hook_leaves_old_slot_without_sptes),
		ROLLED(any_failing_allocation_enomem_and_nothing_leaks),
		ROLLED(delete_failing_allocation_keeps_slot),
		ROLLED(dirty_logging_failing_bitmap_enomem),
		ROLLED(lpage_info_forbids_blocks_that_do_not_fit),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
