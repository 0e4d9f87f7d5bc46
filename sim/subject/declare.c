/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Declarations by their shape. Stands for nothing in the kernel.
 *
 * Specifiers come first: storage, attributes, and one type, which is a basic
 * one, a struct with its tag, or the first identifier that another one or '*'
 * follows. In each declarator behind them the last identifier before the first
 * bracket is the name, unless it looks like an attribute. Brackets need not
 * balance: a head that is written twice, in two branches of a conditional, may
 * leave one open.
 */
#include "sim/subject/declare.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/declare_private.h"

/**
 * struct walk - a walk through a declaration
 * @text: the source's
 * @t: @n tokens
 * @names: appended to, unless NULL
 * @item: about the item as a whole
 * @first: its first declarator was not met yet
 * @function: that is a function with a body
 */
struct walk {
	const char *text;
	struct declare_token *t;
	uint32_t n;
	struct subject_names *names;
	struct declare_item *item;
	bool first, function;
};

/* What the specifiers of one declaration have said. */
struct specifiers {
	bool is_typedef, is_extern, typed, aggregate;
	enum subject_kind kind;		/* of the aggregate */
	const char *tag;
	size_t tag_len;
};

static uint32_t declaration(struct walk *w, uint32_t i, uint32_t end,
			    bool field);

static const char *word(const struct walk *w, uint32_t i)
{
	return w->text + w->t[i].begin;
}

static bool ident(const struct walk *w, uint32_t i, uint32_t end)
{
	return i < end && w->t[i].kind == SUBJECT_IDENT;
}

static bool is_word(const struct walk *w, uint32_t i, const char *what)
{
	return w->t[i].kind == SUBJECT_IDENT &&
	       subject_word_is(word(w, i), w->t[i].len, what);
}

static bool punct(const struct walk *w, uint32_t i, uint32_t end, char c)
{
	return i < end && w->t[i].kind == SUBJECT_PUNCT && w->t[i].c == c;
}

/* Behind the bracket that closes the one at @i. */
static uint32_t behind(const struct walk *w, uint32_t i, uint32_t end)
{
	return w->t[i].match < end ? w->t[i].match + 1 : end;
}

void declare_add(struct subject_names *names, struct subject_name name)
{
	names->name = subject_grow(names->name, names->nr, &names->room,
				   sizeof(*names->name));
	names->name[names->nr++] = name;
}

static void emit(struct walk *w, enum subject_space space,
		 enum subject_kind kind, bool defines, uint32_t i)
{
	if (!w->names)
		return;
	declare_add(w->names, (struct subject_name){
		.space = space,
		.kind = kind,
		.defines = defines,
		.name = word(w, i),
		.len = w->t[i].len,
	});
}

/* An attribute at @i is passed with its arguments. */
static uint32_t pass_attribute(const struct walk *w, uint32_t i, uint32_t end)
{
	i++;
	return punct(w, i, end, '(') ? behind(w, i, end) : i;
}

static void constants(struct walk *w, uint32_t i, uint32_t end)
{
	while (i < end) {
		if (ident(w, i, end))
			emit(w, SUBJECT_ORDINARY, SUBJECT_ENUM, true, i);
		while (i < end && !punct(w, i, end, ','))
			i = w->t[i].match ? behind(w, i, end) : i + 1;
		i++;
	}
}

/* struct, union or enum at @i, with tag and body. Return: behind it. */
static uint32_t aggregate(struct walk *w, uint32_t i, uint32_t end,
			  struct specifiers *spec)
{
	enum subject_kind kind = is_word(w, i, "enum") ? SUBJECT_ENUM :
		is_word(w, i, "union") ? SUBJECT_UNION : SUBJECT_STRUCT;
	uint32_t tag, close, look;

