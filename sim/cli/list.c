/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pinsim list: what there is to run: races, designs, checks, profiles. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/check/check.h"
#include "sim/cli/cli.h"
#include "sim/race/race.h"

const struct cli_verb cli_verb_list = {
	.name = "list",
	.args = "[DIRECTORY]",
	.summary = "List races, designs, checks and kernel profiles",
	.details = "Lists the races of DIRECTORY (tests/races), each with its question, and\n"
		   "what else can be named on a command line. An option lists only its kind.",
	.min_args = 0,
	.max_args = 1,
};

static int is_race(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 5 && !strcmp(d->d_name + len - 5, ".race");
}

static int list_race(const char *dir, const char *file)
{
	char path[4096];
	struct race *race;
	int status;

	if (snprintf(path, sizeof(path), "%s/%s", dir, file) >= (int)sizeof(path))
		return cli_refuse(&cli_verb_list, "%.60s/%.60s: the path is too long", dir, file);
	status = cli_load(&cli_verb_list, path, &race);
	if (status)
		return status;
	printf("  %-24s %s\n", race->name.s, race->question.s);
	race_free(race);
	return CLI_OK;
}

/* @given: the user named @dir; the default one may be missing. */
static int list_races(const char *dir, bool given)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_race, alphasort), i, status = CLI_OK;

	if (n < 0 && errno == ENOENT && !given) {
		printf("Races: there is no directory %s here.\n", dir);
		return CLI_OK;
	}
	if (n < 0)
		return cli_refuse(&cli_verb_list, "%.200s: %s", dir, strerror(errno));
	printf("Races in %s:\n", dir);
	for (i = 0; i < n; i++) {
		int one = list_race(dir, names[i]->d_name);

		status = one ? one : status;
		free(names[i]);
	}
	free(names);
	return status;
}

static void list_designs(void)
{
	const struct pin_design_info *d;
	unsigned int i;

	puts("Designs:");
	for (i = 0; (d = pin_design_nth(i)); i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%s%s", d->name, *d->options ? ":" : "",
			 d->options);
		printf("  %-24s %s\n", name, d->summary);
	}
}

static void list_checks(void)
{
	const struct check *c;
	unsigned int i;

	puts("Checks, and what each says must never happen:");
	for (i = 0; (c = check_nth(i)); i++)
		printf("  %-24s %s\n", c->id, c->never);
}

static void list_kernels(void)
{
	const struct kernel_profile *p;
	unsigned int i;

	puts("Kernel profiles:");
	for (i = 0; (p = kernel_profile_nth(i)); i++)
		printf("  %s\n", p->name);
}

int cli_list(int argc, char **argv)
{
	bool races = false, designs = false, checks = false, kernels = false, all;
	const struct cli_option options[] = {
		{ "races", CLI_FLAG, NULL, "only the races", &races, 0, 0 },
		{ "designs", CLI_FLAG, NULL, "only the designs", &designs, 0, 0 },
		{ "checks", CLI_FLAG, NULL, "only the checks", &checks, 0, 0 },
		{ "kernels", CLI_FLAG, NULL, "only the kernel profiles", &kernels, 0, 0 },
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	int first, status = cli_parse(&cli_verb_list, options, argc, argv, &first);

	if (status >= 0)
		return status;
	status = CLI_OK;
	all = !races && !designs && !checks && !kernels;
	if (first < argc && !all && !races)
		return cli_refuse(&cli_verb_list, "'%.60s' is a directory of races, and the "
				  "options leave them out", argv[first]);
	if (all || races)
		status = list_races(first < argc ? argv[first] : "tests/races", first < argc);
	if (status != CLI_OK)
		return status;
	if (all || designs)
		list_designs();
	if (all || checks)
		list_checks();
	if (all || kernels)
		list_kernels();
	return status;
}
