/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may be done under which of KVM's locks: the contract's section N.
 */
#include "tests/fakes/kvm_tests.h"

/* Return: how often it was told that something sleeps where it must not. */
static unsigned int sleeps(void)
{
	const struct sim_record *rec;
	unsigned int sum = 0;
	size_t i, n;

	rec = sim_pulse_fresh(&n);
	for (i = 0; i < n; i++)
		sum += rec[i].verb == SIM_X_SLEEP;
	return sum;
}

static void build_page(const char *profile)
{
	build_slot(profile);
	kw_touch(KW_ADDR, true);
	kw_drain();
	sim_pulse_subscribe(1ULL << SIM_X_SLEEP);
	sleeps();
}

static bool may(enum kw_lock lock, enum kw_act act)
{
	kw_do_under(lock, act);
	return !sleeps();
}

static void each_profile(void (*test)(void))
{
	build_page("6.1");
	test();
	build_page("6.12");
	test();
}

static void gup_or_put(void)
{
	assert_true(may(KW_LOCK_NONE, KW_ACT_PIN));
	assert_false(may(KW_LOCK_MMU_READ, KW_ACT_PIN));
	assert_false(may(KW_LOCK_MMU_WRITE, KW_ACT_PIN));
	assert_true(may(KW_LOCK_MMU_READ, KW_ACT_PUT));
	assert_true(may(KW_LOCK_MMU_WRITE, KW_ACT_PUT));
	assert_true(may(KW_LOCK_MMU_READ, KW_ACT_ACCESSED));
	assert_true(may(KW_LOCK_MMU_WRITE, KW_ACT_ACCESSED));
}

/* N.5, H.25: references are taken before mmu_lock, and may be dropped under it. */
static void mmu_lock_forbids_gup_and_allows_put(void **state)
{
	each_profile(gup_or_put);
}

static void pin_in_fault(void)
{
	assert_true(may(KW_LOCK_SRCU, KW_ACT_PIN));
	assert_true(may(KW_LOCK_SRCU, KW_ACT_DRAIN_ALL));
}

/* N.6: a fault reads the slots in SRCU, and that may sleep. */
static void srcu_reader_may_pin(void **state)
{
	each_profile(pin_in_fault);
}

static void free_hook(void)
{
	kw_forget();
	assert_int_equal(kw_slot_delete(0), 0);
	assert_int_equal(sleeps(), 0);
	assert_true(kw_held_at_free().slots_lock);
	assert_false(kw_held_at_free().mmu_lock);
}

/* N.7: what a slot's end gives back may be given back sleeping. */
static void free_hook_runs_under_slots_lock_and_may_sleep(void **state)
{
	each_profile(free_hook);
}

static void dirtying(void)
{
	assert_true(may(KW_LOCK_NONE, KW_ACT_DIRTY_LOCK));
	assert_false(may(KW_LOCK_MMU_READ, KW_ACT_DIRTY_LOCK));
	assert_false(may(KW_LOCK_MMU_WRITE, KW_ACT_DIRTY_LOCK));
}

/* The page must not be dirty yet: one that is needs no lock. */
static void unpin_dirty(void)
{
	assert_true(may(KW_LOCK_SRCU, KW_ACT_UNPIN_DIRTY));
}

/* N.8: the folio lock sleeps. */
static void mmu_lock_forbids_the_folio_lock(void **state)
{
	each_profile(dirtying);
	each_profile(unpin_dirty);
}

static void drain_all(void)
{
	assert_true(may(KW_LOCK_KVM_AND_MMAP, KW_ACT_DRAIN_ALL));
	assert_false(may(KW_LOCK_MMU_READ, KW_ACT_DRAIN_ALL));
	assert_false(may(KW_LOCK_MMU_WRITE, KW_ACT_DRAIN_ALL));
}

/* N.9: other CPUs are waited for: below sleeping locks, never below others. */
static void drain_of_all_cpus_only_below_sleeping_locks(void **state)
{
	each_profile(drain_all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(mmu_lock_forbids_gup_and_allows_put),
		ROLLED(srcu_reader_may_pin),
		ROLLED(free_hook_runs_under_slots_lock_and_may_sleep),
		ROLLED(mmu_lock_forbids_the_folio_lock),
		ROLLED(drain_of_all_cpus_only_below_sleeping_locks),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
