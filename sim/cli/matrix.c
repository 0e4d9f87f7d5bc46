/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pinsim matrix: every design on every race, each cell a search with its own
 * budget; the table of verdicts, and the line that replays each violation.
 *
 * Workers search, a cell at a time, and answer with the cell as JSON; the parent
 * puts the document together. A number as an answer is the status to exit with.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pin/probe.h"
#include "sim/cli/explore.h"
#include "sim/cli/matrix.h"
#include "sim/cli/tell.h"
#include "sim/explore/jobs.h"
#include "sim/race/race.h"
#include "sim/report/matrix.h"

const struct cli_verb cli_verb_matrix = {
	.name = "matrix",
	.args = "[FILE|DIRECTORY]...",
	.summary = "Try every design on every race: the table of verdicts",
	.details = "Races that are named, or those of the directories; else of tests/races. Each\n"
		   "cell is searched exhaustively for the time that it has, and what does not end\n"
		   "is sampled as well. What a race cannot be asked of a design follows from what\n"
		   "the race does and from what the design has.",
	.min_args = 0,
	.max_args = INT_MAX,
};

#define CELL_SECONDS	1.5

/* --- searching ------------------------------------------------------------ */

static char *work(void *arg, const char *line)
{
	json_t *cell;
	char *text;

	/* A second Ctrl-C is for the parent alone. */
	explore_catch_interrupt(false);
	cell = matrix_cell(arg, strtoul(line, NULL, 10));
	text = cell ? json_dumps(cell, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY) :
	       NULL;
	json_decref(cell);
	return text;
}

static char *next(void *arg)
{
	struct matrix *m = arg;
	char *line;

	if (m->next == matrix_size(m) || asprintf(&line, "%zu", m->next) < 0)
		return NULL;
	m->next++;
	return line;
}

static int done(void *arg, const char *line, const char *answer)
{
	json_t *cell = json_loads(answer, JSON_DECODE_ANY, NULL);
	struct matrix *m = arg;

	if (!cell)
		return -ENOMEM;
	if (json_is_integer(cell)) {
		m->status = json_integer_value(cell);
		json_decref(cell);
		return -ECANCELED;
	}
	m->cell[strtoul(line, NULL, 10)] = cell;
	m->done++;
	if (explore_wants_progress())
		fprintf(stderr, "\r%zu of %zu cells ", m->done, matrix_size(m));
	return 0;
}

/* One cell is lost, the others are not. */
static int died(void *arg, const char *line, const char *why)
{
	struct matrix *m = arg;
	size_t number = strtoul(line, NULL, 10);

	m->cell[number] = matrix_cell_failed(m, number, why);
	if (!m->cell[number])
		return -ENOMEM;
	m->done++;
	return 0;
}

static int search(struct matrix *m)
{
	const struct jobs jobs = {
		.nr = m->jobs,
		.arg = m,
		.next = next,
		.work = work,
		.done = done,
		.died = died,
		.interrupted = &explore_interrupted,
	};
	char error[256] = "", *line;
	int err;

	m->cell = calloc(matrix_size(m), sizeof(*m->cell));
	if (!m->cell)
		return cli_no_memory(m->verb);
	explore_catch_interrupt(true);
	err = jobs_run(&jobs, &line, error, sizeof(error));
	if (explore_wants_progress())
		fprintf(stderr, "\r%40s\r", "");
	if (!err || m->status != CLI_OK)
		return m->status;
	cli_refuse(m->verb, "%s", *error ? error : strerror(-err));
	return CLI_FAULT;
}

/* --- the document --------------------------------------------------------- */

static json_t *races(const struct matrix *m)
{
	json_t *list = json_array(), *text;
	size_t i;

	for (i = 0; i < m->nr_races; i++) {
		const struct matrix_race *r = &m->races[i];

		/* Comments need not be UTF-8. */
		text = r->text ? json_string(r->text) : NULL;
		json_array_append_new(list, json_pack("{s:s, s:s, s:o?}", "name",
			r->race->name.s, "question", r->race->question.s, "text", text));
	}
	return list;
}

static const char *summary(const char *name)
{
	const struct pin_design_info *d;
	size_t len;
	unsigned int i;

	for (i = 0; (d = pin_design_nth(i)); i++) {
		len = strlen(d->name);
		if (!strncmp(d->name, name, len) && !strcmp(name + len + (name[len] == ':'),
							    d->options))
			return d->summary;
	}
	return "your own";
}

static json_t *designs(const struct matrix *m)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < m->nr_designs; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "name", m->designs[i].name,
						      "summary", summary(m->designs[i].name)));
	return list;
}

