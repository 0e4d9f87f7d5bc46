/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reclaim of anonymous pages, the swap cache and the way back: J.9, J.12, D.10,
 * D.13, A.3, H-11, H-14, at all three profiles.
 */
#include <errno.h>
#include <string.h>

#include "tests/fakes/fork_tests.h"

/* A page of the parent's, alone, on the LRU, that reclaim finds unused. */
static uint64_t reclaimable(const char *profile)
{
	build(profile);
	return settled(FW_ADDR);
}

static void assert_swapped(uint64_t addr)
{
	assert_int_equal(pte_of(FW_PARENT, addr).kind, PROBE_PTE_SWAP);
}

/* J.9: nobody has it: written, given up, and read again elsewhere. */
static void check_free(const char *profile)
{
	uint64_t pfn = reclaimable(profile), starts = counts().notifier_starts, back;

	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_swapped(FW_ADDR);
	assert_int_equal(counts().notifier_starts, starts + 1);
	assert_true(page_at(pfn).free);
	assert_int_equal(fw_swap_slots(), 1);
	/* The PTE, the swap cache and the batch (A.3). */
	assert_int_equal(fw_read(FW_ADDR), 7);
	back = fw_pfn(FW_PARENT, FW_ADDR);
	assert_page(back, 3, 1);
	assert_true(page_at(back).swapcache && page_at(back).anon);
	assert_int_equal(page_at(back).exclusive, !is_5_17(profile));
	/* A PTE that was read is writable only in 6.12. */
	assert_int_equal(pte_of(FW_PARENT, FW_ADDR).writable, !strcmp(profile, "6.12"));
	fw_drain();
	assert_page(back, 2, 1);
	assert_int_equal(fw_munmap(FW_ADDR, 1), 0);
	assert_true(page_at(back).free);
	assert_int_equal(fw_swap_slots(), 0);
}

static void pageout_frees_what_nobody_has(void **state)
{
	on_all(check_free);
}

/* J.9: a write is told so on the way in: alone, it leaves the swap cache at once. */
static void check_write(const char *profile)
{
	uint64_t back;

	reclaimable(profile);
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_int_equal(fw_write(FW_ADDR, 9), 0);
	back = fw_pfn(FW_PARENT, FW_ADDR);
	assert_page(back, is_5_17(profile) ? 2 : 1, 1);
	assert_false(page_at(back).swapcache);
	assert_int_equal(fw_swap_slots(), 0);
	assert_true(pte_of(FW_PARENT, FW_ADDR).writable);
}

static void write_fault_takes_page_out_of_cache(void **state)
{
	on_all(check_write);
}

/* J.9, H-14: what may be pinned is not even unmapped. */
static void check_pinned(const char *profile)
{
	uint64_t pfn = reclaimable(profile), starts;

	assert_int_equal(fw_pin(FW_ADDR, true, false), pfn);
	starts = counts().notifier_starts;
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_int_equal(counts().notifier_starts, starts);
	assert_int_equal(fw_swap_slots(), 0);
	/* Put back by way of a batch. */
	assert_page(pfn, 1 + 1024 + 1, 1);
	fw_unpin(pfn);
}

static void pageout_leaves_pinned_page_mapped(void **state)
{
	on_all(check_pinned);
}

/*
 * J.9, H-14: a plain reference keeps it in the swap cache, unmapped and unwritten;
 * a write gets the same page, to write to. 5.17 counts mappings here (0.2).
 */
