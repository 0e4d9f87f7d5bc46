/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks that read page tables: each meets the violation that it is for,
 * and what comes close to it.
 */
#include "tests/check/mock.h"

#define VCPU		SIM_OBJ(OBJ_VCPU, 0)
#define VM		SIM_OBJ(OBJ_VM, 0)
#define MM		SIM_OBJ(OBJ_MM, 0)
#define SPTE		OBJ_SPTE_OF(0, 0, GFN)
#define HOOK		SIM_OBJ(OBJ_HOOK, HOOK_PIN_SPTE << 16)

/* DESIGN's "no-progress": of two it may still be that the first prepared something. */
static void no_progress_third_reentry_alone_speaks(void **state)
{
	mock.reentries = 2;
	assert_silent(see("no-progress", SIM_RETRY, VCPU, 1, GFN));
	mock.reentries = 3;
	assert_says(see("no-progress", SIM_RETRY, VCPU, 1, GFN),
		    "vcpu0 faults at gfn 0x100 and starts over, three times in a row;"
		    " nobody else ran meanwhile, or can run");
	assert_silent(see("no-progress", SIM_ENTER, VCPU, 1, GFN));
}

static const char *unlock_mmu(const char *id)
{
	return see(id, SIM_UNLOCK, VM, 1, CLASS_MMU_LOCK);
}

static void mapped_unpinned_without_pin_speaks(void **state)
{
	mock_map(GFN, PFN);
	assert_says(unlock_mmu("mapped-unpinned"),
		    "vcpu0 maps gfn 0x100 of vm 0 to pfn 0x4000 and releases mmu_lock,"
		    " and no hook holds that page");
}

static void mapped_unpinned_foreign_reference_speaks(void **state)
{
	mock_map(GFN, PFN);
	mock_ref(PFN, PAGE_REF_GET, SIM_OWNER(OWNER_ACTOR, 2));
	mock_ref(PFN, PAGE_REF_PIN, SIM_OWNER(OWNER_SLOT, 1 << 16));
	assert_non_null(unlock_mmu("mapped-unpinned"));
}

static void mapped_unpinned_with_pin_silent(void **state)
{
	mock_map(GFN, PFN);
	mock_held(PFN, PAGE_REF_GET);
	assert_silent(unlock_mmu("mapped-unpinned"));
}

static void mapped_unpinned_other_lock_silent(void **state)
{
	mock_map(GFN, PFN);
	assert_silent(see("mapped-unpinned", SIM_UNLOCK, MM, 1, CLASS_MMAP_LOCK));
}

static void mapped_unpinned_zapped_again_silent(void **state)
{
	mock_map(GFN, PFN);
	mock.nr_sptes = 0;
	assert_silent(unlock_mmu("mapped-unpinned"));
}

static void mapped_unpinned_outside_region_silent(void **state)
{
	mock_map(GFN, PFN);
	mock.must_pin = false;
	assert_silent(unlock_mmu("mapped-unpinned"));
}

static void mapped_unpinned_plain_vm_silent(void **state)
{
	mock_map(GFN, PFN);
	mock.vms[0].sev = false;
	assert_silent(unlock_mmu("mapped-unpinned"));
	mock.vms[0].sev = true;
	mock.no_design = true;
	assert_silent(unlock_mmu("mapped-unpinned"));
}

static void add_record(bool is_pin)
{
	struct pin_record *r = &mock.records[mock.nr_records++];

	r->gfn = GFN + mock.nr_records;
	r->pfn = PFN;
	r->is_pin = is_pin;
}

static void record_mismatch_nothing_held_speaks(void **state)
{
	add_record(false);
	mock_held(PFN, PAGE_REF_PIN);
	assert_says(see("record-mismatch", SIM_HOOK, HOOK, 1, 0),
		    "vm 0 has 1 record of a plain reference on pfn 0x4000, its hooks hold 0");
}

static void record_mismatch_taken_twice_speaks(void **state)
{
	mock_map(GFN, PFN);
	add_record(false);
	mock_held(PFN, PAGE_REF_GET)->count = 2;
	assert_says(unlock_mmu("record-mismatch"),
		    "vm 0 has 1 record of a plain reference on pfn 0x4000, its hooks hold 2");
}

static void record_mismatch_one_each_silent(void **state)
{
	mock_map(GFN, PFN);
	add_record(true);
	mock_held(PFN, PAGE_REF_PIN);
	assert_silent(see("record-mismatch", SIM_HOOK, HOOK, 1, 0));
	assert_silent(unlock_mmu("record-mismatch"));
}

