/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The replay line of an execution that a search ran: see replay.h. */
#include <stdio.h>

#include "fakes/profile.h"
#include "sim/explore/replay.h"
#include "sim/race/race.h"

char *replay_line(const struct search_config *config, const char *left_out,
		  const struct schedule *schedule, uint64_t checksum)
{
	struct replay r = { .schedule = *schedule, .unroll = config->unroll,
			    .checksum = checksum,
			    .build = config->accesses ? replay_build() : 0,
			    .cycle = config->cycles };

	snprintf(r.race, sizeof(r.race), "%s", config->race->name.s);
	snprintf(r.design, sizeof(r.design), "%s", config->design);
	snprintf(r.kernel, sizeof(r.kernel), "%s", config->profile->name);
	snprintf(r.checks, sizeof(r.checks), "%s", left_out);
	if (config->race->injected)
		snprintf(r.fail, sizeof(r.fail), "%s", config->race->injected);
	if (race_hash(config->race, &r.hash))
		return NULL;
	return replay_print(&r);
}
