/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is whole in a hunk, or cut off by the reply, goes where it stands in the
 * mail; about the rest there are notes.
 */
#include "sim/subject/mail_private.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void subject_mail_note(struct subject_mail *mail, uint32_t line, bool untested,
		       const char *format, ...)
{
	struct subject_note *note;
	va_list args;
	int len;

	mail->note = subject_grow(mail->note, mail->nr_notes,
				  &mail->notes_room, sizeof(*mail->note));
	note = &mail->note[mail->nr_notes++];
	note->line = line;
	note->untested = untested;
	va_start(args, format);
	len = vasprintf(&note->text, format, args);
	va_end(args);
	if (len < 0)
		subject_must(NULL);
}

/* The lines from one token to another. */
static void put_tokens(struct sheet *s, const struct fragment *f,
		       uint32_t first, uint32_t last)
{
	uint32_t begin = f->token[first].begin, end = f->token[last].end;
	uint32_t at = begin, row = f->token[first].row;
	const char *newline;

	while (at && f->text.at[at - 1] != '\n')
		at--;
	/* What shares the line with the first token: only its indentation. */
	if (at + strspn(f->text.at + at, " \t") < begin)
		at = begin;
	for (; at < end; row++) {
		newline = strchr(f->text.at + at, '\n');
		if (newline > f->text.at + end)
			newline = f->text.at + end;
		sheet_put(s, f->row[row]->no, f->text.at + at,
			  newline - f->text.at - at);
		at = newline + 1 - f->text.at;
	}
}

static uint32_t line_of(const struct fragment *f, uint32_t token)
{
	return f->row[f->token[token].row]->no;
}

static uint32_t end_line_of(const struct fragment *f, uint32_t token)
{
	return f->row[f->token[token].end_row]->no;
}

/* Does the patch change anything between the lines of two tokens? */
static bool is_changed(const struct fragment *f, const struct ritem *item)
{
	const struct subject_dline *line = f->row[f->token[item->first].row];
	const struct subject_dline *last = f->row[f->token[item->last].end_row];

	for (; line <= last; line++)
		if (line->mark != ' ')
			return true;
	return false;
}

/* Is code added between two tokens? Return: the first one, or UINT32_MAX. */
static uint32_t first_added(const struct fragment *f, const struct ritem *item)
{
	uint32_t i;

	for (i = item->first; i <= item->last; i++)
		if (fragment_added(f, i) &&
		    f->token[i].kind != SUBJECT_HASH_LINE)
			return i;
	return UINT32_MAX;
}

/* A comment stands between lines of the item: where? 0: nowhere. */
static uint32_t gap_in(const struct fragment *f, const struct ritem *item)
{
	uint32_t row;

	for (row = f->token[item->first].row + 1;
	     row <= f->token[item->last].end_row; row++)
		if (f->row[row]->gap)
			return f->row[row]->no;
	return 0;
}

/* Note a function. Return: false if the mail has it already. */
static bool add_function(struct recovery *r, const struct fragment *f,
			 uint32_t name_token, uint32_t line, uint32_t end_line,
			 bool cut)
{
	struct subject_mail *mail = r->mail;
	struct subject_recovered *function;
	char *name = name_token == UINT32_MAX ? subject_must(strdup("")) :
						fragment_word(f, name_token);
	size_t i;

	for (i = 0; i < mail->nr_functions; i++) {
		function = &mail->function[i];
		if (strcmp(function->name, name) ||
		    (function->hunk == f->hunk->no &&
		     function->branch != r->branch))
			continue;
		subject_mail_note(mail, line, false,
				  "line %u of the mail: function %s is in it "
				  "a second time, the one in line %u is taken",
				  line, name, function->line);
		free(name);
		return false;
	}
	mail->function = subject_grow(mail->function, mail->nr_functions,
				      &mail->functions_room,
				      sizeof(*mail->function));
	function = &mail->function[mail->nr_functions++];
	function->name = name;
	function->path = f->path;
	function->line = line;
	function->end_line = end_line;
	function->cut = cut;
	function->hunk = f->hunk->no;
	function->branch = r->branch;
	return true;
}