static void record_mismatch_aliases_silent(void **state)
{
	add_record(true);
	add_record(true);
	mock_held(PFN, PAGE_REF_PIN);
	mock_held(PFN, PAGE_REF_PIN);
	assert_silent(see("record-mismatch", SIM_HOOK, HOOK, 1, 0));
}

static void record_mismatch_inside_hook_silent(void **state)
{
	add_record(true);
	assert_silent(see("record-mismatch", SIM_HOOK, HOOK, 0, 0));
	mock.hooks_open = 1;
	assert_silent(see("record-mismatch", SIM_HOOK, HOOK, 1, 0));
}

static const char *window(uint64_t first, uint64_t pages)
{
	uint64_t start = USER_ADDR + first * 4096;

	return see("stale-spte", SIM_NOTIFY_END, MM, (int64_t)start,
		   (int64_t)(start + pages * 4096));
}

static void stale_spte_page_gone_speaks(void **state)
{
	mock_map(GFN + 1, PFN);
	assert_says(window(1, 1),
		    "the SPTE of gfn 0x101 of vm 0 still maps pfn 0x4000 after vcpu0's"
		    " invalidation of address 0x7f0000001000, though no PTE does");
}

static void stale_spte_page_replaced_speaks(void **state)
{
	mock_map(GFN, PFN);
	mock.sptes[0].role = 1;
	mock_pte(USER_ADDR, PROBE_PTE_PRESENT, PFN + 1);
	assert_non_null(window(0, 1));
}

static void stale_spte_migration_entry_speaks(void **state)
{
	mock_map(GFN, PFN);
	mock_pte(USER_ADDR, PROBE_PTE_MIGRATION, PFN);
	assert_non_null(window(0, 16));
}

static void stale_spte_large_window_speaks(void **state)
{
	mock.slots[0].npages = 1 << 20;
	mock_map(GFN + 70000, PFN);
	assert_non_null(window(0, 1 << 20));
}

static void stale_spte_still_mapped_silent(void **state)
{
	mock_map(GFN, PFN);
	mock_pte(USER_ADDR, PROBE_PTE_PRESENT, PFN);
	assert_silent(window(0, 1));
}

static void stale_spte_outside_window_silent(void **state)
{
	mock_map(GFN + 1, PFN);
	assert_silent(window(0, 1));
	assert_silent(window(2, 1));
	mock.slots[0].npages = 1 << 20;
	assert_silent(window(2, 1 << 19));
}

static void stale_spte_other_process_silent(void **state)
{
	mock_map(GFN, PFN);
	mock.vms[0].owner = 1;
	assert_silent(window(0, 1));
}

/* Private memory has no PTE: its file says what is there. */
static void stale_spte_of_private_page_goes_by_the_file(void **state)
{
	mock.private_mem = true;
	mock.private_pfn = PFN;
	mock_map(GFN, PFN);
	assert_silent(see("stale-spte", SIM_NOTIFY_END, OBJ_VM_OF(0), 0, -1));
	assert_silent(window(0, 1));
	mock.private_pfn = PFN + 1;
	assert_says(window(0, 1),
		    "the SPTE of gfn 0x100 of vm 0 still maps pfn 0x4000 after vcpu0's"
		    " invalidation of address 0x7f0000000000, though its file has it not");
	assert_non_null(see("stale-spte", SIM_NOTIFY_END, OBJ_VM_OF(0), 0, -1));
}

static void guest_state(enum probe_guest state)
{
	mock.guest[0].gfn = GFN;
	mock.guest[0].state = state;
	mock.nr_guest = 1;
}

static void guest_corruption_garbage_speaks(void **state)
{
	guest_state(PROBE_GUEST_GARBAGE);
	mock_map(GFN, PFN);
	assert_says(see("guest-corruption", SIM_ACCESS, SPTE, 0, 7),
		    "what vm 0 wrote at gfn 0x100 decrypts to garbage:"
		    " the page was encrypted at another physical address");
}

/* The page may be on its way: who finds no SPTE has read nothing, and faults. */
static void guest_corruption_read_without_spte_silent(void **state)
{
	guest_state(PROBE_GUEST_LOST);
	assert_silent(see("guest-corruption", SIM_ACCESS, SPTE, 0, 7));
}

/* What a write found is in its record: the page shows what it left. */
static void guest_corruption_write_over_garbage_speaks(void **state)
{
	guest_state(PROBE_GUEST_INTACT);
	assert_says(see("guest-corruption", SIM_ACCESS, SPTE, 1, PROBE_GUEST_GARBAGE),
		    "what vm 0 wrote at gfn 0x100 decrypts to garbage:"
		    " the page was encrypted at another physical address");
	assert_non_null(see("guest-corruption", SIM_ACCESS, SPTE, 1, PROBE_GUEST_LOST));
}

