/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What named functions need from their own file. Stands for nothing in the
 * kernel.
 *
 * Simpler than C: an identifier counts wherever it stands, but behind '.' and
 * "->"; a local variable that has a function's name brings that function
 * along. What macros of other files make is not known.
 */
#include "sim/subject/closure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/lex.h"
#include "sim/subject/near.h"

/**
 * struct closing - a closure at work
 * @closure: what is chosen so far
 * @wanted: what is asked for
 * @todo: items, and behind them macros, whose identifiers were not followed
 *	yet; @nr_todo of them
 * @seen: for each name of the closure's, if it is the first of those that
 *	share it: they are all chosen
 */
struct closing {
	struct subject_closure closure;
	const struct subject_wanted *wanted;
	uint32_t *todo;
	uint32_t nr_todo;
	bool *seen;
};

static bool listed(const char *const *list, uint32_t nr, const char *name)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

static bool is_cut(const struct closing *c, const struct subject_item *item)
{
	const struct subject_wanted *wanted = c->wanted;

	if (item->kind != SUBJECT_FUNCTION)
		return false;
	if (listed(wanted->stop, wanted->nr_stop, item->name))
		return true;
	return wanted->only_named && !item->is_inline &&
	       !listed(wanted->named, wanted->nr_named, item->name);
}

static void choose(struct closing *c, uint32_t i, enum subject_choice choice)
{
	enum subject_choice *now = &c->closure.item[i];

	if (is_cut(c, &c->closure.scan->item[i])) {
		/* Its head remains, and wants its types. */
		if (*now == SUBJECT_UNCHOSEN)
			c->todo[c->nr_todo++] = i;
		*now = SUBJECT_CUT;
		return;
	}
	if (*now == SUBJECT_UNCHOSEN)
		c->todo[c->nr_todo++] = i;
	if (*now < choice)
		*now = choice;
}

static void choose_macro(struct closing *c, uint32_t i)
{
	if (c->closure.macro[i])
		return;
	c->closure.macro[i] = true;
	c->todo[c->nr_todo++] = c->closure.scan->nr_items + i;
}

static void choose_name(struct closing *c, enum subject_space space,
			const char *at, size_t len, enum subject_choice choice)
{
	const struct subject_names *names = &c->closure.names;
	const struct subject_name *name;

	name = subject_names_find(names, space, at, len);
	if (!name || (c->seen[name - names->name] && choice == SUBJECT_NEEDED))
		return;
	c->seen[name - names->name] = true;
	for (; name; name = subject_names_next(names, name)) {
		if (name->is_macro)
			choose_macro(c, name->at);
		else
			choose(c, name->at, choice);
	}
}

static bool before_tag(const struct subject_lex *lex)
{
	return subject_lex_is(lex, "struct") || subject_lex_is(lex, "union") ||
	       subject_lex_is(lex, "enum");
}

/* Everything that bytes @begin to @end name. */
static void follow(struct closing *c, uint32_t begin, uint32_t end,
		   bool directive)
{
	enum subject_space space = SUBJECT_ORDINARY;
	struct subject_lex lex;

	subject_lex_init(&lex, c->closure.scan->source->text, begin, end);
	lex.lenient = true;
	lex.in_directive = directive;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		if (lex.kind == SUBJECT_IDENT && space != SUBJECT_FIELD)
			choose_name(c, space, lex.text + lex.begin,
				    lex.end - lex.begin, SUBJECT_NEEDED);
		if (before_tag(&lex))
			space = SUBJECT_TAG;
		else if (lex.kind == SUBJECT_PUNCT &&
			 (lex.c == '.' || lex.c == '>'))
			space = SUBJECT_FIELD;
		/* Attributes may stand between struct and its tag. */
		else if (space != SUBJECT_TAG || lex.kind != SUBJECT_IDENT ||
			 lex.text[lex.begin] != '_')
			space = SUBJECT_ORDINARY;
	}
}

static void follow_all(struct closing *c)
{
	const struct subject_scan *scan = c->closure.scan;

	while (c->nr_todo) {
		uint32_t i = c->todo[--c->nr_todo];

		if (i >= scan->nr_items) {
			const struct subject_line *line =
				&scan->directive[i - scan->nr_items];

			follow(c, line->body, line->end, true);
		} else {
			const struct subject_item *item = &scan->item[i];

			follow(c, item->begin, c->closure.item[i] == SUBJECT_CUT ?
			       item->head : item->end, false);
		}
	}
}

/* What is there of that name, if it is no function? */
static int refuse_name(const struct closing *c, const char *what,
		       const char *name, struct subject_error *err)
{
	const struct subject_scan *scan = c->closure.scan;
	const struct subject_name *found;
	struct subject_text near = { 0 };

	found = subject_names_find(&c->closure.names, SUBJECT_ORDINARY, name,
				   strlen(name));
	if (found && found->is_macro)
		return subject_source_refuse(scan->source,
			scan->directive[found->at].begin, err,
			"%s is a macro here, expected a function", name);
	if (found && found->is_generated)
		return subject_source_refuse(scan->source,
			scan->item[found->at].begin, err,
			"%s is made by a macro here, expected a function that is written out",
			name);
	if (found)
		return subject_source_refuse(scan->source,
			scan->item[found->at].begin, err,
			"%s is a %s without a body here, expected a function",
			name, subject_kind_word(found->kind));
	subject_near(&near, &c->closure.names, c->wanted->tags, name);
	snprintf(err->text, sizeof(err->text), "%.500s: no %s %.200s in it%s",
		 scan->source->path, what, name, near.at ? near.at : "");
	subject_text_free(&near);
	return -EINVAL;
}

