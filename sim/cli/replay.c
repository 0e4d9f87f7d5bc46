/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim replay: the same execution again, anywhere.  The line names what it
 * belongs to; a race that is another one by now is refused, and a run that
 * leaves the recorded sequence of steps says so.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/break.h"
#include "sim/cli/design.h"
#include "sim/cli/replay_verb.h"
#include "sim/cli/tell.h"
#include "sim/lib/replayed.h"
#include "sim/race/race.h"

const struct cli_verb cli_verb_replay = {
	.name = "replay",
	.args = "STRING",
	.summary = "Run an execution again from its replay line",
	.details = "The race's file is looked for by its name, in the working directory, in\n"
		   "tests/races and where PINSIM_RACES points; or it is given with --race.",
	.min_args = 1,
	.max_args = 1,
};

/* A race's name is one path component; nothing else is looked for. */
static bool plain_name(const char *name)
{
	return *name && !strchr(name, '/') && *name != '.';
}

static int find_race(const struct cli_verb *verb, const char *name, char *buf, size_t size)
{
	const char *dirs[] = { ".", "tests/races", getenv("PINSIM_RACES") };
	size_t i;

	for (i = 0; plain_name(name) && i < 3; i++) {
		if (!dirs[i] || snprintf(buf, size, "%s/%s.race", dirs[i], name) >= (int)size)
			continue;
		if (!access(buf, R_OK))
			return CLI_OK;
	}
	return cli_refuse(verb, "%.80s.race is neither here nor in tests/races; "
			  "name the file with --race", name);
}

int cli_replayed(const struct cli_verb *verb, const char *text, const char *path,
		 const struct cli_common *common, struct cli_replayed *ret)
{
	struct cli_common with = *common;
	char found[4096], error[5120];
	int status, err;

	memset(ret, 0, sizeof(*ret));
	if (replay_parse(&ret->line, text, error, sizeof(error)))
		return cli_refuse(verb, "%s", error);
	status = path ? CLI_OK : find_race(verb, ret->line.race, found, sizeof(found));
	if (status == CLI_OK)
		status = cli_load(verb, path ? path : found, &ret->race);
	if (status == CLI_OK)
		status = cli_design(verb, &with);
	if (status != CLI_OK)
		return status;
	err = replayed_match(&ret->line, ret->race, path ? path : found, with.design, &ret->c,
			     error, sizeof(error));
	if (err)
		return err == -ENOMEM ? cli_no_memory(verb) : cli_refuse(verb, "%s", error);
	with.unroll = ret->line.unroll;
	with.grain = ret->line.build ? "access" : "op";
	cli_config(&with, ret->race, &ret->c, &ret->config);
	ret->config.kind = SEARCH_ONE;
	ret->config.cycles = ret->line.cycle;
	ret->config.replay = &ret->line.schedule;
	return CLI_OK;
}

void cli_replayed_free(struct cli_replayed *r)
{
	replay_free(&r->line);
	race_free(r->race);
}

static int tell(struct cli_replayed *r, const struct story *s, bool steps,
		const struct cli_common *common)
{
	bool met = !s->result.nr_found;
	struct cli_out out;
	int closed, status = cli_out_open(&cli_verb_replay, common, &out);

	if (out.json) {
		report_json_begin(out.json, "replay");
		report_json_string(out.json, "race", r->race->name.s);
		report_json_string(out.json, "question", r->race->question.s);
		status = cli_story_json(s, &cli_verb_replay, met, out.json);
		report_json_end(out.json);
	}
	if (status == CLI_OK && !cli_quiet(common)) {
		printf("%s: %s\n", r->race->name.s, r->race->question.s);
		status = cli_story_print(s, &cli_verb_replay, steps);
	}
	closed = cli_out_close(&cli_verb_replay, common, &out);
	return closed == CLI_OK ? status : closed;
}

static int verdict(const struct cli_replayed *r, const struct search_result *result)
{
	if (!result->diverged && result->checksum == r->line.checksum)
		return result->nr_found ? CLI_VIOLATED : CLI_OK;
	fflush(stdout);
	cli_refuse(&cli_verb_replay, "diverged at step %" PRIu64 ": this pinsim's steps are not "
		   "the recorded ones", result->steps);
	return CLI_FAULT;
}

static int replay(const char *text, const char *path, bool steps, bool stop,
		  const struct cli_common *common)
{
	struct cli_replayed r;
	struct story story = { .replay = NULL };
	int status = cli_replayed(&cli_verb_replay, text, path, common, &r);

	r.config.trace = true;
	if (status == CLI_OK)
		status = cli_story_run(&story, &cli_verb_replay, &r.config, &r.c);
	if (status == CLI_OK && !stop)
		status = tell(&r, &story, steps, common);
	if (status == CLI_OK)
		status = verdict(&r, &story.result);
	if (stop && (status == CLI_OK || status == CLI_VIOLATED))
		status = cli_break(&cli_verb_replay, &story, text, path, common);
	story_free(&story);
	cli_replayed_free(&r);
	return status;
}

int cli_replay(int argc, char **argv)
{
	struct cli_common common = CLI_COMMON_INIT;
	const char *path = NULL;
	bool steps = false, stop = false;
	const struct cli_option options[] = {
		{ "race", CLI_TEXT, "FILE", "the race's file", &path, 0, 0 },
		{ "design", CLI_TEXT, "F", "the file of the user's code that the string names",
		  &common.design, 0, 0 },
		{ "steps", CLI_FLAG, NULL, "also the numbered list of all steps", &steps, 0, 0 },
		{ "break", CLI_FLAG, NULL, "stop in gdb where the first check is violated", &stop,
		  0, 0 },
		{ "max-steps", CLI_NUMBER, "N", "steps before it is cut (1000000)",
		  &common.max_steps, 1, 1000000000 },
		{ "json", CLI_TEXT, "F", "write the execution to F as JSON; - is standard output",
		  &common.json, 0, 0 },
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	int first, status = cli_parse(&cli_verb_replay, options, argc, argv, &first);

	if (status >= 0)
		return status;
	if (stop && (steps || common.json))
		return cli_refuse(&cli_verb_replay, "--break does not go with --%s",
				  steps ? "steps" : "json");
	return replay(argv[first], path, steps, stop, &common);
}
