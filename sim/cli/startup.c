/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pinsim startup: what it takes to launch an SEV guest, by each design. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fakes/profile.h"
#include "pin/probe.h"
#include "sim/cli/cli.h"
#include "sim/report/report.h"
#include "sim/startup/startup.h"

const struct cli_verb cli_verb_startup = {
	.name = "startup",
	.args = "",
	.summary = "Count what it takes to launch a guest, by design and size",
	.details = "Launches a modelled SEV guest of each size with each design's code, and\n"
		   "counts what was done before its first instruction, and when it has written\n"
		   "to a part of its memory.",
	.min_args = 0,
	.max_args = 0,
};

#define MAX_SIZES	32
#define MAX_DESIGNS	32
#define MIN_MEMORY	(8ULL << 20)
#define MAX_MEMORY	(2ULL << 40)

/**
 * struct asked - what the options say
 * @memory: as typed; likewise the others
 * @sizes: bytes
 * @designs: names, of @design_text or of the catalogue
 */
struct asked {
	const char *memory, *page, *design, *kernel, *touch, *layout, *slots, *costs;
	struct cli_common common;
	uint64_t sizes[MAX_SIZES];
	unsigned int nr_sizes;
	char *design_text;
	char names[MAX_DESIGNS][64];
	unsigned int nr_names;
	struct startup_point point;
	struct startup_costs table;
};

static int parse_size(const char *text, uint64_t *ret)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;

	errno = 0;
	*ret = strtoull(text, &end, 10);
	if (errno || *text < '0' || *text > '9')
		return -EINVAL;
	unit = *end ? strchr(units, *end) : NULL;
	if (*end && (!unit || end[1]))
		return -EINVAL;
	for (; unit && unit >= units; unit--) {
		if (*ret > UINT64_MAX >> 10)
			return -EINVAL;
		*ret <<= 10;
	}
	return 0;
}

static int take_size(struct asked *a, const char *text)
{
	uint64_t bytes;

	if (parse_size(text, &bytes))
		return cli_refuse(&cli_verb_startup, "--memory: '%.40s' is not a size as 512M, 16G "
				  "or 1T", text);
	if (bytes < MIN_MEMORY || bytes > MAX_MEMORY || bytes % (4 << 20))
		return cli_refuse(&cli_verb_startup, "--memory: %.40s is not a multiple of 4M "
				  "within 8M..2T", text);
	if (a->nr_sizes == MAX_SIZES)
		return cli_refuse(&cli_verb_startup, "--memory: more than %d sizes", MAX_SIZES);
	a->sizes[a->nr_sizes++] = bytes;
	return CLI_OK;
}

static int add_name(struct asked *a, const char *name)
{
	if (a->nr_names == MAX_DESIGNS)
		return cli_refuse(&cli_verb_startup, "--design: more than %d", MAX_DESIGNS);
	snprintf(a->names[a->nr_names++], sizeof(a->names[0]), "%s", name);
	return CLI_OK;
}

static int take_design(struct asked *a, const char *text)
{
	const struct pin_design_info *info;
	int status = CLI_OK;
	unsigned int i;

	if (!strcmp(text, "all")) {
		for (i = 0; status == CLI_OK && (info = pin_design_nth(i)); i++) {
			char name[64];

			snprintf(name, sizeof(name), "%s%s%s", info->name,
				 *info->options ? ":" : "", info->options);
			status = add_name(a, name);
		}
		return status;
	}
	if (!pin_design_exists(text) || strlen(text) >= sizeof(a->names[0]))
		return cli_refuse(&cli_verb_startup, "no design is called '%.60s'; 'pinsim list "
				  "--designs' names them", text);
	return add_name(a, text);
}

/* Each part of a list with commas. */
static int take_list(struct asked *a, const char *list, int (*take)(struct asked *, const char *))
{
	char *copy = strdup(list), *save = NULL, *part;
	int status = CLI_OK;

	if (!copy)
		return cli_no_memory(&cli_verb_startup);
	part = strtok_r(copy, ",", &save);
	if (!part)
		status = take(a, "");
	for (; part && status == CLI_OK; part = strtok_r(NULL, ",", &save))
		status = take(a, part);
	free(copy);
	return status;
}

