/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share: see cli.h. */
#include <errno.h>
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

bool cli_grain_is_known(const char *grain)
{
	return !strcmp(grain, "op") || !strcmp(grain, "access");
}

int cli_check_grain(const struct cli_verb *verb, const struct cli_common *common)
{
	if (cli_grain_is_known(common->grain))
		return CLI_OK;
	return cli_refuse(verb, "--grain: '%.40s' is neither op nor access", common->grain);
}

int cli_no_memory(const struct cli_verb *verb)
{
	cli_refuse(verb, "out of memory");
	return CLI_FAULT;
}

int cli_search_failed(const struct cli_verb *verb, const struct search_config *config, int err,
		      const char *error)
{
	if (!err)
		return CLI_OK;
	if (err == -ENOMEM)
		return cli_no_memory(verb);
	cli_refuse(verb, "%s: design %s: %s", config->race->name.s, config->design,
		   *error ? error : strerror(-err));
	return err == -EINVAL ? CLI_USAGE : CLI_FAULT;
}

bool cli_quiet(const struct cli_common *common)
{
	return common->ktap || (common->json && !strcmp(common->json, "-"));
}

int cli_json_open(const struct cli_verb *verb, const struct cli_common *common, FILE **ret_out)
{
	*ret_out = NULL;
	if (!common->json)
		return CLI_OK;
	if (strcmp(common->json, "-")) {
		*ret_out = fopen(common->json, "we");
		return *ret_out ? CLI_OK :
		       cli_refuse(verb, "--json: %.200s: %s", common->json, strerror(errno));
	}
	if (common->ktap)
		return cli_refuse(verb, "--json - and --ktap both want standard output");
	*ret_out = stdout;
	return CLI_OK;
}

int cli_json_close(const struct cli_verb *verb, const struct cli_common *common, FILE *out)
{
	bool bad;

	/* What was promised to standard output is flushed, and told of, by main(). */
	if (!out || out == stdout)
		return CLI_OK;
	bad = ferror(out);
	if (!fclose(out) && !bad)
		return CLI_OK;
	cli_refuse(verb, "--json: %.200s: not all could be written", common->json);
	return CLI_FAULT;
}

char *cli_cond_text(const struct race *race, const struct race_cond *cond)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	race_print_cond(race, cond, out);
	return fclose(out) ? NULL : text;
}

void cli_config(const struct cli_common *common, const struct race *race,
		const struct expect_case *c, struct search_config *ret)
{
	*ret = (struct search_config){
		.race = race,
		.design = c->design,
		.profile = kernel_profile_find(c->kernel),
		.checks = &c->checks,
		.accesses = !strcmp(common->grain, "access"),
		.unroll = common->unroll,
		.max_steps = common->max_steps,
		.verify_rollback = common->verify,
	};
}

char *cli_replay_line(const struct search_config *config, const char *left_out,
		      const struct schedule *schedule, uint64_t checksum)
{
	struct replay r = { .schedule = *schedule, .unroll = config->unroll,
			    .checksum = checksum,
			    .build = config->accesses ? replay_build() : 0 };

	snprintf(r.race, sizeof(r.race), "%s", config->race->name.s);
	snprintf(r.design, sizeof(r.design), "%s", config->design);
	snprintf(r.kernel, sizeof(r.kernel), "%s", config->profile->name);
	snprintf(r.checks, sizeof(r.checks), "%s", left_out);
	if (race_hash(config->race, &r.hash))
		return NULL;
	return replay_print(&r);
}
