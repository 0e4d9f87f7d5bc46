/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function of which a reply quotes the beginning only: up to its last whole
 * statement, and then closed, so that it compiles and what is there runs.
 *
 * What is left out with the rest: labels that the beginning jumps to are put
 * at the end, and a value is returned there, 0 or NULL.
 */
#include "sim/subject/recover.h"

#include <stdlib.h>
#include <string.h>

#define NESTING_MAX	256
#define LABELS_MAX	256	/* more of them do not compile */

/**
 * struct closing - what is open at a token
 * @open: '{'; 'd': that of a do; 'i': of an initialiser or type; '(' and '[';
 *	'#': a conditional
 * @nr: how many
 * @assign: the statement has a '=' or begins with return
 */
struct closing {
	char open[NESTING_MAX];
	unsigned int nr;
	bool assign;
};

/* What a '{' opens. */
static char brace_kind(const struct closing *c, const struct fragment *f,
		       uint32_t i)
{
	unsigned int k = c->nr;

	while (k && c->open[k - 1] == '#')
		k--;
	if (k && c->open[k - 1] == 'i')
		return 'i';
	if (!k)
		return '{';
	if (c->assign)
		return 'i';
	if (fragment_is(f, i - 1, "do"))
		return 'd';
	if (f->token[i - 1].kind == SUBJECT_IDENT &&
	    !fragment_is(f, i - 1, "else"))
		return 'i';
	return '{';
}

static void close_one(struct closing *c, const char *any)
{
	unsigned int k = c->nr;

	while (k && c->open[k - 1] == '#')
		k--;
	if (!k || !strchr(any, c->open[k - 1]))
		return;
	memmove(&c->open[k - 1], &c->open[k], c->nr - k);
	c->nr--;
}

static void conditional(struct closing *c, char what)
{
	unsigned int k = c->nr;

	if (what == 'i' && c->nr < NESTING_MAX)
		c->open[c->nr++] = '#';
	while (what != 'i' && k && c->open[k - 1] != '#')
		k--;
	if (what == 'i' || !k)
		return;
	if (what == 'e') {
		c->nr = k;
	} else {
		memmove(&c->open[k - 1], &c->open[k], c->nr - k);
		c->nr--;
	}
}

/* One token further. */
static void advance(struct closing *c, const struct fragment *f, uint32_t i)
{
	char what = fragment_conditional(f, i);

	if (what)
		conditional(c, what);
	if (fragment_is(f, i, "return"))
		c->assign = true;
	if (f->token[i].kind != SUBJECT_PUNCT)
		return;
	switch (f->token[i].c) {
	case '{':
		if (c->nr < NESTING_MAX) {
			char kind = brace_kind(c, f, i);

			c->open[c->nr++] = kind;
		}
		break;
	case '(':
	case '[':
		if (c->nr < NESTING_MAX)
			c->open[c->nr++] = f->token[i].c;
		break;
	case ')':
		close_one(c, "(");
		break;
	case ']':
		close_one(c, "[");
		break;
	case '}':
		close_one(c, "{di");
		break;
	case '=':
		if (!c->nr || !strchr("([", c->open[c->nr - 1]))
			c->assign = true;
		break;
	}
	if (strchr(";{}", f->token[i].c) &&
	    (!c->nr || !strchr("([i", c->open[c->nr - 1])))
		c->assign = false;
}

/* May the text end behind this token? */
static bool is_end(const struct closing *c, const struct fragment *f,
		   uint32_t i)
{
	unsigned int k;

	if (f->token[i].kind != SUBJECT_PUNCT ||
	    !strchr(";{}", f->token[i].c) || !c->nr || c->nr == NESTING_MAX)
		return false;
	for (k = 0; k < c->nr; k++)
		if (strchr("([i", c->open[k]))
			return false;
	/* "} while (x);" belongs to the brace. */
	return !fragment_is(f, i + 1, "while") ||
	       !fragment_punct(f, i, '}') || i + 1 == f->nr;
}

/* A label is there up to @last? */
static bool has_label(const struct fragment *f, const struct ritem *item,
		      uint32_t last, const char *label)
{
	uint32_t i;

	for (i = item->first + 1; i < last; i++)
		if (fragment_punct(f, i + 1, ':') && fragment_is(f, i, label) &&
		    f->token[i - 1].kind == SUBJECT_PUNCT &&
		    strchr(";{}:", f->token[i - 1].c))
			return true;
	return false;
}

/* Labels that the text jumps to and does not have, each once. */
static void add_labels(struct subject_text *ret, const struct fragment *f,
		       const struct ritem *item, uint32_t last)
{
	char *label[LABELS_MAX], *word;
	unsigned int k, nr = 0;
	uint32_t i;

	for (i = item->first; i + 1 < last && nr < LABELS_MAX; i++) {
		if (!fragment_is(f, i, "goto") ||
		    f->token[i + 1].kind != SUBJECT_IDENT)
			continue;
		word = fragment_word(f, i + 1);
		for (k = 0; k < nr && strcmp(label[k], word); k++)
			;
		if (k < nr) {
			free(word);
			continue;
		}
		label[nr++] = word;
		if (!has_label(f, item, last, word))
			subject_text_printf(ret, " %s:;", word);
	}
	while (nr)
		free(label[--nr]);
}

/* Does it return something that 0 can be? */
static bool returns_scalar(const struct fragment *f, const struct ritem *item)
{
	uint32_t i, name = fragment_name(f, item);
	bool aggregate = false, is_void = false, pointer = false;

	if (name == UINT32_MAX)
		return false;
	for (i = item->first; i < name; i++) {
		aggregate |= fragment_is(f, i, "struct") ||
			     fragment_is(f, i, "union");
		is_void |= fragment_is(f, i, "void");
		pointer |= fragment_punct(f, i, '*');
	}
	return pointer || !(aggregate || is_void);
}

static void add_closers(struct fragment_cut *ret, const struct fragment *f,
			const struct ritem *item, const struct closing *c)
{
	unsigned int i = c->nr, braces = 0, left = 0;

	for (i = 0; i < c->nr; i++)
		left += c->open[i] != '#';
	for (i = c->nr; i-- > 0;) {
		if (c->open[i] == '#') {
			subject_text_puts(&ret->closers, "\n#endif\n");
			continue;
		}
		if (--left == 0) {
			add_labels(&ret->closers, f, item, ret->last);
			if (returns_scalar(f, item))
				subject_text_puts(&ret->closers, " return 0;");
		}
		subject_text_puts(&ret->closers,
				  c->open[i] == 'd' ? " } while (0);" : " }");
		braces++;
	}
	ret->braces = braces;
}

void fragment_close(struct fragment_cut *ret, const struct fragment *f,
		    const struct ritem *item)
{
	struct closing c = { .nr = 0 }, best = { .nr = 0 };
	uint32_t i;

	memset(ret, 0, sizeof(*ret));
	ret->last = UINT32_MAX;
	for (i = item->first; i <= item->last && i < f->nr; i++) {
		advance(&c, f, i);
		if (is_end(&c, f, i)) {
			best = c;
			ret->last = i;
		}
	}
	if (ret->last != UINT32_MAX)
		add_closers(ret, f, item, &best);
}
