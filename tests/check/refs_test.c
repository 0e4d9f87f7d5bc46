/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks that read references and counters: each meets the violation that
 * it is for, and what comes close to it.
 */
#include <limits.h>

#include "tests/check/mock.h"

#define PAGE		OBJ_PAGE_OF(PFN)
#define TASK		SIM_OBJ(SIM_CLASS_TASK, 0)
#define HOOK		SIM_OBJ(OBJ_HOOK, HOOK_REGISTER << 16)

static const char *outlived(const char *id)
{
	return see(id, SIM_OUTLIVED, TASK, 1, HOOK_CALL);
}

static void longterm_placement_movable_speaks(void **state)
{
	mock_page(PFN)->zone = PROBE_ZONE_MOVABLE;
	mock_held(PFN, PAGE_REF_GET);
	assert_says(outlived("longterm-placement"),
		    "pfn 0x4000 lies in ZONE_MOVABLE and is held for the life of slot 0 of vm 0"
		    " by the plain reference that vcpu0 took in sev_pin_spte()");
}

/* The CMA area is so many pages from PFN on. */
static void cma_area(uint64_t pages)
{
	mock.cma_base = PFN;
	mock.cma_pages = pages;
}

static void longterm_placement_cma_pin_speaks(void **state)
{
	cma_area(4);
	mock_page(PFN)->cma = true;
	mock_held(PFN, PAGE_REF_PIN);
	assert_says(outlived("longterm-placement"),
		    "pfn 0x4000 lies in the CMA area and is held for the life of slot 0 of vm 0"
		    " by the FOLL_PIN reference that vcpu0 took in sev_pin_spte()");
}

static void longterm_placement_isolated_cma_speaks(void **state)
{
	cma_area(4);
	mock_page(PFN)->isolate = true;
	mock_held(PFN, PAGE_REF_PIN);
	assert_non_null(outlived("longterm-placement"));
}

/* K.31: the block may have been isolated after the page was pinned. */
static void longterm_placement_isolated_elsewhere_silent(void **state)
{
	mock_page(PFN)->isolate = true;
	mock_held(PFN, PAGE_REF_PIN);
	assert_silent(outlived("longterm-placement"));
}

/* B.13: nobody who looks may take one there; whoever has one is in the way. */
static void longterm_placement_taken_while_isolated_speaks(void **state)
{
	mock_page(PFN)->isolate = true;
	mock_held(PFN, PAGE_REF_GET)->marked = true;
	assert_says(outlived("longterm-placement"),
		    "pfn 0x4000 lies in a block that was isolated first and is held for the life"
		    " of slot 0 of vm 0 by the plain reference that vcpu0 took in sev_pin_spte()");
}

static void longterm_placement_isolated_no_longer_silent(void **state)
{
	mock_page(PFN);
	mock_held(PFN, PAGE_REF_PIN)->marked = true;
	assert_silent(outlived("longterm-placement"));
}

static void longterm_placement_normal_silent(void **state)
{
	mock_page(PFN);
	mock_held(PFN, PAGE_REF_PIN);
	assert_silent(outlived("longterm-placement"));
}

static void longterm_placement_short_reference_silent(void **state)
{
	mock_page(PFN)->zone = PROBE_ZONE_MOVABLE;
	mock_held(PFN, PAGE_REF_GET)->long_lived = false;
	mock_ref(PFN, PAGE_REF_GET, SIM_OWNER(OWNER_FAULT, 0));
	assert_silent(outlived("longterm-placement"));
}

static void longterm_placement_zero_page_silent(void **state)
{
	struct probe_page *zero = mock_page(PFN);

	zero->zero_page = true;
	zero->zone = PROBE_ZONE_MOVABLE;
	mock_held(PFN, PAGE_REF_GET);
	assert_silent(outlived("longterm-placement"));
}

static void hold_pages(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		mock_held(PFN + i, i & 1 ? PAGE_REF_PIN : PAGE_REF_GET)->time = 10 + i;
}

