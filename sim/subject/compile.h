/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiling a subject: the user's own compiler, the world side's flags, and a
 * cache by content, so that the same text is compiled once.
 */
#ifndef SIM_SUBJECT_COMPILE_H
#define SIM_SUBJECT_COMPILE_H

#include "sim/subject/source.h"

/**
 * struct subject_compile - what to compile, and how
 * @text: one translation unit
 * @cc: the compiler, words; NULL: $CC, else gcc, else clang
 * @kver: the kernel's version as PINSIM_KVER: 517, 601, 612
 * @near: folder for #include "name" that is no header of the simulator's; or NULL
 */
struct subject_compile {
	const struct subject_text *text;
	const char *cc;
	unsigned int kver;
	const char *near;
};

/**
 * struct subject_compiled - what came of it
 * @path: the object, in the cache
 * @log: what the compiler said; empty for what was in the cache
 * @cached: it was in the cache
 */
struct subject_compiled {
	char *path;
	struct subject_text log;
	bool cached;
};

/**
 * subject_compile() - compile, unless that was done before.
 * @c: what
 * @ret: to be freed with subject_compiled_free(), also after a failure
 * @err: what is wrong, one line; for an error in the text the compiler's first
 *
 * Return: 0, -EINVAL for an error in the text, or another negative errno.
 */
int subject_compile(const struct subject_compile *c, struct subject_compiled *ret,
		    struct subject_error *err);
/* Give the memory back. */
void subject_compiled_free(struct subject_compiled *c);

/**
 * subject_include_dirs() - where the simulator's headers are.
 * @ret: two of them, the kernel's first; to be freed
 * @err: that there are none
 *
 * $PINSIM_INCLUDE, the source tree for a program that was not installed, or
 * where they were installed.
 * Return: 0, or -ENOENT with @err.
 */
int subject_include_dirs(char *ret[2], struct subject_error *err);

#endif
