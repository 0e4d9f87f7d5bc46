/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unified diff as files and hunks, as much of it as a mail has.
 *
 * A hunk says how many lines it has. Where that holds it decides what is a
 * line of the hunk and what is text below it; a reply often leaves lines out,
 * and then the lines themselves decide.
 */
#include "sim/subject/diff.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX	10000000ul

/**
 * struct reader - a diff being read
 * @diff: what it becomes
 * @i: the line that is read next
 * @old: lines that the current hunk should still have of the old file
 * @new: and of the new one
 * @blanks: empty lines that may or may not have been the hunk's
 */
struct reader {
	struct subject_diff *diff;
	size_t i;
	unsigned long old, new;
	unsigned long blanks;
};

static const char *text_at(const struct reader *r, size_t i)
{
	const struct subject_lines *l = &r->diff->quoted.lines;

	return i < l->nr ? l->line[i].text : "";
}

static const struct subject_before *before(const struct reader *r, size_t i)
{
	return &r->diff->quoted.before[i];
}

/* A name up to a tab or the end, without the first folder that git adds. */
static char *file_name(const char *s)
{
	size_t len = strcspn(s, "\t");
	char *name;

	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	if (len == 9 && !strncmp(s, "/dev/null", 9))
		len = 0;
	if (len > 2 && (s[0] == 'a' || s[0] == 'b') && s[1] == '/') {
		s += 2;
		len -= 2;
	}
	name = subject_must(malloc(len + 1));
	memcpy(name, s, len);
	name[len] = '\0';
	return name;
}

static struct subject_dfile *new_file(struct reader *r, char *old, char *path)
{
	struct subject_diff *d = r->diff;
	struct subject_dfile *file;

	d->file = subject_grow(d->file, d->nr_files, &d->files_room,
			       sizeof(*d->file));
	file = &d->file[d->nr_files++];
	memset(file, 0, sizeof(*file));
	file->no = r->i < d->quoted.lines.nr ? d->quoted.lines.line[r->i].no : 1;
	file->head = r->i;
	file->head_end = r->i + 1;
	file->old = old;
	file->path = path;
	return file;
}

static bool file_has_hunks(const struct subject_diff *d)
{
	return d->nr_hunks && d->hunk[d->nr_hunks - 1].file + 1 == d->nr_files;
}

/* "--- a" and "+++ b" here? */
static bool is_names(const struct reader *r, size_t i)
{
	return !strncmp(text_at(r, i), "--- ", 4) &&
	       !strncmp(text_at(r, i + 1), "+++ ", 4);
}

/* "diff --git a/x b/x" */
static void read_git(struct reader *r)
{
	const char *s = text_at(r, r->i) + 11, *b;

	b = strstr(s, " b/");
	new_file(r, file_name("a/"), file_name(b ? b + 1 : s));
	r->i++;
}

static void read_names(struct reader *r)
{
	struct subject_diff *d = r->diff;
	struct subject_dfile *file = NULL;

	if (d->nr_files && !file_has_hunks(d) && d->file[d->nr_files - 1].head <
	    d->file[d->nr_files - 1].head_end)
		file = &d->file[d->nr_files - 1];
	if (!file || is_names(r, file->head))
		file = new_file(r, NULL, NULL);
	free(file->old);
	free(file->path);
	file->old = file_name(text_at(r, r->i) + 4);
	file->path = file_name(text_at(r, r->i + 1) + 4);
	if (!file->path[0]) {
		file->gone = true;
		free(file->path);
		file->path = subject_must(strdup(file->old));
	}
	r->i += 2;
	file->head_end = r->i;
}

/* "N" or "N,M" at *@s; M is 1 if it is not there. */
static bool read_range(const char **s, unsigned long *start,
		       unsigned long *count)
{
	char *end;

	if (!isdigit((unsigned char)**s))
		return false;
	*start = strtoul(*s, &end, 10);
	*count = 1;
	if (*end == ',') {
		if (!isdigit((unsigned char)end[1]))
			return false;
		*count = strtoul(end + 1, &end, 10);
	}
	*s = end;
	return *count <= COUNT_MAX;
}

