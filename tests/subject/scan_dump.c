/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints what the slicer finds at file scope, one item a line:
 *
 *   <file>:<first line>:<last line>: <kind> <name> [static] [inline] ...
 *
 * With -d directives as well; with -n every name, and its item's line. A file
 * that is refused gives one line "<file>:<line>:<column>: <why>" on standard
 * error, and status 1.
 *
 * usage: scan_dump [-d] [-n] FILE...      files' names are read from standard
 *                                         input if there are none
 */
#include <stdio.h>
#include <string.h>

#include "sim/subject/item.h"

static void print_items(const struct subject_scan *scan)
{
	uint32_t i;

	for (i = 0; i < scan->nr_items; i++) {
		const struct subject_item *item = &scan->item[i];

		printf("%s:%u:%u: %s %s%s%s%s\n", scan->source->path,
		       item->line, item->end_line,
		       subject_kind_word(item->kind),
		       *item->name ? item->name : "-",
		       item->is_static ? " static" : "",
		       item->is_inline ? " inline" : "",
		       item->is_extern ? " extern" : "");
	}
}

static void print_directives(const struct subject_scan *scan)
{
	uint32_t i;

	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *line = &scan->directive[i];

		printf("%s:%u:%u: #%s %s%s\n", scan->source->path, line->line,
		       line->end_line, subject_directive_word(line->kind),
		       *line->name ? line->name : "-",
		       line->skipped ? " skipped" : "");
	}
}

static void print_names(const struct subject_scan *scan)
{
	static const char *const spaces[] = { "name", "tag", "field" };
	struct subject_names names;
	size_t i;

	subject_names_of(&names, scan);
	for (i = 0; i < names.nr; i++) {
		const struct subject_name *name = &names.name[i];

		printf("%s:%u: %s %.*s%s%s\n", scan->source->path,
		       name->is_macro ? scan->directive[name->at].line :
		       scan->item[name->at].line, spaces[name->space],
		       (int)name->len, name->name,
		       name->is_macro ? " macro" : "",
		       name->defines ? "" : " declared");
	}
	subject_names_free(&names);
}

static bool dump(const char *path, bool directives, bool names)
{
	struct subject_source source;
	struct subject_error err;
	struct subject_scan scan;

	if (subject_source_read(&source, path, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return false;
	}
	if (subject_scan(&scan, &source, &err)) {
		fprintf(stderr, "%s\n", err.text);
		subject_source_free(&source);
		return false;
	}
	if (directives)
		print_directives(&scan);
	if (names)
		print_names(&scan);
	else
		print_items(&scan);
	subject_scan_free(&scan);
	subject_source_free(&source);
	return true;
}

int main(int argc, char **argv)
{
	bool directives = false, names = false, ok = true;
	char line[4096];
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		directives |= !strcmp(argv[i], "-d");
		names |= !strcmp(argv[i], "-n");
	}
	if (i < argc) {
		for (; i < argc; i++)
			ok &= dump(argv[i], directives, names);
		return ok ? 0 : 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		ok &= dump(line, directives, names);
	}
	return ok ? 0 : 1;
}
