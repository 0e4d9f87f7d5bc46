/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subjects: the user's own C in the place of a built-in design.  A subject is
 * made from a text (cut out, put behind the prologue, with its hooks glued on,
 * compiled), and then loaded; from then on the rest of the house knows it as a
 * design by its name, "stem@hash": a replay line that carries it belongs to
 * this source and no other.
 */
#ifndef SIM_SUBJECT_SUBJECT_H
#define SIM_SUBJECT_SUBJECT_H

#include <stdio.h>

#include "sim/subject/glue.h"
#include "sim/subject/slice.h"

#define SUBJECT_KERNEL_DEFAULT	"6.12"

/**
 * struct subject_request - what to make
 * @source: the text, with its cuts if it is from a mail
 * @wanted: which functions of it, which not
 * @before: text before it: header slices; or NULL
 * @hooks: "hook=function" each
 * @nr_hooks: how many
 * @nr_own_hooks: so many of them are the user's own: those have to be right
 * @kernel: "5.17", "6.1" or "6.12"; NULL: the default
 * @kver: version whose signatures the text was written for, as PINSIM_KVER; 0:
 *	@kernel's
 * @cc: compiler; NULL: the usual
 * @name: what the design is called; NULL: the source's file name
 * @near: folder of #include "name"; or NULL
 */
struct subject_request {
	const struct subject_source *source;
	struct subject_wanted wanted;
	const char *before;
	const char *const *hooks;
	uint32_t nr_hooks, nr_own_hooks;
	const char *kernel, *cc, *name, *near;
	unsigned int kver;
};

/**
 * struct subject_made - a compiled subject, and how it came about
 * @design: its name as a design
 * @object: the file to load, in the cache
 * @cached: nothing was compiled
 * @log: what the compiler said
 * @slice: what was taken
 * @hooks: what fills them
 * @stubs: of functions that were cut and that nobody else has
 * @notes: what is odd, a line each
 */
struct subject_made {
	char *design, *object;
	bool cached;
	struct subject_text log, stubs, notes;
	struct subject_slice slice;
	struct subject_hooks hooks;
};

/**
 * subject_make() - from a text to a compiled object.
 * @r: what
 * @ret: to be freed, also after a failure: then @log may say more
 * @err: one line
 *
 * Return: 0, -EINVAL for what is the user's to mend, or another negative errno.
 */
int subject_make(const struct subject_request *r, struct subject_made *ret,
		 struct subject_error *err);
/* Give the memory back. */
void subject_made_free(struct subject_made *made);

/**
 * struct subject_cut_off - a truncation of a loaded subject's source
 * @line: what follows it was not tested
 * @braces: that were closed there
 */
struct subject_info {
	char design[128];	/* "my@0123456789ab" */
	char path[512];		/* the user's file */
	char kernel[16];	/* "6.12" */
	char object[4096];	/* the file it was loaded from */
	uint64_t base;		/* and where that is, for a debugger */
	uint32_t nr_cuts;
	uint32_t cut[8];	/* lines; what follows each was not tested */
};

/**
 * subject_open() - make a design of an object.
 * @path: a file of subject_make()'s
 * @err: one line
 *
 * Lives until the program ends; opening the same one twice gives the same, and loads it once.
 * Context: host, before a world is built.
 * Return: what it is, or NULL with @err.
 */
const struct subject_info *subject_open(const char *path, struct subject_error *err);

/**
 * subject_design() - what --design FILE means.
 * @text: has a '/', or ends in .so or .c: see subject_is_file()
 * @kernel: the profile that it will be run with, or NULL
 * @err: one line
 *
 * A .c file is made first, whole; anything else has to be an object.
 * Return: what it is, or NULL with @err.
 */
const struct subject_info *subject_design(const char *text, const char *kernel,
					  struct subject_error *err);
bool subject_is_file(const char *text);

/* Is this name that of a loaded subject? NULL: no. */
const struct subject_info *subject_of(const char *design);

/* What of a design was not tested: a line each behind @lead; nothing of a whole one. */
void subject_print_cuts(const char *design, const char *lead, FILE *out);

#endif
