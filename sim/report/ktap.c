/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KTAP version 1 (Documentation/dev-tools/ktap.rst), for kernel CI: it parses
 * with tools/testing/kunit/kunit.py parse.
 *
 * A '#' begins a directive, so none may stand in a name; a newline ends the
 * line.
 */
#include <string.h>

#include "sim/report/report_private.h"

#define INDENT	4

static void indent(FILE *out, unsigned int depth)
{
	fprintf(out, "%*s", (int)(depth * INDENT), "");
}

static void put_name(FILE *out, const char *name)
{
	for (; *name; name++)
		fputc(*name == '#' || *name == '\n' ? '_' : *name, out);
}

/* Diagnostic lines, each behind its '#'. */
static void put_diagnostic(FILE *out, unsigned int depth, const char *text)
{
	while (*text) {
		int len = (int)strcspn(text, "\n");

		indent(out, depth);
		fprintf(out, "# %.*s\n", len, text);
		text += len;
		if (*text)
			text++;
	}
}

/**
 * report_ktap_plan() - begin a list of results
 * @out: where to
 * @depth: 0 the top, 1 the results of one of its lines
 * @subtest: name of the line that these results belong to; NULL at the top
 * @n: how many results will come
 */
void report_ktap_plan(FILE *out, unsigned int depth, const char *subtest, size_t n)
{
	indent(out, depth);
	fputs("KTAP version 1\n", out);
	if (subtest) {
		indent(out, depth);
		fputs("# Subtest: ", out);
		put_name(out, subtest);
		fputc('\n', out);
	}
	indent(out, depth);
	fprintf(out, "1..%zu\n", n);
}

/**
 * report_ktap_result() - one result
 * @out: where to
 * @depth: as of its plan
 * @number: from 1 on
 * @result: what came out
 * @name: of the result; a '#' in it becomes '_'
 * @text: why it is so, or NULL; before the line, as a skip's reason on it
 */
void report_ktap_result(FILE *out, unsigned int depth, size_t number,
			enum report_result result, const char *name, const char *text)
{
	if (text && result != REPORT_SKIP)
		put_diagnostic(out, depth, text);
	indent(out, depth);
	fprintf(out, "%s %zu ", result == REPORT_NOT_OK ? "not ok" : "ok", number);
	put_name(out, name);
	if (result == REPORT_SKIP) {
		fputs(" # SKIP ", out);
		put_name(out, text ? text : "");
	}
	fputc('\n', out);
}
