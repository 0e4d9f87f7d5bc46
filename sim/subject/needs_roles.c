/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What identifiers are, by where they stand. Stands for nothing in the kernel.
 *
 * At the beginning of a statement, of a member or of a parameter a declaration
 * is told by its first words: storage, a basic type, struct and a tag, or one
 * identifier before another one or before '*' and a name. What it declares is
 * local to the whole item. Casts are brackets around a type and nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/subject/needs_private.h"

/**
 * struct roles - roles at work
 * @text: of the source
 * @t: its tokens
 * @role: of each
 * @n: how many
 */
struct roles {
	const char *text;
	const struct declare_token *t;
	enum needs_role *role;
	uint32_t n;
};

static bool punct(const struct roles *r, uint32_t i, char c)
{
	return i < r->n && r->t[i].kind == SUBJECT_PUNCT && r->t[i].c == c;
}

static bool one_of(const struct roles *r, uint32_t i, const char *list)
{
	return i < r->n && r->t[i].kind == SUBJECT_PUNCT &&
	       strchr(list, r->t[i].c);
}

static bool ident(const struct roles *r, uint32_t i)
{
	return i < r->n && r->t[i].kind == SUBJECT_IDENT;
}

static const char *word(const struct roles *r, uint32_t i)
{
	return r->text + r->t[i].begin;
}

static bool is_word(const struct roles *r, uint32_t i, const char *what)
{
	return ident(r, i) && subject_word_is(word(r, i), r->t[i].len, what);
}

static bool keyword(const struct roles *r, uint32_t i)
{
	return ident(r, i) && (subject_keyword(word(r, i), r->t[i].len) ||
			       declare_basic_type(word(r, i), r->t[i].len));
}

static bool storage(const struct roles *r, uint32_t i)
{
	return ident(r, i) && declare_storage(word(r, i), r->t[i].len);
}

static bool name(const struct roles *r, uint32_t i)
{
	return ident(r, i) && !keyword(r, i) && !storage(r, i);
}

static bool attribute(const struct roles *r, uint32_t i)
{
	return ident(r, i) && declare_attribute(word(r, i), r->t[i].len);
}

static uint32_t behind(const struct roles *r, uint32_t i)
{
	return r->t[i].match < r->n ? r->t[i].match + 1 : r->n;
}

/* Behind '*'s and what may stand among them. */
static uint32_t pass_stars(const struct roles *r, uint32_t i)
{
	while (punct(r, i, '*') || storage(r, i) ||
	       (attribute(r, i) && !punct(r, i + 1, '(')))
		i++;
	return i;
}

/* Does an identifier at @i begin a declaration as its type? */
static bool type_name(const struct roles *r, uint32_t i, bool parameter)
{
	uint32_t next = i + 1;

	if (!name(r, i) || attribute(r, i))
		return false;
	if (ident(r, next))
		return !keyword(r, next) || storage(r, next);
	if (!punct(r, next, '*'))
		/* A type alone is a parameter without a name. */
		return parameter && one_of(r, next, "),") &&
		       r->t[i].len > 2 &&
		       !memcmp(word(r, i) + r->t[i].len - 2, "_t", 2);
	next = pass_stars(r, next);
	if (parameter && one_of(r, next, "),"))
		return true;
	return name(r, next) && one_of(r, next + 1, ";,=)[:");
}

/* Specifiers at @i. Return: behind them, or @i: this is no declaration. */
static uint32_t specifiers(struct roles *r, uint32_t i, bool parameter)
{
	uint32_t begin = i, tag;
	bool typed = false;

	while (ident(r, i)) {
		if (attribute(r, i)) {
			typed |= memmem(word(r, i), r->t[i].len, "typeof", 6) !=
				NULL;
			i = punct(r, i + 1, '(') ? behind(r, i + 1) : i + 1;
		} else if (storage(r, i)) {
			i++;
		} else if (is_word(r, i, "struct") || is_word(r, i, "union") ||
			   is_word(r, i, "enum")) {
			for (tag = i + 1; attribute(r, tag); )
				tag = punct(r, tag + 1, '(') ?
					behind(r, tag + 1) : tag + 1;
			typed = true;
			i = ident(r, tag) ? tag + 1 : tag;
			/* Its members are looked at by themselves. */
			if (punct(r, i, '{'))
				i = behind(r, i);
		} else if (declare_basic_type(word(r, i), r->t[i].len)) {
			typed = true;
			i++;
		} else if (!typed && type_name(r, i, parameter)) {
			r->role[i++] = NEEDS_TYPE;
			typed = true;
		} else {
			break;
		}
	}
	return typed ? i : begin;
}