	spec->typed = spec->aggregate = true;
	spec->kind = kind;
	for (i++; ident(w, i, end); ) {
		if (!declare_attribute(word(w, i), w->t[i].len) &&
		    !(punct(w, i + 1, end, '(') &&
		      declare_looks_attribute(word(w, i), w->t[i].len)))
			break;
		i = pass_attribute(w, i, end);
	}
	tag = ident(w, i, end) ? i++ : end;
	/* enum x : u8 { */
	look = i;
	if (kind == SUBJECT_ENUM && punct(w, i, end, ':'))
		while (look < end && !punct(w, look, end, '{') &&
		       !punct(w, look, end, ';'))
			look++;
	if (tag < end) {
		spec->tag = word(w, tag);
		spec->tag_len = w->t[tag].len;
	}
	if (!punct(w, look, end, '{')) {
		if (tag < end && punct(w, i, end, ';'))
			emit(w, SUBJECT_TAG, kind, false, tag);
		return i;
	}
	if (tag < end)
		emit(w, SUBJECT_TAG, kind, true, tag);
	close = w->t[look].match < end ? w->t[look].match : end;
	if (kind == SUBJECT_ENUM) {
		constants(w, look + 1, close);
	} else {
		for (i = look + 1; i < close; )
			i = declaration(w, i, close, true);
	}
	return close < end ? close + 1 : end;
}

/* Is the identifier at @i the declaration's type? */
static bool names_type(const struct walk *w, uint32_t i, uint32_t end)
{
	uint32_t next = i + 1;

	/* A macro that makes a type: PUBLIC(int) f(void) */
	if (punct(w, next, end, '('))
		next = behind(w, next, end);
	if (punct(w, next, end, '*'))
		return true;
	if (!ident(w, next, end))
		return false;
	/* "f(a) int a;" and "f(a) __must_hold(a)" have none. */
	return next == i + 1 ||
	       (!declare_looks_attribute(word(w, next), w->t[next].len) &&
		!declare_basic_type(word(w, next), w->t[next].len));
}

static void note_storage(struct declare_item *item, const char *at, size_t len)
{
	item->is_static |= subject_word_is(at, len, "static");
	item->is_extern |= subject_word_is(at, len, "extern");
	item->is_inline |= memmem(at, len, "inline", 6) && *at != 'n';
}

static uint32_t specify(struct walk *w, uint32_t i, uint32_t end, bool field,
			struct specifiers *spec)
{
	while (ident(w, i, end) || (i < end && w->t[i].kind == SUBJECT_STRING)) {
		const char *at = word(w, i);
		size_t len = w->t[i].len;

		/* extern "C" */
		if (w->t[i].kind == SUBJECT_STRING) {
			i++;
		} else if (declare_attribute(at, len)) {
			spec->typed |= memmem(at, len, "typeof", 6) != NULL;
			i = pass_attribute(w, i, end);
		} else if (declare_storage(at, len)) {
			spec->is_typedef |= is_word(w, i, "typedef");
			spec->is_extern |= is_word(w, i, "extern");
			if (!field && w->first)
				note_storage(w->item, at, len);
			i++;
		} else if (is_word(w, i, "struct") || is_word(w, i, "union") ||
			   is_word(w, i, "enum")) {
			i = aggregate(w, i, end, spec);
		} else if (declare_basic_type(at, len)) {
			spec->typed = true;
			i++;
		} else if (!spec->typed && punct(w, i + 1, end, '(') &&
			   declare_looks_attribute(at, len) &&
			   ident(w, behind(w, i + 1, end), end)) {
			i = pass_attribute(w, i, end);
		} else if (!spec->typed && names_type(w, i, end)) {
			spec->typed = true;
			i = pass_attribute(w, i, end);
		} else {
			break;
		}
	}
	return i;
}

/* The name in (*name)(...), (*name[3]), (*name(...)), from behind the '('. */
static uint32_t inner_name(const struct walk *w, uint32_t i, uint32_t end,
			   bool *ret_function)
{
	for (; i < end; i++) {
		if (punct(w, i, end, '('))
			continue;
		if (!ident(w, i, end) ||
		    declare_attribute(word(w, i), w->t[i].len) ||
		    declare_storage(word(w, i), w->t[i].len))
			continue;
		*ret_function = punct(w, i + 1, end, '(');
		return i;
	}
	return end;
}

/**
 * struct declarator - one declarator
 * @name: index of its name, or the end's
 * @function: of a function
 */
struct declarator {
	uint32_t name;
	bool function;
};

/* An identifier in a declarator. Return: what comes behind it. */
static uint32_t declarator_name(struct walk *w, uint32_t i, uint32_t end,
				struct declarator *d)
{
	const char *at = word(w, i);
	size_t len = w->t[i].len;
	bool looks = at[0] == '_' && at[1] == '_';

