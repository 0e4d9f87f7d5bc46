/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What named functions need from their own file: every identifier in a chosen
 * item, and in the macros that it uses, leads to the items that define it.
 *
 * The stop list cuts: a function on it is not chosen though it is needed; a
 * prototype stands in for it, and somebody else provides it.
 */
#ifndef SIM_SUBJECT_CLOSURE_H
#define SIM_SUBJECT_CLOSURE_H

#include "sim/subject/item.h"

/* Why an item is in a slice, or is not. */
enum subject_choice {
	SUBJECT_UNCHOSEN,	/* nobody needs it */
	SUBJECT_CUT,		/* needed, on the stop list: a prototype remains */
	SUBJECT_NEEDED,
	SUBJECT_NAMED,		/* asked for by name */
};

/**
 * struct subject_wanted - what is asked for
 * @named: names of functions (with @tags also of struct, union, enum); with
 *	@nr_named 0 everything in the file
 * @nr_named: how many
 * @stop: functions that are cut, each of which must exist in the file
 * @nr_stop: how many
 * @only_named: cut all functions that are not named, but for inline ones
 * @tags: names may be tags, types, variables and macros, too: headers
 */
struct subject_wanted {
	const char *const *named;
	uint32_t nr_named;
	const char *const *stop;
	uint32_t nr_stop;
	bool only_named, tags;
};

/**
 * struct subject_closure - what is chosen
 * @scan: of the file
 * @names: its names
 * @item: for each item of @scan
 * @macro: for each directive: it is a #define that something chosen uses, or
 *	the #undef of one
 * @nr_functions: chosen functions
 */
struct subject_closure {
	const struct subject_scan *scan;
	struct subject_names names;
	enum subject_choice *item;
	bool *macro;
	uint32_t nr_functions;
};

/**
 * subject_close() - follow what functions need within their file.
 * @ret: what is chosen, untouched on failure
 * @scan: of the file; @ret points to it
 * @wanted: what is asked for
 * @err: which name is not there, and names that are near
 *
 * Return: 0, or -EINVAL with @err.
 */
int subject_close(struct subject_closure *ret, const struct subject_scan *scan,
		  const struct subject_wanted *wanted,
		  struct subject_error *err);
/* Give the memory back. */
void subject_closure_free(struct subject_closure *closure);

#endif
