/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields that one version of a struct has and another has not. Stands for
 * nothing in the kernel.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/declare.h"
#include "sim/subject/lex.h"
#include "sim/subject/slice.h"

/**
 * struct adding - a comparison at work
 * @ret: where declarations of new fields go
 * @scan: of the version that may have more
 * @known: fields of the other one
 * @text: of @scan
 * @open: #if, #else, ... that the place is in, for each the directive's place
 * @nr_open: how many
 * @added: new fields so far
 * @mixed: a declaration declares a new field and an old one
 */
struct adding {
	struct subject_text *ret;
	const struct subject_scan *scan;
	const struct subject_names *known;
	const char *text;
	struct subject_lex open[SUBJECT_DEPTH_MAX];
	uint32_t nr_open;
	int added;
	uint32_t mixed;
};

/* The item that defines a struct, or NULL. */
static const struct subject_item *find_struct(const struct subject_scan *scan,
					      const char *tag)
{
	const struct subject_item *found = NULL;
	const struct subject_name *name;
	struct subject_names names;

	subject_names_of(&names, scan);
	for (name = subject_names_find(&names, SUBJECT_TAG, tag, strlen(tag));
	     name; name = subject_names_next(&names, name)) {
		if (name->defines && name->kind != SUBJECT_ENUM) {
			found = &scan->item[name->at];
			break;
		}
	}
	subject_names_free(&names);
	return found;
}

/* Behind the '{' of a struct's body; @ret_end: at its '}'. */
static uint32_t find_body(const struct subject_scan *scan,
			  const struct subject_item *item, const char *tag,
			  uint32_t *ret_end)
{
	uint32_t depth = 0, begin = item->begin;
	struct subject_lex lex;
	bool found = false;

	subject_lex_init(&lex, scan->source->text, item->begin, item->end);
	lex.lenient = true;
	/* The tag, perhaps behind it attributes, and the brace. */
	while (!depth && subject_lex_next(&lex) != SUBJECT_END) {
		if (subject_lex_is(&lex, tag))
			found = true;
		else if (found && lex.kind == SUBJECT_PUNCT && lex.c == '{')
			depth = 1;
		else if (lex.kind == SUBJECT_PUNCT && strchr(";*{", lex.c))
			found = false;
	}
	begin = *ret_end = lex.end;
	while (depth && subject_lex_next(&lex) != SUBJECT_END) {
		depth += lex.kind == SUBJECT_PUNCT && lex.c == '{';
		depth -= lex.kind == SUBJECT_PUNCT && lex.c == '}';
		*ret_end = lex.begin;
	}
	return begin;
}

/* Follow conditionals, so that a field can be told with those it stands in. */
static void directive(struct adding *a, const struct subject_lex *lex)
{
	struct subject_lex word;

	subject_lex_init(&word, lex->text, lex->begin + 1, lex->end);
	word.in_directive = true;
	subject_lex_next(&word);
	if (subject_lex_is(&word, "endif")) {
		/* Back to before the #if, over its branches. */
		while (a->nr_open) {
			bool begins = a->open[--a->nr_open].first;

			if (begins)
				break;
		}
	} else if (a->nr_open < SUBJECT_DEPTH_MAX) {
		bool begins = subject_lex_is(&word, "if") ||
			      subject_lex_is(&word, "ifdef") ||
			      subject_lex_is(&word, "ifndef");

		if (!begins && memcmp(word.text + word.begin, "el", 2))
			return;
		a->open[a->nr_open] = *lex;
		a->open[a->nr_open++].first = begins;
	}
}

static void add(struct adding *a, uint32_t begin, uint32_t end)
{
	uint32_t i;

	for (i = 0; i < a->nr_open; i++) {
		subject_text_add(a->ret, a->text + a->open[i].begin,
				 a->open[i].end - a->open[i].begin);
		subject_text_puts(a->ret, "\n");
	}
	subject_text_add(a->ret, a->text + begin, end - begin);
	subject_text_puts(a->ret, "\n");
	for (i = 0; i < a->nr_open; i++)
		if (a->open[i].first)
			subject_text_puts(a->ret, "#endif\n");
}