static void memlock_exceeded_one_too_many_speaks(void **state)
{
	hold_pages(17);
	assert_says(outlived("memlock-exceeded"),
		    "process vmm holds 17 pages for good, its RLIMIT_MEMLOCK allows 16 and it has"
		    " no CAP_IPC_LOCK; the last is pfn 0x4010, taken by vcpu0 in sev_pin_spte()");
}

static void memlock_exceeded_over_two_vms_speaks(void **state)
{
	mock.nr_vms = 2;
	hold_pages(16);
	mock_held(PFN, PAGE_REF_PIN)->owner = SIM_OWNER(OWNER_VM, 1);
	assert_non_null(outlived("memlock-exceeded"));
}

static void memlock_exceeded_at_limit_silent(void **state)
{
	hold_pages(16);
	mock_ref(PFN, PAGE_REF_PIN, SIM_OWNER(OWNER_ACTOR, 1));
	assert_silent(outlived("memlock-exceeded"));
}

static void memlock_exceeded_capable_silent(void **state)
{
	hold_pages(17);
	mock.processes[0].cap_ipc_lock = true;
	assert_silent(outlived("memlock-exceeded"));
}

static void memlock_exceeded_other_process_silent(void **state)
{
	mock.nr_vms = 2;
	mock.vms[1].owner = 1;
	mock.processes[1].memlock_pages = 1;
	hold_pages(16);
	mock_held(PFN, PAGE_REF_PIN)->owner = SIM_OWNER(OWNER_VM, 1);
	assert_silent(outlived("memlock-exceeded"));
}

static void held_pages_sums_long_lived_of_process(void **state)
{
	mock.nr_vms = 2;
	mock.vms[1].owner = 1;
	hold_pages(3);
	mock_held(PFN, PAGE_REF_PIN)->owner = SIM_OWNER(OWNER_VM, 1);
	mock_ref(PFN, PAGE_REF_PIN, SIM_OWNER(OWNER_ACTOR, 1));
	assert_int_equal(check_held_pages(0), 3);
	assert_int_equal(check_held_pages(1), 1);
}

static void memlock_drift_counter_off_speaks(void **state)
{
	mock.counter = 3;
	mock.counter_records = 2;
	assert_says(see("memlock-drift", SIM_HOOK, HOOK, 1, 0),
		    "vm 0 counts 3 locked pages after the register_region hook,"
		    " its records add up to 2");
	assert_says(see_end("memlock-drift", CHECK_END_DONE),
		    "vm 0 ends with 3 locked pages counted, its records add up to 2");
}

static void memlock_drift_equal_silent(void **state)
{
	mock.counter = 2;
	mock.counter_records = 2;
	assert_silent(see("memlock-drift", SIM_HOOK, HOOK, 1, 0));
	assert_silent(see_end("memlock-drift", CHECK_END_DONE));
}

static void memlock_drift_inside_hook_silent(void **state)
{
	mock.counter = 3;
	assert_silent(see("memlock-drift", SIM_HOOK, HOOK, 0, 0));
	mock.hooks_open = 1;
	assert_silent(see("memlock-drift", SIM_HOOK, HOOK, 1, 0));
	mock.hooks_open = 0;
	mock.no_design = true;
	assert_silent(see("memlock-drift", SIM_HOOK, HOOK, 1, 0));
	assert_silent(see_end("memlock-drift", CHECK_END_TORN_DOWN));
}

static const char *cma_alloc_of(int64_t count, int64_t err)
{
	return see_at("cma-blocked", SIM_LEAVE, 0, err, count, "cma_alloc");
}

static void cma_blocked_by_held_page_speaks(void **state)
{
	cma_area(4);
	mock_page(PFN)->cma = true;
	mock_held(PFN, PAGE_REF_GET);
	assert_says(cma_alloc_of(4, -16),
		    "cma_alloc() by vcpu0 fails with -EBUSY and always will: pfn 0x4000 is held"
		    " by the plain reference that slot 0 of vm 0 keeps on it");
}

