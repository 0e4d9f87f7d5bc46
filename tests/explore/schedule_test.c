/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedules as text: what is written can be read, what cannot be read is
 * refused with the byte where it goes wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/explore/schedule.h"

#define NR(a)	(sizeof(a) / sizeof((a)[0]))

static void print_known_lists_expected_text(void **state)
{
	static const struct {
		uint32_t list[8];
		size_t n;
		const char *text;
	} known[] = {
		{ { 0 }, 0, "-" },
		{ { 0, 0, 0 }, 3, "-" },
		{ { 1 }, 1, "0:1" },
		{ { 0, 2, 0, 1 }, 4, "1:2,3:1" },
		{ { 1, 1, 1, 2, 2, 0, 0, 2 }, 8, "0x3:1,3x2:2,7:2" },
		{ { 0, UINT32_MAX }, 2, "1:4294967295" },
	};
	char buf[128];
	size_t i;

	(void)state;
	for (i = 0; i < NR(known); i++) {
		struct schedule s;

		assert_int_equal(schedule_from(&s, known[i].list, known[i].n), 0);
		assert_int_equal(schedule_print(&s, buf, sizeof(buf)), strlen(known[i].text));
		assert_string_equal(buf, known[i].text);
		schedule_free(&s);
	}
}

static void print_short_buffer_is_refused(void **state)
{
	static const uint32_t list[] = { 1, 0, 1 };
	struct schedule s, none = { NULL, 0 };
	char buf[8];
	size_t size;

	(void)state;
	assert_int_equal(schedule_from(&s, list, NR(list)), 0);
	for (size = 1; size < sizeof("0:1,2:1"); size++)
		assert_int_equal(schedule_print(&s, buf, size), -ENOSPC);
	assert_int_equal(schedule_print(&s, buf, sizeof("0:1,2:1")), 7);
	assert_int_equal(schedule_print(&none, buf, 1), -ENOSPC);
	assert_int_equal(schedule_print(&none, buf, 2), 1);
	schedule_free(&s);
}

static void parse_printed_text_gives_the_same_list(void **state)
{
	uint32_t list[64], back[64], seed = 1, round, i;
	char buf[2048], error[128];

	(void)state;
	for (round = 0; round < 500; round++) {
		struct schedule s, t;
		size_t cursor = 0;

		for (i = 0; i < NR(list); i++) {
			seed = seed * 1664525 + 1013904223;
			list[i] = seed >> 30 ? 0 : 1 + (seed >> 27 & 1);
		}
		assert_int_equal(schedule_from(&s, list, NR(list)), 0);
		assert_true(schedule_print(&s, buf, sizeof(buf)) > 0);
		assert_int_equal(schedule_parse(&t, buf, error, sizeof(error)), 0);
		for (i = 0; i < NR(back); i++)
			back[i] = schedule_at(&t, i, &cursor);
		assert_memory_equal(list, back, sizeof(list));
		schedule_free(&s);
		schedule_free(&t);
	}
}

static void parse_default_is_empty(void **state)
{
	struct schedule s;
	char error[8];

	(void)state;
	assert_int_equal(schedule_parse(&s, "-", error, sizeof(error)), 0);
	assert_int_equal(s.nr, 0);
	schedule_free(&s);
}

static void parse_last_choice_number_is_accepted(void **state)
{
	struct schedule s;
	char error[128];

	(void)state;
	assert_int_equal(schedule_parse(&s, "16777214x2:4294967295", error, sizeof(error)), 0);
	assert_int_equal(s.nr, 2);
	assert_int_equal(s.choice[1].at, 16777215);
	assert_true(s.choice[1].take == UINT32_MAX);
	schedule_free(&s);
}

