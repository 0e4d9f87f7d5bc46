/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What patches on a tree add: see additions.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/subject/additions.h"
#include "sim/subject/cache.h"
#include "sim/subject/lex.h"
#include "sim/subject/slice.h"

/*
 * Structs that have room for other people's fields, and the header of the
 * simulator's that has them.
 */
static const struct {
	const char *tag, *header;
} roomy[] = {
	{ "kvm", "linux/kvm_host.h" },
	{ "kvm_memory_slot", "linux/kvm_host.h" },
	{ "kvm_arch", "asm/kvm_host.h" },
	{ "kvm_arch_memory_slot", "asm/kvm_host.h" },
	{ "kvm_vcpu_arch", "asm/kvm_host.h" },
	{ "kvm_x86_ops", "asm/kvm_host.h" },
	{ "kvm_sev_info", "svm/svm.h" },
};

#define NR_ROOMY	(sizeof(roomy) / sizeof(roomy[0]))

/**
 * struct version - a file as it was, or as it is
 * @source: its text
 * @scan: of @source
 * @names: of @scan
 */
struct version {
	struct subject_source source;
	struct subject_scan scan;
	struct subject_names names;
};

static void version_free(struct version *v)
{
	subject_names_free(&v->names);
	subject_scan_free(&v->scan);
	subject_source_free(&v->source);
}

/* Scan a source, which becomes @v's. */
static int version_of(struct version *v, struct subject_source *source,
		      struct subject_error *err)
{
	int r;

	memset(v, 0, sizeof(*v));
	v->source = *source;
	r = subject_scan(&v->scan, &v->source, err);
	if (r)
		subject_source_free(&v->source);
	else
		subject_names_of(&v->names, &v->scan);
	return r;
}

/* ---- fields ---- */

/* Declarations one a line, without conditionals, as one line. */
static void on_one_line(struct subject_text *ret, const char *text)
{
	const char *line;
	size_t len, i;

	for (line = text; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		if (line[strspn(line, " \t")] == '#')
			continue;
		subject_text_puts(ret, " ");
		for (i = 0; i < len; i++)
			subject_text_add(ret, line[i] == '\t' ? " " : line + i, 1);
	}
}

bool subject_fields_lacking(struct subject_text *ret, const char *tag, const char *decls,
			    const char *dir)
{
	struct subject_text new = { NULL, 0, 0 };
	struct subject_source source;
	struct subject_error err;
	struct version ours, theirs;
	char *path = NULL, *text;
	size_t i;
	bool bad;

	for (i = 0; i < NR_ROOMY && !path; i++)
		if (!strcmp(roomy[i].tag, tag))
			path = subject_format("%s/%s", dir, roomy[i].header);
	if (!path)
		return false;
	bad = subject_source_read(&source, path, &err) || version_of(&ours, &source, &err);
	free(path);
	if (bad)
		return false;
	text = subject_format("struct %s {\n%s\n};\n", tag, decls);
	bad = subject_source_from(&source, "fields", text, strlen(text), &err) ||
	      version_of(&theirs, &source, &err);
	free(text);
	if (!bad) {
		bad = subject_fields_added(&new, &theirs.scan, &ours.scan, tag, &err) < 0;
		version_free(&theirs);
	}
	version_free(&ours);
	if (new.len)
		on_one_line(ret, new.at);
	subject_text_free(&new);
	return !bad;
}

static bool defines_struct(const struct version *v, const char *tag)
{
	const struct subject_name *n = subject_names_find(&v->names, SUBJECT_TAG, tag,
							  strlen(tag));

	for (; n; n = subject_names_next(&v->names, n))
		if (n->defines && n->kind != SUBJECT_ENUM)
			return true;
	return false;
}

/* Every struct that both versions have. */
static int find_fields(struct subject_additions *ret, const struct version *was,
		       const struct version *is, struct subject_error *err)
{
	const struct subject_item *item;
	struct subject_text text = { NULL, 0, 0 };
	uint32_t i;
	int nr = 0;

	for (i = 0; i < is->scan.nr_items && nr >= 0; i++) {
		item = &is->scan.item[i];
		if (item->kind != SUBJECT_STRUCT || !*item->name ||
		    ret->nr_fields == SUBJECT_ADDED_MAX || !defines_struct(is, item->name) ||
		    !defines_struct(was, item->name))
			continue;
		nr = subject_fields_added(&text, &is->scan, &was->scan, item->name, err);
		if (nr > 0) {
			struct subject_added_fields *f = &ret->fields[ret->nr_fields++];

			f->tag = subject_must(strdup(item->name));
			f->text = text;
			memset(&text, 0, sizeof(text));
		}
	}
	subject_text_free(&text);
	return nr < 0 ? nr : 0;
}

/* ---- tables of hooks ---- */

/* Does an item's head say that it is a table of KVM's hooks? */
static bool is_table(const struct version *v, const struct subject_item *item)
{
	const char *tag = "struct kvm_x86_ops";
	const char *at = v->source.text + item->begin;

	return item->kind == SUBJECT_VARIABLE && item->head < item->end &&
	       v->source.text[item->head] == '=' &&
	       memmem(at, item->head - item->begin, tag, strlen(tag));
}

