/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A C text as top-level items and directives, by a scan that knows comments,
 * strings, line splices, brackets and conditionals, but no types.
 *
 * Both branches of a conditional are scanned, each from the state at its #if;
 * what is under "#if 0" or is assembler is passed over. The branch that comes
 * last decides how it goes on after #endif.
 */
#ifndef SIM_SUBJECT_SCAN_H
#define SIM_SUBJECT_SCAN_H

#include "sim/subject/source.h"

#define SUBJECT_DEPTH_MAX	512	/* brackets, or conditionals, in each other */
#define SUBJECT_ITEMS_MAX	1000000	/* items, and directives */

/* What an item is. */
enum subject_kind {
	SUBJECT_FUNCTION,
	SUBJECT_PROTOTYPE,
	SUBJECT_VARIABLE,	/* with or without initialiser, DEFINE_MUTEX() */
	SUBJECT_STRUCT,
	SUBJECT_UNION,
	SUBJECT_ENUM,
	SUBJECT_TYPEDEF,
	SUBJECT_CALL,		/* any other macro at file scope */
	SUBJECT_LINKAGE,	/* extern "C" {, and its } */
	SUBJECT_OTHER,
};

/* What a directive is. */
enum subject_directive {
	SUBJECT_INCLUDE,
	SUBJECT_DEFINE,
	SUBJECT_UNDEF,
	SUBJECT_IF,		/* #ifdef and #ifndef as well */
	SUBJECT_ELSE,		/* #elif as well */
	SUBJECT_ENDIF,
	SUBJECT_LINE,
	SUBJECT_OTHER_DIRECTIVE,	/* #error, #pragma, ... */
};

#define SUBJECT_NO_ITEM	UINT32_MAX

/**
 * struct subject_item - one thing at file scope
 * @kind: what it is
 * @is_static: so is written in front of it
 * @is_inline: or __always_inline
 * @is_extern: likewise
 * @is_syscall: SYSCALL_DEFINE3() and its kin
 * @is_made: a macro makes it, @name is one of the macro's arguments
 * @begin: its first byte: of the first token, comments before it do not count
 * @head: where its head ends: at the '{' or '=' or ';' that does it
 * @end: behind its last byte
 * @line: of @begin, from 1
 * @end_line: of the byte before @end
 * @depth: how many conditionals it stands in
 * @name: the function's, the variable's, the tag, ...; or "" where it has none
 */
struct subject_item {
	enum subject_kind kind;
	bool is_static, is_inline, is_extern, is_syscall, is_made;
	uint32_t begin, head, end;
	uint32_t line, end_line;
	uint32_t depth;
	const char *name;
};

/**
 * struct subject_line - one directive with all its continuation lines
 * @kind: what it is
 * @begin: at its '#'
 * @end: behind its last byte, the newline excluded
 * @body: what follows its name: of #define behind the macro's name
 * @line: of @begin
 * @end_line: of the byte before @end
 * @item: the item it stands within, or SUBJECT_NO_ITEM
 * @skipped: it lies in what is passed over
 * @name: #define, #undef: the macro's; #include: what is between the quotes or
 *	<>; else ""
 * @quoted: #include "name"
 */
struct subject_line {
	enum subject_directive kind;
	uint32_t begin, end, body;
	uint32_t line, end_line;
	uint32_t item;
	bool skipped, quoted;
	const char *name;
};

/**
 * struct subject_scan - what is in a source
 * @source: outlives the scan
 * @item: in the order of the text, @nr_items of them; they do not overlap
 * @nr_items: how many
 * @directive: likewise; those within items are here, too
 * @nr_directives: how many
 * @names: what the names point to
 * @nr_names: allocated in it
 */
struct subject_scan {
	const struct subject_source *source;
	struct subject_item *item;
	uint32_t nr_items;
	struct subject_line *directive;
	uint32_t nr_directives;
	char **names;
	size_t nr_names;
};

/**
 * subject_scan() - find the items of a source.
 * @ret: what was found, untouched on failure
 * @source: a C text; @ret points to it
 * @err: what is wrong with it
 *
 * Return: 0, or -EINVAL with @err: an unclosed comment, string, bracket or
 * conditional, a bracket that closes another one, or too much of something.
 */
int subject_scan(struct subject_scan *ret, const struct subject_source *source,
		 struct subject_error *err);
/* Give the memory back. */
void subject_scan_free(struct subject_scan *scan);

/* "function", "prototype", ...; "include", "define", ... */
const char *subject_kind_word(enum subject_kind kind);
const char *subject_directive_word(enum subject_directive kind);

#endif
