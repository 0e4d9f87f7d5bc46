/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that somebody may have meant.
 */
#ifndef SIM_SUBJECT_NEAR_H
#define SIM_SUBJECT_NEAR_H

#include "sim/subject/item.h"

/**
 * subject_near() - what else could a name have been?
 * @ret: appended to: "; did you mean a, b or c?", or nothing if none is near
 * @names: of a file
 * @all: names of any kind; else functions with a body only
 * @name: that is not among them
 */
void subject_near(struct subject_text *ret, const struct subject_names *names,
		  bool all, const char *name);

#endif
