/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --design FILE: the user's own code where a design's name is expected. */
#ifndef SIM_CLI_DESIGN_H
#define SIM_CLI_DESIGN_H

#include <stdio.h>

#include "sim/cli/cli.h"

/**
 * cli_design() - if --design names a file, make it a design.
 * @verb: for complaints
 * @common: its design becomes the subject's name, its kernel the one that the
 *	subject was compiled for
 *
 * Return: CLI_OK, or CLI_USAGE with one line printed.
 */
int cli_design(const struct cli_verb *verb, struct cli_common *common);

/* What of a design was not tested: a line each behind @lead; nothing of a whole one. */
void cli_design_cuts(const char *design, const char *lead, FILE *out);
/* The same in one, to be freed; NULL of a whole one. */
char *cli_design_cut_text(const char *design);

/**
 * cli_same_design() - is a replay line's design the one that is there?
 * @verb: for complaints
 * @design: of the line
 * @given: of --design, already opened; or NULL
 *
 * Return: CLI_OK, or CLI_USAGE with one line printed.
 */
int cli_same_design(const struct cli_verb *verb, const char *design, const char *given);

#endif
