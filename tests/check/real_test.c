/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each check over the whole simulated kernel: it meets what it is for, planted by a
 * design of plants_world.c or brought about by a race, and is silent about what comes
 * close. A check that was never seen to speak here is none: the last test asks.
 */
#include <string.h>

#include "tests/explore/searching.h"

#define HEAD								\
	"race t \"Is it noticed?\"\n"					\
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 4M; }\n"
#define ANON(place)	"process vmm { map ram 4K anon in " place " populated; }\n"
#define GUEST		"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
#define FAULT		"task vcpu0 on 0 { fault gfn 0x100 write; }\n"

/* What most plants need: one page, one fault, and everything torn down. */
static const char one_fault[] = HEAD ANON("normal") GUEST FAULT;

/* Checks that spoke in some test, a bit each. */
static uint64_t spoken;

struct question {
	const char *design;
	const char *text;
	const char *without;		/* NULL: all checks are on */
	uint64_t executions;		/* random ones; 0: the default schedule */
	bool accesses;			/* at access grain */
	bool caches;			/* of a plant too: they write back nothing */
};

static void ask(struct searching *s, const struct question *q)
{
	char error[512];

	searching_open(s, "t", q->text, q->design);
	if (q->without && check_set_parse(&s->checks, q->without, error, sizeof(error)))
		fail_msg("%s", error);
	if (!q->caches && !strncmp(q->design, "plant-", 6))
		check_set_leave_out(&s->checks, "cache-stale", error, sizeof(error));
	if (q->executions) {
		s->config.kind = SEARCH_RANDOM;
		s->config.executions = q->executions;
		s->config.seed = 1;
	}
	s->config.accesses = q->accesses;
	searching_run(s);
	for (unsigned int i = 0; check_nth(i); i++)
		if (searching_found(s, check_nth(i)->id))
			spoken |= 1ULL << i;
}

/* The verdict is @ids, no more and no less. */
static void verdict(struct question q, const char *ids)
{
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), ids);
	searching_close(&s);
}

/* The same, and how the sentence of the first one begins. */
static void sentence(struct question q, const char *id, const char *text)
{
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), id);
	if (strncmp(s.result.found[0].violation.text, text, strlen(text)))
		assert_string_equal(s.result.found[0].violation.text, text);
	searching_close(&s);
}

/* --- references ------------------------------------------------------------ */

static void ref_leak_slot_freed_without_put_speaks(void **state)
{
	sentence((struct question){ "plant-leak", one_fault }, "ref-leak",
		 "1 plain reference on ram is never returned: taken by vcpu0 in sev_pin_one()");
}

static void ref_leak_slot_freed_with_put_silent(void **state)
{
	verdict((struct question){ "demand-ref", one_fault }, "");
}

/* The set-up made the slot, so nobody's task has them. */
static void memory_leak_slot_freed_without_arrays_speaks(void **state)
{
	sentence((struct question){ "plant-forgetful", one_fault }, "memory-leak",
		 "2 allocations are never freed; the last is of ");
}

static void ref_underflow_last_reference_put_twice_speaks(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; munmap ram; }\n";

	verdict((struct question){ "plant-put-twice", text }, "ref-underflow");
	verdict((struct question){ "demand-ref", text }, "");
}

static void double_unpin_slot_unpinned_twice_speaks(void **state)
{
	verdict((struct question){ "plant-unpin-twice", one_fault }, "double-unpin");
}

static void double_unpin_unpinned_once_silent(void **state)
{
	verdict((struct question){ "demand-late", one_fault }, "");
}

/* And so the page is freed while it is mapped, which the allocator warns of. */
static void owner_mismatch_page_tables_reference_put_speaks(void **state)
{
	verdict((struct question){ "plant-put-twice", one_fault }, "owner-mismatch, kernel-warn");
}