/* What the hunk is in, for a note. */
static char *heading_name(const char *heading)
{
	const char *paren = strchr(heading, '('), *begin;

	if (!paren)
		return subject_must(strndup(heading, strcspn(heading, "{=")));
	while (paren > heading && isspace((unsigned char)paren[-1]))
		paren--;
	begin = paren;
	while (begin > heading && (isalnum((unsigned char)begin[-1]) ||
				   begin[-1] == '_'))
		begin--;
	return subject_must(strndup(begin, paren - begin));
}

/* Lines are added to a function that is not whole in the mail. */
static void note_part(struct recovery *r, const struct fragment *f,
		      const struct ritem *item)
{
	uint32_t at = first_added(f, item), name = UINT32_MAX;
	char *word;

	if (at == UINT32_MAX || item->kind == RECOVER_TYPE ||
	    item->kind == RECOVER_TABLE)
		return;
	if (item->kind == RECOVER_REST) {
		if (strstr(f->hunk->heading, "struct ") &&
		    !strchr(f->hunk->heading, '('))
			return;
		word = heading_name(f->hunk->heading);
	} else {
		name = fragment_name(f, item);
		word = name == UINT32_MAX ? subject_must(strdup("")) :
					    fragment_word(f, name);
	}
	subject_mail_note(r->mail, line_of(f, at), true,
			  "line %u of the mail: what is added to %s here is "
			  "not tested: the whole of it takes --tree with "
			  "--patch",
			  line_of(f, at), word[0] ? word : "something");
	free(word);
}

static struct sheet *sheet_of(struct recovery *r, const struct fragment *f)
{
	size_t len = strlen(f->path);

	return len > 2 && !strcmp(f->path + len - 2, ".h") ? &r->header :
							     &r->source;
}

/* A function, or something else, that the reply cut off. */
static void take_cut(struct recovery *r, const struct fragment *f,
		     const struct ritem *item)
{
	struct sheet *s = sheet_of(r, f);
	uint32_t name = fragment_name(f, item), line, last;
	struct fragment_cut cut;
	char *word, *tail, *next;
	struct subject_text text = { 0 };

	word = name == UINT32_MAX ? subject_must(strdup("something")) :
				    fragment_word(f, name);
	fragment_close(&cut, f, item);
	if (item->kind != RECOVER_FUNCTION || cut.last == UINT32_MAX) {
		line = end_line_of(f, item->last);
		subject_mail_note(r->mail, line, true,
				  "line %u of the mail: %s cut off by the "
				  "reply and left out: too little of it is "
				  "there",
				  line, word);
	} else if (add_function(r, f, name, line_of(f, item->first),
				end_line_of(f, cut.last), true)) {
		last = end_line_of(f, cut.last);
		put_tokens(s, f, item->first, cut.last);
		subject_text_puts(&text, s->line[last - 1]);
		/* Directives among what closes it stand on lines of their own. */
		line = last;
		for (tail = cut.closers.at; tail; tail = next) {
			next = strchr(tail, '\n');
			subject_text_add(&text, tail, next ? next - tail :
					 (ptrdiff_t)strlen(tail));
			sheet_put(s, line++, text.at, text.len);
			text.len = 0;
			next = next ? next + 1 : NULL;
		}
		s->cut = subject_grow(s->cut, s->nr_cuts, &s->cuts_room,
				      sizeof(*s->cut));
		s->cut[s->nr_cuts++] = (struct subject_cut) { last, cut.braces };
		subject_mail_note(r->mail, last, true,
				  "line %u of the mail: function %s cut off "
				  "by the reply, closed with %u brace%s; "
				  "what follows is not tested",
				  last, word, cut.braces,
				  cut.braces == 1 ? "" : "s");
	}
	subject_text_free(&text);
	subject_text_free(&cut.closers);
	free(word);
}

