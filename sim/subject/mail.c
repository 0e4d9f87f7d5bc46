/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patch mail, or replies that quote it: the functions that the patches add, as
 * source text whose lines are those of the file.
 */
#include "sim/subject/mail_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/mime.h"
#include "sim/subject/scan.h"

static int compare_notes(const void *a, const void *b)
{
	const struct subject_note *x = a, *y = b;

	return x->line != y->line ? (x->line > y->line) - (x->line < y->line) :
				    strcmp(x->text, y->text);
}

/* Each line gets a number of its own above @last. Return: had it one? */
static bool number_lines(struct subject_lines *l, uint32_t last)
{
	bool own = true;
	size_t i;

	for (i = 0; i < l->nr; i++) {
		if (l->line[i].no > last) {
			last = l->line[i].no;
			continue;
		}
		l->line[i].no = ++last;
		own = false;
	}
	return own;
}

/**
 * struct found - the patches in a file of mail
 * @diff: of each mail that has one
 * @part: of the mail that it is in
 * @nr: how many
 * @plain: some are not quoted: those that are quote them, and do not count
 */
struct found {
	struct subject_diff *diff;
	struct subject_mpart **part;
	size_t nr;
	bool plain;
};

/* The patch in a mail: anything that is surely one, else anything. */
static bool find_in_mail(struct found *found, struct subject_mime *mime,
			 uint32_t mail, uint32_t last)
{
	struct subject_diff *diff = &found->diff[found->nr];
	struct subject_mpart *part;
	unsigned int pass;
	size_t i;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < mime->nr; i++) {
			part = &mime->part[i];
			if (part->mail != mail || !part->lines.nr)
				continue;
			part->exact &= number_lines(&part->lines, last);
			if (!subject_diff_read(diff, &part->lines))
				continue;
			if (diff->quoted.headed || pass) {
				found->part[found->nr++] = part;
				return true;
			}
			subject_diff_free(diff);
		}
	}
	return false;
}

static bool is_plain(const struct subject_diff *diff)
{
	return diff->quoted.headed && !diff->quoted.depth;
}

static void found_free(struct found *found)
{
	while (found->nr)
		subject_diff_free(&found->diff[--found->nr]);
	free(found->diff);
	free(found->part);
	memset(found, 0, sizeof(*found));
}

/* All patches. Return: 0, or -EINVAL with @err: there are none. */
static int find_all(struct found *found, const char *path,
		    struct subject_mime *mime, struct subject_error *err)
{
	const struct subject_lines *lines;
	uint32_t mail, last = 0;
	size_t i;

	memset(found, 0, sizeof(*found));
	found->diff = subject_must(calloc(mime->nr_mails + 1,
					  sizeof(*found->diff)));
	found->part = subject_must(calloc(mime->nr_mails + 1,
					  sizeof(*found->part)));
	for (mail = 0; mail < mime->nr_mails; mail++) {
		if (!find_in_mail(found, mime, mail, last))
			continue;
		lines = &found->part[found->nr - 1]->lines;
		last = lines->line[lines->nr - 1].no;
	}
	for (i = 0; i < found->nr; i++)
		found->plain |= found->nr > 1 && is_plain(&found->diff[i]);
	if (found->nr)
		return 0;
	found_free(found);
	snprintf(err->text, sizeof(err->text),
		 "%s: no patch is in this mail: expected lines that begin with "
		 "\"diff --git\" or \"@@\", quoted or not", path);
	return -EINVAL;
}

/* What else a mail has: nothing is left out without a word. */
static void note_others(struct subject_mail *mail,
			const struct subject_mime *mime,
			const struct subject_mpart *taken, uint32_t other)
{
	const struct subject_mpart *part;
	struct subject_diff diff;
	uint32_t line;
	size_t i;

	if (other)
		subject_mail_note(mail, other, true,
				  "line %u of the mail: another patch begins "
				  "here, quoted less deep than the one that is "
				  "taken; it is left out", other);
	for (i = 0; i < mime->nr; i++) {
		part = &mime->part[i];
		if (part->html || part->mail != taken->mail || part == taken ||
		    !part->lines.nr || !subject_diff_read(&diff, &part->lines))
			continue;
		line = part->lines.line[0].no;
		if (diff.quoted.headed)
			subject_mail_note(mail, line, true,
					  "line %u of the mail: the part that "
					  "begins here has a patch, too; it is "
					  "left out", line);
		subject_diff_free(&diff);
	}
}

/* The texts, each of which must be C. */
static int finish(struct recovery *r, const char *path,
		  struct subject_error *err)
{
	struct subject_mail *mail = r->mail;
	struct subject_scan scan;
	int result;

