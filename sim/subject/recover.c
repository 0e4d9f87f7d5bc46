/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hunk's new text, of which neither the beginning nor the end is known, as
 * stretches at file scope.
 *
 * Braces tell most: those that are closed and were never opened began before
 * the hunk. What stands at the left margin tells the rest, for kernel code
 * keeps the margin for what is at file scope, and archives that ruin the
 * indentation leave one blank of it at least.
 */
#include "sim/subject/recover.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define NESTING_MAX	512

bool fragment_added(const struct fragment *f, uint32_t token)
{
	return f->row[f->token[token].row]->mark == '+';
}

bool fragment_is(const struct fragment *f, uint32_t token, const char *word)
{
	const struct rtoken *t = &f->token[token];

	return token < f->nr && t->kind == SUBJECT_IDENT &&
	       subject_word_is(f->text.at + t->begin, t->end - t->begin, word);
}

bool fragment_punct(const struct fragment *f, uint32_t token, char c)
{
	return token < f->nr && f->token[token].kind == SUBJECT_PUNCT &&
	       f->token[token].c == c;
}

char *fragment_word(const struct fragment *f, uint32_t token)
{
	const struct rtoken *t = &f->token[token];

	return subject_must(strndup(f->text.at + t->begin, t->end - t->begin));
}

char fragment_conditional(const struct fragment *f, uint32_t token)
{
	const struct rtoken *t = &f->token[token];
	const char *s = f->text.at + t->begin;

	if (t->kind != SUBJECT_HASH_LINE)
		return '\0';
	s++;
	s += strspn(s, " \t");
	if (!strncmp(s, "if", 2))
		return 'i';
	if (!strncmp(s, "else", 4) || !strncmp(s, "elif", 4))
		return 'e';
	return !strncmp(s, "endif", 5) ? 'f' : '\0';
}

uint32_t fragment_name(const struct fragment *f, const struct ritem *item)
{
	uint32_t i;

	for (i = item->first; i < item->last; i++) {
		if (fragment_punct(f, i, '{') || fragment_punct(f, i, '='))
			break;
		if (f->token[i].kind != SUBJECT_IDENT ||
		    !fragment_punct(f, i + 1, '('))
			continue;
		if (fragment_is(f, i, "__attribute__") ||
		    fragment_is(f, i, "__printf") ||
		    fragment_is(f, i, "__aligned") ||
		    fragment_is(f, i, "__section"))
			continue;
		/* SYSCALL_DEFINE2(name, ...) */
		if (!strncmp(f->text.at + f->token[i].begin, "SYSCALL_DEFINE",
			     14) && i + 2 <= item->last &&
		    f->token[i + 2].kind == SUBJECT_IDENT)
			return i + 2;
		return i;
	}
	return UINT32_MAX;
}

/* --- text and tokens --- */

static void read_rows(struct fragment *f)
{
	size_t i;

	f->row = subject_must(calloc(f->hunk->nr + 1, sizeof(*f->row)));
	for (i = 0; i < f->hunk->nr; i++) {
		if (f->hunk->line[i].mark == '-')
			continue;
		f->row[f->nr_rows++] = &f->hunk->line[i];
		subject_text_puts(&f->text, f->hunk->line[i].text);
		subject_text_add(&f->text, "\n", 1);
	}
}

/* Where code begins: behind the comment that began before the hunk, if any. */
static uint32_t code_begin(const struct fragment *f)
{
	const char *close = strstr(f->text.at, "*/"),
		   *open = strstr(f->text.at, "/*");

	return close && (!open || close < open) ? close + 2 - f->text.at : 0;
}

