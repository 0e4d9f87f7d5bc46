/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel allows, and what its user space may do to itself, over the
 * whole simulated kernel: no check may speak of it, and the machine must get
 * through. Beside it, where that is near, what a check must still speak of.
 */
#include <string.h>

#include "tests/explore/searching.h"

#define RACE		"race t \"Is nothing wrong here?\"\n"
#define MACHINE		"machine { cpus 2; zone normal 64M; zone movable 0; cma 0; }\n"
#define ONE_PAGE	"process vmm { map ram 4K anon in normal; map other 4K anon in normal; }\n"
#define GUEST		"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
#define HEAD		RACE MACHINE ONE_PAGE

struct question {
	const char *design;
	const char *kernel;
	const char *text;
	uint64_t executions;		/* random ones; 0: the default schedule */
};

static void verdict(struct question q, const char *ids)
{
	struct searching s;

	searching_open(&s, "t", q.text, q.design);
	searching_kernel(&s, q.kernel);
	if (q.executions) {
		s.config.kind = SEARCH_RANDOM;
		s.config.executions = q.executions;
		s.config.seed = 1;
	}
	searching_run(&s);
	assert_string_equal(searching_violated(&s), ids);
	searching_close(&s);
}

/* The same on both kernels. */
static void verdicts(const char *design, const char *text, uint64_t executions, const char *ids)
{
	verdict((struct question){ design, "6.1", text, executions }, ids);
	verdict((struct question){ design, "6.12", text, executions }, ids);
}

/* H.4 step 3: the walk without a lock, while H.31 takes its tables away. */
static void h_4_lockless_walk_while_tables_go_is_silent(void **state)
{
	static const char text[] = HEAD GUEST
		"task vcpu0 on 0 { fault gfn 0x100 read; fault gfn 0x100 write; }\n"
		"task vmm0 on 1 { slot delete 0; }\n";

	verdicts("eager", text, 1000, "");
	verdicts("demand-late", text, 1000, "");
}

/* K.13: RFC v0 counts the zero page as any other, and puts it again. */
static void k_13_zero_page_counted_by_demand_ref_is_silent(void **state)
{
	static const char text[] = HEAD GUEST
		"task vcpu0 on 0 { fault gfn 0x100 read -> 0; fault gfn 0x100 write -> 0; }\n";

	verdicts("demand-ref", text, 0, "");
}

/* A.11, E.8: on 6.1 a long-term pin for reading pins the zero page: nothing. */
static void a_11_zero_page_pinned_for_reading_is_silent(void **state)
{
	static const char text[] = HEAD GUEST
		"task vcpu0 on 0 { fault gfn 0x100 read -> 0; fault gfn 0x100 write -> 0; }\n";

	verdicts("demand-takeover", text, 0, "");
	verdicts("demand-late", text, 0, "");
}

/* G.5: slots may overlap in address; what is written by one is read by the other. */
static void g_5_alias_written_by_one_guest_is_silent(void **state)
{
	static const char text[] = HEAD
		"vm guest sev { slot 0 gfn 0x100 maps ram; slot 1 gfn 0x200 maps ram; }\n"
		"task vcpu0 on 0 {\n"
		"	fault gfn 0x100 write; fault gfn 0x100 write;\n"
		"	fault gfn 0x200 write; fault gfn 0x100 read;\n"
		"}\n";

	verdicts("demand-takeover", text, 0, "");
}

static void g_5_page_shared_by_two_guests_is_silent(void **state)
{
	static const char text[] = HEAD
		"vm a sev owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		"vm b sev owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		"task vcpu0 on 0 of a { fault gfn 0x100 write; fault gfn 0x100 read; }\n"
		"task vcpu1 on 1 of b { fault gfn 0x100 write; fault gfn 0x100 read; }\n";

	verdicts("demand-takeover", text, 200, "");
}

/* An alias does not hide that the page has moved. */
static void g_5_alias_moved_speaks(void **state)
{
	static const char text[] = HEAD
		"vm guest sev { slot 0 gfn 0x100 maps ram; slot 1 gfn 0x200 maps ram; }\n"
		"task vcpu0 on 0 {\n"
		"	fault gfn 0x100 write; fault gfn 0x200 write;\n"
		"	slot delete 0; slot delete 1; migrate ram -> 0;\n"
		"	slot create 0 gfn 0x100 maps ram;\n"
		"}\n";

	verdicts("demand-takeover", text, 0, "guest-corruption");
}

