/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each check of mappings, of what tasks do to each other and to the machine, over the
 * whole simulated kernel: planted, or brought about by a race (tests/check/real.h).
 */
#include "tests/check/real.h"

/* --- mappings ------------------------------------------------------------------- */

static void stale_spte_notifier_without_zap_speaks(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; munmap ram; }\n";
	static const char moved[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; migrate ram; }\n";

	verdict((struct question){ "plant-no-zap", text }, "stale-spte");
	verdict((struct question){ "plant-no-zap", moved }, "stale-spte");
	verdict((struct question){ "plant-none", text, "all,-mapped-unpinned" }, "");
}

static void stale_spte_other_page_of_the_slot_silent(void **state)
{
	static const char text[] = HEAD
		"process vmm { map ram 8K anon in normal; }\n"
		"vm guest sev { slot 0 gfn 0x100 maps ram[..]; }\n"
		"task vcpu0 on 0 { fault gfn 0x100 write; touch ram[1]; munmap ram[1]; }\n";

	verdict((struct question){ "plant-no-zap", text }, "");
}

/* While it lasts, a migration entry stands where the page was. */
static void stale_spte_migration_that_fails_speaks(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; hold ram; migrate ram; }\n";

	verdict((struct question){ "plant-no-zap", text }, "stale-spte");
}

/* --- locks, sleeping ------------------------------------------------------------- */

static void sleep_in_atomic_allocation_under_mmu_lock_speaks(void **state)
{
	sentence((struct question){ "plant-sleep", one_fault }, "sleep-in-atomic",
		 "vcpu0 may sleep in allocate() in atomic context; it holds"
		 " vcpu_mutex, mmu_lock (shared)");
}

static void sleep_in_atomic_gfp_atomic_silent(void **state)
{
	verdict((struct question){ "plant-atomic", one_fault }, "");
}

static void no_progress_third_try_alone_speaks(void **state)
{
	sentence((struct question){ "plant-again", one_fault }, "no-progress", "vcpu0 faults at");
	verdict((struct question){ "plant-twice", one_fault }, "");
	verdict((struct question){ "plant-again", HEAD ANON("normal") GUEST FAULT
		"task other on 1 { touch ram; }\n" }, "");
}

static const char two_ioctls[] = HEAD ANON("normal") GUEST
	"task a on 0 { register ram; }\n"
	"task b on 1 { unregister ram; }\n";

static void lock_order_slots_lock_before_kvm_lock_speaks(void **state)
{
	sentence((struct question){ "plant-order", two_ioctls }, "lock-order",
		 "b takes kvm_lock in lock_both() while it holds slots_lock,"
		 " which comes after it");
}

static void lock_order_kvm_lock_before_slots_lock_silent(void **state)
{
	verdict((struct question){ "plant-in-order", two_ioctls }, "");
}

static void deadlock_two_tasks_cross_speaks(void **state)
{
	verdict((struct question){ "plant-order", two_ioctls, "all,-lock-order", 300 },
		"deadlock");
	/* One after the other they do not meet. */
	verdict((struct question){ "plant-order", two_ioctls, "all,-lock-order" }, "");
	verdict((struct question){ "plant-in-order", two_ioctls, NULL, 300 }, "");
}

static void deadlock_pin_in_map_waits_for_itself_speaks(void **state)
{
	static const char text[] = HEAD ANON("movable") GUEST FAULT;

	verdict((struct question){ "demand-late:in-map", text }, "sleep-in-atomic");
	sentence((struct question){ "demand-late:in-map", text, "all,-sleep-in-atomic" },
		 "deadlock", "nothing can run: vcpu0 waits for mmu_lock 0,"
		 " held shared by vcpu0 itself");
	verdict((struct question){ "demand-late", text }, "");
}

/* --- CMA ------------------------------------------------------------------------ */

#define DEVICE	"task device on 1 { cma_alloc 1024; }\n"

static void cma_blocked_by_long_lived_reference_speaks(void **state)
{
	static const char text[] = HEAD ANON("cma") GUEST FAULT DEVICE;

	verdict((struct question){ "demand-ref", text, "all,-longterm-placement" },
		"cma-blocked");
	verdict((struct question){ "demand-takeover", text }, "");
}

