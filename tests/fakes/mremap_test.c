/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MADV_DONTNEED, munmap and mremap under references (J.13, K.12), the zero page
 * (A.11, K.13), and what else is v5.17's own: where a page may be pinned (B.12),
 * and when the long-term pin drains (E.17, H-05).
 */
#include <errno.h>

#include "tests/fakes/fork_tests.h"

/* J.13: a window, and the PTE's reference goes; who holds the page has it alone. */
static void check_held(const char *profile, bool pinned, bool munmap)
{
	uint64_t pfn, starts;

	build(profile);
	pfn = settled(FW_ADDR);
	assert_int_equal(pinned ? fw_pin(FW_ADDR, true, false) : fw_get(FW_ADDR), pfn);
	starts = counts().notifier_starts;
	if (munmap) {
		assert_int_equal(fw_munmap(FW_ADDR, 1), 0);
		assert_int_equal(fw_touch(FW_ADDR), -EFAULT);
	} else {
		assert_int_equal(fw_dontneed(FW_ADDR, 1), 0);
		/* K.12: what was written is gone, the page is out of reach. */
		assert_int_equal(fw_read(FW_ADDR), 0);
		assert_int_equal(fw_write(FW_ADDR, 9), 0);
		assert_int_not_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
		assert_page(fw_pfn(FW_PARENT, FW_ADDR), 2, 1);
	}
	/* The zero page, which the read mapped, is replaced in a window too. */
	assert_int_equal(counts().notifier_starts, starts + (munmap ? 1 : 2));
	assert_page(pfn, pinned ? 1024 : 1, 0);
	assert_true(page_at(pfn).dirty);
	if (pinned)
		fw_unpin(pfn);
	else
		fw_put(pfn);
	assert_true(page_at(pfn).free);
}

static void check_all_held(const char *profile)
{
	check_held(profile, false, false);
	check_held(profile, true, false);
	check_held(profile, false, true);
	check_held(profile, true, true);
}

static void unmap_leaves_page_to_who_holds_it(void **state)
{
	on_all(check_all_held);
}

/* J.13: a range with holes: the rest is dropped, and the caller told. */
static void dontneed_over_holes_says_enomem(void **state)
{
	uint64_t a, b;

	build("6.12");
	a = settled(FW_AT(0));
	b = settled(FW_AT(2));
	assert_int_equal(fw_munmap(FW_AT(1), 1), 0);
	assert_int_equal(fw_dontneed(FW_AT(0), 3), -ENOMEM);
	assert_true(page_at(a).free);
	assert_true(page_at(b).free);
	assert_int_equal(fw_dontneed(FW_AT(FW_PAGES), 1), -ENOMEM);
	assert_int_equal(fw_dontneed(FW_AT(0) + 1, 1), -EINVAL);
	assert_int_equal(fw_dontneed(FW_AT(0), 0), 0);
}

/* J.13: entries move with their references; the old range is unmapped, told once. */
static void check_mremap(const char *profile)
{
	uint64_t pfn, starts, to = FW_AT(FW_PAGES + 600);

	build(profile);
	pfn = settled(FW_AT(3));
	settled(FW_AT(2));
	assert_int_equal(fw_pin(FW_AT(3), true, false), pfn);
	starts = counts().notifier_starts;
	assert_int_equal(fw_mremap(FW_AT(3), 2, to), 0);
	/* One for the entries, one for munmap() of what is left of the range. */
	assert_int_equal(counts().notifier_starts, starts + 2);
	assert_page(pfn, 1 + 1024, 1);
	assert_int_equal(fw_pfn(FW_PARENT, to), pfn);
	assert_true(pte_of(FW_PARENT, to).writable);
	assert_false(pte_of(FW_PARENT, FW_AT(3)).has_vma);
	assert_int_equal(fw_touch(FW_AT(3)), -EFAULT);
	assert_int_equal(fw_read(to), 7);
	assert_true(pte_of(FW_PARENT, FW_AT(2)).has_vma);
	fw_unpin(pfn);
	/* The reverse map finds it where it is. */
	assert_int_equal(fw_migrate(to), 0);
	assert_int_not_equal(fw_pfn(FW_PARENT, to), pfn);
	assert_int_equal(fw_read(to), 7);
}