static void read_tokens(struct fragment *f)
{
	struct subject_lex lex;
	struct rtoken *t;
	uint32_t at = 0, row = 0;

	subject_lex_init(&lex, f->text.at, code_begin(f), f->text.len);
	lex.lenient = true;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		if (lex.kind == SUBJECT_BAD) {
			f->open_comment = true;
			break;
		}
		f->token = subject_grow(f->token, f->nr, &f->room,
					sizeof(*f->token));
		t = &f->token[f->nr++];
		memset(t, 0, sizeof(*t));
		t->kind = lex.kind;
		t->c = lex.c;
		t->begin = lex.begin;
		t->end = lex.end;
		for (; at < lex.begin; at++)
			row += f->text.at[at] == '\n';
		t->row = row;
		for (; at < lex.end; at++)
			row += f->text.at[at] == '\n';
		t->end_row = row;
		t->margin = !lex.begin || f->text.at[lex.begin - 1] == '\n';
	}
}

/* --- where the text begins --- */

/* A word that begins a statement, never anything at file scope. */
static bool is_statement(const struct fragment *f, uint32_t i)
{
	static const char *const words[] = {
		"if", "else", "for", "while", "do", "switch", "case", "default",
		"return", "goto", "break", "continue", NULL,
	};
	const struct rtoken *t = &f->token[i];

	return subject_word_in(f->text.at + t->begin, t->end - t->begin, words);
}

/* Something at file scope begins here, by the looks of it. */
static bool begins_item(const struct fragment *f, uint32_t i)
{
	const struct rtoken *t = &f->token[i];

	if (!t->margin || t->kind != SUBJECT_IDENT || is_statement(f, i))
		return false;
	/* A label. */
	return !fragment_punct(f, i + 1, ':');
}

/* How many braces are open at the beginning. */
static unsigned int start_depth(const struct fragment *f)
{
	int depth = 0, least = 0, margin = 0, parens = 0;
	int saved[NESTING_MAX], conditionals = 0;
	bool known = false, code = false;
	uint32_t i;
	char c;

	for (i = 0; i < f->nr; i++) {
		code |= f->token[i].kind != SUBJECT_HASH_LINE;
		c = fragment_conditional(f, i);
		if (c == 'i' && conditionals < NESTING_MAX)
			saved[conditionals++] = depth;
		else if (c == 'e' && conditionals)
			depth = saved[conditionals - 1];
		else if (c == 'f')
			conditionals -= conditionals > 0;
		if (!known && !parens && begins_item(f, i)) {
			known = true;
			margin = -depth;
		}
		parens += fragment_punct(f, i, '(') - fragment_punct(f, i, ')');
		if (fragment_punct(f, i, '{'))
			depth++;
		else if (fragment_punct(f, i, '}') && --depth < least)
			least = depth;
	}
	if (known)
		return margin > -least ? margin : -least;
	/* Nothing at the margin: the middle of something. */
	return code && !least ? 1 : -least;
}

/* --- stretches --- */

/**
 * struct walk - going over the tokens
 * @f: of this fragment
 * @open: open brackets; '#' for a conditional, with @at
 * @at: how many were open at the #if
 * @nr: how many
 * @in: within a stretch
 * @lost: lines were left out: until something begins at the margin
 * @assign: a '=' was seen in it outside of brackets
 * @parens: a pair of parentheses was
 */
struct walk {
	struct fragment *f;
	char open[NESTING_MAX];
	unsigned int at[NESTING_MAX], nr;
	bool in, lost, assign, parens;
};

static struct ritem *begin_item(struct walk *w, enum rkind kind, uint32_t token)
{
	struct fragment *f = w->f;
	struct ritem *item;

	f->item = subject_grow(f->item, f->nr_items, &f->items_room,
			       sizeof(*f->item));
	item = &f->item[f->nr_items++];
	memset(item, 0, sizeof(*item));
	item->kind = kind;
	item->first = item->last = token;
	w->in = kind != RECOVER_DIRECTIVE;
	w->assign = w->parens = false;
	return item;
}

static struct ritem *current(struct walk *w)
{
	return &w->f->item[w->f->nr_items - 1];
}

/* Only conditionals are open? */
static bool at_file_scope(const struct walk *w)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (w->open[i] != '#')
			return false;
	return true;
}

static void push(struct walk *w, char c)
{
	if (w->nr < NESTING_MAX)
		w->open[w->nr++] = c;
}

