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

/**
 * subject_cache_use() - somebody is about to read a file or folder of the cache.
 * @path: of it
 *
 * Return: it is there, and stays for ten minutes from now.
 */
bool subject_cache_use(const char *path);

/**
 * subject_cache_trim() - remove what was not used for long.
 * @path: of a file or folder just made: what is beside it is looked at
 *
 * What nobody used for 30 days goes, and what was not used for the longest time
 * until the rest takes no more than $PINSIM_CACHE_MIB (256). Failures are no
 * matter: somebody else may do the same.
 */
void subject_cache_trim(const char *path);

/* The folder that a path is in, to be freed: "." if it does not say. */
char *subject_folder_of(const char *path);
/* Make a folder and all above it. Return: 0 or -errno. */
int subject_make_dirs(const char *path);
/* Make the folders above a file. Return: 0 or -errno. */
int subject_make_dirs_above(const char *path);

/**
 * subject_temp() - an empty file that nobody else has.
 * @path: what its name begins with
 * @end: what it ends with: ".c"
 *
 * Return: its path, to be freed, or NULL with errno.
 */
char *subject_temp(const char *path, const char *end);

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
