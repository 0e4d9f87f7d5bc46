/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kvm_tdp_mmu_map() and the zaps by themselves, what they call scripted: which
 * entry is made, when RFC v0's hook runs, what a lost exchange does, what a zap
 * tells the page (H.19, H.20, H.24, R-45).
 */
#include "sim/core/step.h"
#include "sim/engine/fault.h"
#include "tests/mmu/page_fault_world.h"
#include "tests/rolled.h"

#define PFN		0x1234UL
#define OTHER		0x4321UL

enum { RETRY = 1, EMULATE = 2, FIXED = 5, SPURIOUS = 6 };

/* Bits of an SPTE: spte.h says what they are. */
#define PRESENT		(1ULL << 11 | 1)
#define WRITABLE	(1ULL << 1)
#define SPTE_PFN(spte)	((spte) >> 12 & 0xffffffffffULL)

/* How many exchanges are won before one is lost; -1: none is lost. */
static int wins;

bool __real_kvm_tdp_mmu_cmpxchg_spte(void *kvm, const void *sp, uint64_t *sptep,
				     uint64_t gfn, int level,
				     uint64_t *old_spte, uint64_t new_spte);

bool __wrap_kvm_tdp_mmu_cmpxchg_spte(void *kvm, const void *sp, uint64_t *sptep,
				     uint64_t gfn, int level,
				     uint64_t *old_spte, uint64_t new_spte)
{
	if (wins >= 0 && !wins--)
		return false;
	return __real_kvm_tdp_mmu_cmpxchg_spte(kvm, sp, sptep, gfn, level,
					       old_spte, new_spte);
}

unsigned int __wrap_kvm_arch_nr_memslot_as_ids(void *kvm)
{
	return 2;
}

void __wrap_kvm_x86_pin_spte(void *kvm, uint64_t gfn, int level, uint64_t pfn)
{
	check_expected(gfn);
	check_expected(level);
	check_expected(pfn);
}

void __wrap_kvm_set_pfn_dirty(uint64_t pfn)
{
	check_expected(pfn);
}

void __wrap_kvm_set_pfn_accessed(uint64_t pfn)
{
	check_expected(pfn);
}

static int setup(void **state)
{
	if (rolled_build()) {
		pf_build();
		rolled_mark();
	}
	wins = -1;
	return 0;
}

static void expect_hook(uint64_t pfn)
{
	expect_value(__wrap_kvm_x86_pin_spte, gfn, PF_GFN);
	expect_value(__wrap_kvm_x86_pin_spte, level, 1);
	expect_value(__wrap_kvm_x86_pin_spte, pfn, pfn);
}

static void expect_zap_of(uint64_t pfn, bool dirty)
{
	if (dirty)
		expect_value(__wrap_kvm_set_pfn_dirty, pfn, pfn);
	expect_value(__wrap_kvm_set_pfn_accessed, pfn, pfn);
}

static void map_writable_makes_three_tables_and_a_leaf(void **state)
{
	assert_int_equal(pf_tables(), 1);
	expect_hook(PFN);
	assert_int_equal(pf_map(PFN, true), FIXED);
	assert_int_equal(pf_tables(), 4);
	assert_int_equal(SPTE_PFN(pf_spte()), PFN);
	assert_int_equal(pf_spte() & (PRESENT | WRITABLE), PRESENT | WRITABLE);
}

/* The hook does not run: another vCPU's has. */
static void map_same_again_is_spurious(void **state)
{
	expect_hook(PFN);
	assert_int_equal(pf_map(PFN, false), FIXED);
	assert_int_equal(pf_map(PFN, false), SPURIOUS);
	assert_int_equal(pf_tables(), 4);
}

/*
 * A leaf that takes the place of a writable one is clean, so it is not the
 * same: the page learns that it is dirty, and the hook runs again. Only then
 * nothing is left to do.
 */
static void map_writable_again_takes_the_dirty_bit(void **state)
{
	map_writable_makes_three_tables_and_a_leaf(state);
	expect_value(__wrap_kvm_set_pfn_dirty, pfn, PFN);
	expect_hook(PFN);
	assert_int_equal(pf_map(PFN, true), FIXED);
	assert_int_equal(pf_map(PFN, true), SPURIOUS);
}