static int check_stops(const struct closing *c, struct subject_error *err)
{
	const struct subject_wanted *wanted = c->wanted;
	uint32_t i;

	for (i = 0; i < wanted->nr_stop; i++) {
		const char *name = wanted->stop[i];

		if (!subject_function(c->closure.scan, name))
			return refuse_name(c, "function", name, err);
		if (!listed(wanted->named, wanted->nr_named, name))
			continue;
		snprintf(err->text, sizeof(err->text),
			 "%.500s: %.200s is both wanted and cut",
			 c->closure.scan->source->path, name);
		return -EINVAL;
	}
	return 0;
}

static int choose_named(struct closing *c, const char *name,
			struct subject_error *err)
{
	const struct subject_names *names = &c->closure.names;

	if (c->wanted->tags &&
	    (subject_names_find(names, SUBJECT_TAG, name, strlen(name)) ||
	     subject_names_find(names, SUBJECT_ORDINARY, name, strlen(name)))) {
		choose_name(c, SUBJECT_TAG, name, strlen(name), SUBJECT_NAMED);
	} else if (!subject_function(c->closure.scan, name)) {
		return refuse_name(c, c->wanted->tags ? "name" : "function",
				   name, err);
	}
	choose_name(c, SUBJECT_ORDINARY, name, strlen(name), SUBJECT_NAMED);
	return 0;
}

/* Macros that conditionals ask for: a header slice leaves out all others. */
static void choose_conditions(struct closing *c)
{
	const struct subject_scan *scan = c->closure.scan;
	const struct subject_name *name;
	struct subject_lex lex;
	uint32_t i;

	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *line = &scan->directive[i];

		if (line->kind != SUBJECT_IF && line->kind != SUBJECT_ELSE)
			continue;
		subject_lex_init(&lex, scan->source->text, line->body,
				 line->end);
		lex.lenient = lex.in_directive = true;
		while (subject_lex_next(&lex) != SUBJECT_END) {
			if (lex.kind != SUBJECT_IDENT)
				continue;
			name = subject_names_find(&c->closure.names,
						  SUBJECT_ORDINARY,
						  lex.text + lex.begin,
						  lex.end - lex.begin);
			for (; name; name = subject_names_next(
					&c->closure.names, name))
				if (name->is_macro)
					choose_macro(c, name->at);
		}
	}
}

static int choose_all(struct closing *c, struct subject_error *err)
{
	const struct subject_scan *scan = c->closure.scan;
	const struct subject_wanted *wanted = c->wanted;
	uint32_t i;
	int r = check_stops(c, err);

	for (i = 0; !r && i < wanted->nr_named; i++)
		r = choose_named(c, wanted->named[i], err);
	if (r)
		return r;
	if (wanted->tags)
		choose_conditions(c);
	for (i = 0; i < scan->nr_items; i++)
		if (!wanted->nr_named ||
		    scan->item[i].kind == SUBJECT_LINKAGE)
			choose(c, i, SUBJECT_NEEDED);
	follow_all(c);
	return 0;
}

/* An #undef goes with its macro; so does each #define of one name. */
static void choose_undefs(struct subject_closure *closure)
{
	const struct subject_scan *scan = closure->scan;
	const struct subject_name *name;
	uint32_t i;

	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *line = &scan->directive[i];

		if (line->kind != SUBJECT_UNDEF)
			continue;
		name = subject_names_find(&closure->names, SUBJECT_ORDINARY,
					  line->name, strlen(line->name));
		for (; name; name = subject_names_next(&closure->names, name))
			if (name->is_macro && closure->macro[name->at])
				closure->macro[i] = true;
	}
}

int subject_close(struct subject_closure *ret, const struct subject_scan *scan,
		  const struct subject_wanted *wanted,
		  struct subject_error *err)
{
	struct closing c = { .wanted = wanted };
	struct subject_closure *closure = &c.closure;
	uint32_t i;
	int r;

	closure->scan = scan;
	subject_names_of(&closure->names, scan);
	closure->item = subject_must(calloc(scan->nr_items + 1,
					    sizeof(*closure->item)));
	closure->macro = subject_must(calloc(scan->nr_directives + 1,
					     sizeof(*closure->macro)));
	c.todo = subject_must(calloc((size_t)scan->nr_items +
				     scan->nr_directives + 1,
				     sizeof(*c.todo)));
	c.seen = subject_must(calloc(closure->names.nr + 1, sizeof(*c.seen)));
	r = choose_all(&c, err);
	free(c.todo);
	free(c.seen);
	if (r) {
		subject_closure_free(closure);
		return r;
	}
	choose_undefs(closure);
	for (i = 0; i < scan->nr_items; i++)
		closure->nr_functions +=
			scan->item[i].kind == SUBJECT_FUNCTION &&
			closure->item[i] >= SUBJECT_NEEDED;
	*ret = *closure;
	return 0;
}

void subject_closure_free(struct subject_closure *closure)
{
	subject_names_free(&closure->names);
	free(closure->item);
	free(closure->macro);
	*closure = (struct subject_closure){ 0 };
}
