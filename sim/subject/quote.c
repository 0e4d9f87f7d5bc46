/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quoting: which depth of '>' a patch stands at, and the text of that depth
 * alone.
 *
 * Every mailer quotes in its own way: "> > ", ">> ", ">>> > ". What counts is
 * how many '>' there are, and whether the innermost one is followed by a
 * space, which belongs to the quoting then and not to the patch.
 */
#include "sim/subject/quote.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/source.h"

#define QUOTE_DEPTH_MAX	64
/* Where mailers wrap, less what their ideas of a tab's width differ by. */
#define WRAP_COLUMN	68

/**
 * struct depth - what is known of the lines of one depth
 * @headers: lines that only a patch has
 * @spaced: of those, with a space behind the last '>'
 * @pluses: lines that begin with '+', and something that C begins with
 * @first: line of the file of the first header
 */
struct depth {
	size_t headers, spaced, pluses;
	uint32_t first;
};

/* How deep a line is quoted; *@at is behind its last '>'. */
static unsigned int depth_of(const struct subject_mline *line, size_t *at)
{
	const char *s = line->text;
	unsigned int depth = 0;
	size_t i = 0;

	*at = 0;
	while (s[i] == '>' || (depth && s[i] == ' ' && s[i + 1] == '>')) {
		if (s[i++] == ' ')
			continue;
		*at = i;
		if (++depth == QUOTE_DEPTH_MAX)
			break;
	}
	return depth;
}

static bool is_hunk(const char *s)
{
	if (strncmp(s, "@@ -", 4) || !isdigit((unsigned char)s[4]))
		return false;
	return strstr(s + 4, " +") != NULL;
}

/* Something that no one writes but diff: of line @i, behind its quoting? */
static bool is_header(const struct subject_lines *in, size_t i, size_t at)
{
	const char *s = in->line[i].text + at, *next;
	unsigned int depth;
	size_t next_at;

	if (is_hunk(s) || !strncmp(s, "diff --git ", 11))
		return true;
	if (strncmp(s, "--- ", 4) || i + 1 >= in->nr)
		return false;
	depth = depth_of(&in->line[i], &next_at);
	if (depth_of(&in->line[i + 1], &next_at) != depth)
		return false;
	next = in->line[i + 1].text + next_at;
	return !strncmp(next + (*next == ' '), "+++ ", 4);
}

static void look(const struct subject_lines *in, struct depth *depths)
{
	unsigned int depth;
	size_t i, at, space;
	const char *s;

	for (i = 0; i < in->nr; i++) {
		depth = depth_of(&in->line[i], &at);
		space = depth && in->line[i].text[at] == ' ';
		s = in->line[i].text + at + space;
		if (is_header(in, i, at + space)) {
			if (!depths[depth].headers++)
				depths[depth].first = in->line[i].no;
			depths[depth].spaced += space;
		}
		if (*s == '+' && (isalpha((unsigned char)s[1]) || s[1] == '_' ||
				  s[1] == '{' || s[1] == '}' || s[1] == '\t'))
			depths[depth].pluses++;
	}
}

/* "[...]", "<snip>", "8<---": somebody left lines out. */
static bool is_snip(const char *s)
{
	static const char *const words[] = {
		"snip", "...", "cut", "snipped", "trimmed", "\xe2\x80\xa6",
	};
	size_t i, n;

	s += strspn(s, "> \t");
	if (!strncmp(s, "8<-", 3) || !strncmp(s, "--8<", 4))
		return true;
	s += strspn(s, "[<({-");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if (!subject_begins_nocase(s, strlen(s), words[i]))
			continue;
		if (!s[n + strspn(s + n, ".])}>- \t")])
			return true;
	}
	return false;
}

/* Columns that a line takes, tabs being eight. */
static size_t width(const char *s)
{
	size_t w = 0;

	for (; *s; s++)
		w = *s == '\t' ? (w | 7) + 1 : w + 1;
	return w;
}

/* Would the first word of @tail have stood in the line above had it fitted? */
static bool is_overflow(const struct subject_mline *above, const char *tail)
{
	return width(above->text) + 1 + strcspn(tail, " \t") > WRAP_COLUMN;
}

/* Begins like a line of a diff, or is empty? */
static bool has_mark(const char *s)
{
	return !*s || strchr("+- @\\\t", *s) || !strncmp(s, "diff ", 5) ||
	       !strncmp(s, "index ", 6) || !strncmp(s, "Index: ", 7);
}

