/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Races of GUP with migration and with itself: K.17, K.18, K.30, K.31, E.22.
 *
 * The lockless walk against a migration is searched to the end; what is longer
 * is searched with a bounded number of preemptions.
 */
#include <errno.h>
#include <stdio.h>

#include "sim/explore/dfs.h"
#include "tests/fakes/gup_bounded.h"
#include "tests/fakes/gup_tests.h"

/* What is seen over all executions of a race. */
struct seen {
	uint64_t old_page;		/* page at GW_ADDR before the race */
	uint64_t got_old, got_new, got_none, failed, moved, stayed, wrong, odd;
};

static bool mapped_at_addr(uint64_t pfn)
{
	struct probe_pte pte;

	return probe_pte(0, GW_ADDR, &pte) && pte.kind == PROBE_PTE_PRESENT && pte.pfn == pfn;
}

/* A reference that the first task still holds on a page that left its place. */
static void judge_holder(struct seen *s)
{
	struct gw_result r = gw_result(0);
	struct probe_page p;
	bool moved = !mapped_at_addr(s->old_page);

	if (r.ret == 1 && r.pfn == s->old_page)
		s->got_old++;
	else if (r.ret == 1)
		s->got_new++;
	else
		s->got_none++;
	if (moved)
		s->moved++;
	else
		s->stayed++;
	/* Whoever holds a page of an address holds the one that is mapped there. */
	if (r.ret == 1 && !mapped_at_addr(r.pfn))
		s->wrong++;
	if (r.ret == 1 && (!probe_page(r.pfn, &p) || p.free || p.gets + p.pins != 1))
		s->wrong++;
}

static bool complain(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (COMPLAINTS >> recs[i].verb & 1)
			return true;
	return false;
}

/* Ends an execution in which a check would have spoken. */
static struct sim_watcher watcher = { .look = complain };

struct fast_race {
	struct sim_dfs dfs;
	struct seen seen;
};

static bool fast_done(struct sim_dfs *self, enum sim_end end)
{
	struct fast_race *r = (struct fast_race *)self;

	if (end != SIM_END_DONE)
		r->seen.odd++;
	judge_holder(&r->seen);
	return false;
}

static void fast_vs_migrate(const char *profile, enum gw_op op)
{
	struct fast_race r = {
		.dfs = {
			.done = fast_done, .max_steps = 4000,
			.verify_rollback = true, .verify_executions = 50,
		},
	};

	r.dfs.watcher = &watcher;

	r.seen.old_page = settled_page(profile, BUILD_ZONE_CMA);
	gw_task(0, 0, op);
	gw_task(1, 1, GW_OP_MIGRATE);
	assert_int_equal(sim_dfs_run(&r.dfs), 0);
	print_message("%s: %llu executions, old %llu new %llu none %llu\n", profile,
		      (unsigned long long)r.dfs.executions, (unsigned long long)r.seen.got_old,
		      (unsigned long long)r.seen.got_new, (unsigned long long)r.seen.got_none);
	assert_true(r.dfs.complete);
	assert_int_equal(r.seen.odd, 0);
	assert_int_equal(r.seen.wrong, 0);
	assert_true(r.seen.got_old && r.seen.got_new && r.seen.got_none);
	/* A walk that backs off may have cost the migration all its checks (J.16). */
	assert_true(r.seen.stayed >= r.seen.got_old);
}

/* K.30, A.15, every schedule. */
static void gup_fast_get_races_migration_and_never_holds_a_moved_page(void **state)
{
	fast_vs_migrate("6.12", GW_OP_GET_FAST_ONLY);
}

struct slow_race {
	struct bounded bounded;
	struct seen seen;
	uint64_t enomem, both, other, spins;
};

/*
 * E.16: who cannot isolate a page tries again for ever; if nobody else is let
 * run, that execution has no end. Return: true for one that has.
 */
static bool ended(struct slow_race *r, enum sim_end end)
{
	if (end == SIM_END_DONE)
		return true;
	if (end == SIM_END_BOUND)
		r->spins++;
	else
		r->seen.odd++;
	return false;
}

static void holder_done(struct bounded *self, enum sim_end end)
{
	struct slow_race *r = (struct slow_race *)self;

	if (end != SIM_END_DONE)
		r->seen.odd++;
	judge_holder(&r->seen);
}