/* the hook runs for every write of a present leaf, a new pin or not. */
static void map_same_pfn_writable_runs_hook_again(void **state)
{
	expect_hook(PFN);
	assert_int_equal(pf_map(PFN, false), FIXED);
	assert_int_equal(pf_spte() & WRITABLE, 0);
	expect_hook(PFN);
	assert_int_equal(pf_map(PFN, true), FIXED);
	assert_int_equal(pf_spte() & WRITABLE, WRITABLE);
}

/* H.19, K.16: whichever of the four exchanges is lost, no leaf and no hook. */
static void map_lost_exchange_is_retry(void **state)
{
	int nth;

	for (nth = 0; nth < 4; nth++) {
		setup(state);
		wins = nth;
		assert_int_equal(pf_map(PFN, true), RETRY);
		assert_int_equal(pf_spte(), 0);
		assert_int_equal(pf_tables(), 1 + nth);
		expect_hook(PFN);
		assert_int_equal(pf_map(PFN, true), FIXED);
	}
}

/* H.33, R-45: who asks takes the accessed bit away; up to v6.1 that runs the hook. */
static void age_runs_hook_where_it_is_a_change(void **state)
{
	const uint64_t accessed = 1ULL << 5;

	expect_hook(PFN);
	assert_int_equal(pf_map(PFN, true), FIXED);
	assert_int_equal(pf_spte() & accessed, accessed);
	expect_hook(PFN);
	assert_true(pf_age(true));
	assert_int_equal(pf_spte() & accessed, 0);
	assert_int_equal(SPTE_PFN(pf_spte()), PFN);
	/* Nothing is taken from it the second time. */
	assert_false(pf_age(true));
}

static void age_of_6_12_runs_no_hook(void **state)
{
	expect_hook(PFN);
	assert_int_equal(pf_map(PFN, true), FIXED);
	assert_true(pf_age(false));
	assert_false(pf_age(false));
}

/* H.29: nothing is mapped, as always behind a window's start. */
static void change_of_nothing_changes_nothing(void **state)
{
	assert_false(pf_change(OTHER, false));
	assert_int_equal(pf_map_nothing(2), EMULATE);
	assert_false(pf_change(OTHER, false));
}

/* H.29: what the process may write to is for the next fault to map. */
static void change_to_a_writable_page_only_zaps(void **state)
{
	map_writable_makes_three_tables_and_a_leaf(state);
	expect_zap_of(PFN, true);
	assert_true(pf_change(OTHER, true));
	assert_int_equal(pf_spte(), 0);
	assert_int_equal(pf_tables(), 4);
}

/* H.29, H.20: another is mapped after the old one is zapped; neither written nor used. */
static void change_to_a_read_only_page_maps_it_after_a_zap(void **state)
{
	const uint64_t accessed = 1ULL << 5;

	map_writable_makes_three_tables_and_a_leaf(state);
	expect_zap_of(PFN, true);
	expect_hook(OTHER);
	assert_true(pf_change(OTHER, false));
	assert_int_equal(SPTE_PFN(pf_spte()), OTHER);
	assert_int_equal(pf_spte() & (PRESENT | WRITABLE | accessed), PRESENT);
}

static void zap_hands_dirty_and_accessed_to_the_page(void **state)
{
	map_writable_makes_three_tables_and_a_leaf(state);
	expect_zap_of(PFN, true);
	assert_true(pf_zap());
	assert_int_equal(pf_spte(), 0);
	assert_false(pf_zap());
}

static void zap_read_only_leaf_is_not_dirty(void **state)
{
	expect_hook(PFN);
	pf_map(PFN, false);
	expect_zap_of(PFN, false);
	assert_true(pf_zap());
}

static void map_other_pfn_after_zap_is_fixed(void **state)
{
	zap_hands_dirty_and_accessed_to_the_page(state);
	expect_hook(OTHER);
	assert_int_equal(pf_map(OTHER, true), FIXED);
}

static void map_other(void *arg)
{
	pf_map(OTHER, true);
}

