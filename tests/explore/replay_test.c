/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay lines: round trip, each field refused in its own words, and a great
 * many damaged lines, none of which may do more than be refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/step.h"
#include "sim/explore/random.h"
#include "sim/explore/replay.h"

#define NR(a)		(sizeof(a) / sizeof((a)[0]))
#define NR_FIELDS	11
#define NR_MUTATIONS	60000

/* The fields of a sound line, for tests that spoil one of them. */
static const char *const sound[NR_FIELDS] = {
	"p1", NULL /* the step model */, "late-longterm-pin", "0123456789abcdef",
	"demand-late:in-map", "6.12", "op", "u8", "-sleep-in-atomic,-deadlock",
	"0x3:1,9:2", "fedcba9876543210",
};

static char *join(const char *const *fields, size_t n)
{
	static char line[REPLAY_MAX_FIELD * 8];
	char model[16];
	size_t i, len = 0;

	snprintf(model, sizeof(model), "s%d", SIM_STEP_MODEL);
	line[0] = '\0';
	for (i = 0; i < n; i++)
		len += snprintf(line + len, sizeof(line) - len, "%s%s", i ? "/" : "",
				fields[i] ? fields[i] : model);
	return line;
}

static const char *refusal_of(const char *line)
{
	static char error[256];
	struct replay r = { .unroll = 77 };

	snprintf(error, sizeof(error), "accepted");
	if (!replay_parse(&r, line, error, sizeof(error)))
		replay_free(&r);
	else
		assert_int_equal(r.unroll, 77);
	return error;
}

static void parse_sound_line_fills_every_field(void **state)
{
	struct replay r;
	char error[256];

	(void)state;
	assert_int_equal(replay_parse(&r, join(sound, NR_FIELDS), error, sizeof(error)), 0);
	assert_string_equal(r.race, "late-longterm-pin");
	assert_true(r.hash == 0x0123456789abcdef);
	assert_string_equal(r.design, "demand-late:in-map");
	assert_string_equal(r.kernel, "6.12");
	assert_int_equal(r.unroll, 8);
	assert_string_equal(r.checks, "-sleep-in-atomic,-deadlock");
	assert_int_equal(r.schedule.nr, 4);
	assert_true(r.checksum == 0xfedcba9876543210);
	replay_free(&r);
}

static void print_parsed_line_gives_it_back(void **state)
{
	struct replay r;
	char error[256], *line;

	(void)state;
	assert_int_equal(replay_parse(&r, join(sound, NR_FIELDS), error, sizeof(error)), 0);
	line = replay_print(&r);
	assert_non_null(line);
	assert_string_equal(line, join(sound, NR_FIELDS));
	free(line);
	replay_free(&r);
}

static void parse_access_grain_gives_its_build_back(void **state)
{
	const char *fields[NR_FIELDS];
	char error[256], *line;
	struct replay r;

	(void)state;
	memcpy(fields, sound, sizeof(fields));
	fields[6] = "access@00000000000000ab";
	assert_int_equal(replay_parse(&r, join(fields, NR_FIELDS), error, sizeof(error)), 0);
	assert_int_equal(r.build, 0xab);
	line = replay_print(&r);
	assert_string_equal(line, join(fields, NR_FIELDS));
	free(line);
	replay_free(&r);
}

/* A line that ends in a livelock's cycle says so behind its choices. */
static void parse_cycle_is_told_and_given_back(void **state)
{
	static const struct {
		const char *text;
		size_t nr;
		bool cycle;
	} is[] = {
		{ "0x3:1,9:2", 4, false },
		{ "0x3:1,9:2~", 4, true },
		{ "9:2~", 1, true },
		{ "-", 0, false },
		{ "-~", 0, true },
	};
	const char *fields[NR_FIELDS];
	char error[256], *line;
	struct replay r;
	size_t i;

	(void)state;
	memcpy(fields, sound, sizeof(fields));
	for (i = 0; i < NR(is); i++) {
		fields[9] = is[i].text;
		assert_int_equal(replay_parse(&r, join(fields, NR_FIELDS), error,
					      sizeof(error)), 0);
		assert_int_equal(r.cycle, is[i].cycle);
		assert_int_equal(r.schedule.nr, is[i].nr);
		line = replay_print(&r);
		assert_non_null(line);
		assert_string_equal(line, join(fields, NR_FIELDS));
		free(line);
		replay_free(&r);
	}
}