static void owner_mismatch_other_slots_pin_dropped_speaks(void **state)
{
	static const char text[] = HEAD ANON("normal")
		"vm guest sev { slot 0 gfn 0x100 maps ram; slot 1 gfn 0x200 maps ram; }\n"
		"task vcpu0 on 0 { fault gfn 0x100 write; fault gfn 0x200 write; }\n";

	verdict((struct question){ "plant-unpin-twice", text }, "owner-mismatch");
	verdict((struct question){ "demand-late", text }, "");
}

static void refcount_overflow_at_the_brink_speaks(void **state)
{
	verdict((struct question){ "plant-overflow", one_fault }, "refcount-overflow");
}

static void refcount_overflow_one_below_silent(void **state)
{
	verdict((struct question){ "plant-no-overflow", one_fault }, "");
}

/* --- memory ----------------------------------------------------------------- */

static void use_after_free_slot_metadata_speaks(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; slot delete 0; }\n";

	verdict((struct question){ "plant-keep", text }, "use-after-free");
	/* As long as the slot stands, so does its array. */
	verdict((struct question){ "plant-keep", one_fault }, "");
}

static void use_after_free_guest_writes_freed_page_speaks(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; munmap ram; fault gfn 0x100 write; }\n";

	verdict((struct question){ "plant-no-zap", text, "all,-stale-spte" }, "use-after-free");
	/* Its SPTE zapped, the guest faults, and there is no page for it. */
	verdict((struct question){ "plant-none", text, "all,-mapped-unpinned" }, "");
}

static void metadata_bounds_behind_the_slots_array_speaks(void **state)
{
	verdict((struct question){ "plant-bounds", one_fault }, "metadata-bounds");
}

static void metadata_bounds_last_element_silent(void **state)
{
	verdict((struct question){ "plant-no-bounds", one_fault }, "");
}

/* --- where pages lie, and what the guest finds -------------------------------- */

static void longterm_placement_by_zone_and_block(void **state)
{
	static const char movable[] = HEAD ANON("movable") GUEST FAULT;
	static const char cma[] = HEAD ANON("cma") GUEST FAULT;

	verdict((struct question){ "demand-ref", movable }, "longterm-placement");
	verdict((struct question){ "demand-ref", cma }, "longterm-placement");
	verdict((struct question){ "demand-ref", one_fault }, "");
	verdict((struct question){ "demand-takeover", movable }, "");
}

/* KVM's own reference, of a fault that is over, was never long-lived. */
static void longterm_placement_transient_reference_silent(void **state)
{
	static const char text[] = HEAD ANON("movable") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; }\n"
		"task other on 1 { hold ram; pin ram; }\n";

	verdict((struct question){ "plant-none", text, "all,-mapped-unpinned" }, "");
}

static void guest_corruption_moved_page_speaks_at_the_end(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; migrate ram; }\n";
	struct question q = { "plant-none", text, "all,-mapped-unpinned" };
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), "guest-corruption");
	assert_int_equal(s.result.found[0].violation.task, -1);
	searching_close(&s);
	/* The pin keeps the page in its place. */
	verdict((struct question){ "demand-late", text }, "");
}

/* The page would look well afterwards: judged by what the write covers. */
static void guest_corruption_write_over_garbage_speaks_at_the_write(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; migrate ram; fault gfn 0x100 write; }\n";
	struct question q = { "plant-none", text, "all,-mapped-unpinned" };
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), "guest-corruption");
	assert_int_equal(s.result.found[0].violation.task, 0);
	assert_string_equal(s.result.found[0].violation.text,
			    "what guest wrote at gfn 0x100 decrypts to garbage:"
			    " the page was encrypted at another physical address");
	searching_close(&s);
}

static void guest_corruption_read_of_garbage_speaks_at_the_read(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; migrate ram; fault gfn 0x100 read; }\n";
	struct question q = { "plant-none", text, "all,-mapped-unpinned" };
	struct searching s;

	ask(&s, &q);
	assert_string_equal(searching_violated(&s), "guest-corruption");
	assert_int_equal(s.result.found[0].violation.task, 0);
	searching_close(&s);
}

