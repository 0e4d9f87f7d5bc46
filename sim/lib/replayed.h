/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a replay line belong to what is there? */
#ifndef SIM_LIB_REPLAYED_H
#define SIM_LIB_REPLAYED_H

#include "sim/explore/expect.h"
#include "sim/explore/replay.h"

/**
 * replayed_match() - the case that a replay line speaks of, if it can be run here.
 * @line: parsed
 * @race: that it would be run on; gets the failures that the line names
 * @path: what that is called in complaints
 * @given: the user's own design, loaded; NULL: none was given
 * @ret: design, profile and checks
 * @ret_error: one line
 * @size: of @ret_error
 *
 * Return: 0; -ENOMEM; -EINVAL with @ret_error: another race, design or build, or
 * a kernel or check that nobody knows.
 */
int replayed_match(const struct replay *line, struct race *race, const char *path,
		   const char *given, struct expect_case *ret, char *ret_error, size_t size);

#endif
