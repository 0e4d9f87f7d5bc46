/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every design on every race, as text: a table for each kernel, a letter for
 * each cell; then what the letters leave open.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/report/matrix.h"

static const struct report_glyph glyphs[] = {
	{ "holds", "H", "holds in all interleavings" },
	{ "holds-searched", "h", "holds in those that were searched" },
	{ "violated", "V", "a check was violated" },
	{ "not-applicable", "-", "not applicable" },
	{ "failed", "X", "pinsim itself failed" },
	{ "not-run", ".", "not run" },
};

static const struct report_glyph marks[] = {
	{ "met", "", "as the race expects" },
	{ "none", "?", "the race expects nothing of it" },
	{ "open", "~", "what the race expects was not seen, and not all was searched" },
	{ "disappointed", "!", "not what the race expects" },
};

#define NR_OF(array)	(sizeof(array) / sizeof((array)[0]))

const struct report_glyph *report_glyph_nth(size_t i)
{
	return i < NR_OF(glyphs) ? &glyphs[i] : NULL;
}

const struct report_glyph *report_mark_nth(size_t i)
{
	return i < NR_OF(marks) ? &marks[i] : NULL;
}

const struct report_glyph *report_glyph_of(const char *verdict)
{
	size_t i = 0;

	while (i + 1 < NR_OF(glyphs) && strcmp(glyphs[i].verdict, verdict))
		i++;
	return &glyphs[i];
}

const struct report_glyph *report_mark_of(const char *expectation)
{
	size_t i = 0;

	while (i + 1 < NR_OF(marks) && strcmp(marks[i].verdict, expectation))
		i++;
	return &marks[i];
}

