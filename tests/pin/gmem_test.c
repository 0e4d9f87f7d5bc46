/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "gmem" over the whole simulated kernel: where a guest's private page comes from,
 * what keeps it, what the VMM's own mapping has to do with it (nothing), and who
 * takes it away.
 */
#include <errno.h>

#include "fakes/host/probe.h"
#include "tests/mmu/vm_tests.h"
#include "tests/pin/gmem_world.h"

static void build(uint64_t memlock)
{
	const struct vm_setup setup = { .design = "gmem", .memlock = memlock };

	vm_build(&setup);
}

static long to_gfn(enum actor_op_kind kind, uint64_t gfn)
{
	const struct actor host = { .name = "host", .unroll = 3 };
	const struct actor_op op = { .kind = kind, .gfn = gfn };

	return actor_do(&host, &op);
}

/* Written, with the LRU batches empty. Return: the frame. */
static uint64_t written(uint64_t gfn)
{
	assert_int_equal(vm_fault(gfn, true), 0);
	vm_drain();
	assert_int_equal(probe_guest(0, gfn), PROBE_GUEST_INTACT);
	return spte_pfn(0, gfn);
}

/* H.14, A.3: the reference that is left is the cache's, and nobody's hook has any. */
static void fault_maps_a_page_that_only_the_file_holds(void **state)
{
	struct probe_page page;
	uint64_t pfn;

	build(1);
	pfn = written(VM_GFN);
	assert_page_counts(pfn, 1, 0, 0);
	assert_true(probe_page(pfn, &page));
	assert_int_equal(page.mapcount, 0);
	assert_int_equal(page.zone, PROBE_ZONE_NORMAL);
	assert_false(page.cma || page.anon);
	assert_int_equal(pte_pfn(0), NO_PFN);
	assert_int_equal(written(VM_GFN), pfn);
}

/* It is unmovable memory, also where the VMM's would lie elsewhere. */
static void pages_never_lie_where_memory_must_be_movable(void **state)
{
	const struct vm_setup setup = { .design = "gmem", .place = BUILD_ZONE_CMA };
	unsigned int i;

	vm_build(&setup);
	for (i = 0; i < VM_PAGES; i++) {
		struct probe_page page;

		assert_true(probe_page(written(VM_GFN + i), &page));
		assert_true(page.pinnable);
	}
}

/* H-38: none of it reaches private memory; but 6.12 zaps by address (H-16). */
static void vmms_own_mapping_has_nothing_to_do_with_it(void **state)
{
	uint64_t pfn;

	build(0);
	assert_int_equal(vm_touch(0), 0);
	pfn = written(VM_GFN);
	assert_int_not_equal(pte_pfn(0), pfn);
	assert_int_equal(vm_migrate(0), 0);
	assert_int_equal(nr_sptes(), 0);
	assert_int_equal(written(VM_GFN), pfn);
	assert_int_equal(vm_dontneed(0), 0);
	assert_int_equal(probe_guest(0, VM_GFN), PROBE_GUEST_INTACT);
	assert_int_equal(vm_munmap_page(0), 0);
	assert_int_equal(probe_guest(0, VM_GFN), PROBE_GUEST_INTACT);
	assert_int_equal(written(VM_GFN), pfn);
}

/* D.14: it is never copied, so it is tried once, and stays as it is. */
static void page_is_never_migrated(void **state)
{
	struct probe_mm_counts before, after;
	uint64_t pfn;

	build(0);
	pfn = written(VM_GFN);
	probe_mm_counts(&before);
	assert_int_equal(gw_migrate(pfn), 1);
	probe_mm_counts(&after);
	assert_int_equal(after.moved, before.moved);
	assert_int_equal(after.refchecks, before.refchecks);
	vm_drain();
	assert_page_counts(pfn, 1, 0, 0);
	assert_int_equal(nr_sptes(), 1);
	assert_int_equal(written(VM_GFN), pfn);
}

