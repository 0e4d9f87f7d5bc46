/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text as lines, each of which knows which line of a file it came from.
 */
#include "sim/subject/lines.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/subject/source.h"

void subject_lines_add(struct subject_lines *l, const char *text, size_t len,
		       uint32_t no)
{
	struct subject_mline *line;

	l->line = subject_grow(l->line, l->nr, &l->room, sizeof(*l->line));
	line = &l->line[l->nr++];
	line->text = subject_must(malloc(len + 1));
	if (len)
		memcpy(line->text, text, len);
	line->text[len] = '\0';
	line->len = len;
	line->no = no;
}

void subject_lines_join(struct subject_lines *l, size_t i, const char *tail,
			size_t len, bool blank)
{
	struct subject_mline *line = &l->line[i];

	line->text = subject_must(realloc(line->text,
					  line->len + blank + len + 1));
	if (blank)
		line->text[line->len++] = ' ';
	memcpy(line->text + line->len, tail, len);
	line->len += len;
	line->text[line->len] = '\0';
}

void subject_lines_split(struct subject_lines *l, const char *text, size_t size,
			 uint32_t first)
{
	const char *end = text + size, *newline;
	size_t len;

	while (text < end) {
		newline = memchr(text, '\n', end - text);
		len = (newline ? newline : end) - text;
		while (len && text[len - 1] == '\r')
			len--;
		subject_lines_add(l, text, len, first++);
		text = newline ? newline + 1 : end;
	}
}

void subject_lines_free(struct subject_lines *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		free(l->line[i].text);
	free(l->line);
	memset(l, 0, sizeof(*l));
}

bool subject_lines_blank(const struct subject_mline *line)
{
	return line->text[strspn(line->text, " \t\r\f")] == '\0';
}

bool subject_line_begins(const struct subject_mline *line, const char *with)
{
	return !strncmp(line->text, with, strlen(with));
}

bool subject_begins_nocase(const char *text, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !strncasecmp(text, with, n);
}