static void pop(struct walk *w, char c)
{
	unsigned int i = w->nr;

	/* Past conditionals: one may open in a branch and close after it. */
	while (i && w->open[i - 1] == '#')
		i--;
	if (!i || w->open[i - 1] != c)
		return;
	memmove(&w->open[i - 1], &w->open[i], w->nr - i);
	memmove(&w->at[i - 1], &w->at[i], (w->nr - i) * sizeof(w->at[0]));
	w->nr--;
}

static void conditional(struct walk *w, char what)
{
	unsigned int i = w->nr;

	if (what == 'i') {
		if (w->nr < NESTING_MAX)
			w->open[w->nr++] = '#';
		return;
	}
	while (i && w->open[i - 1] != '#')
		i--;
	if (!i)
		return;
	if (what == 'e') {
		w->nr = i;
	} else {
		memmove(&w->open[i - 1], &w->open[i], w->nr - i);
		w->nr--;
	}
}

/* '{' at file scope: what does it begin? */
static enum rkind kind_of_brace(const struct walk *w, const struct ritem *item,
				uint32_t token)
{
	uint32_t i = item->first;

	if (item->kind == RECOVER_JUNK || item->kind == RECOVER_REST)
		return item->kind;
	if (w->assign)
		return RECOVER_TABLE;
	if (w->parens && (token && fragment_punct(w->f, token - 1, ')')))
		return RECOVER_FUNCTION;
	while (fragment_is(w->f, i, "static") || fragment_is(w->f, i, "const") ||
	       fragment_is(w->f, i, "typedef"))
		i++;
	if (fragment_is(w->f, i, "struct") || fragment_is(w->f, i, "union") ||
	    fragment_is(w->f, i, "enum"))
		return w->parens && !fragment_punct(w->f, i + 1, '{') &&
		       fragment_punct(w->f, i + 2, '(') ? RECOVER_FUNCTION :
							  RECOVER_TYPE;
	return w->parens ? RECOVER_FUNCTION : RECOVER_OTHER;
}

/* A token of a stretch. */
static void token_of_item(struct walk *w, uint32_t i)
{
	struct ritem *item = current(w);
	bool file_scope = at_file_scope(w);

	item->last = i;
	if (w->f->token[i].kind != SUBJECT_PUNCT)
		return;
	switch (w->f->token[i].c) {
	case '{':
		if (file_scope)
			item->kind = kind_of_brace(w, item, i);
		push(w, '{');
		break;
	case '(':
	case '[':
		push(w, w->f->token[i].c);
		break;
	case ')':
		pop(w, '(');
		w->parens |= at_file_scope(w);
		break;
	case ']':
		pop(w, '[');
		break;
	case '=':
		w->assign |= file_scope;
		break;
	case ';':
		if (file_scope) {
			item->whole = true;
			w->in = false;
		}
		break;
	case '}':
		pop(w, '{');
		if (!at_file_scope(w))
			break;
		if (item->kind == RECOVER_FUNCTION ||
		    (item->kind == RECOVER_REST &&
		     !fragment_punct(w->f, i + 1, ';')) ||
		    item->kind == RECOVER_JUNK) {
			item->whole = true;
			w->in = false;
		}
		break;
	}
}

/* Were lines left out before this token, the first of its line? */
static bool is_after_snip(const struct fragment *f, uint32_t i)
{
	uint32_t row, from = i ? f->token[i - 1].end_row : 0;

	for (row = from + 1; row <= f->token[i].row; row++)
		if (f->row[row]->snip)
			return true;
	return false;
}

/*
 * Something begins at the margin within braces, or behind the head of another
 * function: the lines in between are not there. Only where some are known to be
 * missing, or a comment may have taken their place: one who writes like this
 * elsewhere means it.
 */
static bool is_after_loss(struct walk *w, uint32_t i)
{
	const struct fragment *f = w->f;
	const char *first;
	unsigned int k;

	if (!w->in || !begins_item(f, i) ||
	    (!f->hunk->missing && !f->row[f->token[i].row]->gap))
		return false;
	for (k = 0; k < w->nr; k++)
		if (w->open[k] != '#')
			return true;
	/* "__printf(1, 2)" may well stand on a line of its own. */
	first = f->text.at + f->token[current(w)->first].begin;
	return w->parens && strncmp(first, "__", 2);
}