/* Each with the byte, counted from 1, where it stops making sense. */
static void parse_malformed_names_the_byte(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "", "byte 1: expected the number of a choice" },
		{ "--", "byte 1: expected the number of a choice" },
		{ "-,1:1", "byte 1: expected the number of a choice" },
		{ "+1:1", "byte 1: expected the number of a choice" },
		{ " 1:1", "byte 1: expected the number of a choice" },
		{ "a", "byte 1: expected the number of a choice" },
		{ ":1", "byte 1: expected the number of a choice" },
		{ "4294967296:1", "byte 1: expected the number of a choice" },
		{ "1:1,", "byte 5: expected the number of a choice" },
		{ "1:1,,2:1", "byte 5: expected the number of a choice" },
		{ "1", "byte 2: expected ':'" },
		{ "1 :1", "byte 2: expected ':'" },
		{ "1-3:1", "byte 2: expected ':'" },
		{ "1X3:1", "byte 2: expected ':'" },
		{ "1x2x2:1", "byte 4: expected ':'" },
		{ "1:", "byte 3: expected the value that the choice takes, at least 1" },
		{ "1:0", "byte 3: expected the value that the choice takes, at least 1" },
		{ "1:-1", "byte 3: expected the value that the choice takes, at least 1" },
		{ "1: 1", "byte 3: expected the value that the choice takes, at least 1" },
		{ "1:4294967296", "byte 3: expected the value that the choice takes, at least 1" },
		{ "1x:1", "byte 3: expected how many choices after 'x', at least 2" },
		{ "1x0:1", "byte 3: expected how many choices after 'x', at least 2" },
		{ "1x1:1", "byte 3: expected how many choices after 'x', at least 2" },
		{ "1x99999999999:1", "byte 3: expected how many choices after 'x', at least 2" },
		{ "1:1;2:1", "byte 4: expected ',' or the end" },
		{ "1:1 ", "byte 4: expected ',' or the end" },
		{ "1:0x1", "byte 3: expected the value that the choice takes, at least 1" },
		{ "1:1x2", "byte 4: expected ',' or the end" },
		{ "2:1,1:1", "byte 5: choice numbers must ascend" },
		{ "2:1,2:1", "byte 5: choice numbers must ascend" },
		{ "2x3:1,4:1", "byte 7: choice numbers must ascend" },
		{ "16777216:1", "byte 1: choice numbers past 2^24 are not supported" },
		{ "1x16777216:1", "byte 3: choice numbers past 2^24 are not supported" },
		{ "1x4294967295:1", "byte 3: choice numbers past 2^24 are not supported" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR(bad); i++) {
		struct schedule s = { NULL, 77 };
		char error[128] = "accepted", want[128];

		snprintf(want, sizeof(want), "schedule, %s", bad[i].error);
		if (schedule_parse(&s, bad[i].text, error, sizeof(error)) != -EINVAL)
			fail_msg("'%s' was not refused", bad[i].text);
		if (strcmp(error, want))
			fail_msg("'%s': expected \"%s\", got \"%s\"", bad[i].text, want, error);
		assert_int_equal(s.nr, 77);
	}
}

static void copy_is_independent(void **state)
{
	static const uint32_t list[] = { 0, 3 };
	struct schedule s, t;
	size_t cursor = 0;

	(void)state;
	assert_int_equal(schedule_from(&s, list, NR(list)), 0);
	assert_int_equal(schedule_copy(&t, &s), 0);
	schedule_free(&s);
	assert_int_equal(s.nr, 0);
	assert_int_equal(schedule_at(&t, 0, &cursor), 0);
	assert_int_equal(schedule_at(&t, 1, &cursor), 3);
	assert_int_equal(schedule_at(&t, 2, &cursor), 0);
	schedule_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(print_known_lists_expected_text),
		cmocka_unit_test(print_short_buffer_is_refused),
		cmocka_unit_test(parse_printed_text_gives_the_same_list),
		cmocka_unit_test(parse_default_is_empty),
		cmocka_unit_test(parse_last_choice_number_is_accepted),
		cmocka_unit_test(parse_malformed_names_the_byte),
		cmocka_unit_test(copy_is_independent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
