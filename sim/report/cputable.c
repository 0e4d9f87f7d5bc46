/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPU table, as Documentation/virt/kvm/locking.rst and lockdep draw it: a
 * column for each task under its CPU, time running down.
 *
 * Where there is no room for that, one column for all, and who at each row.
 *
 * A function that does nothing worth a row is one row; a block of rows that
 * comes several times in a row is shown once and counted.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/engine/image.h"
#include "sim/report/report_private.h"

#define DEFAULT_WIDTH	100
#define LEAST_PAGE	40
#define LEAST_CELL	20
#define MAX_BLOCK	64	/* longest block that is looked for */
#define MAX_INDENT	5

struct row {
	unsigned int col;
	unsigned int depth;
	enum row_kind kind;
	const char *site;
	char text[ROW_SIZE];
};

struct table {
	const struct report_story *story;
	struct row *rows;
	size_t nr, room;
	unsigned int *depth;	/* by column */
	unsigned int columns;	/* of the table: one for each task, or 1 */
	unsigned int cell;	/* columns of text in a cell */
	unsigned int width;	/* of the page */
};

static struct row *new_row(struct table *t)
{
	if (t->nr == t->room) {
		size_t room = t->room ? t->room * 2 : 256;
		struct row *rows = realloc(t->rows, room * sizeof(*rows));

		if (!rows)
			return NULL;
		t->rows = rows;
		t->room = room;
	}
	return &t->rows[t->nr];
}

/* A call that came to nothing else: one row with its result. */
static bool merge_with_open(struct table *t, const struct row *close)
{
	struct row *open = t->nr ? &t->rows[t->nr - 1] : NULL;
	const char *result = strstr(close->text, " = ");

	if (!open || open->kind != ROW_OPEN || open->col != close->col || !result)
		return false;
	if (open->site != close->site && strcmp(open->site, close->site))
		return false;
	strncat(open->text, result, sizeof(open->text) - strlen(open->text) - 1);
	open->kind = ROW_PLAIN;
	return true;
}

/* The line of loaded code that did it. */
static void add_place(const struct sim_record *rec, struct row *row)
{
	const char *place = sim_site_place(rec->site);
	size_t len = strlen(row->text);

	if (place)
		snprintf(row->text + len, sizeof(row->text) - len, "  %s", place);
}

static int add_record(struct table *t, size_t i)
{
	const struct sim_record *rec = &t->story->recs[i];
	struct row *row = new_row(t);

	if (!row)
		return -1;
	if (!row_text(t->story->names, rec, row->text, sizeof(row->text), &row->kind))
		return 0;
	in_the_way(t->story, i, row->text, sizeof(row->text));
	add_place(rec, row);
	row->col = (unsigned int)rec->task;
	row->site = rec->site ? rec->site : "";
	if (row->kind == ROW_CLOSE && t->depth[row->col])
		t->depth[row->col]--;
	row->depth = t->depth[row->col] < MAX_INDENT ? t->depth[row->col] : MAX_INDENT;
	if (row->kind == ROW_OPEN)
		t->depth[row->col]++;
	if (row->kind == ROW_CLOSE && merge_with_open(t, row))
		return 0;
	t->nr++;
	return 0;
}

static bool same_rows(const struct row *a, const struct row *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i].col != b[i].col || a[i].depth != b[i].depth ||
		    strcmp(a[i].text, b[i].text))
			return false;
	}
	return true;
}

/* How often the block [at, at + len) comes in a row from @at on. */
static size_t repeats(const struct table *t, size_t at, size_t len)
{
	size_t k = 1;

	while (at + (k + 1) * len <= t->nr &&
	       same_rows(&t->rows[at], &t->rows[at + k * len], len))
		k++;
	return k;
}

/* The block at @at whose folding saves most rows; the shortest of equals. */
static size_t best_block(const struct table *t, size_t at, size_t *ret_times)
{
	size_t best = 1, saved = 0;

	*ret_times = 1;
	for (size_t len = 1; len <= MAX_BLOCK && at + 2 * len <= t->nr; len++) {
		size_t k = repeats(t, at, len);

		if ((k - 1) * len > saved) {
			saved = (k - 1) * len;
			best = len;
			*ret_times = k;
		}
	}
	return best;
}

static void rule(FILE *out, const struct table *t, char fill)
{
	for (unsigned int c = 0; c < t->columns; c++) {
		fputc('+', out);
		for (unsigned int i = 0; i < t->cell + 2; i++)
			fputc(fill, out);
	}
	fputs("+\n", out);
}

/* One line of one cell; the others stay empty. */
static void cell_line(FILE *out, const struct table *t, unsigned int col, const char *text,
		      int len)
{
	if (t->columns == 1)
		col = 0;
	for (unsigned int c = 0; c < t->columns; c++)
		fprintf(out, "| %-*.*s ", (int)t->cell, c == col ? len : 0, c == col ? text : "");
	fputs("|\n", out);
}

/* How much of @text goes on a line of @room columns: whole words, unless that
 * would leave most of the line empty. */
