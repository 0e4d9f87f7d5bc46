/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a replay line back to a search: shared by replay and minimize. */
#ifndef SIM_CLI_REPLAY_VERB_H
#define SIM_CLI_REPLAY_VERB_H

#include "sim/cli/cli.h"
#include "sim/explore/replay.h"

/**
 * struct cli_replayed - what a replay line stands for
 * @line: parsed
 * @race: loaded; its hash is the line's
 * @c: design, profile and checks
 * @config: SEARCH_ONE of its schedule
 */
struct cli_replayed {
	struct replay line;
	struct race *race;
	struct expect_case c;
	struct search_config config;
};

/* @path: --race, or NULL: looked for by name. Return: CLI_OK or a status with one line printed. */
int cli_replayed(const struct cli_verb *verb, const char *text, const char *path,
		 const struct cli_common *common, struct cli_replayed *ret);
void cli_replayed_free(struct cli_replayed *r);

#endif
