/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names: what an item is called, what else it defines, and its signature.
 *
 * A name lives in one of three spaces, as in C: that of tags, that of fields,
 * and that of all others. Macros share the last one: an identifier in the text
 * may mean either.
 */
#ifndef SIM_SUBJECT_ITEM_H
#define SIM_SUBJECT_ITEM_H

#include "sim/subject/scan.h"

enum subject_space {
	SUBJECT_ORDINARY,	/* functions, variables, typedefs, constants */
	SUBJECT_TAG,		/* of struct, union, enum */
	SUBJECT_FIELD,
};

/**
 * struct subject_name - one thing that an item or a #define defines
 * @space: where it is looked up
 * @kind: of what it names; an enum's constants and a struct's fields have the
 *	kind of what they stand in
 * @is_macro: by #define; @at is a directive's index then
 * @defines: it is more than declared
 * @is_generated: one of the file's own macros makes the name; @at is the item
 *	that calls it
 * @at: index of the item, or of the directive
 * @name: @len bytes, in the source's text or kept, not ended by a NUL
 * @len: at least 1
 */
struct subject_name {
	enum subject_space space;
	enum subject_kind kind;
	bool is_macro, defines, is_generated;
	uint32_t at;
	const char *name;
	uint32_t len;
};

/**
 * struct subject_names - names by space and name
 * @name: sorted by space, name, then by place in the text
 * @nr: how many
 * @room: allocated
 * @kept: names that are in no text, @nr_kept of them
 * @nr_kept: how many
 * @kept_room: allocated
 */
struct subject_names {
	struct subject_name *name;
	size_t nr, room;
	char **kept;
	size_t nr_kept, kept_room;
};

/* All names that a scan's items and #defines define. */
void subject_names_of(struct subject_names *ret,
		      const struct subject_scan *scan);
/* A copy of a name that lives as long as @names. */
const char *subject_names_keep(struct subject_names *names, const char *name,
			       size_t len);
/* Sort what was appended by hand, so that it can be found. */
void subject_names_sort(struct subject_names *names);
/* Give the memory back. */
void subject_names_free(struct subject_names *names);
/* The first of that name, or NULL; more of them may follow it: ..._next(). */
const struct subject_name *subject_names_find(const struct subject_names *names,
					      enum subject_space space,
					      const char *name, size_t len);
/* The next of the same space and name, or NULL. */
const struct subject_name *subject_names_next(const struct subject_names *names,
					      const struct subject_name *name);
/* Index of the first name behind those that share the one at @from. */
size_t subject_names_behind(const struct subject_names *names, size_t from);
/* The function of this name that has a body, or NULL. */
const struct subject_item *subject_function(const struct subject_scan *scan,
					    const char *name);

/**
 * subject_signature() - a function's head as a prototype without its ';'
 * @ret: appended to: comments are left out; static, inline and their kin too;
 *	directives within the head keep lines of their own
 * @scan: where it is from
 * @item: a function or a prototype
 */
void subject_signature(struct subject_text *ret,
		       const struct subject_scan *scan,
		       const struct subject_item *item);

#endif
