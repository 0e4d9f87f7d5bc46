/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stretch of a C text as an array of tokens. Stands for nothing in the
 * kernel.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/subject/declare_private.h"

struct declare_token *declare_tokens(const char *text, uint32_t begin,
				     uint32_t end, bool directive,
				     uint32_t *ret_nr)
{
	struct declare_token *tokens = NULL, *t;
	uint32_t *open = NULL, nr_open = 0, nr = 0;
	size_t room = 0, open_room = 0;
	struct subject_lex lex;

	subject_lex_init(&lex, text, begin, end);
	lex.lenient = true;
	lex.in_directive = directive;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		if (lex.kind == SUBJECT_HASH_LINE || lex.kind == SUBJECT_BAD)
			continue;
		tokens = subject_grow(tokens, nr, &room, sizeof(*tokens));
		t = &tokens[nr];
		*t = (struct declare_token){
			.kind = lex.kind,
			.c = lex.c,
			.begin = lex.begin,
			.len = lex.end - lex.begin,
		};
		if (lex.kind == SUBJECT_PUNCT && strchr("({[", lex.c)) {
			t->match = UINT32_MAX;
			open = subject_grow(open, nr_open, &open_room,
					    sizeof(*open));
			open[nr_open++] = nr;
		} else if (lex.kind == SUBJECT_PUNCT && nr_open &&
			   strchr(")}]", lex.c)) {
			tokens[open[--nr_open]].match = nr;
		}
		nr++;
	}
	free(open);
	*ret_nr = nr;
	return tokens;
}