/* Is there ".member = function" in a table of the other version? */
static bool has_entry(const struct version *v, const char *entry)
{
	const char *at = v->source.text;
	size_t len = strlen(entry);

	while ((at = strstr(at, entry))) {
		if (!isalnum((unsigned char)at[len]) && at[len] != '_')
			return true;
		at += len;
	}
	return false;
}

static void add_hook(struct subject_additions *ret, const struct version *was,
		     const char *member, size_t member_len, const char *function,
		     size_t function_len)
{
	char *entry = subject_format(".%.*s = %.*s", (int)member_len, member,
				     (int)function_len, function);

	if (!has_entry(was, entry) && ret->nr_hooks < SUBJECT_ADDED_MAX)
		ret->hook[ret->nr_hooks++] =
			subject_format("%.*s=%.*s", (int)member_len, member,
				       (int)function_len, function);
	free(entry);
}

/* Entries ".member = function" of a table. */
static void find_entries(struct subject_additions *ret, const struct version *was,
			 const struct version *is, const struct subject_item *item)
{
	uint32_t at[4] = { 0 }, end[4] = { 0 };
	struct subject_lex lex;
	unsigned int nr = 0;

	subject_lex_init(&lex, is->source.text, item->head, item->end);
	lex.lenient = true;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		bool fits = nr == 0 ? lex.c == '.' : nr == 2 ? lex.c == '=' :
			    lex.kind == SUBJECT_IDENT;

		if (lex.kind == SUBJECT_HASH_LINE)
			continue;
		if (!fits) {
			nr = 0;
			continue;
		}
		at[nr] = lex.begin;
		end[nr++] = lex.end;
		if (nr < 4)
			continue;
		add_hook(ret, was, lex.text + at[1], end[1] - at[1], lex.text + at[3],
			 end[3] - at[3]);
		nr = 0;
	}
}

static void find_hooks(struct subject_additions *ret, const struct version *was,
		       const struct version *is)
{
	uint32_t i;

	for (i = 0; i < is->scan.nr_items; i++)
		if (is_table(is, &is->scan.item[i]))
			find_entries(ret, was, is, &is->scan.item[i]);
}

/* ---- what is new in headers ---- */

/**
 * struct taking - new things of a header being taken
 * @was: the header before
 * @is: and now
 * @reach: all that is taken so far, and what is cut out
 * @item: is this item of @is taken?
 * @macro: likewise of its directives
 */
struct taking {
	const struct version *was, *is;
	struct subject_text *reach;
	enum subject_choice *item;
	bool *macro;
};

static bool is_word(const struct subject_text *text, const char *word, size_t len)
{
	const char *at = text->at, *end = text->at + text->len;

	while (at && (at = memmem(at, end - at, word, len))) {
		bool begins = at == text->at || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');

		if (begins && (at + len == end ||
			       !(isalnum((unsigned char)at[len]) || at[len] == '_')))
			return true;
		at += len;
	}
	return false;
}

static void reach(struct taking *t, uint32_t begin, uint32_t end)
{
	subject_text_add(t->reach, t->is->source.text + begin, end - begin);
	subject_text_puts(t->reach, "\n");
}

/* Take what a name stands for. Return: is that news? */
static bool take(struct taking *t, const struct subject_name *n)
{
	const struct subject_scan *scan = &t->is->scan;

	if (n->is_macro) {
		const struct subject_line *line = &scan->directive[n->at];

		if (t->macro[n->at])
			return false;
		t->macro[n->at] = true;
		reach(t, line->body, line->end);
	} else {
		const struct subject_item *item = &scan->item[n->at];
		enum subject_space space = item->kind == SUBJECT_STRUCT ||
			item->kind == SUBJECT_UNION || item->kind == SUBJECT_ENUM ?
			SUBJECT_TAG : SUBJECT_ORDINARY;

		/* An old item with a new part would be there twice. */
		if (t->item[n->at] != SUBJECT_UNCHOSEN || n->is_generated ||
		    (*item->name && subject_names_find(&t->was->names, space, item->name,
						       strlen(item->name))))
			return false;
		t->item[n->at] = SUBJECT_NAMED;
		reach(t, item->begin, item->end);
	}
	return true;
}

static bool take_more(struct taking *t)
{
	const struct subject_names *names = &t->is->names;
	bool more = false;
	size_t i;

	for (i = 0; i < names->nr; i++) {
		const struct subject_name *n = &names->name[i];

		if (n->space != SUBJECT_FIELD && is_word(t->reach, n->name, n->len) &&
		    !subject_names_find(&t->was->names, n->space, n->name, n->len))
			more |= take(t, n);
	}
	return more;
}