/* Four words in a row, or the end of a sentence: no code. */
static bool is_prose(const char *s)
{
	unsigned int words = 0, most = 0;
	size_t n, len = strlen(s);

	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	if (len && (s[len - 1] == '?' || s[len - 1] == '.' ||
		    s[len - 1] == '!'))
		return true;
	while (*s) {
		n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'");
		words = n && (!s[n] || s[n] == ' ') ? words + 1 : 0;
		if (words > most)
			most = words;
		s += n ? n : 1;
		s += words && *s == ' ';
	}
	return most >= 4;
}

/* Must a line of code go on, and could @tail be how? */
static bool goes_on(const char *s, const char *tail)
{
	int parens = 0;
	char last = '\0';

	/* A comment that would else never end. */
	if (strstr(tail, "*/"))
		return true;
	if (is_prose(tail) || is_snip(tail))
		return false;
	for (; *s; s++) {
		parens += (*s == '(') - (*s == ')');
		if (!isspace((unsigned char)*s))
			last = *s;
	}
	if (parens > 0)
		return true;
	/* After "if (x)" anything can come, so it must look like no sentence. */
	if (last == ')')
		return strchr("{;,)&|?:+-*/=<>", *tail) != NULL;
	return last && !strchr(";{}", last);
}

/**
 * struct unquote - text of one depth being made
 * @q: what it becomes
 * @room: of @q->before
 * @above: the line of the mail that ended up last in @q, if nothing stood
 *	between that and the current one
 * @now: what stood before the current line
 */
struct unquote {
	struct subject_quoted *q;
	size_t room;
	const struct subject_mline *above;
	struct subject_before now;
};

static void note_before(struct unquote *u)
{
	struct subject_quoted *q = u->q;

	q->before = subject_grow(q->before, q->lines.nr, &u->room,
				 sizeof(*q->before));
	q->before[q->lines.nr] = u->now;
	memset(&u->now, 0, sizeof(u->now));
}

/* A line of the depth. */
static void take(struct unquote *u, const struct subject_mline *line,
		 const char *s)
{
	size_t len = strlen(s);

	if (u->above && !has_mark(s) && is_overflow(u->above, s)) {
		subject_lines_join(&u->q->lines, u->q->lines.nr - 1, s, len,
				   true);
	} else {
		note_before(u);
		subject_lines_add(&u->q->lines, s, len, line->no);
	}
	u->above = line;
}

/* A line of another depth; @next is the one below it, or NULL. */
static void leave(struct unquote *u, const struct subject_mline *line,
		  const struct subject_mline *next)
{
	struct subject_lines *l = &u->q->lines;
	unsigned int depth;
	const char *s;
	size_t at;

	depth = depth_of(line, &at);
	s = line->text + at;
	s += strspn(s, " \t");
	if (u->above && next && depth < u->q->depth && *s &&
	    depth_of(next, &at) == u->q->depth && is_overflow(u->above, s) &&
	    goes_on(l->line[l->nr - 1].text, s)) {
		subject_lines_join(l, l->nr - 1, s, strlen(s), true);
		return;
	}
	u->above = NULL;
	if (!*s && depth < u->q->depth)
		u->now.blanks++;
	else
		u->now.gap = true;
	u->now.snip |= is_snip(line->text);
}

bool subject_unquote(struct subject_quoted *ret,
		     const struct subject_lines *in)
{
	struct depth depths[QUOTE_DEPTH_MAX + 1] = { 0 };
	struct unquote u = { .q = ret };
	unsigned int d, depth = QUOTE_DEPTH_MAX + 1;
	const char *s;
	size_t i, at;
	bool spaced;

	memset(ret, 0, sizeof(*ret));
	look(in, depths);
	for (d = 0; d <= QUOTE_DEPTH_MAX; d++)
		if (depths[d].headers) {
			if (ret->headed)
				ret->other = depths[depth].first;
			depth = d;
			ret->headed = true;
		}
	for (d = 0; d <= QUOTE_DEPTH_MAX && !ret->headed; d++)
		if (depths[d].pluses >= 2)
			depth = d;
	if (depth > QUOTE_DEPTH_MAX)
		return false;
	ret->depth = depth;
	spaced = depth && (!ret->headed || depths[depth].spaced * 2 >=
					   depths[depth].headers);
	for (i = 0; i < in->nr; i++) {
		s = in->line[i].text;
		if (depth_of(&in->line[i], &at) == depth && !is_snip(s))
			take(&u, &in->line[i],
			     s + at + (spaced && s[at] == ' '));
		else
			leave(&u, &in->line[i],
			      i + 1 < in->nr ? &in->line[i + 1] : NULL);
	}
	note_before(&u);
	return true;
}

void subject_quoted_free(struct subject_quoted *q)
{
	subject_lines_free(&q->lines);
	free(q->before);
	memset(q, 0, sizeof(*q));
}
