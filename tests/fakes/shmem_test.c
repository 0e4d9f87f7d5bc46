/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared memory and the page cache: A.3, D.10, D.13, E.5, J.3, J.10, J.11, J.13 and
 * K.12's other side, at all three profiles.
 */
#include <errno.h>
#include <string.h>

#include "tests/fakes/fork_tests.h"

static void build_shared(const char *profile, bool in_cma)
{
	if (rolled_build()) {
		fw_build(profile, in_cma);
		fw_map_shmem(in_cma);
		rolled_mark();
	}
	sim_pulse_subscribe(COMPLAINTS);
}

/* A page of it, written to, on the LRU: one reference of the PTE's, one of the cache's. */
static uint64_t shared(const char *profile, bool in_cma)
{
	uint64_t pfn;

	build_shared(profile, in_cma);
	assert_int_equal(fw_write(FW_SHARED, 7), 0);
	pfn = fw_pfn(FW_PARENT, FW_SHARED);
	/* A.3, and the batch's. */
	assert_page(pfn, 3, 1);
	fw_drain();
	assert_page(pfn, 2, 1);
	return pfn;
}

/* A.3, J.13: unmapped, the cache has it still; the next access finds the same. */
static void check_dontneed(const char *profile)
{
	uint64_t pfn = shared(profile, false);

	assert_false(page_at(pfn).anon || page_at(pfn).exclusive);
	assert_int_equal(fw_dontneed(FW_SHARED, 1), 0);
	assert_int_equal(pte_of(FW_PARENT, FW_SHARED).kind, PROBE_PTE_NONE);
	fw_drain();
	assert_page(pfn, 1, 0);
	assert_int_equal(fw_read(FW_SHARED), 7);
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
	/* Read first, and writable all the same: there is no COW. */
	assert_true(pte_of(FW_PARENT, FW_SHARED).writable);
	assert_int_equal(fw_write(FW_SHARED, 8), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
	assert_page(pfn, 2, 1);
}

static void dontneed_leaves_page_in_cache(void **state)
{
	on_all(check_dontneed);
}

/* J.11: nothing is copied; the child's fault finds its parent's page, and writes to it. */
static void check_fork(const char *profile)
{
	uint64_t pfn = shared(profile, false), starts = counts().notifier_starts;

	assert_int_equal(fw_fork(), 0);
	assert_int_equal(counts().notifier_starts, starts);
	assert_int_equal(pte_of(FW_CHILD, FW_SHARED).kind, PROBE_PTE_NONE);
	assert_true(pte_of(FW_PARENT, FW_SHARED).writable);
	fw_as(FW_CHILD);
	assert_int_equal(fw_write(FW_SHARED, 9), 0);
	assert_int_equal(fw_pfn(FW_CHILD, FW_SHARED), pfn);
	assert_page(pfn, 3, 2);
	fw_as(FW_PARENT);
	assert_int_equal(fw_read(FW_SHARED), 9);
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
	/* D.13: the reverse map finds both; the copy takes the page's place in the cache. */
	assert_int_equal(fw_migrate(FW_SHARED), 0);
	assert_int_not_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
	assert_int_equal(fw_pfn(FW_CHILD, FW_SHARED), fw_pfn(FW_PARENT, FW_SHARED));
	assert_true(page_at(pfn).free);
	pfn = fw_pfn(FW_PARENT, FW_SHARED);
	fw_drain();
	assert_page(pfn, 3, 2);
	assert_int_equal(fw_dontneed(FW_SHARED, 1), 0);
	assert_int_equal(fw_read(FW_SHARED), 9);
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
	/* The last one who has the file takes its pages along. */
	fw_exit(FW_PARENT);
	assert_false(page_at(pfn).free);
	fw_exit(FW_CHILD);
	fw_drain();
	assert_true(page_at(pfn).free);
}

static void fork_shares_the_file(void **state)
{
	on_all(check_fork);
}

/* D.10, D.7: no question at unmap, pinned or not; the count stops it. */
static void check_stuck(const char *profile, bool pinned)
{
	uint64_t pfn = shared(profile, false), checks, starts;

	assert_int_equal(pinned ? fw_pin(FW_SHARED, true, false) : fw_get(FW_SHARED), pfn);
	checks = counts().refchecks;
	starts = counts().notifier_starts;
	assert_int_equal(fw_migrate(FW_SHARED), 1);
	assert_int_equal(counts().refchecks - checks, 10);
	assert_int_equal(counts().notifier_starts - starts, !strcmp(profile, "6.12") ? 2 : 10);
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
	assert_true(pte_of(FW_PARENT, FW_SHARED).writable);
	fw_drain();
	assert_page(pfn, pinned ? 2 + 1024 : 3, 1);
	if (pinned)
		fw_unpin(pfn);
	else
		fw_put(pfn);
	assert_int_equal(fw_migrate(FW_SHARED), 0);
}

static void stuck_held(const char *profile)
{
	check_stuck(profile, false);
}

static void stuck_pinned(const char *profile)
{
	check_stuck(profile, true);
}

static void migration_of_held_or_pinned_page_fails_at_count(void **state)
{
	on_all(stuck_held);
	on_all(stuck_pinned);
}

/* E.5, E.7, E.16: pinned for long, for reading or writing; out of where it must not be. */
static void check_longterm(const char *profile)
{
	uint64_t pfn = shared(profile, false), moved;

	assert_false(fw_pinnable(pfn));
	moved = fw_pin(FW_SHARED, false, true);
	assert_true(moved != FW_NO_PFN && moved != pfn && fw_pinnable(moved));
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), moved);
	assert_int_equal(fw_pin(FW_SHARED, true, true), moved);
	/* A write does not replace it. */
	assert_int_equal(fw_write(FW_SHARED, 3), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), moved);
	fw_unpin(moved);
	fw_unpin(moved);
	fw_drain();
	assert_page(moved, 2, 1);
}

