/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements about GUP and migration that the ledgers of gup_test.c and
 * migrate_test.c do not show by themselves: what is counted, what a folio looks
 * like in the middle of a migration, and what must not happen.
 */
#include <errno.h>

#include "tests/fakes/gup_bounded.h"
#include "tests/fakes/gup_tests.h"

#define BIT_OF(verb)	(1ULL << (verb))

static const char *const both[] = { "6.1", "6.12" };

/* How many notes of @verb there were, of all that are fresh. */
static unsigned int told(enum sim_verb verb)
{
	const struct sim_record *rec;
	unsigned int sum = 0;
	size_t i, n;

	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++)
		sum += rec[i].verb == verb && !rec[i].is_step;
	return sum;
}

static void listen(uint64_t verbs)
{
	sim_pulse_subscribe(COMPLAINTS | verbs);
	told(SIM_X_WARN);
}

/* --- references --- */

/* A.16: the PTE is there, and its page has no count to add to. */
static void gup_slow_grab_of_page_without_count_is_enomem(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn = settled_page(both[i], BUILD_ZONE_NORMAL), got;

		assert_true(gw_freeze(pfn, 1));
		listen(BIT_OF(SIM_X_WARN));
		assert_int_equal(gw_gup(GW_GET_LOCKED, GW_ADDR, 1, 0, &got), -ENOMEM);
		assert_int_equal(told(SIM_X_WARN), 1);
		assert_page(pfn, 0, 1, true);
		gw_unfreeze(pfn, 1);
		assert_int_equal(gw_gup(GW_GET_LOCKED, GW_ADDR, 1, 0, &got), 1);
		assert_page(pfn, 2, 1, true);
	}
}

/* A.15: 0 is refused in silence, because it is seen; less than 0 is not. */
static void gup_fast_grab_of_page_without_count_gives_none(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn = settled_page(both[i], BUILD_ZONE_NORMAL), got;

		assert_true(gw_freeze(pfn, 1));
		listen(BIT_OF(SIM_X_WARN));
		assert_int_equal(gw_gup(GW_GET_FAST_ONLY, GW_ADDR, 1, 0, &got), 0);
		assert_int_equal(told(SIM_X_WARN), 0);
		assert_page(pfn, 0, 1, true);
		gw_unfreeze(pfn, 1);

		gw_unpin(pfn);
		assert_int_equal(complaints(), 1);
		assert_int_equal(gw_gup(GW_GET_FAST_ONLY, GW_ADDR, 1, 0, &got), 0);
		assert_int_equal(told(SIM_X_WARN), 1);
		assert_page(pfn, 1 - 1024, 1, true);
	}
}

static void assert_pin_stats(uint64_t acquired, uint64_t released)
{
	assert_int_equal(counts().foll_pin_acquired, acquired);
	assert_int_equal(counts().foll_pin_released, released);
}

/* A.18: pins and nothing else, by either path, and of the zero page never. */
static void gup_pins_are_counted_on_both_ends(void **state)
{
	uint64_t got[3];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		build(both[i], BUILD_ZONE_NORMAL);
		assert_int_equal(gw_gup(GW_PIN_LOCKED, GW_ADDR, 3, GW_WRITE, got), 3);
		assert_pin_stats(3, 0);
		assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 2, GW_WRITE, got), 2);
		assert_pin_stats(5, 0);
		assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, got), 1);
		gw_put(got[0]);
		assert_pin_stats(5, 0);
		gw_unpin_many(got[0], 2);
		gw_unpin(got[1]);
		gw_unpin_dirty(got[1]);
		gw_unpin(got[2]);
		assert_pin_stats(5, 5);

		gw_read(GW_AT(8));
		assert_int_equal(gw_gup(GW_PIN_FAST, GW_AT(8), 1, 0, got), 1);
		gw_unpin(got[0]);
		assert_int_equal(gw_gup(GW_PIN_LOCKED, GW_AT(8), 1, 0, got), 1);
		gw_unpin(got[0]);
		assert_pin_stats(5, 5);
	}
}

/* A.6: what a PTE gives up when it goes, whoever else holds the page. */
static void gup_unmapped_page_loses_one_reference_and_its_mapcount(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn = settled_page(both[i], BUILD_ZONE_NORMAL), got;

		assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
		assert_page(pfn, 2, 1, true);
		gw_munmap(GW_ADDR, 4096);
		assert_page(pfn, 1, 0, true);
		gw_put(pfn);
		assert_true(is_free(pfn));
	}
}

