/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds of the slicer whatever text it is given.
 */
#include "fuzz/slicer_property.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/lex.h"
#include "sim/subject/needs.h"
#include "sim/subject/slice.h"

#define NAMED_MAX	8

/**
 * struct property - one text at work
 * @source: the text
 * @scan: its items
 * @closure: what is chosen of them
 * @why: what does not hold
 * @why_size: of @why
 */
struct property {
	struct subject_source source;
	struct subject_scan scan;
	struct subject_closure closure;
	char *why;
	size_t why_size;
};

static bool broken(struct property *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool broken(struct property *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(p->why, p->why_size, format, args);
	va_end(args);
	return false;
}

static bool refused_well(struct property *p, const struct subject_error *err)
{
	unsigned int line, column;

	if (!strncmp(err->text, "t.c: more than", 14))
		return true;
	if (sscanf(err->text, "t.c:%u:%u: ", &line, &column) != 2)
		return broken(p, "no place in: %s", err->text);
	return true;
}

static bool in_order(struct property *p, const struct subject_scan *scan)
{
	uint32_t i, at = 0;

	for (i = 0; i < scan->nr_items; i++) {
		const struct subject_item *item = &scan->item[i];

		if (item->begin < at || item->end <= item->begin ||
		    item->head < item->begin || item->head > item->end ||
		    item->end > scan->source->size)
			return broken(p, "item %u of line %u lies in another",
				      i, item->line);
		at = item->end;
	}
	return true;
}

/*
 * Items that need what follows them to tell their end, or that begin as no
 * declaration does: another neighbour may make another item of them.
 */
static bool depends_on_neighbours(const struct property *p)
{
	const struct subject_scan *scan = &p->scan;
	struct subject_lex lex;
	uint32_t i;

	for (i = 0; i < scan->nr_items; i++) {
		const struct subject_item *item = &scan->item[i];

		subject_lex_init(&lex, scan->source->text, item->begin,
				 item->end);
		if (subject_lex_next(&lex) != SUBJECT_IDENT &&
		    item->kind != SUBJECT_LINKAGE)
			return true;
		if (!strchr(";}", scan->source->text[item->end - 1]))
			return true;
		/* No prototype can be made of a head in K&R's style. */
		if (p->closure.item[i] == SUBJECT_CUT &&
		    memchr(scan->source->text + item->begin, ';',
			   item->head - item->begin))
			return true;
	}
	return false;
}

static bool same_items(struct property *p, const struct subject_scan *again)
{
	const struct subject_scan *scan = &p->scan;
	uint32_t i, n = 0;

	for (i = 0; i < scan->nr_items; i++) {
		const struct subject_item *a = &scan->item[i], *b;

		if (p->closure.item[i] == SUBJECT_UNCHOSEN)
			continue;
		if (n == again->nr_items)
			return broken(p, "%s of line %u is lost", a->name,
				      a->line);
		b = &again->item[n++];
		if (p->closure.item[i] == SUBJECT_CUT)
			continue;
		/* A prototype of a cut function has lost its "static". */
		if (a->kind == SUBJECT_PROTOTYPE && b->kind == a->kind &&
		    !strcmp(a->name, b->name))
			continue;
		if (a->kind != b->kind || a->line != b->line ||
		    a->end_line != b->end_line || strcmp(a->name, b->name))
			return broken(p, "%s %s of %u-%u is %s %s of %u-%u",
				      subject_kind_word(a->kind), a->name,
				      a->line, a->end_line,
				      subject_kind_word(b->kind), b->name,
				      b->line, b->end_line);
	}
	if (n < again->nr_items)
		return broken(p, "%s of line %u is new", again->item[n].name,
			      again->item[n].line);
	return true;
}

static bool masks(struct property *p)
{
	static const struct subject_slice_options options;
	struct subject_source source;
	struct subject_error err;
	struct subject_scan scan;
	struct subject_text text = { 0 };
	bool holds;

	subject_text_puts(&text, "");
	subject_mask(&text, &p->closure, &options);
	if (subject_source_from(&source, "m.c", text.at, text.len, &err)) {
		holds = broken(p, "masked: %s", err.text);
	} else {
		if (source.nr_lines != p->source.nr_lines) {
			holds = broken(p, "%u lines became %u",
				       p->source.nr_lines, source.nr_lines);
		} else if (depends_on_neighbours(p)) {
			holds = true;
		} else if (subject_scan(&scan, &source, &err)) {
			holds = broken(p, "masked: %s", err.text);
		} else {
			holds = same_items(p, &scan);
			subject_scan_free(&scan);
		}
		subject_source_free(&source);
	}
	subject_text_free(&text);
	return holds;
}

/* Things of which nothing is asked but that they come to an end. */
static void exercise(struct property *p)
{
	static const struct subject_slice_options options = {
		.prologue = "prologue.h",
	};
	struct subject_text text = { 0 };
	struct subject_slice slice;
	struct subject_needs needs;
	struct subject_error err;
	uint32_t i;

	subject_slice(&slice, &p->closure, &options);
	subject_slice_free(&slice);
	subject_needs(&needs, &p->closure);
	subject_needs_elsewhere(&needs, "t.h", p->source.text, p->source.size);
	subject_needs_free(&needs);
	subject_header_slice(&text, &p->closure);
	for (i = 0; i < p->scan.nr_items && i < NAMED_MAX; i++) {
		subject_signature(&text, &p->scan, &p->scan.item[i]);
		if (p->scan.item[i].kind == SUBJECT_STRUCT)
			subject_fields_added(&text, &p->scan, &p->scan,
					     p->scan.item[i].name, &err);
	}
	subject_text_free(&text);
}

/* Some functions, as the first byte of the text says; or everything. */
static uint32_t choose(const struct subject_scan *scan, const char **named)
{
	uint32_t bits = (unsigned char)scan->source->text[0], nr = 0, i;

	for (i = 0; i < scan->nr_items && nr < NAMED_MAX; i++) {
		if (scan->item[i].kind != SUBJECT_FUNCTION ||
		    !*scan->item[i].name || !subject_function(scan,
						scan->item[i].name))
			continue;
		if (bits & 1)
			named[nr++] = scan->item[i].name;
		bits = bits >> 1 | (bits & 1) << 7;
	}
	return nr;
}

static bool slices(struct property *p)
{
	const char *named[NAMED_MAX];
	struct subject_wanted wanted = { .named = named };
	struct subject_error err = { "" };
	bool holds;

	wanted.nr_named = choose(&p->scan, named);
	wanted.only_named = p->source.text[0] & 2;
	if (subject_close(&p->closure, &p->scan, &wanted, &err))
		return broken(p, "no closure: %s", err.text);
	holds = masks(p);
	exercise(p);
	subject_closure_free(&p->closure);
	return holds;
}

bool slicer_property(const char *text, size_t size, char *why, size_t why_size)
{
	struct property p = { .why = why, .why_size = why_size };
	struct subject_error err = { "" };
	bool holds;

	if (subject_source_from(&p.source, "t.c", text, size, &err))
		return refused_well(&p, &err);
	if (subject_scan(&p.scan, &p.source, &err)) {
		holds = refused_well(&p, &err);
	} else {
		holds = in_order(&p, &p.scan) && slices(&p);
		subject_scan_free(&p.scan);
	}
	subject_source_free(&p.source);
	return holds;
}