	if (sheet_empty(&r->source) && sheet_empty(&r->header) &&
	    !mail->nr_fields) {
		snprintf(err->text, sizeof(err->text),
			 "%s: the patch in this mail adds nothing whole: "
			 "expected a function that is added; changes within "
			 "functions take --tree with --patch",
			 path);
		return -EINVAL;
	}
	result = sheet_source(&mail->source, &r->source, path, err);
	if (!result)
		result = sheet_source(&mail->header, &r->header, path, err);
	if (!result)
		result = subject_scan(&scan, &mail->source, err);
	if (result)
		return result;
	subject_scan_free(&scan);
	result = subject_scan(&scan, &mail->header, err);
	if (!result)
		subject_scan_free(&scan);
	return result;
}

static void recover_one(struct recovery *r, const struct subject_mime *mime,
			const struct subject_diff *diff,
			const struct subject_mpart *part)
{
	struct subject_mail *mail = r->mail;
	size_t i, path = mail->nr_paths;

	for (i = 0; i < diff->nr_files; i++) {
		mail->path = subject_grow(mail->path, mail->nr_paths,
					  &mail->paths_room,
					  sizeof(*mail->path));
		mail->path[mail->nr_paths++] =
			subject_must(strdup(diff->file[i].path));
	}
	if (diff->quoted.depth > mail->depth)
		mail->depth = diff->quoted.depth;
	mail->exact &= part->exact;
	note_others(mail, mime, part, diff->quoted.other);
	for (i = 0; i < diff->nr_hunks; i++)
		recover_hunk(r, &diff->hunk[i],
			     mail->path[path + diff->hunk[i].file]);
}

static int recover(struct subject_mail *mail, const char *path,
		   struct subject_mime *mime, struct subject_error *err)
{
	struct recovery r = { .mail = mail };
	const struct subject_lines *lines;
	struct found found;
	size_t i;
	int result;

	result = find_all(&found, path, mime, err);
	if (result)
		return result;
	lines = &found.part[found.nr - 1]->lines;
	/* Room for what closes a function at the end. */
	sheet_init(&r.source, lines->line[lines->nr - 1].no + 16);
	sheet_init(&r.header, r.source.nr);
	mail->exact = true;
	for (i = 0; i < found.nr; i++)
		if (!found.plain || is_plain(&found.diff[i]))
			recover_one(&r, mime, &found.diff[i], found.part[i]);
	if (mail->nr_notes)
		qsort(mail->note, mail->nr_notes, sizeof(*mail->note),
		      compare_notes);
	result = finish(&r, path, err);
	sheet_free(&r.source);
	sheet_free(&r.header);
	found_free(&found);
	return result;
}

int subject_mail_from(struct subject_mail *ret, const char *path,
		      const char *bytes, size_t size,
		      struct subject_error *err)
{
	struct subject_mail mail = { .depth = 0 };
	struct subject_mime mime;
	int result;

	result = subject_mime_read(&mime, path, bytes, size, err);
	if (!result)
		result = recover(&mail, path, &mime, err);
	if (!result) {
		mail.subject = mime.subject;
		mime.subject = NULL;
		*ret = mail;
	} else {
		subject_mail_free(&mail);
	}
	subject_mime_free(&mime);
	return result;
}

/* Can this diff be given to patch(1)? */
static int check_diff(const struct subject_diff *diff, const char *path,
		      struct subject_error *err)
{
	const struct subject_hunk *hunk;
	size_t i;

	for (i = 0; i < diff->nr_hunks; i++) {
		hunk = &diff->hunk[i];
		if (hunk->missing) {
			snprintf(err->text, sizeof(err->text),
				 "%s:%u: at least %lu line%s of this hunk are "
				 "not there: expected a whole patch", path,
				 hunk->no, hunk->missing,
				 hunk->missing == 1 ? "" : "s");
			return -EINVAL;
		}
		if (!diff->file[hunk->file].path[0]) {
			snprintf(err->text, sizeof(err->text),
				 "%s:%u: which file is changed here is not "
				 "said: expected \"diff --git\", or \"---\" and "
				 "\"+++\"", path, hunk->no);
			return -EINVAL;
		}
	}
	return 0;
}

int subject_mail_diffs(struct subject_text **ret, size_t *ret_nr,
		       const char *path, const char *bytes, size_t size,
		       struct subject_error *err)
{
	struct subject_text *text = NULL;
	struct subject_mime mime;
	struct found found = { .nr = 0 };
	size_t i, nr = 0;
	int result;

	result = subject_mime_read(&mime, path, bytes, size, err);
	if (!result)
		result = find_all(&found, path, &mime, err);
	if (!result)
		text = subject_must(calloc(found.nr, sizeof(*text)));
	for (i = 0; i < found.nr && !result; i++) {
		if (found.plain && !is_plain(&found.diff[i]))
			continue;
		result = check_diff(&found.diff[i], path, err);
		if (!result)
			subject_diff_print(&text[nr++], &found.diff[i]);
	}
	if (!result) {
		*ret = text;
		*ret_nr = nr;
	} else {
		while (nr)
			subject_text_free(&text[--nr]);
		free(text);
	}
	found_free(&found);
	subject_mime_free(&mime);
	return result;
}
