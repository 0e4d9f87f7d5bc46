/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What compiles and cannot be run all the same, refused before it is compiled. */
#ifndef SIM_SUBJECT_BEYOND_H
#define SIM_SUBJECT_BEYOND_H

#include "sim/subject/closure.h"

/**
 * subject_beyond() - is there something in what was chosen that nobody models?
 * @closure: what was chosen
 * @err: the first such thing, with its place
 *
 * Inline assembly: its accesses to memory are not seen, and it can do what it
 * likes; an empty one is a barrier and does no harm. Thread-local variables:
 * there is no thread they could be of. Functions that run before main(), or are
 * chosen then: nobody runs them.
 *
 * Return: 0, or -EINVAL with @err.
 */
int subject_beyond(const struct subject_closure *closure, struct subject_error *err);

#endif
