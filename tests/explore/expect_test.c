/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations against made-up results, and which searches a race asks for.
 * No world is built.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/explore/expect.h"
#include "sim/race/race.h"

#define NR(a)	(sizeof(a) / sizeof((a)[0]))

/* The order of the expectations is what the tests count on. */
static const char text[] =
	"race r \"Is it so?\"\n"
	"kernels 6.1 6.12\n"
	"process vmm { map ram 4K anon; }\n"
	"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
	"task vcpu0 on 0 { fault gfn 0x100 write; }\n"
	"expect demand-late holds\n"					/* 0 */
	"expect demand-late always (vcpu0.fault == -EFAULT)\n"		/* 1 */
	"expect demand-late never exists\n"				/* 2 */
	"expect demand-late sometimes (vcpu0.fault == 0)\n"		/* 3 */
	"expect demand-ref violates ref-leak, deadlock\n"		/* 4 */
	"expect demand-ref without ref-leak violates deadlock\n"	/* 5 */
	"expect eager kernel 6.1 holds\n"				/* 6 */
	"exists (vcpu0.fault == 0)\n";

enum { HOLDS, ALWAYS, NEVER_EXISTS, SOMETIMES, VIOLATES, WITHOUT, ONLY_6_1 };

static int setup(void **state)
{
	struct race_error err;

	*state = race_parse_text("r.race", text, sizeof(text) - 1, &err);
	if (!*state)
		print_error("%s\n", err.text);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	race_free(*state);
	return 0;
}

/* --- judging --------------------------------------------------------------- */

static bool judge_found(const struct race *race, uint32_t index, const char *const *ids,
			unsigned int n, char *why, size_t size)
{
	static struct search_result r;
	unsigned int i;

	memset(&r, 0, sizeof(r));
	r.executions = 1234;
	r.nr_found = n;
	for (i = 0; i < n; i++)
		r.found[i].violation.check = ids[i];
	return expect_judge(race, index, &r, why, size);
}

static void judge_holds_any_violation_disappoints(void **state)
{
	static const char *const one[] = { "ref-leak" };
	char why[256] = "";

	assert_true(judge_found(*state, HOLDS, NULL, 0, why, sizeof(why)));
	assert_false(judge_found(*state, HOLDS, one, 1, why, sizeof(why)));
	assert_string_equal(why, "ref-leak was violated, which was not expected");
}

static void judge_violates_wants_the_exact_set(void **state)
{
	static const char *const both[] = { "deadlock", "ref-leak" };
	static const char *const more[] = { "deadlock", "ref-leak", "lock-order" };
	char why[256] = "";

	assert_true(judge_found(*state, VIOLATES, both, 2, why, sizeof(why)));
	assert_false(judge_found(*state, VIOLATES, both, 1, why, sizeof(why)));
	assert_string_equal(why, "ref-leak was not violated in 1234 executions");
	assert_false(judge_found(*state, VIOLATES, more, 3, why, sizeof(why)));
	assert_string_equal(why, "lock-order was violated, which was not expected");
	assert_false(judge_found(*state, VIOLATES, NULL, 0, why, sizeof(why)));
	assert_true(judge_found(*state, WITHOUT, both, 1, why, sizeof(why)));
}

static bool judge_counts(const struct race *race, uint32_t index, uint64_t positive,
			 uint64_t negative, char *why, size_t size)
{
	const struct race_expect *e = &race->expects[index];
	struct search_cond conds[] = {
		/* Somebody else's numbers: they must not be taken. */
		{ .cond = race->expects[ALWAYS + SOMETIMES - index].cond, .positive = 5,
		  .negative = 6 },
		{ .cond = e->cond ? e->cond : race->exists, .positive = positive,
		  .negative = negative },
	};
	struct search_result r = { .conds = conds, .nr_conds = NR(conds) };

	return expect_judge(race, index, &r, why, size);
}

static void judge_counting_verdicts(void **state)
{
	static const struct {
		uint64_t positive, negative;
		bool always, sometimes;
	} rows[] = {
		{ 7, 0, true, false },
		{ 0, 7, false, false },
		{ 3, 4, false, true },
		/* Nothing reached its end: nothing was always or sometimes so. */
		{ 0, 0, false, false },
	};
	char why[256];
	size_t i;

	for (i = 0; i < NR(rows); i++) {
		const uint64_t p = rows[i].positive, n = rows[i].negative;

		assert_int_equal(judge_counts(*state, ALWAYS, p, n, why, sizeof(why)),
				 rows[i].always);
		assert_int_equal(judge_counts(*state, SOMETIMES, p, n, why, sizeof(why)),
				 rows[i].sometimes);
	}
	assert_false(judge_counts(*state, ALWAYS, 3, 4, why, sizeof(why)));
	assert_string_equal(why, "its condition was true at the end of 3 executions and false "
			    "at the end of 4");
}