static void take_whole(struct recovery *r, const struct fragment *f,
		       const struct ritem *item)
{
	uint32_t gap = gap_in(f, item), name = fragment_name(f, item);
	char *word;

	if (item->kind == RECOVER_FUNCTION) {
		if (!add_function(r, f, name, line_of(f, item->first),
				  end_line_of(f, item->last), false))
			return;
		if (gap && f->hunk->missing && name != UINT32_MAX) {
			word = fragment_word(f, name);
			subject_mail_note(r->mail, gap, true,
					  "line %u of the mail: the reply "
					  "leaves out lines of this hunk, "
					  "some of them perhaps of function "
					  "%s here",
					  gap, word);
			free(word);
		}
	}
	put_tokens(sheet_of(r, f), f, item->first, item->last);
}

/* #defines that are added within something that is not recovered. */
static void take_defines(struct recovery *r, const struct fragment *f,
			 const struct ritem *item)
{
	const char *s;
	uint32_t i;

	for (i = item->first; i <= item->last; i++) {
		if (f->token[i].kind != SUBJECT_HASH_LINE ||
		    !fragment_added(f, i))
			continue;
		s = f->text.at + f->token[i].begin + 1;
		s += strspn(s, " \t");
		if (!strncmp(s, "define", 6))
			put_tokens(sheet_of(r, f), f, i, i);
	}
}

/* Return: was it cut off? */
static bool take_item(struct recovery *r, const struct fragment *f,
		      const struct ritem *item)
{
	bool added = fragment_added(f, item->first);
	bool lossy = f->hunk->missing || !f->hunk->counted || item->snip;

	switch (item->kind) {
	case RECOVER_DIRECTIVE:
		if (item->keep)
			put_tokens(sheet_of(r, f), f, item->first, item->last);
		if (item->keep && fragment_conditional(f, item->first) == 'e')
			r->branch++;
		return false;
	case RECOVER_REST:
	case RECOVER_JUNK:
		break;
	case RECOVER_FUNCTION:
	case RECOVER_TYPE:
	case RECOVER_TABLE:
	case RECOVER_OTHER:
		if (item->whole && !item->snip &&
		    (added || (item->kind == RECOVER_FUNCTION &&
			       is_changed(f, item)))) {
			take_whole(r, f, item);
			return false;
		}
		if (!item->whole && added && lossy) {
			take_cut(r, f, item);
			return true;
		}
		break;
	}
	take_defines(r, f, item);
	note_part(r, f, item);
	return false;
}

static bool is_subject_path(const char *path)
{
	static const char *const not[] = { "tools/", "samples/",
					   "Documentation/", "scripts/" };
	size_t i, len = strlen(path);

	for (i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (!strncmp(path, not[i], strlen(not[i])))
			return false;
	return !len || (len > 2 && (!strcmp(path + len - 2, ".c") ||
				    !strcmp(path + len - 2, ".h")));
}

void recover_hunk(struct recovery *r, const struct subject_hunk *hunk,
		  const char *path)
{
	struct fragment f;
	bool cut = false;
	uint32_t last;
	size_t i;

	if (!is_subject_path(path))
		return;
	fragment_read(&f, hunk, path);
	for (i = 0; i < f.nr_items; i++)
		cut |= take_item(r, &f, &f.item[i]);
	fragment_members(r->mail, &f);
	if (hunk->missing && !cut) {
		last = hunk->nr ? hunk->line[hunk->nr - 1].no : hunk->no;
		subject_mail_note(r->mail, last, true,
				  "line %u of the mail: the reply leaves out "
				  "at least %lu line%s of the hunk in line %u",
				  last, hunk->missing,
				  hunk->missing == 1 ? "" : "s", hunk->no);
	}
	fragment_free(&f);
}