/* J.4: what else there is was tried too, and is held by somebody for a moment. */
static void cma_blocked_only_if_no_slot_is_left(void **state)
{
	cma_area(6);
	mock_held(PFN + 1, PAGE_REF_GET);
	mock_held(PFN + 4, PAGE_REF_PIN);
	assert_silent(cma_alloc_of(2, -12));
	assert_silent(cma_alloc_of(1, -12));
	assert_non_null(cma_alloc_of(3, -12));
	mock_held(PFN + 2, PAGE_REF_GET);
	assert_non_null(cma_alloc_of(2, -12));
	assert_silent(cma_alloc_of(1, -12));
	assert_silent(cma_alloc_of(7, -12));
}

static void cma_blocked_by_short_reference_silent(void **state)
{
	cma_area(1);
	mock_page(PFN)->cma = true;
	mock_ref(PFN, PAGE_REF_GET, SIM_OWNER(OWNER_ACTOR, 1));
	mock_page(PFN + 1);
	mock_held(PFN + 1, PAGE_REF_GET);
	assert_silent(cma_alloc_of(1, -16));
}

static void cma_blocked_allocation_worked_silent(void **state)
{
	cma_area(4);
	mock_page(PFN)->cma = true;
	mock_held(PFN, PAGE_REF_GET);
	assert_silent(cma_alloc_of(4, 0));
	assert_silent(see_at("cma-blocked", SIM_LEAVE, 0, -16, 4, "migrate_pages"));
}

/* A round over the block of PFN; @ret pages stayed. */
static const char *offline_round(int64_t ret)
{
	return see_at("offline-blocked", SIM_LEAVE, SIM_OBJ(OBJ_PAGEBLOCK, PFN / 512), ret,
		      PFN + 1024, "do_migrate_range");
}

static void offline_blocked_by_held_page_speaks(void **state)
{
	mock_page(PFN + 600)->zone = PROBE_ZONE_MOVABLE;
	mock_held(PFN + 600, PAGE_REF_GET);
	assert_says(offline_round(1),
		    "offline_pages() by vcpu0 cannot move pfn 0x4258, and never will: it is held"
		    " by the plain reference that slot 0 of vm 0 keeps on it");
	assert_silent(offline_round(0));
	assert_silent(see_at("offline-blocked", SIM_LEAVE, SIM_OBJ(OBJ_PAGEBLOCK, PFN / 512), 1,
			     PFN + 600, "do_migrate_range"));
	assert_silent(see_at("offline-blocked", SIM_LEAVE, SIM_OBJ(OBJ_PAGEBLOCK, PFN / 512), 1,
			     PFN + 1024, "migrate_pages"));
}

static void offline_blocked_by_short_reference_silent(void **state)
{
	mock_page(PFN)->zone = PROBE_ZONE_MOVABLE;
	mock_ref(PFN, PAGE_REF_GET, SIM_OWNER(OWNER_ACTOR, 1));
	mock_held(PFN, PAGE_REF_GET)->long_lived = false;
	assert_silent(offline_round(1));
}

/* K.31: a block of ZONE_NORMAL may go offline, but nobody has promised it. */
static void offline_blocked_in_normal_silent(void **state)
{
	mock_page(PFN)->isolate = true;
	mock_held(PFN, PAGE_REF_PIN);
	assert_silent(offline_round(1));
}

static void ref_leak_left_reference_speaks(void **state)
{
	mock_page(PFN);
	mock_held(PFN, PAGE_REF_PIN);
	assert_says(see_end("ref-leak", CHECK_END_TORN_DOWN),
		    "1 FOLL_PIN reference on pfn 0x4000 is never returned: taken by vcpu0 in"
		    " sev_pin_spte() at step 10 for slot 0 of vm 0");
}

static void ref_leak_left_page_speaks(void **state)
{
	mock_page(PFN);
	assert_says(see_end("ref-leak", CHECK_END_TORN_DOWN),
		    "pfn 0x4000 is never freed: its reference count is 1"
		    " and nobody is known to hold it");
}

static void ref_leak_pin_statistics_speak(void **state)
{
	mock.counts.foll_pin_acquired = 2;
	mock.counts.foll_pin_released = 1;
	assert_says(see_end("ref-leak", CHECK_END_TORN_DOWN),
		    "nr_foll_pin_acquired is 2 and nr_foll_pin_released 1"
		    " with everything torn down");
}

