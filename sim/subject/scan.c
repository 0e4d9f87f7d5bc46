/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the items of a C text begin and end. Stands for nothing in the kernel.
 *
 * An item ends at a ';' outside of brackets, or with the brace of a function's
 * body. Braces are a body's if a head with arguments comes before them and it
 * is neither struct, union or enum with its tag, nor an initialiser. A macro
 * with arguments needs no ';' if what follows begins another line.
 */
#include "sim/subject/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/declare.h"
#include "sim/subject/scan_private.h"

const char *scan_keep_name(struct scan_state *s, const char *at, size_t len)
{
	struct subject_scan *scan = &s->scan;
	char *name;

	if (!len)
		return "";
	name = subject_must(strndup(at, len));
	scan->names = subject_grow(scan->names, scan->nr_names, &s->names_room,
				   sizeof(*scan->names));
	scan->names[scan->nr_names++] = name;
	return name;
}

/* The item that is being read ends before byte @end. */
int scan_finish(struct scan_state *s, uint32_t end)
{
	struct subject_scan *scan = &s->scan;
	struct scan_head *head = &s->head;
	struct subject_item *item;

	if (scan->nr_items >= SUBJECT_ITEMS_MAX)
		return subject_source_refuse(scan->source, head->begin, s->err,
			"more than %u things at file scope", SUBJECT_ITEMS_MAX);
	scan->item = subject_grow(scan->item, scan->nr_items, &s->items_room,
				  sizeof(*scan->item));
	item = &scan->item[scan->nr_items++];
	*item = (struct subject_item){
		.begin = head->begin,
		.head = head->head ? head->head : end,
		.end = end,
		.depth = s->nr_ifs,
		.name = "",
	};
	scan_classify(s, item, head->function, head->shape);
	*head = (struct scan_head){ 0 };
	return 0;
}

/* A brace with nothing before it: the body of a function in K&R's style? */
static bool join_old_style(struct scan_state *s)
{
	struct subject_scan *scan = &s->scan;
	uint32_t n = scan->nr_items;

	while (n > 0) {
		const struct subject_item *item = &scan->item[--n];

		if (declare_old_style(scan->source->text + item->begin,
				      item->end - item->begin)) {
			s->head = (struct scan_head){
				.pending = true,
				.shape = SCAN_ANY,
				.paren = true,
				.begin = item->begin,
			};
			scan->nr_items = n;
			return true;
		}
		/* Between its head and its body are declarations only. */
		if (item->kind != SUBJECT_VARIABLE)
			return false;
	}
	return false;
}

/* A token outside of brackets begins an item, or goes on with one. */
static void reach(struct scan_state *s)
{
	if (!s->head.pending) {
		s->head = (struct scan_head){
			.pending = true,
			.begin = s->lex.begin,
		};
	}
	s->head.end = s->lex.end;
}

static int open_bracket(struct scan_state *s)
{
	struct scan_head *head = &s->head;
	uint32_t at = s->lex.begin;

	if (s->nr_open == SUBJECT_DEPTH_MAX)
		return subject_source_refuse(s->scan.source, at, s->err,
			"more than %u brackets in each other",
			SUBJECT_DEPTH_MAX);
	if (!s->nr_open && s->lex.c == '{') {
		if (!head->pending && !join_old_style(s))
			return subject_source_refuse(s->scan.source, at, s->err,
				"a '{' with nothing before it that it could be the body of");
		if (!head->head)
			head->head = at;
		if (head->shape == SCAN_LINKAGE) {
			s->linkage++;
			return scan_finish(s, s->lex.end);
		}
		head->function = !head->equals && !head->aggregate &&
				 head->paren;
		if (head->function)
			head->head = at;
	} else if (!s->nr_open) {
		reach(s);
	}
	s->open[s->nr_open++] = (struct scan_open){ at, s->lex.c };
	return 0;
}

static int stray(struct scan_state *s)
{
	const struct scan_open *open;
	char c = s->lex.c;

	if (!s->nr_open)
		return subject_source_refuse(s->scan.source, s->lex.begin,
			s->err, "a '%c' that closes nothing", c);
	open = &s->open[s->nr_open - 1];
	return subject_source_refuse(s->scan.source, s->lex.begin, s->err,
		"a '%c' where the '%c' of line %u is still open", c, open->c,
		subject_source_line(s->scan.source, open->at));
}

