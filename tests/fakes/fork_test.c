/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fork() and the write faults that follow: J.11, J.12, A.21, K.10, K.26, E.7,
 * E.12, E.13 and section 0, at all three profiles.
 */
#include <errno.h>
#include <string.h>

#include "tests/fakes/fork_tests.h"

static uint64_t forked(const char *profile)
{
	uint64_t pfn;

	build(profile);
	pfn = settled(FW_ADDR);
	assert_int_equal(fw_fork(), 0);
	return pfn;
}

/* J.11: one page, mapped twice, read-only and nobody's own (A.21). */
static void check_sharing(const char *profile)
{
	uint64_t pfn, starts;

	build(profile);
	pfn = settled(FW_ADDR);
	assert_int_equal(page_at(pfn).exclusive, !is_5_17(profile));
	starts = counts().notifier_starts;
	assert_int_equal(fw_fork(), 0);
	assert_int_equal(counts().notifier_starts, starts + 1);
	assert_page(pfn, 2, 2);
	assert_false(page_at(pfn).exclusive);
	assert_int_equal(fw_pfn(FW_CHILD, FW_ADDR), pfn);
	assert_false(pte_of(FW_PARENT, FW_ADDR).writable);
	assert_false(pte_of(FW_CHILD, FW_ADDR).writable);
	/* Only what was there. */
	assert_int_equal(pte_of(FW_CHILD, FW_AT(1)).kind, PROBE_PTE_NONE);
	fw_as(FW_CHILD);
	assert_int_equal(fw_read(FW_ADDR), 7);
	assert_int_equal(fw_write(FW_AT(1), 3), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_AT(1)), FW_NO_PFN);
}

static void fork_shares_what_nobody_pins(void **state)
{
	on_all(check_sharing);
}

/* J.12: the writer gets a copy, the other one keeps page and contents. */
static void check_copy(const char *profile, enum fw_process writer)
{
	uint64_t pfn = forked(profile), starts = counts().notifier_starts, copy;
	enum fw_process other = FW_PARENT + FW_CHILD - writer;

	fw_as(writer);
	assert_int_equal(fw_write(FW_ADDR, 9), 0);
	assert_int_equal(counts().notifier_starts, starts + 1);
	copy = fw_pfn(writer, FW_ADDR);
	assert_int_not_equal(copy, pfn);
	assert_page(copy, 2, 1);
	assert_int_equal(page_at(copy).exclusive, !is_5_17(profile));
	assert_page(pfn, 1, 1);
	assert_int_equal(fw_pfn(other, FW_ADDR), pfn);
	fw_as(other);
	assert_int_equal(fw_read(FW_ADDR), 7);
	/* And now it is alone again: reused, without a word to notifiers. */
	assert_int_equal(fw_write(FW_ADDR, 5), 0);
	assert_int_equal(fw_pfn(other, FW_ADDR), pfn);
	assert_int_equal(page_at(pfn).exclusive, !is_5_17(profile));
	assert_int_equal(counts().notifier_starts, starts + 1);
	fw_as(writer);
	assert_int_equal(fw_read(FW_ADDR), 9);
}

static void parent_writes_first(const char *profile)
{
	check_copy(profile, FW_PARENT);
}

static void child_writes_first(const char *profile)
{
	check_copy(profile, FW_CHILD);
}

static void cow_first_writer_copies_second_reuses(void **state)
{
	on_all(parent_writes_first);
	on_all(child_writes_first);
}

/* K.26: a pinned page stays the parent's; the child has a copy from the start. */
static void check_pinned(const char *profile)
{
	uint64_t pfn, copy;

	build(profile);
	pfn = settled(FW_ADDR);
	assert_int_equal(fw_pin(FW_ADDR, true, false), pfn);
	assert_int_equal(fw_fork(), 0);
	assert_page(pfn, 1 + 1024, 1);
	assert_true(pte_of(FW_PARENT, FW_ADDR).writable);
	assert_int_equal(page_at(pfn).exclusive, !is_5_17(profile));
	copy = fw_pfn(FW_CHILD, FW_ADDR);
	assert_int_not_equal(copy, pfn);
	assert_page(copy, 2, 1);
	assert_true(pte_of(FW_CHILD, FW_ADDR).writable);
	assert_int_equal(fw_write(FW_ADDR, 9), 0);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	fw_as(FW_CHILD);
	assert_int_equal(fw_read(FW_ADDR), 7);
	assert_int_equal(fw_write(FW_ADDR, 4), 0);
	assert_int_equal(fw_pfn(FW_CHILD, FW_ADDR), copy);
	fw_unpin(pfn);
}

