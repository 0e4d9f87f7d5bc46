/* SPDX-License-Identifier: GPL-2.0-or-later */
/* replay --break: into gdb, at the step that a check complains of. */
#ifndef SIM_CLI_BREAK_H
#define SIM_CLI_BREAK_H

#include "sim/cli/tell.h"

/**
 * cli_break() - become gdb, with the execution of @s stopped.
 * @verb: for complaints
 * @s: was run
 * @line: that replays it
 * @race: --race, or NULL
 * @common: --design as it was given, and --max-steps
 *
 * Return: CLI_USAGE with one line printed; on success it does not.
 */
int cli_break(const struct cli_verb *verb, const struct story *s, const char *line,
	      const char *race, const struct cli_common *common);

#endif
