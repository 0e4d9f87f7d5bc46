/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cannot be run: see beyond.h. Stands for nothing in the kernel. */
#include "sim/subject/beyond.h"

#include <string.h>

#include "sim/subject/lex.h"

/* Words, and what is said of them. */
static const char no_threads[] = "thread-local variables are not modelled: there are no threads "
				 "that they could be of";
static const char no_start[] = "constructors and destructors are not modelled: nobody calls them";
static const char no_choice[] = "functions that are chosen at load time are not modelled";

static const struct {
	const char *word, *what;
	bool attribute;		/* only within __attribute__(()) */
} words[] = {
	{ "__thread", no_threads, false },
	{ "_Thread_local", no_threads, false },
	{ "constructor", no_start, true },
	{ "__constructor__", no_start, true },
	{ "destructor", no_start, true },
	{ "__destructor__", no_start, true },
	{ "ifunc", no_choice, true },
	{ "__ifunc__", no_choice, true },
};

#define NR_WORDS	(sizeof(words) / sizeof(words[0]))

static const char *const asm_words[] = { "asm", "__asm", "__asm__", NULL };
static const char *const asm_qualifiers[] = {
	"volatile", "__volatile", "__volatile__", "inline", "__inline", "__inline__", "goto", NULL,
};
static const char *const attribute_words[] = { "__attribute__", "__attribute", NULL };

/*
 * From behind the word asm: is its text empty? Or is it a name for the linker,
 * which stands behind a declaration? Either does nothing.
 */
static bool does_nothing(struct subject_lex lex, bool names)
{
	bool empty = true, open = false;

	while (subject_lex_next(&lex) != SUBJECT_END) {
		if (!open && lex.kind == SUBJECT_IDENT &&
		    subject_word_in(lex.text + lex.begin, lex.end - lex.begin, asm_qualifiers))
			continue;
		if (!open && lex.kind == SUBJECT_PUNCT && lex.c == '(') {
			open = true;
			continue;
		}
		if (lex.kind != SUBJECT_STRING)
			break;
		empty &= lex.end - lex.begin == 2;
	}
	return open && (empty || names);
}

/* @declares: it is a declaration; @directive: it is a macro's body. */
static int check(const struct subject_closure *closure, uint32_t begin, uint32_t end,
		 bool declares, bool directive, struct subject_error *err)
{
	const struct subject_source *source = closure->scan->source;
	struct subject_lex lex;
	uint32_t attribute = 0, depth = 0;
	size_t i;

	subject_lex_init(&lex, source->text, begin, end);
	lex.lenient = true;
	lex.in_directive = directive;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		const char *at = lex.text + lex.begin;
		size_t len = lex.end - lex.begin;

		if (lex.kind == SUBJECT_PUNCT && lex.c == '(')
			depth++;
		if (lex.kind == SUBJECT_PUNCT && lex.c == ')' && depth && --depth < attribute)
			attribute = 0;
		if (lex.kind != SUBJECT_IDENT)
			continue;
		if (subject_word_in(at, len, attribute_words))
			attribute = depth + 1;
		if (subject_word_in(at, len, asm_words) && !does_nothing(lex, declares))
			return subject_source_refuse(source, lex.begin, err, "inline assembly is "
						     "not modelled: what it does cannot be "
						     "seen");
		for (i = 0; i < NR_WORDS; i++)
			if ((attribute || !words[i].attribute) &&
			    subject_word_is(at, len, words[i].word))
				return subject_source_refuse(source, lex.begin, err, "%s",
							     words[i].what);
	}
	return 0;
}

int subject_beyond(const struct subject_closure *closure, struct subject_error *err)
{
	const struct subject_scan *scan = closure->scan;
	uint32_t i;
	int r = 0;

	for (i = 0; i < scan->nr_items && !r; i++) {
		const struct subject_item *item = &scan->item[i];

		if (closure->item[i] != SUBJECT_UNCHOSEN)
			r = check(closure, item->begin, closure->item[i] == SUBJECT_CUT ?
				  item->head : item->end, item->kind == SUBJECT_PROTOTYPE ||
				  item->kind == SUBJECT_VARIABLE, false, err);
	}
	for (i = 0; i < scan->nr_directives && !r; i++)
		if (closure->macro[i])
			r = check(closure, scan->directive[i].body, scan->directive[i].end, false,
				  true, err);
	return r;
}
