/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's cache folder, and files in it that appear whole or not at all, so
 * that programs that run side by side do no harm to each other.
 */
#ifndef SIM_SUBJECT_CACHE_H
#define SIM_SUBJECT_CACHE_H

#include "sim/subject/source.h"

/**
 * subject_cache_dir() - a folder in the cache, made if need be.
 * @below: its path there, "trees/x"; no ".."
 * @err: why there is none
 *
 * $XDG_CACHE_HOME/pinsim, or ~/.cache/pinsim, or pinsim-UID in $TMPDIR or /tmp:
 * the first of them that can be made and written to.
 *
 * Return: its path, to be freed, or NULL with @err.
 */
char *subject_cache_dir(const char *below, struct subject_error *err);

/* Make a folder and all above it. Return: 0 or -errno. */
int subject_make_dirs(const char *path);
/* Make the folders above a file. Return: 0 or -errno. */
int subject_make_dirs_above(const char *path);

/**
 * subject_write_whole() - write a file, which appears when it is whole.
 * @path: replaced if it is there
 * @bytes: its contents
 * @size: of @bytes
 *
 * Return: 0 or -errno.
 */
int subject_write_whole(const char *path, const void *bytes, size_t size);

/* Remove a folder and all that is in it; what is not there is no matter. */
void subject_remove_all(const char *path);

/* As asprintf(), or the end of pinsim. */
char *subject_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
