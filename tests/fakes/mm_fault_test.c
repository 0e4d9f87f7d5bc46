/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults, COW, unmapping and the limit: J.12, J.13, K.1, K.13, E.7, F.1, F.7. */
#include <errno.h>

#include "fakes/host/probe.h"
#include "tests/fakes/mm_tests.h"

/* K.13: reading what was never written takes no page and no reference. */
static void read_first(void)
{
	uint64_t tag = 1, zero = mw_zero_pfn();
	struct probe_pte pte;

	assert_int_equal(mw_read(MW_ADDR, &tag), 0);
	assert_int_equal(tag, 0);
	assert_true(probe_pte(0, MW_ADDR, &pte));
	assert_int_equal(pte.pfn, zero);
	assert_false(pte.writable);
	assert_int_equal(page_at(zero).refcount, 1);
	assert_int_equal(mw_write(MW_ADDR, 9), 0);
	assert_int_not_equal(mw_pfn(MW_ADDR), zero);
	assert_page(mw_pfn(MW_ADDR), 2, 1, false);
	assert_true(page_at(mw_pfn(MW_ADDR)).exclusive);
	assert_int_equal(page_at(zero).refcount, 1);
	assert_int_equal(counts().notifier_starts, 1);
	assert_int_equal(mw_read(MW_ADDR, &tag), 0);
	assert_int_equal(tag, 9);
}

static void fault_read_maps_the_zero_page(void **state)
{
	on_both(read_first, BUILD_ZONE_MOVABLE);
}

/* J.12: a page that is not exclusive is reused by its only user, else copied. */
static void cow_reuse(void)
{
	uint64_t pfn = settled_page();

	mw_make_shared(MW_ADDR);
	assert_int_equal(mw_write(MW_ADDR, 8), 0);
	assert_int_equal(mw_pfn(MW_ADDR), pfn);
	assert_true(page_at(pfn).exclusive);
}

static void cow_drains_for_reuse(void)
{
	uint64_t pfn;

	assert_int_equal(mw_write(MW_ADDR, 7), 0);
	pfn = mw_pfn(MW_ADDR);
	mw_make_shared(MW_ADDR);
	assert_int_equal(mw_write(MW_ADDR, 8), 0);
	assert_int_equal(mw_pfn(MW_ADDR), pfn);
	assert_page(pfn, 1, 1, true);
}

static void cow_copy(void)
{
	uint64_t pfn = settled_page(), tag;

	mw_make_shared(MW_ADDR);
	mw_get(pfn, 1);
	assert_int_equal(mw_write(MW_ADDR, 8), 0);
	assert_int_not_equal(mw_pfn(MW_ADDR), pfn);
	assert_page(pfn, 1, 0, true);
	assert_page(mw_pfn(MW_ADDR), 2, 1, false);
	assert_int_equal(mw_read(MW_ADDR, &tag), 0);
	assert_int_equal(tag, 8);
	mw_put(pfn);
	assert_true(page_at(pfn).free);
}

static void fault_cow_reuses_or_copies(void **state)
{
	on_both(cow_reuse, BUILD_ZONE_MOVABLE);
	on_both(cow_drains_for_reuse, BUILD_ZONE_MOVABLE);
	on_both(cow_copy, BUILD_ZONE_MOVABLE);
}

/* E.7: an unshare request gives a read-only exclusive copy, with the data. */
static void unshare(void)
{
	uint64_t pfn = settled_page(), tag;
	struct probe_pte pte;

	mw_make_shared(MW_ADDR);
	mw_get(pfn, 1);
	assert_int_equal(mw_unshare(MW_ADDR), 0);
	assert_int_not_equal(mw_pfn(MW_ADDR), pfn);
	assert_true(page_at(mw_pfn(MW_ADDR)).exclusive);
	assert_true(probe_pte(0, MW_ADDR, &pte));
	assert_false(pte.writable);
	assert_int_equal(mw_read(MW_ADDR, &tag), 0);
	assert_int_equal(tag, 7);
	pfn = mw_pfn(MW_ADDR);
	assert_int_equal(mw_write(MW_ADDR, 8), 0);
	assert_int_equal(mw_pfn(MW_ADDR), pfn);
}

static void unshare_zero_61(void)
{
	uint64_t tag;

	assert_int_equal(mw_read(MW_ADDR, &tag), 0);
	assert_int_equal(mw_unshare(MW_ADDR), 0);
	assert_int_equal(mw_pfn(MW_ADDR), mw_zero_pfn());
}

static void unshare_zero_612(void)
{
	uint64_t tag;

	assert_int_equal(mw_read(MW_ADDR, &tag), 0);
	assert_int_equal(mw_unshare(MW_ADDR), 0);
	assert_int_not_equal(mw_pfn(MW_ADDR), mw_zero_pfn());
}

static void fault_unshare_copies_read_only(void **state)
{
	on_both(unshare, BUILD_ZONE_MOVABLE);
	on_machine(&(struct mw_machine){ .profile = "6.1" }, unshare_zero_61);
	on_machine(&(struct mw_machine){ .profile = "6.12" }, unshare_zero_612);
}

