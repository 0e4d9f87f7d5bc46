/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a race have anything to ask of a design?
 *
 * Nobody writes that down: it follows from what the race's statements do, from
 * the hooks that the design fills, and from what the race expects.
 */
#ifndef SIM_EXPLORE_APPLIES_H
#define SIM_EXPLORE_APPLIES_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/race/model.h"

/**
 * expect_applies() - can @race be asked of @design under @kernel?
 * @race: the question
 * @design: one that there is
 * @kernel: name of a profile
 * @ret_why: if not, why: one line without an end
 * @size: of @ret_why
 *
 * Not, in this order, if
 *   - the race does not speak of the kernel;
 *   - the design needs what the kernel has not, or the race does what cannot be
 *     done to its guests (needs.h);
 *   - the race expects nothing of the design and never comes to where it pins;
 *   - nor that, and it registers memory where the design has no hook for it.
 *
 * Return: whether it can.
 */
bool expect_applies(const struct race *race, const char *design, const char *kernel,
		    char *ret_why, size_t size);

#endif