/* K.30: a whole get_user_pages_fast(), which may sleep for the migration. */
static void get_vs_migrate(const char *profile)
{
	struct slow_race r = {
		.bounded = { .preemptions = 3, .max_steps = 4000, .done = holder_done },
	};

	r.seen.old_page = settled_page(profile, BUILD_ZONE_CMA);
	gw_task(0, 0, GW_OP_GET);
	gw_task(1, 1, GW_OP_MIGRATE);
	r.bounded.watcher = &watcher;
	bounded_run(&r.bounded);
	print_message("%s: %llu executions of up to %llu steps\n", profile,
		      (unsigned long long)r.bounded.executions,
		      (unsigned long long)r.bounded.steps);
	assert_int_equal(r.seen.odd, 0);
	assert_int_equal(r.seen.wrong, 0);
	assert_int_equal(r.seen.got_none, 0);
	assert_true(r.seen.got_old && r.seen.got_new);
	assert_true(r.seen.stayed >= r.seen.got_old);
}

static void gup_get_races_migration_and_never_holds_a_moved_page(void **state)
{
	get_vs_migrate("6.1");
	get_vs_migrate("6.12");
}

static void pins_done(struct bounded *self, enum sim_end end)
{
	struct slow_race *r = (struct slow_race *)self;
	struct gw_result a = gw_result(0), b = gw_result(1);
	struct probe_page p;

	if (!ended(r, end))
		return;
	if (a.ret == -ENOMEM || b.ret == -ENOMEM)
		r->enomem++;
	else if (a.ret == 1 && b.ret == 1 && a.pfn == b.pfn)
		r->both++;
	else
		r->other++;
	/* Who succeeded holds a page that may stay pinned, and it is mapped. */
	if (a.ret == 1 && (!mapped_at_addr(a.pfn) || !probe_page(a.pfn, &p) || !p.pinnable))
		r->seen.wrong++;
	if (b.ret == 1 && (!mapped_at_addr(b.pfn) || !probe_page(b.pfn, &p) || !p.pinnable))
		r->seen.wrong++;
}

/* K.17, E.22: both get the new page, or one is told -ENOMEM. */
static void pin_vs_pin(const char *profile)
{
	struct slow_race r = {
		.bounded = { .preemptions = 2, .max_steps = 800, .done = pins_done },
	};

	settled_page(profile, BUILD_ZONE_CMA);
	gw_task(0, 0, GW_OP_PIN);
	gw_task(1, 1, GW_OP_PIN);
	r.bounded.watcher = &watcher;
	bounded_run(&r.bounded);
	print_message("%s: %llu executions, both %llu, -ENOMEM %llu, spins %llu\n", profile,
		      (unsigned long long)r.bounded.executions, (unsigned long long)r.both,
		      (unsigned long long)r.enomem, (unsigned long long)r.spins);
	assert_int_equal(r.seen.odd, 0);
	assert_int_equal(r.seen.wrong, 0);
	assert_int_equal(r.other, 0);
	assert_true(r.both && r.enomem);
}

static void gup_two_longterm_pins_both_succeed_or_one_gets_enomem(void **state)
{
	pin_vs_pin("6.1");
	pin_vs_pin("6.12");
}

static void hold_done(struct bounded *self, enum sim_end end)
{
	struct slow_race *r = (struct slow_race *)self;
	struct gw_result a = gw_result(0);
	struct probe_page p;

	if (!ended(r, end))
		return;
	if (a.ret == -ENOMEM)
		r->enomem++;
	else if (a.ret == 1)
		r->both++;
	else
		r->other++;
	if (a.ret == 1 && (!probe_page(a.pfn, &p) || !p.pinnable))
		r->seen.wrong++;
}

/* K.18: a reference that comes and goes costs retries, or the whole pin. */
static void pin_vs_transient(const char *profile)
{
	struct slow_race r = {
		.bounded = { .preemptions = 2, .max_steps = 4000, .done = hold_done },
	};

	settled_page(profile, BUILD_ZONE_CMA);
	gw_task(0, 0, GW_OP_PIN);
	gw_task(1, 1, GW_OP_GET_PUT);
	r.bounded.watcher = &watcher;
	bounded_run(&r.bounded);
	print_message("%s: %llu executions, pinned %llu, -ENOMEM %llu, spins %llu\n", profile,
		      (unsigned long long)r.bounded.executions, (unsigned long long)r.both,
		      (unsigned long long)r.enomem, (unsigned long long)r.spins);
	assert_int_equal(r.seen.odd, 0);
	assert_int_equal(r.seen.wrong, 0);
	assert_int_equal(r.other, 0);
	assert_true(r.both && r.enomem);
}

