/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Migration by itself: D.2, D.5-D.8, D.15, D.17, D.19, with the failures that
 * GUP's tests do not meet.
 */
#include <errno.h>
#include <string.h>

#include "fakes/objects.h"
#include "tests/fakes/gup_tests.h"

static void moves_to(const char *profile, enum build_zone from, enum build_zone to)
{
	uint64_t pfn = settled_page(profile, from), now;
	struct probe_page p;
	struct probe_pte pte;

	gw_set_contents(pfn, 42);
	assert_int_equal(gw_migrate(GW_ADDR, 1, to), 0);
	now = gw_pfn(GW_ADDR);
	assert_int_not_equal(now, pfn);
	assert_int_equal(gw_contents(now), 42);
	assert_true(is_free(pfn));
	assert_true(probe_pte(0, GW_ADDR, &pte));
	assert_true(pte.writable);
	/* D.19: it was written. */
	assert_true(pte.dirty);
	assert_true(probe_page(now, &p));
	assert_true(p.exclusive);
	assert_int_equal(p.cma, to == BUILD_ZONE_CMA);
	assert_int_equal(p.zone == PROBE_ZONE_MOVABLE, to == BUILD_ZONE_MOVABLE);
	gw_drain();
	assert_page(now, 1, 1, true);
	assert_int_equal(counts().moved, 1);
}

/* A.21: what was the process's own still is. */
static void migrate_free_page_moves_to_wanted_zone(void **state)
{
	moves_to("6.1", BUILD_ZONE_CMA, BUILD_ZONE_NORMAL);
	moves_to("6.1", BUILD_ZONE_NORMAL, BUILD_ZONE_MOVABLE);
	moves_to("6.12", BUILD_ZONE_MOVABLE, BUILD_ZONE_CMA);
	moves_to("6.12", BUILD_ZONE_CMA, BUILD_ZONE_MOVABLE);
}

/* Without a wish the target is as movable as the page was. */
static void migrate_without_wish_moves_somewhere(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_NORMAL);

	assert_int_equal(gw_migrate(GW_ADDR, 1, -1), 0);
	assert_int_not_equal(gw_pfn(GW_ADDR), pfn);
	assert_true(is_free(pfn));
}

static void held_page_stays(const char *profile, unsigned int cycles)
{
	uint64_t pfn = settled_page(profile, BUILD_ZONE_CMA), got;

	assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_NORMAL), 1);
	assert_int_equal(gw_pfn(GW_ADDR), pfn);
	assert_int_equal(counts().refchecks, 10);
	assert_int_equal(counts().unmap_cycles, cycles);
	/* D.17: on its way to the LRU again, and not there yet. */
	assert_page(pfn, 3, 1, false);
	gw_drain();
	assert_page(pfn, 2, 1, true);
	gw_put(pfn);
	assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_NORMAL), 0);
	assert_int_not_equal(gw_pfn(GW_ADDR), pfn);
}

/* O.6 */
static void migrate_held_page_stays_until_put(void **state)
{
	held_page_stays("6.1", 10);
	held_page_stays("6.12", 2);
}

/* D.2: folios that stay are counted; the others move all the same. */
static void some_stay(const char *profile)
{
	uint64_t pfn[8], got;
	unsigned int i;

	build(profile, BUILD_ZONE_MOVABLE);
	for (i = 0; i < 8; i++)
		pfn[i] = gw_write(GW_AT(i));
	assert_int_equal(gw_gup(GW_GET_FAST, GW_AT(2), 1, GW_WRITE, &got), 1);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_AT(5), 1, GW_WRITE, &got), 1);
	assert_int_equal(gw_migrate(GW_ADDR, 8, BUILD_ZONE_NORMAL), 2);
	for (i = 0; i < 8; i++)
		assert_int_equal(gw_pfn(GW_AT(i)) == pfn[i], i == 2 || i == 5);
	assert_int_equal(counts().moved, 6);
	gw_drain();
	assert_page(pfn[2], 2, 1, true);
	assert_page(pfn[5], 1025, 1, true);
}

static void migrate_list_with_held_pages_counts_those_that_stay(void **state)
{
	some_stay("6.1");
	some_stay("6.12");
}

/* D.8: nobody but the migration knows of it any more, so it is only let go. */
static void unmapped_meanwhile(const char *profile)
{
	uint64_t pfn = settled_page(profile, BUILD_ZONE_CMA);

	assert_int_equal(gw_migrate_unmapped(GW_ADDR), 0);
	assert_int_equal(counts().migrate_targets, 0);
	assert_int_equal(counts().moved, 0);
	assert_int_equal(gw_isolated(), 0);
	assert_true(is_free(pfn));
}

