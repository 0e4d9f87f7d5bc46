/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a slice wants from elsewhere. Stands for nothing in the kernel.
 */
#include "sim/subject/needs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/needs_private.h"

/**
 * struct use - one place that wants something
 * @kind: as what it is used
 * @keyword: of a tag: struct, union or enum; else NULL
 * @at: the name
 * @len: of it
 * @line: where
 */
struct use {
	enum subject_need_kind kind;
	const char *keyword;
	const char *at;
	uint32_t len, line;
};

struct uses {
	const struct subject_closure *closure;
	struct use *use;
	size_t nr, room;
};

/**
 * struct stretch - an item, or a macro's body
 * @text: of the source
 * @t: its tokens, @n of them
 * @n: how many
 * @role: of each
 * @local: names that are declared in it, by their tokens, sorted
 * @nr_locals: how many
 * @parameters: tokens at the front that are a macro's parameters
 */
struct stretch {
	const char *text;
	struct declare_token *t;
	uint32_t n;
	enum needs_role *role;
	uint32_t *local;
	uint32_t nr_locals, parameters;
};

static const char *word(const struct stretch *s, uint32_t i)
{
	return s->text + s->t[i].begin;
}

static bool same_word(const struct stretch *s, uint32_t i, uint32_t k)
{
	return s->t[i].len == s->t[k].len &&
	       !memcmp(word(s, i), word(s, k), s->t[i].len);
}

/* By their letters: tokens are @left and @right of the stretch. */
static int compare_words(const void *left, const void *right, void *ctx)
{
	const struct stretch *s = ctx;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	uint32_t a_len = s->t[a].len, b_len = s->t[b].len;
	int r = memcmp(word(s, a), word(s, b), a_len < b_len ? a_len : b_len);

	return r ? r : a_len < b_len ? -1 : a_len > b_len;
}