static json_t *kernels(const struct matrix *m)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < m->nr_kernels; i++)
		json_array_append_new(list, json_string(m->kernels[i]));
	return list;
}

static json_t *cells(const struct matrix *m)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < matrix_size(m); i++)
		json_array_append_new(list, m->cell[i] ? json_incref(m->cell[i]) :
				      matrix_cell_not_run(m, i));
	return list;
}

/* --- what is told --------------------------------------------------------- */

static int print(const struct matrix *m, const struct report_matrix *doc)
{
	const struct report_style style = { .colour = cli_color() };
	struct cli_out out;
	int status = cli_out_open(m->verb, &m->common, &out), closed;

	if (status != CLI_OK)
		return status;
	if (out.json && report_matrix_json(out.json, doc) && !ferror(out.json))
		status = cli_no_memory(m->verb);
	if (out.html)
		report_matrix_html(out.html, doc);
	if (!cli_quiet(&m->common))
		report_matrix_text(stdout, &style, doc);
	closed = cli_out_close(m->verb, &m->common, &out);
	return status == CLI_OK ? closed : status;
}

static int status_of(const struct report_matrix *doc)
{
	int status = CLI_OK;
	json_t *cell;
	size_t i;

	json_array_foreach(doc->cells, i, cell) {
		const char *e = report_member(cell, "expectation");

		if (!strcmp(report_member(cell, "verdict"), "failed"))
			return CLI_FAULT;
		if (!strcmp(e, "disappointed"))
			status = CLI_VIOLATED;
		else if (!strcmp(e, "open") && status == CLI_OK)
			status = CLI_BUDGET;
	}
	return status;
}

static int report(const struct matrix *m)
{
	struct report_matrix doc = {
		.kernels = kernels(m),
		.races = races(m),
		.designs = designs(m),
		.cells = cells(m),
	};
	int status;

	if (json_array_size(doc.cells) != matrix_size(m) ||
	    json_array_size(doc.races) != m->nr_races ||
	    json_array_size(doc.designs) != m->nr_designs ||
	    json_array_size(doc.kernels) != m->nr_kernels)
		status = cli_no_memory(m->verb);
	else
		status = print(m, &doc);
	if (status == CLI_OK)
		status = status_of(&doc);
	json_decref(doc.kernels);
	json_decref(doc.races);
	json_decref(doc.designs);
	json_decref(doc.cells);
	return status;
}

/* One process for each processor that there is. */
static uint64_t processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : n;
}

int cli_matrix(int argc, char **argv)
{
	struct matrix m = { .verb = &cli_verb_matrix, .common = CLI_COMMON_INIT,
			    .seconds = CELL_SECONDS, .jobs = processors() };
	const struct cli_option options[] = {
		{ "design", CLI_LIST, "D", "a column; or your own file, beside the others",
		  &m.named_designs, 0, 0 },
		{ "kernel", CLI_LIST, "P", "kernel profile, a table each: 6.12 (default), 6.1 "
		  "or 5.17", &m.named_kernels, 0, 0 },
		{ "all-kernels", CLI_FLAG, NULL, "every kernel profile", &m.all_kernels, 0, 0 },
		{ "check", CLI_TEXT, "LIST", "checks: all, id,id or all,-id (what the race says)",
		  &m.common.checks, 0, 0 },
		{ "time", CLI_SECONDS, "S", "seconds that each cell has (1.5)", &m.seconds, 0,
		  0 },
		{ "executions", CLI_NUMBER, "N", "of each search of a cell, at most",
		  &m.executions, 1, UINT64_MAX },
		{ "unroll", CLI_NUMBER, "N", "re-entries of one fault before it is cut (3)",
		  &m.common.unroll, 1, CLI_UNROLL_MAX },
		{ "jobs", CLI_NUMBER, "N", "search in N processes (as there are processors)",
		  &m.jobs, 1, JOBS_MAX },
		{ "json", CLI_TEXT, "F", "write the matrix to F as JSON; - is standard output",
		  &m.common.json, 0, 0 },
		{ "html", CLI_TEXT, "F", "write it to F as a page; - is standard output",
		  &m.common.html, 0, 0 },
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	int first, status = cli_parse(&cli_verb_matrix, options, argc, argv, &first);

	if (status >= 0)
		return status;
	status = matrix_load(&m, argv + first);
	if (status == CLI_OK)
		status = search(&m);
	if (status == CLI_OK)
		status = report(&m);
	matrix_free(&m);
	return status;
}
