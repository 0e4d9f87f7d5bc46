/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pinsim run --fail-every. */
#ifndef SIM_CLI_FAILURES_H
#define SIM_CLI_FAILURES_H

#include "sim/cli/cli.h"

/**
 * struct fail_every - what is asked for
 * @verb: which verb asks
 * @common: its options
 * @path: the race's file; it is read again for each call
 * @race: what is in it
 */
struct fail_every {
	const struct cli_verb *verb;
	const struct cli_common *common;
	const char *path;
	const struct race *race;
};

/* Let each call of each of the @n cases fail in turn. Return: enum cli_status. */
int cli_fail_every(const struct fail_every *every, const struct expect_case *cases, int n);

#endif
