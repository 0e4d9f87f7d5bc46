/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mask slicing: a C translation unit that is the user's own text with all that
 * was not chosen blanked, line by line.
 *
 *   #include <the prologue>
 *   #line 1 "<the user's path>"
 *   the text: chosen items as they are; of a cut function its prototype, where
 *	it stood; every directive, but for #includes of headers that the
 *	simulator does not have; newlines. Before the first function, an #undef
 *	for each of them, and a #line behind those: a header of the simulator's
 *	may have a macro of that name, so as to know who calls
 *   #line 1 "<exports>"
 *   the export table: what a debugger, a hook or a scenario reaches by name,
 *	although it is static
 *
 * Lines in warnings, in gdb and in reports are therefore the user's.
 */
#ifndef SIM_SUBJECT_SLICE_H
#define SIM_SUBJECT_SLICE_H

#include "sim/subject/closure.h"

/* The path that #line gives to what is no line of the user's. */
#define SUBJECT_EXPORTS_PATH	"pinsim-exports"
/* The table: struct pinsim_export { const char *name; void *addr; unsigned long size; } */
#define SUBJECT_EXPORTS	"pinsim_exports"

/**
 * struct subject_slice_options - how to slice
 * @prologue: the name between <> of the first #include, or NULL for none
 * @before: text between that and the user's: header slices, say; or NULL
 * @has_header: is there such a header? NULL: all are
 * @ctx: for @has_header
 */
struct subject_slice_options {
	const char *prologue;
	const char *before;
	bool (*has_header)(void *ctx, const char *name, bool quoted);
	void *ctx;
};

/**
 * struct subject_part - a function or a variable in a slice
 * @name: what it is exported as, if it is
 * @line: its first line in the user's file
 * @end_line: its last
 * @is_function: or a variable of the file
 * @is_static: it was reachable from its file only
 * @named: the user asked for it; else something chosen needs it
 * @exported: it is in the table; what stands in a conditional is so only if
 *	the user named it: it may not be there
 */
struct subject_part {
	char *name;
	uint32_t line, end_line;
	bool is_function, is_static, named, exported;
};

/**
 * struct subject_slice - one translation unit
 * @path: the user's
 * @text: to be compiled
 * @first_line: lines of @text before the user's line 1
 * @part: functions and variables, by line
 * @nr_parts: how many
 * @include: names of blanked #includes as they were written, <> or "" included
 * @include_line: where each was
 * @nr_includes: how many
 * @cut: names of functions of which only the prototype remains, sorted
 * @nr_cuts: how many
 * @truncated: cuts of the source, as in struct subject_source, that lie in a
 *	part of the slice
 * @nr_truncated: how many
 */
struct subject_slice {
	char *path;
	struct subject_text text;
	uint32_t first_line;
	struct subject_part *part;
	uint32_t nr_parts;
	char **include;
	uint32_t *include_line;
	uint32_t nr_includes;
	char **cut;
	uint32_t nr_cuts;
	struct subject_cut *truncated;
	uint32_t nr_truncated;
};

/* Make the translation unit of what @closure chose. */
void subject_slice(struct subject_slice *ret,
		   const struct subject_closure *closure,
		   const struct subject_slice_options *options);
/* Give the memory back. */
void subject_slice_free(struct subject_slice *slice);

/**
 * struct subject_dirs - for has_header of the options
 * @dir: folders that are searched for headers
 * @nr: how many
 */
struct subject_dirs {
	const char *const *dir;
	uint32_t nr;
};

/* Is there a file of that name in a folder of @ctx, a struct subject_dirs? */
bool subject_dirs_have(void *ctx, const char *name, bool quoted);

/*
 * The user's text alone, masked: chosen items, cut prototypes and directives.
 * As many lines as the source has. The middle of subject_slice().
 */
void subject_mask(struct subject_text *ret,
		  const struct subject_closure *closure,
		  const struct subject_slice_options *options);

/**
 * subject_header_slice() - chosen parts of a header, to stand before a slice.
 * @ret: appended to: "#line 1 path", then the masked text. The include guard,
 *	all #includes and all macros that nothing chosen uses are blanked;
 *	conditionals remain. Items stand in the header's order, in which each
 *	comes after what it needs
 * @closure: of the header, with wanted.tags
 */
void subject_header_slice(struct subject_text *ret,
			  const struct subject_closure *closure);

/**
 * subject_fields_added() - the fields of a struct that another version lacks.
 * @ret: appended to: their declarations, one a line, as they are written in
 *	@with; nothing if there are none
 * @with: a header (or source) that defines the struct, patched
 * @without: one that defines it as the simulator has it
 * @tag: of the struct
 * @err: which of the two has no such struct
 *
 * Return: how many fields were added, or -EINVAL with @err.
 */
int subject_fields_added(struct subject_text *ret,
			 const struct subject_scan *with,
			 const struct subject_scan *without, const char *tag,
			 struct subject_error *err);

#endif