static void check_held(const char *profile)
{
	uint64_t pfn = reclaimable(profile);

	assert_int_equal(fw_get(FW_ADDR), pfn);
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_swapped(FW_ADDR);
	/* The cache, the holder, the batch. */
	assert_page(pfn, 3, 0);
	assert_true(page_at(pfn).swapcache && page_at(pfn).dirty);
	assert_false(page_at(pfn).exclusive);
	assert_int_equal(fw_write(FW_ADDR, 8), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_int_equal(page_at(pfn).exclusive, !is_5_17(profile));
	assert_int_equal(fw_read(FW_ADDR), 8);
	fw_put(pfn);
}

static void held_page_stays_in_cache_and_comes_back(void **state)
{
	on_all(check_held);
}

/*
 * H-11, J.12: read first, and written then. The mark in the swap entry keeps it
 * this process's own; without one a count above 1 means a copy (0.2), and the
 * holder has the old page.
 */
static void check_read_then_write(const char *profile)
{
	uint64_t pfn = reclaimable(profile);

	assert_int_equal(fw_get(FW_ADDR), pfn);
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_int_equal(fw_read(FW_ADDR), 7);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_int_equal(fw_write(FW_ADDR, 8), 0);
	if (is_5_17(profile))
		assert_int_not_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	else
		assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_int_equal(fw_read(FW_ADDR), 8);
	fw_put(pfn);
}

static void held_page_read_then_written_is_same_with_mark(void **state)
{
	on_all(check_read_then_write);
}

/* J.9, A.21: who forks while a page is swapped out shares the slot. */
static void check_fork(const char *profile)
{
	uint64_t pfn, copy;

	reclaimable(profile);
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_int_equal(fw_fork(), 0);
	assert_int_equal(pte_of(FW_CHILD, FW_ADDR).kind, PROBE_PTE_SWAP);
	assert_int_equal(fw_swap_slots(), 1);
	assert_int_equal(fw_read(FW_ADDR), 7);
	pfn = fw_pfn(FW_PARENT, FW_ADDR);
	/* The child's entry may bring it back for itself: nobody's own. */
	assert_false(page_at(pfn).exclusive || pte_of(FW_PARENT, FW_ADDR).writable);
	fw_as(FW_CHILD);
	assert_int_equal(fw_read(FW_ADDR), 7);
	assert_int_equal(fw_pfn(FW_CHILD, FW_ADDR), pfn);
	fw_drain();
	assert_page(pfn, 3, 2);
	/* J.12: two mappings and the cache: a copy. */
	assert_int_equal(fw_write(FW_ADDR, 3), 0);
	copy = fw_pfn(FW_CHILD, FW_ADDR);
	assert_int_not_equal(copy, pfn);
	fw_drain();
	assert_page(pfn, 2, 1);
	fw_as(FW_PARENT);
	assert_int_equal(fw_read(FW_ADDR), 7);
	/* Alone, with the cache, which it leaves: reused. 5.17 does not try. */
	assert_int_equal(fw_write(FW_ADDR, 4), 0);
	if (is_5_17(profile))
		assert_int_not_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	else
		assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
}

static void fork_shares_slot_and_neither_owns_page(void **state)
{
	on_all(check_fork);
}

/* A page that is mapped, on the LRU, and in the swap cache. */
static uint64_t cached(const char *profile)
{
	uint64_t pfn;

	reclaimable(profile);
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_int_equal(fw_read(FW_ADDR), 7);
	fw_drain();
	pfn = fw_pfn(FW_PARENT, FW_ADDR);
	assert_page(pfn, 2, 1);
	return pfn;
}

/* D.13, D.12: the target takes the cache's reference and place; the slot stays. */
static void check_migrate(const char *profile)
{
	uint64_t pfn = cached(profile), to;

	assert_int_equal(fw_migrate(FW_ADDR), 0);
	to = fw_pfn(FW_PARENT, FW_ADDR);
	assert_int_not_equal(to, pfn);
	assert_true(page_at(pfn).free);
	fw_drain();
	assert_page(to, 2, 1);
	assert_true(page_at(to).swapcache);
	assert_int_equal(page_at(to).exclusive, !is_5_17(profile));
	assert_int_equal(fw_swap_slots(), 1);
	assert_int_equal(fw_read(FW_ADDR), 7);
	/* And it leaves the cache from there (5.17 copies what is in it). */
	assert_int_equal(fw_write(FW_ADDR, 8), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR) == to, !is_5_17(profile));
}

static void migration_moves_page_in_cache(void **state)
{
	on_all(check_migrate);
}

/* D.11, D.7: expected is 1 for the isolation and 1 for the cache; one more stops it. */
static void check_migrate_held(const char *profile)
{
	uint64_t pfn = cached(profile), checks;

	/* As a reader: a write would copy in 5.17. */
	assert_int_equal(fw_pin(FW_ADDR, false, false), pfn);
	checks = counts().refchecks;
	assert_int_equal(fw_migrate(FW_ADDR), 1);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	/* D.10: not exclusive, as all in 5.17: unmapped, and then the count is wrong. */
	assert_int_equal(counts().refchecks - checks, is_5_17(profile) ? 10 : 0);
	assert_true(page_at(pfn).swapcache);
	fw_unpin(pfn);
	assert_int_equal(fw_get(FW_ADDR) == pfn, !is_5_17(profile));
	checks = counts().refchecks;
	if (is_5_17(profile))
		return;
	assert_int_equal(fw_migrate(FW_ADDR), 1);
	assert_int_equal(counts().refchecks - checks, 10);
	fw_put(pfn);
}

