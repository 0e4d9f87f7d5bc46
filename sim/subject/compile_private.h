/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that compile share; only they include it. */
#ifndef SIM_SUBJECT_COMPILE_PRIVATE_H
#define SIM_SUBJECT_COMPILE_PRIVATE_H

#include "sim/subject/compile.h"

/* A command line; ended by a NULL. */
struct words {
	char **at;
	size_t nr, room;
};

/* Give the memory back. */
void words_free(struct words *w);

/* Flags, ended by a NULL: written down by the build (flags.c.in). */
extern const char *const subject_world_flags[];
extern const char *const subject_gcc_flags[];
extern const char *const subject_clang_flags[];
extern const char *const subject_project_flags[];
/* Folders of the build and of an installation. */
extern const char subject_build_dir[], subject_source_dir[], subject_installed_dir[];

/*
 * Run a command; what it says on either stream is appended to @out.
 * Return: 0, -EINVAL if it failed (@err: its first error), or -errno.
 */
int compile_run(const struct words *command, struct subject_text *out,
		struct subject_error *err);

/*
 * Where in the cache the result belongs; its folder exists then. The name
 * follows from the content of everything that goes into it.
 */
char *compile_cache_path(const char *compiler, const struct words *cc,
			 const struct words *flags, const struct subject_compile *c,
			 struct subject_error *err);

#endif
