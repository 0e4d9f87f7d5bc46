/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a hunk adds to something that exists and is not whole in it: fields of
 * a struct, entries of a table of functions.
 */
#include "sim/subject/recover.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct members - going through a struct or a table
 * @mail: what is filled
 * @f: where it is
 * @tag: of the struct
 * @table: it is a variable of that struct
 * @text: fields found in a row
 * @line: where they begin
 * @nested: the row began within a struct in the struct
 */
struct members {
	struct subject_mail *mail;
	const struct fragment *f;
	char *tag;
	bool table;
	struct subject_text text;
	uint32_t line;
	bool nested;
};

/* The tag after "struct" or "union" in tokens, or NULL. */
static char *tag_of_item(const struct fragment *f, const struct ritem *item)
{
	uint32_t i;

	for (i = item->first; i < item->last; i++) {
		if (fragment_punct(f, i, '{') || fragment_punct(f, i, '='))
			break;
		if ((fragment_is(f, i, "struct") ||
		     fragment_is(f, i, "union")) &&
		    f->token[i + 1].kind == SUBJECT_IDENT)
			return fragment_word(f, i + 1);
	}
	return NULL;
}

/* The same in a hunk's heading; *@table: it is a variable of that type. */
static char *tag_of_heading(const char *heading, bool *table)
{
	const char *s = strstr(heading, "struct ");
	size_t len;

	if (!s || (s != heading && isalnum((unsigned char)s[-1])) ||
	    strchr(heading, '('))
		return NULL;
	s += 7 + strspn(s + 7, " \t");
	len = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	if (!len)
		return NULL;
	*table = strchr(s, '=') ||
		 isalpha((unsigned char)s[len + strspn(s + len, " \t")]);
	return subject_must(strndup(s, len));
}

/* The added fields that were collected, if they are whole. */
static void flush(struct members *m, bool whole)
{
	struct subject_mail *mail = m->mail;
	struct subject_field *field;

	if (!m->text.len)
		return;
	if (m->nested || !whole) {
		subject_mail_note(mail, m->line, false,
				  "line %u of the mail: what is added to "
				  "struct %s here is left out: %s",
				  m->line, m->tag, m->nested ?
				  "it is within another struct in it" :
				  "it is no whole field");
	} else {
		mail->field = subject_grow(mail->field, mail->nr_fields,
					   &mail->fields_room,
					   sizeof(*mail->field));
		field = &mail->field[mail->nr_fields++];
		field->tag = subject_must(strdup(m->tag));
		field->text = subject_must(strdup(m->text.at));
		field->line = m->line;
	}
	m->text.len = 0;
}

/* ".member = function," */
static void op(struct members *m, uint32_t i)
{
	const struct fragment *f = m->f;
	struct subject_mail *mail = m->mail;
	struct subject_op *op;

	if (!fragment_punct(f, i, '.') || i + 4 >= f->nr ||
	    f->token[i + 1].kind != SUBJECT_IDENT ||
	    !fragment_punct(f, i + 2, '=') ||
	    f->token[i + 3].kind != SUBJECT_IDENT ||
	    (!fragment_punct(f, i + 4, ',') && !fragment_punct(f, i + 4, '}')))
		return;
	mail->op = subject_grow(mail->op, mail->nr_ops, &mail->ops_room,
				sizeof(*mail->op));
	op = &mail->op[mail->nr_ops++];
	op->tag = subject_must(strdup(m->tag));
	op->member = fragment_word(f, i + 1);
	op->function = fragment_word(f, i + 3);
	op->line = f->row[f->token[i].row]->no;
}

/* A token of a struct; @depth: braces that are open before it. */
static void field_token(struct members *m, uint32_t i, unsigned int depth)
{
	const struct rtoken *t = &m->f->token[i];

	if (t->kind == SUBJECT_HASH_LINE)
		return;
	if (!fragment_added(m->f, i)) {
		flush(m, m->text.len && m->text.at[m->text.len - 1] == ';');
		return;
	}
	if (!m->text.len) {
		m->line = m->f->row[t->row]->no;
		m->nested = depth != 1;
	} else {
		subject_text_add(&m->text, " ", 1);
	}
	subject_text_add(&m->text, m->f->text.at + t->begin,
			 t->end - t->begin);
}

/* The stretch is a struct or a table, @depth braces open where it begins. */
static void members(struct members *m, const struct ritem *item,
		    unsigned int depth)
{
	bool body = depth > 0;
	uint32_t i;

	for (i = item->first; i <= item->last; i++) {
		if (fragment_punct(m->f, i, '}') && depth)
			depth--;
		if (!body || !depth)
			;
		else if (!m->table)
			field_token(m, i, depth);
		else if (fragment_added(m->f, i) && depth == 1)
			op(m, i);
		if (fragment_punct(m->f, i, '{')) {
			depth++;
			body = true;
		}
	}
	flush(m, m->text.len && m->text.at[m->text.len - 1] == ';');
}

void fragment_members(struct subject_mail *mail, const struct fragment *f)
{
	const struct ritem *item;
	unsigned int depth;
	size_t i;

	for (i = 0; i < f->nr_items; i++) {
		struct members m = { .mail = mail, .f = f };

		item = &f->item[i];
		depth = 0;
		if (!i && item->kind == RECOVER_REST) {
			m.tag = tag_of_heading(f->hunk->heading, &m.table);
			depth = f->start_depth;
		} else if ((item->kind == RECOVER_TYPE ||
			    item->kind == RECOVER_TABLE) &&
			   !fragment_added(f, item->first)) {
			m.tag = tag_of_item(f, item);
			m.table = item->kind == RECOVER_TABLE;
		}
		if (m.tag)
			members(&m, item, depth);
		free(m.tag);
		subject_text_free(&m.text);
	}
}