static void fork_copies_pinned_page_for_child(void **state)
{
	on_all(check_pinned);
}

/* K.10, K.26: a plain reference is no pin: the parent moves, whoever writes first. */
static void check_plain(const char *profile, bool child_first)
{
	uint64_t pfn;

	build(profile);
	pfn = settled(FW_ADDR);
	assert_int_equal(fw_get(FW_ADDR), pfn);
	assert_int_equal(fw_fork(), 0);
	assert_page(pfn, 3, 2);
	if (child_first) {
		fw_as(FW_CHILD);
		assert_int_equal(fw_write(FW_ADDR, 4), 0);
		fw_as(FW_PARENT);
	}
	assert_int_equal(fw_write(FW_ADDR, 9), 0);
	assert_int_not_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_page(pfn, child_first ? 1 : 2, child_first ? 0 : 1);
	fw_put(pfn);
}

static void plain_parent_first(const char *profile)
{
	check_plain(profile, false);
}

static void plain_child_first(const char *profile)
{
	check_plain(profile, true);
}

static void fork_with_plain_reference_parent_loses_its_page(void **state)
{
	on_all(plain_parent_first);
	on_all(plain_child_first);
}

/* K.26: the child unmapped it, dropped it or exited before the parent wrote. */
static void check_child_gone(const char *profile)
{
	unsigned int how;

	for (how = 0; how < 3; how++) {
		uint64_t pfn = forked(profile);

		fw_as(FW_CHILD);
		if (how == 0)
			assert_int_equal(fw_munmap(FW_ADDR, 1), 0);
		else if (how == 1)
			assert_int_equal(fw_dontneed(FW_ADDR, 1), 0);
		else
			fw_exit(FW_CHILD);
		fw_as(FW_PARENT);
		assert_page(pfn, 1, 1);
		assert_int_equal(fw_write(FW_ADDR, 9), 0);
		assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
		assert_true(pte_of(FW_PARENT, FW_ADDR).writable);
	}
}

static void cow_child_gone_parent_reuses(void **state)
{
	on_all(check_child_gone);
}

/* J.12, 0.2: a batch's reference: 5.17 copies, the others drain and reuse. */
static void check_batched(const char *profile)
{
	uint64_t pfn;

	build(profile);
	assert_int_equal(fw_write(FW_ADDR, 7), 0);
	pfn = fw_pfn(FW_PARENT, FW_ADDR);
	assert_int_equal(fw_fork(), 0);
	assert_page(pfn, 3, 2);
	fw_exit(FW_CHILD);
	assert_int_equal(fw_write(FW_ADDR, 9), 0);
	if (is_5_17(profile))
		assert_int_not_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	else
		assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
}

static void cow_page_in_batch_is_drained_from_6_1(void **state)
{
	on_all(check_batched);
}

/* J.12: the old page's reference goes before or after the notifier's end. */
static void cow_old_page_freed_once(void **state)
{
	static const char *const profiles[] = { "5.17", "6.1", "6.12" };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		uint64_t pfn = forked(profiles[i]);

		assert_int_equal(fw_write(FW_ADDR, 9), 0);
		fw_exit(FW_CHILD);
		assert_true(page_at(pfn).free);
	}
}

/*
 * E.7, H-12: a pin for reading of a shared page. From 6.1 on the page is made
 * the pinner's own first; 5.17 pins what is there, and the next write leaves it.
 */
