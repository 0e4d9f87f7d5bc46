/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GUP by itself: the contract's ledgers (K.3, K.5-K.8), its return values (E.2,
 * E.3, E.10-E.20) and what is left behind.
 */
#include <errno.h>

#include "sim/engine/fault.h"
#include "tests/fakes/gup_tests.h"

/* --- K.1-K.3 --- */

static void gup_fresh_write_fault_is_in_lru_batch(void **state)
{
	uint64_t pfn;

	build("6.12", BUILD_ZONE_CMA);
	pfn = gw_write(GW_ADDR);
	assert_page(pfn, 2, 1, false);
	gw_drain();
	assert_page(pfn, 1, 1, true);
}

static void gup_get_then_pin_counts_1_and_1024(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_NORMAL), got;

	assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	assert_int_equal(got, pfn);
	assert_page(pfn, 2, 1, true);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	assert_page(pfn, 1026, 1, true);
	gw_unpin(pfn);
	assert_page(pfn, 2, 1, true);
	gw_put(pfn);
	assert_page(pfn, 1, 1, true);
}

/* --- K.5: a foreign reference, then a long-term pin --- */

static void late_pin(const char *profile, enum build_zone place, struct probe_mm_counts *ret)
{
	uint64_t pfn = settled_page(profile, place), got;
	struct probe_mm_counts before;
	struct probe_pte pte;

	gw_set_contents(pfn, 0x1234);
	assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	before = counts();
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), -ENOMEM);
	*ret = counts();
	ret->refchecks -= before.refchecks;
	ret->unmap_cycles -= before.unmap_cycles;
	ret->migrate_targets -= before.migrate_targets;
	ret->notifier_starts -= before.notifier_starts;
	ret->drains -= before.drains;
	ret->drains_all -= before.drains_all;

	assert_page(pfn, 3, 1, false);
	assert_true(probe_pte(0, GW_ADDR, &pte));
	assert_int_equal(pte.kind, PROBE_PTE_PRESENT);
	assert_int_equal(pte.pfn, pfn);
	assert_true(pte.writable);
	assert_int_equal(gw_contents(pfn), 0x1234);
	gw_drain();
	assert_page(pfn, 2, 1, true);
	gw_put(pfn);
	assert_page(pfn, 1, 1, true);
}

static void check_late_pin(const char *profile, enum build_zone place, unsigned int cycles)
{
	struct probe_mm_counts c;

	late_pin(profile, place, &c);
	assert_int_equal(c.refchecks, 10);
	assert_int_equal(c.unmap_cycles, cycles);
	assert_int_equal(c.migrate_targets, cycles);
	assert_int_equal(c.notifier_starts, cycles);
	assert_int_equal(c.migrate_calls, 1);
	assert_int_equal(c.moved, 0);
	assert_int_equal(c.drains, 1);
	assert_int_equal(c.drains_all, 1);
	assert_int_equal(c.foll_pin_acquired, 1);
	assert_int_equal(c.foll_pin_released, 1);
}

static void gup_late_longterm_pin_on_6_12_fails_after_2_cycles(void **state)
{
	check_late_pin("6.12", BUILD_ZONE_CMA, 2);
	check_late_pin("6.12", BUILD_ZONE_MOVABLE, 2);
}

static void gup_late_longterm_pin_on_6_1_fails_after_10_cycles(void **state)
{
	check_late_pin("6.1", BUILD_ZONE_CMA, 10);
	check_late_pin("6.1", BUILD_ZONE_MOVABLE, 10);
}

static void late_pin_in_normal(const char *profile)
{
	uint64_t pfn = settled_page(profile, BUILD_ZONE_NORMAL), got;

	assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
	assert_int_equal(got, pfn);
	assert_page(pfn, 1026, 1, true);
	assert_int_equal(counts().migrate_calls, 0);
}

static void gup_late_longterm_pin_in_normal_zone_succeeds(void **state)
{
	late_pin_in_normal("6.1");
	late_pin_in_normal("6.12");
}