static int take_page(const char *text)
{
	if (!strcmp(text, "4k") || !strcmp(text, "4K"))
		return CLI_OK;
	if (!strcasecmp(text, "2M") || !strcasecmp(text, "1G"))
		return cli_refuse(&cli_verb_startup, "--page %s: large folios are not modelled "
				  "yet, only 4k is", text);
	return cli_refuse(&cli_verb_startup, "--page: '%.40s' is not a page size; 4k is", text);
}

static int take_layout(struct asked *a)
{
	unsigned int i;

	for (i = 0; i < STARTUP_NR_LAYOUTS; i++) {
		if (!strcmp(a->layout, startup_layout_name[i])) {
			a->point.layout = i;
			return CLI_OK;
		}
	}
	return cli_refuse(&cli_verb_startup, "--layout: '%.40s' is not normal, movable or cma",
			  a->layout);
}

static int take_rest(struct asked *a)
{
	char *end;

	a->point.profile = kernel_profile_find(a->kernel);
	if (!a->point.profile)
		return cli_refuse(&cli_verb_startup, "--kernel: there is no profile '%.40s'",
				  a->kernel);
	a->point.touch = strtod(a->touch, &end);
	if (*end || !*a->touch || strspn(a->touch, "0123456789.e-") != strlen(a->touch) ||
	    !(a->point.touch >= 0 && a->point.touch <= 1))
		return cli_refuse(&cli_verb_startup, "--touch: '%.40s' is not a number from 0 to 1",
				  a->touch);
	a->point.one_slot = !strcmp(a->slots, "one");
	if (!a->point.one_slot && strcmp(a->slots, "qemu"))
		return cli_refuse(&cli_verb_startup, "--slots: '%.40s' is not qemu or one",
				  a->slots);
	return take_layout(a);
}

static int take_costs(struct asked *a)
{
	char error[512];

	if (startup_costs_load(a->costs, &a->table, error, sizeof(error)))
		return CLI_OK;
	return cli_refuse(&cli_verb_startup, "--costs: %.200s: %s",
			  a->costs ? a->costs : "pinsim's own", error);
}

/* A page in use takes so much of the host's memory (measured: 99 bytes). */
#define HOST_BYTES	110

/* Does the host have what the largest guest takes? */
static int check_memory(const struct asked *a)
{
	uint64_t host = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	unsigned int i, k;

	for (i = 0; i < a->nr_sizes; i++) {
		for (k = 0; k < a->nr_names; k++) {
			bool all = a->point.prealloc ||
				   pin_design_traits(a->names[k]) & PIN_AT_REGISTER;
			double pages = (double)(a->sizes[i] / STARTUP_PAGE_SIZE);
			double need = pages * (all ? 1 : a->point.touch) * HOST_BYTES;

			if (need > (double)host)
				return cli_refuse(&cli_verb_startup, "%s with %" PRIu64
						  " GiB takes %.0f GiB of this host's memory, "
						  "which has %" PRIu64 " GiB", a->names[k],
						  a->sizes[i] >> 30, need / (1 << 30), host >> 30);
		}
	}
	return CLI_OK;
}

static int take_all(struct asked *a)
{
	int status = take_page(a->page);

	if (status == CLI_OK)
		status = take_list(a, a->memory, take_size);
	if (status == CLI_OK)
		status = take_list(a, a->design, take_design);
	if (status == CLI_OK)
		status = take_costs(a);
	if (status == CLI_OK)
		status = take_rest(a);
	return status == CLI_OK ? check_memory(a) : status;
}

/* Launch one guest and tell it. */
static int launch_one(const struct asked *a, struct startup_run *run, FILE *json, size_t number)
{
	const struct startup_point *p = &run->point;
	int err = startup_launch(p, &run->result);

	if (err) {
		cli_refuse(&cli_verb_startup, "%s: no machine for %" PRIu64 " bytes: %s", p->design,
			   p->memory, strerror(-err));
		return CLI_FAULT;
	}
	if (json) {
		report_json_item(json, number);
		startup_json(json, &a->table, p, &run->result);
		report_json_item_end(json);
	}
	if (!cli_quiet(&a->common)) {
		startup_text(stdout, &a->table, p, &run->result);
		fflush(stdout);
	}
	return CLI_OK;
}