static void parse_spoilt_field_has_its_own_words(void **state)
{
	static const struct {
		unsigned int field;
		const char *text, *error;
	} bad[] = {
		{ 0, "", "expected the format's version, 'p1', got ''" },
		{ 0, "q1", "expected the format's version, 'p1', got 'q1'" },
		{ 0, "p", "expected the format's version, 'p1', got 'p'" },
		{ 0, "p-1", "expected the format's version, 'p1', got 'p-1'" },
		{ 0, "p2", "written in another format than this pinsim's p1, got 'p2'" },
		{ 1, "x1", "expected the step model's version, as 's2', got 'x1'" },
		{ 1, "s", "expected the step model's version, as 's2', got 's'" },
		{ 1, "s999", "made with another step model than this pinsim's, got 's999'" },
		{ 2, "", "expected the race's name, got ''" },
		{ 2, "a b", "expected the race's name, got 'a b'" },
		{ 2, "a\tb", "expected the race's name, got 'a\tb'" },
		{ 2, "\xff", "expected the race's name, got '\xff'" },
		{ 3, "", "expected the race's hash, 16 hex digits, got ''" },
		{ 3, "0123", "expected the race's hash, 16 hex digits, got '0123'" },
		{ 3, "0123456789abcdef0",
		  "expected the race's hash, 16 hex digits, got '0123456789abcdef0'" },
		{ 3, "0123456789ABCDEF",
		  "expected the race's hash, 16 hex digits, got '0123456789ABCDEF'" },
		{ 3, "0x23456789abcdef",
		  "expected the race's hash, 16 hex digits, got '0x23456789abcdef'" },
		{ 4, "", "expected a design, got ''" },
		{ 5, "", "expected a kernel profile, got ''" },
		{ 6, "access", "expected the grain, 'op' or 'access@' and 16 hex digits,"
		  " got 'access'" },
		{ 6, "access@0000000000000000", "expected the grain, 'op' or 'access@' and 16 hex"
		  " digits, got 'access@0000000000000000'" },
		{ 7, "8", "expected the unroll bound, as 'u8', got '8'" },
		{ 7, "u", "expected the unroll bound, as 'u8', got 'u'" },
		{ 7, "u0", "expected the unroll bound, as 'u8', got 'u0'" },
		{ 7, "u-1", "expected the unroll bound, as 'u8', got 'u-1'" },
		{ 7, "u9999999", "expected the unroll bound, as 'u8', got 'u9999999'" },
		{ 8, "", "expected the checks, as 'all', got ''" },
		{ 9, "", "schedule, byte 1: expected the number of a choice" },
		{ 9, "5:1,4:1", "schedule, byte 5: choice numbers must ascend" },
		{ 9, "~", "schedule, byte 1: expected the number of a choice" },
		{ 9, "~9:2", "schedule, byte 1: expected the number of a choice" },
		{ 9, "9~:2", "schedule, byte 2: expected ':'" },
		{ 9, "9:2~~", "schedule, byte 4: expected ',' or the end" },
		{ 9, "-~~", "schedule, byte 1: expected the number of a choice" },
		{ 10, "", "expected the checksum, 16 hex digits, got ''" },
		{ 10, "zz", "expected the checksum, 16 hex digits, got 'zz'" },
		{ 10, "fedcba9876543210/", "expected the end after the checksum, got ''" },
		{ 10, "fedcba9876543210/x/y", "expected the end after the checksum, got 'x/y'" },
	};
	const char *fields[NR_FIELDS];
	char want[256];
	size_t i;

	(void)state;
	for (i = 0; i < NR(bad); i++) {
		memcpy(fields, sound, sizeof(fields));
		fields[bad[i].field] = bad[i].text;
		snprintf(want, sizeof(want), "replay string: %s", bad[i].error);
		assert_string_equal(refusal_of(join(fields, NR_FIELDS)), want);
	}
}