/* The declarators behind specifiers: their names are local. */
static void declarators(struct roles *r, uint32_t i, bool parameter)
{
	while (i < r->n && !one_of(r, i, ";)}")) {
		i = pass_stars(r, i);
		/* (*name)(...) */
		while (punct(r, i, '(') && (punct(r, i + 1, '*') ||
					    punct(r, i + 1, '(')))
			i = pass_stars(r, i + 1);
		if (name(r, i) && r->role[i] == NEEDS_OTHER)
			r->role[i] = NEEDS_LOCAL;
		while (i < r->n && !one_of(r, i, ",;"))
			i = r->t[i].match ? behind(r, i) : i + 1;
		if (parameter || !punct(r, i, ','))
			break;
		i++;
	}
}

static void declaration(struct roles *r, uint32_t i, bool parameter)
{
	uint32_t after = specifiers(r, i, parameter);

	if (after != i)
		declarators(r, after, parameter);
}

/* (type), (type *): casts, sizeof and compound literals. @i: the '('. */
static void cast(struct roles *r, uint32_t i)
{
	uint32_t after = pass_stars(r, i + 2), len;
	bool stars = after > i + 2;
	const char *at;

	if (!name(r, i + 1) || !punct(r, after, ')'))
		return;
	at = word(r, i + 1);
	len = r->t[i + 1].len;
	after++;
	/* What is called has brackets before it, too, and so has a condition. */
	if (i && !stars && (name(r, i - 1) || one_of(r, i - 1, ")]") ||
			    is_word(r, i - 1, "if") ||
			    is_word(r, i - 1, "while") ||
			    is_word(r, i - 1, "switch")))
		return;
	if (stars || name(r, after) ||
	    (after < r->n && r->t[after].kind == SUBJECT_NUMBER) ||
	    (len > 2 && !memcmp(at + len - 2, "_t", 2)))
		r->role[i + 1] = NEEDS_TYPE;
}

/* LIST_HEAD(x); in a body, and DECLARE_BITMAP(x, 8); in a struct. */
static void macro(struct roles *r, uint32_t i)
{
	uint32_t at = i + 2, close;
	int argument;

	if (!ident(r, i) || !punct(r, i + 1, '(') ||
	    declare_macro(word(r, i), r->t[i].len, &argument) !=
	    DECLARE_VARIABLE)
		return;
	close = behind(r, i + 1);
	for (; argument > 0 && at < close; at++)
		argument -= punct(r, at, ',');
	if (name(r, at) && at < close)
		r->role[at] = NEEDS_LOCAL;
}

static bool begins_statement(const struct roles *r, uint32_t i)
{
	if (!i || one_of(r, i - 1, ";{}"))
		return true;
	/* for (int i = 0; ...), and behind a label or a case */
	return punct(r, i - 1, ':') ||
	       (punct(r, i - 1, '(') && i > 1 && is_word(r, i - 2, "for"));
}

/* Roles that the neighbours give away. */
static void simple_roles(struct roles *r)
{
	uint32_t i, k;

	for (i = 0; i < r->n; i++) {
		if (punct(r, i, '('))
			cast(r, i);
		if (!ident(r, i))
			continue;
		if (attribute(r, i) && !memmem(word(r, i), r->t[i].len,
					       "typeof", 6) &&
		    punct(r, i + 1, '(')) {
			for (k = i + 1; k < behind(r, i + 1); k++)
				if (r->t[k].kind == SUBJECT_IDENT)
					r->role[k] = NEEDS_NOTHING;
		}
		if (keyword(r, i) || storage(r, i))
			r->role[i] = NEEDS_NOTHING;
		else if (i && (is_word(r, i - 1, "struct") ||
			       is_word(r, i - 1, "union") ||
			       is_word(r, i - 1, "enum")))
			r->role[i] = NEEDS_TAG;
		else if (i && one_of(r, i - 1, ".>"))
			r->role[i] = NEEDS_FIELD;
		else if (i && is_word(r, i - 1, "goto"))
			r->role[i] = NEEDS_NOTHING;
		else if (punct(r, i + 1, ':') && begins_statement(r, i) &&
			 !(i && punct(r, i - 1, ':')))
			r->role[i] = NEEDS_NOTHING;
	}
}

static void statement(struct roles *r, uint32_t i)
{
	declaration(r, i, false);
	macro(r, i);
}

enum needs_role *needs_roles(const char *text, const struct declare_token *t,
			     uint32_t n, uint32_t head)
{
	struct roles r = { .text = text, .t = t, .n = n };
	uint32_t i;

	r.role = subject_must(calloc(n + 1, sizeof(*r.role)));
	for (i = 0; i < n; i++) {
		if (!ident(&r, i))
			continue;
		if (i < head && i && one_of(&r, i - 1, "(,"))
			declaration(&r, i, true);
		else if (begins_statement(&r, i))
			statement(&r, i);
	}
	simple_roles(&r);
	return r.role;
}
