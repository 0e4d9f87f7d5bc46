/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A patch mail, or a reply that quotes one: the functions that the patch adds,
 * as source text whose lines are those of the mail. A series is taken as well:
 * an mbox of its mails, those that are no replies.
 *
 * A mail has no more than its hunks. What stands whole in one is recovered:
 * functions, types, macros, variables at file scope; fields that are added to
 * a struct; hooks that are added to a table. Of a function that the reply cut
 * off the beginning is recovered, and its braces are closed.
 */
#ifndef SIM_SUBJECT_MAIL_H
#define SIM_SUBJECT_MAIL_H

#include "sim/subject/source.h"

/**
 * struct subject_recovered - one function
 * @name: its name
 * @path: the file that the patch adds it to, "" if the mail does not say
 * @line: its first line in the mail
 * @end_line: its last
 * @cut: the reply cut it off at @end_line
 * @hunk: line of the hunk that it is in
 * @branch: of the conditionals in that hunk: one name may be in each of them
 */
struct subject_recovered {
	char *name;
	const char *path;
	uint32_t line, end_line;
	bool cut;
	uint32_t hunk, branch;
};

/**
 * struct subject_field - what a patch adds to a struct that exists
 * @tag: of the struct, "kvm_arch_memory_slot"
 * @text: declarations on one line: "unsigned long * bitmap ;"
 * @line: where the first of them stands in the mail
 */
struct subject_field {
	char *tag, *text;
	uint32_t line;
};

/**
 * struct subject_op - a hook that a patch adds to a table that exists
 * @tag: of the table's struct, "kvm_x86_ops"; "" if the mail does not say
 * @member: of that struct
 * @function: what it is set to
 * @line: where
 */
struct subject_op {
	char *tag, *member, *function;
	uint32_t line;
};

/**
 * struct subject_note - what a user must know of a mail
 * @line: of the mail
 * @text: "line 17 of the mail: function f cut off by the reply, ..."
 * @untested: code of the patch is not tested because of it
 */
struct subject_note {
	uint32_t line;
	char *text;
	bool untested;
};

/**
 * struct subject_mail - what a mail has
 * @source: the mail with all blanked but what was recovered for .c files; its
 *	cuts are noted in it
 * @header: the same for .h files, to stand before @source; of size 0 if nothing
 *	was recovered for them
 * @function: those of both, by line
 * @field: by line
 * @op: by line
 * @note: by line
 * @path: files that the patch touches
 * @depth: how deep the patch is quoted, 0: it is the mail itself
 * @exact: lines are those of the file; else of its text, decoded
 * @subject: of the mail, or NULL
 */
struct subject_mail {
	struct subject_source source, header;
	struct subject_recovered *function;
	size_t nr_functions, functions_room;
	struct subject_field *field;
	size_t nr_fields, fields_room;
	struct subject_op *op;
	size_t nr_ops, ops_room;
	struct subject_note *note;
	size_t nr_notes, notes_room;
	char **path;
	size_t nr_paths, paths_room;
	unsigned int depth;
	bool exact;
	char *subject;
};

/**
 * subject_mail_from() - recover what a mail has.
 * @ret: what was recovered, untouched on failure
 * @path: the mail's name, for #line and complaints
 * @bytes: the mail: raw, or a page that a web archive made of it
 * @size: of @bytes
 * @err: why there is nothing to test in it
 *
 * Return: 0, or -EINVAL with @err.
 */
int subject_mail_from(struct subject_mail *ret, const char *path,
		      const char *bytes, size_t size,
		      struct subject_error *err);
/* The same from a file. Return: 0, or a negative errno with @err. */
int subject_mail_read(struct subject_mail *ret, const char *path,
		      struct subject_error *err);
/* Give the memory back; @mail is empty afterwards. */
void subject_mail_free(struct subject_mail *mail);

/**
 * subject_mail_diffs() - the patches in a mail, or in an mbox, for patch(1).
 * @ret: unified diffs without quoting, in order; each to be freed, and the array
 * @ret_nr: how many, at least 1
 * @path: the mail's name, for complaints
 * @bytes: a mail as above, or a plain diff
 * @size: of @bytes
 * @err: why not: there is none, or a reply left lines out
 *
 * Return: 0, or -EINVAL with @err; @ret and @ret_nr are untouched then.
 */
int subject_mail_diffs(struct subject_text **ret, size_t *ret_nr,
		       const char *path, const char *bytes, size_t size,
		       struct subject_error *err);

/* Read a whole file of at most 32 MiB. Return: 0, or -errno with @err. */
int subject_bytes_read(struct subject_text *ret, const char *path,
		       struct subject_error *err);

#endif