static bool is_local(const struct stretch *s, uint32_t i)
{
	uint32_t from = 0, to = s->nr_locals;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		int r = compare_words(&s->local[mid], &i, (void *)s);

		if (!r)
			return true;
		if (r < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}

/* Is it put in by a macro's caller, or pasted together? Then it is no name. */
static bool is_put_in(const struct stretch *s, uint32_t i)
{
	uint32_t k;

	if (!s->parameters)
		return false;
	for (k = 0; k < s->parameters; k++)
		if (same_word(s, i, k))
			return true;
	return (s->t[i - 1].kind == SUBJECT_PUNCT && s->t[i - 1].c == '#') ||
	       (i + 1 < s->n && s->t[i + 1].kind == SUBJECT_PUNCT &&
		s->t[i + 1].c == '#');
}

/* Does the slice itself define it? */
static bool defined(const struct uses *uses, enum subject_space space,
		    const char *at, uint32_t len)
{
	const struct subject_closure *closure = uses->closure;
	const struct subject_name *name;

	for (name = subject_names_find(&closure->names, space, at, len); name;
	     name = subject_names_next(&closure->names, name)) {
		if (name->is_macro ? closure->macro[name->at] :
		    closure->item[name->at] != SUBJECT_UNCHOSEN &&
		    (name->defines || space == SUBJECT_ORDINARY) &&
		    (closure->item[name->at] != SUBJECT_CUT))
			return true;
	}
	return false;
}

static bool capitals(const char *at, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		if (islower((unsigned char)at[i]))
			return false;
	return true;
}

static bool built_in(const char *at, uint32_t len)
{
	static const char *const prefixes[] = {
		"__builtin_", "__sync_", "__atomic_", "__VA_", "CONFIG_", NULL
	};
	static const char *const words[] = {
		"bool", "defined", "__FILE__", "__LINE__", "__COUNTER__", NULL
	};
	const char *const *p;

	for (p = prefixes; *p; p++)
		if (len > strlen(*p) && !memcmp(at, *p, strlen(*p)))
			return true;
	return subject_word_in(at, len, words);
}

static void add_use(struct uses *uses, enum subject_need_kind kind,
		    const char *keyword, const char *at, uint32_t len,
		    uint32_t line)
{
	uses->use = subject_grow(uses->use, uses->nr, &uses->room,
				 sizeof(*uses->use));
	uses->use[uses->nr++] = (struct use){
		.kind = kind,
		.keyword = keyword,
		.at = at,
		.len = len,
		.line = line,
	};
}

static const char *tag_keyword(const struct stretch *s, uint32_t i)
{
	switch (i ? *word(s, i - 1) : 's') {
	case 'u':
		return "union";
	case 'e':
		return "enum";
	default:
		return "struct";
	}
}

static void look_at(struct uses *uses, const struct stretch *s, uint32_t i)
{
	const struct subject_source *source = uses->closure->scan->source;
	bool call = i + 1 < s->n && s->t[i + 1].kind == SUBJECT_PUNCT &&
		    s->t[i + 1].c == '(';
	enum subject_space space = SUBJECT_ORDINARY;
	enum subject_need_kind kind;
	const char *at = word(s, i);
	uint32_t len = s->t[i].len;

	if (is_put_in(s, i))
		return;
	switch (s->role[i]) {
	case NEEDS_NOTHING:
	case NEEDS_LOCAL:
		return;
	case NEEDS_TYPE:
		kind = SUBJECT_NEED_TYPE;
		break;
	case NEEDS_TAG:
		kind = SUBJECT_NEED_TYPE;
		space = SUBJECT_TAG;
		break;
	case NEEDS_FIELD:
		kind = SUBJECT_NEED_FIELD;
		space = SUBJECT_FIELD;
		break;
	default:
		if (is_local(s, i))
			return;
		kind = call ? SUBJECT_NEED_CALL :
		       capitals(at, len) ? SUBJECT_NEED_CONSTANT :
		       SUBJECT_NEED_VARIABLE;
		break;
	}
	if (built_in(at, len) || defined(uses, space, at, len))
		return;
	/* list_for_each_entry(x, head, member) */
	if (kind == SUBJECT_NEED_VARIABLE &&
	    defined(uses, SUBJECT_FIELD, at, len))
		return;
	add_use(uses, kind, space == SUBJECT_TAG ? tag_keyword(s, i) : NULL, at,
		len, subject_source_line(source, s->t[i].begin));
}

static void look_through(struct uses *uses, struct stretch *s, uint32_t head)
{
	size_t room = 0;
	uint32_t i;

	s->role = needs_roles(s->text, s->t, s->n, head);
	for (i = 0; i < s->n; i++) {
		if (i < s->parameters)
			s->role[i] = NEEDS_NOTHING;
		if (s->role[i] != NEEDS_LOCAL)
			continue;
		s->local = subject_grow(s->local, s->nr_locals, &room,
					sizeof(*s->local));
		s->local[s->nr_locals++] = i;
	}
	if (s->nr_locals)
		qsort_r(s->local, s->nr_locals, sizeof(*s->local),
			compare_words, s);
	for (i = 0; i < s->n; i++)
		if (s->t[i].kind == SUBJECT_IDENT)
			look_at(uses, s, i);
	free(s->t);
	free(s->role);
	free(s->local);
}

static void look_at_item(struct uses *uses, uint32_t at)
{
	const struct subject_scan *scan = uses->closure->scan;
	const struct subject_item *item = &scan->item[at];
	struct stretch s = { .text = scan->source->text };
	bool cut = uses->closure->item[at] == SUBJECT_CUT;
	uint32_t head;

	s.t = declare_tokens(s.text, item->begin, cut ? item->head : item->end,
			     false, &s.n);
	for (head = 0; head < s.n && s.t[head].begin < item->head; head++)
		;
	if (item->kind != SUBJECT_FUNCTION && item->kind != SUBJECT_VARIABLE)
		head = s.n;
	look_through(uses, &s, head);
}

static void look_at_macro(struct uses *uses, uint32_t at)
{
	const struct subject_scan *scan = uses->closure->scan;
	const struct subject_line *line = &scan->directive[at];
	struct stretch s = { .text = scan->source->text };
	uint32_t head;

	if (line->kind != SUBJECT_DEFINE)
		return;
	s.t = declare_tokens(s.text, line->body, line->end, true, &s.n);
	/* A bracket right behind the name holds parameters. */
	if (s.n && s.t[0].begin == line->body && s.t[0].c == '(')
		s.parameters = s.t[0].match < s.n ? s.t[0].match : s.n;
	/* A macro that makes a function: as the function. */
	for (head = s.parameters + 1; head < s.n; head++)
		if (s.t[head].c == '{' && s.t[head - 1].c == ')')
			break;
	look_through(uses, &s, head < s.n ? head : 0);
}

static int compare_uses(const void *left, const void *right)
{
	const struct use *a = left, *b = right;
	uint32_t len = a->len < b->len ? a->len : b->len;
	int r;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	r = memcmp(a->at, b->at, len);
	if (r)
		return r;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	/* "struct x" and a typedef x are two. */
	if (!a->keyword != !b->keyword)
		return a->keyword ? 1 : -1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static bool same(const struct use *a, const struct use *b)
{
	return a->kind == b->kind && a->len == b->len &&
	       !a->keyword == !b->keyword && !memcmp(a->at, b->at, a->len);
}

static void fold(struct subject_needs *ret, const struct uses *uses)
{
	size_t room = 0, i;

	for (i = 0; i < uses->nr; i++) {
		const struct use *use = &uses->use[i];
		struct subject_text name = { 0 };

		if (i && same(use, use - 1)) {
			ret->need[ret->nr - 1].uses++;
			continue;
		}
		if (use->keyword)
			subject_text_printf(&name, "%s ", use->keyword);
		subject_text_add(&name, use->at, use->len);
		ret->need = subject_grow(ret->need, ret->nr, &room,
					 sizeof(*ret->need));
		ret->need[ret->nr++] = (struct subject_need){
			.kind = use->kind,
			.name = name.at,
			.line = use->line,
			.uses = 1,
		};
	}
	ret->nr_unknown = ret->nr;
}

void subject_needs(struct subject_needs *ret,
		   const struct subject_closure *closure)
{
	struct uses uses = { .closure = closure };
	uint32_t i;

	*ret = (struct subject_needs){ 0 };
	for (i = 0; i < closure->scan->nr_items; i++)
		if (closure->item[i] != SUBJECT_UNCHOSEN)
			look_at_item(&uses, i);
	for (i = 0; i < closure->scan->nr_directives; i++)
		if (closure->macro[i])
			look_at_macro(&uses, i);
	if (uses.nr)
		qsort(uses.use, uses.nr, sizeof(*uses.use), compare_uses);
	fold(ret, &uses);
	free(uses.use);
}

/* Where a need is looked up, and as what. */
static enum subject_space space_of(const struct subject_need *need,
				   const char **ret_name)
{
	const char *blank = strchr(need->name, ' ');

	*ret_name = blank ? blank + 1 : need->name;
	if (need->kind == SUBJECT_NEED_FIELD)
		return SUBJECT_FIELD;
	return blank ? SUBJECT_TAG : SUBJECT_ORDINARY;
}

/* What every compiler brings along. */
static const char *compiler_header(const char *name)
{
	static const struct {
		const char *header;
		const char *names[16];
	} headers[] = {
		{ "stddef.h", { "NULL", "offsetof", "ptrdiff_t", "size_t" } },
		{ "stdarg.h", { "va_list", "va_start", "va_end", "va_arg",
				"va_copy" } },
		{ "stdbool.h", { "true", "false" } },
		{ "stdint.h", { "int8_t", "int16_t", "int32_t", "int64_t",
				"intptr_t", "uint8_t", "uint16_t", "uint32_t",
				"uint64_t", "uintptr_t" } },
	};
	size_t i, k;

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		for (k = 0; headers[i].names[k]; k++)
			if (!strcmp(headers[i].names[k], name))
				return headers[i].header;
	return NULL;
}

void subject_needs_known(struct subject_needs *needs,
			 const struct subject_index *index)
{
	uint32_t i;

	needs->nr_unknown = 0;
	for (i = 0; i < needs->nr; i++) {
		struct subject_need *need = &needs->need[i];
		const char *name;
		enum subject_space space = space_of(need, &name);

		need->known = subject_index_find(index, space, name,
						 strlen(name));
		if (!need->known && space == SUBJECT_ORDINARY)
			need->known = compiler_header(name);
		/* A field's name that is passed to a macro looks like one. */
		if (!need->known && need->kind == SUBJECT_NEED_VARIABLE)
			need->known = subject_index_find(index, SUBJECT_FIELD,
							 name, strlen(name));
		needs->nr_unknown += !need->known;
	}
}

/* A few bits that tell most words from those that are looked for. */
static uint32_t word_bit(const char *at, size_t len)
{
	return ((unsigned char)at[0] * 31 + (unsigned char)at[len - 1] * 7 +
		len) & 1023;
}

static bool is_missing(const struct subject_needs *needs, const char *at,
		       size_t len)
{
	uint32_t i;

	for (i = 0; i < needs->nr; i++) {
		const struct subject_need *need = &needs->need[i];
		const char *name;

		space_of(need, &name);
		if (!need->known && !need->elsewhere &&
		    subject_word_is(at, len, name))
			return true;
	}
	return false;
}

/* Does a text hold one of those that are not found? One pass over it. */
static bool mentions(const struct subject_needs *needs, const char *text,
		     size_t size)
{
	uint64_t bits[1024 / 64] = { 0 };
	struct subject_lex lex;
	const char *name;
	uint32_t i, bit;

	for (i = 0; i < needs->nr; i++) {
		if (needs->need[i].known || needs->need[i].elsewhere)
			continue;
		space_of(&needs->need[i], &name);
		bit = word_bit(name, strlen(name));
		bits[bit / 64] |= 1ull << bit % 64;
	}
	subject_lex_init(&lex, text, 0, size);
	lex.lenient = lex.in_directive = true;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		if (lex.kind != SUBJECT_IDENT)
			continue;
		bit = word_bit(text + lex.begin, lex.end - lex.begin);
		if (bits[bit / 64] & 1ull << bit % 64 &&
		    is_missing(needs, text + lex.begin, lex.end - lex.begin))
			return true;
	}
	return false;
}

uint32_t subject_needs_elsewhere(struct subject_needs *needs,
				 const char *header, const char *text,
				 size_t size)
{
	struct subject_index *index = NULL;
	uint32_t left = 0, i;

	if (mentions(needs, text, size)) {
		index = subject_index_new();
		subject_index_add(index, header, text, size);
	}
	for (i = 0; i < needs->nr; i++) {
		struct subject_need *need = &needs->need[i];
		const char *name;
		enum subject_space space = space_of(need, &name);

		if (need->known || need->elsewhere)
			continue;
		if (index && subject_index_find(index, space, name,
						strlen(name)))
			need->elsewhere = subject_must(strdup(header));
		left += !need->elsewhere;
	}
	if (index)
		subject_index_free(index);
	return left;
}

void subject_needs_free(struct subject_needs *needs)
{
	uint32_t i;

	for (i = 0; i < needs->nr; i++) {
		free(needs->need[i].name);
		free(needs->need[i].elsewhere);
	}
	free(needs->need);
	*needs = (struct subject_needs){ 0 };
}
