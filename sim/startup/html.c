/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Launches as one page: plots, then the numbers. Nothing from elsewhere, no script. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/profile.h"
#include "sim/check/names.h"
#include "sim/startup/plot.h"
#include "sim/startup/startup.h"

#define MAX_LINES	32

static const char head[] =
"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
"<title>pinsim startup</title>\n<style>\n"
"body { font: 15px/1.4 sans-serif; margin: 1.5em; color: #000; background: #fff; }\n"
"figure { margin: 0 0 1.5em; }\nfigcaption { font-weight: bold; }\n"
"svg { max-width: 100%; height: auto; }\nsvg text { font: 12px sans-serif; }\n"
".grid { stroke: #ddd; }\n.axes { stroke: #000; fill: none; }\n"
"table { border-collapse: collapse; margin: 0 0 1.5em; }\n"
"caption { font-weight: bold; text-align: left; }\n"
"td, th { padding: 2px 8px; text-align: right; border-bottom: 1px solid #ddd; }\n"
"td:first-child, th:first-child { text-align: left; }\n"
"</style></head>\n<body>\n<h1>What it takes to launch a guest</h1>\n";

/* What a plot shows of a point. */
typedef double (*value_fn)(const struct startup_costs *costs, const struct startup_run *run);

static double launch_steps(const struct startup_costs *costs, const struct startup_run *run)
{
	return (double)run->result.launched.steps;
}

static double launch_pinned(const struct startup_costs *costs, const struct startup_run *run)
{
	return (double)run->result.launched.pinned;
}

static double metadata(const struct startup_costs *costs, const struct startup_run *run)
{
	return (double)run->result.launched.metadata;
}

static double boot_time(const struct startup_costs *costs, const struct startup_run *run)
{
	return startup_seconds(costs, &run->point);
}

/* The line of a design, made if there is none. */
static struct plot_line *line_of(struct plot_line *lines, unsigned int *nr, const char *design)
{
	unsigned int i;

	for (i = 0; i < *nr; i++)
		if (!strcmp(lines[i].name, design))
			return &lines[i];
	if (*nr == MAX_LINES)
		return NULL;
	lines[*nr].name = design;
	lines[*nr].nr = 0;
	return &lines[(*nr)++];
}

static void add(struct plot_line *l, double x, double y)
{
	if (!l || l->nr == PLOT_MAX_POINTS || y < 0)
		return;
	l->x[l->nr] = x;
	l->y[l->nr++] = y;
}

/* Something against the guest's size; what was refused has no part in it. */
static void plot_by_memory(FILE *out, const struct startup_report *rep, struct plot_line *lines,
			   const char *title, const char *unit, bool log_y, value_fn value)
{
	struct plot p = { .title = title, .x = "memory of the guest", .y = unit, .log_x = true,
			  .log_y = log_y, .lines = lines };
	size_t i;

	for (i = 0; i < rep->nr; i++) {
		const struct startup_run *run = &rep->runs[i];
		struct plot_line *l = line_of(lines, &p.nr, run->point.design);

		if (!run->result.err)
			add(l, (double)run->point.memory, value(rep->costs, run));
	}
	plot_svg(out, &p);
}

/* Steps before the guest ran, and when it has touched its share. */
static void plot_by_touch(FILE *out, const struct startup_report *rep, struct plot_line *lines)
{
	struct plot p = { .title = "Work against the share that the guest has touched, "
				   "for the largest guest", .x = "share", .y = "steps",
			  .lines = lines };
	size_t i;

	for (i = 0; i < rep->nr; i++) {
		const struct startup_run *run = &rep->runs[i];
		struct plot_line *l;

		if (run->point.memory != rep->runs[rep->nr - 1].point.memory)
			continue;
		l = line_of(lines, &p.nr, run->point.design);
		if (run->result.err)
			continue;
		add(l, 0, (double)run->result.launched.steps);
		add(l, run->point.touch, (double)run->result.touched.steps);
	}
	plot_svg(out, &p);
}

static void put_cells(FILE *out, const struct startup_counts *c)
{
	const uint64_t cells[] = { c->pinned, c->held, c->taken, c->migrated, c->flushed,
				   c->notifier_calls, c->charged, c->metadata, c->faults,
				   c->steps, c->lock.steps };
	unsigned int i;

	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		fprintf(out, "<td>%" PRIu64, cells[i]);
	fputs("\n", out);
}

static void put_table(FILE *out, const struct startup_report *rep)
{
	char err[NAME_SIZE];
	size_t i;

	fputs("<table><tr><th>design<th>MiB<th>when<th>pinned<th>held<th>taken<th>migrated"
	      "<th>bytes flushed<th>notifier calls<th>charged<th>metadata<th>faults<th>steps"
	      "<th>longest lock\n", out);
	for (i = 0; i < rep->nr; i++) {
		const struct startup_run *run = &rep->runs[i];

		fprintf(out, "<tr><td>%s<td>%" PRIu64 "<td>launched", run->point.design,
			run->point.memory >> 20);
		put_cells(out, &run->result.launched);
		fputs("<tr><td><td><td>touched", out);
		put_cells(out, &run->result.touched);
		if (run->result.err)
			fprintf(out, "<tr><td><td><td>ends<td colspan=\"11\">%s: %s %s\n",
				run->result.at, name_errno(run->result.err, err, sizeof(err)),
				run->result.why);
	}
	fputs("</table>\n", out);
}

static void put_even(FILE *out, const struct startup_report *rep)
{
	if (!startup_has_even(rep))
		return;
	fputs("<table><caption>Share touched from which on a design has taken as many steps as "
	      "eager</caption>\n<tr><th>design<th>MiB<th>share\n", out);
	startup_even_text(out, rep, "<tr><td>", "<td>", "");
	fputs("</table>\n", out);
}

/**
 * startup_html() - all points as a page.
 * @out: where to
 * @rep: points in the order of their sizes, at least one
 *
 * Return: whether there was memory for it.
 */
bool startup_html(FILE *out, const struct startup_report *rep)
{
	struct plot_line *lines = calloc(MAX_LINES, sizeof(*lines));

	if (!lines)
		return false;
	fputs(head, out);
	fprintf(out, "<p>Kernel %s, %s memory%s; the guest touches %g of it. Steps are the "
		"simulated kernel's.</p>\n", rep->runs[0].point.profile->name,
		startup_layout_name[rep->runs[0].point.layout],
		rep->runs[0].point.prealloc ? ", preallocated" : "", rep->runs[0].point.touch);
	plot_by_memory(out, rep, lines, "Boot time by the table of costs", "seconds", false,
		       boot_time);
	plot_by_memory(out, rep, lines, "Work before the first guest instruction", "steps", true,
		       launch_steps);
	plot_by_memory(out, rep, lines, "Pages pinned before the first guest instruction", "pages",
		       true, launch_pinned);
	plot_by_memory(out, rep, lines, "Metadata", "bytes", true, metadata);
	plot_by_touch(out, rep, lines);
	put_even(out, rep);
	put_table(out, rep);
	fputs("</body></html>\n", out);
	free(lines);
	return true;
}
