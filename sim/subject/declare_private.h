/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tokens with their brackets (tokens.c), and the words (declare_words.c) for
 * the grammar of declarations (declare.c).
 */
#ifndef SIM_SUBJECT_DECLARE_PRIVATE_H
#define SIM_SUBJECT_DECLARE_PRIVATE_H

#include "sim/subject/declare.h"
#include "sim/subject/lex.h"

/**
 * struct declare_token - one of a declaration's tokens
 * @kind: as in struct subject_lex, with @c
 * @begin: its first byte
 * @len: how many
 * @match: of an opening bracket, the one that closes it, or UINT32_MAX; else 0
 */
struct declare_token {
	enum subject_token kind;
	char c;
	uint32_t begin, len;
	uint32_t match;
};

/**
 * declare_tokens() - all tokens between two bytes, but for directives.
 * @text: of the source
 * @begin: the first byte
 * @end: behind the last one
 * @directive: the bytes are a directive's: '#' is a token
 * @ret_nr: how many
 *
 * Return: the tokens, to be freed; NULL if there are none.
 */
struct declare_token *declare_tokens(const char *text, uint32_t begin,
				     uint32_t end, bool directive,
				     uint32_t *ret_nr);

/* What a macro with arguments at file scope does. */
enum declare_macro {
	DECLARE_OTHER,		/* nobody knows */
	DECLARE_VARIABLE,	/* DEFINE_MUTEX() */
	DECLARE_ELSEWHERE,	/* DECLARE_PER_CPU() */
	DECLARE_SYSCALL,	/* SYSCALL_DEFINE3() */
};

/**
 * declare_macro() - what a macro with arguments declares.
 * @at: its name, @len bytes
 * @len: of it
 * @ret_argument: which argument is the declared name, from 0; -1: none
 * Return: what that is.
 */
enum declare_macro declare_macro(const char *at, size_t len,
				 int *ret_argument);
/* static, inline and their kin: what stands before a type. */
bool declare_storage(const char *at, size_t len);
/* void, int, unsigned, ... */
bool declare_basic_type(const char *at, size_t len);

#endif