/* E.23: an errno is no number of pages; equal entries are one drop. */
static void gup_unpin_of_errno_is_refused_and_of_equal_entries_is_one(void **state)
{
	uint64_t pfn = settled_page("6.12", BUILD_ZONE_NORMAL), got;
	unsigned int i;

	for (i = 0; i < 3; i++)
		assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	listen(BIT_OF(SIM_X_WARN) | BIT_OF(SIM_UNPIN));
	gw_unpin_many(pfn, -ENOMEM);
	assert_int_equal(told(SIM_X_WARN), 1);
	assert_page(pfn, 1 + 3 * 1024, 1, true);
	gw_unpin_many(pfn, 3);
	assert_int_equal(told(SIM_UNPIN), 1);
	assert_page(pfn, 1, 1, true);
}

/* --- where pages may stay --- */

/* How often the fast walk held a unit of the count for nothing. */
static unsigned int flickers(const char *profile)
{
	const struct sim_record *rec;
	unsigned int sum = 0;
	size_t i, n;
	uint64_t got;

	settled_page(profile, BUILD_ZONE_CMA);
	listen(BIT_OF(SIM_GET));
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM | GW_NOFAULT, &got), 1);
	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++)
		sum += rec[i].verb == SIM_GET &&
		       rec[i].a == (int64_t)SIM_REF_A(PAGE_REF_PROBE, 1);
	return sum;
}

/* B.14: v6.1 looks where the page lies before it takes the reference. */
static void gup_fast_longterm_pin_takes_reference_before_look_on_6_12(void **state)
{
	assert_int_equal(flickers("6.1"), 0);
	assert_int_equal(flickers("6.12"), 1);
}

static bool pinnable(uint64_t pfn)
{
	struct probe_page p;

	assert_true(probe_page(pfn, &p));
	return p.pinnable;
}

/* B.15: nobody's holding a page makes it more or less pinnable. */
static void gup_pins_do_not_make_a_page_pinnable(void **state)
{
	static const enum build_zone places[] = {
		BUILD_ZONE_CMA, BUILD_ZONE_MOVABLE, BUILD_ZONE_NORMAL,
	};
	unsigned int i, k;

	for (i = 0; i < 6; i++) {
		enum build_zone place = places[i % 3];
		uint64_t pfn = settled_page(both[i / 3], place), got;

		for (k = 0; k < 2; k++) {
			assert_int_equal(pinnable(pfn), place == BUILD_ZONE_NORMAL);
			assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
			assert_int_equal(pinnable(pfn), place == BUILD_ZONE_NORMAL);
			assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
		}
		assert_int_equal(pinnable(pfn), place == BUILD_ZONE_NORMAL);
		gw_munmap(GW_ADDR, 4096);
		assert_page(pfn, 2 + 2 * 1024, 0, true);
		assert_int_equal(pinnable(pfn), place == BUILD_ZONE_NORMAL);
		assert_int_equal(counts().migrate_calls, 0);
	}
}

/* O.4: what was pinned for long lies where it may, and stays there. */
static void gup_longterm_pinned_page_stays_until_unpin(void **state)
{
	static const enum build_zone places[] = {
		BUILD_ZONE_CMA, BUILD_ZONE_MOVABLE, BUILD_ZONE_NORMAL,
	};
	unsigned int i;

	for (i = 0; i < 6; i++) {
		uint64_t got;

		settled_page(both[i / 3], places[i % 3]);
		assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
		assert_true(pinnable(got));
		assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_MOVABLE), 1);
		assert_int_equal(gw_pfn(GW_ADDR), got);
		gw_munmap(GW_ADDR, 4096);
		gw_drain();
		assert_page(got, 1024, 0, true);
		gw_unpin(got);
		assert_true(is_free(got));
	}
}

/* K.10: the pin goes and a plain reference stays: the page, but not the word. */
static void gup_pin_turned_into_reference_reads_as_not_pinned(void **state)
{
	uint64_t pfn, got;

	settled_page("6.12", BUILD_ZONE_CMA);
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &pfn), 1);
	gw_drain();
	assert_true(gw_maybe_pinned(pfn));
	assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
	gw_unpin(pfn);
	assert_page(pfn, 2, 1, true);
	assert_false(gw_maybe_pinned(pfn));
	assert_true(pinnable(pfn));
}

/* --- the slow path --- */

