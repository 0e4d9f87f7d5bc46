/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text of the user's with its path and lines, complaints with a place in it,
 * and text that grows.
 *
 * Texts are bounded and hold no NUL byte, so that what reads them needs to
 * look at one byte only to know whether it is at the end.
 */
#ifndef SIM_SUBJECT_SOURCE_H
#define SIM_SUBJECT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUBJECT_SOURCE_MAX	(32u << 20)	/* bytes of one text */

/**
 * struct subject_error - why something of the user's was refused
 * @text: one line without its newline: "path:line:column: what, and what was
 *	expected"; line and column count from 1, columns are bytes
 */
struct subject_error {
	char text[1024];
};

/**
 * struct subject_cut - a place where a source was cut off before its end
 * @line: the last line that is there
 * @braces: how many braces were closed there in its stead
 */
struct subject_cut {
	uint32_t line;
	uint32_t braces;
};

/**
 * struct subject_source - one text
 * @path: as the user wrote it, or as a mail's patch names it; used in #line
 * @text: @size bytes and a NUL
 * @size: of @text, without the NUL
 * @line: where each line begins; @nr_lines of them
 * @nr_lines: at least 1; text after the last newline is a line, even if empty
 * @cut: filled by who recovered the text from a mail; @nr_cuts of them, by line
 * @nr_cuts: 0 for a text that is whole
 */
struct subject_source {
	char *path;
	char *text;
	uint32_t size;
	uint32_t *line;
	uint32_t nr_lines;
	struct subject_cut *cut;
	uint32_t nr_cuts;
};

/* Take a copy of @size bytes. Return: 0, or -EINVAL with @err. */
int subject_source_from(struct subject_source *ret, const char *path,
			const char *text, size_t size,
			struct subject_error *err);
/* Read a file. Return: 0, or a negative errno with @err. */
int subject_source_read(struct subject_source *ret, const char *path,
			struct subject_error *err);
/* Note that the text was cut off in @line. */
void subject_source_cut(struct subject_source *s, uint32_t line,
			uint32_t braces);
/* Give the memory back; @s is empty afterwards. */
void subject_source_free(struct subject_source *s);

/* The line that byte @at lies in, from 1. */
uint32_t subject_source_line(const struct subject_source *s, uint32_t at);
/* Write a complaint about byte @at. Return: -EINVAL. */
int subject_source_refuse(const struct subject_source *s, uint32_t at,
			  struct subject_error *err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * struct subject_text - text that grows; all zero is an empty one
 * @at: @len bytes and a NUL, or NULL while @len is 0
 * @len: in bytes
 * @room: allocated
 */
struct subject_text {
	char *at;
	size_t len, room;
};

/* Append @len bytes, or a string, or as printf() does. */
void subject_text_add(struct subject_text *t, const char *from, size_t len);
void subject_text_puts(struct subject_text *t, const char *string);
void subject_text_printf(struct subject_text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Append a string as a C string literal, quotes included. */
void subject_text_quote(struct subject_text *t, const char *string);
/* Give the memory back. */
void subject_text_free(struct subject_text *t);

/* @p, unless it is NULL: then pinsim ends, being out of memory (status 3). */
void *subject_must(void *p);
/* An array that has room for one element more than @nr. */
void *subject_grow(void *array, size_t nr, size_t *room, size_t size);

#endif
