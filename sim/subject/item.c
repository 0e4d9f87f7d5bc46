/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an item is and how it is called; all names of a scan; signatures.
 * Stands for nothing in the kernel.
 */
#include "sim/subject/item.h"

#include <stdlib.h>
#include <string.h>

#include "sim/subject/declare.h"
#include "sim/subject/generate.h"
#include "sim/subject/scan_private.h"

void scan_classify(struct scan_state *s, struct subject_item *item,
		   bool function, enum scan_shape shape)
{
	struct declare_item what;

	if (shape == SCAN_LINKAGE) {
		item->kind = SUBJECT_LINKAGE;
		return;
	}
	declare_item(&what, s->scan.source->text, item->begin, item->head,
		     item->end, function, NULL);
	/* A macro that needs neither arguments nor ';'. */
	item->kind = shape == SCAN_NAME ? SUBJECT_CALL : what.kind;
	item->is_static = what.is_static;
	item->is_inline = what.is_inline;
	item->is_extern = what.is_extern;
	item->is_syscall = what.is_syscall;
	item->is_made = what.is_made;
	item->name = scan_keep_name(s, what.name, what.len);
}

static int compare_words(const char *a, size_t a_len, const char *b,
			 size_t b_len)
{
	int r = memcmp(a, b, a_len < b_len ? a_len : b_len);

	if (r)
		return r;
	return a_len < b_len ? -1 : a_len > b_len;
}

static int compare_names(const void *left, const void *right)
{
	const struct subject_name *a = left, *b = right;
	int r;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	r = compare_words(a->name, a->len, b->name, b->len);
	if (r)
		return r;
	/* Both lie in one text, or in those of directives, in its order. */
	if (a->is_macro != b->is_macro)
		return a->is_macro ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

void subject_names_sort(struct subject_names *names)
{
	if (names->nr)
		qsort(names->name, names->nr, sizeof(*names->name),
		      compare_names);
}

void subject_names_of(struct subject_names *ret,
		      const struct subject_scan *scan)
{
	struct subject_names names = { 0 };
	struct declare_item what;
	uint32_t i;

	for (i = 0; i < scan->nr_items; i++) {
		const struct subject_item *item = &scan->item[i];
		size_t from = names.nr;

		if (item->kind == SUBJECT_LINKAGE ||
		    (item->kind == SUBJECT_CALL && !item->is_made))
			continue;
		declare_item(&what, scan->source->text, item->begin, item->head,
			     item->end, item->kind == SUBJECT_FUNCTION, &names);
		for (; from < names.nr; from++)
			names.name[from].at = i;
	}
	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *line = &scan->directive[i];

		if (line->kind != SUBJECT_DEFINE || line->skipped ||
		    !*line->name)
			continue;
		declare_add(&names, (struct subject_name){
			.space = SUBJECT_ORDINARY,
			.kind = SUBJECT_OTHER,
			.is_macro = true,
			.defines = true,
			.at = i,
			.name = line->name,
			.len = strlen(line->name),
		});
	}
	subject_names_sort(&names);
	generate_names(&names, scan);
	*ret = names;
}

const char *subject_names_keep(struct subject_names *names, const char *name,
			       size_t len)
{
	char *kept = subject_must(strndup(name, len));

	names->kept = subject_grow(names->kept, names->nr_kept,
				   &names->kept_room, sizeof(*names->kept));
	return names->kept[names->nr_kept++] = kept;
}

void subject_names_free(struct subject_names *names)
{
	size_t i;

	for (i = 0; i < names->nr_kept; i++)
		free(names->kept[i]);
	free(names->kept);
	free(names->name);
	*names = (struct subject_names){ 0 };
}

static int compare_to(const struct subject_name *name, enum subject_space space,
		      const char *at, size_t len)
{
	if (name->space != space)
		return name->space < space ? -1 : 1;
	return compare_words(name->name, name->len, at, len);
}

const struct subject_name *subject_names_find(const struct subject_names *names,
					      enum subject_space space,
					      const char *name, size_t len)
{
	size_t from = 0, to = names->nr;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (compare_to(&names->name[mid], space, name, len) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	if (from == names->nr ||
	    compare_to(&names->name[from], space, name, len))
		return NULL;
	return &names->name[from];
}

const struct subject_name *subject_names_next(const struct subject_names *names,
					      const struct subject_name *name)
{
	const struct subject_name *next = name + 1;

	if (next == names->name + names->nr ||
	    compare_to(next, name->space, name->name, name->len))
		return NULL;
	return next;
}

size_t subject_names_behind(const struct subject_names *names, size_t from)
{
	const struct subject_name *first = &names->name[from];
	size_t to = from + 1;

	while (to < names->nr && !compare_to(&names->name[to], first->space,
					     first->name, first->len))
		to++;
	return to;
}

const struct subject_item *subject_function(const struct subject_scan *scan,
					    const char *name)
{
	uint32_t i;

	for (i = 0; i < scan->nr_items; i++)
		if (scan->item[i].kind == SUBJECT_FUNCTION &&
		    !strcmp(scan->item[i].name, name))
			return &scan->item[i];
	return NULL;
}

void subject_signature(struct subject_text *ret,
		       const struct subject_scan *scan,
		       const struct subject_item *item)
{
	struct subject_lex lex;
	uint32_t last = 0;
	bool line = false;

	subject_lex_init(&lex, scan->source->text, item->begin, item->head);
	lex.lenient = true;
	while (subject_lex_next(&lex) != SUBJECT_END) {
		bool directive = lex.kind == SUBJECT_HASH_LINE;

		if (subject_only_defines(&lex))
			continue;
		if (directive ? ret->len && !line : line)
			subject_text_puts(ret, "\n");
		else if (last && lex.begin > last)
			subject_text_puts(ret, " ");
		subject_text_add(ret, lex.text + lex.begin,
				 lex.end - lex.begin);
		line = directive;
		last = lex.end;
	}
}
