/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "demand-sound" and reclaim (H-11, J.9): what it has pinned is not swapped out, in
 * no order and no kernel.
 */
#include "tests/explore/searching.h"

#define HEAD								\
	"race t \"Does it stay?\"\n"						\
	"machine { cpus 2; zone normal 64M; zone movable 0; cma 0; swap 1M; }\n"	\
	"process vmm { map ram 4K anon in normal populated; }\n"		\
	"vm guest sev owner vmm { slot 0 gfn 0x100 maps ram; register ram; }\n"
#define FAULTS									\
	"task vcpu0 on 0 { fault gfn 0x100 write -> 0; fault gfn 0x100 read -> 0;\n"	\
	"	fault gfn 0x100 write -> 0; }\n"

static void stays(const char *text)
{
	static const char *const kernels[] = { "5.17", "6.1", "6.12" };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct searching s;

		searching_open(&s, "t", text, "demand-sound");
		searching_kernel(&s, kernels[i]);
		s.config.kind = SEARCH_DFS;
		s.config.reduce = true;
		s.config.states = true;
		s.config.unroll = 3;
		searching_run(&s);
		assert_string_equal(searching_violated(&s), "");
		assert_int_equal(s.result.unexpected, 0);
		searching_close(&s);
	}
}

/*
 * The first time, somebody may have brought the page back while it was being written:
 * mapped, to be written, and still in the swap cache. The second time nobody asks.
 */
static void page_still_in_the_cache_is_taken_out(void **state)
{
	stays(HEAD FAULTS
	      "task vmm0 on 1 of vmm { pageout ram -> 0; pageout ram -> 0; }\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page_still_in_the_cache_is_taken_out),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
