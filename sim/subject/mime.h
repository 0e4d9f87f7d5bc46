/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mail as it was sent or saved: its headers, parts and encodings taken off
 * (RFC 5322, 2045, 2046, 3676), so that its text remains.
 */
#ifndef SIM_SUBJECT_MIME_H
#define SIM_SUBJECT_MIME_H

#include "sim/subject/lines.h"
#include "sim/subject/source.h"

/**
 * struct subject_mpart - a part of a mail that is text
 * @lines: its text, decoded
 * @mail: which mail it is of, from 0
 * @exact: its lines' numbers are those of the file; else (base64) they are
 *	counted from the part's first line in the file
 * @html: it was HTML, so that it may be another part over again
 */
struct subject_mpart {
	struct subject_lines lines;
	uint32_t mail;
	bool exact, html;
};

/**
 * struct subject_mime - the text in a mail, or in several
 * @part: by mail, and of each mail in the order in which a patch is looked for
 *	in them: plain text, attached patches, HTML (as the text that it shows)
 * @nr: how many
 * @room: allocated
 * @nr_mails: how many mails
 * @subject: of the first one's headers, or NULL
 */
struct subject_mime {
	struct subject_mpart *part;
	size_t nr, room;
	uint32_t nr_mails;
	char *subject;
};

/**
 * subject_mime_read() - take mail apart.
 * @ret: its text; to be freed even after a failure
 * @path: the file's name, for complaints
 * @bytes: what is in the file: a mail with headers, an mbox, a page of a web
 *	archive, or just text
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
