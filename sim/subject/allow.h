/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What loaded code may refer to: the simulated kernel's own functions and
 * variables, as its headers name them, and the hooks that compilers call.
 * Nothing else: a kernel function that is not modelled must never be taken for
 * the C library's of the same name.
 */
#ifndef SIM_SUBJECT_ALLOW_H
#define SIM_SUBJECT_ALLOW_H

#include "sim/subject/object.h"

/* One name and where it is. */
struct subject_export {
	const char *name;
	const void *addr;
};

/* Sorted by name; made at build time (exports.py). */
extern const struct subject_export subject_export[];
extern const unsigned int subject_nr_exports;

/* What a name stands for, or NULL if loaded code may not have it. */
const void *subject_allowed(const char *name);

/**
 * subject_allow() - may all that an object refers to be had?
 * @o: the object
 * @path: of what complaints are about
 * @line: line of @path where a name is used, or 0; may be NULL
 * @ctx: for @line
 * @err: the first names that may not
 *
 * Return: 0, or -EINVAL with @err.
 */
int subject_allow(const struct subject_object *o, const char *path,
		  uint32_t (*line)(void *ctx, const char *name), void *ctx,
		  struct subject_error *err);

#endif