/* Whoever holds a page for a moment lets go of it again. */
static void cma_blocked_by_short_reference_silent(void **state)
{
	static const char text[] = HEAD ANON("cma") GUEST
		"task other on 0 { hold ram; }\n"
		"task device on 1 { cma_alloc 1024 -> -ENOMEM; }\n";
	struct question q = { "demand-ref", text };
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), "");
	assert_int_equal(s.result.unexpected, 0);
	searching_close(&s);
}

/* J.4: in an area of 1024 pages there is another place for one. */
static void cma_blocked_small_allocation_silent(void **state)
{
	static const char text[] = HEAD ANON("cma") GUEST FAULT
		"task device on 1 { cma_alloc 512 -> 0; }\n";

	verdict((struct question){ "demand-ref", text, "all,-longterm-placement" }, "");
}

/* --- memory offline ------------------------------------------------------------- */

#define HOST	"task host on 1 { offline ram; }\n"

static void offline_blocked_by_long_lived_reference_speaks(void **state)
{
	static const char text[] = HEAD ANON("movable") GUEST FAULT HOST;

	verdict((struct question){ "demand-ref", text, "all,-longterm-placement" },
		"offline-blocked");
	verdict((struct question){ "demand-takeover", text }, "");
}

/*
 * K.31, B.13: in ZONE_NORMAL the block's isolation alone tells. Who comes after
 * it is out of place, unless GUP looked for him; who came before is not.
 */
static void longterm_placement_in_an_isolated_block(void **state)
{
	/* Below lies what can never move, and would keep the block from it. */
#define ABOVE	"process vmm { map fill 4M anon in normal populated;"		\
		" map ram 4K anon in normal populated; }\n"
#define ENDS	"task host on 1 { drain; fail fatal_signal nth 3; offline ram; }\n"
	static const char after[] = HEAD ABOVE GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; register ram; }\n" ENDS;
	static const char before[] = HEAD ABOVE
		"vm guest sev { slot 0 gfn 0x100 maps ram; register ram; }\n" ENDS;
	static const char *const only = "longterm-placement";

	verdict((struct question){ "demand-ref", after, only, .executions = 100 }, only);
	verdict((struct question){ "eager", after, only, .executions = 100 }, only);
	verdict((struct question){ "eager-longterm", after, only, .executions = 100 }, "");
	verdict((struct question){ "demand-sound", after, only, .executions = 100 }, "");
	verdict((struct question){ "eager", before, only }, "");
	verdict((struct question){ "eager-longterm", before, only }, "");
}

/* It goes on until the reference is gone: who drops it is not let run here. */
static void offline_blocked_by_short_reference_silent(void **state)
{
	static const char text[] = HEAD ANON("movable") GUEST
		"task host on 1 { fail fatal_signal nth 3; offline ram -> -EINTR; }\n"
		"task other on 0 { hold ram; }\n";
	struct question q = { "demand-ref", text, .executions = 20 };
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), "");
	searching_close(&s);
}

/* --- WARN and BUG ------------------------------------------------------------------ */

static void kernel_warn_reached_speaks(void **state)
{
	sentence((struct question){ "plant-warn", one_fault }, "kernel-warn",
		 "a WARN_ON triggers in warn_pin_pfn() of vcpu0");
}

static void kernel_bug_reached_speaks(void **state)
{
	sentence((struct question){ "plant-bug", one_fault }, "kernel-bug",
		 "a BUG_ON or an oops in bug_pin_pfn() of vcpu0");
}

static void kernel_bug_wild_store_speaks(void **state)
{
	verdict((struct question){ "plant-wild", one_fault }, "kernel-bug");
}

static void kernel_warn_and_bug_conditions_false_silent(void **state)
{
	verdict((struct question){ "plant-content", one_fault }, "");
}

/* --- livelock ------------------------------------------------------------------------ */

