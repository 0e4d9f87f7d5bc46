/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blanking of what was not chosen. Stands for nothing in the kernel.
 */
#include "sim/subject/mask.h"

#include <stdlib.h>
#include <string.h>

#include "sim/subject/lex.h"

void mask_set(char *map, uint32_t begin, uint32_t end, enum subject_byte what)
{
	memset(map + begin, what, end - begin);
}

/* (name): a macro with arguments that has this name is not meant. */
static void guard_name(char *map, const struct subject_lex *lex)
{
	map[lex->begin] = SUBJECT_OPEN;
	map[lex->end - 1] = lex->end - lex->begin == 1 ? SUBJECT_BOTH :
		SUBJECT_SHUT;
}

/* A head without what only a definition says. */
static void keep_head(char *map, const struct subject_scan *scan,
		      const struct subject_item *item)
{
	struct subject_lex lex;
	bool guarded = item->is_made;

	mask_set(map, item->begin, item->head, SUBJECT_KEEP);
	subject_lex_init(&lex, scan->source->text, item->begin, item->head);
	lex.lenient = true;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		if (subject_only_defines(&lex)) {
			mask_set(map, lex.begin, lex.end, SUBJECT_BLANK);
		} else if (!guarded && subject_lex_is(&lex, item->name)) {
			guard_name(map, &lex);
			guarded = true;
		}
	}
	map[item->head] = SUBJECT_STOP;
}

/* Of what @names name from @from to @to, is something a function that is cut? */
static bool is_cut(const struct subject_closure *closure, size_t from,
		   size_t to)
{
	for (; from < to; from++)
		if (!closure->names.name[from].is_macro &&
		    closure->item[closure->names.name[from].at] == SUBJECT_CUT)
			return true;
	return false;
}

/* Prototypes of cut functions are not static any more, either. */
static void keep_prototypes(char *map, const struct subject_closure *closure,
			    size_t from, size_t to)
{
	const struct subject_scan *scan = closure->scan;

	for (; from < to; from++) {
		const struct subject_name *name = &closure->names.name[from];

		if (!name->is_macro &&
		    scan->item[name->at].kind == SUBJECT_PROTOTYPE &&
		    closure->item[name->at] != SUBJECT_UNCHOSEN)
			keep_head(map, scan, &scan->item[name->at]);
	}
}

char *mask_items(const struct subject_closure *closure)
{
	const struct subject_names *names = &closure->names;
	const struct subject_scan *scan = closure->scan;
	char *map = subject_must(calloc(scan->source->size + 1, 1));
	size_t from, to;
	uint32_t i;

	for (i = 0; i < scan->nr_items; i++) {
		const struct subject_item *item = &scan->item[i];

		if (closure->item[i] == SUBJECT_CUT)
			keep_head(map, scan, item);
		else if (closure->item[i] != SUBJECT_UNCHOSEN)
			mask_set(map, item->begin, item->end, SUBJECT_KEEP);
	}
	for (from = 0; from < names->nr; from = to) {
		to = subject_names_behind(names, from);
		if (names->name[from].space == SUBJECT_ORDINARY &&
		    is_cut(closure, from, to))
			keep_prototypes(map, closure, from, to);
	}
	return map;
}

static void special(struct subject_text *ret, enum subject_byte what, char c)
{
	if (what == SUBJECT_STOP) {
		subject_text_puts(ret, ";");
		return;
	}
	subject_text_printf(ret, "%s%c%s", what == SUBJECT_SHUT ? "" : "(", c,
			    what == SUBJECT_OPEN ? "" : ")");
}

void mask_apply(struct subject_text *ret, const struct subject_source *source,
		const char *map)
{
	const char *text = source->text;
	uint32_t at = 0, gap;

	while (at < source->size) {
		uint32_t begin = at;

		while (at < source->size && map[at] == SUBJECT_KEEP)
			at++;
		subject_text_add(ret, text + begin, at - begin);
		if (at < source->size && map[at] > SUBJECT_KEEP) {
			special(ret, map[at], text[at]);
			at++;
			continue;
		}
		/* Blanks matter only before something on the same line. */
		for (gap = at; at < source->size && map[at] == SUBJECT_BLANK;
		     at++) {
			if (text[at] == '\n') {
				subject_text_puts(ret, "\n");
				gap = at + 1;
			}
		}
		if (at == source->size)
			break;
		for (; gap < at; gap++)
			subject_text_puts(ret, text[gap] == '\t' ? "\t" : " ");
	}
}