/* What was opened by @c outside of brackets is closed. */
static int closed(struct scan_state *s, char c)
{
	struct scan_head *head = &s->head;

	head->end = s->lex.end;
	if (c == '{') {
		if (head->function)
			return scan_finish(s, head->end);
		head->loose = !head->aggregate && !head->equals;
		head->aggregate = false;
		head->shape = SCAN_ANY;
	} else if (c == '(') {
		head->attribute = head->shape == SCAN_NAME &&
			declare_looks_attribute(s->lex.text + head->begin,
						s->lex.end - head->begin);
		if (head->shape == SCAN_NAME)
			head->shape = SCAN_CALL;
		else
			head->shape = SCAN_ANY;
		if (!head->after_attribute) {
			head->paren = true;
			head->aggregate = false;
		}
	}
	head->after_name = head->after_attribute = false;
	return 0;
}

static int close_bracket(struct scan_state *s)
{
	static const char pairs[] = "(){}[]";
	char c = strchr(pairs, s->lex.c)[-1];

	if (!s->nr_open && c == '{' && s->linkage && !s->head.pending) {
		s->linkage--;
		reach(s);
		s->head.shape = SCAN_LINKAGE;
		return scan_finish(s, s->lex.end);
	}
	if (!s->nr_open || s->open[s->nr_open - 1].c != c)
		return stray(s);
	return --s->nr_open ? 0 : closed(s, c);
}

/* Does an item end before the token, though no ';' says so? */
static bool ended(const struct scan_state *s)
{
	static const char *const begins[] = {
		"extern", "static", "typedef", NULL
	};
	const struct subject_lex *lex = &s->lex;
	const struct scan_head *head = &s->head;
	const char *at = lex->text + lex->begin;

	if (head->loose)
		return lex->kind != SUBJECT_PUNCT && lex->first;
	if (!lex->first || lex->kind != SUBJECT_IDENT || head->attribute)
		return false;
	/* An attribute in a line of its own, indented, goes with what it follows. */
	if (at[0] == '_' && at[1] == '_' && lex->begin && at[-1] != '\n')
		return false;
	/* SUBSYS_INIT(x), and in the next line something else */
	if (head->shape == SCAN_CALL)
		return true;
	return head->paren && !head->equals && !head->after_name &&
	       lex->text[head->end - 1] == ')' &&
	       subject_word_in(at, lex->end - lex->begin, begins);
}

static void name_token(struct scan_state *s)
{
	static const char *const aggregates[] = {
		"enum", "struct", "union", NULL
	};
	struct scan_head *head = &s->head;
	const char *at = s->lex.text + s->lex.begin;
	size_t len = s->lex.end - s->lex.begin;
	bool aggregate = head->aggregate, tagged = head->tagged;

	reach(s);
	head->after_attribute = declare_attribute(at, len);
	/* Between struct and its tag, __x(8) is an attribute whatever it is. */
	if (aggregate && !tagged && len > 2 && at[0] == '_' && at[1] == '_')
		head->after_attribute = true;
	if (subject_word_in(at, len, aggregates)) {
		head->aggregate = !head->equals && !head->paren;
		head->tagged = false;
	} else if (aggregate && !head->after_attribute) {
		head->tagged = true;
	}
	head->after_name = true;
	head->shape = head->shape == SCAN_NOTHING ? SCAN_NAME : SCAN_ANY;
}

static int punct_token(struct scan_state *s)
{
	struct scan_head *head = &s->head;
	char c = s->lex.c;

	/* A ';' that ends nothing is no item. */
	if (c == ';' && !head->pending)
		return 0;
	reach(s);
	if (c == ';') {
		if (!head->head)
			head->head = s->lex.begin;
		return scan_finish(s, s->lex.end);
	}
	if (c == '=') {
		if (!head->head)
			head->head = s->lex.begin;
		head->equals = true;
	}
	if (c == '=' || c == '*' || c == ',')
		head->aggregate = false;
	head->after_name = head->after_attribute = head->loose = false;
	head->shape = SCAN_ANY;
	return 0;
}

/* Any token but a directive, outside of what is passed over. */
static int token(struct scan_state *s)
{
	struct subject_lex *lex = &s->lex;
	int r;

	if (!s->nr_open && s->head.pending && ended(s)) {
		r = scan_finish(s, s->head.end);
		if (r)
			return r;
	}
	if (lex->kind == SUBJECT_PUNCT && lex->c == '#')
		return subject_source_refuse(s->scan.source, lex->begin, s->err,
			"a '#' that is not the first in its line");
	if (lex->kind == SUBJECT_PUNCT && strchr("({[", lex->c))
		return open_bracket(s);
	if (lex->kind == SUBJECT_PUNCT && strchr(")}]", lex->c))
		return close_bracket(s);
	if (s->nr_open)
		return 0;
	if (lex->kind == SUBJECT_IDENT) {
		name_token(s);
		return 0;
	}
	if (lex->kind == SUBJECT_PUNCT)
		return punct_token(s);
	/* Numbers and strings are never first, but in extern "C". */
	reach(s);
	s->head.shape = lex->kind == SUBJECT_STRING &&
			s->head.shape == SCAN_NAME &&
			subject_word_is(lex->text + s->head.begin, 6, "extern") ?
			SCAN_LINKAGE : SCAN_ANY;
	s->head.after_name = false;
	return 0;
}