/* E.5: what the mapping itself forbids, before any page is looked at; M.1. */
static void gup_mapping_of_the_wrong_kind_is_efault(void **state)
{
	static const struct { enum vw_kind how; long read, write; } rows[] = {
		{ VW_IO, -EFAULT, -EFAULT },
		{ VW_PFNMAP, -EFAULT, -EFAULT },
		{ VW_NO_WRITE, 1, -EFAULT },
		{ VW_NO_READ, -EFAULT, -EFAULT },
	};
	unsigned int i;

	for (i = 0; i < 8; i++) {
		uint64_t pfn = settled_page(both[i / 4], BUILD_ZONE_NORMAL), got;

		vw_change(GW_ADDR, rows[i % 4].how);
		assert_int_equal(gw_gup(GW_GET_LOCKED, GW_ADDR, 1, 0, &got), rows[i % 4].read);
		assert_int_equal(gw_gup(GW_GET_LOCKED, GW_AT(1), 1, GW_WRITE, &got),
				 rows[i % 4].write);
		assert_int_equal(gw_gup(GW_PIN_LOCKED, GW_AT(1), 1, LONGTERM, &got),
				 rows[i % 4].write);
		assert_page(pfn, rows[i % 4].read == 1 ? 2 : 1, 1, true);
		assert_int_equal(gw_pfn(GW_AT(1)), GW_NO_PFN);
	}
}

/* E.6: a signal that kills ends the loop before the page is looked for; M.1. */
static void gup_killed_task_gets_eintr(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t got[2];

		build(both[i], BUILD_ZONE_NORMAL);
		gw_kill(true);
		assert_int_equal(gw_gup(GW_GET_LOCKED, GW_ADDR, 2, GW_WRITE, got), -EINTR);
		assert_int_equal(gw_pfn(GW_ADDR), GW_NO_PFN);
		gw_kill(false);
		/* Missing: faulted in; found: grabbed. */
		assert_int_equal(gw_gup(GW_GET_LOCKED, GW_ADDR, 2, GW_WRITE, got), 2);
		assert_int_equal(gw_pfn(GW_AT(1)), got[1]);
		assert_page(got[1], 3, 1, false);
	}
}

/* --- migration, in the middle --- */

/* A.22, D.1: isolated is off the LRU, with one reference, and counted. */
static void migrate_isolated_page_is_off_lru_and_counted(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn = settled_page(both[i], BUILD_ZONE_CMA), got;
		struct gw_target t;

		gw_watch(pfn);
		assert_int_equal(gw_isolated(), 0);
		assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
		t = gw_target();
		assert_int_equal(t.refcount, 2);
		assert_int_equal(t.mapcount, 1);
		assert_int_equal(t.isolated, 1);
		assert_false(t.lru);
		assert_false(t.locked);
		assert_int_equal(t.order, 0);
		assert_int_equal(gw_isolated(), 0);
		assert_true(is_free(pfn));
	}
}

/* C.11: what did not move goes back to the LRU, and is not counted any more. */
static void migrate_putback_uncounts_and_queues_for_lru(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn = settled_page(both[i], BUILD_ZONE_CMA), got;

		gw_watch(pfn);
		assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
		assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), -ENOMEM);
		assert_int_equal(gw_target().isolated, 1);
		assert_int_equal(gw_isolated(), 0);
		/* PTE, the GET, and the batch in the place of the isolation. */
		assert_page(pfn, 3, 1, false);
		gw_drain();
		assert_page(pfn, 2, 1, true);
		gw_put(pfn);
	}
}

static void target_of(const char *profile, enum build_zone place, bool highmem)
{
	uint64_t got;

	gw_watch(settled_page(profile, place));
	assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
	assert_false(gw_target().movable);
	assert_int_equal(gw_target().highmem, highmem);
	assert_int_equal(gw_target().order, 0);
}

/* B.16: the caller's mask, and for a page of ZONE_MOVABLE a little more. */
static void migrate_target_has_the_callers_mask(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t pfn;

		target_of(both[i], BUILD_ZONE_CMA, false);
		target_of(both[i], BUILD_ZONE_MOVABLE, true);

		pfn = settled_page(both[i], BUILD_ZONE_CMA);
		gw_watch(pfn);
		assert_int_equal(gw_contig(pfn, 1), 0);
		assert_true(gw_target().movable);
		assert_false(gw_target().highmem);
	}
}

/* E.16: 6.12 has let mmap_lock go by then, unless it is the caller's. */
static void migrate_for_longterm_pin_holds_mmap_lock_before_6_12(void **state)
{
	static const char *const profiles[] = { "5.17", "6.1", "6.12" };
	uint64_t got;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		gw_watch(settled_page(profiles[i], BUILD_ZONE_CMA));
		assert_int_equal(gw_gup(GW_PIN_FAST, GW_ADDR, 1, LONGTERM, &got), 1);
		assert_int_equal(gw_target().mmap_locked, i < 2);

		gw_watch(settled_page(profiles[i], BUILD_ZONE_CMA));
		assert_int_equal(gw_gup(GW_PIN_LOCKED, GW_ADDR, 1, LONGTERM, &got), 1);
		assert_true(gw_target().mmap_locked);
	}
}

