/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shipped races parse and survive printing; the manual and the fuzzer's
 * dictionary know every word of the language.
 *
 * arguments: the manual page, the dictionary, then the races.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/race/race.h"
#include "sim/race/words.h"
#include "tests/race/equal.h"

struct files {
	const char *manual;
	const char *dict;
	char **races;
	int nr_races;
};

static void shipped_races_survive_printing(void **state)
{
	const struct files *files = *state;
	struct race_error err;
	struct race *race;
	char why[1200];
	int i, wrong = 0;

	for (i = 0; i < files->nr_races; i++) {
		race = race_parse_file(files->races[i], &err);
		if (!race) {
			print_error("%s\n", err.text);
			wrong++;
		} else if (!race_round_trip(race, why, sizeof(why))) {
			print_error("%s: %s\n", files->races[i], why);
			wrong++;
		}
		race_free(race);
	}
	assert_int_equal(wrong, 0);
	assert_true(files->nr_races >= 8);
}

static void shipped_races_have_a_verdict_and_a_hazard(void **state)
{
	const struct files *files = *state;
	struct race_error err;
	struct race *race;
	int i;

	for (i = 0; i < files->nr_races; i++) {
		race = race_parse_file(files->races[i], &err);
		assert_non_null(race);
		assert_true(race->nr_expects > 0);
		assert_true(race->nr_hazards > 0);
		race_free(race);
	}
}

static char *slurp(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size = 1 << 20;
	char *text = calloc(1, size);

	if (file) {
		size = fread(text, 1, size - 1, file);
		fclose(file);
	}
	return text;
}

/* Is @word in @text with nothing word-like on either side? */
static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *p;

	for (p = strstr(text, word); p; p = strstr(p + 1, word)) {
		bool before = p > text && (isalnum((unsigned char)p[-1]) ||
					   p[-1] == '_' || p[-1] == '-');
		bool after = isalnum((unsigned char)p[len]) || p[len] == '_' ||
			     p[len] == '-';

		if (!before && !after)
			return true;
	}
	return false;
}

static int missing_words(const char *path)
{
	char *text = slurp(path);
	const struct race_word *word;
	int missing = 0;
	size_t i;

	for (i = 0; (word = race_word_at(i)); i++) {
		if (has_word(text, word->text))
			continue;
		print_error("%s lacks the word '%s'\n", path, word->text);
		missing++;
	}
	for (i = 0; i < RACE_NR_COUNTERS; i++) {
		if (has_word(text, race_counter_name(i)))
			continue;
		print_error("%s lacks the counter '%s'\n", path,
			    race_counter_name(i));
		missing++;
	}
	for (i = 0; race_fault_name(i); i++) {
		if (strcmp(path + strlen(path) - 2, ".5") || has_word(text, race_fault_name(i)))
			continue;
		print_error("%s lacks the primitive '%s'\n", path, race_fault_name(i));
		missing++;
	}
	free(text);
	return missing;
}

/* The manual marks keywords, so that a word in a sentence does not count. */
static char *marked_words(const char *path)
{
	char *text = slurp(path), *marked, *line, *save = NULL;
	size_t n = 0;

	marked = calloc(1, strlen(text) + 2);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strstr(line, "Ic ") && !strstr(line, "Cm "))
			continue;
		n += snprintf(marked + n, strlen(line) + 2, "%s\n", line);
	}
	free(text);
	return marked;
}

static void manual_lists_every_word(void **state)
{
	const struct files *files = *state;
	char *text = marked_words(files->manual);
	const struct race_word *word;
	int missing = 0;
	size_t i;

	for (i = 0; (word = race_word_at(i)); i++) {
		if (has_word(text, word->text))
			continue;
		print_error("the manual does not list '%s'\n", word->text);
		missing++;
	}
	free(text);
	assert_int_equal(missing, 0);
	assert_int_equal(missing_words(files->manual), 0);
}

static void manual_lists_checks_designs_and_errnos(void **state)
{
	const struct files *files = *state;
	char *text = slurp(files->manual);
	int missing = 0;
	const char *s;
	size_t i;

	for (i = 0; (s = race_check_at(i)); i++)
		missing += !has_word(text, s);
	for (i = 0; (s = race_design_at(i)); i++)
		missing += !has_word(text, s);
	/* mdoc wants the minus sign escaped, so look behind it. */
	for (i = 0; (s = race_errno_at(i)); i++)
		missing += !has_word(text, s + 1) && !strstr(text, s + 1);
	free(text);
	assert_int_equal(missing, 0);
}

static void manual_names_every_limit(void **state)
{
	static const char * const limits[] = {
		"1 MiB", "63 bytes", "240 bytes", "64 CPUs", "1T", "8 processes",
		"32 maps", "64M", "4 VMs", "64 slots", "16 tasks",
		"64 statements", "4096 pages", "128 expectations", "32 levels",
		"8 results",
	};
	const struct files *files = *state;
	char *text = slurp(files->manual);
	int missing = 0;
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (strstr(text, limits[i]))
			continue;
		print_error("the manual does not say '%s'\n", limits[i]);
		missing++;
	}
	free(text);
	assert_int_equal(missing, 0);
}

static void manual_example_is_a_race(void **state)
{
	const struct files *files = *state;
	char *text = slurp(files->manual);
	char *begin = strstr(text, ".Bd -literal\n"), *end;
	struct race_error err;
	struct race *race;

	assert_non_null(begin);
	begin = strchr(begin, '\n') + 1;
	end = strstr(begin, ".Ed\n");
	assert_non_null(end);
	race = race_parse_text("manual", begin, end - begin, &err);
	if (!race)
		print_error("%s\n", err.text);
	assert_non_null(race);
	race_free(race);
	free(text);
}

static void dictionary_has_every_word(void **state)
{
	const struct files *files = *state;

	assert_int_equal(missing_words(files->dict), 0);
}

int main(int argc, char **argv)
{
	struct files files = { 0 };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(shipped_races_survive_printing,
					  &files),
		cmocka_unit_test_prestate(
			shipped_races_have_a_verdict_and_a_hazard, &files),
		cmocka_unit_test_prestate(manual_lists_every_word, &files),
		cmocka_unit_test_prestate(
			manual_lists_checks_designs_and_errnos, &files),
		cmocka_unit_test_prestate(manual_names_every_limit, &files),
		cmocka_unit_test_prestate(manual_example_is_a_race, &files),
		cmocka_unit_test_prestate(dictionary_has_every_word, &files),
	};

	if (argc < 4) {
		fprintf(stderr, "usage: %s MANUAL DICTIONARY RACE...\n",
			argv[0]);
		return 2;
	}
	files.manual = argv[1];
	files.dict = argv[2];
	files.races = argv + 3;
	files.nr_races = argc - 3;
	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