/*
 * H-08: it is on the LRU, so whoever takes its memory offline thinks that it could be
 * moved, and goes on trying until a signal comes.
 */
static void offline_of_its_block_never_ends_by_itself(void **state)
{
	struct probe_mm_counts before, after;
	uint64_t pfn;

	build(0);
	gw_use_up_below(1024);
	pfn = written(VM_GFN);
	assert_true(pfn >= 1024);
	probe_mm_counts(&before);
	assert_int_equal(gw_offline(pfn, 20), -EINTR);
	probe_mm_counts(&after);
	assert_int_equal(after.moved, before.moved);
	assert_true(after.migrate_calls - before.migrate_calls >= 10);
	vm_drain();
	assert_page_counts(pfn, 1, 0, 0);
	assert_int_equal(written(VM_GFN), pfn);
}

/* The page is freed, flushed; the next access finds another one. */
static void punched_hole_frees_and_the_guest_finds_a_fresh_page(void **state)
{
	struct probe_page page;
	uint64_t pfn;

	build(0);
	pfn = written(VM_GFN);
	assert_int_equal(to_gfn(ACTOR_PUNCH_HOLE, VM_GFN), 0);
	assert_int_equal(nr_sptes(), 0);
	assert_true(probe_page(pfn, &page));
	assert_true(page.free);
	assert_false(probe_dirty_lines(pfn, 0));
	assert_false(probe_dirty_lines(pfn, 1));
	assert_int_equal(probe_guest(0, VM_GFN), PROBE_GUEST_LOST);
	assert_int_equal(to_gfn(ACTOR_PUNCH_HOLE, VM_GFN), 0);
	written(VM_GFN);
	assert_int_equal(to_gfn(ACTOR_PUNCH_HOLE, VM_GFN + VM_PAGES), -EBADF);
}

/* One page of many: the others stay as they are. */
static void conversion_is_of_one_page(void **state)
{
	uint64_t pfn[3];
	unsigned int i;

	build(0);
	for (i = 0; i < 3; i++)
		pfn[i] = written(VM_GFN + i);
	assert_int_equal(to_gfn(ACTOR_MAKE_SHARED, VM_GFN + 1), 0);
	assert_int_equal(to_gfn(ACTOR_MAKE_SHARED, VM_GFN + 1), 0);
	assert_int_equal(spte_pfn(0, VM_GFN + 1), NO_PFN);
	assert_int_equal(vm_fault(VM_GFN + 1, true), -EFAULT);
	assert_int_equal(spte_pfn(0, VM_GFN), pfn[0]);
	assert_int_equal(spte_pfn(0, VM_GFN + 2), pfn[2]);
	/* It asked for that, so it has lost nothing. */
	assert_int_equal(probe_guest(0, VM_GFN + 1), PROBE_GUEST_UNTOUCHED);
	assert_int_equal(probe_guest(0, VM_GFN + 2), PROBE_GUEST_INTACT);
	/* Nobody punched a hole: the file has the page still. */
	assert_int_equal(to_gfn(ACTOR_MAKE_PRIVATE, VM_GFN + 1), 0);
	assert_int_equal(written(VM_GFN + 1), pfn[1]);
}

/* From both ends and in the middle, back and forth. */
static void attributes_of_any_stretch_are_kept_apart(void **state)
{
	static const unsigned int shared[] = { 0, 15, 7, 8, 3, 1 };
	unsigned int i, k;

	build(0);
	for (i = 0; i < 6; i++)
		assert_int_equal(to_gfn(ACTOR_MAKE_SHARED, VM_GFN + shared[i]), 0);
	for (i = 0; i < VM_PAGES; i++) {
		bool is = false;

		for (k = 0; k < 6; k++)
			is |= shared[k] == i;
		assert_int_equal(vm_fault(VM_GFN + i, true), is ? -EFAULT : 0);
	}
	for (i = 0; i < 6; i++)
		assert_int_equal(to_gfn(ACTOR_MAKE_PRIVATE, VM_GFN + shared[i]), 0);
	for (i = 0; i < VM_PAGES; i++)
		assert_int_equal(vm_fault(VM_GFN + i, true), 0);
}