/* E.20: pages beside the stuck one have moved although the call failed; O.5. */
static void neighbours_move(const char *profile)
{
	uint64_t pfn[3], got[3];
	unsigned int i;

	build(profile, BUILD_ZONE_CMA);
	for (i = 0; i < 3; i++)
		pfn[i] = gw_write(GW_AT(i));
	gw_drain();
	assert_int_equal(gw_gup(GW_GET_FAST, GW_AT(1), 1, GW_WRITE, got), 1);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 3, LONGTERM, got), -ENOMEM);
	assert_int_not_equal(gw_pfn(GW_AT(0)), pfn[0]);
	assert_int_equal(gw_pfn(GW_AT(1)), pfn[1]);
	assert_int_not_equal(gw_pfn(GW_AT(2)), pfn[2]);
	assert_int_equal(counts().moved, 2);
	assert_int_equal(counts().foll_pin_acquired, 3);
	assert_int_equal(counts().foll_pin_released, 3);
}

static void gup_failed_longterm_range_leaves_neighbours_moved(void **state)
{
	neighbours_move("6.1");
	neighbours_move("6.12");
}

/* E.20: a page that could have stayed is not pinned either, by any part of it. */
static void pinnable_neighbour(const char *profile)
{
	uint64_t pfn[2], got[2];

	build(profile, BUILD_ZONE_CMA);
	pfn[0] = gw_write(GW_AT(0));
	gw_munmap(GW_AT(1), 4096);
	assert_int_equal(build_map(0, GW_AT(1), 4096, BUILD_ZONE_NORMAL), 0);
	pfn[1] = gw_write(GW_AT(1));
	gw_drain();
	assert_int_equal(gw_gup(GW_GET_FAST, GW_AT(0), 1, GW_WRITE, got), 1);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 2, LONGTERM, got), -ENOMEM);
	gw_drain();
	assert_page(pfn[0], 2, 1, true);
	assert_page(pfn[1], 1, 1, true);
	assert_int_equal(gw_pfn(GW_AT(1)), pfn[1]);
}

static void gup_failed_longterm_range_pins_no_pinnable_page(void **state)
{
	pinnable_neighbour("6.1");
	pinnable_neighbour("6.12");
}

/* --- K.7, K.8 --- */

/* E.17: each drain once, and in 6.12 none, as nobody else holds the page. */
static void pin_first(const char *profile, int refcount, unsigned int drains)
{
	uint64_t pfn = settled_page(profile, BUILD_ZONE_CMA), got;
	struct probe_mm_counts before = counts(), after;
	struct probe_page p;

	gw_set_contents(pfn, 77);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
	assert_int_not_equal(got, pfn);
	assert_int_equal(gw_pfn(GW_ADDR), got);
	assert_int_equal(gw_contents(got), 77);
	assert_false(in_cma(got));
	assert_page(got, refcount, 1, refcount == 1025);
	assert_true(probe_page(pfn, &p) && p.free);

	after = counts();
	assert_int_equal(after.notifier_starts - before.notifier_starts, 1);
	assert_int_equal(after.refchecks, 1);
	assert_int_equal(after.moved, 1);
	assert_int_equal(after.drains_all - before.drains_all, drains);
	/* 6.1 drains this CPU once more, for the page that moved (D.8). */
	assert_int_equal(after.drains - before.drains, 2 * drains);
	assert_int_equal(after.foll_pin_acquired, 2);
	assert_int_equal(after.foll_pin_released, 1);
	gw_unpin(got);
	gw_drain();
	assert_page(got, 1, 1, true);
}

static void gup_longterm_pin_first_moves_page_once_on_6_1(void **state)
{
	pin_first("6.1", 1025, 1);
}

static void gup_longterm_pin_first_moves_page_once_on_6_12(void **state)
{
	pin_first("6.12", 1026, 0);
}

static void pin_absent(const char *profile)
{
	struct probe_page p;
	uint64_t got;

	build(profile, BUILD_ZONE_CMA);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
	assert_page(got, 1026, 1, false);
	assert_true(probe_page(got, &p));
	assert_true(p.pinnable);
	assert_int_equal(p.zone, PROBE_ZONE_NORMAL);
	assert_int_equal(counts().migrate_calls, 0);
}

static void gup_longterm_pin_of_absent_page_faults_it_in_pinnable(void **state)
{
	pin_absent("6.1");
	pin_absent("6.12");
}

/* D.7: a pinned exclusive page is not even unmapped, ten times. */
static void second_pin(const char *profile)
{
	uint64_t pfn = settled_page(profile, BUILD_ZONE_CMA), got;
	struct probe_mm_counts before;

	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	before = counts();
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), -ENOMEM);
	assert_int_equal(counts().refchecks, 0);
	assert_int_equal(counts().unmap_cycles, 10);
	assert_int_equal(counts().migrate_targets, 10);
	assert_int_equal(counts().notifier_starts - before.notifier_starts, 10);
	gw_drain();
	assert_page(pfn, 1025, 1, true);
	gw_unpin(pfn);
	assert_page(pfn, 1, 1, true);
}

