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

/* Is it a prototype of a function that is cut? */
static bool declares_cut(const struct subject_closure *closure,
			 const struct subject_item *item)
{
	const struct subject_name *name;

	if (item->kind != SUBJECT_PROTOTYPE)
		return false;
	name = subject_names_find(&closure->names, SUBJECT_ORDINARY, item->name,
				  strlen(item->name));
	for (; name; name = subject_names_next(&closure->names, name))
		if (!name->is_macro &&
		    closure->item[name->at] == SUBJECT_CUT)
			return true;
	return false;
}

char *mask_items(const struct subject_closure *closure)
{
	const struct subject_scan *scan = closure->scan;
	char *map = subject_must(calloc(scan->source->size + 1, 1));
	uint32_t i;

	for (i = 0; i < scan->nr_items; i++) {
		const struct subject_item *item = &scan->item[i];

		if (closure->item[i] == SUBJECT_UNCHOSEN)
			continue;
		if (closure->item[i] == SUBJECT_CUT ||
		    declares_cut(closure, item))
			keep_head(map, scan, item);
		else
			mask_set(map, item->begin, item->end, SUBJECT_KEEP);
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
