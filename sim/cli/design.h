/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --design FILE: the user's own code where a design's name is expected. */
#ifndef SIM_CLI_DESIGN_H
#define SIM_CLI_DESIGN_H

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

/* What of a design was not tested, in one, to be freed; NULL of a whole one. */
char *cli_design_cut_text(const char *design);

#endif