static int tokens(struct scan_state *s)
{
	struct subject_lex *lex = &s->lex;
	int r = 0;

	while (!r) {
		lex->lenient = s->skipping;
		switch (subject_lex_next(lex)) {
		case SUBJECT_END:
			return 0;
		case SUBJECT_BAD:
			return subject_source_refuse(s->scan.source, lex->begin,
						     s->err, "%s", lex->wrong);
		case SUBJECT_HASH_LINE:
			r = scan_directive(s);
			break;
		default:
			r = s->skipping ? 0 : token(s);
			break;
		}
	}
	return r;
}

/* At the end of the text nothing may be open. */
static int all_closed(struct scan_state *s)
{
	const struct subject_source *source = s->scan.source;
	int r = scan_ifs_closed(s);

	if (r)
		return r;
	if (s->nr_open)
		return subject_source_refuse(source, s->open[s->nr_open - 1].at,
			s->err, "a '%c' that is not closed",
			s->open[s->nr_open - 1].c);
	if (s->head.pending) {
		/* A macro may need neither arguments nor ';'. */
		if (s->head.shape == SCAN_CALL || s->head.shape == SCAN_NAME ||
		    s->head.loose)
			return scan_finish(s, s->head.end);
		return subject_source_refuse(source, s->head.begin, s->err,
			"the file ends within what begins here, expected ';' or a body");
	}
	if (s->linkage)
		return subject_source_refuse(source, source->size, s->err,
			"the '{' of an extern \"C\" is not closed");
	return 0;
}

/* Lines, and which directive is within which item. */
static void complete(struct subject_scan *scan)
{
	uint32_t i, n = 0;

	for (i = 0; i < scan->nr_items; i++) {
		struct subject_item *item = &scan->item[i];

		item->line = subject_source_line(scan->source, item->begin);
		item->end_line = subject_source_line(scan->source,
						     item->end - 1);
	}
	for (i = 0; i < scan->nr_directives; i++) {
		struct subject_line *d = &scan->directive[i];

		d->line = subject_source_line(scan->source, d->begin);
		d->end_line = subject_source_line(scan->source, d->end - 1);
		while (n < scan->nr_items && scan->item[n].end <= d->begin)
			n++;
		d->item = n < scan->nr_items && scan->item[n].begin < d->begin ?
			n : SUBJECT_NO_ITEM;
	}
}

int subject_scan(struct subject_scan *ret, const struct subject_source *source,
		 struct subject_error *err)
{
	struct scan_state *s = subject_must(calloc(1, sizeof(*s)));
	int r;

	s->scan.source = source;
	s->err = err;
	subject_lex_init(&s->lex, source->text, 0, source->size);
	r = tokens(s);
	if (!r)
		r = all_closed(s);
	if (r) {
		subject_scan_free(&s->scan);
	} else {
		complete(&s->scan);
		*ret = s->scan;
	}
	free(s->saved);
	free(s);
	return r;
}

void subject_scan_free(struct subject_scan *scan)
{
	size_t i;

	for (i = 0; i < scan->nr_names; i++)
		free(scan->names[i]);
	free(scan->names);
	free(scan->item);
	free(scan->directive);
	*scan = (struct subject_scan){ 0 };
}

const char *subject_kind_word(enum subject_kind kind)
{
	static const char *const words[] = {
		[SUBJECT_FUNCTION] = "function",
		[SUBJECT_PROTOTYPE] = "prototype",
		[SUBJECT_VARIABLE] = "variable",
		[SUBJECT_STRUCT] = "struct",
		[SUBJECT_UNION] = "union",
		[SUBJECT_ENUM] = "enum",
		[SUBJECT_TYPEDEF] = "typedef",
		[SUBJECT_CALL] = "call",
		[SUBJECT_LINKAGE] = "linkage",
		[SUBJECT_OTHER] = "other",
	};

	return words[kind];
}

const char *subject_directive_word(enum subject_directive kind)
{
	static const char *const words[] = {
		[SUBJECT_INCLUDE] = "include",
		[SUBJECT_DEFINE] = "define",
		[SUBJECT_UNDEF] = "undef",
		[SUBJECT_IF] = "if",
		[SUBJECT_ELSE] = "else",
		[SUBJECT_ENDIF] = "endif",
		[SUBJECT_LINE] = "line",
		[SUBJECT_OTHER_DIRECTIVE] = "other",
	};

	return words[kind];
}