static size_t line_length(const char *text, size_t room)
{
	size_t len = strlen(text);

	if (len <= room)
		return len;
	for (len = room; len > room / 3 && text[len] != ' '; len--)
		;
	return text[len] == ' ' ? len : room;
}

static void wrap_cell(FILE *out, const struct table *t, unsigned int col, size_t indent,
		      const char *text)
{
	char line[ROW_SIZE + 64];
	size_t first = indent;

	if (indent + 12 > t->cell)
		indent = first = 0;
	while (*text) {
		size_t len = line_length(text, t->cell - indent);

		snprintf(line, sizeof(line), "%*s%.*s", (int)indent, "", (int)len, text);
		cell_line(out, t, col, line, (int)strlen(line));
		text += len;
		while (*text == ' ')
			text++;
		indent = first + 4;
	}
}

static void print_row(FILE *out, const struct table *t, const struct row *row, bool in_block,
		      size_t times)
{
	bool named = t->columns < t->story->nr_tasks;
	char text[ROW_SIZE + 40 + NAME_SIZE], count[32] = "";

	if (times > 1)
		snprintf(count, sizeof(count), " (x%zu)", times);
	snprintf(text, sizeof(text), "%s%s%s%s%s", in_block ? ". " : "",
		 named ? t->story->tasks[row->col].name : "", named ? ": " : "", row->text, count);
	wrap_cell(out, t, row->col, row->depth * 2, text);
}

static bool print_rows(FILE *out, const struct table *t)
{
	bool folded = false;
	size_t at = 0;

	while (at < t->nr) {
		size_t times, len = best_block(t, at, &times);
		bool block = times > 1 && len > 1;

		for (size_t i = 0; i < len; i++)
			print_row(out, t, &t->rows[at + i], block, i + 1 == len ? times : 1);
		folded |= block;
		at += len * times;
	}
	return folded;
}

static void print_head(FILE *out, const struct table *t)
{
	char head[NAME_SIZE + 24];

	rule(out, t, '-');
	for (unsigned int c = 0; c < t->story->nr_tasks; c++) {
		snprintf(head, sizeof(head), "CPU %u: %s", t->story->tasks[c].cpu,
			 t->story->tasks[c].name);
		fprintf(out, "| %-*.*s ", (int)t->cell, (int)t->cell, head);
		if (t->columns == 1 || c + 1 == t->columns)
			fputs("|\n", out);
	}
	rule(out, t, '=');
}

/* Below the table, over its whole width. */
static void print_below(FILE *out, const struct table *t, const char *text)
{
	const char *lead = "";

	while (*text) {
		size_t len = line_length(text, t->width - strlen(lead));

		fprintf(out, "%s%.*s\n", lead, (int)len, text);
		text += len;
		while (*text == ' ')
			text++;
		lead = "    ";
	}
}

static void print_violation(FILE *out, const struct report_style *style,
			    const struct table *t, const struct violation *v)
{
	char text[CHECK_TEXT_SIZE + 64];

	snprintf(text, sizeof(text), "*** %s: %s", v->check, v->text);
	if (style->colour)
		fputs("\033[1;31m", out);
	print_below(out, t, text);
	if (style->colour)
		fputs("\033[0m", out);
}

static void measure(struct table *t, const struct report_style *style)
{
	unsigned int n = t->story->nr_tasks;
	unsigned int width = style->width ? style->width : DEFAULT_WIDTH;

	t->width = width < LEAST_PAGE ? LEAST_PAGE : width;
	t->columns = (t->width - 1) / n < LEAST_CELL + 3 ? 1 : n;
	t->cell = (t->width - 1) / t->columns - 3;
}

/**
 * report_cputable() - an execution as the kernel's own table
 * @out: where to
 * @style: width and colour
 * @story: the execution; records of no task (set-up, tear-down) are left out
 *
 * Return: 0, or -1 if memory ran out.
 */
int report_cputable(FILE *out, const struct report_style *style,
		    const struct report_story *story)
{
	struct table t = { .story = story };
	int ret = -1;

	if (!story->nr_tasks)
		return 0;
	measure(&t, style);
	t.depth = calloc(story->nr_tasks, sizeof(*t.depth));
	if (!t.depth)
		return -1;
	for (size_t i = 0; i < story->nr_recs; i++) {
		const struct sim_record *rec = &story->recs[i];

		if (rec->task < 0 || rec->task >= (int)story->nr_tasks)
			continue;
		if (told_later(story, i))
			continue;
		if (add_record(&t, i))
			goto out;
	}
	print_head(out, &t);
	if (print_rows(out, &t)) {
		rule(out, &t, '-');
		print_below(out, &t,
			    "Rows marked . come as often in a row as their last one says.");
	} else {
		rule(out, &t, '-');
	}
	for (unsigned int i = 0; i < story->nr_violations; i++)
		print_violation(out, style, &t, &story->violations[i]);
	ret = 0;
out:
	free(t.depth);
	free(t.rows);
	return ret;
}
