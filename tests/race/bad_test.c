/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Malformed races: every file of tests/bad is refused with the one line that
 * tests/bad/expected.txt has for it. One process for all: an address sanitizer
 * build shows at its end that nothing was leaked.
 *
 * arguments: the directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/race/race.h"

#define EXPECTED	"expected.txt"
#define MIN_FILES	200

/* "FILE: line:col: message": the file of a line that the parser printed. */
static void line_file(const char *line, char *file, size_t size)
{
	snprintf(file, size, "%.*s", (int)strcspn(line, ":"), line);
}

static void each_file_gives_its_line(void **state)
{
	unsigned int nr = 0, wrong = 0;
	char line[2048], file[256];
	struct race_error err;
	struct race *race;
	FILE *expected;

	(void)state;
	expected = fopen(EXPECTED, "r");
	assert_non_null(expected);
	while (fgets(line, sizeof(line), expected)) {
		line[strcspn(line, "\n")] = '\0';
		line_file(line, file, sizeof(file));
		race = race_parse_file(file, &err);
		if (race)
			snprintf(err.text, sizeof(err.text), "%s: accepted",
				 file);
		race_free(race);
		nr++;
		if (!strcmp(err.text, line))
			continue;
		print_error("expected %s\n     got %s\n", line, err.text);
		wrong++;
	}
	fclose(expected);
	assert_int_equal(wrong, 0);
	assert_true(nr >= MIN_FILES);
}

static bool has_line(const char *file)
{
	char line[2048], of[256];
	bool found = false;
	FILE *expected = fopen(EXPECTED, "r");

	while (expected && !found && fgets(line, sizeof(line), expected)) {
		line_file(line, of, sizeof(of));
		found = !strcmp(of, file);
	}
	if (expected)
		fclose(expected);
	return found;
}

static void each_file_has_a_line(void **state)
{
	struct dirent *entry;
	unsigned int missing = 0;
	const char *dot;
	DIR *dir;

	(void)state;
	dir = opendir(".");
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".race") || has_line(entry->d_name))
			continue;
		print_error("%s has no line\n", entry->d_name);
		missing++;
	}
	closedir(dir);
	assert_int_equal(missing, 0);
}

static void message_is_one_printable_line(void **state)
{
	static const char text[] = "race x\n\"q\"\ntask \n\x1b[31m\n on";
	const char *p;
	struct race_error err;

	(void)state;
	assert_null(race_parse_text("a\nb\x1b", text, sizeof(text), &err));
	for (p = err.text; *p; p++)
		assert_in_range(*p, 0x20, 0x7e);
	assert_int_equal(err.loc.line, 4);
	assert_int_equal(err.loc.col, 1);
}

static void missing_file_names_the_reason(void **state)
{
	struct race_error err;

	(void)state;
	assert_null(race_parse_file("no-such.race", &err));
	assert_string_equal(err.text,
			    "no-such.race: cannot be opened: No such file or directory");
	assert_int_equal(err.loc.line, 0);
}

static void directory_names_the_reason(void **state)
{
	struct race_error err;

	(void)state;
	assert_null(race_parse_file(".", &err));
	assert_string_equal(err.text, ".: cannot be read: Is a directory");
}

static void large_text_names_the_limit(void **state)
{
	size_t len = RACE_MAX_FILE + 1;
	struct race_error err;
	char *text = malloc(len);

	(void)state;
	memset(text, ' ', len);
	assert_null(race_parse_text("large.race", text, len, &err));
	assert_string_equal(err.text,
			    "large.race: file too large, expected at most 1 MiB");
	assert_null(race_parse_text("large.race", text, len - 1, &err));
	assert_string_equal(err.text,
			    "large.race:1:1048577: unexpected end of the file, expected 'race'");
	free(text);
}

static void large_file_names_the_limit(void **state)
{
	struct race_error err;

	(void)state;
	assert_null(race_parse_file("/dev/zero", &err));
	assert_string_equal(err.text,
			    "/dev/zero: file too large, expected at most 1 MiB");
}

static void endless_nesting_ends(void **state)
{
	static const char head[] =
		"race x\n\"q\"\nprocess p { map r 4K anon; }\ntask t on 0 { touch r; }\nexists (";
	static const char * const marks[] = { "(", "!", "!(", "page(" };
	size_t i, n, len = 100000;
	char *text = malloc(len);
	struct race_error err;

	(void)state;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		n = snprintf(text, len, "%s", head);
		while (n + strlen(marks[i]) < len) {
			memcpy(text + n, marks[i], strlen(marks[i]));
			n += strlen(marks[i]);
		}
		assert_null(race_parse_text("deep", text, n, &err));
		assert_true(err.loc.line == 5);
	}
	free(text);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_gives_its_line),
		cmocka_unit_test(each_file_has_a_line),
		cmocka_unit_test(message_is_one_printable_line),
		cmocka_unit_test(missing_file_names_the_reason),
		cmocka_unit_test(directory_names_the_reason),
		cmocka_unit_test(large_text_names_the_limit),
		cmocka_unit_test(large_file_names_the_limit),
		cmocka_unit_test(endless_nesting_ends),
	};

	if (argc != 2 || chdir(argv[1])) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