static void guest_corruption_vmm_writes_over_it_silent(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { fault gfn 0x100 write; migrate ram; touch ram;\n"
		"	fault gfn 0x100 write; fault gfn 0x100 write; }\n";

	verdict((struct question){ "plant-none", text, "all,-mapped-unpinned" }, "");
}

static void guest_corruption_plain_guest_silent(void **state)
{
	static const char text[] = HEAD ANON("normal")
		"vm guest { slot 0 gfn 0x100 maps ram; }\n"
		"task vcpu0 on 0 { fault gfn 0x100 write; migrate ram; fault gfn 0x100 write; }\n";

	verdict((struct question){ "demand-ref", text }, "");
}

/* --- cache lines ---------------------------------------------------------------- */

static void cache_stale_page_freed_unflushed_speaks(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { register ram; fault gfn 0x100 write; munmap ram; }\n";
	struct question q = { "plant-unflushed", text, "all,-mapped-unpinned", .caches = true };

	sentence(q, "cache-stale", "vcpu0 frees ram under dirty cache lines of an encrypted guest,"
		 " in tlb_finish_mmu()");
	q.design = "plant-flushed";
	verdict(q, "");
}

/* What the VMM wrote is in the host's lines until somebody writes them back. */
static void cache_stale_page_encrypted_unflushed_speaks(void **state)
{
	static const char registered[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { touch ram; register ram; fault gfn 0x100 write; }\n";
	/* Once it is the guest's, what the VMM does there is its own business. */
	static const char late[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { register ram; touch ram; fault gfn 0x100 write; }\n";

	sentence((struct question){ "eager", one_fault }, "cache-stale",
		 "ram is encrypted under dirty cache lines of the host,"
		 " by vcpu0 in sev_guest_write()");
	verdict((struct question){ "eager", registered }, "");
	verdict((struct question){ "eager", late }, "");
}

/* --- pins and their records ---------------------------------------------------- */

static void mapped_unpinned_design_without_pins_speaks(void **state)
{
	sentence((struct question){ "plant-none", one_fault }, "mapped-unpinned",
		 "vcpu0 maps gfn 0x100 of guest to ram and releases mmu_lock,"
		 " and no hook holds that page");
}

/* Somebody's pin is not the design's. */
static void mapped_unpinned_foreign_pin_speaks(void **state)
{
	static const char text[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { pin ram longterm write; fault gfn 0x100 write; }\n";

	verdict((struct question){ "plant-none", text }, "mapped-unpinned");
	verdict((struct question){ "demand-ref", text }, "");
}

static void mapped_unpinned_eager_by_region(void **state)
{
	static const char inside[] = HEAD ANON("normal") GUEST
		"task vcpu0 on 0 { register ram; fault gfn 0x100 write; }\n";

	verdict((struct question){ "eager", inside }, "");
	/* Outside of what is registered eager promises nothing. */
	verdict((struct question){ "eager", one_fault, "all,-cache-stale" }, "");
}

static void record_mismatch_bit_without_reference_speaks(void **state)
{
	verdict((struct question){ "plant-no-get", one_fault }, "record-mismatch");
	/* What ends an execution first hides the rest. */
	verdict((struct question){ "plant-no-get", one_fault, "all,-record-mismatch" },
		"mapped-unpinned");
}

static void record_mismatch_two_records_two_references_silent(void **state)
{
	static const char text[] = HEAD ANON("normal")
		"vm guest sev { slot 0 gfn 0x100 maps ram; slot 1 gfn 0x200 maps ram; }\n"
		"task vcpu0 on 0 { fault gfn 0x100 write; fault gfn 0x200 write; }\n";

	verdict((struct question){ "demand-ref", text }, "");
	verdict((struct question){ "demand-takeover", text }, "");
}

#define LIMITED(limit)								\
	HEAD									\
	"process vmm { memlock " limit " map ram 8K anon in normal; }\n"	\
	"vm guest sev { slot 0 gfn 0x100 maps ram[..]; }\n"			\
	"task vcpu0 on 0 { fault gfn 0x100 write; fault gfn 0x101 write; }\n"

static void memlock_exceeded_by_one_page_speaks(void **state)
{
	verdict((struct question){ "demand-ref", LIMITED("4K;") }, "memlock-exceeded");
	verdict((struct question){ "demand-late", LIMITED("4K;") }, "memlock-exceeded");
}

static void memlock_exceeded_reached_or_capable_silent(void **state)
{
	verdict((struct question){ "demand-ref", LIMITED("8K;") }, "");
	verdict((struct question){ "demand-ref", LIMITED("4K; cap ipc_lock;") }, "");
}

static const char registers[] = HEAD ANON("normal") GUEST
	"task vcpu0 on 0 { register ram; fault gfn 0x100 write; }\n";

static void memlock_drift_counter_too_high_speaks(void **state)
{
	sentence((struct question){ "plant-drift", registers }, "memlock-drift",
		 "guest counts 2 locked pages after the register_region hook,"
		 " its records add up to 1");
}

static void memlock_drift_eager_silent(void **state)
{
	verdict((struct question){ "eager", registers }, "");
}

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
	for (unsigned int i = 0; check_nth(i); i++)
		if (!(spoken >> i & 1))
			fail_msg("%s was never seen to speak", check_nth(i)->id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ref_leak_slot_freed_without_put_speaks),
		cmocka_unit_test(ref_leak_slot_freed_with_put_silent),
		cmocka_unit_test(memory_leak_slot_freed_without_arrays_speaks),
		cmocka_unit_test(ref_underflow_last_reference_put_twice_speaks),
		cmocka_unit_test(double_unpin_slot_unpinned_twice_speaks),
		cmocka_unit_test(double_unpin_unpinned_once_silent),
		cmocka_unit_test(owner_mismatch_page_tables_reference_put_speaks),
		cmocka_unit_test(owner_mismatch_other_slots_pin_dropped_speaks),
		cmocka_unit_test(refcount_overflow_at_the_brink_speaks),
		cmocka_unit_test(refcount_overflow_one_below_silent),
		cmocka_unit_test(use_after_free_slot_metadata_speaks),
		cmocka_unit_test(use_after_free_guest_writes_freed_page_speaks),
		cmocka_unit_test(metadata_bounds_behind_the_slots_array_speaks),
		cmocka_unit_test(metadata_bounds_last_element_silent),
		cmocka_unit_test(longterm_placement_by_zone_and_block),
		cmocka_unit_test(longterm_placement_transient_reference_silent),
		cmocka_unit_test(guest_corruption_moved_page_speaks_at_the_end),
		cmocka_unit_test(guest_corruption_write_over_garbage_speaks_at_the_write),
		cmocka_unit_test(guest_corruption_read_of_garbage_speaks_at_the_read),
		cmocka_unit_test(guest_corruption_vmm_writes_over_it_silent),
		cmocka_unit_test(guest_corruption_plain_guest_silent),
		cmocka_unit_test(cache_stale_page_freed_unflushed_speaks),
		cmocka_unit_test(cache_stale_page_encrypted_unflushed_speaks),
		cmocka_unit_test(mapped_unpinned_design_without_pins_speaks),
		cmocka_unit_test(mapped_unpinned_foreign_pin_speaks),
		cmocka_unit_test(mapped_unpinned_eager_by_region),
		cmocka_unit_test(record_mismatch_bit_without_reference_speaks),
		cmocka_unit_test(record_mismatch_two_records_two_references_silent),
		cmocka_unit_test(memlock_exceeded_by_one_page_speaks),
		cmocka_unit_test(memlock_exceeded_reached_or_capable_silent),
		cmocka_unit_test(memlock_drift_counter_too_high_speaks),
		cmocka_unit_test(memlock_drift_eager_silent),
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