static void judge_never_exists_takes_the_race_condition(void **state)
{
	const struct race *race = *state;
	struct search_cond cond = { .cond = race->exists, .negative = 4 };
	struct search_result r = { .conds = &cond, .nr_conds = 1 };
	char why[256];

	assert_true(expect_judge(race, NEVER_EXISTS, &r, why, sizeof(why)));
	assert_true(expect_is_open(race, NEVER_EXISTS, &r));
	cond.positive = 1;
	assert_false(expect_judge(race, NEVER_EXISTS, &r, why, sizeof(why)));
	assert_false(expect_is_open(race, NEVER_EXISTS, &r));
	/* No execution reached its end: then "never" says nothing. */
	cond.positive = cond.negative = 0;
	assert_false(expect_judge(race, NEVER_EXISTS, &r, why, sizeof(why)));
	assert_true(expect_is_open(race, NEVER_EXISTS, &r));
}

static void open_is_what_more_executions_may_meet(void **state)
{
	const struct race *race = *state;
	struct search_result r = { .executions = 9 };

	assert_true(expect_is_open(race, VIOLATES, &r));
	assert_false(expect_is_open(race, HOLDS, &r));
	r.nr_found = 1;
	r.found[0].violation.check = "deadlock";
	assert_true(expect_is_open(race, VIOLATES, &r));
	r.found[0].violation.check = "lock-order";
	assert_false(expect_is_open(race, VIOLATES, &r));
}

/* --- cases ----------------------------------------------------------------- */

static struct expect_case cases[EXPECT_MAX_CASES];

static int cases_of(const struct race *race, struct expect_filter filter, char *error)
{
	return expect_cases(race, &filter, cases, EXPECT_MAX_CASES, error, 256);
}

static void cases_default_one_search_for_each_set(void **state)
{
	char error[256];

	assert_int_equal(cases_of(*state, (struct expect_filter){ 0 }, error), 3);
	assert_string_equal(cases[0].design, "demand-late");
	assert_string_equal(cases[0].kernel, "6.12");
	assert_string_equal(cases[0].left_out, "all");
	assert_int_equal(cases[0].nr_expects, 4);
	assert_string_equal(cases[1].design, "demand-ref");
	assert_int_equal(cases[1].nr_expects, 1);
	assert_int_equal(cases[1].expect[0], VIOLATES);
	assert_string_equal(cases[2].left_out, "-ref-leak");
	assert_int_equal(cases[2].expect[0], WITHOUT);
	assert_false(check_set_has(&cases[2].checks, "ref-leak"));
	assert_true(check_set_has(&cases[2].checks, "deadlock"));
}

static void cases_all_kernels_every_profile(void **state)
{
	char error[256];

	assert_int_equal(cases_of(*state, (struct expect_filter){ .all_kernels = true }, error), 7);
	assert_string_equal(cases[3].kernel, "6.1");
	assert_string_equal(cases[6].design, "eager");
	assert_int_equal(cases[6].expect[0], ONLY_6_1);
	assert_int_equal(cases_of(*state, (struct expect_filter){ .kernel = "6.1" }, error), 4);
}

static void cases_design_without_expectation_is_one_search(void **state)
{
	char error[256];

	assert_int_equal(cases_of(*state, (struct expect_filter){ .design = "demand-takeover" },
				  error), 1);
	assert_string_equal(cases[0].design, "demand-takeover");
	assert_int_equal(cases[0].nr_expects, 0);
}

/* With other checks the race's verdicts mean nothing. */
static void cases_check_list_drops_the_expectations(void **state)
{
	char error[256];

	assert_int_equal(cases_of(*state, (struct expect_filter){ .checks = "all,-deadlock",
				  .design = "demand-ref" }, error), 1);
	assert_string_equal(cases[0].left_out, "all,-deadlock");
	assert_int_equal(cases[0].nr_expects, 0);
	assert_false(check_set_has(&cases[0].checks, "deadlock"));
}

static void cases_unknown_name_is_refused(void **state)
{
	static const struct {
		struct expect_filter filter;
		const char *error;
	} bad[] = {
		{ { .design = "demand" }, "no design is called 'demand'; "
		  "'pinsim list --designs' names them" },
		{ { .kernel = "6.2" },
		  "no kernel profile is called '6.2'; there are 5.17, 6.1 and 6.12" },
	};
	char error[1024];
	size_t i;

	for (i = 0; i < NR(bad); i++) {
		assert_int_equal(expect_cases(*state, &bad[i].filter, cases, EXPECT_MAX_CASES,
					      error, sizeof(error)), -EINVAL);
		assert_string_equal(error, bad[i].error);
	}
	assert_int_equal(expect_cases(*state, &(struct expect_filter){ .checks = "no-such" },
				      cases, EXPECT_MAX_CASES, error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, "no check is called 'no-such'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge_holds_any_violation_disappoints),
		cmocka_unit_test(judge_violates_wants_the_exact_set),
		cmocka_unit_test(judge_counting_verdicts),
		cmocka_unit_test(judge_never_exists_takes_the_race_condition),
		cmocka_unit_test(open_is_what_more_executions_may_meet),
		cmocka_unit_test(cases_default_one_search_for_each_set),
		cmocka_unit_test(cases_all_kernels_every_profile),
		cmocka_unit_test(cases_design_without_expectation_is_one_search),
		cmocka_unit_test(cases_check_list_drops_the_expectations),
		cmocka_unit_test(cases_unknown_name_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown) ? 1 : 0;
}