static void mremap_moves_entries_with_their_references(void **state)
{
	on_all(check_mremap);
}

/* What lay at the new place goes first; a range that nobody has moves nowhere. */
static void mremap_replaces_what_is_there(void **state)
{
	uint64_t a, b;

	build("6.12");
	a = settled(FW_AT(0));
	b = settled(FW_AT(5));
	assert_int_equal(fw_mremap(FW_AT(0), 1, FW_AT(5)), 0);
	assert_true(page_at(b).free);
	assert_int_equal(fw_pfn(FW_PARENT, FW_AT(5)), a);
	assert_int_equal(fw_mremap(FW_AT(0), 1, FW_AT(6)), -EFAULT);
	assert_int_equal(fw_mremap(FW_AT(5), FW_PAGES, FW_AT(100)), -EFAULT);
	assert_int_equal(fw_mremap(FW_AT(5), 2, FW_AT(6)), -EINVAL);
	assert_int_equal(fw_mremap(FW_AT(5), 0, FW_AT(9)), -EINVAL);
	assert_int_equal(fw_pfn(FW_PARENT, FW_AT(5)), a);
}

/* Whichever allocation fails, the pages are where they were. */
static void mremap_without_memory_undone(void **state)
{
	unsigned int nth, pages;

	for (pages = 0; pages < 2; pages++) {
		for (nth = 1;; nth++) {
			uint64_t pfn;
			int ret;

			build("6.12");
			pfn = settled(FW_AT(0));
			fw_fail(pages, nth);
			ret = fw_mremap(FW_AT(0), FW_PAGES, FW_AT(0x1000000));
			fw_fail(pages, 0);
			if (!ret)
				break;
			assert_int_equal(ret, -ENOMEM);
			assert_int_equal(fw_pfn(FW_PARENT, FW_AT(0)), pfn);
			assert_int_equal(fw_read(FW_AT(0)), 7);
			assert_page(pfn, 1, 1);
		}
		/* The VMA and its link; two tables of the new place. */
		assert_int_equal(nth - 1, 2);
	}
}

/* A.11, H-24: a pin of the zero page is a pin in 5.17, and nothing later. */
static void check_zero(const char *profile)
{
	uint64_t zero, got, pinned;

	build(profile);
	zero = fw_zero_pfn();
	assert_int_equal(fw_touch(FW_ADDR), 0);
	pinned = fw_pin(FW_ADDR, false, false);
	assert_int_equal(pinned, zero);
	assert_int_equal(page_at(zero).refcount, is_5_17(profile) ? 1025 : 1);
	/* Long-term: 6.12 makes a page of its own of it (E.7), the others do not (E.8). */
	got = fw_pin(FW_ADDR, false, true);
	if (profile[2] == '1' && profile[3] == '2') {
		assert_int_not_equal(got, zero);
		assert_true(page_at(got).exclusive);
	} else {
		assert_int_equal(got, zero);
		assert_int_equal(page_at(zero).refcount, is_5_17(profile) ? 2049 : 1);
	}
	fw_unpin(got);
	fw_unpin(pinned);
	assert_int_equal(page_at(zero).refcount, 1);
}

static void pin_of_zero_page_counts_in_5_17(void **state)
{
	on_all(check_zero);
}

/* B.12, R-06b: 5.17 does not ask whether the block is isolated. */
static void check_isolate(const char *profile)
{
	uint64_t pfn;

	build_at(profile, true);
	assert_int_equal(fw_write(FW_ADDR, 7), 0);
	pfn = fw_pfn(FW_PARENT, FW_ADDR);
	assert_false(fw_pinnable(pfn));
	fw_isolate_block(pfn);
	assert_int_equal(fw_pinnable(pfn), is_5_17(profile));
}