/* K.19: what the VMM takes away while no slot shows it is not lost. */
static void k_19_slot_made_again_over_nothing_is_silent(void **state)
{
	static const char text[] = HEAD GUEST
		"task vcpu0 on 0 {\n"
		"	fault gfn 0x100 write; slot delete 0; munmap ram;\n"
		"	slot create 0 gfn 0x100 maps ram; fault gfn 0x100 write -> -EFAULT;\n"
		"}\n";

	verdicts("demand-takeover", text, 0, "");
}

static void k_19_slot_made_again_over_other_memory_is_silent(void **state)
{
	static const char text[] = HEAD GUEST
		"task vcpu0 on 0 {\n"
		"	fault gfn 0x100 write; slot delete 0;\n"
		"	slot create 0 gfn 0x100 maps other; fault gfn 0x100 read;\n"
		"}\n";

	verdicts("demand-takeover", text, 0, "");
}

/* but in between nothing pins it, and then it may move. */
static void k_19_slot_made_again_over_moved_memory_speaks(void **state)
{
	static const char text[] = HEAD GUEST
		"task vcpu0 on 0 {\n"
		"	fault gfn 0x100 write; slot delete 0; migrate ram -> 0;\n"
		"	slot create 0 gfn 0x100 maps ram;\n"
		"}\n";

	verdicts("demand-takeover", text, 0, "guest-corruption");
}

/* F.1: a pin that a hook is about to drop again, as one too many, is not held for good. */
static void f_1_pin_of_an_open_hook_is_not_charged(void **state)
{
	static const char text[] = RACE
		"machine { cpus 3; zone normal 64M; zone movable 0; cma 0; }\n"
		"process vmm { memlock 4K; map ram 4K anon in normal populated; }\n" GUEST
		"task vcpu0 on 0 role 0 { fault gfn 0x100 write; }\n"
		"task vcpu1 on 1 role 1 { fault gfn 0x100 write; }\n"
		"task vcpu2 on 2 role 2 { fault gfn 0x100 write; }\n";

	verdict((struct question){ "demand-takeover", "6.12", text, 2000 }, "");
	verdict((struct question){ "demand-late", "6.12", text, 2000 }, "");
}

/* D.4, D.6: 6.12 locks a batch of up to 512 folios and their targets at once. */
static void d_4_large_batch_migrates(void **state)
{
	static const char text[] = RACE MACHINE
		"process vmm { map ram 4M anon in normal populated; }\n"
		"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
		"task mover on 0 { migrate ram[0..599] -> 0; }\n";

	verdicts("eager", text, 0, "");
}

/* D.9, J.13: munmap() while a migration has the entry in its hands. */
static void j_13_munmap_during_migration_leaves_nothing(void **state)
{
	static const char text[] = RACE MACHINE
		"process vmm { map ram 4K anon in normal populated; }\n" GUEST
		"task mover on 0 of vmm { pin ram write; migrate ram; unpin ram; }\n"
		"task vmm0 on 1 of vmm { munmap ram; }\n";

	verdicts("eager", text, 2000, "");
}

/* E.13: interrupts are off from a fast walk's start, so only one of them may begin. */
static void e_13_fast_walks_of_one_cpu_begin_one_by_one(void **state)
{
	static const char text[] = RACE MACHINE
		"process vmm { map ram 8K anon in normal populated; }\n"
		"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
		"task a on 0 of vmm { hold ram[0] -> 0; }\n"
		"task b on 0 of vmm { pin ram[1] write -> 0; }\n"
		"task c on 0 of vmm { hold ram[1] -> 0; }\n";

	verdicts("eager", text, 0, "");
	verdicts("eager", text, 200, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(h_4_lockless_walk_while_tables_go_is_silent),
		cmocka_unit_test(k_13_zero_page_counted_by_demand_ref_is_silent),
		cmocka_unit_test(a_11_zero_page_pinned_for_reading_is_silent),
		cmocka_unit_test(g_5_alias_written_by_one_guest_is_silent),
		cmocka_unit_test(g_5_page_shared_by_two_guests_is_silent),
		cmocka_unit_test(g_5_alias_moved_speaks),
		cmocka_unit_test(k_19_slot_made_again_over_nothing_is_silent),
		cmocka_unit_test(k_19_slot_made_again_over_other_memory_is_silent),
		cmocka_unit_test(k_19_slot_made_again_over_moved_memory_speaks),
		cmocka_unit_test(f_1_pin_of_an_open_hook_is_not_charged),
		cmocka_unit_test(d_4_large_batch_migrates),
		cmocka_unit_test(j_13_munmap_during_migration_leaves_nothing),
		cmocka_unit_test(e_13_fast_walks_of_one_cpu_begin_one_by_one),
	};

	return cmocka_run_group_tests_name("innocent", tests, rolled_map, rolled_unmap) ? 1 : 0;
}
