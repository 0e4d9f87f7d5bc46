/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pinsim matrix: its rows, columns and tables, from the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/cli/matrix.h"
#include "sim/cli/races.h"
#include "sim/race/race.h"
#include "sim/subject/subject.h"

/* --- columns -------------------------------------------------------------- */

static int add_design(struct matrix *m, const char *name, const char *kernel)
{
	size_t i;

	for (i = 0; i < m->nr_designs; i++)
		if (!strcmp(m->designs[i].name, name))
			return cli_refuse(m->verb, "--design: %.100s is there already", name);
	if (m->nr_designs == MATRIX_MAX_DESIGNS)
		return cli_refuse(m->verb, "more than %d designs", MATRIX_MAX_DESIGNS);
	snprintf(m->designs[m->nr_designs].name, sizeof(m->designs->name), "%s", name);
	m->designs[m->nr_designs++].kernel = kernel;
	return CLI_OK;
}

static int add_built_in(struct matrix *m, const struct pin_design_info *d)
{
	char name[sizeof(m->designs->name)];

	snprintf(name, sizeof(name), "%s%s%s", d->name, *d->options ? ":" : "", d->options);
	return add_design(m, name, NULL);
}

static int add_subject(struct matrix *m, const char *path)
{
	const char *kernel = m->named_kernels.nr == 1 ? m->named_kernels.at[0] : NULL;
	const struct subject_info *info;
	struct subject_error err;

	info = subject_design(path, kernel, &err);
	if (!info)
		return cli_refuse(m->verb, "--design: %s", err.text);
	return add_design(m, info->design, info->kernel);
}

/* Built-in designs that are named are the only ones; files come beside them. */
static int load_designs(struct matrix *m)
{
	const struct cli_list *named = &m->named_designs;
	const struct pin_design_info *d;
	int status = CLI_OK;
	unsigned int i;
	bool all;

	for (i = 0; i < named->nr && status == CLI_OK; i++) {
		if (subject_is_file(named->at[i]))
			continue;
		if (!pin_design_exists(named->at[i]))
			return cli_refuse(m->verb, "no design is called '%.60s'; 'pinsim list "
					  "--designs' names them", named->at[i]);
		status = add_design(m, named->at[i], NULL);
	}
	all = !m->nr_designs;
	for (i = 0; all && status == CLI_OK && (d = pin_design_nth(i)); i++)
		status = add_built_in(m, d);
	for (i = 0; i < named->nr && status == CLI_OK; i++)
		if (subject_is_file(named->at[i]))
			status = add_subject(m, named->at[i]);
	return status;
}

/* --- tables --------------------------------------------------------------- */

static int add_kernel(struct matrix *m, const char *name)
{
	const struct kernel_profile *p = kernel_profile_find(name);
	size_t i;

	if (!p)
		return cli_refuse(m->verb, "no kernel profile is called '%.60s'; 'pinsim list "
				  "--kernels' names them", name);
	for (i = 0; i < m->nr_kernels; i++)
		if (!strcmp(m->kernels[i], p->name))
			return CLI_OK;
	if (m->nr_kernels == MATRIX_MAX_KERNELS)
		return cli_refuse(m->verb, "more than %d kernels", MATRIX_MAX_KERNELS);
	m->kernels[m->nr_kernels++] = p->name;
	return CLI_OK;
}

/* Those that were named; else those that subjects were compiled for; else the default. */
static int load_kernels(struct matrix *m)
{
	const struct kernel_profile *p;
	int status = CLI_OK;
	unsigned int i;

	for (i = 0; m->all_kernels && status == CLI_OK && (p = kernel_profile_nth(i)); i++)
		status = add_kernel(m, p->name);
	for (i = 0; i < m->named_kernels.nr && status == CLI_OK; i++)
		status = add_kernel(m, m->named_kernels.at[i]);
	if (status != CLI_OK || m->nr_kernels)
		return status;
	for (i = 0; i < m->nr_designs && status == CLI_OK; i++)
		if (m->designs[i].kernel)
			status = add_kernel(m, m->designs[i].kernel);
	return m->nr_kernels ? status : add_kernel(m, SUBJECT_KERNEL_DEFAULT);
}

/* --- rows ----------------------------------------------------------------- */

static bool same_name(const struct matrix *m, const struct race *race)
{
	size_t i;

	for (i = 0; i < m->nr_races; i++)
		if (!strcmp(m->races[i].race->name.s, race->name.s))
			return true;
	return false;
}

/* Takes over @race; it was read from @path. */
static int add_race(struct matrix *m, struct race *race, const char *path)
{
	struct matrix_race *more = reallocarray(m->races, m->nr_races + 1, sizeof(*more));
	int status = CLI_OK;

	if (!more)
		status = cli_no_memory(m->verb);
	else if (m->races = more, same_name(m, race))
		status = cli_refuse(m->verb, "race %s is there twice", race->name.s);
	if (status == CLI_OK)
		m->races[m->nr_races++] = (struct matrix_race){ race, cli_read_text(path) };
	else
		race_free(race);
	return status;
}

static int add_file(struct matrix *m, const char *path)
{
	struct race *race;
	int status = cli_load(m->verb, path, &race);

	return status == CLI_OK ? add_race(m, race, path) : status;
}

static int add_directory(struct matrix *m, const char *dir)
{
	struct cli_races races;
	int status = cli_races_load(m->verb, dir, &races);
	char path[4096];
	unsigned int i;

	if (status == CLI_OK && !races.nr)
		status = cli_refuse(m->verb, "there is no race in %.200s", dir);
	for (i = 0; i < races.nr && status == CLI_OK; i++) {
		snprintf(path, sizeof(path), "%s/%s.race", dir, races.race[i]->name.s);
		status = add_race(m, races.race[i], path);
		races.race[i] = NULL;
	}
	cli_races_free(&races);
	return status;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static int load_default_races(struct matrix *m)
{
	const char *dir = getenv("PINSIM_RACES");

	if (is_directory(CLI_RACES))
		return add_directory(m, CLI_RACES);
	if (dir && is_directory(dir))
		return add_directory(m, dir);
	return cli_refuse(m->verb, "there is no directory " CLI_RACES " here, nor one that "
			  "PINSIM_RACES names: name one, or races");
}

static int load_races(struct matrix *m, char **paths)
{
	int status = CLI_OK;

	if (!*paths)
		return load_default_races(m);
	for (; *paths && status == CLI_OK; paths++)
		status = is_directory(*paths) ? add_directory(m, *paths) :
			 add_file(m, *paths);
	return status;
}

int matrix_load(struct matrix *m, char **paths)
{
	struct check_set checks;
	char error[256];
	int status;

	if (m->common.checks && check_set_parse(&checks, m->common.checks, error, sizeof(error)))
		return cli_refuse(m->verb, "%s", error);
	status = load_designs(m);
	if (status == CLI_OK)
		status = load_kernels(m);
	return status == CLI_OK ? load_races(m, paths) : status;
}

void matrix_free(struct matrix *m)
{
	size_t i;

	for (i = 0; m->cell && i < matrix_size(m); i++)
		json_decref(m->cell[i]);
	for (i = 0; i < m->nr_races; i++) {
		race_free(m->races[i].race);
		free(m->races[i].text);
	}
	free(m->cell);
	free(m->races);
}
