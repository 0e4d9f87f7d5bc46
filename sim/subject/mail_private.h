/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internal: mail being gone through.
 */
#ifndef SIM_SUBJECT_MAIL_PRIVATE_H
#define SIM_SUBJECT_MAIL_PRIVATE_H

#include "sim/subject/recover.h"

/**
 * struct sheet - the lines of the mail, those that are recovered filled in
 * @line: NULL: blank
 * @nr: how many
 * @cut: where functions are cut off
 * @nr_cuts: how many
 */
struct sheet {
	char **line;
	size_t nr;
	struct subject_cut *cut;
	size_t nr_cuts, cuts_room;
};

/**
 * struct recovery - mail being gone through
 * @mail: what it becomes
 * @diff: the patch in the current one
 * @source: lines of .c files
 * @header: lines of .h files
 * @branch: how many #else were taken
 */
struct recovery {
	struct subject_mail *mail;
	struct subject_diff diff;
	struct sheet source, header;
	uint32_t branch;
};

/* Room for so many lines. */
void sheet_init(struct sheet *s, size_t nr);
/* Give the memory back. */
void sheet_free(struct sheet *s);
/* Fill in line @no; one that is not there is passed over. */
void sheet_put(struct sheet *s, uint32_t no, const char *text, size_t len);
/* Is nothing filled in? */
bool sheet_empty(const struct sheet *s);
/* The text, empty if nothing is filled in. Return: 0, or -EINVAL with @err. */
int sheet_source(struct subject_source *ret, const struct sheet *s,
		 const char *path, struct subject_error *err);

/* Recover what is in a hunk for this file. */
void recover_hunk(struct recovery *r, const struct subject_hunk *hunk,
		  const char *path);

#endif
