/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share: see cli.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"
#include "sim/cli/cli.h"
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

char *cli_read_text(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	/* No race holds a NUL byte, so that this is all of it. */
	if (in && getdelim(&text, &size, '\0', in) < 0) {
		free(text);
		text = NULL;
	}
	if (in)
		fclose(in);
	return text;
}

int cli_load_with(const struct cli_verb *verb, const char *path, const struct cli_common *common,
		  struct race **ret_race)
{
	int err, status = cli_load(verb, path, ret_race);
	char error[256];

	if (status != CLI_OK || !common->fail)
		return status;
	err = race_inject(*ret_race, common->fail, error, sizeof(error));
	if (!err)
		return CLI_OK;
	race_free(*ret_race);
	*ret_race = NULL;
	return err == -ENOMEM ? cli_no_memory(verb) : cli_refuse(verb, "--fail: %s", error);
}

bool cli_is_news(const struct race *race, const struct expect_case *c,
		 const struct search_result *r)
{
	unsigned int i, k;
	uint32_t n;

	for (i = 0; i < r->nr_found; i++) {
		bool named = false;

		for (k = 0; k < c->nr_expects; k++) {
			const struct race_expect *e = &race->expects[c->expect[k]];

			for (n = 0; n < e->nr_checks; n++)
				named |= check_find(e->checks[n].s) ==
					 check_find(r->found[i].violation.check);
		}
		if (!named)
			return true;
	}
	return r->unexpected != 0;
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

static bool is_stdout(const char *path)
{
	return path && !strcmp(path, "-");
}

/* An option that names a file. */
struct named {
	const char *option, *path;
};

#define NR_NAMED	3

static void named_files(const struct cli_common *common, struct named ret[NR_NAMED])
{
	ret[0] = (struct named){ "json", common->json };
	ret[1] = (struct named){ "junit", common->junit };
	ret[2] = (struct named){ "html", common->html };
}

bool cli_quiet(const struct cli_common *common)
{
	return common->ktap || is_stdout(common->json) || is_stdout(common->junit) ||
	       is_stdout(common->html);
}

/* Two that would write over each other. */
static int check_pair(const struct cli_verb *verb, const struct named *a, const struct named *b)
{
	if (!a->path || !b->path || strcmp(a->path, b->path))
		return CLI_OK;
	if (is_stdout(a->path))
		return cli_refuse(verb, "--%s - and --%s - both want standard output", a->option,
				  b->option);
	return cli_refuse(verb, "--%s and --%s both want the file %.200s", a->option, b->option,
			  a->path);
}

static int check_out(const struct cli_verb *verb, const struct cli_common *common)
{
	struct named file[NR_NAMED];
	unsigned int i, k;
	int status = CLI_OK;

	named_files(common, file);
	for (i = 0; i < NR_NAMED && status == CLI_OK; i++) {
		if (common->ktap && is_stdout(file[i].path))
			return cli_refuse(verb, "--%s - and --ktap both want standard output",
					  file[i].option);
		for (k = i + 1; k < NR_NAMED && status == CLI_OK; k++)
			status = check_pair(verb, &file[i], &file[k]);
	}
	return status;
}

static int open_one(const struct cli_verb *verb, const char *option, const char *path,
		    FILE **ret_out)
{
	if (!path)
		return CLI_OK;
	*ret_out = is_stdout(path) ? stdout : fopen(path, "we");
	return *ret_out ? CLI_OK :
	       cli_refuse(verb, "--%s: %.200s: %s", option, path, strerror(errno));
}

static int close_one(const struct cli_verb *verb, const char *option, const char *path, FILE *out)
{
	bool bad;

	/* What was promised to standard output is flushed, and told of, by main(). */
	if (!out || out == stdout)
		return CLI_OK;
	bad = ferror(out);
	if (!fclose(out) && !bad)
		return CLI_OK;
	cli_refuse(verb, "--%s: %.200s: not all could be written", option, path);
	return CLI_FAULT;
}

int cli_out_open(const struct cli_verb *verb, const struct cli_common *common,
		 struct cli_out *ret_out)
{
	int status = check_out(verb, common);

	memset(ret_out, 0, sizeof(*ret_out));
	if (status == CLI_OK)
		status = open_one(verb, "json", common->json, &ret_out->json);
	if (status == CLI_OK)
		status = open_one(verb, "junit", common->junit, &ret_out->junit);
	if (status == CLI_OK)
		status = open_one(verb, "html", common->html, &ret_out->html);
	if (status == CLI_OK)
		return CLI_OK;
	cli_out_close(verb, common, ret_out);
	memset(ret_out, 0, sizeof(*ret_out));
	return status;
}

int cli_out_close(const struct cli_verb *verb, const struct cli_common *common,
		  const struct cli_out *out)
{
	int json = close_one(verb, "json", common->json, out->json);
	int junit = close_one(verb, "junit", common->junit, out->junit);
	int html = close_one(verb, "html", common->html, out->html);

	return json != CLI_OK ? json : junit != CLI_OK ? junit : html;
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