/* G.2, G.4: such a slot is what it is. */
static void slot_neither_moves_nor_logs(void **state)
{
	build(0);
	assert_int_equal(vm_slot_set(0, VM_GFN + 64, 0, VM_PAGES, false, false), -EINVAL);
	assert_int_equal(vm_slot_set(0, VM_GFN, 0, VM_PAGES, false, true), -EINVAL);
	assert_int_equal(vm_slot_set(0, VM_GFN, 0, VM_PAGES, false, false), -EINVAL);
	assert_int_equal(vm_slot_set(1, VM_GFN + 64, 0, 1, true, false), -EINVAL);
	assert_int_equal(vm_slot_set(1, VM_GFN + 1, 0, 1, false, false), -EEXIST);
	assert_int_equal(vm_fault(VM_GFN, true), 0);
}

/* The VMM closes the file with the slot, and another slot begins empty. */
static void deleted_slot_gives_its_pages_back(void **state)
{
	struct probe_page page;
	uint64_t pfn;

	build(0);
	pfn = written(VM_GFN + 5);
	assert_int_equal(vm_slot_delete(0), 0);
	assert_true(probe_page(pfn, &page));
	assert_true(page.free);
	assert_int_equal(nr_sptes(), 0);
	assert_int_equal(vm_slot_create(0, VM_GFN, 0, VM_PAGES), 0);
	assert_int_equal(probe_guest(0, VM_GFN + 5), PROBE_GUEST_UNTOUCHED);
	written(VM_GFN + 5);
}

/* The files hold the VM, and are closed first. */
static void closed_vm_leaves_nothing(void **state)
{
	struct probe_vm vm;

	build(0);
	written(VM_GFN);
	assert_int_equal(vm_close(), 0);
	assert_true(probe_vm(0, &vm));
	assert_true(vm.destroyed);
	vm_drain();
	assert_int_equal(nr_refs_left(), 0);
}

/* I.7: its memory is launched by a command of its own, that is not there. */
static void launch_command_of_other_guests_is_refused(void **state)
{
	build(0);
	assert_int_equal(vm_touch(0), 0);
	assert_int_equal(vm_launch_update(0, 1), -EPERM);
}

/* There is nothing to pin, and nothing to charge. */
static void registering_and_limits_do_not_matter(void **state)
{
	struct probe_process p;

	build(1);
	assert_int_equal(vm_register(0, 4), 0);
	written(VM_GFN);
	assert_int_equal(vm_unregister(0, 4), 0);
	assert_true(probe_process(0, &p));
	assert_int_equal(p.locked_vm, 0);
}

/* A kernel that has no such guests makes none. */
static void older_kernels_refuse_the_vm(void **state)
{
	const struct vm_setup setup = { .kernel = "6.1", .design = "demand-ref" };
	const struct build_vm vm = { .sev = true, .design = "gmem", .nr_vcpus = 1 };

	vm_build(&setup);
	assert_int_equal(build_vm(&vm), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(fault_maps_a_page_that_only_the_file_holds),
		ROLLED(pages_never_lie_where_memory_must_be_movable),
		ROLLED(vmms_own_mapping_has_nothing_to_do_with_it),
		ROLLED(page_is_never_migrated),
		ROLLED(offline_of_its_block_never_ends_by_itself),
		ROLLED(punched_hole_frees_and_the_guest_finds_a_fresh_page),
		ROLLED(conversion_is_of_one_page),
		ROLLED(attributes_of_any_stretch_are_kept_apart),
		ROLLED(slot_neither_moves_nor_logs),
		ROLLED(deleted_slot_gives_its_pages_back),
		ROLLED(closed_vm_leaves_nothing),
		ROLLED(launch_command_of_other_guests_is_refused),
		ROLLED(registering_and_limits_do_not_matter),
		ROLLED(older_kernels_refuse_the_vm),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
