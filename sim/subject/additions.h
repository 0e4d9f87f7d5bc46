/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What patches on a tree add beside functions of the file that is cut out:
 * fields of structs that the simulator has its own version of, entries of
 * tables of hooks, and in headers whatever the functions use.
 */
#ifndef SIM_SUBJECT_ADDITIONS_H
#define SIM_SUBJECT_ADDITIONS_H

#include "sim/subject/closure.h"
#include "sim/subject/tree.h"

#define SUBJECT_ADDED_MAX	16	/* structs with new fields, hooks */

/**
 * struct subject_added_fields - fields that are new in a struct
 * @tag: of the struct
 * @text: their declarations, on one line
 */
struct subject_added_fields {
	char *tag;
	struct subject_text text;
};

/**
 * struct subject_additions - what was added
 * @types: of headers: types and macros, as they stand there
 * @rest: of headers: functions, prototypes
 * @fields: @nr_fields of them
 * @nr_fields: how many
 * @hook: "member=function" of tables of hooks; @nr_hooks of them
 * @nr_hooks: how many
 */
struct subject_additions {
	struct subject_text types, rest;
	struct subject_added_fields fields[SUBJECT_ADDED_MAX];
	unsigned int nr_fields;
	char *hook[SUBJECT_ADDED_MAX];
	unsigned int nr_hooks;
};

/**
 * subject_additions_find() - compare the files that patches changed.
 * @ret: to be freed with subject_additions_free(), also after a failure
 * @tree: a patched one
 * @closure: what is cut out of its file: of headers, only what that uses is
 *	taken
 * @err: a file that is no C
 *
 * Return: 0, or a negative errno with @err.
 */
int subject_additions_find(struct subject_additions *ret, struct subject_tree *tree,
			   const struct subject_closure *closure, struct subject_error *err);
/* Give the memory back. */
void subject_additions_free(struct subject_additions *a);

/**
 * subject_fields_lacking() - of declarations, those that the simulator lacks.
 * @ret: appended to: declarations, on one line
 * @tag: of the struct that they are of
 * @decls: declarations, each with its ';'
 * @dir: the simulator's headers
 *
 * Return: false if the simulator has no room for fields of that struct.
 */
bool subject_fields_lacking(struct subject_text *ret, const char *tag, const char *decls,
			    const char *dir);

#endif
