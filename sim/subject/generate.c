/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that macros make. Stands for nothing in the kernel.
 *
 * A macro with arguments at file scope is expanded if the file defines it, and
 * what comes out is scanned; macros in that are expanded in turn, to a certain
 * depth and up to a certain size. Simpler than C: arguments are not expanded
 * before they are put in, and macros within functions are left alone.
 */
#include "sim/subject/generate.h"

#include <stdlib.h>
#include <string.h>

#include "sim/subject/declare_private.h"

#define GENERATE_DEPTH	4		/* macros in macros */
#define GENERATE_MAX	(4u << 20)	/* bytes in all, for one file */
#define ARGUMENTS_MAX	16

/**
 * struct generating - an expansion at work
 * @names: appended to
 * @nr_sorted: of them, before anything was appended
 * @scan: of the file
 * @item: whose names they are
 * @left: bytes that may still be made
 */
struct generating {
	struct subject_names *names;
	size_t nr_sorted;
	const struct subject_scan *scan;
	uint32_t item;
	uint32_t left;
};

/**
 * struct arguments - what stands between brackets, comma by comma
 * @at: each one
 * @len: its bytes
 * @nr: how many
 */
struct arguments {
	const char *at[ARGUMENTS_MAX];
	uint32_t len[ARGUMENTS_MAX];
	uint32_t nr;
};

static void split(struct arguments *ret, const char *text,
		  const struct declare_token *t, uint32_t open, uint32_t n)
{
	uint32_t i = open + 1, close = t[open].match < n ? t[open].match : n;
	uint32_t from = i;

	ret->nr = 0;
	for (; i <= close && ret->nr < ARGUMENTS_MAX; i++) {
		bool ends = i == close || (t[i].kind == SUBJECT_PUNCT &&
					   t[i].c == ',');

		if (ends && i > from) {
			ret->at[ret->nr] = text + t[from].begin;
			ret->len[ret->nr] = t[i - 1].begin + t[i - 1].len -
					    t[from].begin;
			ret->nr++;
		} else if (ends && i < close) {
			ret->at[ret->nr] = "";
			ret->len[ret->nr++] = 0;
		}
		if (ends)
			from = i + 1;
		else if (t[i].match && t[i].match < close)
			i = t[i].match;
	}
}

/* Which parameter is this word? @nr: none. */
static uint32_t which(const struct arguments *parameters, const char *at,
		      uint32_t len)
{
	uint32_t i;

	for (i = 0; i < parameters->nr; i++)
		if (parameters->len[i] == len &&
		    !memcmp(parameters->at[i], at, len))
			break;
	return i;
}

/* Between two tokens: nothing, a blank, or a newline. */
static const char *between(const char *text, const struct declare_token *t,
			   uint32_t i, uint32_t depth)
{
	const struct declare_token *last = &t[i - 1];
	uint32_t end = last->begin + last->len;

	if (memchr(text + end, '\n', t[i].begin - end))
		return "\n";
	/* One macro behind another: each is something for itself. */
	if (!depth && last->kind == SUBJECT_PUNCT && last->c == ')' &&
	    t[i].kind == SUBJECT_IDENT &&
	    !declare_looks_attribute(text + t[i].begin, t[i].len))
		return "\n";
	return " ";
}

static bool hash(const struct declare_token *t, uint32_t i, uint32_t n)
{
	return i < n && t[i].kind == SUBJECT_PUNCT && t[i].c == '#';
}

/* A macro's body with arguments in the places of its parameters. */
static void expand(struct subject_text *ret, const char *text,
		   const struct declare_token *t, uint32_t n, uint32_t from,
		   const struct arguments *parameters,
		   const struct arguments *given, uint32_t max)
{
	uint32_t i, k, depth = 0;
	bool pasted = true;

	for (i = from; i < n && ret->len < max; i++) {
		if (hash(t, i, n)) {
			/* x ## y; and #x, of which nobody needs the text. */
			pasted = hash(t, i + 1, n);
			i++;
			if (!pasted)
				subject_text_puts(ret, " \"\"");
			continue;
		}
		if (!pasted)
			subject_text_puts(ret, between(text, t, i, depth));
		pasted = false;
		if (t[i].kind == SUBJECT_PUNCT && strchr("({[", t[i].c))
			depth++;
		else if (t[i].kind == SUBJECT_PUNCT && depth &&
			 strchr(")}]", t[i].c))
			depth--;
		k = t[i].kind == SUBJECT_IDENT ?
			which(parameters, text + t[i].begin, t[i].len) :
			parameters->nr;
		if (k == parameters->nr)
			subject_text_add(ret, text + t[i].begin, t[i].len);
		else if (k < given->nr)
			subject_text_add(ret, given->at[k], given->len[k]);
	}
	subject_text_puts(ret, "\n");
}

