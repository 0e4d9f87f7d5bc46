/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory offline: J.5, and of K.11 and K.28 what is about it; B.13; and what a
 * block that is being emptied is for others.
 */
#include <errno.h>

#include "tests/fakes/gup_tests.h"
#include "tests/fakes/offline_world.h"

static const char *const profiles[] = { "5.17", "6.1", "6.12" };

static bool isolated(uint64_t pfn)
{
	struct probe_page p;

	return probe_page(pfn, &p) && p.isolate;
}

/* J.5: all of it has moved, none of it is ever given out again. */
static void offline_empties_the_block_for_good(void **state)
{
	uint64_t pfn[3];
	unsigned int i;

	build("6.12", BUILD_ZONE_MOVABLE);
	for (i = 0; i < 3; i++) {
		pfn[i] = gw_write(GW_AT(i));
		gw_set_contents(pfn[i], 70 + i);
	}
	assert_int_equal(ow_offline(pfn[0]), 0);
	for (i = 0; i < 3; i++) {
		assert_true(is_free(pfn[i]));
		assert_true(isolated(pfn[i]));
		assert_int_not_equal(gw_pfn(GW_AT(i)) / OW_BLOCK_PAGES,
				     pfn[0] / OW_BLOCK_PAGES);
		assert_int_equal(gw_contents(gw_pfn(GW_AT(i))), 70 + i);
	}
	assert_false(ow_batches_off());
	assert_int_equal(gw_isolated(), 0);
	assert_false(ow_allocate_all(pfn[0]));
	/* Whoever wants it once more finds it isolated. */
	assert_int_equal(ow_offline(pfn[0]), -EBUSY);
}

static void offline_by_address_takes_the_block_of_its_page(void **state)
{
	uint64_t pfn;

	build("6.1", BUILD_ZONE_MOVABLE);
	assert_int_equal(ow_offline_at(GW_ADDR), -EINVAL);
	pfn = gw_write(GW_ADDR);
	assert_int_equal(ow_offline_at(GW_ADDR), 0);
	assert_true(isolated(pfn));
	assert_int_equal(ow_offline_at(GW_AT(5000)), -EINVAL);
}

/* J.5: batches are drained before blocks are isolated, unlike J.2's. */
static void offline_of_normal_drains_batches_first(void **state)
{
	uint64_t pfn;

	build("6.12", BUILD_ZONE_NORMAL);
	pfn = gw_write(GW_ADDR);
	assert_page(pfn, 2, 1, false);
	assert_int_equal(ow_offline(pfn), 0);
	assert_int_not_equal(gw_pfn(GW_ADDR), pfn);
}