static void ref_leak_all_returned_silent(void **state)
{
	mock_page(PFN)->free = true;
	mock_page(PFN + 1)->zero_page = true;
	mock_ref(PFN + 1, PAGE_REF_ZERO, 0);
	mock.counts.foll_pin_acquired = 2;
	mock.counts.foll_pin_released = 2;
	assert_silent(see_end("ref-leak", CHECK_END_TORN_DOWN));
}

static void memory_leak_left_memory_speaks(void **state)
{
	mock.nr_blocks = 2;
	mock.block = (struct sim_block){ .size = 40, .task = 0, .site = "sev_alloc" };
	assert_says(see_end("memory-leak", CHECK_END_TORN_DOWN),
		    "2 allocations are never freed; the last is of 40 bytes, by vcpu0 in"
		    " sev_alloc()");
}

static void memory_leak_before_teardown_silent(void **state)
{
	mock.nr_blocks = 1;
	assert_silent(see_end("memory-leak", CHECK_END_DONE));
	mock.nr_blocks = 0;
	assert_silent(see_end("memory-leak", CHECK_END_TORN_DOWN));
}

static void ref_leak_before_teardown_silent(void **state)
{
	mock_page(PFN);
	mock_held(PFN, PAGE_REF_PIN);
	assert_silent(see_end("ref-leak", CHECK_END_DONE));
}

static void refcount_overflow_wrap_speaks(void **state)
{
	static const char text[] =
		"the reference count of pfn 0x4000 overflows in some_function() of vcpu0";

	assert_says(see("refcount-overflow", SIM_X_OVERFLOW, PAGE, 1, 0), text);
	assert_says(see("refcount-overflow", SIM_GET, PAGE, 1, INT_MAX - 127), text);
	assert_says(see("refcount-overflow", SIM_PIN, PAGE, SIM_REF_A(PAGE_REF_PIN, 1), INT_MAX),
		    text);
}

static void refcount_overflow_below_silent(void **state)
{
	assert_silent(see("refcount-overflow", SIM_GET, PAGE, 1, INT_MAX - 128));
	assert_silent(see("refcount-overflow", SIM_PUT, PAGE, 1, INT_MAX));
}

#define T(name)	cmocka_unit_test_setup(name, mock_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(longterm_placement_movable_speaks),
		T(longterm_placement_cma_pin_speaks),
		T(longterm_placement_isolated_cma_speaks),
		T(longterm_placement_isolated_elsewhere_silent),
		T(longterm_placement_taken_while_isolated_speaks),
		T(longterm_placement_isolated_no_longer_silent),
		T(longterm_placement_normal_silent),
		T(longterm_placement_short_reference_silent),
		T(longterm_placement_zero_page_silent),
		T(memlock_exceeded_one_too_many_speaks),
		T(memlock_exceeded_over_two_vms_speaks),
		T(memlock_exceeded_at_limit_silent),
		T(memlock_exceeded_capable_silent),
		T(memlock_exceeded_other_process_silent),
		T(held_pages_sums_long_lived_of_process),
		T(memlock_drift_counter_off_speaks),
		T(memlock_drift_equal_silent),
		T(memlock_drift_inside_hook_silent),
		T(cma_blocked_by_held_page_speaks),
		T(cma_blocked_only_if_no_slot_is_left),
		T(cma_blocked_by_short_reference_silent),
		T(offline_blocked_by_held_page_speaks),
		T(offline_blocked_by_short_reference_silent),
		T(offline_blocked_in_normal_silent),
		T(cma_blocked_allocation_worked_silent),
		T(ref_leak_left_reference_speaks),
		T(ref_leak_left_page_speaks),
		T(ref_leak_pin_statistics_speak),
		T(ref_leak_all_returned_silent),
		T(ref_leak_before_teardown_silent),
		T(memory_leak_left_memory_speaks),
		T(memory_leak_before_teardown_silent),
		T(refcount_overflow_wrap_speaks),
		T(refcount_overflow_below_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