	if (declare_attribute(at, len))
		return pass_attribute(w, i, end);
	if (declare_storage(at, len))
		return i + 1;
	if (punct(w, i + 1, end, '(')) {
		uint32_t after = behind(w, i + 1, end);

		/* Between a name and '=', __x(8) is an attribute. */
		if (!d->function && !(d->name < end && looks &&
				      punct(w, after, end, '='))) {
			d->name = i;
			d->function = true;
		}
		return after;
	}
	if (!d->function && (d->name == end || !looks))
		d->name = i;
	return i + 1;
}

/* One declarator, without its initialiser. Return: behind it. */
static uint32_t declarator(struct walk *w, uint32_t i, uint32_t end,
			   struct declarator *d)
{
	bool function = false;

	*d = (struct declarator){ .name = end };
	while (i < end) {
		if (ident(w, i, end)) {
			i = declarator_name(w, i, end, d);
		} else if (punct(w, i, end, '(')) {
			if (d->name == end) {
				d->name = inner_name(w, i + 1,
						     behind(w, i, end) - 1,
						     &function);
				if (d->name == behind(w, i, end) - 1)
					d->name = end;
				/* (f)(void), but not (*f)(void) */
				d->function = function ||
					(d->name == i + 1 &&
					 punct(w, behind(w, i, end), end, '('));
			}
			i = behind(w, i, end);
		} else if (punct(w, i, end, '*') && !d->function) {
			d->name = end;
			i++;
		} else if (punct(w, i, end, '[')) {
			i = behind(w, i, end);
		} else {
			break;
		}
	}
	return i;
}

/* A declarator's name is told. */
static void declared(struct walk *w, const struct declarator *d, bool field,
		     const struct specifiers *spec, bool valued)
{
	enum subject_kind kind = spec->is_typedef ? SUBJECT_TYPEDEF :
		!d->function ? SUBJECT_VARIABLE :
		w->first && w->function ? SUBJECT_FUNCTION : SUBJECT_PROTOTYPE;

	if (field) {
		emit(w, SUBJECT_FIELD, SUBJECT_STRUCT, true, d->name);
		return;
	}
	if (w->first) {
		w->first = false;
		w->item->kind = kind;
		w->item->name = word(w, d->name);
		w->item->len = w->t[d->name].len;
	}
	emit(w, SUBJECT_ORDINARY, kind,
	     kind == SUBJECT_VARIABLE ? !spec->is_extern || valued :
	     kind != SUBJECT_PROTOTYPE, d->name);
}

/* DECLARE_BITMAP(x, 8), struct_group(x, int a;), in a struct. Behind it, or @i. */
static uint32_t field_macro(struct walk *w, uint32_t i, uint32_t end)
{
	uint32_t close, at = i + 2;
	int argument;

	if (!ident(w, i, end) || !punct(w, i + 1, end, '('))
		return i;
	close = behind(w, i + 1, end);
	declare_macro(word(w, i), w->t[i].len, &argument);
	if (argument < 0 && w->t[i].len >= 12 &&
	    !memcmp(word(w, i), "struct_group", 12))
		argument = w->t[i].len > 12 ? 1 : 0;
	else if (argument < 0)
		return close;
	for (; argument > 0 && at < close; at++)
		argument -= punct(w, at, close, ',');
	if (ident(w, at, close))
		emit(w, SUBJECT_FIELD, SUBJECT_STRUCT, true, at);
	/* Declarations in a group follow its name. */
	if (*word(w, i) == 's')
		for (at += 2; at + 1 < close; )
			at = declaration(w, at, close - 1, true);
	return close;
}

/* Up to a ',' or ';' that is in no bracket, or the end. */
static uint32_t pass_value(const struct walk *w, uint32_t i, uint32_t end)
{
	while (i < end && !punct(w, i, end, ',') && !punct(w, i, end, ';'))
		i = w->t[i].match ? behind(w, i, end) : i + 1;
	return i;
}

/* One declaration up to its ';'. Return: behind it, always more than @i. */
static uint32_t declaration(struct walk *w, uint32_t i, uint32_t end,
			    bool field)
{
	struct specifiers spec = { 0 };
	struct declarator d;
	bool valued;

	i = specify(w, i, end, field, &spec);
	if (field && !spec.typed)
		i = field_macro(w, i, end);
	while (i < end && !punct(w, i, end, ';')) {
		i = declarator(w, i, end, &d);
		valued = punct(w, i, end, '=');
		if (d.name < end)
			declared(w, &d, field, &spec, valued);
		/* A body: there are no declarators behind it. */
		if (punct(w, i, end, '{') && !valued)
			return behind(w, i, end);
		i = pass_value(w, i, end);
		if (punct(w, i, end, ','))
			i++;
	}
	if (!field && w->first && spec.aggregate) {
		w->first = false;
		w->item->kind = spec.kind;
		w->item->name = spec.tag;
		w->item->len = spec.tag_len;
	}
	return i + 1;
}

