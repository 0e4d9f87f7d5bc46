/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * C tokens with their places. A directive is one token, with all its
 * continuation lines; comments and line splices stand between tokens.
 */
#ifndef SIM_SUBJECT_LEX_H
#define SIM_SUBJECT_LEX_H

#include "sim/subject/source.h"

enum subject_token {
	SUBJECT_END,
	SUBJECT_IDENT,		/* keywords as well */
	SUBJECT_NUMBER,
	SUBJECT_STRING,
	SUBJECT_CHARACTER,
	SUBJECT_PUNCT,		/* one character, but for -> */
	SUBJECT_HASH_LINE,	/* a directive */
	SUBJECT_BAD,		/* see @wrong */
};

/**
 * struct subject_lex - a reader of tokens, and the token that was read last
 * @text: where from
 * @limit: where it ends; @text[@limit] can be read
 * @at: where the next token is looked for
 * @lenient: a string or a character that is not closed ends with its line
 * @in_directive: '#' is a token like others
 * @newline: nothing but blanks and comments since the last newline
 * @kind: of the token
 * @first: it is the first of its line
 * @c: its first character, brackets in one spelling; '>' for ->
 * @begin: its first byte
 * @end: behind its last byte
 * @wrong: what is wrong with a bad one
 */
struct subject_lex {
	const char *text;
	uint32_t limit, at;
	bool lenient, in_directive, newline;
	enum subject_token kind;
	bool first;
	char c;
	uint32_t begin, end;
	const char *wrong;
};

/* Read from byte @from of @text up to byte @limit. */
void subject_lex_init(struct subject_lex *lex, const char *text, uint32_t from,
		      uint32_t limit);
/* Read the next token. Return: its kind. */
enum subject_token subject_lex_next(struct subject_lex *lex);
/* Is the token this identifier? */
bool subject_lex_is(const struct subject_lex *lex, const char *word);
/* Are these @len bytes that word? */
bool subject_word_is(const char *at, size_t len, const char *word);
/* Are they in a list of words that NULL ends? */
bool subject_word_in(const char *at, size_t len, const char *const *list);
/* Are they a word of C that is no name? */
bool subject_keyword(const char *at, size_t len);
/* Is the token what a function's definition says and its prototype must not? */
bool subject_only_defines(const struct subject_lex *lex);

#endif