static void migrate_page_that_was_freed_meanwhile_is_done(void **state)
{
	unmapped_meanwhile("5.17");
	unmapped_meanwhile("6.1");
	unmapped_meanwhile("6.12");
}

/* D.15: without a target the call ends, and nothing is lost. */
static void no_target(const char *profile, int targets)
{
	uint64_t pfn[3], got[3];
	unsigned int i;

	build(profile, BUILD_ZONE_CMA);
	for (i = 0; i < 3; i++)
		pfn[i] = gw_write(GW_AT(i));
	gw_drain();
	gw_fail_alloc_after(targets);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 3, LONGTERM, got), -ENOMEM);
	gw_fail_alloc_after(-1);
	gw_drain();
	for (i = 0; i < 3; i++) {
		assert_int_equal(gw_pfn(GW_AT(i)) != pfn[i], (int)i < targets);
		assert_page(gw_pfn(GW_AT(i)), 1, 1, true);
	}
	assert_int_equal(counts().moved, targets);
	/* Nobody asks again for what there is not. */
	assert_int_equal(counts().migrate_targets, targets + 1);
	assert_int_equal(counts().foll_pin_acquired, counts().foll_pin_released);
}

static void migrate_without_target_ends_with_enomem(void **state)
{
	no_target("6.1", 0);
	no_target("6.1", 1);
	no_target("6.12", 0);
	no_target("6.12", 2);
}

static void migrate_of_nothing_is_done(void **state)
{
	build("6.12", BUILD_ZONE_CMA);
	assert_int_equal(gw_migrate(GW_ADDR, 4, BUILD_ZONE_NORMAL), 0);
	gw_read(GW_ADDR);
	assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_NORMAL), 0);
	assert_int_equal(counts().migrate_calls, 0);
}

/* O.6 */
static void migrate_readonly_page_stays_readonly(void **state)
{
	struct probe_pte pte;
	uint64_t got;

	/* v6.12 unshares for a read-only long-term pin: exclusive, not writable. */
	build("6.12", BUILD_ZONE_CMA);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_LONGTERM, &got), 1);
	/* D.9: while it is pinned it stays mapped, and its count is not asked for. */
	assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_MOVABLE), 1);
	assert_int_equal(counts().refchecks, 0);
	assert_int_equal(gw_pfn(GW_ADDR), got);
	gw_unpin(got);
	assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_MOVABLE), 0);
	assert_int_not_equal(gw_pfn(GW_ADDR), got);
	assert_true(probe_pte(0, GW_ADDR, &pte));
	assert_false(pte.writable);
}

/* Was the old folio unlocked before the new one lost the reference it was made with? */
static bool unlocked_before_put(uint64_t old, uint64_t new)
{
	const struct sim_record *rec;
	size_t i, n, unlock = 0, put = 0;

	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++) {
		if (rec[i].verb == SIM_UNLOCK && rec[i].obj == OBJ_PAGE_OF(old))
			unlock = i;
		if (rec[i].verb == SIM_PUT && rec[i].obj == OBJ_PAGE_OF(new) &&
		    rec[i].site && !strcmp(rec[i].site, "move_finish"))
			put = i;
	}
	assert_int_not_equal(unlock, 0);
	assert_int_not_equal(put, 0);
	return unlock < put;
}

static void moves_and_puts(const char *profile, bool unlocks_first)
{
	uint64_t pfn = settled_page(profile, BUILD_ZONE_CMA);

	sim_pulse_subscribe(1ULL << SIM_UNLOCK | 1ULL << SIM_PUT);
	assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_NORMAL), 0);
	assert_int_equal(unlocked_before_put(pfn, gw_pfn(GW_ADDR)), unlocks_first);
}

/* D.8 step 11: until v6.1 the new folio's reference is the last thing to go. */
static void migrate_until_6_1_unlocks_before_put(void **state)
{
	moves_and_puts("5.17", true);
	moves_and_puts("6.1", true);
	moves_and_puts("6.12", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(migrate_free_page_moves_to_wanted_zone),
		TEST(migrate_without_wish_moves_somewhere),
		TEST(migrate_held_page_stays_until_put),
		TEST(migrate_list_with_held_pages_counts_those_that_stay),
		TEST(migrate_page_that_was_freed_meanwhile_is_done),
		TEST(migrate_without_target_ends_with_enomem),
		TEST(migrate_of_nothing_is_done),
		TEST(migrate_readonly_page_stays_readonly),
		TEST(migrate_until_6_1_unlocks_before_put),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