static void gup_longterm_pin_of_short_term_pinned_page_fails_unmapped(void **state)
{
	second_pin("6.1");
	second_pin("6.12");
}

/* K.13, K.27 */
static void gup_readonly_longterm_pin_of_zero_page_differs(void **state)
{
	uint64_t zero, got;

	build("6.1", BUILD_ZONE_CMA);
	zero = gw_read(GW_ADDR);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_LONGTERM, &got), 1);
	assert_int_equal(got, zero);
	assert_int_equal(counts().foll_pin_acquired, 0);

	build("6.12", BUILD_ZONE_CMA);
	zero = gw_read(GW_ADDR);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_LONGTERM, &got), 1);
	assert_int_not_equal(got, zero);
	assert_page(got, 1026, 1, false);
	assert_int_equal(counts().foll_pin_acquired, 1);
}

/* --- E.2, E.3, E.10-E.14 --- */

struct args_case {
	enum gw_call call;
	unsigned int flags;
	long v6_1, v6_12;
};

static const struct args_case args_cases[] = {
	{ GW_GET_FAST, GW_PIN, -EINVAL, -EINVAL },
	{ GW_GET_FAST, GW_LONGTERM, -EINVAL, -EINVAL },
	{ GW_GET_LOCKED, GW_LONGTERM, -EINVAL, -EINVAL },
	{ GW_GET_UNLOCKED, GW_LONGTERM, -EINVAL, -EINVAL },
	{ GW_PIN_FAST, GW_GET, -EINVAL, -EINVAL },
	{ GW_PIN_FAST, GW_TOUCH, -EINVAL, -EINVAL },
	{ GW_PIN_LOCKED, GW_GET, -EINVAL, 0 },
	{ GW_PIN_UNLOCKED, GW_GET, -EINVAL, 0 },
	{ GW_PIN_REMOTE, GW_GET, -EINVAL, 0 },
	{ GW_PIN_UNLOCKED, GW_LONGTERM, -EINVAL, 1 },
	{ GW_PIN_LOCKED, GW_LONGTERM, 1, 1 },
	{ GW_PIN_REMOTE, GW_LONGTERM, 1, 1 },
};

/* Whether or not the page could have been had without a lock. */
static void args_are_checked(const char *profile, const struct args_case *c, long result)
{
	uint64_t got;

	build(profile, BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup(c->call, GW_ADDR, 1, c->flags, &got), result);
	build(profile, BUILD_ZONE_NORMAL);
	gw_write(GW_ADDR);
	assert_int_equal(gw_gup(c->call, GW_ADDR, 1, c->flags, &got), result);
}

static void gup_bad_flags_are_refused_as_each_kernel_does(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(args_cases) / sizeof(args_cases[0]); i++) {
		args_are_checked("6.1", &args_cases[i], args_cases[i].v6_1);
		args_are_checked("6.12", &args_cases[i], args_cases[i].v6_12);
	}
}

static void gup_pin_without_array_is_refused(void **state)
{
	build("6.1", BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup_null(GW_PIN_LOCKED, GW_ADDR, 0), -EINVAL);
	assert_int_equal(gw_gup_null(GW_PIN_FAST, GW_ADDR, 0), -EINVAL);
	build("6.12", BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup_null(GW_PIN_LOCKED, GW_ADDR, 0), 0);
	assert_int_equal(gw_gup_null(GW_PIN_FAST, GW_ADDR, 0), -EINVAL);
	/* To fault pages in no array is needed. */
	assert_int_equal(gw_gup_null(GW_GET_LOCKED, GW_ADDR, GW_WRITE), 1);
	assert_int_not_equal(gw_pfn(GW_ADDR), GW_NO_PFN);
}

static void gup_fast_range_outside_user_space_is_an_error(void **state)
{
	uint64_t got[GW_PAGES];

	build("6.1", BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup(GW_GET_FAST, -4096ULL, 2, 0, got), 0);
	build("6.12", BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup(GW_GET_FAST, -4096ULL, 2, 0, got), -EOVERFLOW);
	assert_int_equal(gw_gup(GW_GET_FAST, 1ULL << 60, 1, 0, got), -EFAULT);
}

