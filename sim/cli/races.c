/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The races of a directory: see races.h. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/races.h"

static int is_race(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 5 && !strcmp(d->d_name + len - 5, ".race");
}

static int load(const struct cli_verb *verb, const char *file, struct cli_races *ret)
{
	char path[4096];
	int status;

	if (snprintf(path, sizeof(path), "%s/%s", ret->dir, file) >= (int)sizeof(path))
		return cli_refuse(verb, "%.60s/%.60s: the path is too long", ret->dir, file);
	status = cli_load(verb, path, &ret->race[ret->nr]);
	ret->nr += !status;
	return status;
}

int cli_races_load(const struct cli_verb *verb, const char *dir, struct cli_races *ret)
{
	struct dirent **names;
	int n, i, status = CLI_OK;

	*ret = (struct cli_races){ .dir = dir ? dir : CLI_RACES };
	n = scandir(ret->dir, &names, is_race, alphasort);
	if (n < 0 && errno == ENOENT && !dir) {
		ret->missing = true;
		return CLI_OK;
	}
	if (n < 0)
		return cli_refuse(verb, "%.200s: %s", ret->dir, strerror(errno));
	ret->race = calloc((size_t)n + 1, sizeof(*ret->race));
	for (i = 0; i < n; i++) {
		int one = ret->race ? load(verb, names[i]->d_name, ret) : cli_no_memory(verb);

		status = one ? one : status;
		free(names[i]);
	}
	free(names);
	return status;
}

void cli_races_free(struct cli_races *races)
{
	unsigned int i;

	for (i = 0; i < races->nr; i++)
		race_free(races->race[i]);
	free(races->race);
}