static void pinnable_in_isolated_block_in_5_17(void **state)
{
	on_all(check_isolate);
}

/* E.17: a page in this CPU's batch. 5.17 drains all CPUs for it, and that is it. */
static void check_batched(const char *profile)
{
	struct probe_mm_counts before;
	uint64_t pfn;

	build_at(profile, true);
	assert_int_equal(fw_write(FW_ADDR, 7), 0);
	before = counts();
	pfn = fw_pin(FW_ADDR, true, true);
	assert_int_not_equal(pfn, FW_NO_PFN);
	assert_false(page_at(pfn).cma);
	assert_int_equal(counts().drains_all, before.drains_all + (profile[3] != '2'));
	fw_unpin(pfn);
}

static void longterm_pin_drains_for_page_off_the_lru(void **state)
{
	on_all(check_batched);
}

/*
 * H-05: on the LRU and in a batch all the same, that which makes pages active
 * (C.6): 5.17 does not drain for it, and cannot move the page. (Under MGLRU,
 * which is 6.12's, nothing is in such a batch.)
 */
static void check_active(const char *profile)
{
	uint64_t pfn, got;

	build_at(profile, true);
	pfn = settled(FW_ADDR);
	fw_accessed(pfn);
	fw_accessed(pfn);
	assert_int_equal(page_at(pfn).refcount, profile[3] == '2' ? 1 : 2);
	got = fw_pin(FW_ADDR, true, true);
	if (is_5_17(profile)) {
		assert_int_equal(got, FW_NO_PFN);
		assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	} else {
		assert_int_not_equal(got, FW_NO_PFN);
		assert_false(page_at(got).cma);
		fw_unpin(got);
	}
}

static void longterm_pin_in_5_17_fails_on_activated_page(void **state)
{
	on_all(check_active);
}

/* D.9, D.8 step 9: v5.17 forgets that a page was accessed, and adds it to the LRU last. */
static void migrate_in_5_17_ends_in_a_batch(void **state)
{
	uint64_t pfn, moved;

	build("5.17");
	pfn = settled(FW_ADDR);
	assert_int_equal(fw_migrate(FW_ADDR), 0);
	moved = fw_pfn(FW_PARENT, FW_ADDR);
	assert_int_not_equal(moved, pfn);
	assert_page(moved, 2, 1);
	assert_false(page_at(moved).lru);
	assert_false(pte_of(FW_PARENT, FW_ADDR).dirty);
	assert_true(page_at(moved).dirty);
	assert_true(pte_of(FW_PARENT, FW_ADDR).writable);
}

/* D.7, 0.2: nothing keeps a pinned page from being unmapped; the count does, ten times. */
static void migrate_pinned_page_in_5_17_unmaps_it_ten_times(void **state)
{
	struct probe_mm_counts before, after;
	uint64_t pfn;

	build("5.17");
	pfn = settled(FW_ADDR);
	assert_int_equal(fw_pin(FW_ADDR, true, false), pfn);
	before = counts();
	assert_int_equal(fw_migrate(FW_ADDR), 1);
	after = counts();
	assert_int_equal(after.refchecks - before.refchecks, 10);
	assert_int_equal(after.notifier_starts - before.notifier_starts, 10);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_true(pte_of(FW_PARENT, FW_ADDR).writable);
	fw_unpin(pfn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unmap_leaves_page_to_who_holds_it),
		TEST(dontneed_over_holes_says_enomem),
		TEST(mremap_moves_entries_with_their_references),
		TEST(mremap_replaces_what_is_there),
		TEST(mremap_without_memory_undone),
		TEST(pin_of_zero_page_counts_in_5_17),
		TEST(pinnable_in_isolated_block_in_5_17),
		TEST(longterm_pin_drains_for_page_off_the_lru),
		TEST(longterm_pin_in_5_17_fails_on_activated_page),
		TEST(migrate_in_5_17_ends_in_a_batch),
		TEST(migrate_pinned_page_in_5_17_unmaps_it_ten_times),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