static void guest_corruption_plain_write_silent(void **state)
{
	guest_state(PROBE_GUEST_INTACT);
	assert_silent(see("guest-corruption", SIM_ACCESS, SPTE, 1, 0));
}

static void guest_corruption_lost_speaks_at_end(void **state)
{
	guest_state(PROBE_GUEST_LOST);
	assert_says(see_end("guest-corruption", CHECK_END_DONE),
		    "what vm 0 wrote at gfn 0x100 is lost: another page stands there,"
		    " and the VMM did not unmap it");
}

static void guest_corruption_intact_silent(void **state)
{
	guest_state(PROBE_GUEST_INTACT);
	assert_silent(see("guest-corruption", SIM_ACCESS, SPTE, 0, 7));
	assert_silent(see_end("guest-corruption", CHECK_END_DONE));
}

static void guest_corruption_torn_down_silent(void **state)
{
	guest_state(PROBE_GUEST_LOST);
	assert_silent(see_end("guest-corruption", CHECK_END_TORN_DOWN));
	assert_silent(see("guest-corruption", SIM_ACCESS, OBJ_PAGE_OF(PFN), 1, 7));
}

static void cache_stale_line_speaks(void **state)
{
	static const sim_obj_t line = SIM_OBJ(OBJ_CACHELINE, PFN);

	assert_says(see("cache-stale", SIM_ACCESS, line, 0, 0),
		    "vcpu0 frees pfn 0x4000 under dirty cache lines of an encrypted guest,"
		    " in some_function()");
	assert_says(see("cache-stale", SIM_ACCESS, line, 1, 0),
		    "pfn 0x4000 is encrypted under dirty cache lines of the host,"
		    " by vcpu0 in some_function()");
}

static void cache_stale_other_access_silent(void **state)
{
	assert_silent(see("cache-stale", SIM_ACCESS, OBJ_PAGE_OF(PFN), 0, 0));
	assert_silent(see("cache-stale", SIM_FLUSH, SIM_OBJ(OBJ_CACHELINE, PFN), 1, 1));
}

static void use_after_free_page_speaks(void **state)
{
	mock_page(PFN)->free = true;
	mock_map(GFN, PFN);
	assert_says(see("use-after-free", SIM_ACCESS, OBJ_PAGE_OF(PFN), 1, 0),
		    "vcpu0 accesses pfn 0x4000 after it was freed, in some_function()");
	assert_says(see("use-after-free", SIM_MAP, SPTE, PFN, 1),
		    "vcpu0 maps pfn 0x4000 after it was freed, in some_function()");
}

static void use_after_free_live_page_silent(void **state)
{
	mock_page(PFN);
	mock_map(GFN, PFN);
	assert_silent(see("use-after-free", SIM_ACCESS, OBJ_PAGE_OF(PFN), 1, 0));
	assert_silent(see("use-after-free", SIM_MAP, SPTE, PFN, 1));
	mock.nr_sptes = 0;
	assert_silent(see("use-after-free", SIM_MAP, SPTE, PFN, 1));
}

#define T(name)	cmocka_unit_test_setup(name, mock_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(no_progress_third_reentry_alone_speaks),
		T(mapped_unpinned_without_pin_speaks),
		T(mapped_unpinned_foreign_reference_speaks),
		T(mapped_unpinned_with_pin_silent),
		T(mapped_unpinned_other_lock_silent),
		T(mapped_unpinned_zapped_again_silent),
		T(mapped_unpinned_outside_region_silent),
		T(mapped_unpinned_plain_vm_silent),
		T(record_mismatch_nothing_held_speaks),
		T(record_mismatch_taken_twice_speaks),
		T(record_mismatch_one_each_silent),
		T(record_mismatch_aliases_silent),
		T(record_mismatch_inside_hook_silent),
		T(stale_spte_page_gone_speaks),
		T(stale_spte_page_replaced_speaks),
		T(stale_spte_migration_entry_speaks),
		T(stale_spte_large_window_speaks),
		T(stale_spte_still_mapped_silent),
		T(stale_spte_outside_window_silent),
		T(stale_spte_other_process_silent),
		T(stale_spte_of_private_page_goes_by_the_file),
		T(guest_corruption_garbage_speaks),
		T(guest_corruption_read_without_spte_silent),
		T(guest_corruption_write_over_garbage_speaks),
		T(guest_corruption_plain_write_silent),
		T(guest_corruption_lost_speaks_at_end),
		T(guest_corruption_intact_silent),
		T(guest_corruption_torn_down_silent),
		T(cache_stale_line_speaks),
		T(cache_stale_other_access_silent),
		T(use_after_free_page_speaks),
		T(use_after_free_live_page_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
