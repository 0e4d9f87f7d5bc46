/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files out of a .tar.xz, one by one or by folder, without unpacking the rest.
 */
#ifndef SIM_SUBJECT_TARBALL_H
#define SIM_SUBJECT_TARBALL_H

#include "sim/subject/source.h"

struct subject_tarball;

/* Open it. Return: 0, or a negative errno with @err. */
int subject_tarball_open(struct subject_tarball **ret, const char *path,
			 struct subject_error *err);
/* Close it; NULL is no matter. */
void subject_tarball_close(struct subject_tarball *tarball);

/**
 * subject_tarball_unpack() - get a file, or all that is in a folder.
 * @tarball: in which all paths begin with one folder, left out here
 * @what: "Makefile", or with a '/' at its end a folder: "mm/"
 * @to: folder that it is put in, by its path in the tarball
 * @err: why not
 *
 * Return: how many files, 0: it is not there, or a negative errno with @err.
 */
int subject_tarball_unpack(struct subject_tarball *tarball, const char *what,
			   const char *to, struct subject_error *err);

#endif