/* D.12: a small anonymous folio is compared before it is copied. */
static void migrate_held_page_is_compared_and_never_copied(void **state)
{
	const struct sim_record *rec;
	unsigned int i;
	size_t n;

	for (i = 0; i < 2; i++) {
		uint64_t pfn = settled_page(both[i], BUILD_ZONE_CMA), got;

		assert_int_equal(gw_gup(GW_GET_FAST, GW_ADDR, 1, GW_WRITE, &got), 1);
		listen(BIT_OF(SIM_COPY) | BIT_OF(SIM_REFCHECK));
		assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_NORMAL), 1);
		assert_int_equal(told(SIM_COPY), 0);
		gw_put(pfn);
		assert_int_equal(gw_migrate(GW_ADDR, 1, BUILD_ZONE_NORMAL), 0);
		rec = sim_pulse_fresh(&n);
		assert_true(n > 1);
		assert_int_equal(rec[0].verb, SIM_REFCHECK);
		assert_int_equal(rec[n - 1].verb, SIM_COPY);
	}
}

struct touch_race {
	struct bounded bounded;
	uint64_t old_page;
	uint64_t odd, stayed, moved;
};

static void touch_done(struct bounded *self, enum sim_end end)
{
	struct touch_race *r = (struct touch_race *)self;

	r->odd += end != SIM_END_DONE;
	r->stayed += gw_result(0).ret != 0;
	r->moved += is_free(r->old_page) && gw_pfn(GW_ADDR) != GW_NO_PFN;
}

/* D.18: who faults on a migration entry waits, and does not get in its way. */
static void migrate_never_fails_because_of_a_fault_that_waits(void **state)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct touch_race r = {
			.bounded = { .preemptions = 2, .max_steps = 4000, .done = touch_done },
		};

		r.old_page = settled_page(both[i], BUILD_ZONE_CMA);
		gw_task(0, 0, GW_OP_MIGRATE);
		gw_task(1, 1, GW_OP_TOUCH);
		bounded_run(&r.bounded);
		assert_int_equal(r.odd, 0);
		assert_int_equal(r.stayed, 0);
		assert_int_equal(r.moved, r.bounded.executions);
		assert_true(r.moved > 100);
	}
}

/*
 * D.5, D.6: a folio that somebody has locked is tried again, and in the end it
 * is waited for: in the fourth pass, or when it is tried by itself.
 */
static void migrate_waits_for_who_has_the_folio_locked(void **state)
{
	static const char *const profiles[] = { "5.17", "6.1", "6.12" };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct touch_race r = {
			.bounded = { .preemptions = 2, .max_steps = 4000, .done = touch_done },
		};

		r.old_page = settled_page(profiles[i], BUILD_ZONE_CMA);
		gw_task(0, 0, GW_OP_MIGRATE);
		gw_task(1, 1, GW_OP_LOCK);
		bounded_run(&r.bounded);
		assert_int_equal(r.odd, 0);
		assert_int_equal(r.stayed, 0);
		assert_true(r.bounded.executions > 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gup_slow_grab_of_page_without_count_is_enomem),
		TEST(gup_fast_grab_of_page_without_count_gives_none),
		TEST(gup_pins_are_counted_on_both_ends),
		TEST(gup_unmapped_page_loses_one_reference_and_its_mapcount),
		TEST(gup_unpin_of_errno_is_refused_and_of_equal_entries_is_one),
		TEST(gup_fast_longterm_pin_takes_reference_before_look_on_6_12),
		TEST(gup_pins_do_not_make_a_page_pinnable),
		TEST(gup_longterm_pinned_page_stays_until_unpin),
		TEST(gup_pin_turned_into_reference_reads_as_not_pinned),
		TEST(gup_mapping_of_the_wrong_kind_is_efault),
		TEST(gup_killed_task_gets_eintr),
		TEST(migrate_isolated_page_is_off_lru_and_counted),
		TEST(migrate_putback_uncounts_and_queues_for_lru),
		TEST(migrate_target_has_the_callers_mask),
		TEST(migrate_for_longterm_pin_holds_mmap_lock_before_6_12),
		TEST(migrate_held_page_is_compared_and_never_copied),
		TEST(migrate_waits_for_who_has_the_folio_locked),
		TEST(migrate_never_fails_because_of_a_fault_that_waits),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
