/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The races of a directory. */
#ifndef SIM_CLI_RACES_H
#define SIM_CLI_RACES_H

#include "sim/cli/options.h"
#include "sim/race/race.h"

#define CLI_RACES	"tests/races"	/* where they are, seen from the project's root */

/**
 * struct cli_races - all of a directory, by name
 * @dir: which
 * @race: they
 * @nr: their number
 * @missing: there is no such directory, and nobody had named it
 */
struct cli_races {
	const char *dir;
	struct race **race;
	unsigned int nr;
	bool missing;
};

/**
 * cli_races_load() - parse every race of a directory
 * @verb: whose command line it was
 * @dir: the one that the user named, or NULL: CLI_RACES, which need not be there
 * @ret: for cli_races_free(), whatever is returned
 *
 * Return: CLI_OK, or CLI_USAGE with a line for each race that is none; those that
 * are races are in @ret all the same.
 */
int cli_races_load(const struct cli_verb *verb, const char *dir, struct cli_races *ret);
void cli_races_free(struct cli_races *races);

#endif
