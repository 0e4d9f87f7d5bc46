/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An .xz file, read from any of its blocks on. Debian's kernel tarballs have
 * one block for each 24 MiB, so that a file in them is had without reading
 * all that stands before it.
 */
#ifndef SIM_SUBJECT_XZ_H
#define SIM_SUBJECT_XZ_H

#include "sim/subject/source.h"

struct subject_xz;

/* Open it. Return: 0, or a negative errno with @err. */
int subject_xz_open(struct subject_xz **ret, const char *path,
		    struct subject_error *err);
/* Close it; NULL is no matter. */
void subject_xz_close(struct subject_xz *xz);

/* How many blocks it has. */
unsigned int subject_xz_blocks(const struct subject_xz *xz);
/* Where block @i begins in what the file contains. */
uint64_t subject_xz_block_begin(const struct subject_xz *xz, unsigned int i);

/* Read from the beginning of block @i on. Return: 0, or -errno with @err. */
int subject_xz_seek(struct subject_xz *xz, unsigned int i,
		    struct subject_error *err);
/* The place in what the file contains that is read next. */
uint64_t subject_xz_at(const struct subject_xz *xz);
/*
 * Read @size bytes, into the next block if need be; NULL: pass them over.
 * Return: how many there were, fewer only at the end, or -errno with @err.
 */
int64_t subject_xz_read(struct subject_xz *xz, void *bytes, uint64_t size,
			struct subject_error *err);

#endif
