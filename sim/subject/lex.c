/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * C tokens: what a compiler's first three phases see, without giving up
 * places in the text. Stands for nothing in the kernel.
 *
 * Simpler than C: trigraphs are not known, an identifier that is spliced over
 * two lines keeps the splice in it, and of punctuators only -> and the digraphs
 * of brackets are more than one character.
 */
#include "sim/subject/lex.h"

#include <string.h>

enum {
	BLANK = 1,
	NAME = 2,	/* in an identifier */
	DIGIT = 4,
};

static const uint8_t class[256] = {
	[' '] = BLANK, ['\t'] = BLANK, ['\n'] = BLANK, ['\r'] = BLANK,
	['\v'] = BLANK, ['\f'] = BLANK,
	['a' ... 'z'] = NAME, ['A' ... 'Z'] = NAME, ['_'] = NAME, ['$'] = NAME,
	['0' ... '9'] = NAME | DIGIT,
	/* Names in UTF-8. */
	[0x80 ... 0xff] = NAME,
};

static uint8_t class_of(char c)
{
	return class[(unsigned char)c];
}

/* How long is the line splice at @p? 0: there is none. */
static uint32_t splice(const char *p)
{
	if (p[0] != '\\')
		return 0;
	if (p[1] == '\n')
		return 2;
	return p[1] == '\r' && p[2] == '\n' ? 3 : 0;
}

/* @at, or what comes after the splices there. */
static uint32_t spliced(const struct subject_lex *lex, uint32_t at)
{
	uint32_t len;

	while (at < lex->limit && (len = splice(lex->text + at)))
		at += len;
	return at;
}

static char peek(const struct subject_lex *lex, uint32_t at)
{
	at = spliced(lex, at);
	return at < lex->limit ? lex->text[at] : '\0';
}

/* Behind a comment's end, or 0: it has none. @at is behind its beginning. */
static uint32_t block_comment(const struct subject_lex *lex, uint32_t at)
{
	const char *star;

	while ((star = memchr(lex->text + at, '*', lex->limit - at))) {
		at = spliced(lex, star - lex->text + 1);
		if (at < lex->limit && lex->text[at] == '/')
			return at + 1;
	}
	return 0;
}

/* The newline, not spliced away, that ends the line of @at; or the limit. */
static uint32_t line_end(const struct subject_lex *lex, uint32_t at)
{
	while (at < lex->limit && lex->text[at] != '\n') {
		uint32_t len = splice(lex->text + at);

		at += len ? len : 1;
	}
	return at < lex->limit ? at : lex->limit;
}

static enum subject_token bad(struct subject_lex *lex, const char *wrong)
{
	lex->wrong = wrong;
	lex->end = lex->limit;
	lex->at = lex->limit;
	return lex->kind = SUBJECT_BAD;
}

/*
 * Behind the comment that begins at @at; @at if there is none; 0 if it has no
 * end.
 */
static uint32_t comment(const struct subject_lex *lex, uint32_t at)
{
	uint32_t second = spliced(lex, at + 1);

	if (lex->text[at] != '/' || second >= lex->limit)
		return at;
	if (lex->text[second] == '/')
		return line_end(lex, second);
	if (lex->text[second] == '*')
		return block_comment(lex, second + 1);
	return at;
}

/* Pass blanks and comments. Return: false at a comment that has no end. */
static bool pass_blanks(struct subject_lex *lex)
{
	uint32_t at = lex->at, after;

	while (at < lex->limit) {
		char c = lex->text[at];

		if (class_of(c) == BLANK) {
			lex->newline |= c == '\n';
			at++;
		} else if (c == '\\' && splice(lex->text + at)) {
			at += splice(lex->text + at);
		} else if (c == '/' && (after = comment(lex, at)) != at) {
			if (!after) {
				lex->begin = at;
				return false;
			}
			at = after;
		} else {
			break;
		}
	}
	lex->at = at < lex->limit ? at : lex->limit;
	return true;
}

/* Behind a string or a character that begins at @at; 0: its line ends first. */
static uint32_t quoted(const struct subject_lex *lex, uint32_t at)
{
	char quote = lex->text[at++];

	while (at < lex->limit && lex->text[at] != '\n') {
		char c = lex->text[at++];

		if (c == quote)
			return at;
		/* What is escaped may be a newline, after a carriage return. */
		if (c == '\\' && at < lex->limit)
			at += lex->text[at] == '\r' && lex->text[at + 1] == '\n' ?
				2 : 1;
	}
	return 0;
}

static enum subject_token take_quoted(struct subject_lex *lex)
{
	bool string = lex->c == '"';

	lex->end = quoted(lex, lex->begin);
	if (!lex->end && !lex->lenient)
		return bad(lex, string ? "a string that is not closed on its line" :
			   "a character constant that is not closed on its line");
	if (!lex->end)
		lex->end = line_end(lex, lex->begin);
	if (lex->end > lex->limit)
		lex->end = lex->limit;
	lex->at = lex->end;
	return lex->kind = string ? SUBJECT_STRING : SUBJECT_CHARACTER;
}

/* All of a directive, from its '#' on. */
static enum subject_token take_directive(struct subject_lex *lex)
{
	uint32_t at = lex->begin + 1, after;

