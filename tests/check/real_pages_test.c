/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each check of pages, references to them, records of them and memory over the whole
 * simulated kernel: planted, or brought about by a race (tests/check/real.h).
 */
#include "tests/check/real.h"

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

/* --- all of them --------------------------------------------------------------------- */

static void every_check_has_spoken(void **state)
{
	real_all_spoken(REAL_PAGES);
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
		cmocka_unit_test(every_check_has_spoken),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