static void longterm_pin_moves_shared_page(void **state)
{
	on_all(check_longterm);
}

/* J.3: a pinned page of the cache is isolated, and five migrate_pages() calls fail. */
static void check_cma(const char *profile)
{
	uint64_t pfn = shared(profile, true), calls, cycles;

	assert_int_equal(fw_pin(FW_SHARED, true, false), pfn);
	calls = counts().migrate_calls;
	cycles = counts().unmap_cycles;
	assert_false(fw_cma_alloc());
	assert_int_equal(counts().migrate_calls - calls, 5);
	assert_int_equal(counts().unmap_cycles - cycles,
			 5 * (!strcmp(profile, "6.12") ? 2 : 10));
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
	fw_unpin(pfn);
	assert_true(fw_cma_alloc());
	assert_int_equal(fw_read(FW_SHARED), 7);
	assert_int_not_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
}

static void cma_alloc_tries_pinned_shared_page_five_times(void **state)
{
	on_all(check_cma);
}

/* J.10: unmapped before anybody asks for pins; it stays in the cache, and is found there. */
static void check_pageout(const char *profile)
{
	uint64_t pfn = shared(profile, false);

	assert_int_equal(fw_pin(FW_SHARED, true, false), pfn);
	assert_int_equal(fw_pageout(FW_SHARED, 1), 0);
	assert_int_equal(pte_of(FW_PARENT, FW_SHARED).kind, PROBE_PTE_NONE);
	fw_drain();
	assert_page(pfn, 1 + 1024, 0);
	assert_int_equal(fw_write(FW_SHARED, 8), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_SHARED), pfn);
	fw_unpin(pfn);
}

static void pageout_unmaps_pinned_shared_page(void **state)
{
	on_all(check_pageout);
}

/* J.13: what is moved or unmapped in part stays the file's, page for page. */
static void check_moves(const char *profile)
{
	uint64_t pfn = shared(profile, false);

	assert_int_equal(fw_write(FW_SHARED + 4096, 5), 0);
	assert_int_equal(fw_mremap(FW_SHARED, 2, FW_AT(4 * FW_PAGES)), 0);
	assert_int_equal(fw_read(FW_AT(4 * FW_PAGES)), 7);
	assert_int_equal(fw_pfn(FW_PARENT, FW_AT(4 * FW_PAGES)), pfn);
	assert_int_equal(fw_dontneed(FW_AT(4 * FW_PAGES), 2), 0);
	assert_int_equal(fw_read(FW_AT(4 * FW_PAGES + 1)), 5);
	assert_int_equal(fw_munmap(FW_AT(4 * FW_PAGES), 2), 0);
	fw_drain();
	assert_page(pfn, 1, 0);
	/* M.1: no memory for the cache. */
	fw_fail_next("page_cache");
	assert_int_equal(fw_touch(FW_SHARED + 2 * 4096), -ENOMEM);
	fw_fail_next("page_alloc");
	assert_int_equal(fw_touch(FW_SHARED + 2 * 4096), -ENOMEM);
	fw_fail_next(NULL);
	assert_int_equal(fw_read(FW_SHARED + 2 * 4096), 0);
	fw_exit(FW_PARENT);
	fw_drain();
	assert_true(page_at(pfn).free);
}

static void moved_and_unmapped_stays_in_file(void **state)
{
	on_all(check_moves);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(dontneed_leaves_page_in_cache),
		TEST(fork_shares_the_file),
		TEST(migration_of_held_or_pinned_page_fails_at_count),
		TEST(longterm_pin_moves_shared_page),
		TEST(cma_alloc_tries_pinned_shared_page_five_times),
		TEST(pageout_unmaps_pinned_shared_page),
		TEST(moved_and_unmapped_stays_in_file),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