/* H.20: no zap came in between, so somebody's notifier was too late. */
static void map_other_pfn_without_zap_is_a_bug(void **state)
{
	struct sim_record fact = { 0 };

	map_writable_makes_three_tables_and_a_leaf(state);
	assert_true(sim_fatal_catch(map_other, NULL, &fact));
	assert_int_equal(fact.verb, SIM_X_BUG);
}

/* H.31: a root goes with its tables, and its leaves are zapped as any. */
static void zap_roots_takes_everything(void **state)
{
	map_writable_makes_three_tables_and_a_leaf(state);
	expect_zap_of(PFN, true);
	pf_zap_roots();
	assert_int_equal(pf_tables(), 0);
}

/* H.19, G.8: 19 bits of the generation, around the bit that says "present". */
static void map_nothing_makes_an_mmio_spte(void **state)
{
	static const struct {
		uint64_t generation, bits;
	} want[] = {
		{ 0, 0 },
		{ 0xff, 0xffULL << 3 },
		{ 0x100, 1ULL << 52 },
		{ 0x7fffe, 0xfeULL << 3 | 0x7ffULL << 52 },
		{ 0x80002, 2ULL << 3 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(pf_map_nothing(want[i].generation), EMULATE);
		assert_int_equal(pf_spte(), 1ULL << 51 | PF_GFN << 12 | 7 | want[i].bits);
	}
	assert_int_equal(pf_tables(), 4);
	/*
	 * No leaf, so nobody is told; and a page may take its place. It looks
	 * as if the old one had been writable, so the new one is clean.
	 */
	assert_false(pf_zap());
	expect_hook(PFN);
	assert_int_equal(pf_map(PFN, true), FIXED);
	assert_int_equal(SPTE_PFN(pf_spte()), PFN);
	expect_zap_of(PFN, false);
	assert_true(pf_zap());
}

static void map_nothing_twice_emulates_as_well(void **state)
{
	assert_int_equal(pf_map_nothing(2), EMULATE);
	wins = 0;
	assert_int_equal(pf_map_nothing(2), EMULATE);
	assert_int_equal(pf_map_nothing(4), RETRY);
	pf_zap_roots();
	assert_int_equal(pf_tables(), 0);
}

/* G.8: the 19 bits come again, in either address space; then nothing is left. */
static void generation_that_comes_again_zaps_everything(void **state)
{
	static const struct {
		uint64_t generation;
		bool again;
	} want[] = {
		{ 0x7fffe, false }, { 0x80002, false }, { 2, false }, { 0x80000, true },
		{ 0x80001, true }, { 0x7ffff, false }, { 3ULL << 19, true },
	};
	unsigned int i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		setup(state);
		assert_int_equal(pf_map_nothing(2), EMULATE);
		assert_int_equal(pf_new_generation(want[i].generation), want[i].again);
		assert_int_equal(pf_tables(), want[i].again ? 1 : 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(map_writable_makes_three_tables_and_a_leaf, .setup = setup),
		ROLLED(map_same_again_is_spurious, .setup = setup),
		ROLLED(map_writable_again_takes_the_dirty_bit, .setup = setup),
		ROLLED(map_same_pfn_writable_runs_hook_again, .setup = setup),
		ROLLED(map_lost_exchange_is_retry, .setup = setup),
		ROLLED(age_runs_hook_where_it_is_a_change, .setup = setup),
		ROLLED(age_of_6_12_runs_no_hook, .setup = setup),
		ROLLED(change_of_nothing_changes_nothing, .setup = setup),
		ROLLED(change_to_a_writable_page_only_zaps, .setup = setup),
		ROLLED(change_to_a_read_only_page_maps_it_after_a_zap, .setup = setup),
		ROLLED(zap_hands_dirty_and_accessed_to_the_page, .setup = setup),
		ROLLED(zap_read_only_leaf_is_not_dirty, .setup = setup),
		ROLLED(map_other_pfn_after_zap_is_fixed, .setup = setup),
		ROLLED(map_other_pfn_without_zap_is_a_bug, .setup = setup),
		ROLLED(zap_roots_takes_everything, .setup = setup),
		ROLLED(map_nothing_makes_an_mmio_spte, .setup = setup),
		ROLLED(map_nothing_twice_emulates_as_well, .setup = setup),
		ROLLED(generation_that_comes_again_zaps_everything, .setup = setup),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