static void migration_of_held_page_in_cache_fails(void **state)
{
	on_all(check_migrate_held);
}

/* J.13: what was swapped out goes with its entry. */
static void check_unmap(const char *profile)
{
	uint64_t pfn = reclaimable(profile);

	assert_int_equal(fw_get(FW_ADDR), pfn);
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_int_equal(fw_mremap(FW_ADDR, 1, FW_AT(8)), 0);
	assert_swapped(FW_AT(8));
	assert_int_equal(fw_swap_slots(), 1);
	assert_int_equal(fw_read(FW_AT(8)), 7);
	assert_int_equal(fw_pfn(FW_PARENT, FW_AT(8)), pfn);
	fw_drain();
	assert_int_equal(fw_pageout(FW_AT(8), 1), 0);
	assert_swapped(FW_AT(8));
	assert_int_equal(fw_dontneed(FW_AT(8), 1), 0);
	assert_int_equal(fw_swap_slots(), 0);
	fw_drain();
	assert_page(pfn, 1, 0);
	assert_false(page_at(pfn).swapcache);
	fw_put(pfn);
	assert_true(page_at(pfn).free);
}

static void entries_move_and_go(void **state)
{
	on_all(check_unmap);
}

/* E.6, B.10: GUP brings it back; for long, to where it may be pinned for long. */
static void check_gup(const char *profile)
{
	uint64_t pfn;

	reclaimable(profile);
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	pfn = fw_pin(FW_ADDR, true, true);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_true(fw_pinnable(pfn));
	assert_int_equal(fw_read(FW_ADDR), 7);
	fw_unpin(pfn);
}

static void gup_reads_page_back(void **state)
{
	on_all(check_gup);
}

/* J.9: without a slot, or memory for the cache, it stays mapped, and active. */
static void check_full(const char *profile)
{
	static const char *const points[] = { "swap_slot", "swap_cache" };
	uint64_t pfn = reclaimable(profile);
	unsigned int i;

	for (i = 0; i < FW_SWAP_SLOTS + 2; i++) {
		assert_int_equal(fw_write(FW_AT(i), 7), 0);
		fw_drain();
	}
	for (i = 0; i < 2; i++) {
		fw_fail_next(points[i]);
		assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
		fw_fail_next(NULL);
		fw_drain();
		assert_page(pfn, 1, 1);
		assert_int_equal(fw_swap_slots(), 0);
	}
	assert_int_equal(fw_pageout(FW_ADDR, FW_SWAP_SLOTS + 2), 0);
	assert_int_equal(fw_swap_slots(), FW_SWAP_SLOTS);
	/* Reading one back fails without memory, and then works. */
	for (i = 0; pte_of(FW_PARENT, FW_AT(i)).kind != PROBE_PTE_SWAP; i++)
		;
	fw_fail_next("page_alloc");
	assert_int_equal(fw_touch(FW_AT(i)), -ENOMEM);
	fw_fail_next("swap_cache");
	assert_int_equal(fw_touch(FW_AT(i)), -ENOMEM);
	fw_fail_next(NULL);
	assert_int_equal(fw_read(FW_AT(i)), 7);
}

static void pageout_without_a_slot_changes_nothing(void **state)
{
	on_all(check_full);
}

/* J.9: a page that somebody else maps too is left alone by MADV_PAGEOUT. */
static void check_shared(const char *profile)
{
	uint64_t pfn = reclaimable(profile);

	assert_int_equal(fw_fork(), 0);
	assert_int_equal(fw_pageout(FW_ADDR, 1), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_page(pfn, 2, 2);
}

static void pageout_leaves_shared_page(void **state)
{
	on_all(check_shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pageout_frees_what_nobody_has),
		TEST(write_fault_takes_page_out_of_cache),
		TEST(pageout_leaves_pinned_page_mapped),
		TEST(held_page_stays_in_cache_and_comes_back),
		TEST(held_page_read_then_written_is_same_with_mark),
		TEST(fork_shares_slot_and_neither_owns_page),
		TEST(migration_moves_page_in_cache),
		TEST(migration_of_held_page_in_cache_fails),
		TEST(entries_move_and_go),
		TEST(gup_reads_page_back),
		TEST(pageout_without_a_slot_changes_nothing),
		TEST(pageout_leaves_shared_page),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