/* The file's own macro of that name, or NULL. */
static const struct subject_line *own_macro(const struct generating *g,
					    const char *at, uint32_t len)
{
	/* Of those that are sorted already. */
	struct subject_names sorted = {
		.name = g->names->name,
		.nr = g->nr_sorted,
	};
	const struct subject_name *name;

	name = subject_names_find(&sorted, SUBJECT_ORDINARY, at, len);
	return name && name->is_macro ? &g->scan->directive[name->at] : NULL;
}

static void expand_item(struct generating *g, const struct subject_scan *scan,
			const struct subject_item *item, uint32_t depth);

/* What an expansion declares becomes names of the item. */
static void take(struct generating *g, const struct subject_text *text,
		 uint32_t depth)
{
	struct subject_source source;
	struct subject_names names = { 0 };
	struct subject_error err;
	struct subject_scan scan;
	struct declare_item what;
	size_t k;
	uint32_t i;

	if (subject_source_from(&source, "", text->at, text->len, &err))
		return;
	if (subject_scan(&scan, &source, &err)) {
		subject_source_free(&source);
		return;
	}
	for (i = 0; i < scan.nr_items; i++) {
		const struct subject_item *item = &scan.item[i];

		if (item->kind == SUBJECT_CALL && !item->is_made)
			expand_item(g, &scan, item, depth + 1);
		else
			declare_item(&what, source.text, item->begin,
				     item->head, item->end,
				     item->kind == SUBJECT_FUNCTION, &names);
	}
	for (k = 0; k < names.nr; k++) {
		struct subject_name name = names.name[k];

		name.is_generated = true;
		name.at = g->item;
		name.name = subject_names_keep(g->names, name.name, name.len);
		declare_add(g->names, name);
	}
	free(names.name);
	subject_scan_free(&scan);
	subject_source_free(&source);
}

static void expand_macro(struct generating *g, const struct subject_line *line,
			 const struct arguments *given, uint32_t depth)
{
	const char *text = g->scan->source->text;
	struct arguments parameters = { .nr = 0 };
	struct subject_text made = { 0 };
	struct declare_token *t;
	uint32_t n, from = 0;

	t = declare_tokens(text, line->body, line->end, true, &n);
	/* A bracket right behind the name holds parameters. */
	if (n && t[0].begin == line->body && t[0].c == '(' &&
	    t[0].match < n) {
		split(&parameters, text, t, 0, n);
		from = t[0].match + 1;
	}
	if (n && from) {
		expand(&made, text, t, n, from, &parameters, given, g->left);
		g->left -= made.len < g->left ? made.len : g->left;
		take(g, &made, depth);
	}
	subject_text_free(&made);
	free(t);
}

static void expand_item(struct generating *g, const struct subject_scan *scan,
			const struct subject_item *item, uint32_t depth)
{
	const char *text = scan->source->text;
	const struct subject_line *line;
	struct arguments given;
	struct declare_token *t;
	uint32_t n, i = 0;

	if (depth == GENERATE_DEPTH || !g->left)
		return;
	t = declare_tokens(text, item->begin, item->end, false, &n);
	while (i + 1 < n && t[i].kind == SUBJECT_IDENT &&
	       declare_storage(text + t[i].begin, t[i].len))
		i++;
	if (i + 1 < n && t[i].kind == SUBJECT_IDENT && t[i + 1].c == '(') {
		line = own_macro(g, text + t[i].begin, t[i].len);
		if (line) {
			split(&given, text, t, i + 1, n);
			expand_macro(g, line, &given, depth);
		}
	}
	free(t);
}

void generate_names(struct subject_names *names,
		    const struct subject_scan *scan)
{
	struct generating g = {
		.names = names,
		.nr_sorted = names->nr,
		.scan = scan,
		.left = GENERATE_MAX,
	};

	for (g.item = 0; g.item < scan->nr_items; g.item++) {
		const struct subject_item *item = &scan->item[g.item];

		if (item->kind == SUBJECT_CALL && !item->is_made)
			expand_item(&g, scan, item, 0);
	}
	if (names->nr > g.nr_sorted)
		subject_names_sort(names);
}