static void gup_longterm_pin_meets_transient_reference(void **state)
{
	pin_vs_transient("6.1");
	pin_vs_transient("6.12");
}

/* K.31, B.13: contiguous allocation of the very page that is being pinned. */
static void pin_vs_contig(const char *profile)
{
	struct slow_race r = {
		.bounded = { .preemptions = 2, .max_steps = 800, .done = hold_done },
	};

	settled_page(profile, BUILD_ZONE_CMA);
	gw_task(0, 0, GW_OP_PIN);
	gw_task(1, 1, GW_OP_CMA);
	r.bounded.watcher = &watcher;
	bounded_run(&r.bounded);
	print_message("%s: %llu executions, pinned %llu, -ENOMEM %llu, spins %llu\n", profile,
		      (unsigned long long)r.bounded.executions, (unsigned long long)r.both,
		      (unsigned long long)r.enomem, (unsigned long long)r.spins);
	assert_int_equal(r.seen.odd, 0);
	assert_int_equal(r.seen.wrong, 0);
	assert_true(r.both);
}

static void gup_longterm_pin_races_contiguous_allocation(void **state)
{
	pin_vs_contig("6.12");
}

/* What the lockless pin does to the count, over all executions. */
struct isolated_race {
	struct sim_dfs dfs;
	struct sim_watcher watcher;
	uint64_t pins, unpins, flickers, odd;
};

static bool isolated_look(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct isolated_race *r =
		(struct isolated_race *)((char *)self - offsetof(struct isolated_race, watcher));
	size_t i;

	for (i = 0; i < n; i++) {
		if (recs[i].is_step)
			continue;
		r->pins += recs[i].verb == SIM_PIN;
		r->unpins += recs[i].verb == SIM_UNPIN;
		r->flickers += recs[i].verb == SIM_GET &&
			       recs[i].a == (int64_t)SIM_REF_A(PAGE_REF_PROBE, 1);
	}
	return complain(self, recs, n);
}

static bool isolated_done(struct sim_dfs *self, enum sim_end end)
{
	struct isolated_race *r = (struct isolated_race *)self;

	if (end != SIM_END_DONE)
		r->odd++;
	return false;
}

static struct isolated_race pin_vs_isolation(const char *profile)
{
	struct isolated_race r = {
		.dfs = {
			.done = isolated_done, .max_steps = 4000,
			.verify_rollback = true, .verify_executions = 50,
		},
		.watcher.look = isolated_look,
	};

	r.dfs.watcher = &r.watcher;
	settled_page(profile, BUILD_ZONE_NORMAL);
	sim_pulse_subscribe(1ull << SIM_GET | 1ull << SIM_PIN | 1ull << SIM_UNPIN | COMPLAINTS);
	gw_task(0, 0, GW_OP_GRAB_LONG_FAST);
	gw_task(1, 1, GW_OP_ISOLATE_BLOCK);
	assert_int_equal(sim_dfs_run(&r.dfs), 0);
	assert_true(r.dfs.complete);
	assert_int_equal(r.odd, 0);
	assert_true(r.pins);
	return r;
}

/*
 * B.14: isolated at the last moment, it was never pinned: v6.12's look costs the one
 * unit that it holds, and v6.1 has looked before.
 */
static void gup_fast_longterm_pin_of_page_isolated_meanwhile(void **state)
{
	struct isolated_race late = pin_vs_isolation("6.12"), early = pin_vs_isolation("6.1");

	assert_true(late.flickers);
	assert_int_equal(late.unpins, 0);
	assert_int_equal(early.flickers + early.unpins, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gup_fast_get_races_migration_and_never_holds_a_moved_page),
		TEST(gup_get_races_migration_and_never_holds_a_moved_page),
		TEST(gup_two_longterm_pins_both_succeed_or_one_gets_enomem),
		TEST(gup_longterm_pin_meets_transient_reference),
		TEST(gup_longterm_pin_races_contiguous_allocation),
		TEST(gup_fast_longterm_pin_of_page_isolated_meanwhile),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