static void gup_range_beyond_mapping_gives_short_count(void **state)
{
	uint64_t got[4];

	build("6.12", BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_AT(GW_PAGES - 2), 4, LONGTERM, got), 2);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_AT(GW_PAGES), 1, LONGTERM, got), -EFAULT);
}

static void gup_nofault_of_absent_page_is_efault(void **state)
{
	uint64_t got;

	build("6.12", BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_NOFAULT, &got), -EFAULT);
	assert_int_equal(gw_gup(GW_GET_FAST_ONLY, GW_ADDR, 1, GW_WRITE, &got), 0);
}

/* E.14: what the fast part got is kept, and the error is not told. */
static void gup_slow_error_after_fast_pages_gives_short_count(void **state)
{
	uint64_t got[2], keep;
	struct probe_page p;

	build("6.12", BUILD_ZONE_NORMAL);
	gw_write(GW_AT(0));
	gw_drain();
	/* The second page lies in CMA, with a foreign reference. */
	gw_munmap(GW_AT(1), 4096);
	assert_int_equal(build_map(0, GW_AT(1), 4096, BUILD_ZONE_CMA), 0);
	gw_write(GW_AT(1));
	gw_drain();
	assert_int_equal(gw_gup(GW_GET_FAST, GW_AT(1), 1, GW_WRITE, &keep), 1);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_AT(0), 2, LONGTERM, got), 1);
	assert_true(probe_page(got[0], &p));
	assert_int_equal(p.pins, 1);
	gw_unpin(got[0]);
}

/* E.24: the wrong way to give a pin back leaves 1023. */
static void gup_put_of_pinned_page_leaves_1023(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_NORMAL), got;

	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	gw_put(pfn);
	assert_page(pfn, 1024, 1, true);
	assert_int_equal(complaints(), 1);
}

/*
 * A design's hook pins, and migration moves the page under it: references that
 * come and go on the way are not the hook's, and the pin that stays is.
 */
static void hook_pins(const char *profile)
{
	struct probe_page p;
	uint64_t pfn;

	settled_page(profile, BUILD_ZONE_CMA);
	pfn = gw_pin_in_hook(GW_ADDR);
	assert_int_not_equal(pfn, GW_NO_PFN);
	assert_true(probe_page(pfn, &p));
	assert_int_equal(p.pins, 1);
	assert_int_equal(p.held, 1);
	assert_int_equal(p.refcount, p.expected);
	assert_int_equal(complaints(), 0);
}

static void gup_longterm_pin_in_hook_leaves_one_long_lived_pin(void **state)
{
	hook_pins("6.1");
	hook_pins("6.12");
}

static void gup_unpin_dirty_lock_dirties_and_unpins(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_NORMAL), got;
	struct probe_page p;

	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	gw_unpin_dirty(pfn);
	assert_true(probe_page(pfn, &p));
	assert_true(p.dirty);
	assert_int_equal(p.pins, 0);
	assert_int_equal(p.refcount, 1);
}

static unsigned int pins_of(uint64_t pfn)
{
	struct probe_page p;

	assert_true(probe_page(pfn, &p));
	assert_int_equal(p.refcount, p.expected);
	return p.pins;
}

/* A.9: how GUP itself counts a small folio's pins; the books keep up. */
static void gup_units_of_1024_are_pins(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_NORMAL);

	gw_ref_add(pfn, 2 * 1024);
	assert_int_equal(pins_of(pfn), 2);
	gw_ref_add(pfn, 1);
	assert_int_equal(pins_of(pfn), 2);
	gw_ref_add(pfn, 1023);
	assert_int_equal(pins_of(pfn), 3);
	assert_page(pfn, 1 + 3 * 1024, 1, true);
	gw_ref_drop(pfn, 3 * 1024);
	assert_int_equal(pins_of(pfn), 0);
	/* No reference of its own to make a pin of: these are plain. */
	gw_ref_add(pfn, 1023);
	assert_int_equal(pins_of(pfn), 0);
	gw_ref_drop(pfn, 1023);
	assert_page(pfn, 1, 1, true);
}

/* K.31: in isolation's way is what came after it: the reference, not what it became. */
static void gup_pin_is_as_old_as_the_reference_it_was_made_of(void **state)
{
	assert_true(gw_isolated_pin_in_hook(settled_page("6.1", BUILD_ZONE_NORMAL), true));
	assert_false(gw_isolated_pin_in_hook(settled_page("6.1", BUILD_ZONE_NORMAL), false));
}