/* J.13: a pinned page outlives its mapping, and the next touch gets another. */
static void dontneed(void)
{
	uint64_t pfn = settled_page(), tag;

	mw_pin(pfn, 1);
	mw_dontneed(MW_ADDR, 4096);
	assert_page(pfn, 1024, 0, true);
	assert_int_equal(mw_read(MW_ADDR, &tag), 0);
	assert_int_equal(tag, 0);
	assert_int_equal(mw_write(MW_ADDR, 1), 0);
	assert_int_not_equal(mw_pfn(MW_ADDR), pfn);
	mw_unpin(pfn);
	assert_true(page_at(pfn).free);
}

/* J.13: the PTE's reference goes when the notifier has been told of the end. */
static void put_after_end(void)
{
	const struct sim_record *rec;
	uint64_t pfn = settled_page();
	size_t i, n, end = 0, put = 0;

	sim_pulse_subscribe(1ULL << SIM_NOTIFY_END | 1ULL << SIM_PUT);
	sim_pulse_fresh(&n);
	mw_dontneed(MW_ADDR, 4096);
	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++) {
		if (rec[i].verb == SIM_NOTIFY_END && !end)
			end = i + 1;
		if (rec[i].verb == SIM_PUT && !put)
			put = i + 1;
	}
	assert_true(end && put > end);
	assert_true(page_at(pfn).free);
}

static void zap_leaves_the_pinners_reference(void **state)
{
	on_both(dontneed, BUILD_ZONE_MOVABLE);
	on_both(put_after_end, BUILD_ZONE_MOVABLE);
}

static void unmap_middle(void)
{
	struct probe_pte pte;
	uint64_t pfn[3], tag;
	unsigned int i;

	for (i = 0; i < 3; i++)
		assert_int_equal(mw_write(MW_AT(i), i + 1), 0);
	for (i = 0; i < 3; i++)
		pfn[i] = mw_pfn(MW_AT(i));
	mw_drain();
	assert_int_equal(mw_munmap(MW_AT(1), 4096), 0);
	assert_true(page_at(pfn[1]).free);
	assert_true(probe_pte(0, MW_AT(1), &pte));
	assert_false(pte.has_vma);
	assert_int_equal(mw_write(MW_AT(1), 1), -EFAULT);
	assert_int_equal(mw_read(MW_AT(2), &tag), 0);
	assert_int_equal(tag, 3);
	assert_page(pfn[0], 1, 1, true);
	assert_page(pfn[2], 1, 1, true);
	assert_int_equal(mw_munmap(MW_AT(1), 4096), 0);
	assert_int_equal(mw_munmap(MW_ADDR + 1, 4096), -EINVAL);
	assert_int_equal(mw_munmap(MW_ADDR, 0), -EINVAL);
}

static void munmap_cuts_a_mapping(void **state)
{
	on_both(unmap_middle, BUILD_ZONE_MOVABLE);
}

/* More pages than one gather holds, and several mappings. */
static void exit_all(void)
{
	uint64_t before = counts().free_pages;
	unsigned int i;

	for (i = 0; i < MW_PAGES; i++)
		assert_int_equal(mw_write(MW_AT(i), 1), 0);
	assert_int_equal(mw_munmap(MW_AT(20), 4096), 0);
	mw_drain();
	mw_exit();
	assert_int_equal(counts().free_pages, before);
	mw_exit();
}

static void exit_gives_everything_back(void **state)
{
	on_both(exit_all, BUILD_ZONE_MOVABLE);
}

static void no_memory(void)
{
	mw_fill(MW_GFP_HIGHUSER_MOVABLE);
	assert_int_equal(mw_write(MW_ADDR, 1), -ENOMEM);
	assert_int_equal(mw_pfn(MW_ADDR), MW_NO_PFN);
}

static void fault_without_memory_fails(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.12", .normal = 8 }, no_memory);
}

/* F.1, F.7: reaching the limit is allowed; a partial page of it is lost. */
static void charge(void)
{
	struct probe_process p;

	assert_int_equal(mw_account(14, true), 0);
	assert_int_equal(mw_account(1, true), 0);
	assert_int_equal(mw_account(1, true), -ENOMEM);
	assert_int_equal(mw_account(0, true), 0);
	assert_true(probe_process(0, &p));
	assert_int_equal(p.locked_vm, 15);
	assert_int_equal(p.memlock_pages, 15);
	assert_int_equal(mw_account(1, false), 0);
	assert_int_equal(mw_account(2, true), -ENOMEM);
	assert_int_equal(mw_account(1, true), 0);
}

static void charge_with_capability(void)
{
	assert_int_equal(mw_account(100, true), 0);
}

static void locked_vm_stops_above_the_limit(void **state)
{
	on_machine(&(struct mw_machine){ .profile = "6.12", .memlock = 65535 }, charge);
	on_machine(&(struct mw_machine){ .profile = "6.12", .memlock = 65535, .cap = true },
		   charge_with_capability);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(fault_read_maps_the_zero_page),
		ROLLED(fault_cow_reuses_or_copies),
		ROLLED(fault_unshare_copies_read_only),
		ROLLED(zap_leaves_the_pinners_reference),
		ROLLED(munmap_cuts_a_mapping),
		ROLLED(exit_gives_everything_back),
		ROLLED(fault_without_memory_fails),
		ROLLED(locked_vm_stops_above_the_limit),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
