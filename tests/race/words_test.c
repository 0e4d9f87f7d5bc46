/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language's word lists against what is there: checks, designs with their
 * options, kernel profiles, counters. The language may know a name before there
 * is something behind it; which those are stands here, and they are refused with
 * a line that says so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/check/check.h"
#include "sim/explore/expect.h"
#include "sim/race/race.h"
#include "sim/race/words.h"

/* Named by the plan, not there yet. Whoever writes one takes it off. */
static const char *const planned_checks[] = {
	NULL,
};
static const char *const planned_designs[] = {
	NULL,
};

static bool listed(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (!strcmp(*list, word))
			return true;
	return false;
}

static bool design_is_there(const char *name)
{
	for (unsigned int i = 0; pin_design_nth(i); i++)
		if (!strcmp(pin_design_nth(i)->name, name))
			return true;
	return false;
}

static void checks_registry_is_known_to_the_language(void **state)
{
	for (unsigned int i = 0; check_nth(i); i++)
		if (!race_check_known(check_nth(i)->id))
			fail_msg("the language does not know check %s", check_nth(i)->id);
}

static void checks_words_are_registered_or_planned(void **state)
{
	for (size_t i = 0; race_check_at(i); i++) {
		const char *id = race_check_at(i);

		if (!check_find(id) != listed(planned_checks, id))
			fail_msg("check %s is %s", id,
				 check_find(id) ? "there, so no longer planned" : "not there");
	}
}

/* Verdicts name checks in the registry's order, the manual in the language's. */
static void checks_have_one_order(void **state)
{
	unsigned int next = 0;

	for (size_t i = 0; race_check_at(i); i++)
		if (check_nth(next) && !strcmp(check_nth(next)->id, race_check_at(i)))
			next++;
	assert_null(check_nth(next));
}

static void designs_built_in_are_known_with_their_options(void **state)
{
	for (unsigned int i = 0; pin_design_nth(i); i++) {
		const struct pin_design_info *d = pin_design_nth(i);

		if (!race_design_known(d->name))
			fail_msg("the language does not know design %s", d->name);
		if (*d->options && !race_design_option_known(d->name, d->options))
			fail_msg("the language does not know option %s of %s", d->options,
				 d->name);
	}
}

static void designs_words_are_built_in_or_planned(void **state)
{
	for (size_t i = 0; race_design_at(i); i++) {
		const char *name = race_design_at(i);

		if (design_is_there(name) == listed(planned_designs, name))
			fail_msg("design %s is %s", name,
				 design_is_there(name) ? "there, so no longer planned" :
							 "not there");
	}
}

/* An option that the language lets through must be one that can be built. */
static void designs_options_of_the_language_exist(void **state)
{
	static const char *const options[] = { "in-map", "write", "" };
	char name[80];

	for (size_t i = 0; race_design_at(i); i++)
		for (size_t k = 0; k < 3; k++) {
			if (!race_design_option_known(race_design_at(i), options[k]) ||
			    listed(planned_designs, race_design_at(i)))
				continue;
			snprintf(name, sizeof(name), "%s:%s", race_design_at(i), options[k]);
			if (!pin_design_exists(name))
				fail_msg("there is no design %s", name);
		}
}

static struct race *parse(const char *format, const char *word)
{
	char text[512];
	struct race_error err;
	struct race *race;

	snprintf(text, sizeof(text), format, word);
	race = race_parse_text("t.race", text, strlen(text), &err);
	if (!race)
		fail_msg("%s", err.text);
	return race;
}

#define RACE	"race t \"Is it there?\"\n"					\
		"process vmm { map ram 4K anon; }\n"				\
		"task a on 0 { touch ram; }\n"

static struct expect_case cases[EXPECT_MAX_CASES];

static void refused(const char *format, const char *word)
{
	const struct expect_filter filter = { .design = NULL };
	struct race *race = parse(format, word);
	char error[1024] = "";

	assert_int_equal(expect_cases(race, &filter, cases, EXPECT_MAX_CASES, error,
				      sizeof(error)), -EINVAL);
	if (!strstr(error, word))
		fail_msg("'%s' does not say that %s is not there", error, word);
	race_free(race);
}

static void planned_names_are_refused_by_name(void **state)
{
	for (size_t i = 0; planned_designs[i]; i++)
		refused(RACE "expect %s holds\n", planned_designs[i]);
	for (size_t i = 0; planned_checks[i]; i++)
		refused(RACE "expect demand-ref without %s holds\n", planned_checks[i]);
	for (size_t i = 0; planned_checks[i]; i++)
		refused(RACE "expect demand-ref violates %s\n", planned_checks[i]);
}

static void kernels_are_the_profiles(void **state)
{
	unsigned int bits = 0, profiles = 0;

	for (unsigned int i = 0; kernel_profile_nth(i); i++, profiles++)
		assert_true(race_kernel_bit(kernel_profile_nth(i)->name));
	for (uint32_t bit = 1; bit; bit <<= 1) {
		if (!race_kernel_name(bit))
			continue;
		bits++;
		assert_non_null(kernel_profile_find(race_kernel_name(bit)));
	}
	assert_int_equal(bits, profiles);
	assert_int_equal(race_kernel_bit("5.16"), 0);
}

static void counters_are_found_by_name_and_parse(void **state)
{
	int i;

	for (i = 0; race_counter_name(i); i++) {
		struct race *race = parse(RACE "exists (count(%s) > 0)\n", race_counter_name(i));

		assert_int_equal(race_counter_find(race_counter_name(i)), i);
		assert_int_equal(race->exists->term.kind, RACE_TERM_COUNT);
		assert_int_equal(race->exists->term.index, i);
		race_free(race);
	}
	assert_int_equal(i, RACE_NR_COUNTERS);
	assert_int_equal(race_counter_find("refcheck"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_registry_is_known_to_the_language),
		cmocka_unit_test(checks_words_are_registered_or_planned),
		cmocka_unit_test(checks_have_one_order),
		cmocka_unit_test(designs_built_in_are_known_with_their_options),
		cmocka_unit_test(designs_words_are_built_in_or_planned),
		cmocka_unit_test(designs_options_of_the_language_exist),
		cmocka_unit_test(planned_names_are_refused_by_name),
		cmocka_unit_test(kernels_are_the_profiles),
		cmocka_unit_test(counters_are_found_by_name_and_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
