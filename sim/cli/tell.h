/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One execution, told to a person. */
#ifndef SIM_CLI_TELL_H
#define SIM_CLI_TELL_H

#include "sim/cli/cli.h"

/* Escape sequences are welcome: a terminal, and NO_COLOR is not set. */
bool cli_color(void);

/**
 * cli_tell() - run one schedule and tell it.
 * @config: with kind SEARCH_ONE and its schedule in replay
 * @c: the case it belongs to
 * @steps: also the numbered list of all steps
 * @ret_result: what was seen; to be freed
 *
 * Prints the CPU table, what was violated, who holds what, and the replay
 * line to standard output.
 * Return: CLI_OK, or a status with one line printed.
 */
int cli_tell(const struct search_config *config, const struct expect_case *c, bool steps,
	     struct search_result *ret_result);

#endif
