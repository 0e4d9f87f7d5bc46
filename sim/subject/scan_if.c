/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directives of a C text: what they are, and what conditionals do to the scan.
 *
 * A branch begins with the brackets that were open at #if. An item that was
 * begun before the #if and is finished in one branch is taken up again in the
 * next one; what came in between is then part of it. A branch of nothing but
 * #error, one that is "#if 0", and one that is assembler are passed over, and
 * it goes on as the branch before it has ended.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "sim/subject/declare.h"
#include "sim/subject/scan_private.h"

/* What follows a directive's name, read as tokens. */
static void read_rest(struct subject_lex *ret, const struct subject_lex *lex,
		      uint32_t from)
{
	subject_lex_init(ret, lex->text, from, lex->end);
	ret->in_directive = true;
	ret->lenient = true;
}

static enum subject_directive kind_of(const struct subject_lex *word)
{
	static const struct {
		const char *word;
		enum subject_directive kind;
	} kinds[] = {
		{ "define", SUBJECT_DEFINE }, { "elif", SUBJECT_ELSE },
		{ "elifdef", SUBJECT_ELSE }, { "elifndef", SUBJECT_ELSE },
		{ "else", SUBJECT_ELSE }, { "endif", SUBJECT_ENDIF },
		{ "if", SUBJECT_IF }, { "ifdef", SUBJECT_IF },
		{ "ifndef", SUBJECT_IF }, { "include", SUBJECT_INCLUDE },
		{ "include_next", SUBJECT_INCLUDE }, { "line", SUBJECT_LINE },
		{ "undef", SUBJECT_UNDEF },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (subject_lex_is(word, kinds[i].word))
			return kinds[i].kind;
	return word->kind == SUBJECT_NUMBER ? SUBJECT_LINE :
	       SUBJECT_OTHER_DIRECTIVE;
}

/* The header's name, without its quotes or <>. */
static void include_name(struct scan_state *s, struct subject_line *line)
{
	const char *text = s->lex.text;
	uint32_t at = line->body, from;
	char close;

	while (at < line->end && isblank((unsigned char)text[at]))
		at++;
	if (at >= line->end || (text[at] != '<' && text[at] != '"'))
		return;
	line->quoted = text[at] == '"';
	close = line->quoted ? '"' : '>';
	from = ++at;
	while (at < line->end && text[at] != close)
		at++;
	if (at < line->end)
		line->name = scan_keep_name(s, text + from, at - from);
}

static bool says_zero(const struct subject_lex *lex, uint32_t from,
		      const char *number)
{
	struct subject_lex rest;

	read_rest(&rest, lex, from);
	if (subject_lex_next(&rest) != SUBJECT_NUMBER ||
	    !subject_word_is(rest.text + rest.begin, rest.end - rest.begin,
			     number))
		return false;
	return subject_lex_next(&rest) == SUBJECT_END;
}

/* Is it about __ASSEMBLY__ alone? Then @ret_negated: the other branch is. */
static bool about_assembler(const struct subject_lex *lex,
			    const struct subject_lex *word, bool *ret_negated)
{
	struct subject_lex rest;
	bool about = false;

	*ret_negated = subject_lex_is(word, "ifndef");
	read_rest(&rest, lex, word->end);
	while (subject_lex_next(&rest) != SUBJECT_END) {
		if (subject_lex_is(&rest, "__ASSEMBLY__") ||
		    subject_lex_is(&rest, "__ASSEMBLER__"))
			about = true;
		else if (rest.kind == SUBJECT_PUNCT && rest.c == '!')
			*ret_negated = true;
		else if (!subject_lex_is(&rest, "defined") &&
			 !(rest.kind == SUBJECT_PUNCT && strchr("()", rest.c)))
			return false;
	}
	return about;
}

/* Does a branch that begins here hold nothing but one #error? */
static bool only_error(const struct subject_lex *lex)
{
	struct subject_lex ahead = *lex, word;

	ahead.lenient = true;
	if (subject_lex_next(&ahead) != SUBJECT_HASH_LINE)
		return false;
	read_rest(&word, &ahead, ahead.begin + 1);
	subject_lex_next(&word);
	return subject_lex_is(&word, "error") &&
	       subject_lex_next(&ahead) == SUBJECT_HASH_LINE;
}

static int begin_if(struct scan_state *s, const struct subject_lex *word)
{
	const struct subject_lex *lex = &s->lex;
	bool is_if = subject_lex_is(word, "if"), negated;
	struct scan_if *iff;
	uint32_t i;

	if (s->nr_ifs == SUBJECT_DEPTH_MAX)
		return subject_source_refuse(s->scan.source, lex->begin, s->err,
			"more than %u conditionals in each other",
			SUBJECT_DEPTH_MAX);
	iff = &s->iff[s->nr_ifs++];
	*iff = (struct scan_if){
		.at = lex->begin,
		.outer = s->skipping,
		.saved = s->head,
		.first = s->nr_saved,
		.nr_open = s->nr_open,
		.linkage = s->linkage,
	};
	for (i = 0; i < s->nr_open; i++) {
		s->saved = subject_grow(s->saved, s->nr_saved, &s->saved_room,
					sizeof(*s->saved));
		s->saved[s->nr_saved++] = s->open[i];
	}
	if (about_assembler(lex, word, &negated)) {
		iff->skip = !negated;
		iff->skip_else = negated;
	} else if (is_if) {
		iff->skip = says_zero(lex, word->end, "0");
		iff->skip_else = says_zero(lex, word->end, "1");
	}
	if (only_error(lex))
		iff->skip = true;
	iff->entered = !iff->skip;
	s->skipping |= iff->skip;
	return 0;
}

/* Back to how it was at #if, but for what lies before it. */
static void restore(struct scan_state *s, const struct scan_if *iff)
{
	struct subject_scan *scan = &s->scan;
	bool pending = s->head.pending;
	uint32_t begin = s->head.begin;

	if (iff->nr_open)
		memcpy(s->open, s->saved + iff->first,
		       iff->nr_open * sizeof(*s->open));
	s->nr_open = iff->nr_open;
	s->linkage = iff->linkage;
	s->head = iff->saved;
	if (iff->saved.pending) {
		while (scan->nr_items &&
		       scan->item[scan->nr_items - 1].begin >= iff->saved.begin)
			scan->nr_items--;
	} else if (pending) {
		/* Two heads, one body. */
		s->head = (struct scan_head){ .pending = true, .begin = begin };
		s->head.end = s->lex.begin;
	}
}

static int unmatched(struct scan_state *s, const char *what)
{
	return subject_source_refuse(s->scan.source, s->lex.begin, s->err,
				     "an #%s without an #if", what);
}

static int next_branch(struct scan_state *s, const struct subject_lex *word)
{
	struct scan_if *iff;

	if (!s->nr_ifs)
		return unmatched(s, subject_lex_is(word, "else") ? "else" :
				 "elif");
	iff = &s->iff[s->nr_ifs - 1];
	if (iff->outer)
		return 0;
	iff->skip = iff->skip_else || only_error(&s->lex);
	s->skipping = iff->skip;
	/* A branch that was passed over has left the state as it was. */
	if (!iff->skip && iff->entered)
		restore(s, iff);
	iff->entered |= !iff->skip;
	return 0;
}

static int end_if(struct scan_state *s)
{
	const struct scan_if *iff;

	if (!s->nr_ifs)
		return unmatched(s, "endif");
	iff = &s->iff[--s->nr_ifs];
	s->skipping = iff->outer;
	s->nr_saved = iff->first;
	return 0;
}

int scan_ifs_closed(struct scan_state *s)
{
	if (!s->nr_ifs)
		return 0;
	return subject_source_refuse(s->scan.source, s->iff[s->nr_ifs - 1].at,
				     s->err, "a conditional without an #endif");
}

/*
 * MACRO(x) and then a directive: the macro's item has ended, unless what comes
 * behind all directives is its body. Else one branch would swallow the other.
 */
static bool call_ended(struct scan_state *s)
{
	struct subject_lex ahead = s->lex;

	if (!s->head.pending || s->nr_open || s->head.shape != SCAN_CALL ||
	    s->head.attribute || s->lex.begin < s->head.looked)
		return false;
	ahead.lenient = true;
	while (subject_lex_next(&ahead) == SUBJECT_HASH_LINE)
		;
	/* What is true of this directive is true of those behind it. */
	s->head.looked = ahead.begin;
	return ahead.kind == SUBJECT_IDENT;
}

static int add_line(struct scan_state *s, const struct subject_lex *word)
{
	struct subject_scan *scan = &s->scan;
	struct subject_lex rest;
	struct subject_line *line;

	if (scan->nr_directives >= SUBJECT_ITEMS_MAX)
		return subject_source_refuse(scan->source, s->lex.begin, s->err,
			"more than %u directives", SUBJECT_ITEMS_MAX);
	scan->directive = subject_grow(scan->directive, scan->nr_directives,
				       &s->directives_room,
				       sizeof(*scan->directive));
	line = &scan->directive[scan->nr_directives++];
	*line = (struct subject_line){
		.kind = kind_of(word),
		.begin = s->lex.begin,
		.end = s->lex.end,
		.body = word->end,
		.skipped = s->skipping,
		.name = "",
	};
	if (line->kind == SUBJECT_INCLUDE)
		include_name(s, line);
	if (line->kind == SUBJECT_DEFINE || line->kind == SUBJECT_UNDEF) {
		read_rest(&rest, &s->lex, word->end);
		if (subject_lex_next(&rest) == SUBJECT_IDENT)
			line->name = scan_keep_name(s, rest.text + rest.begin,
						    rest.end - rest.begin);
		line->body = rest.end;
	}
	return 0;
}

int scan_directive(struct scan_state *s)
{
	struct subject_lex word;
	int r;

	read_rest(&word, &s->lex, s->lex.begin + 1);
	subject_lex_next(&word);
	if (!s->skipping && call_ended(s)) {
		r = scan_finish(s, s->head.end);
		if (r)
			return r;
	}
	r = add_line(s, &word);
	if (r)
		return r;
	switch (kind_of(&word)) {
	case SUBJECT_IF:
		return begin_if(s, &word);
	case SUBJECT_ELSE:
		return next_branch(s, &word);
	case SUBJECT_ENDIF:
		return end_if(s);
	default:
		return 0;
	}
}
