/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "unexpected 'X', expected A, B or C": the parser's list of acceptable
 * tokens, folded to what a person would say. The words that start a
 * statement are "a statement"; words that are names outside conditions are "a
 * name", unless no other name is possible there.
 */
#include "sim/race/message.h"

#include <string.h>

#include "sim/race/words.h"

/* A wider word takes the place of those it stands for. */
static void fold(struct race_expected *list, enum race_word_kind kind)
{
	const struct race_word *word;
	unsigned int i, kept = 0;

	for (i = 0; i < list->nr; i++) {
		word = race_word_find(list->names[i], strlen(list->names[i]));
		if (!word || word->kind != kind)
			list->names[kept++] = list->names[i];
	}
	list->nr = kept;
}

/**
 * race_expected_add - note one acceptable token
 * @list: the list so far
 * @name: the token's name in the grammar
 */
void race_expected_add(struct race_expected *list, const char *name)
{
	const struct race_word *word = race_word_find(name, strlen(name));

	if (!strcmp(name, "a name")) {
		list->name = true;
		fold(list, RACE_WORD_SOFT);
		return;
	}
	/* Statement words stand after a dot as well; "repeat" does not. */
	if (!strcmp(name, "repeat")) {
		list->stmt = true;
		fold(list, RACE_WORD_STMT);
		return;
	}
	if (word && word->kind == RACE_WORD_SOFT && list->name)
		return;
	if (word && word->kind == RACE_WORD_STMT && list->stmt)
		return;
	if (list->nr == RACE_MAX_EXPECTED) {
		list->more = true;
		return;
	}
	list->names[list->nr++] = name;
}

static size_t add_one(char *buf, size_t size, size_t n, const char *name,
		      unsigned int i, unsigned int nr)
{
	const char *sep = !i ? "" : i + 1 == nr ? " or " : ", ";
	/* Keywords and marks want quotes; "a name", "'{'" do not. */
	bool plain = strchr(name, ' ') || name[0] == '\'';
	int len;

	len = snprintf(buf + n, size - n, plain ? "%s%s" : "%s'%s'", sep, name);
	return n + len < size ? n + len : n;
}

/**
 * race_expected_fail - refuse the race because of a token
 * @b: the parse; its last token is the one
 * @loc: where that stands
 * @at_end: it is the end of the file
 * @list: what could have stood there
 *
 * Says nothing if the lexer has refused the token already.
 */
void race_expected_fail(struct race_build *b, struct race_loc loc, bool at_end,
			const struct race_expected *list)
{
	unsigned int i, at = 0;
	unsigned int nr = list->nr + list->name + list->stmt + list->more;
	char token[80], expected[640] = "";
	const struct race_word *word;
	const char *reserved = "";
	size_t n = 0;

	race_quote(token, sizeof(token), b->token, b->token_len);
	word = race_word_find(b->token, b->token_len);
	if (list->name && word && !at_end)
		reserved = ", a reserved word,";
	if (list->name)
		n = add_one(expected, sizeof(expected), n, "a name", at++, nr);
	if (list->stmt)
		n = add_one(expected, sizeof(expected), n, "a statement",
			    at++, nr);
	for (i = 0; i < list->nr; i++)
		n = add_one(expected, sizeof(expected), n, list->names[i],
			    at++, nr);
	if (list->more)
		add_one(expected, sizeof(expected), n, "another word", at, nr);
	race_fail(b, loc, "unexpected %s%s expected %s",
		  at_end ? "end of the file" : token,
		  reserved[0] ? reserved : ",", expected);
}
