/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mail in files, and giving back what was recovered from it.
 */
#include "sim/subject/mail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int refuse(struct subject_error *err, const char *path, int error)
{
	snprintf(err->text, sizeof(err->text), "%s: %s", path, strerror(error));
	return -error;
}

int subject_bytes_read(struct subject_text *ret, const char *path,
		       struct subject_error *err)
{
	struct subject_text text = { 0 };
	char buffer[65536];
	struct stat st;
	FILE *file;
	size_t n;
	int error = 0;

	file = fopen(path, "rbe");
	if (!file)
		return refuse(err, path, errno);
	if (!fstat(fileno(file), &st) && S_ISDIR(st.st_mode))
		error = EISDIR;
	while (!error && (n = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		subject_text_add(&text, buffer, n);
		if (text.len > SUBJECT_SOURCE_MAX)
			error = EFBIG;
	}
	if (!error && ferror(file))
		error = EIO;
	fclose(file);
	if (error) {
		subject_text_free(&text);
		return refuse(err, path, error);
	}
	subject_text_free(ret);
	*ret = text;
	return 0;
}

int subject_mail_read(struct subject_mail *ret, const char *path,
		      struct subject_error *err)
{
	struct subject_text text = { 0 };
	int result = subject_bytes_read(&text, path, err);

	if (!result)
		result = subject_mail_from(ret, path, text.at ? text.at : "",
					   text.len, err);
	subject_text_free(&text);
	return result;
}

void subject_mail_free(struct subject_mail *mail)
{
	size_t i;

	subject_source_free(&mail->source);
	subject_source_free(&mail->header);
	for (i = 0; i < mail->nr_functions; i++)
		free(mail->function[i].name);
	for (i = 0; i < mail->nr_fields; i++) {
		free(mail->field[i].tag);
		free(mail->field[i].text);
	}
	for (i = 0; i < mail->nr_ops; i++) {
		free(mail->op[i].tag);
		free(mail->op[i].member);
		free(mail->op[i].function);
	}
	for (i = 0; i < mail->nr_notes; i++)
		free(mail->note[i].text);
	for (i = 0; i < mail->nr_paths; i++)
		free(mail->path[i]);
	free(mail->function);
	free(mail->field);
	free(mail->op);
	free(mail->note);
	free(mail->path);
	free(mail->subject);
	memset(mail, 0, sizeof(*mail));
}