/* "@@ -1,2 +3,4 @@ heading" at line @i? */
static bool read_hunk_head(const struct reader *r, size_t i,
			   struct subject_hunk *hunk, unsigned long *old,
			   unsigned long *new)
{
	const char *s = text_at(r, i);

	if (strncmp(s, "@@ -", 4))
		return false;
	s += 4;
	if (!read_range(&s, &hunk->old_start, old))
		return false;
	s += strspn(s, " \t");
	if (*s++ != '+' || !read_range(&s, &hunk->new_start, new))
		return false;
	s += strspn(s, " \t");
	if (strncmp(s, "@@", 2))
		return false;
	s += 2;
	hunk->heading = s + strspn(s, " \t");
	return true;
}

static bool is_end(const struct reader *r, size_t i)
{
	struct subject_hunk ignored;
	unsigned long old, new;
	const char *s = text_at(r, i);

	return i >= r->diff->quoted.lines.nr || !strncmp(s, "diff --git ", 11) ||
	       !strncmp(s, "Index: ", 7) ||
	       (is_names(r, i) && !strncmp(text_at(r, i + 2), "@@ -", 4)) ||
	       read_hunk_head(r, i, &ignored, &old, &new);
}

/*
 * What the line is to the hunk: its mark, '\\' to be passed over, or '\0': the
 * hunk has ended.
 */
static char mark_of(const struct reader *r, struct subject_hunk *hunk)
{
	const char *s = text_at(r, r->i);
	bool signature = !strcmp(s, "-- ") || !strcmp(s, "--");
	bool more = (*s == '+' && !r->new) || (*s == '-' && !r->old);

	if (is_end(r, r->i))
		return '\0';
	if (*s == '\\')
		return '\\';
	if (hunk->counted && more) {
		/* It has more lines than it says? */
		if (signature || before(r, r->i)->gap ||
		    before(r, r->i)->blanks)
			return '\0';
		hunk->counted = false;
	}
	if (hunk->counted) {
		if (*s == '+' || *s == '-')
			return *s;
		return r->old && r->new ? ' ' : '\0';
	}
	if (signature)
		return '\0';
	return *s == '+' || *s == '-' || *s == ' ' || *s == '\t' || !*s ?
		(*s && *s != '\t' ? *s : ' ') : '\0';
}

static void hunk_line(struct reader *r, struct subject_hunk *hunk, char mark)
{
	const struct subject_before *b = before(r, r->i);
	const char *s = text_at(r, r->i);
	struct subject_dline *line;

	hunk->line = subject_grow(hunk->line, hunk->nr, &hunk->room,
				  sizeof(*hunk->line));
	line = &hunk->line[hunk->nr++];
	line->mark = mark;
	line->text = *s == mark ? s + 1 : s;
	line->no = r->diff->quoted.lines.line[r->i].no;
	line->gap = b->gap;
	line->snip = b->snip;
	if (mark != '+')
		r->old -= r->old > 0;
	if (mark != '-')
		r->new -= r->new > 0;
	r->blanks += b->blanks;
}

static bool is_empty(const char *s)
{
	return !s[strspn(s, " \t")];
}

/* The lines of a hunk, from r->i. */
static void read_lines(struct reader *r, struct subject_hunk *hunk)
{
	char mark;

	r->blanks = 0;
	for (; (mark = mark_of(r, hunk)); r->i++)
		if (mark != '\\')
			hunk_line(r, hunk, mark);
	while (!hunk->counted && hunk->nr &&
	       hunk->line[hunk->nr - 1].mark == ' ' &&
	       is_empty(hunk->line[hunk->nr - 1].text))
		hunk->nr--;
	if (hunk->counted)
		hunk->missing = r->old > r->new ? r->old : r->new;
	hunk->missing -= hunk->missing < r->blanks ? hunk->missing : r->blanks;
}

