/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share: see cli.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"
#include "sim/cli/cli.h"
#include "sim/explore/replay.h"
#include "sim/race/race.h"

int cli_load(const struct cli_verb *verb, const char *path, struct race **ret_race)
{
	struct race_error err;

	(void)verb;
	*ret_race = race_parse_file(path, &err);
	if (*ret_race)
		return CLI_OK;
	/* The error begins with its own place; nothing stands before it. */
	fprintf(stderr, "%s\n", err.text);
	return CLI_USAGE;
}

void cli_config(const struct cli_common *common, const struct race *race,
		const struct expect_case *c, struct search_config *ret)
{
	*ret = (struct search_config){
		.race = race,
		.design = c->design,
		.profile = kernel_profile_find(c->kernel),
		.checks = &c->checks,
		.unroll = common->unroll,
		.max_steps = common->max_steps,
		.verify_rollback = common->verify,
	};
}

char *cli_replay_line(const struct search_config *config, const char *left_out,
		      const struct schedule *schedule, uint64_t checksum)
{
	struct replay r = { .schedule = *schedule, .unroll = config->unroll,
			    .checksum = checksum };

	snprintf(r.race, sizeof(r.race), "%s", config->race->name.s);
	snprintf(r.design, sizeof(r.design), "%s", config->design);
	snprintf(r.kernel, sizeof(r.kernel), "%s", config->profile->name);
	snprintf(r.checks, sizeof(r.checks), "%s", left_out);
	if (race_hash(config->race, &r.hash))
		return NULL;
	return replay_print(&r);
}
