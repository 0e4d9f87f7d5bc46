/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every design on every race: what the files of the verb matrix share. */
#ifndef SIM_CLI_MATRIX_H
#define SIM_CLI_MATRIX_H

#include <jansson.h>

#include "sim/cli/cli.h"

#define MATRIX_MAX_DESIGNS	(CLI_LIST_MAX + 16)
#define MATRIX_MAX_KERNELS	8

/**
 * struct matrix_race - a row
 * @race: parsed
 * @text: of its file
 */
struct matrix_race {
	struct race *race;
	char *text;
};

/**
 * struct matrix_design - a column
 * @name: with its options
 * @kernel: the only profile that it was compiled for; NULL: any
 */
struct matrix_design {
	char name[128];
	const char *kernel;
};

/**
 * struct matrix - the verb while it runs
 * @verb: itself
 * @common: options of most verbs
 * @named_designs: --design
 * @named_kernels: --kernel
 * @all_kernels: every profile
 * @seconds: budget of a cell
 * @executions: of each search of a cell, at most; 0: no bound
 * @jobs: processes
 * @races: rows
 * @nr_races: how many
 * @designs: columns
 * @nr_designs: how many
 * @kernels: one table each
 * @nr_kernels: how many
 * @cell: by number; NULL while it has not been answered
 * @next: the first that was not handed out
 * @done: how many were answered
 * @status: other than CLI_OK: what went wrong; a line was printed
 */
struct matrix {
	const struct cli_verb *verb;
	struct cli_common common;
	struct cli_list named_designs, named_kernels;
	bool all_kernels;
	double seconds;
	uint64_t executions, jobs;
	struct matrix_race *races;
	size_t nr_races;
	struct matrix_design designs[MATRIX_MAX_DESIGNS];
	size_t nr_designs;
	const char *kernels[MATRIX_MAX_KERNELS];
	size_t nr_kernels;
	json_t **cell;
	size_t next, done;
	int status;
};

/* Cells are numbered from 0: kernel by kernel, race by race, design by design. */
static inline size_t matrix_size(const struct matrix *m)
{
	return m->nr_kernels * m->nr_races * m->nr_designs;
}

/* What there is to ask (matrix_load.c). Return: CLI_OK, or a status with one line printed. */
int matrix_load(struct matrix *m, char **paths);
void matrix_free(struct matrix *m);

/**
 * matrix_cell() - search a cell (matrix_cell.c).
 * @m: the matrix
 * @number: of the cell
 *
 * Context: in a worker.
 * Return: the cell as JSON; an integer, the status to exit with, if there was
 * none to be had and one line was printed; NULL: no memory.
 */
json_t *matrix_cell(const struct matrix *m, size_t number);
/* A cell that nobody came to. */
json_t *matrix_cell_not_run(const struct matrix *m, size_t number);
/* One that pinsim itself failed at, and how. */
json_t *matrix_cell_failed(const struct matrix *m, size_t number, const char *why);

#endif
