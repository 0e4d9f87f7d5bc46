/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every way in which a fault can end, over the whole simulated kernel and in
 * each version of it: every RET_PF_* and every pfn that is an error, brought
 * about by what brings it about in the kernel (H.1, H.2, H.4, H.12, H.15, H.17).
 * In all but the good ones no reference is left.
 */
#include <errno.h>

#include "fakes/fault.h"
#include "tests/fakes/vma_world.h"
#include "tests/mmu/outcome_world.h"
#include "tests/mmu/vm_tests.h"

/* H.2, as 6.12 counts. */
enum { CONTINUE, RETRY, EMULATE, WRITE_PROTECTED, INVALID, FIXED, SPURIOUS };

#define READONLY_GFN	(VM_GFN + 64)
#define SIGBUS_		7

static const char *const kernels[] = { "5.17", "6.1", "6.12" };
#define NR_KERNELS	(sizeof(kernels) / sizeof(kernels[0]))
#define NEWEST		(NR_KERNELS - 1)

/* A second, read-only slot shows the last page once more. */
static void build(unsigned int k)
{
	const struct vm_setup setup = { .kernel = kernels[k] };

	vm_build(&setup);
	assert_int_equal(vm_slot_set(1, READONLY_GFN, VM_PAGES - 1, 1, true, false), 0);
}

static unsigned int refs_of(unsigned int page)
{
	struct probe_page p;

	vm_drain();
	return probe_page(pte_pfn(page), &p) ? (unsigned int)p.refcount : 0;
}

/* H.9, H.10, H.19 */
static void access_is_fixed_once_and_spurious_afterwards(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE | OW_PRESENT), SPURIOUS);
		assert_int_equal(ow_fault(VM_GFN + 1, 0), FIXED);
		assert_int_equal(ow_fault(VM_GFN + 1, 0), SPURIOUS);
		assert_int_equal(ow_exit(VM_GFN, OW_WRITE), 1);
		assert_int_equal(refs_of(0), 1);
	}
}

/* --- RETRY --- */

/* H.6: it is not known yet what will be there. */
static void slot_that_changes_is_retry(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		ow_slot_invalid(true);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), RETRY);
		assert_int_equal(ow_exit(VM_GFN, OW_WRITE), 1);
		assert_int_equal(pte_pfn(0), NO_PFN);
		ow_slot_invalid(false);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
	}
}

/* H.17, H.31, H.32: the page was found; what it would be mapped in is gone. */
static void obsolete_root_is_retry_until_there_is_another(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
		ow_obsolete_roots();
		assert_int_equal(ow_fault_with_root(VM_GFN + 1, OW_WRITE), RETRY);
		assert_int_not_equal(pte_pfn(1), NO_PFN);
		assert_int_equal(refs_of(1), 1);
		/* Nor is one that was mapped there any good. */
		assert_int_equal(ow_fault_with_root(VM_GFN, OW_WRITE), RETRY);
		assert_int_equal(ow_fault(VM_GFN + 1, OW_WRITE), FIXED);
		assert_int_equal(spte_pfn(0, VM_GFN + 1), pte_pfn(1));
	}
}

/* H.7, H.17: 6.12 does not even look for a page. */
static void window_over_the_page_is_retry_until_it_closes(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		ow_window(VM_AT(0), true);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), RETRY);
		assert_int_equal(pte_pfn(0) == NO_PFN, k == NEWEST);
		assert_int_equal(ow_fault(VM_GFN + 1, OW_WRITE), FIXED);
		ow_window(VM_AT(0), false);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
		assert_int_equal(refs_of(0), 1);
	}
}

/* --- errors --- */

