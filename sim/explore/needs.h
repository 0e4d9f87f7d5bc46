/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a design cannot do without, and what cannot be done to it.
 *
 * Nobody writes that down for a race either: it follows from the traits of the
 * design, from the kernel's profile and from the race's statements.
 */
#ifndef SIM_EXPLORE_NEEDS_H
#define SIM_EXPLORE_NEEDS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/race/model.h"

/**
 * needs_kernel() - has @kernel what @design is built on?
 * @design: one that there is
 * @kernel: name of a profile
 * @ret_why: if not, why: one line without an end
 * @size: of @ret_why
 *
 * Return: whether it has.
 */
bool needs_kernel(const char *design, const char *kernel, char *ret_why, size_t size);

/* The same of what @race does, whatever the kernel. */
bool needs_race(const char *design, const struct race *race, char *ret_why, size_t size);

#endif