/* A line cut behind any field says what should have come next. */
static void parse_cut_line_names_the_missing_field(void **state)
{
	static const char *const missing[NR_FIELDS] = {
		NULL, "expected the step model's version", "expected the race's name",
		"expected the race's hash", "expected a design", "expected a kernel profile",
		"expected the grain", "expected the unroll bound", "expected the checks",
		"expected a schedule", "expected the checksum",
	};
	size_t n;

	(void)state;
	for (n = 1; n < NR_FIELDS; n++)
		assert_non_null(strstr(refusal_of(join(sound, n)), missing[n]));
	assert_non_null(strstr(refusal_of(""), "expected the format's version"));
}

static void parse_long_field_is_refused(void **state)
{
	const char *fields[NR_FIELDS];
	char word[REPLAY_MAX_FIELD + 1];

	(void)state;
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	memcpy(fields, sound, sizeof(fields));
	fields[2] = word;
	assert_non_null(strstr(refusal_of(join(fields, NR_FIELDS)), "expected the race's name"));
	word[sizeof(word) - 2] = '\0';
	assert_string_equal(refusal_of(join(fields, NR_FIELDS)), "accepted");
}

static void parse_long_text_is_refused(void **state)
{
	char *text = malloc(REPLAY_MAX_TEXT + 2);

	(void)state;
	assert_non_null(text);
	memset(text, '/', REPLAY_MAX_TEXT + 1);
	text[REPLAY_MAX_TEXT + 1] = '\0';
	assert_string_equal(refusal_of(text), "replay string: longer than 1 MiB");
	free(text);
}

/* Change, drop, double or swap in a few bytes of @line. */
static void mutate(struct sim_rng *rng, char *line, size_t room)
{
	static const char pool[] = "0123456789abcdefpsux:,-~/.\xff\n ";
	unsigned int n = 1 + sim_rng_below(rng, 4);

	while (n--) {
		size_t len = strlen(line);
		size_t at = sim_rng_below(rng, len + 1);
		char c = pool[sim_rng_below(rng, sizeof(pool) - 1)];

		switch (sim_rng_below(rng, 4)) {
		case 0:		/* change; at the end: nothing to change */
			if (at < len)
				line[at] = c;
			break;
		case 1:		/* drop */
			if (at < len)
				memmove(line + at, line + at + 1, len - at);
			break;
		case 2:		/* insert */
			if (len + 2 > room)
				break;
			memmove(line + at + 1, line + at, len - at + 1);
			line[at] = c;
			break;
		default:	/* cut off */
			if (!sim_rng_below(rng, 8))
				line[at] = '\0';
			break;
		}
	}
}

/* Whatever comes in: one line of complaint, or a line that prints and reads again. */
static void parse_mutated_line_never_does_harm(void **state)
{
	unsigned int i, accepted = 0, refused = 0;
	char line[512], error[256], *printed;
	struct sim_rng rng;

	(void)state;
	sim_rng_seed(&rng, 2022);
	for (i = 0; i < NR_MUTATIONS; i++) {
		struct replay r, again;

		snprintf(line, sizeof(line), "%s", join(sound, NR_FIELDS));
		mutate(&rng, line, sizeof(line));
		error[0] = '\0';
		if (replay_parse(&r, line, error, sizeof(error))) {
			assert_true(!strncmp(error, "replay string: ", 15) && error[15]);
			refused++;
			continue;
		}
		printed = replay_print(&r);
		assert_non_null(printed);
		assert_int_equal(replay_parse(&again, printed, error, sizeof(error)), 0);
		assert_int_equal(again.schedule.nr, r.schedule.nr);
		assert_int_equal(again.cycle, r.cycle);
		replay_free(&again);
		free(printed);
		replay_free(&r);
		accepted++;
	}
	/* Both ways were taken, or the mutations are none. */
	assert_true(accepted > NR_MUTATIONS / 100);
	assert_true(refused > NR_MUTATIONS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_sound_line_fills_every_field),
		cmocka_unit_test(print_parsed_line_gives_it_back),
		cmocka_unit_test(parse_access_grain_gives_its_build_back),
		cmocka_unit_test(parse_cycle_is_told_and_given_back),
		cmocka_unit_test(parse_spoilt_field_has_its_own_words),
		cmocka_unit_test(parse_cut_line_names_the_missing_field),
		cmocka_unit_test(parse_long_field_is_refused),
		cmocka_unit_test(parse_long_text_is_refused),
		cmocka_unit_test(parse_mutated_line_never_does_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