static void walk_token(struct walk *w, uint32_t i)
{
	struct fragment *f = w->f;
	char c = fragment_conditional(f, i);

	if (is_after_snip(f, i) || is_after_loss(w, i)) {
		if (w->in)
			current(w)->snip = true;
		w->lost = w->in;
		w->in = false;
		w->nr = 0;
	}
	if (w->lost && !begins_item(f, i) &&
	    f->token[i].kind != SUBJECT_HASH_LINE)
		return;
	w->lost = w->lost && f->token[i].kind == SUBJECT_HASH_LINE;
	if (c)
		conditional(w, c);
	if (f->token[i].kind == SUBJECT_HASH_LINE) {
		if (!w->in)
			begin_item(w, RECOVER_DIRECTIVE, i)->whole = true;
		else
			current(w)->last = i;
		return;
	}
	if (!w->in) {
		/* Ends of what was not understood. */
		if (fragment_punct(f, i, ';') || fragment_punct(f, i, '}') ||
		    fragment_punct(f, i, ')'))
			return;
		begin_item(w, begins_item(f, i) ? RECOVER_OTHER : RECOVER_JUNK,
			   i);
	}
	token_of_item(w, i);
}

/**
 * struct group - conditionals that are open
 * @item: the stretch that each #if, #else is in; an #if begins a group
 * @token: itself
 * @nr: how many
 */
struct group {
	uint32_t *item, *token;
	uint32_t nr;
};

/* The group that an #endif ends: keep its directives if all are added. */
static void end_group(struct fragment *f, struct group *g)
{
	uint32_t k = g->nr;
	bool all = true;

	do {
		k--;
		all &= fragment_added(f, g->token[k]);
	} while (k && fragment_conditional(f, g->token[k]) != 'i');
	while (g->nr > k) {
		g->nr--;
		if (f->item[g->item[g->nr]].kind == RECOVER_DIRECTIVE)
			f->item[g->item[g->nr]].keep = all;
	}
}

/*
 * Directives at file scope: those that are added; of #if, #else and #endif
 * only if all three are. One may stand between the lines of a head.
 */
static void keep_directives(struct fragment *f)
{
	struct group g = {
		.item = subject_must(calloc(f->nr + 1, sizeof(*g.item))),
		.token = subject_must(calloc(f->nr + 1, sizeof(*g.token))),
	};
	struct ritem *item;
	uint32_t i, k;
	char c;

	for (i = 0; i < f->nr_items; i++) {
		item = &f->item[i];
		if (item->kind == RECOVER_DIRECTIVE &&
		    !fragment_conditional(f, item->first))
			item->keep = fragment_added(f, item->first);
		for (k = item->first; k <= item->last; k++) {
			c = fragment_conditional(f, k);
			if (c != 'i' && (!c || !g.nr))
				continue;
			g.item[g.nr] = i;
			g.token[g.nr++] = k;
			if (c == 'f')
				end_group(f, &g);
		}
	}
	free(g.item);
	free(g.token);
}

void fragment_read(struct fragment *f, const struct subject_hunk *hunk,
		   const char *path)
{
	struct walk *w = subject_must(calloc(1, sizeof(*w)));
	unsigned int d;
	uint32_t i;

	memset(f, 0, sizeof(*f));
	f->hunk = hunk;
	f->path = path;
	subject_text_puts(&f->text, "");
	read_rows(f);
	read_tokens(f);
	f->start_depth = start_depth(f);
	w->f = f;
	for (d = 0; d < f->start_depth; d++)
		push(w, '{');
	if (w->nr && f->nr)
		begin_item(w, RECOVER_REST, 0);
	for (i = 0; i < f->nr; i++)
		walk_token(w, i);
	keep_directives(f);
	free(w);
}

void fragment_free(struct fragment *f)
{
	subject_text_free(&f->text);
	free(f->row);
	free(f->token);
	free(f->item);
	memset(f, 0, sizeof(*f));
}
