/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One execution, told to a person or to a machine: lib/story.h on this program's streams. */
#ifndef SIM_CLI_TELL_H
#define SIM_CLI_TELL_H

#include "sim/cli/cli.h"
#include "sim/lib/story.h"

/* Escape sequences are welcome: a terminal, and NO_COLOR is not set. */
bool cli_color(void);

/* story_run(). Return: CLI_OK, or a status with one line printed. */
int cli_story_run(struct story *s, const struct cli_verb *verb,
		  const struct search_config *config, const struct expect_case *c);

/* The heading, the CPU table, what was violated, who holds what, the replay line. */
int cli_story_print(const struct story *s, const struct cli_verb *verb, bool steps);

/* The same as members of a JSON object; @met: nothing unexpected was seen. */
int cli_story_json(const struct story *s, const struct cli_verb *verb, bool met, FILE *out);

#endif