	while (at < lex->limit && lex->text[at] != '\n') {
		char c = lex->text[at];

		if (c == '"' || c == '\'') {
			after = quoted(lex, at);
			/* "don't" in an #error: as if the rest were quoted. */
			at = after ? after : line_end(lex, at);
		} else if (c == '/' && (after = comment(lex, at)) != at) {
			if (!after) {
				lex->begin = at;
				return bad(lex, "a comment that is not closed");
			}
			at = after;
		} else {
			at += splice(lex->text + at) ? splice(lex->text + at) : 1;
		}
	}
	lex->end = at < lex->limit ? at : lex->limit;
	lex->at = lex->end;
	/* A carriage return is the line's, not the directive's. */
	if (lex->text[lex->end - 1] == '\r')
		lex->end--;
	return lex->kind = SUBJECT_HASH_LINE;
}

static enum subject_token take_name(struct subject_lex *lex)
{
	bool number = lex->c == '.' || class_of(lex->c) & DIGIT;
	uint32_t at = lex->begin;

	for (;;) {
		while (at < lex->limit && (class_of(lex->text[at]) & NAME ||
					   (number && lex->text[at] == '.')))
			at++;
		/* Most identifiers end here; some go on after a splice. */
		if (at >= lex->limit || !splice(lex->text + at) ||
		    !(class_of(peek(lex, at)) & NAME))
			break;
		at = spliced(lex, at);
	}
	lex->at = lex->end = at;
	return lex->kind = number ? SUBJECT_NUMBER : SUBJECT_IDENT;
}

/* Two characters that are one bracket, or ->. */
static char digraph(char first, char second)
{
	if (first == '-' && second == '>')
		return '>';
	if (first == '<' && second == '%')
		return '{';
	if (first == '%' && second == '>')
		return '}';
	if (first == '<' && second == ':')
		return '[';
	if (first == ':' && second == '>')
		return ']';
	return '\0';
}

static enum subject_token take_punct(struct subject_lex *lex)
{
	char both = digraph(lex->c, lex->begin + 1 < lex->limit ?
			    lex->text[lex->begin + 1] : '\0');

	lex->end = lex->begin + (both ? 2 : 1);
	lex->at = lex->end;
	/* '>' alone is no ->: nobody asks for it, so it may be anything else. */
	if (both)
		lex->c = both;
	else if (lex->c == '>')
		lex->c = '<';
	return lex->kind = SUBJECT_PUNCT;
}

void subject_lex_init(struct subject_lex *lex, const char *text, uint32_t from,
		      uint32_t limit)
{
	*lex = (struct subject_lex){
		.text = text,
		.limit = limit,
		.at = from,
		.newline = true,
	};
	/* A byte order mark is a blank. */
	if (!from && limit >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		lex->at = 3;
}

enum subject_token subject_lex_next(struct subject_lex *lex)
{
	if (!pass_blanks(lex)) {
		if (!lex->lenient)
			return bad(lex, "a comment that is not closed");
		lex->at = lex->limit;
	}
	lex->begin = lex->end = lex->at;
	lex->first = lex->newline;
	lex->newline = false;
	if (lex->at >= lex->limit)
		return lex->kind = SUBJECT_END;
	lex->c = lex->text[lex->at];
	if (class_of(lex->c) & NAME)
		return take_name(lex);
	switch (lex->c) {
	case '"':
	case '\'':
		return take_quoted(lex);
	case '#':
		if (lex->first && !lex->in_directive)
			return take_directive(lex);
		return take_punct(lex);
	case '.':
		if (class_of(peek(lex, lex->at + 1)) & DIGIT)
			return take_name(lex);
		return take_punct(lex);
	default:
		return take_punct(lex);
	}
}

bool subject_word_is(const char *at, size_t len, const char *word)
{
	return !strncmp(at, word, len) && !word[len];
}

bool subject_lex_is(const struct subject_lex *lex, const char *word)
{
	return lex->kind == SUBJECT_IDENT &&
	       subject_word_is(lex->text + lex->begin, lex->end - lex->begin,
			       word);
}

bool subject_word_in(const char *at, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (**list == *at && subject_word_is(at, len, *list))
			return true;
	return false;
}

bool subject_keyword(const char *at, size_t len)
{
	static const char *const words[] = {
		"auto", "break", "case", "char", "const", "continue",
		"default", "do", "double", "else", "enum", "extern", "float",
		"for", "goto", "if", "inline", "int", "long", "register",
		"restrict", "return", "short", "signed", "sizeof", "static",
		"struct", "switch", "typedef", "typeof", "union", "unsigned",
		"void", "volatile", "while", "asm", "_Alignas", "_Alignof",
		"_Atomic", "_Bool", "_Complex", "_Generic", "_Imaginary",
		"_Noreturn", "_Static_assert", "_Thread_local", "__asm__",
		"__asm", "__attribute__", "__attribute", "__alignof__",
		"__alignof", "__const", "__const__", "__extension__",
		"__inline", "__inline__", "__int128", "__label__",
		"__restrict", "__restrict__", "__signed__", "__thread",
		"__typeof__", "__typeof", "__typeof_unqual__", "__volatile__",
		"__volatile", "__auto_type", "__func__", "__FUNCTION__",
		"__PRETTY_FUNCTION__", NULL
	};

	return subject_word_in(at, len, words);
}

bool subject_only_defines(const struct subject_lex *lex)
{
	static const char *const words[] = {
		"__always_inline", "__inline", "__inline__", "inline",
		"static", NULL
	};

	return lex->kind == SUBJECT_IDENT &&
	       subject_word_in(lex->text + lex->begin, lex->end - lex->begin,
			       words);
}
