/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internal: from a hunk to what is whole in it.
 */
#ifndef SIM_SUBJECT_RECOVER_H
#define SIM_SUBJECT_RECOVER_H

#include "sim/subject/diff.h"
#include "sim/subject/lex.h"
#include "sim/subject/mail.h"

/**
 * struct rtoken - a token of a hunk's new text
 * @kind: as the lexer says
 * @c: its first character
 * @begin: its first byte in the text
 * @end: behind its last
 * @row: the hunk's line that it begins in: an index of rows
 * @end_row: and ends in
 * @margin: it stands at the left margin
 */
struct rtoken {
	enum subject_token kind;
	char c;
	uint32_t begin, end;
	uint32_t row, end_row;
	bool margin;
};

/* What a stretch of a hunk is. */
enum rkind {
	RECOVER_REST,		/* of something that began before the hunk */
	RECOVER_FUNCTION,
	RECOVER_TYPE,		/* struct, union, enum with braces */
	RECOVER_TABLE,		/* a variable with an initialiser in braces */
	RECOVER_OTHER,		/* what a ';' ends */
	RECOVER_DIRECTIVE,
	RECOVER_JUNK,		/* at file scope, and begins like nothing */
};

/**
 * struct ritem - a stretch of a hunk at file scope
 * @kind: what it is
 * @first: its first token
 * @last: its last token
 * @whole: its end is there
 * @snip: the mail says that lines were left out behind @last
 * @keep: a directive whose #if, #else and #endif are all added
 */
struct ritem {
	enum rkind kind;
	uint32_t first, last;
	bool whole, snip, keep;
};

/**
 * struct fragment - the new text of a hunk
 * @hunk: which
 * @path: of its file
 * @text: lines that are kept or added
 * @row: the hunk's line of each line of @text
 * @nr_rows: how many
 * @token: of @text
 * @nr: how many
 * @room: allocated
 * @item: stretches in order
 * @nr_items: how many
 * @items_room: allocated
 * @open_comment: the text ends within a comment or string
 * @start_depth: braces that are open where the text begins
 */
struct fragment {
	const struct subject_hunk *hunk;
	const char *path;
	struct subject_text text;
	const struct subject_dline **row;
	size_t nr_rows;
	struct rtoken *token;
	size_t nr, room;
	struct ritem *item;
	size_t nr_items, items_room;
	bool open_comment;
	unsigned int start_depth;
};

/* Read a hunk's new text, and find the stretches in it. */
void fragment_read(struct fragment *f, const struct subject_hunk *hunk,
		   const char *path);
/* Give the memory back. */
void fragment_free(struct fragment *f);

/* Was the line that a token begins in added? */
bool fragment_added(const struct fragment *f, uint32_t token);
/* Is the token this word? */
bool fragment_is(const struct fragment *f, uint32_t token, const char *word);
/* Is it this character of punctuation? */
bool fragment_punct(const struct fragment *f, uint32_t token, char c);
/* A copy of the token's text. */
char *fragment_word(const struct fragment *f, uint32_t token);
/* The token that names a function or a prototype, or UINT32_MAX. */
uint32_t fragment_name(const struct fragment *f, const struct ritem *item);
/* "#if", "#else", "#endif" or the like? 'i', 'e', 'f', or '\0'. */
char fragment_conditional(const struct fragment *f, uint32_t token);

/**
 * struct fragment_cut - how to end a function that is cut off
 * @last: the last token that is kept; UINT32_MAX: nothing of a body is there
 * @closers: what follows it: labels, a return, braces; directives in it stand
 *	on lines of their own
 * @braces: how many it closes
 */
struct fragment_cut {
	uint32_t last;
	struct subject_text closers;
	unsigned int braces;
};

/* Where a function that is cut off ends best, and what closes it there. */
void fragment_close(struct fragment_cut *ret, const struct fragment *f,
		    const struct ritem *item);

/* Fields and hooks that a hunk adds to what exists. */
void fragment_members(struct subject_mail *mail, const struct fragment *f);

/* A note about a line of the mail. */
void subject_mail_note(struct subject_mail *mail, uint32_t line, bool untested,
		       const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
