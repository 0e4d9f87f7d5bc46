/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mask slicing: the user's text, with its lines, as a unit that compiles
 * alone. Stands for nothing in the kernel.
 */
#include "sim/subject/slice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/subject/lex.h"
#include "sim/subject/mask.h"

/* Does the simulator have the header of this #include? */
static bool included(const struct subject_slice_options *options,
		     const struct subject_line *line)
{
	if (!options->has_header)
		return true;
	/* #include MACRO(x): nobody knows what that is. */
	return *line->name &&
	       options->has_header(options->ctx, line->name, line->quoted);
}

void subject_mask(struct subject_text *ret,
		  const struct subject_closure *closure,
		  const struct subject_slice_options *options)
{
	const struct subject_scan *scan = closure->scan;
	char *map = mask_items(closure);
	uint32_t i;

	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *line = &scan->directive[i];

		mask_set(map, line->begin, line->end,
			 line->kind == SUBJECT_INCLUDE &&
			 !included(options, line) ? SUBJECT_BLANK :
			 SUBJECT_KEEP);
	}
	mask_apply(ret, scan->source, map);
	free(map);
}

static void note_includes(struct subject_slice *slice,
			  const struct subject_scan *scan,
			  const struct subject_slice_options *options)
{
	size_t room = 0, line_room = 0;
	uint32_t i;

	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *line = &scan->directive[i];
		struct subject_text name = { 0 };

		if (line->kind != SUBJECT_INCLUDE || included(options, line))
			continue;
		if (*line->name)
			subject_text_printf(&name, line->quoted ? "\"%s\"" :
					    "<%s>", line->name);
		else
			subject_text_add(&name,
					 scan->source->text + line->begin,
					 line->end - line->begin);
		slice->include = subject_grow(slice->include,
					      slice->nr_includes, &room,
					      sizeof(*slice->include));
		slice->include_line = subject_grow(slice->include_line,
						   slice->nr_includes,
						   &line_room,
						   sizeof(uint32_t));
		slice->include[slice->nr_includes] = name.at;
		slice->include_line[slice->nr_includes++] = line->line;
	}
}

/* Can &name be said of what the item defines, and is the item there at all? */
static bool reachable(const struct subject_scan *scan,
		      const struct subject_item *item, bool named)
{
	const char *text = scan->source->text + item->begin;

	if (item->depth && !named)
		return false;
	if (item->kind == SUBJECT_FUNCTION)
		return !item->is_made && (item->is_static || !item->is_inline);
	return strncmp(text, "register", strlen("register"));
}

/* Return: whether it is exported; it is not if another of its name is. */
static bool add_part(struct subject_slice *slice, size_t *room,
		     const struct subject_closure *closure,
		     const struct subject_name *name, bool other)
{
	const struct subject_item *item = &closure->scan->item[name->at];
	bool named = closure->item[name->at] == SUBJECT_NAMED;

	slice->part = subject_grow(slice->part, slice->nr_parts, room,
				   sizeof(*slice->part));
	slice->part[slice->nr_parts] = (struct subject_part){
		.name = subject_must(strndup(name->name, name->len)),
		.line = item->line,
		.end_line = item->end_line,
		.is_function = item->kind == SUBJECT_FUNCTION,
		.is_static = item->is_static,
		.named = named,
		.exported = !other && reachable(closure->scan, item, named),
	};
	return slice->part[slice->nr_parts++].exported;
}

