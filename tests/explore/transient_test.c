/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * J.16: the references that a guest's faults have for a moment, from GUP to their
 * end (H.23), and whom they are in the way of. Those of the mm are in
 * tests/fakes/transient_test.c.
 */
#include "tests/explore/searching.h"

#define HEAD								\
	"race t \"Is it in the way?\"\n"				\
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 0; }\n" \
	"process vmm { map ram 4K anon in movable populated; }\n"

static void sometimes(const char *kernel, const char *design, const char *text)
{
	struct searching s;

	searching_open(&s, "t", text, design);
	searching_kernel(&s, kernel);
	s.config.kind = SEARCH_BOUNDED;
	s.config.preemptions = 2;
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "");
	assert_true(s.result.conds[0].positive > 0);
	assert_true(s.result.conds[0].negative > 0);
	searching_close(&s);
}

/* H.23, K.30: migration finds KVM's reference at each of its tries. */
static void window_of_a_fault_keeps_a_page_in_place(void **state)
{
	static const char text[] = HEAD
		"vm guest owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		"task vcpu0 on 0 { fault gfn 0x100 write -> 0; }\n"
		"task mover on 1 { migrate ram; }\n"
		"exists (mover.migrate == 1)\n";

	sometimes("5.17", "eager", text);
	sometimes("6.1", "eager", text);
	sometimes("6.12", "eager", text);
}

/* K.17, E.22: who pins for long and has to move the page finds the other vCPU's. */
static void fault_of_another_vcpu_makes_a_longterm_pin_fail(void **state)
{
	static const char text[] = HEAD
		"vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; register ram; }\n"
		"task vcpu0 on 0 { fault gfn 0x100 write -> 0 | -EFAULT; }\n"
		"task vcpu1 on 1 { fault gfn 0x100 write -> 0 | -EFAULT; }\n"
		"exists (vcpu0.fault == -EFAULT)\n";

	sometimes("6.1", "demand-takeover", text);
	sometimes("6.12", "demand-takeover", text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_of_a_fault_keeps_a_page_in_place),
		cmocka_unit_test(fault_of_another_vcpu_makes_a_longterm_pin_fail),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
