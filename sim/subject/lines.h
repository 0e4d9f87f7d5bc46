/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text as lines, each of which knows which line of a file it came from: what a
 * mail is while its encodings are taken off one by one.
 */
#ifndef SIM_SUBJECT_LINES_H
#define SIM_SUBJECT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct subject_mline - one line
 * @text: @len bytes and a NUL, no newline
 * @len: in bytes
 * @no: the line of the file, from 1; never falls from line to line
 */
struct subject_mline {
	char *text;
	size_t len;
	uint32_t no;
};

/**
 * struct subject_lines - a text; all zero is an empty one
 * @line: @nr of them
 * @nr: how many
 * @room: allocated
 */
struct subject_lines {
	struct subject_mline *line;
	size_t nr, room;
};

/* Append a line: a copy of @len bytes. */
void subject_lines_add(struct subject_lines *l, const char *text, size_t len,
		       uint32_t no);
/* Make line @i one with @tail: a blank between the two if @blank. */
void subject_lines_join(struct subject_lines *l, size_t i, const char *tail,
			size_t len, bool blank);
/* Split bytes at their newlines; CR before a newline goes. */
void subject_lines_split(struct subject_lines *l, const char *text, size_t size,
			 uint32_t first);
/* Give the memory back; @l is empty afterwards. */
void subject_lines_free(struct subject_lines *l);

/* Is there nothing but blanks? */
bool subject_lines_blank(const struct subject_mline *line);
/* Does a line begin with this? */
bool subject_line_begins(const struct subject_mline *line, const char *with);
/* Does a text begin with this, whatever the case of its letters? */
bool subject_begins_nocase(const char *text, size_t len, const char *with);

#endif
