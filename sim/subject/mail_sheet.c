/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a mail, of which those that are recovered are filled in.
 */
#include "sim/subject/mail_private.h"

#include <stdlib.h>
#include <string.h>

void sheet_init(struct sheet *s, size_t nr)
{
	s->nr = nr;
	s->line = subject_must(calloc(nr + 1, sizeof(*s->line)));
}

void sheet_free(struct sheet *s)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		free(s->line[i]);
	free(s->line);
	free(s->cut);
}

void sheet_put(struct sheet *s, uint32_t no, const char *text, size_t len)
{
	char **line;

	if (!no || no > s->nr)
		return;
	line = &s->line[no - 1];
	free(*line);
	*line = subject_must(strndup(text, len));
}

bool sheet_empty(const struct sheet *s)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		if (s->line[i])
			return false;
	return true;
}

int sheet_source(struct subject_source *ret, const struct sheet *s,
		 const char *path, struct subject_error *err)
{
	struct subject_text text = { 0 };
	size_t i, nr = sheet_empty(s) ? 0 : s->nr;
	int result;

	subject_text_puts(&text, "");
	for (i = 0; i < nr; i++) {
		if (s->line[i])
			subject_text_puts(&text, s->line[i]);
		subject_text_add(&text, "\n", 1);
	}
	result = subject_source_from(ret, path, text.at, text.len, err);
	subject_text_free(&text);
	for (i = 0; !result && i < s->nr_cuts; i++)
		subject_source_cut(ret, s->cut[i].line, s->cut[i].braces);
	return result;
}