/* All points, in the order of their sizes. @ret_nr: how many were launched. */
static int sweep(struct asked *a, FILE *json, struct startup_run *runs, size_t *ret_nr)
{
	int status = CLI_OK;
	unsigned int i, k;

	if (json) {
		report_json_begin(json, "startup");
		report_json_list(json, "points");
	}
	*ret_nr = 0;
	for (i = 0; i < a->nr_sizes; i++) {
		a->point.memory = a->sizes[i];
		for (k = 0; k < a->nr_names && status == CLI_OK; k++) {
			a->point.design = a->names[k];
			runs[*ret_nr].point = a->point;
			status = launch_one(a, &runs[*ret_nr], json, *ret_nr + 1);
			*ret_nr += status == CLI_OK;
		}
	}
	if (json)
		report_json_list_end(json);
	return status;
}

/* What takes all points together. */
static int tell_all(const struct asked *a, const struct cli_out *out,
		    const struct startup_report *report)
{
	if (!cli_quiet(&a->common) && startup_has_even(report)) {
		puts("as many steps as eager from this share of the RAM on (MiB, share)");
		startup_even_text(stdout, report, "  ", "", "");
	}
	if (out->json) {
		startup_even_json(out->json, report);
		report_json_end(out->json);
	}
	if (out->html && !startup_html(out->html, report))
		return cli_no_memory(&cli_verb_startup);
	return CLI_OK;
}

static int sweep_and_draw(struct asked *a, const struct cli_out *out)
{
	struct startup_run *runs = calloc((size_t)a->nr_sizes * a->nr_names, sizeof(*runs));
	struct startup_report report = { .costs = &a->table, .runs = runs };
	int status;

	if (!runs)
		return cli_no_memory(&cli_verb_startup);
	status = sweep(a, out->json, runs, &report.nr);
	if (status == CLI_OK)
		status = tell_all(a, out, &report);
	free(runs);
	return status;
}

/* So that lines go one way. */
static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int run(struct asked *a)
{
	struct cli_out out;
	int status = take_all(a), closed;

	if (status == CLI_OK)
		status = cli_out_open(&cli_verb_startup, &a->common, &out);
	if (status != CLI_OK)
		return status;
	qsort(a->sizes, a->nr_sizes, sizeof(a->sizes[0]), by_size);
	status = sweep_and_draw(a, &out);
	closed = cli_out_close(&cli_verb_startup, &a->common, &out);
	return status == CLI_OK ? closed : status;
}

int cli_startup(int argc, char **argv)
{
	struct asked a = { .memory = "64M,256M", .page = "4k", .design = "all", .kernel = "6.12",
			   .touch = "0.1", .layout = "normal", .slots = "qemu" };
	const struct cli_option options[] = {
		{ "memory", CLI_TEXT, "LIST", "sizes of the guest's RAM, as 4G,16G (64M,256M)",
		  &a.memory, 0, 0 },
		{ "page", CLI_TEXT, "SIZE", "size of its pages: 4k, the only one so far",
		  &a.page, 0, 0 },
		{ "design", CLI_TEXT, "LIST", "designs, as eager,demand-sound (all)",
		  &a.design, 0, 0 },
		{ "kernel", CLI_TEXT, "P", "kernel profile: 6.12 (default), 6.1 or 5.17",
		  &a.kernel, 0, 0 },
		{ "touch", CLI_TEXT, "FRACTION", "part of its RAM that it writes to, 0 to 1 (0.1)",
		  &a.touch, 0, 0 },
		{ "layout", CLI_TEXT, "WHERE", "where it lies: normal (default), movable or cma",
		  &a.layout, 0, 0 },
		{ "prealloc", CLI_FLAG, NULL, "the VMM has touched all of it before",
		  &a.point.prealloc, 0, 0 },
		{ "slots", CLI_TEXT, "HOW", "memslots: qemu (default), or one for all RAM",
		  &a.slots, 0, 0 },
		{ "costs", CLI_TEXT, "FILE", "table of costs, for boot times (pinsim's own)",
		  &a.costs, 0, 0 },
		{ "json", CLI_TEXT, "F", "write the results to F as JSON; - is standard output",
		  &a.common.json, 0, 0 },
		{ "html", CLI_TEXT, "F", "write plots and numbers to F as a page; - is stdout",
		  &a.common.html, 0, 0 },
		{ NULL, 0, NULL, NULL, NULL, 0, 0 },
	};
	int first, status = cli_parse(&cli_verb_startup, options, argc, argv, &first);

	return status >= 0 ? status : run(&a);
}