static void check_pin_of_shared(const char *profile)
{
	uint64_t pfn = forked(profile), pinned;

	pinned = fw_pin(FW_ADDR, false, false);
	assert_int_not_equal(pinned, FW_NO_PFN);
	if (is_5_17(profile)) {
		assert_int_equal(pinned, pfn);
		assert_page(pfn, 2 + 1024, 2);
		assert_int_equal(fw_write(FW_ADDR, 9), 0);
		assert_int_not_equal(fw_pfn(FW_PARENT, FW_ADDR), pinned);
	} else {
		assert_int_not_equal(pinned, pfn);
		assert_true(page_at(pinned).exclusive);
		assert_false(pte_of(FW_PARENT, FW_ADDR).writable);
		assert_int_equal(fw_write(FW_ADDR, 9), 0);
		assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pinned);
	}
	fw_unpin(pinned);
}

static void pin_for_reading_of_shared_page_unshares_from_6_1(void **state)
{
	on_all(check_pin_of_shared);
}

/* A pin for writing breaks the sharing by itself, and only for the pinner. */
static void check_pin_for_writing(const char *profile)
{
	uint64_t pfn = forked(profile), pinned;

	pinned = fw_pin(FW_ADDR, true, false);
	assert_int_not_equal(pinned, pfn);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pinned);
	assert_page(pfn, 1, 1);
	fw_as(FW_CHILD);
	assert_int_equal(fw_read(FW_ADDR), 7);
	fw_unpin(pinned);
}

static void pin_for_writing_of_shared_page_copies(void **state)
{
	on_all(check_pin_for_writing);
}

/* How many locks were taken since this was asked last. */
static unsigned int locks_taken(void)
{
	const struct sim_record *rec;
	unsigned int found = 0;
	size_t i, n;

	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++)
		found += rec[i].verb == SIM_LOCK;
	return found;
}

/* E.13: while a fork is under way a pin takes the slow path; a reference does not. */
static void check_fast_pin(const char *profile)
{
	uint64_t pfn;

	build(profile);
	pfn = settled(FW_ADDR);
	sim_pulse_subscribe(COMPLAINTS | 1ULL << SIM_LOCK);
	locks_taken();
	fw_forking(true);
	assert_int_equal(fw_pin(FW_ADDR, true, false), pfn);
	assert_true(locks_taken() > 0);
	assert_int_equal(fw_get(FW_ADDR), pfn);
	assert_int_equal(locks_taken(), 0);
	fw_put(pfn);
	fw_unpin(pfn);
	fw_forking(false);
	assert_int_equal(fw_pin(FW_ADDR, true, false), pfn);
	assert_int_equal(locks_taken(), 0);
	fw_unpin(pfn);
}

static void gup_fast_leaves_pins_to_slow_path_while_forking(void **state)
{
	on_all(check_fast_pin);
}

/* E.12: that it ever pinned is not inherited: a grandchild would be shared with. */
static void check_has_pinned(const char *profile)
{
	uint64_t pfn;

	build(profile);
	pfn = settled(FW_ADDR);
	/* 1024 plain references read as a pin (A.10), but nobody here ever pinned. */
	for (unsigned int i = 0; i < 1024; i++)
		assert_int_equal(fw_get(FW_ADDR), pfn);
	assert_int_equal(fw_fork(), 0);
	assert_int_equal(fw_pfn(FW_CHILD, FW_ADDR), pfn);
	for (unsigned int i = 0; i < 1024; i++)
		fw_put(pfn);
}

static void fork_without_a_pin_ever_never_copies(void **state)
{
	on_all(check_has_pinned);
}

