/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mail as it was sent or saved: its headers, parts and encodings taken off
 * (RFC 5322, 2045, 2046, 3676), so that its text remains.
 */
#ifndef SIM_SUBJECT_MIME_H
#define SIM_SUBJECT_MIME_H

#include "sim/subject/lines.h"
#include "sim/subject/source.h"

#define SUBJECT_MIME_PARTS	64

/**
 * struct subject_mime - the parts of a mail that are text
 * @part: in the order in which a patch is looked for in them: plain text,
 *	attached patches, HTML (as the text that it shows)
 * @exact: of each part: its lines' numbers are those of the file; else (base64)
 *	they are counted from the part's first line in the file
 * @html: of each part: it was HTML, so that it may be another one over again
 * @nr: how many
 * @subject: of the headers, or NULL
 */
struct subject_mime {
	struct subject_lines part[SUBJECT_MIME_PARTS];
	bool exact[SUBJECT_MIME_PARTS], html[SUBJECT_MIME_PARTS];
	unsigned int nr;
	char *subject;
};

/**
 * subject_mime_read() - take a mail apart.
 * @ret: its text; to be freed even after a failure
 * @path: the file's name, for complaints
 * @bytes: what is in the file: a mail with headers, an mbox of one mail, a
 *	page of a web archive, or just text
 * @size: of @bytes
 * @err: what is wrong with it
 *
 * Return: 0, or -EINVAL with @err.
 */
int subject_mime_read(struct subject_mime *ret, const char *path,
		      const char *bytes, size_t size,
		      struct subject_error *err);
/* Give the memory back; @mime is empty afterwards. */
void subject_mime_free(struct subject_mime *mime);

#endif
