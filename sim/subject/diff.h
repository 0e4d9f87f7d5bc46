/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unified diff as files and hunks, as much of it as a mail has.
 */
#ifndef SIM_SUBJECT_DIFF_H
#define SIM_SUBJECT_DIFF_H

#include "sim/subject/quote.h"
#include "sim/subject/source.h"

/**
 * struct subject_dline - one line of a hunk
 * @mark: '+', '-' or ' '
 * @text: what follows the mark
 * @no: its line in the mail
 * @gap: somebody's comment stood before it
 * @snip: lines were left out before it, says the mail
 */
struct subject_dline {
	char mark;
	const char *text;
	uint32_t no;
	bool gap, snip;
};

/**
 * struct subject_hunk - one hunk
 * @file: index of its file
 * @no: its line in the mail
 * @heading: what follows the second "@@": the function or struct it is in
 * @old_start: as the hunk says
 * @new_start: likewise
 * @counted: it says how many lines it has, and that may be true
 * @missing: so many of its lines the mail does not have, at least
 * @line: @nr of them
 * @nr: how many
 * @room: allocated
 */
struct subject_hunk {
	uint32_t file, no;
	const char *heading;
	unsigned long old_start, new_start;
	bool counted;
	unsigned long missing;
	struct subject_dline *line;
	size_t nr, room;
};

/**
 * struct subject_dfile - a file that the diff changes
 * @no: where the diff says so
 * @old: its name before, without the "a/"; "" if it is new
 * @path: its name after, without the "b/"; @old if it goes
 * @gone: it is deleted
 * @head: from this line of the text on its headers stand
 * @head_end: up to this one
 */
struct subject_dfile {
	uint32_t no;
	char *old, *path;
	bool gone;
	size_t head, head_end;
};

/**
 * struct subject_diff - all of it
 * @quoted: the text that it is read from, which lines and headings point to
 * @file: in order; @nr_files of them
 * @hunk: in order; @nr_hunks of them
 */
struct subject_diff {
	struct subject_quoted quoted;
	struct subject_dfile *file;
	size_t nr_files, files_room;
	struct subject_hunk *hunk;
	size_t nr_hunks, hunks_room;
};

/**
 * subject_diff_read() - find files and hunks.
 * @ret: the diff; to be freed if there is one
 * @in: a mail's text
 *
 * What is too broken for its counts to be true is taken as far as it looks
 * like a diff.
 *
 * Return: is there one?
 */
bool subject_diff_read(struct subject_diff *ret,
		       const struct subject_lines *in);
/* Give the memory back; @diff is empty afterwards. */
void subject_diff_free(struct subject_diff *diff);

/* Append the diff as patch(1) reads it. Call it for whole diffs only. */
void subject_diff_print(struct subject_text *ret,
			const struct subject_diff *diff);

#endif
