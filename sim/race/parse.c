/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a file to a checked model.
 *
 * Object model: a parse is a struct race_build on the caller's stack; the
 * race it fills either leaves it whole and valid or is freed here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/race/build.h"
#include "sim/race/parse.tab.h"

#define YYSTYPE	RACE_YYSTYPE
#define YYLTYPE	struct race_loc
#include "sim/race/lex.yy.h"

#define LABEL_MAX	512

/*
 * A file's name goes into a one-line message: nothing in it may end the line,
 * and of a very long one the end says more than the beginning.
 */
static void clean_label(char *out, size_t size, const char *label)
{
	size_t i, len = strlen(label);

	if (len >= size)
		label += len - size + 1;
	for (i = 0; label[i] && i + 1 < size; i++)
		out[i] = (unsigned char)label[i] < 0x20 || label[i] == 0x7f ?
			 '?' : label[i];
	out[i] = '\0';
}

static bool valid(struct race_build *b)
{
	return race_valid_machine(b) && race_valid_names(b) &&
	       race_valid_processes(b) && race_valid_vms(b) &&
	       race_valid_tasks(b) && race_valid_expects(b);
}

static bool scan(struct race_build *b, char *text, size_t len)
{
	yyscan_t scanner;
	bool ok;

	if (race_yylex_init_extra(b, &scanner))
		return race_no_memory(b);
	/* flex wants two NULs behind the text. */
	ok = race_yy_scan_buffer(text, len + 2, scanner) != NULL;
	if (!ok)
		race_no_memory(b);
	else
		ok = race_yyparse(scanner, b) == 0;
	race_yylex_destroy(scanner);
	return ok && !b->failed;
}

static struct race *fail_plain(struct race_error *err, const char *label,
			       const char *what)
{
	memset(err, 0, sizeof(*err));
	snprintf(err->text, sizeof(err->text), "%s: %s", label, what);
	return NULL;
}

/* Takes @text over: @len bytes and room for two more. */
static struct race *parse(const char *label, char *text, size_t len,
			  struct race_error *err)
{
	struct race_build b = {
		.err = err,
		.label = label,
		.loc = { 1, 1 },
	};

	text[len] = text[len + 1] = '\0';
	memset(err, 0, sizeof(*err));
	b.race = calloc(1, sizeof(*b.race));
	if (!b.race) {
		free(text);
		return fail_plain(err, label, "out of memory");
	}
	if (!scan(&b, text, len) || !valid(&b)) {
		/* bison gives up without a word when its stack cannot grow. */
		race_no_memory(&b);
		race_free(b.race);
		b.race = NULL;
	}
	free(text);
	return b.race;
}

/**
 * race_parse_text - parse a race that is in memory
 * @label: its name for messages
 * @text: need not be terminated
 * @len: bytes
 * @err: filled in on failure
 *
 * Return: the race, to be freed with race_free(), or NULL.
 */
struct race *race_parse_text(const char *label, const char *text, size_t len,
			     struct race_error *err)
{
	char clean[LABEL_MAX];
	char *copy;

	clean_label(clean, sizeof(clean), label);
	if (len > RACE_MAX_FILE)
		return fail_plain(err, clean,
				  "file too large, expected at most 1 MiB");
	copy = malloc(len + 2);
	if (!copy)
		return fail_plain(err, clean, "out of memory");
	memcpy(copy, text, len);
	return parse(clean, copy, len, err);
}

/* The file's name is the race's, so that a hit in a log leads to the file. */
static bool name_fits(const struct race *race, const char *path,
		      const char *label, struct race_error *err)
{
	const char *base = strrchr(path, '/');
	size_t len = strlen(race->name.s);
	char quoted[80];

	base = base ? base + 1 : path;
	if (!strncmp(base, race->name.s, len) && !strcmp(base + len, ".race"))
		return true;
	race_quote(quoted, sizeof(quoted), base, strlen(base));
	err->loc = race->name.loc;
	snprintf(err->text, sizeof(err->text),
		 "%s:%u:%u: race '%s' in file %s, expected the race's name with .race",
		 label, err->loc.line, err->loc.col, race->name.s, quoted);
	return false;
}

static char *read_file(const char *path, const char *label, size_t *ret_len,
		       struct race_error *err)
{
	char what[128];
	char *text;
	FILE *file;

	file = fopen(path, "r");
	if (!file) {
		snprintf(what, sizeof(what), "cannot be opened: %s",
			 strerror(errno));
		fail_plain(err, label, what);
		return NULL;
	}
	text = malloc(RACE_MAX_FILE + 3);
	if (!text) {
		fclose(file);
		fail_plain(err, label, "out of memory");
		return NULL;
	}
	*ret_len = fread(text, 1, RACE_MAX_FILE + 1, file);
	if (ferror(file)) {
		snprintf(what, sizeof(what), "cannot be read: %s",
			 strerror(errno));
		fail_plain(err, label, what);
	} else if (*ret_len > RACE_MAX_FILE) {
		fail_plain(err, label,
			   "file too large, expected at most 1 MiB");
	} else {
		fclose(file);
		return text;
	}
	fclose(file);
	free(text);
	return NULL;
}

/**
 * race_parse_file - parse a .race file
 * @path: its name; the race in it must be named after it
 * @err: filled in on failure
 *
 * Return: the race, to be freed with race_free(), or NULL.
 */
struct race *race_parse_file(const char *path, struct race_error *err)
{
	char label[LABEL_MAX];
	struct race *race;
	size_t len = 0;
	char *text;

	clean_label(label, sizeof(label), path);
	text = read_file(path, label, &len, err);
	if (!text)
		return NULL;
	race = parse(label, text, len, err);
	if (race && !name_fits(race, path, label, err)) {
		race_free(race);
		return NULL;
	}
	return race;
}