/* J.11: MADV_DONTFORK, and a VMA that never had a page, which nobody is told of. */
static void check_not_copied(const char *profile)
{
	uint64_t starts;

	build(profile);
	settled(FW_AT(1));
	assert_int_equal(fw_dontfork(FW_AT(1), 1, false), 0);
	assert_int_equal(fw_fork(), 0);
	assert_false(pte_of(FW_CHILD, FW_AT(1)).has_vma);
	assert_true(pte_of(FW_CHILD, FW_AT(0)).has_vma);
	assert_true(pte_of(FW_CHILD, FW_AT(2)).has_vma);
	fw_as(FW_CHILD);
	assert_int_equal(fw_touch(FW_AT(1)), -EFAULT);

	build(profile);
	assert_int_equal(fw_touch(FW_ADDR), 0);
	starts = counts().notifier_starts;
	assert_int_equal(fw_fork(), 0);
	assert_int_equal(counts().notifier_starts, starts);
	assert_int_equal(pte_of(FW_CHILD, FW_ADDR).kind, PROBE_PTE_NONE);

	build(profile);
	assert_int_equal(fw_touch(FW_ADDR), 0);
	settled(FW_AT(1));
	assert_int_equal(fw_dontfork(FW_AT(1), 2, false), 0);
	assert_int_equal(fw_dontfork(FW_AT(1), 2, true), 0);
	assert_int_equal(fw_fork(), 0);
	/* The zero page is mapped without a reference (K.13). */
	assert_int_equal(fw_pfn(FW_CHILD, FW_ADDR), fw_zero_pfn());
	assert_int_equal(page_at(fw_zero_pfn()).refcount, 1);
	assert_int_equal(page_at(fw_pfn(FW_CHILD, FW_AT(1))).mapcount, 2);
}

static void fork_leaves_out_dontfork_and_empty_mappings(void **state)
{
	on_all(check_not_copied);
}

/* J.11: whichever allocation fails, fork says -ENOMEM and leaves nothing behind. */
static unsigned int fail_each(const char *profile, bool pages)
{
	unsigned int nth;
	uint64_t pfn, before;
	int ret;

	for (nth = 1;; nth++) {
		build(profile);
		settled(FW_AT(1));
		pfn = settled(FW_ADDR);
		assert_int_equal(fw_pin(FW_ADDR, true, false), pfn);
		before = counts().free_pages;
		fw_fail(pages, nth);
		ret = fw_fork();
		fw_fail(pages, 0);
		if (!ret)
			break;
		assert_int_equal(ret, -ENOMEM);
		assert_int_equal(counts().free_pages, before);
		assert_page(pfn, 1 + 1024, 1);
		assert_int_equal(page_at(fw_pfn(FW_PARENT, FW_AT(1))).mapcount, 1);
		/* And the parent goes on as if nothing had been. */
		assert_int_equal(fw_write(FW_AT(1), 2), 0);
		assert_int_equal(fw_write(FW_ADDR, 2), 0);
		assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
		fw_unpin(pfn);
		fw_exit(FW_PARENT);
		assert_true(page_at(pfn).free);
	}
	fw_unpin(pfn);
	return nth - 1;
}

static void check_failures(const char *profile)
{
	/* The VMA, two links and the anon_vma; three tables, and a page to copy to. */
	assert_int_equal(fail_each(profile, false), 4);
	assert_int_equal(fail_each(profile, true), 4);
}

static void fork_without_memory_undone(void **state)
{
	on_all(check_failures);
}

/*
 * D.9: a shared page is unmapped and mapped again in both, a window each, and
 * is nobody's own afterwards either (D.19).
 */
static void check_migration(const char *profile)
{
	uint64_t pfn = forked(profile), starts = counts().notifier_starts, moved;

	assert_int_equal(fw_migrate(FW_ADDR), 0);
	moved = fw_pfn(FW_PARENT, FW_ADDR);
	assert_int_not_equal(moved, pfn);
	assert_int_equal(fw_pfn(FW_CHILD, FW_ADDR), moved);
	assert_int_equal(counts().notifier_starts, starts + 2);
	fw_drain();
	assert_page(moved, 2, 2);
	assert_false(page_at(moved).exclusive);
	assert_true(page_at(pfn).free);
	assert_false(pte_of(FW_PARENT, FW_ADDR).writable);
}

static void migrate_shared_page_moves_both_mappings(void **state)
{
	on_all(check_migration);
}

/*
 * What a child made is looked for in the child alone. What it has from its parent
 * is looked for there first, until it is mapped nowhere: a window each.
 */