static int by_line(const void *left, const void *right)
{
	const struct subject_part *a = left, *b = right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Is it a function or a variable that is defined in the slice? */
static bool is_part(const struct subject_closure *closure,
		    const struct subject_name *name)
{
	return !name->is_macro && !name->is_generated && name->defines &&
	       name->space == SUBJECT_ORDINARY &&
	       (name->kind == SUBJECT_FUNCTION ||
		name->kind == SUBJECT_VARIABLE) &&
	       closure->item[name->at] >= SUBJECT_NEEDED;
}

static void note_parts(struct subject_slice *slice,
		       const struct subject_closure *closure)
{
	const struct subject_names *names = &closure->names;
	size_t room = 0, i, to;
	bool exported;

	for (i = 0; i < names->nr; ) {
		to = subject_names_behind(names, i);
		for (exported = false; i < to; i++)
			if (is_part(closure, &names->name[i]))
				exported |= add_part(slice, &room, closure,
						     &names->name[i], exported);
	}
	if (slice->nr_parts)
		qsort(slice->part, slice->nr_parts, sizeof(*slice->part),
		      by_line);
}

/* A function may be there twice, in two branches of a conditional. */
static void note_cuts(struct subject_slice *slice,
		      const struct subject_closure *closure)
{
	const struct subject_names *names = &closure->names;
	size_t room = 0, i, to;

	for (i = 0; i < names->nr; i = to) {
		to = subject_names_behind(names, i);
		for (; i < to; i++)
			if (!names->name[i].is_macro &&
			    names->name[i].kind == SUBJECT_FUNCTION &&
			    closure->item[names->name[i].at] == SUBJECT_CUT)
				break;
		if (i == to)
			continue;
		slice->cut = subject_grow(slice->cut, slice->nr_cuts, &room,
					  sizeof(*slice->cut));
		slice->cut[slice->nr_cuts++] =
			subject_must(strndup(names->name[i].name,
					     names->name[i].len));
	}
}

/* Where the source was cut off within something that was chosen. */
static void note_truncated(struct subject_slice *slice,
			   const struct subject_closure *closure)
{
	const struct subject_scan *scan = closure->scan;
	size_t room = 0;
	uint32_t i, n;

	for (n = 0; n < scan->source->nr_cuts; n++) {
		const struct subject_cut *cut = &scan->source->cut[n];

		for (i = 0; i < scan->nr_items; i++) {
			if (closure->item[i] < SUBJECT_NEEDED ||
			    cut->line < scan->item[i].line ||
			    cut->line > scan->item[i].end_line)
				continue;
			slice->truncated = subject_grow(slice->truncated,
							slice->nr_truncated,
							&room, sizeof(*cut));
			slice->truncated[slice->nr_truncated++] = *cut;
			break;
		}
	}
}

static void add_exports(struct subject_slice *slice)
{
	struct subject_text *t = &slice->text;
	uint32_t i;

	if (t->at[t->len - 1] != '\n')
		subject_text_puts(t, "\n");
	subject_text_puts(t, "#line 1 \"" SUBJECT_EXPORTS_PATH "\"\n"
			  "struct pinsim_export {\n"
			  "\tconst char *name;\n"
			  "\tvoid *addr;\n"
			  "\tunsigned long size;\n"
			  "};\n"
			  "extern const struct pinsim_export "
			  SUBJECT_EXPORTS "[];\n"
			  "const struct pinsim_export "
			  SUBJECT_EXPORTS "[] = {\n");
	for (i = 0; i < slice->nr_parts; i++) {
		const struct subject_part *part = &slice->part[i];

		if (!part->exported)
			continue;
		if (part->is_function)
			subject_text_printf(t, "\t{ \"%s\", (void *)%s, 0 },\n",
					    part->name, part->name);
		else
			subject_text_printf(t,
				"\t{ \"%s\", (void *)&%s, sizeof(%s) },\n",
				part->name, part->name, part->name);
	}
	subject_text_puts(t, "\t{ 0, 0, 0 },\n};\n");
}

static uint32_t count_lines(const struct subject_text *t)
{
	uint32_t lines = 0;
	size_t i;

	for (i = 0; i < t->len; i++)
		lines += t->at[i] == '\n';
	return lines;
}

/*
 * The line of the first function or prototype, or of the outermost conditional
 * that it is in. 0: there is none.
 */
static uint32_t first_function(const struct subject_closure *closure)
{
	const struct subject_scan *scan = closure->scan;
	uint32_t i, at, depth = 0, line = 0;

	for (i = 0; i < scan->nr_items; i++)
		if (closure->item[i] >= SUBJECT_NEEDED &&
		    (scan->item[i].kind == SUBJECT_FUNCTION ||
		     scan->item[i].kind == SUBJECT_PROTOTYPE))
			break;
	if (i == scan->nr_items)
		return 0;
	at = scan->item[i].begin;
	for (i = 0; i < scan->nr_directives; i++) {
		const struct subject_line *d = &scan->directive[i];

		if (d->begin > at)
			break;
		if (d->kind == SUBJECT_IF && !depth++)
			line = d->line;
		else if (d->kind == SUBJECT_ENDIF)
			depth--;
	}
	return depth ? line : subject_source_line(scan->source, at);
}

static bool defines_function(const struct subject_closure *closure,
			     const struct subject_name *name)
{
	return name->kind == SUBJECT_FUNCTION && name->defines &&
	       !name->is_generated &&
	       closure->item[name->at] >= SUBJECT_NEEDED;
}

/*
 * An #undef for each function, but for those of which the file itself has a
 * macro: that is meant.
 */
static void add_undefs(struct subject_text *t,
		       const struct subject_closure *closure)
{
	const struct subject_names *names = &closure->names;
	size_t i, to;

	for (i = 0; i < names->nr; i = to) {
		const struct subject_name *name = &names->name[i];

		to = subject_names_behind(names, i);
		/* Macros come first among those of one name. */
		if (name->is_macro || name->space != SUBJECT_ORDINARY)
			continue;
		for (; i < to; i++)
			if (defines_function(closure, &names->name[i]))
				break;
		if (i < to)
			subject_text_printf(t, "#undef %.*s\n",
					    (int)name->len, name->name);
	}
}

static void add_line(struct subject_text *t, uint32_t line, const char *path)
{
	subject_text_printf(t, "#line %u ", line);
	subject_text_quote(t, path);
	subject_text_puts(t, "\n");
}

/* The masked text, with the #undefs in it. */
static void add_masked(struct subject_slice *slice,
		       const struct subject_closure *closure,
		       const struct subject_slice_options *options)
{
	uint32_t line = first_function(closure), n = 1;
	struct subject_text masked = { 0 };
	const char *at;

	subject_text_puts(&masked, "");
	subject_mask(&masked, closure, options);
	at = masked.at;
	if (line) {
		for (; n < line; n++)
			at = strchr(at, '\n') + 1;
		subject_text_add(&slice->text, masked.at, at - masked.at);
		add_undefs(&slice->text, closure);
		add_line(&slice->text, line, slice->path);
	}
	subject_text_puts(&slice->text, at);
	subject_text_free(&masked);
}

void subject_slice(struct subject_slice *ret,
		   const struct subject_closure *closure,
		   const struct subject_slice_options *options)
{
	const struct subject_source *source = closure->scan->source;
	struct subject_slice slice = {
		.path = subject_must(strdup(source->path)),
	};

	if (options->prologue)
		subject_text_printf(&slice.text, "#include <%s>\n",
				    options->prologue);
	if (options->before)
		subject_text_puts(&slice.text, options->before);
	add_line(&slice.text, 1, source->path);
	slice.first_line = count_lines(&slice.text);
	note_includes(&slice, closure->scan, options);
	note_parts(&slice, closure);
	note_cuts(&slice, closure);
	note_truncated(&slice, closure);
	add_masked(&slice, closure, options);
	add_exports(&slice);
	*ret = slice;
}

void subject_slice_free(struct subject_slice *slice)
{
	uint32_t i;

	for (i = 0; i < slice->nr_parts; i++)
		free(slice->part[i].name);
	for (i = 0; i < slice->nr_includes; i++)
		free(slice->include[i]);
	for (i = 0; i < slice->nr_cuts; i++)
		free(slice->cut[i]);
	free(slice->path);
	free(slice->part);
	free(slice->include);
	free(slice->include_line);
	free(slice->cut);
	free(slice->truncated);
	subject_text_free(&slice->text);
	*slice = (struct subject_slice){ 0 };
}

bool subject_dirs_have(void *ctx, const char *name, bool quoted)
{
	const struct subject_dirs *dirs = ctx;
	uint32_t i;

	for (i = 0; i < dirs->nr; i++) {
		struct subject_text path = { 0 };
		bool there;

		subject_text_printf(&path, "%s/%s", dirs->dir[i], name);
		there = !access(path.at, R_OK);
		subject_text_free(&path);
		if (there)
			return true;
	}
	return false;
}
