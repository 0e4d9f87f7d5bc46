/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MMU over the whole simulated kernel, plain KVM: faults, roots, zaps, and
 * the references that they leave behind (none: H.23).
 */
#include <errno.h>

#include "sim/engine/arena.h"
#include "sim/explore/exec.h"
#include "sim/explore/random.h"
#include "tests/mmu/vm_tests.h"

static void build(enum build_zone place)
{
	const struct vm_setup setup = { .place = place };

	vm_build(&setup);
}

static void assert_spte(uint64_t gfn, uint64_t pfn, bool writable, bool dirty)
{
	struct probe_spte spte;

	assert_true(probe_spte(0, 0, gfn, &spte));
	assert_int_equal(spte.pfn, pfn);
	assert_int_equal(spte.writable, writable);
	assert_int_equal(spte.dirty, dirty);
	assert_true(spte.accessed);
	assert_int_equal(spte.level, 1);
}

/* K.2: KVM's reference is gone when the fault is. */
static void fault_write_drained_page_leaves_no_reference(void **state)
{
	uint64_t pfn;

	build(BUILD_ZONE_MOVABLE);
	assert_int_equal(vm_touch(0), 0);
	vm_drain();
	pfn = pte_pfn(0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_spte(VM_GFN, pfn, true, true);
	assert_page_counts(pfn, 1, 0, 0);
}

static void fault_write_untouched_allocates_and_maps(void **state)
{
	build(BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(VM_GFN + 3, true), 0);
	assert_spte(VM_GFN + 3, pte_pfn(3), true, true);
	vm_drain();
	assert_page_counts(pte_pfn(3), 1, 0, 0);
}

/* H.18: the slot has room for a large page, and the process maps small ones. */
static void fault_in_large_slot_maps_what_the_process_maps(void **state)
{
	const struct vm_setup setup = { .place = BUILD_ZONE_MOVABLE, .no_slot = true };
	const uint64_t gfn = 2 * 512;

	vm_build(&setup);
	assert_int_equal(vm_slot_create(0, gfn, 0, 1024), 0);
	assert_int_equal(vm_touch(0), 0);
	assert_int_equal(vm_touch(1), 0);
	assert_int_equal(vm_fault(gfn, true), 0);
	assert_spte(gfn, pte_pfn(0), true, true);
	assert_int_equal(nr_sptes(), 1);
	assert_int_equal(vm_fault(gfn + 1, true), 0);
	assert_spte(gfn + 1, pte_pfn(1), true, true);
	assert_int_equal(nr_sptes(), 2);
}

/* H.10, K.13: the zero page, read-only; a write then finds another page. */
static void fault_read_untouched_maps_zero_page_then_write_replaces(void **state)
{
	struct probe_page page;

	build(BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(VM_GFN, false), 0);
	assert_spte(VM_GFN, pte_pfn(0), false, false);
	assert_true(probe_page(pte_pfn(0), &page));
	assert_true(page.zero_page);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_spte(VM_GFN, pte_pfn(0), true, true);
	assert_true(probe_page(pte_pfn(0), &page));
	assert_false(page.zero_page);
}

/* H.9: a read fault on a page that may be written maps it writable. */
static void fault_read_writable_page_maps_writable(void **state)
{
	build(BUILD_ZONE_NORMAL);
	vm_touch(0);
	assert_int_equal(vm_fault(VM_GFN, false), 0);
	assert_spte(VM_GFN, pte_pfn(0), true, true);
}

/* H.12: nothing is mapped there. H.6: nothing is there at all. */
static void fault_without_vma_is_efault_without_slot_emulates(void **state)
{
	build(BUILD_ZONE_NORMAL);
	assert_int_equal(vm_munmap_page(2), 0);
	assert_int_equal(vm_fault(VM_GFN + 2, true), -EFAULT);
	assert_int_equal(vm_fault(VM_GFN + VM_PAGES, true), 0);
	assert_int_equal(nr_sptes(), 0);
}

/* H.6, H.19: what was no memory is told so until the slots are others. */
static void fault_at_mmio_finds_slot_that_was_made_there(void **state)
{
	const struct vm_setup setup = { .no_slot = true };
	unsigned int i;

	vm_build(&setup);
	vm_touch(0);
	for (i = 0; i < 3; i++)
		assert_int_equal(vm_fault(VM_GFN, i & 1), 0);
	assert_int_equal(nr_sptes(), 0);
	/* Another gfn's is not mixed up with it. */
	assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
	assert_int_equal(vm_slot_create(1, VM_GFN + 64, 4, 4), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(nr_sptes(), 0);
	assert_int_equal(vm_slot_create(0, VM_GFN, 0, 4), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_spte(VM_GFN, pte_pfn(0), true, true);
	assert_int_equal(vm_fault(VM_GFN + 1, true), 0);
	assert_spte(VM_GFN + 1, pte_pfn(1), true, true);
	assert_int_equal(vm_slot_delete(0), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(nr_sptes(), 0);
}

/* H.6: no table could say so of a gfn like that, and none is tried. */
static void fault_beyond_largest_gfn_emulates(void **state)
{
	build(BUILD_ZONE_NORMAL);
	assert_int_equal(vm_fault(1ULL << 36, true), 0);
	assert_int_equal(nr_sptes(), 0);
}

/* H.8, H.15: a read-only slot is mapped so, and a write to it is none. */
static void fault_in_readonly_slot_reads_page_and_emulates_write(void **state)
{
	const struct vm_setup setup = { .no_slot = true };
	struct probe_page page;

	vm_build(&setup);
	vm_touch(0);
	assert_int_equal(vm_slot_set(0, VM_GFN, 0, 4, true, false), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(nr_sptes(), 0);
	assert_int_equal(vm_fault(VM_GFN, false), 0);
	assert_spte(VM_GFN, pte_pfn(0), false, false);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_spte(VM_GFN, pte_pfn(0), false, false);
	assert_int_equal(vm_fault(VM_GFN + 1, false), 0);
	assert_true(probe_page(pte_pfn(1), &page));
	assert_true(page.zero_page);
}

/* H.4, G.11: write-protected by the new flags; the next write needs no page. */
static void logging_takes_write_access_and_the_fault_gives_it_back(const char *design)
{
	const struct vm_setup setup = { .design = design };
	struct probe_page before, after;

	vm_build(&setup);
	vm_touch(0);
	vm_fault(VM_GFN, true);
	vm_drain();
	assert_true(probe_page(pte_pfn(0), &before));
	assert_int_equal(vm_slot_set(0, VM_GFN, 0, VM_PAGES, false, true), 0);
	assert_spte(VM_GFN, pte_pfn(0), false, true);
	assert_int_equal(vm_fault(VM_GFN, false), 0);
	assert_spte(VM_GFN, pte_pfn(0), false, true);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_spte(VM_GFN, pte_pfn(0), true, true);
	assert_true(probe_page(pte_pfn(0), &after));
	assert_int_equal(after.refcount, before.refcount);
	assert_int_equal(after.held, before.held);
	/* Logging that ends leaves the leaves alone. */
	assert_int_equal(vm_slot_set(0, VM_GFN, 0, VM_PAGES, false, false), 0);
	assert_spte(VM_GFN, pte_pfn(0), true, true);
}

static void logging_write_protects_and_a_fault_fixes_it(void **state)
{
	logging_takes_write_access_and_the_fault_gives_it_back(NULL);
	logging_takes_write_access_and_the_fault_gives_it_back("demand-ref");
	logging_takes_write_access_and_the_fault_gives_it_back("demand-takeover");
}

/* H.26, H.24: the notifier takes the SPTE away and hands on its dirty bit. */
static void munmap_zaps_spte_and_frees_page(void **state)
{
	struct probe_page page;
	uint64_t pfn;

	build(BUILD_ZONE_NORMAL);
	vm_touch(0);
	vm_fault(VM_GFN, true);
	vm_fault(VM_GFN + 1, true);
	pfn = pte_pfn(0);
	assert_int_equal(vm_munmap_page(0), 0);
	assert_int_equal(spte_pfn(0, VM_GFN), NO_PFN);
	assert_int_equal(spte_pfn(0, VM_GFN + 1), pte_pfn(1));
	vm_drain();
	assert_true(!probe_page(pfn, &page) || page.free);
}

static void migrate_zaps_and_refault_finds_new_pfn(void **state)
{
	uint64_t pfn;

	build(BUILD_ZONE_NORMAL);
	vm_touch(0);
	vm_drain();
	vm_fault(VM_GFN, true);
	pfn = pte_pfn(0);
	assert_int_equal(vm_migrate(0), 0);
	assert_int_equal(nr_sptes(), 0);
	assert_int_not_equal(pte_pfn(0), pfn);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(spte_pfn(0, VM_GFN), pte_pfn(0));
}

/* Vcpus of two roles: one gfn, one page, two roots, and one zap for both. */
static void roles_have_roots_of_their_own(void **state)
{
	const struct vm_setup setup = { .roles = { 0, 2, 0 }, .nr_vcpus = 3 };

	vm_build(&setup);
	assert_int_equal(vm_fault_as(0, VM_GFN, true), 0);
	assert_int_equal(spte_pfn(0, VM_GFN), pte_pfn(0));
	assert_int_equal(spte_pfn(2, VM_GFN), NO_PFN);
	assert_int_equal(vm_fault_as(1, VM_GFN, true), 0);
	assert_int_equal(vm_fault_as(2, VM_GFN, true), 0);
	assert_int_equal(nr_sptes(), 2);
	assert_int_equal(spte_pfn(2, VM_GFN), pte_pfn(0));
	vm_munmap_page(0);
	assert_int_equal(nr_sptes(), 0);
}

static void probe_walks_roles_then_gfns(void **state)
{
	const struct vm_setup setup = { .roles = { 1, 0 }, .nr_vcpus = 2 };
	static const struct { unsigned int role; uint64_t gfn; } want[] = {
		{ 0, VM_GFN + 5 }, { 1, VM_GFN }, { 1, VM_GFN + 9 },
	};
	struct probe_spte spte;
	uint64_t cursor = 0;
	unsigned int i;

	vm_build(&setup);
	vm_fault_as(0, VM_GFN + 9, true);
	vm_fault_as(1, VM_GFN + 5, true);
	vm_fault_as(0, VM_GFN, true);
	for (i = 0; i < 3; i++) {
		assert_true(probe_spte_next(0, &cursor, &spte));
		assert_int_equal(spte.role, want[i].role);
		assert_int_equal(spte.gfn, want[i].gfn);
	}
	assert_false(probe_spte_next(0, &cursor, &spte));
}

/* H.31, O.9: all leaves of the VM are gone, and a later fault finds a new root. */
static void slot_delete_zaps_the_whole_vm(void **state)
{
	const struct vm_setup setup = { .no_slot = true };

	vm_build(&setup);
	assert_int_equal(vm_slot_create(0, VM_GFN, 0, 4), 0);
	assert_int_equal(vm_slot_create(1, VM_GFN + 64, 4, 4), 0);
	vm_fault(VM_GFN, true);
	vm_fault(VM_GFN + 64, true);
	assert_int_equal(nr_sptes(), 2);
	assert_int_equal(vm_slot_delete(1), 0);
	assert_int_equal(nr_sptes(), 0);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
	assert_int_equal(spte_pfn(0, VM_GFN), pte_pfn(0));
	assert_int_equal(vm_fault(VM_GFN + 64, true), 0);
	assert_int_equal(nr_sptes(), 1);
}

/* G.12: what else goes when one of two slots does. */
static unsigned int sptes_left_by_deletion(const char *kernel, const char *design)
{
	const struct vm_setup setup = { .kernel = kernel, .design = design, .no_slot = true };

	vm_build(&setup);
	assert_int_equal(vm_slot_create(0, VM_GFN, 0, 4), 0);
	assert_int_equal(vm_slot_create(1, VM_GFN + 64, 4, 4), 0);
	vm_fault(VM_GFN, true);
	vm_fault(VM_GFN + 64, true);
	vm_fault(VM_GFN + 67, true);
	assert_int_equal(nr_sptes(), 3);
	assert_int_equal(vm_slot_delete(1), 0);
	assert_int_equal(spte_pfn(0, VM_GFN + 64), NO_PFN);
	assert_int_equal(spte_pfn(0, VM_GFN + 67), NO_PFN);
	return nr_sptes();
}

static void slot_delete_zaps_slot_alone_if_612_has_a_type_for_it(void **state)
{
	assert_int_equal(sptes_left_by_deletion("6.12", "eager"), 1);
	assert_int_equal(sptes_left_by_deletion("6.12", NULL), 0);
	assert_int_equal(sptes_left_by_deletion("6.1", "eager"), 0);
	assert_int_equal(sptes_left_by_deletion("6.1", NULL), 0);
}

static void written_lists_leaves_of_last_lock(void **state)
{
	struct probe_spte spte;
	unsigned int vm = 99;

	build(BUILD_ZONE_NORMAL);
	vm_fault(VM_GFN, true);
	vm_fault(VM_GFN + 1, true);
	/* The host's own list comes after the tasks'. */
	assert_int_equal(probe_spte_written(SIM_MAX_TASKS, &vm, &spte, 1), 1);
	assert_int_equal(vm, 0);
	assert_int_equal(spte.gfn, VM_GFN + 1);
	assert_int_equal(spte.pfn, pte_pfn(1));
	vm_munmap_page(5);
	assert_int_equal(probe_spte_written(SIM_MAX_TASKS, &vm, &spte, 1), 0);
}

static void teardown_leaves_nothing(void **state)
{
	const struct vm_setup setup = { .roles = { 0, 1 }, .nr_vcpus = 2 };
	struct sim_exec exec = { .max_steps = 100000, .last = -1 };
	struct sim_replay first;

	vm_build(&setup);
	vm_fault_as(0, VM_GFN, true);
	vm_fault_as(1, VM_GFN + 700, true);
	vm_fault_as(1, VM_GFN + 1, false);
	assert_true(actor_create_teardown() >= 0);
	sim_replay_init(&first, NULL, NULL, 0);
	exec.strategy = &first.strategy;
	assert_int_equal(sim_exec_run(&exec), SIM_END_DONE);
	assert_int_equal(nr_refs_left(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(fault_write_drained_page_leaves_no_reference),
		ROLLED(fault_write_untouched_allocates_and_maps),
		ROLLED(fault_in_large_slot_maps_what_the_process_maps),
		ROLLED(fault_read_untouched_maps_zero_page_then_write_replaces),
		ROLLED(fault_read_writable_page_maps_writable),
		ROLLED(fault_without_vma_is_efault_without_slot_emulates),
		ROLLED(munmap_zaps_spte_and_frees_page),
		ROLLED(migrate_zaps_and_refault_finds_new_pfn),
		ROLLED(roles_have_roots_of_their_own),
		ROLLED(probe_walks_roles_then_gfns),
		ROLLED(fault_at_mmio_finds_slot_that_was_made_there),
		ROLLED(fault_beyond_largest_gfn_emulates),
		ROLLED(fault_in_readonly_slot_reads_page_and_emulates_write),
		ROLLED(logging_write_protects_and_a_fault_fixes_it),
		ROLLED(slot_delete_zaps_the_whole_vm),
		ROLLED(slot_delete_zaps_slot_alone_if_612_has_a_type_for_it),
		ROLLED(written_lists_leaves_of_last_lock),
		ROLLED(teardown_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
