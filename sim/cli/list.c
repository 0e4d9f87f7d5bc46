/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pinsim list: what there is to run: races, designs, checks, profiles. */
#include <stdio.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/check/check.h"
#include "sim/cli/cli.h"
#include "sim/cli/races.h"

const struct cli_verb cli_verb_list = {
	.name = "list",
	.args = "[DIRECTORY]",
	.summary = "List races, designs, checks and kernel profiles",
	.details = "Lists the races of DIRECTORY (tests/races), each with its question, and\n"
		   "what else can be named on a command line. An option lists only its kind.",
	.min_args = 0,
	.max_args = 1,
};

static int list_races(const char *dir)
{
	struct cli_races races;
	int status = cli_races_load(&cli_verb_list, dir, &races);
	unsigned int i;

	if (races.missing)
		printf("Races: there is no directory %s here.\n", races.dir);
	else if (races.race)
		printf("Races in %s:\n", races.dir);
	for (i = 0; i < races.nr; i++)
		printf("  %-24s %s\n", races.race[i]->name.s, races.race[i]->question.s);
	cli_races_free(&races);
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
		status = list_races(first < argc ? argv[first] : NULL);
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