static void check_rmap(const char *profile, enum fw_process writer)
{
	uint64_t pfn = forked(profile), starts;
	enum fw_process other = FW_PARENT + FW_CHILD - writer;

	fw_as(writer);
	assert_int_equal(fw_write(FW_ADDR, 9), 0);
	fw_drain();
	starts = counts().notifier_starts;
	assert_int_equal(fw_migrate(FW_ADDR), 0);
	assert_int_equal(counts().notifier_starts, starts + 1);
	assert_int_equal(fw_read(FW_ADDR), 9);
	fw_as(other);
	assert_int_equal(fw_migrate(FW_ADDR), 0);
	assert_int_equal(counts().notifier_starts, starts + (other == FW_CHILD ? 3 : 2));
	assert_int_not_equal(fw_pfn(other, FW_ADDR), pfn);
	assert_int_equal(fw_read(FW_ADDR), 7);
}

static void rmap_of_childs_page(const char *profile)
{
	check_rmap(profile, FW_CHILD);
}

static void rmap_of_parents_page(const char *profile)
{
	check_rmap(profile, FW_PARENT);
}

static void migrate_walks_the_family_of_the_page(void **state)
{
	on_all(rmap_of_childs_page);
	on_all(rmap_of_parents_page);
}

/* The parent goes first: its pages live on in the child, and can still move. */
static void check_orphan(const char *profile)
{
	uint64_t pfn = forked(profile), moved;

	fw_exit(FW_PARENT);
	assert_page(pfn, 1, 1);
	fw_as(FW_CHILD);
	assert_int_equal(fw_migrate(FW_ADDR), 0);
	moved = fw_pfn(FW_CHILD, FW_ADDR);
	assert_int_not_equal(moved, pfn);
	assert_int_equal(fw_write(FW_ADDR, 9), 0);
	fw_exit(FW_CHILD);
	fw_drain();
	assert_true(page_at(moved).free);
}

static void child_outlives_parent(void **state)
{
	on_all(check_orphan);
}

/*
 * D.10: whether a page that is not one process's own may be pinned is not asked
 * when it is unmapped; its count says so afterwards, and it is mapped again.
 */
static void check_shared_stays(const char *profile)
{
	unsigned int i, cycles = !strcmp(profile, "6.12") ? 2 : 10;
	uint64_t pfn;

	build(profile);
	pfn = settled(FW_ADDR);
	/* As many as a pin counts for; that nobody pinned fork() knows better. */
	for (i = 0; i < 1024; i++)
		assert_int_equal(fw_get(FW_ADDR), pfn);
	assert_int_equal(fw_fork(), 0);
	assert_int_equal(fw_pfn(FW_CHILD, FW_ADDR), pfn);
	assert_int_equal(fw_migrate(FW_ADDR), 1);
	assert_int_equal(counts().refchecks, 10);
	assert_int_equal(counts().unmap_cycles, cycles);
	assert_int_equal(fw_pfn(FW_PARENT, FW_ADDR), pfn);
	assert_int_equal(fw_pfn(FW_CHILD, FW_ADDR), pfn);
	for (i = 0; i < 1024; i++)
		fw_put(pfn);
	assert_int_equal(fw_migrate(FW_ADDR), 0);
}

static void migrate_shared_page_is_judged_by_its_count(void **state)
{
	on_all(check_shared_stays);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(migrate_shared_page_is_judged_by_its_count),
		TEST(fork_shares_what_nobody_pins),
		TEST(cow_first_writer_copies_second_reuses),
		TEST(fork_copies_pinned_page_for_child),
		TEST(fork_with_plain_reference_parent_loses_its_page),
		TEST(cow_child_gone_parent_reuses),
		TEST(cow_page_in_batch_is_drained_from_6_1),
		TEST(cow_old_page_freed_once),
		TEST(pin_for_reading_of_shared_page_unshares_from_6_1),
		TEST(pin_for_writing_of_shared_page_copies),
		TEST(gup_fast_leaves_pins_to_slow_path_while_forking),
		TEST(fork_without_a_pin_ever_never_copies),
		TEST(fork_leaves_out_dontfork_and_empty_mappings),
		TEST(fork_without_memory_undone),
		TEST(migrate_shared_page_moves_both_mappings),
		TEST(migrate_walks_the_family_of_the_page),
		TEST(child_outlives_parent),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