static struct subject_hunk *new_hunk(struct reader *r)
{
	struct subject_diff *d = r->diff;
	struct subject_hunk *hunk;

	if (!d->nr_files)
		new_file(r, file_name(""), file_name(""))->head_end = 0;
	d->hunk = subject_grow(d->hunk, d->nr_hunks, &d->hunks_room,
			       sizeof(*d->hunk));
	hunk = &d->hunk[d->nr_hunks++];
	memset(hunk, 0, sizeof(*hunk));
	hunk->file = d->nr_files - 1;
	hunk->no = d->quoted.lines.line[r->i].no;
	hunk->heading = "";
	return hunk;
}

/* Lines with a '+' under no "@@": a reply that quotes nothing else. */
static bool is_loose(const struct reader *r)
{
	return !r->diff->quoted.headed && text_at(r, r->i)[0] == '+' &&
	       strncmp(text_at(r, r->i), "+++ ", 4);
}

static void read_all(struct reader *r)
{
	struct subject_hunk head = { 0 }, *hunk;

	while (r->i < r->diff->quoted.lines.nr) {
		if (!strncmp(text_at(r, r->i), "diff --git ", 11)) {
			read_git(r);
		} else if (is_names(r, r->i)) {
			read_names(r);
		} else if (read_hunk_head(r, r->i, &head, &r->old, &r->new)) {
			hunk = new_hunk(r);
			hunk->heading = head.heading;
			hunk->old_start = head.old_start;
			hunk->new_start = head.new_start;
			hunk->counted = true;
			r->i++;
			read_lines(r, hunk);
		} else if (is_loose(r)) {
			read_lines(r, new_hunk(r));
		} else {
			r->i++;
		}
	}
}

bool subject_diff_read(struct subject_diff *ret,
		       const struct subject_lines *in)
{
	struct reader r = { .diff = ret };

	memset(ret, 0, sizeof(*ret));
	if (!subject_unquote(&ret->quoted, in))
		return false;
	read_all(&r);
	if (ret->nr_hunks)
		return true;
	subject_diff_free(ret);
	return false;
}

void subject_diff_free(struct subject_diff *diff)
{
	size_t i;

	for (i = 0; i < diff->nr_files; i++) {
		free(diff->file[i].old);
		free(diff->file[i].path);
	}
	for (i = 0; i < diff->nr_hunks; i++)
		free(diff->hunk[i].line);
	free(diff->file);
	free(diff->hunk);
	subject_quoted_free(&diff->quoted);
	memset(diff, 0, sizeof(*diff));
}

static void print_hunk(struct subject_text *ret,
		       const struct subject_hunk *hunk)
{
	unsigned long old = 0, new = 0;
	size_t i;

	for (i = 0; i < hunk->nr; i++) {
		old += hunk->line[i].mark != '+';
		new += hunk->line[i].mark != '-';
	}
	subject_text_printf(ret, "@@ -%lu,%lu +%lu,%lu @@ %s\n",
			    hunk->old_start, old, hunk->new_start, new,
			    hunk->heading);
	for (i = 0; i < hunk->nr; i++)
		subject_text_printf(ret, "%c%s\n", hunk->line[i].mark,
				    hunk->line[i].text);
}

void subject_diff_print(struct subject_text *ret,
			const struct subject_diff *diff)
{
	const struct subject_dfile *file;
	size_t i, hunk = 0;

	for (i = 0; i < diff->nr_files; i++) {
		file = &diff->file[i];
		subject_text_printf(ret, "--- %s%s\n+++ %s%s\n",
				    file->old[0] ? "a/" : "/dev/null", file->old,
				    file->gone ? "/dev/null" : "b/",
				    file->gone ? "" : file->path);
		for (; hunk < diff->nr_hunks && diff->hunk[hunk].file == i;
		     hunk++)
			print_hunk(ret, &diff->hunk[hunk]);
	}
}