/* Types and macros, or all else, of what was taken. */
static void put(struct subject_text *ret, const struct taking *t, bool types)
{
	const struct subject_scan *scan = &t->is->scan;
	struct subject_closure closure = { .scan = scan };
	bool any = false;
	uint32_t i;

	closure.names = t->is->names;
	closure.item = subject_must(calloc(scan->nr_items + 1, sizeof(*closure.item)));
	closure.macro = subject_must(calloc(scan->nr_directives + 1, sizeof(*closure.macro)));
	for (i = 0; i < scan->nr_items; i++) {
		enum subject_kind kind = scan->item[i].kind;
		bool is_type = kind == SUBJECT_STRUCT || kind == SUBJECT_UNION ||
			       kind == SUBJECT_ENUM || kind == SUBJECT_TYPEDEF;

		if (t->item[i] == SUBJECT_UNCHOSEN || is_type != types)
			continue;
		closure.item[i] = t->item[i];
		any = true;
	}
	for (i = 0; i < scan->nr_directives && types; i++) {
		closure.macro[i] = t->macro[i];
		any |= t->macro[i];
	}
	if (any)
		subject_header_slice(ret, &closure);
	free(closure.item);
	free(closure.macro);
}

/* @ret: NULL: only see what is reached. */
static void find_new(struct subject_additions *ret, const struct version *was,
		     const struct version *is, struct subject_text *reach)
{
	struct taking t = { .was = was, .is = is, .reach = reach };

	t.item = subject_must(calloc(is->scan.nr_items + 1, sizeof(*t.item)));
	t.macro = subject_must(calloc(is->scan.nr_directives + 1, sizeof(*t.macro)));
	while (take_more(&t))
		;
	if (ret) {
		put(&ret->types, &t, true);
		put(&ret->rest, &t, false);
	}
	free(t.item);
	free(t.macro);
}

/* ---- all files ---- */

static bool ends_in(const char *path, const char *end)
{
	size_t len = strlen(path), n = strlen(end);

	return len > n && !strcmp(path + len - n, end);
}

/* What is looked for: headers may need what others have that come later. */
enum pass { MEMBERS, REACH, NEW, NR_PASSES };

static int compare(struct subject_additions *ret, enum pass pass, const char *path,
		   const struct version *was, const struct version *is,
		   struct subject_text *reach, struct subject_error *err)
{
	unsigned int i, nr = ret->nr_fields;
	int r = 0;

	if (!ends_in(path, ".h")) {
		if (pass == MEMBERS)
			find_hooks(ret, was, is);
		return 0;
	}
	if (pass != MEMBERS) {
		find_new(pass == NEW ? ret : NULL, was, is, reach);
		return 0;
	}
	r = find_fields(ret, was, is, err);
	for (i = nr; i < ret->nr_fields; i++)
		subject_text_puts(reach, ret->fields[i].text.at);
	return r;
}

static int read_and_compare(struct subject_additions *ret, enum pass pass,
			    struct subject_tree *tree, const char *path,
			    struct subject_text *reach, struct subject_error *err)
{
	struct subject_source source;
	struct version was, is;
	int r;

	if (subject_tree_read(&source, tree, path, err))
		return 0;	/* the patches remove it */
	free(source.path);
	source.path = subject_must(strdup(path));
	r = version_of(&is, &source, err);
	if (r)
		return r;
	r = subject_tree_read_before(&source, tree, path, err);
	if (!r)
		r = version_of(&was, &source, err);
	if (!r) {
		r = compare(ret, pass, path, &was, &is, reach, err);
		version_free(&was);
	}
	version_free(&is);
	return r;
}

static void add_reach(struct subject_text *ret, const struct subject_closure *closure)
{
	const struct subject_scan *scan = closure->scan;
	uint32_t i;

	for (i = 0; i < scan->nr_items; i++)
		if (closure->item[i] != SUBJECT_UNCHOSEN)
			subject_text_add(ret, scan->source->text + scan->item[i].begin,
					 scan->item[i].end - scan->item[i].begin);
	for (i = 0; i < scan->nr_directives; i++)
		if (closure->macro[i])
			subject_text_add(ret, scan->source->text + scan->directive[i].begin,
					 scan->directive[i].end - scan->directive[i].begin);
}

int subject_additions_find(struct subject_additions *ret, struct subject_tree *tree,
			   const struct subject_closure *closure, struct subject_error *err)
{
	struct subject_text reach = { NULL, 0, 0 };
	enum pass pass;
	size_t i;
	int r = 0;

	memset(ret, 0, sizeof(*ret));
	add_reach(&reach, closure);
	for (pass = MEMBERS; pass < NR_PASSES; pass++) {
		for (i = 0; i < tree->nr_changed && !r; i++) {
			const char *path = tree->changed[i];

			if (ends_in(path, ".h") || ends_in(path, ".c"))
				r = read_and_compare(ret, pass, tree, path, &reach, err);
		}
	}
	subject_text_free(&reach);
	return r;
}

void subject_additions_free(struct subject_additions *a)
{
	while (a->nr_fields) {
		struct subject_added_fields *f = &a->fields[--a->nr_fields];

		free(f->tag);
		subject_text_free(&f->text);
	}
	while (a->nr_hooks)
		free(a->hook[--a->nr_hooks]);
	subject_text_free(&a->types);
	subject_text_free(&a->rest);
}