/* H.12, H.15: HWPOISON. The thread learns of it, and does not go on. */
static void broken_memory_is_retry_with_a_signal(void **state)
{
	unsigned int k, write;

	for (k = 0; k < NR_KERNELS; k++) {
		for (write = 0; write <= OW_WRITE; write += OW_WRITE) {
			build(k);
			assert_int_equal(vm_touch(0), 0);
			assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
			ow_poison(VM_AT(0));
			assert_int_equal(spte_pfn(0, VM_GFN), NO_PFN);
			assert_int_equal(ow_pending(), 0);
			assert_int_equal(ow_fault(VM_GFN, write), RETRY);
			assert_int_equal(ow_pending(), SIGBUS_);
			ow_no_signal();
			assert_int_equal(vm_fault(VM_GFN, write), -EINTR);
			assert_int_equal(ow_pending(), SIGBUS_);
			ow_no_signal();
			assert_int_equal(nr_sptes(), 0);
			/* The address can be given other memory. */
			assert_int_equal(vm_dontneed(0), 0);
			assert_int_equal(vm_fault(VM_GFN, true), 0);
		}
	}
}

/* So that the next page that is asked for is the guest's. */
static void fill_cache_of_tables(void)
{
	assert_int_equal(ow_fault(VM_GFN + 8, OW_WRITE), FIXED);
	assert_int_equal(ow_fault(VM_GFN + 9, OW_WRITE), FIXED);
}

/*
 * H.12, H.15: SIGPENDING, of who is killed while it looks for a page. Before 6.12
 * that is a page that cannot be had.
 */
static void killed_while_it_looks_is_a_signal_in_6_12(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		fill_cache_of_tables();
		ow_signal(false);
		/* Another signal waits for the end of the fault. */
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
		assert_int_equal(vm_fault(VM_GFN + 1, true), -EINTR);
		assert_int_equal(spte_pfn(0, VM_GFN + 1), pte_pfn(1));
		ow_no_signal();
		ow_signal(true);
		assert_int_equal(ow_fault(VM_GFN + 2, OW_WRITE), k == NEWEST ? -EINTR : -EFAULT);
		/* Who needs no page is not asked. */
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE | OW_PRESENT), SPURIOUS);
		ow_no_signal();
		assert_int_equal(ow_fault(VM_GFN + 2, OW_WRITE), FIXED);
	}
}

/* H.12: FAULT, whatever it is that the mapping does not permit. */
static void mapping_decides_on_fault(void **state)
{
	static const struct { enum vw_kind how; int write, read; } is[] = {
		{ VW_IO, -EFAULT, -EFAULT },
		{ VW_PFNMAP, -EFAULT, -EFAULT },
		{ VW_NO_WRITE, -EFAULT, FIXED },
		{ VW_NO_READ, -EFAULT, -EFAULT },
		{ VW_NO_MAYREAD, -EFAULT, -EFAULT },
		{ VW_WRITE_ONLY, FIXED, -EFAULT },
		{ VW_READ_WRITE, FIXED, FIXED },
	};
	unsigned int k, i;

	for (k = 0; k < NR_KERNELS; k++) {
		for (i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
			build(k);
			vw_change(VM_AT(0), is[i].how);
			assert_int_equal(ow_fault(VM_GFN, OW_WRITE), is[i].write);
			assert_int_equal(ow_fault(VM_GFN + 1, 0), is[i].read);
		}
		build(k);
		assert_int_equal(vm_munmap_page(0), 0);
		assert_int_equal(ow_fault(VM_GFN, 0), -EFAULT);
		assert_int_equal(ow_exit(VM_GFN, OW_WRITE), -EFAULT);
	}
}

/* H.4, H.12: no page is a fault; no table is told as it is, and before any page. */
static void no_memory_for_page_or_table_ends_the_fault(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		ow_fail_page(1);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), -ENOMEM);
		assert_int_equal(pte_pfn(0), NO_PFN);
		fill_cache_of_tables();
		ow_fail_page(FAULT_FOR_EVER);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), -EFAULT);
		ow_fail_nothing();
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
	}
}

/* --- EMULATE, WRITE_PROTECTED --- */

/* H.6, H.8, H.15: NOSLOT, RO_FAULT. */
static void access_that_no_memory_can_serve_is_emulated(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		assert_int_equal(ow_fault(READONLY_GFN - 1, 0), EMULATE);
		assert_int_equal(ow_fault(READONLY_GFN, OW_WRITE), EMULATE);
		assert_int_equal(pte_pfn(VM_PAGES - 1), NO_PFN);
		assert_int_equal(ow_fault(READONLY_GFN, 0), FIXED);
		assert_int_equal(ow_fault(READONLY_GFN, OW_WRITE | OW_PRESENT), EMULATE);
		assert_int_equal(ow_exit(READONLY_GFN, OW_WRITE), 0);
	}
}

