/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task that waits in a loop for another one, and searches that do not let
 * that one run: none of them may go on for as long as --max-steps allows.
 */
#include <stdio.h>
#include <string.h>

#include "tests/explore/searching.h"

/* Whoever pins while the page is isolated tries again until it is put back. */
static const char waiting[] =
	"race t \"q\"\n"
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 0; }\n"
	"process vmm { map ram 4K anon in movable; }\n"
	"vm guest sev { slot 0 gfn 0x100 maps ram; register ram; }\n"
	"task vcpu0 on 0 { touch ram; fault gfn 0x100 write -> 0 | -EFAULT; }\n"
	"task mover on 1 { migrate ram; }\n"
	"exists (page(ram).zone == movable)\n";

/* Nobody may come to the aid of who waits: that is seen soon, and cut. */
static void bound_cuts_who_waits_forever(void **state)
{
	struct search_result whole;
	struct searching s;

	searching_open(&s, "t", waiting, "demand-late");
	s.config.kind = SEARCH_BOUNDED;
	s.config.preemptions = 1;
	s.config.whole = true;
	s.config.max_steps = 1000000;
	searching_run(&s);
	whole = s.result;
	assert_true(s.result.bounded > 0);
	assert_true(s.result.executions > 50);
	assert_int_equal(s.result.nr_bounds, 2);
	assert_true(s.result.steps < s.result.executions * 1000);
	/* What is known needs not be run, and comes to the same. */
	s.config.whole = false;
	memset(&s.result, 0, sizeof(s.result));
	searching_run(&s);
	assert_true(s.result.known > 0);
	assert_int_equal(s.result.executions, whole.executions);
	assert_int_equal(s.result.bounded, whole.bounded);
	assert_int_equal(s.result.steps, whole.steps);
	assert_int_equal(s.result.conds[0].positive, whole.conds[0].positive);
	assert_int_equal(s.result.conds[0].negative, whole.conds[0].negative);
	search_result_free(&whole);
	searching_close(&s);
}

/* Nor may priorities keep those from running whom somebody waits for. */
static void pct_puts_down_who_waits_forever(void **state)
{
	uint64_t steps, violated;
	struct searching s;

	searching_open(&s, "t", waiting, "demand-late");
	s.config.kind = SEARCH_PCT;
	s.config.depth = 3;
	s.config.seed = 1;
	s.config.executions = 500;
	s.config.max_steps = 1000000;
	searching_run(&s);
	assert_int_equal(s.result.bounded, 0);
	steps = s.result.steps;
	violated = s.result.violated;
	assert_true(steps < 500 * 2000);
	/* It is the same search where known rests are run. */
	s.config.whole = true;
	searching_run(&s);
	assert_int_equal(s.result.steps, steps);
	assert_int_equal(s.result.violated, violated);
	searching_close(&s);
}

/*
 * E.11: who is killed and finds mmap_lock free goes on, as far as to be asked
 * whether it is; in 6.12 who would have to wait for the lock has an errno of its own.
 */
#define KILLED								\
	"race t \"q\"\n"							\
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 0; }\n" \
	"process vmm { map ram 4K anon in normal; map more 4K anon in normal; }\n" \
	"vm guest owner vmm { slot 0 gfn 0x100 maps ram; }\n"		\
	"task a on 0 of vmm { pin ram longterm write -> 0 | -EAGAIN | -EINTR; }\n" \
	"task b on 1 of vmm { kill a; munmap more; }\n"

/* Return: in how many executions the pin of who is killed came to @ret. */
static uint64_t killed_with(const char *kernel, const char *ret)
{
	struct searching s;
	uint64_t positive;
	char text[800];

	snprintf(text, sizeof(text), KILLED "exists (a.pin == %s)\n", ret);
	searching_open(&s, "t", text, "eager");
	searching_kernel(&s, kernel);
	s.config.kind = SEARCH_DFS;
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "");
	assert_true(s.result.conds[0].negative > 0);
	positive = s.result.conds[0].positive;
	searching_close(&s);
	return positive;
}

static void who_is_killed_does_not_wait(void **state)
{
	assert_true(killed_with("6.12", "0"));
	assert_true(killed_with("6.12", "-EINTR"));
	assert_true(killed_with("6.12", "-EAGAIN"));
	assert_true(killed_with("6.1", "-EINTR"));
	assert_false(killed_with("6.1", "-EAGAIN"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bound_cuts_who_waits_forever),
		cmocka_unit_test(pct_puts_down_who_waits_forever),
		cmocka_unit_test(who_is_killed_does_not_wait),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
