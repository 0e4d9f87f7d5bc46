/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known tails change what a search costs and nothing else: every race given,
 * every case it speaks of, random schedules and the first of all of them,
 * once with them and once without.
 */
#include "tests/explore/searching.h"

#include <string.h>

#include "fakes/profile.h"
#include "sim/explore/expect.h"
#include "sim/explore/tails.h"

#define EXECUTIONS	300

static char **paths;
static int nr_paths;
static struct expect_case cases[EXPECT_MAX_CASES];

static void search_case(const struct race *race, const struct expect_case *c, enum search_kind kind,
			bool whole, struct search_result *ret)
{
	const struct search_config config = {
		.race = race,
		.design = c->design,
		.profile = kernel_profile_find(c->kernel),
		.checks = &c->checks,
		.kind = kind,
		.seed = 7,
		.executions = EXECUTIONS,
		.unroll = 8,
		.max_steps = 20000,
		.whole = whole,
	};
	char error[256] = "";

	if (search_run(&config, ret, error, sizeof(error)))
		fail_msg("%s: %s", c->design, error);
}

static void same_result(const struct search_result *a, const struct search_result *b)
{
	unsigned int i;

	assert_int_equal(a->executions, b->executions);
	assert_int_equal(a->steps, b->steps);
	assert_int_equal(a->violated, b->violated);
	assert_int_equal(a->bounded, b->bounded);
	assert_int_equal(a->unexpected, b->unexpected);
	assert_int_equal(a->nr_found, b->nr_found);
	for (i = 0; i < a->nr_found; i++) {
		assert_string_equal(a->found[i].violation.check, b->found[i].violation.check);
		assert_int_equal(a->found[i].executions, b->found[i].executions);
		assert_int_equal(a->found[i].schedule.nr, b->found[i].schedule.nr);
	}
	assert_int_equal(a->nr_conds, b->nr_conds);
	for (i = 0; i < a->nr_conds; i++) {
		assert_int_equal(a->conds[i].positive, b->conds[i].positive);
		assert_int_equal(a->conds[i].negative, b->conds[i].negative);
	}
}

/* Return: executions of the race whose rest was known. */
static uint64_t compare_race(const char *path, enum search_kind kind)
{
	const struct expect_filter filter = { .kernel = NULL };
	struct search_result with, without;
	struct race_error err;
	struct race *race = race_parse_file(path, &err);
	uint64_t known = 0;
	char error[256];
	int n, i;

	if (!race)
		fail_msg("%s", err.text);
	n = expect_cases(race, &filter, cases, EXPECT_MAX_CASES, error, sizeof(error));
	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		search_case(race, &cases[i], kind, false, &with);
		search_case(race, &cases[i], kind, true, &without);
		assert_int_equal(without.known, 0);
		same_result(&with, &without);
		known += with.known;
		search_result_free(&with);
		search_result_free(&without);
	}
	race_free(race);
	return known;
}

static void all_races(enum search_kind kind)
{
	uint64_t known = 0;
	int i;

	for (i = 0; i < nr_paths; i++)
		known += compare_race(paths[i], kind);
	assert_true(known > EXECUTIONS);
}

static void random_known_tails_nothing_changes(void **state)
{
	all_races(SEARCH_RANDOM);
}

static void dfs_known_tails_nothing_changes(void **state)
{
	all_races(SEARCH_DFS);
}

/* How often a fault was tried again is no part of the state it ends in. */
static const char counted[] =
	"race counted \"How often?\"\n"
	"machine { cpus 2; zone normal 64M; zone movable 64M; cma 4M; }\n"
	"process vmm { map ram 4K anon in normal populated; }\n"
	"vm guest sev { slot 0 gfn 0x100 maps ram; }\n"
	"task vcpu0 on 0 { fault gfn 0x100 write; }\n"
	"task mover on 1 { migrate ram; }\n"
	"exists (count(retries) == 0)\n";

static void condition_on_history_is_judged_each_time(void **state)
{
	static const enum search_kind kinds[] = { SEARCH_RANDOM, SEARCH_DFS };
	uint64_t positive[2];
	struct searching s;
	unsigned int i, whole;

	for (i = 0; i < 2; i++) {
		for (whole = 0; whole < 2; whole++) {
			searching_open(&s, "counted", counted, "demand-ref");
			assert_int_equal(check_set_parse(&s.checks, "none", s.error,
							 sizeof(s.error)), 0);
			s.config.kind = kinds[i];
			s.config.trace = false;
			s.config.executions = 3000;
			s.config.whole = whole;
			searching_run(&s);
			positive[whole] = s.result.conds[0].positive;
			assert_true(s.result.conds[0].negative > 0 || kinds[i] == SEARCH_DFS);
			searching_close(&s);
		}
		assert_int_equal(positive[0], positive[1]);
	}
}

static struct sim_hash state_of(uint64_t n)
{
	/* All in one bucket until the table has grown. */
	return (struct sim_hash){ .lo = n << 12, .hi = n };
}

static void table_many_states_all_found(void **state)
{
	struct tails tails = { .slot = NULL };
	uint64_t n;

	assert_null(tails_find(&tails, state_of(0)));
	for (n = 0; n < 5000; n++)
		tails_add(&tails, &(struct tail){ .state = state_of(n), .steps = n + 1 });
	for (n = 0; n < 5000; n++)
		assert_int_equal(tails_find(&tails, state_of(n))->steps, n + 1);
	assert_null(tails_find(&tails, state_of(5000)));
	assert_null(tails_find(&tails, (struct sim_hash){ .lo = 1 << 12, .hi = 2 }));
	tails_free(&tails);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_many_states_all_found),
		cmocka_unit_test(condition_on_history_is_judged_each_time),
		cmocka_unit_test(random_known_tails_nothing_changes),
		cmocka_unit_test(dfs_known_tails_nothing_changes),
	};

	paths = argv + 1;
	nr_paths = argc - 1;
	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
