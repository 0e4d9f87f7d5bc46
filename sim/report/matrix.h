/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every design on every race, told to people and to machines.  What there is to
 * tell is a document, the one of pinsim-output(5); text and HTML show the same.
 */
#ifndef SIM_REPORT_MATRIX_H
#define SIM_REPORT_MATRIX_H

#include <jansson.h>
#include <stdio.h>

#include "sim/report/report.h"

/**
 * struct report_matrix - the document
 * @kernels: names, one table each
 * @races: rows: objects with "name", "question" and "text"
 * @designs: columns: objects with "name" and "summary"
 * @cells: objects, kernel by kernel, race by race, design by design
 */
struct report_matrix {
	json_t *kernels, *races, *designs, *cells;
};

/* Return: 0, or -1 if memory ran out or @out took no more. */
int report_matrix_json(FILE *out, const struct report_matrix *m);
void report_matrix_text(FILE *out, const struct report_style *style,
			const struct report_matrix *m);
/* One page that needs nothing but itself. */
void report_matrix_html(FILE *out, const struct report_matrix *m);

/**
 * struct report_glyph - what a verdict is shown as
 * @verdict: in the document
 * @letter: in a table
 * @words: of the legend
 */
struct report_glyph {
	const char *verdict, *letter, *words;
};

/* Of a verdict; the @i-th, or NULL past the last. */
const struct report_glyph *report_glyph_of(const char *verdict);
const struct report_glyph *report_glyph_nth(size_t i);
/* The same of an expectation that was met, open, disappointed or none. */
const struct report_glyph *report_mark_of(const char *expectation);
const struct report_glyph *report_mark_nth(size_t i);

/* The string that is member @key of @object; "" if it is null or not there. */
/* Did it come to a verdict? */
bool report_is_judged(const json_t *cell);
const char *report_member(const json_t *object, const char *key);
/* The cell of a kernel, a race and a design, by number. */
const json_t *report_matrix_cell(const struct report_matrix *m, size_t kernel, size_t race,
				 size_t design);
/* How a search of a cell ended, in words. */
void report_matrix_search(const json_t *search, char *buf, size_t size);

#endif
