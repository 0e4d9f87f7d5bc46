/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: any bytes as a patch mail. What is recovered must be where
 * the mail says it is, and what is refused is refused in one line.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond)	do { if (!(cond)) fail(#cond); } while (0)

static void fail(const char *what)
{
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void refused(const struct subject_error *err)
{
	MUST(!strncmp(err->text, "m.txt:", 6));
	MUST(!strchr(err->text, '\n'));
}

static void check_function(const struct subject_mail *mail,
			   const struct subject_recovered *f)
{
	size_t len = strlen(f->path);
	const struct subject_source *s =
		len > 2 && !strcmp(f->path + len - 2, ".h") ? &mail->header :
							      &mail->source;
	const char *begin, *at;

	MUST(f->line && f->line <= f->end_line && f->end_line <= s->nr_lines);
	begin = s->text + s->line[f->line - 1];
	at = strstr(begin, f->name);
	/* A splice may stand in the name. */
	MUST(at || strchr(f->name, '\\') || strchr(f->name, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct subject_text *diff;
	struct subject_mail mail;
	struct subject_error err = { "" };
	size_t i, nr;

	if (subject_mail_from(&mail, "m.txt", (const char *)data, size, &err)) {
		refused(&err);
	} else {
		for (i = 0; i < mail.nr_functions; i++)
			check_function(&mail, &mail.function[i]);
		for (i = 0; i < mail.nr_fields; i++)
			MUST(mail.field[i].tag[0] && mail.field[i].text[0]);
		for (i = 1; i < mail.nr_notes; i++)
			MUST(mail.note[i - 1].line <= mail.note[i].line);
		for (i = 0; i < mail.source.nr_cuts; i++)
			MUST(mail.source.cut[i].line <= mail.source.nr_lines);
		MUST(mail.nr_functions || mail.source.size ||
		     mail.header.size || mail.nr_fields);
		subject_mail_free(&mail);
	}
	if (subject_mail_diffs(&diff, &nr, "m.txt", (const char *)data, size,
			       &err)) {
		refused(&err);
		return 0;
	}
	MUST(nr);
	for (i = 0; i < nr; i++) {
		MUST(diff[i].len);
		subject_text_free(&diff[i]);
	}
	free(diff);
	return 0;
}