static bool is_writable(uint64_t gfn)
{
	struct probe_spte spte;

	assert_true(probe_spte(0, 0, gfn, &spte));
	return spte.writable;
}

/* H.4: whoever watches a page hears of every write to it. */
static void write_to_a_watched_page_is_emulated_by_either_name(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		int told = k == NEWEST ? WRITE_PROTECTED : EMULATE;

		build(k);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
		assert_int_equal(ow_track(VM_GFN, true), 0);
		assert_int_equal(ow_track(VM_GFN + 1, true), 0);
		assert_false(is_writable(VM_GFN));
		/* Known before any page is looked for; or when it is mapped. */
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE | OW_PRESENT), told);
		assert_int_equal(ow_fault(VM_GFN + 1, OW_WRITE), told);
		assert_int_equal(spte_pfn(0, VM_GFN + 1), pte_pfn(1));
		assert_false(is_writable(VM_GFN + 1));
		assert_int_equal(refs_of(1), 1);
		assert_int_equal(ow_fault(VM_GFN + 1, 0), SPURIOUS);
		assert_int_equal(ow_exit(VM_GFN, OW_WRITE | OW_PRESENT), 0);
		/* Its neighbour is nobody's concern. */
		assert_int_equal(ow_fault(VM_GFN + 2, OW_WRITE), FIXED);
		assert_true(is_writable(VM_GFN + 2));
	}
}

/* Watched by two, a page is watched until both have gone. */
static void page_nobody_watches_may_be_written_again(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		assert_int_equal(ow_track(VM_GFN, true), 0);
		assert_int_equal(ow_track(VM_GFN, true), 0);
		assert_int_equal(ow_track(VM_GFN, false), 0);
		assert_int_not_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
		assert_int_equal(ow_track(VM_GFN, false), 0);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE | OW_PRESENT), FIXED);
		assert_true(is_writable(VM_GFN));
		assert_int_equal(ow_track(VM_GFN, false), -ENOENT);
		assert_int_equal(ow_track(READONLY_GFN - 1, true), -EINVAL);
		ow_fail_slab();
		assert_int_equal(ow_track(READONLY_GFN, true), -ENOMEM);
		ow_fail_nothing();
		/* It goes with its slot. */
		assert_int_equal(ow_track(VM_GFN, true), 0);
		assert_int_equal(vm_slot_delete(0), 0);
		assert_int_equal(vm_slot_create(0, VM_GFN, 0, VM_PAGES), 0);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
	}
}

/* Logging gives a right back without a lock, but none that watching took. */
static void logging_leaves_a_watched_page_alone(void **state)
{
	unsigned int k;

	for (k = 0; k < NR_KERNELS; k++) {
		build(k);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE), FIXED);
		assert_int_equal(vm_slot_set(0, VM_GFN, 0, VM_PAGES, false, true), 0);
		assert_int_equal(ow_track(VM_GFN, true), 0);
		assert_int_not_equal(ow_fault(VM_GFN, OW_WRITE | OW_PRESENT), FIXED);
		assert_int_equal(ow_track(VM_GFN, false), 0);
		assert_int_equal(ow_fault(VM_GFN, OW_WRITE | OW_PRESENT), FIXED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(access_is_fixed_once_and_spurious_afterwards),
		ROLLED(slot_that_changes_is_retry),
		ROLLED(obsolete_root_is_retry_until_there_is_another),
		ROLLED(window_over_the_page_is_retry_until_it_closes),
		ROLLED(broken_memory_is_retry_with_a_signal),
		ROLLED(killed_while_it_looks_is_a_signal_in_6_12),
		ROLLED(mapping_decides_on_fault),
		ROLLED(no_memory_for_page_or_table_ends_the_fault),
		ROLLED(access_that_no_memory_can_serve_is_emulated),
		ROLLED(write_to_a_watched_page_is_emulated_by_either_name),
		ROLLED(page_nobody_watches_may_be_written_again),
		ROLLED(logging_leaves_a_watched_page_alone),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