/* MACRO(...) with nothing but storage before it. Return: its index, or n. */
static uint32_t lone_macro(const struct walk *w)
{
	uint32_t i = 0, after;

	while (ident(w, i, w->n) && declare_storage(word(w, i), w->t[i].len))
		i++;
	if (!ident(w, i, w->n) || !punct(w, i + 1, w->n, '(') ||
	    declare_attribute(word(w, i), w->t[i].len))
		return w->n;
	after = behind(w, i + 1, w->n);
	while (ident(w, after, w->n) &&
	       declare_looks_attribute(word(w, after), w->t[after].len))
		after = pass_attribute(w, after, w->n);
	return after >= w->n || punct(w, after, w->n, ';') ||
	       punct(w, after, w->n, '=') || punct(w, after, w->n, '{') ?
		i : w->n;
}

static bool capitals(const char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (islower((unsigned char)at[i]))
			return false;
	return true;
}

/* What a macro at @i declares. Return: false if it is no macro. */
static bool macro_item(struct walk *w, uint32_t i, bool function)
{
	enum declare_macro what;
	uint32_t at = i + 2, close = behind(w, i + 1, w->n);
	int argument;

	/* f(a) { ... } in the oldest style. */
	if (function && !capitals(word(w, i), w->t[i].len))
		return false;
	what = declare_macro(word(w, i), w->t[i].len, &argument);
	w->item->is_syscall = function && what == DECLARE_SYSCALL;
	w->item->kind = function ? SUBJECT_FUNCTION :
		what == DECLARE_VARIABLE || what == DECLARE_ELSEWHERE ?
		SUBJECT_VARIABLE : SUBJECT_CALL;
	w->item->name = word(w, i);
	w->item->len = w->t[i].len;
	if (function && argument < 0)
		argument = 0;
	for (; argument > 0 && at < close; at++)
		argument -= punct(w, at, close, ',');
	if (argument == 0 && ident(w, at, close)) {
		w->item->name = word(w, at);
		w->item->len = w->t[at].len;
		w->item->is_made = true;
		emit(w, SUBJECT_ORDINARY, w->item->kind,
		     !w->item->is_extern && what != DECLARE_ELSEWHERE, at);
	}
	return true;
}

void declare_item(struct declare_item *ret, const char *text, uint32_t begin,
		  uint32_t head, uint32_t end, bool function,
		  struct subject_names *names)
{
	struct walk w = {
		.text = text,
		.names = names,
		.item = ret,
		.function = function,
	};
	uint32_t i;

	*ret = (struct declare_item){ .kind = SUBJECT_OTHER };
	w.t = declare_tokens(text, begin, function ? head : end, false, &w.n);
	for (i = 0; i < w.n && ident(&w, i, w.n) &&
	     declare_storage(word(&w, i), w.t[i].len); i++)
		note_storage(ret, word(&w, i), w.t[i].len);
	i = lone_macro(&w);
	w.first = true;
	if (i == w.n || !macro_item(&w, i, function)) {
		declaration(&w, 0, w.n, false);
		if (function)
			ret->kind = SUBJECT_FUNCTION;
	}
	free(w.t);
}

/* Is there nothing but names and commas between brackets? */
static bool old_parameters(const struct walk *w, uint32_t i, uint32_t close)
{
	bool name = false;

	for (i++; i < close; i++) {
		if (ident(w, i, close) != !name ||
		    (name && !punct(w, i, close, ',')))
			return false;
		name = !name;
	}
	return name;
}

bool declare_old_style(const char *at, size_t len)
{
	struct walk w = { .text = at };
	uint32_t i, after;
	bool old = false;

	w.t = declare_tokens(at, 0, len, false, &w.n);
	for (i = 0; i + 1 < w.n; i++) {
		if (!ident(&w, i, w.n) || !punct(&w, i + 1, w.n, '('))
			continue;
		after = behind(&w, i + 1, w.n);
		old = old_parameters(&w, i + 1, after - 1) &&
		      (after >= w.n || ident(&w, after, w.n));
		break;
	}
	free(w.t);
	return old;
}
