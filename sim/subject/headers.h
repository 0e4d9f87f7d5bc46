/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers that code under test is compiled against, and that this pinsim is
 * built with.  The two must be the same: a field that one side has elsewhere is
 * no error that anybody would see before memory is spoilt.
 */
#ifndef SIM_SUBJECT_HEADERS_H
#define SIM_SUBJECT_HEADERS_H

#include "sim/subject/source.h"

/* All of them in one word; a subject carries that of those it was made with. */
extern const char subject_headers_id[];

/**
 * subject_headers_check() - are the headers that are there ours?
 * @dirs: where they are, see subject_include_dirs()
 * @err: the first that is not
 *
 * Return: 0, or -ESTALE with @err.
 */
int subject_headers_check(char *const dirs[2], struct subject_error *err);

/**
 * subject_headers_near() - the user's own headers, which a text includes.
 * @ret: appended to: what is in them, each once, those in them likewise
 * @text: C
 * @near: the folder of #include "name"; or NULL: there are none
 */
void subject_headers_near(struct subject_text *ret, const char *text, const char *near);

/* Assertions that structs have the sizes they have in pinsim, as C. */
void subject_headers_assert(struct subject_text *ret);

/* The words before a struct's name in the place that such an assertion has. */
#define SUBJECT_LAYOUT_PATH	"pinsim-layout:"

#endif