/* v6.12 skips entries that are NULL; v6.1 looks into them. */
static void gup_unpin_null_entry_is_a_bug_before_6_12(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_NORMAL), got;
	struct sim_record rec;

	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	gw_unpin_with_gaps(&pfn);
	assert_page(pfn, 1, 1, true);

	pfn = settled_page("6.1", BUILD_ZONE_NORMAL);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	assert_true(sim_fatal_catch(gw_unpin_with_gaps, &pfn, &rec));
	assert_int_equal(rec.verb, SIM_X_BUG);
	assert_int_equal(complaints(), 1);
}

static void locks_in_the_program_are_made_when_taken(void **state)
{
	build("6.12", BUILD_ZONE_NORMAL);
	assert_true(gw_static_locks());
	assert_true(gw_static_locks());
}

/*
 * L.9, E.6: an entry that a NUMA scan made PROT_NONE, in a mapping that may be
 * read. The walk without locks ends there; behind it 6.12 follows it to read.
 */
static void protnone(const char *profile, long read)
{
	uint64_t got, pfn = settled_page(profile, BUILD_ZONE_NORMAL);

	gw_protnone(GW_ADDR);
	assert_int_equal(gw_gup(GW_GET_FAST_ONLY, GW_ADDR, 1, 0, &got), 0);
	assert_int_equal(gw_gup(GW_GET_FAST_ONLY, GW_ADDR, 1, GW_FORCE, &got), 0);
	assert_int_equal(gw_gup(GW_GET_UNLOCKED, GW_ADDR, 1, GW_NOFAULT, &got), read);
	if (read == 1)
		gw_put(got);
	assert_int_equal(gw_gup(GW_GET_UNLOCKED, GW_ADDR, 1, GW_NOFAULT | GW_FORCE, &got), 1);
	assert_int_equal(got, pfn);
	gw_put(got);
	/* It is not writable, and its mapping is. */
	assert_int_equal(gw_gup(GW_GET_UNLOCKED, GW_ADDR, 1, GW_NOFAULT | GW_WRITE, &got),
			 -EFAULT);
}

static void gup_prot_none_entry_is_followed_by_6_12(void **state)
{
	protnone("5.17", -EFAULT);
	protnone("6.1", -EFAULT);
	protnone("6.12", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gup_fresh_write_fault_is_in_lru_batch),
		TEST(gup_get_then_pin_counts_1_and_1024),
		TEST(gup_late_longterm_pin_on_6_12_fails_after_2_cycles),
		TEST(gup_late_longterm_pin_on_6_1_fails_after_10_cycles),
		TEST(gup_late_longterm_pin_in_normal_zone_succeeds),
		TEST(gup_failed_longterm_range_leaves_neighbours_moved),
		TEST(gup_failed_longterm_range_pins_no_pinnable_page),
		TEST(gup_longterm_pin_first_moves_page_once_on_6_1),
		TEST(gup_longterm_pin_first_moves_page_once_on_6_12),
		TEST(gup_longterm_pin_of_absent_page_faults_it_in_pinnable),
		TEST(gup_longterm_pin_of_short_term_pinned_page_fails_unmapped),
		TEST(gup_readonly_longterm_pin_of_zero_page_differs),
		TEST(gup_bad_flags_are_refused_as_each_kernel_does),
		TEST(gup_pin_without_array_is_refused),
		TEST(gup_fast_range_outside_user_space_is_an_error),
		TEST(gup_range_beyond_mapping_gives_short_count),
		TEST(gup_nofault_of_absent_page_is_efault),
		TEST(gup_slow_error_after_fast_pages_gives_short_count),
		TEST(gup_put_of_pinned_page_leaves_1023),
		TEST(gup_unpin_dirty_lock_dirties_and_unpins),
		TEST(gup_units_of_1024_are_pins),
		TEST(gup_pin_is_as_old_as_the_reference_it_was_made_of),
		TEST(locks_in_the_program_are_made_when_taken),
		TEST(gup_unpin_null_entry_is_a_bug_before_6_12),
		TEST(gup_longterm_pin_in_hook_leaves_one_long_lived_pin),
		TEST(gup_prot_none_entry_is_followed_by_6_12),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