/* So many rounds, then a signal; how often the page was unmapped and looked at. */
static void rounds(const char *profile, bool pin, unsigned int nr, unsigned int unmaps,
		   unsigned int checks)
{
	uint64_t pfn = settled_page(profile, BUILD_ZONE_MOVABLE), got;

	assert_int_equal(gw_gup(pin ? GW_PIN_FAST : GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	ow_signal_after(nr);
	assert_int_equal(ow_offline(pfn), -EINTR);
	assert_int_equal(counts().migrate_calls, nr);
	assert_int_equal(counts().notifier_starts, nr * unmaps);
	assert_int_equal(counts().refchecks, nr * checks);

	/* As if nothing had been: mapped, on the LRU at once, the block usable. */
	assert_int_equal(gw_pfn(GW_ADDR), pfn);
	assert_page(pfn, pin ? 1025 : 2, 1, true);
	assert_false(isolated(pfn));
	assert_false(ow_batches_off());
	assert_int_equal(gw_isolated(), 0);

	/* K.11: it ends with the reference. */
	gw_kill(false);
	if (pin)
		gw_unpin(pfn);
	else
		gw_put(pfn);
	assert_int_equal(ow_offline(pfn), 0);
	assert_int_not_equal(gw_pfn(GW_ADDR), pfn);
}

/* J.5, K.11, K.28: no try is the last one, and each is as D.7 has it. */
static void offline_over_a_held_page_goes_on_until_a_signal(void **state)
{
	rounds("5.17", false, 3, 10, 10);
	rounds("6.1", false, 1, 10, 10);
	rounds("6.1", false, 4, 10, 10);
	rounds("6.12", false, 4, 2, 10);
}

/* D.7: an exclusive page that is pinned does not come to the check. */
static void offline_over_a_pinned_page_goes_on_until_a_signal(void **state)
{
	rounds("5.17", true, 2, 10, 10);
	rounds("6.1", true, 2, 10, 0);
	rounds("6.12", true, 2, 10, 0);
}

/* J.5: any signal, not only one that kills; and only who asks for one ends. */
static void offline_ends_by_any_signal_others_by_sigkill(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_MOVABLE), got;

	ow_signal(false);
	assert_int_equal(ow_offline(pfn), -EINTR);
	assert_int_equal(counts().migrate_calls, 0);
	assert_int_equal(gw_gup(GW_PIN_UNLOCKED, GW_ADDR, 1, LONGTERM, &got), 1);
	gw_unpin(got);
	ow_signal(true);
	assert_int_equal(gw_gup(GW_PIN_UNLOCKED, GW_ADDR, 1, LONGTERM, &got), -EINTR);
	/* What was once fatal stays so. */
	ow_signal(false);
	assert_int_equal(gw_gup(GW_PIN_UNLOCKED, GW_ADDR, 1, LONGTERM, &got), -EINTR);
}

/* J.5, J.2: what can never move is found at once, and nothing is changed. */
static void offline_of_what_cannot_move_is_busy(void **state)
{
	uint64_t pfn;

	build("6.12", BUILD_ZONE_CMA);
	pfn = gw_write(GW_ADDR);
	/* A CMA block is CMA's own; frame 0 is reserved. */
	assert_int_equal(ow_offline(pfn), -EBUSY);
	assert_true(in_cma(pfn));
	assert_int_equal(ow_offline(0), -EBUSY);
	assert_false(isolated(0));
	assert_int_equal(counts().migrate_calls, 0);
	assert_false(ow_batches_off());
}

static void offline_of_an_isolated_block_is_busy(void **state)
{
	uint64_t pfn = settled_page("6.1", BUILD_ZONE_MOVABLE);
	uint64_t second = (pfn / OW_BLOCK_PAGES + 1) * OW_BLOCK_PAGES - 1;

	assert_true(ow_isolate(second));
	assert_int_equal(ow_offline(pfn), -EBUSY);
	/* The first pageblock, which was isolated already, is so no more. */
	assert_false(isolated(pfn));
	assert_true(isolated(second));
	ow_undo_isolate(second);
	assert_int_equal(ow_offline(pfn), 0);
}

/* M.4 */
static void offline_of_no_memory_block_is_invalid(void **state)
{
	uint64_t end;

	build("6.12", BUILD_ZONE_MOVABLE);
	end = probe_nr_pages();
	assert_int_equal(ow_offline_range(end - OW_BLOCK_PAGES, 2 * OW_BLOCK_PAGES), -EINVAL);
	/* Half in ZONE_NORMAL. */
	assert_int_equal(ow_offline_range(end / 2 - OW_BLOCK_PAGES, 2 * OW_BLOCK_PAGES), -EINVAL);
}

/*
 * B.13, B.12: while a block is isolated its pages cannot be pinned for long: GUP
 * moves them out. 5.17 takes such a block for any other. What it has moved is a
 * page in a block that may be isolated later (K.31).
 */
static void isolated_block_is_unpinnable_but_for_517(void **state)
{
	uint64_t pfn, got;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		pfn = settled_page(profiles[i], BUILD_ZONE_NORMAL);
		assert_true(ow_isolate(pfn));
		assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
		if (i)
			assert_int_not_equal(got, pfn);
		else
			assert_int_equal(got, pfn);
		assert_int_equal(gw_pfn(GW_ADDR), got);
		/* A short-term pin is not asked where it is. */
		gw_unpin(got);
		ow_undo_isolate(pfn);
	}
}

/* K.31: what was pinned before blocks the offline, wherever it is. */
static void pinned_before_blocks_the_offline_of_its_block(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_NORMAL), got;

	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
	assert_int_equal(got, pfn);
	ow_signal_after(2);
	assert_int_equal(ow_offline(pfn), -EINTR);
	assert_int_equal(gw_pfn(GW_ADDR), pfn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(offline_empties_the_block_for_good),
		TEST(offline_by_address_takes_the_block_of_its_page),
		TEST(offline_of_normal_drains_batches_first),
		TEST(offline_over_a_held_page_goes_on_until_a_signal),
		TEST(offline_over_a_pinned_page_goes_on_until_a_signal),
		TEST(offline_ends_by_any_signal_others_by_sigkill),
		TEST(offline_of_what_cannot_move_is_busy),
		TEST(offline_of_an_isolated_block_is_busy),
		TEST(offline_of_no_memory_block_is_invalid),
		TEST(isolated_block_is_unpinnable_but_for_517),
		TEST(pinned_before_blocks_the_offline_of_its_block),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