/* One has isolated the page and waits for the lock that the other retries under. */
static void livelock_isolated_page_under_mmu_lock_speaks(void **state)
{
	static const char mover[] = HEAD ANON("movable") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; }\n"
		"task mover on 1 of vmm { migrate ram; }\n";

	verdict((struct question){ .design = "demand-late:in-map", .text = mover,
				   .without = "livelock", .executions = 200 }, "livelock");
	verdict((struct question){ .design = "demand-late", .text = mover,
				   .without = "livelock", .executions = 200 }, "");
}

/* --- data races --------------------------------------------------------------------- */

/* Two vCPUs, each with a page of its own: they meet in the design alone. */
static const char two_pages[] = HEAD
	"process vmm { map ram 8K anon in normal populated; }\n"
	"vm guest sev { slot 0 gfn 0x100 maps ram[0..1]; }\n"
	"task vcpu0 on 0 { fault gfn 0x100 write; }\n"
	"task vcpu1 on 1 { fault gfn 0x101 write; }\n";

static void data_race_plain_store_where_two_meet_speaks(void **state)
{
	verdict((struct question){ .design = "plant-plain", .text = two_pages, .accesses = true,
				   .executions = 100 }, "data-race");
}

static void data_race_at_op_grain_silent(void **state)
{
	verdict((struct question){ .design = "plant-plain", .text = two_pages,
				   .executions = 100 }, "");
}

static void data_race_marked_or_locked_silent(void **state)
{
	verdict((struct question){ .design = "plant-marked", .text = two_pages, .accesses = true,
				   .executions = 100 }, "");
	verdict((struct question){ .design = "plant-locked", .text = two_pages, .accesses = true,
				   .executions = 100 }, "");
}

/* The bit is atomic, the page frame beside it is not (K.15). */
static void data_race_of_rfc_v0_speaks(void **state)
{
	static const char one_page[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 role 0 { fault gfn 0x100 write; }\n"
		"task vcpu1 on 1 role 1 { fault gfn 0x100 write; }\n";

	verdict((struct question){ .design = "demand-ref", .text = one_page, .accesses = true,
				   .without = "data-race", .executions = 300 }, "data-race");
}

/* --- all of them --------------------------------------------------------------------- */

static void every_check_has_spoken(void **state)
{
	real_all_spoken(REAL_TASKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stale_spte_notifier_without_zap_speaks),
		cmocka_unit_test(stale_spte_migration_that_fails_speaks),
		cmocka_unit_test(stale_spte_other_page_of_the_slot_silent),
		cmocka_unit_test(sleep_in_atomic_allocation_under_mmu_lock_speaks),
		cmocka_unit_test(sleep_in_atomic_gfp_atomic_silent),
		cmocka_unit_test(no_progress_third_try_alone_speaks),
		cmocka_unit_test(lock_order_slots_lock_before_kvm_lock_speaks),
		cmocka_unit_test(lock_order_kvm_lock_before_slots_lock_silent),
		cmocka_unit_test(deadlock_two_tasks_cross_speaks),
		cmocka_unit_test(deadlock_pin_in_map_waits_for_itself_speaks),
		cmocka_unit_test(cma_blocked_by_long_lived_reference_speaks),
		cmocka_unit_test(cma_blocked_by_short_reference_silent),
		cmocka_unit_test(cma_blocked_small_allocation_silent),
		cmocka_unit_test(offline_blocked_by_long_lived_reference_speaks),
		cmocka_unit_test(longterm_placement_in_an_isolated_block),
		cmocka_unit_test(offline_blocked_by_short_reference_silent),
		cmocka_unit_test(kernel_warn_reached_speaks),
		cmocka_unit_test(kernel_bug_reached_speaks),
		cmocka_unit_test(kernel_bug_wild_store_speaks),
		cmocka_unit_test(kernel_warn_and_bug_conditions_false_silent),
		cmocka_unit_test(livelock_isolated_page_under_mmu_lock_speaks),
		cmocka_unit_test(data_race_plain_store_where_two_meet_speaks),
		cmocka_unit_test(data_race_at_op_grain_silent),
		cmocka_unit_test(data_race_marked_or_locked_silent),
		cmocka_unit_test(data_race_of_rfc_v0_speaks),
		cmocka_unit_test(every_check_has_spoken),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