static void body(struct adding *a, uint32_t begin, uint32_t end);

/* What is between the outermost braces. */
static bool inner(const struct adding *a, uint32_t *begin, uint32_t *end)
{
	struct subject_lex lex;
	uint32_t open = 0, close = 0;

	subject_lex_init(&lex, a->text, *begin, *end);
	lex.lenient = true;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		if (lex.kind == SUBJECT_PUNCT && lex.c == '{' && !open)
			open = lex.end;
		if (lex.kind == SUBJECT_PUNCT && lex.c == '}')
			close = lex.begin;
	}
	*begin = open;
	*end = close;
	return open && open < close;
}

/* Is a name that was found in a declaration one of its fields? */
static bool is_field(const struct subject_name *name, bool nested)
{
	return nested ? name->space == SUBJECT_FIELD :
	       name->space == SUBJECT_ORDINARY && name->kind != SUBJECT_ENUM;
}

/* One declaration of a body: is it new? */
static void member(struct adding *a, uint32_t begin, uint32_t end)
{
	struct subject_names names = { 0 };
	struct declare_item what;
	uint32_t fresh = 0, all = 0, open = begin, close = end;
	bool nested = true;
	size_t i;

	declare_item(&what, a->text, begin, end, end, false, &names);
	for (i = 0; i < names.nr; i++)
		if (is_field(&names.name[i], false))
			nested = false;
	for (i = 0; i < names.nr; i++) {
		if (!is_field(&names.name[i], nested))
			continue;
		all++;
		fresh += !subject_names_find(a->known, SUBJECT_FIELD,
					     names.name[i].name,
					     names.name[i].len);
	}
	subject_names_free(&names);
	if (fresh && fresh == all) {
		add(a, begin, end);
		a->added += all;
	} else if (fresh && nested && inner(a, &open, &close)) {
		/* A union without a name that has grown: its new members. */
		body(a, open, close);
	} else if (fresh && !a->mixed) {
		a->mixed = begin;
	}
}

static void body(struct adding *a, uint32_t begin, uint32_t end)
{
	uint32_t depth = 0, from = 0;
	struct subject_lex lex;
	bool inside = false;

	subject_lex_init(&lex, a->text, begin, end);
	lex.lenient = lex.newline = true;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		if (lex.kind == SUBJECT_HASH_LINE) {
			if (!inside)
				directive(a, &lex);
			continue;
		}
		if (!inside)
			from = lex.begin;
		inside = true;
		if (lex.kind != SUBJECT_PUNCT)
			continue;
		if (strchr("({[", lex.c))
			depth++;
		else if (strchr(")}]", lex.c) && depth)
			depth--;
		else if (lex.c == ';' && !depth) {
			member(a, from, lex.end);
			inside = false;
		}
	}
}

int subject_fields_added(struct subject_text *ret,
			 const struct subject_scan *with,
			 const struct subject_scan *without, const char *tag,
			 struct subject_error *err)
{
	const struct subject_item *new = find_struct(with, tag);
	const struct subject_item *old = find_struct(without, tag);
	struct subject_names known = { 0 };
	struct declare_item what;
	struct adding *a;
	uint32_t begin, end;
	int added;

	if (!new || !old) {
		snprintf(err->text, sizeof(err->text),
			 "%.500s: no struct %.200s in it",
			 (new ? without : with)->source->path, tag);
		return -EINVAL;
	}
	declare_item(&what, without->source->text, old->begin, old->head,
		     old->end, false, &known);
	subject_names_sort(&known);
	a = subject_must(calloc(1, sizeof(*a)));
	a->ret = ret;
	a->scan = with;
	a->known = &known;
	a->text = with->source->text;
	begin = find_body(with, new, tag, &end);
	body(a, begin, end);
	added = a->added;
	if (a->mixed)
		added = subject_source_refuse(with->source, a->mixed, err,
			"a new field of struct %s beside an old one, "
			"expected a declaration for each",
			tag);
	subject_names_free(&known);
	free(a);
	return added;
}