const char *report_member(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

bool report_is_judged(const json_t *cell)
{
	const char *verdict = report_member(cell, "verdict");

	return strcmp(verdict, "not-applicable") && strcmp(verdict, "not-run") &&
	       strcmp(verdict, "failed");
}

const json_t *report_matrix_cell(const struct report_matrix *m, size_t kernel, size_t race,
				 size_t design)
{
	size_t row = kernel * json_array_size(m->races) + race;

	return json_array_get(m->cells, row * json_array_size(m->designs) + design);
}

static uint64_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

void report_matrix_search(const json_t *search, char *buf, size_t size)
{
	const char *how = report_member(search, "how");
	const struct report_search s = {
		.how = !strcmp(how, "exhaustive") ? REPORT_EXHAUSTIVE :
		       !strcmp(how, "bounded") ? REPORT_BOUNDED : REPORT_CUT,
		.executions = number(search, "executions"),
		.bounded = number(search, "cut"),
		.bound = report_member(search, "bound"),
	};
	uint64_t sampled = number(search, "sampled");
	size_t len;

	report_search_words(&s, buf, size);
	len = strlen(buf);
	if (sampled)
		snprintf(buf + len, size - len, ", and %" PRIu64 " sampled", sampled);
}

/* --- the table ------------------------------------------------------------ */

#define COLUMN	3	/* a letter, a mark, a blank */

static int widest_race(const struct report_matrix *m)
{
	int width = 4;
	json_t *race;
	size_t i;

	json_array_foreach(m->races, i, race) {
		int len = (int)strlen(report_member(race, "name"));

		width = len > width ? len : width;
	}
	return width;
}

/* A line for each design, down to its column. */
static void print_heads(FILE *out, const struct report_matrix *m, int width)
{
	json_t *design;
	size_t i, k;

	json_array_foreach(m->designs, i, design) {
		fprintf(out, "%*s  ", width, "");
		for (k = 0; k < i; k++)
			fprintf(out, "%-*s", COLUMN, "|");
		fprintf(out, "%s\n", report_member(design, "name"));
	}
}

static void print_cell(FILE *out, const struct report_style *style, const json_t *cell)
{
	const char *expectation = report_member(cell, "expectation");
	bool failed = !strcmp(report_member(cell, "verdict"), "failed");
	bool red = style->colour && (failed || !strcmp(expectation, "disappointed"));

	fprintf(out, "%s%s%-*s%s", red ? "\033[1;31m" : "",
		report_glyph_of(report_member(cell, "verdict"))->letter, COLUMN - 1,
		report_is_judged(cell) ? report_mark_of(expectation)->letter : "",
		red ? "\033[0m" : "");
}

static void print_table(FILE *out, const struct report_style *style,
			const struct report_matrix *m, size_t kernel)
{
	size_t i, k, nr = json_array_size(m->designs);
	int width = widest_race(m);
	json_t *race;

	fprintf(out, "Kernel %s\n\n", json_string_value(json_array_get(m->kernels, kernel)));
	print_heads(out, m, width);
	json_array_foreach(m->races, i, race) {
		fprintf(out, "%-*s  ", width, report_member(race, "name"));
		for (k = 0; k < nr; k++)
			print_cell(out, style, report_matrix_cell(m, kernel, i, k));
		fputc('\n', out);
	}
	fputc('\n', out);
}

/* Only of letters that are there. */
static void print_legend(FILE *out, const struct report_matrix *m)
{
	const struct report_glyph *g;
	json_t *cell;
	size_t i, k, n;

	for (k = 0; (g = report_glyph_nth(k)); k++) {
		n = 0;
		json_array_foreach(m->cells, i, cell)
			n += !strcmp(report_member(cell, "verdict"), g->verdict);
		if (n)
			fprintf(out, "%s  %s: %zu\n", g->letter, g->words, n);
	}
	for (k = 0; (g = report_mark_nth(k)); k++) {
		n = 0;
		json_array_foreach(m->cells, i, cell)
			n += !strcmp(report_member(cell, "expectation"), g->verdict) &&
			     report_is_judged(cell);
		if (n)
			fprintf(out, "%s  %s: %zu\n", *g->letter ? g->letter : " ", g->words, n);
	}
}

/* --- what the letters leave open ------------------------------------------ */

static void print_name(FILE *out, const json_t *cell)
{
	fprintf(out, "%s, %s, kernel %s", report_member(cell, "race"),
		report_member(cell, "design"), report_member(cell, "kernel"));
}

/* Cells with @value for @key, and why. */
static void print_why(FILE *out, const struct report_matrix *m, const char *key,
		      const char *value, const char *head)
{
	bool any = false;
	json_t *cell;
	size_t i;

	json_array_foreach(m->cells, i, cell) {
		if (strcmp(report_member(cell, key), value) || !*report_member(cell, "why"))
			continue;
		if (!any)
			fprintf(out, "\n%s:\n", head);
		any = true;
		fputs("  ", out);
		print_name(out, cell);
		fprintf(out, ": %s\n", report_member(cell, "why"));
	}
}

/* How the searches of what may yet be violated ended. */
static void print_searched(FILE *out, const struct report_matrix *m)
{
	char words[200];
	bool any = false;
	json_t *cell;
	size_t i;

	json_array_foreach(m->cells, i, cell) {
		if (strcmp(report_member(cell, "verdict"), "holds-searched"))
			continue;
		if (!any)
			fputs("\nSearched in part:\n", out);
		any = true;
		report_matrix_search(json_array_get(json_object_get(cell, "searches"), 0), words,
				     sizeof(words));
		fputs("  ", out);
		print_name(out, cell);
		fprintf(out, ": %s\n", words);
	}
}

static void print_violations(FILE *out, const json_t *cell, const json_t *search)
{
	const char *checks = report_member(search, "checks");
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(search, "violations"), i, v) {
		fputs("  ", out);
		print_name(out, cell);
		fprintf(out, "%s%s: %s\n    pinsim replay '%s'\n",
			strcmp(checks, "all") ? ", checks " : "",
			strcmp(checks, "all") ? checks : "", report_member(v, "check"),
			report_member(v, "replay"));
	}
}

static void print_all_violations(FILE *out, const struct report_matrix *m)
{
	json_t *cell, *search;
	bool any = false;
	size_t i, k;

	json_array_foreach(m->cells, i, cell) {
		json_array_foreach(json_object_get(cell, "searches"), k, search) {
			if (!any && json_array_size(json_object_get(search, "violations"))) {
				fputs("\nViolated, by the smallest execution that was found:\n",
				      out);
				any = true;
			}
			print_violations(out, cell, search);
		}
	}
}

/**
 * report_matrix_text() - a table for each kernel
 * @out: where to
 * @style: colour marks what was not expected
 * @m: the document
 */
void report_matrix_text(FILE *out, const struct report_style *style,
			const struct report_matrix *m)
{
	size_t i;

	for (i = 0; i < json_array_size(m->kernels); i++)
		print_table(out, style, m, i);
	print_legend(out, m);
	print_why(out, m, "verdict", "not-applicable", "Not applicable");
	print_searched(out, m);
	print_all_violations(out, m);
	print_why(out, m, "verdict", "failed", "pinsim itself failed");
	print_why(out, m, "expectation", "open", "Still open");
	print_why(out, m, "expectation", "disappointed", "Not as expected");
}
