/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Break-even: deferred work is done when the guest reaches its pages.  From which share
 * on has a design done as much as eager, which does it all at once?  In steps, by the
 * lines through what was counted before the guest ran and when it had touched its share.
 */
#include <string.h>

#include "sim/report/report.h"
#include "sim/startup/startup.h"

#define AGAINST	"eager"

/* Steps for all of the RAM, on top of those of the launch. */
static double slope(const struct startup_run *run)
{
	return ((double)run->result.touched.steps - (double)run->result.launched.steps) /
	       run->point.touch;
}

/**
 * startup_break_even() - where two designs have come to the same.
 * @run: a design's
 * @eager: the other's, of the same guest
 *
 * Return: the share of the RAM, 0 to 1, 0 if @run's launch alone has done as much;
 * negative if up to all of it it has done less, or that is not known.
 */
double startup_break_even(const struct startup_run *run, const struct startup_run *eager)
{
	double behind, steeper;

	if (!(run->point.touch > 0) || run->result.err || eager->result.err)
		return -1;
	behind = (double)eager->result.launched.steps - (double)run->result.launched.steps;
	if (behind <= 0)
		return 0;
	steeper = slope(run) - slope(eager);
	return steeper >= behind ? behind / steeper : -1;
}

/* The run of the same guest with eager, or NULL. */
static const struct startup_run *eager_of(const struct startup_report *rep,
					  const struct startup_run *run)
{
	size_t i;

	for (i = 0; i < rep->nr; i++)
		if (rep->runs[i].point.memory == run->point.memory &&
		    !strcmp(rep->runs[i].point.design, AGAINST))
			return &rep->runs[i];
	return NULL;
}

static const struct startup_run *other_of(const struct startup_report *rep, size_t i)
{
	const struct startup_run *run = &rep->runs[i], *eager = eager_of(rep, run);

	return eager != run && run->point.touch > 0 && !run->result.err ? eager : NULL;
}

static void share_text(double share, char buf[16])
{
	if (share < 0)
		snprintf(buf, 16, "never");
	else
		snprintf(buf, 16, "%.3f", share);
}

/**
 * startup_even_text() - break-even for people; nothing if there is no eager.
 * @out: where to
 * @rep: all points
 * @before: what begins a line, @between: what parts its columns, @after: what ends it
 */
void startup_even_text(FILE *out, const struct startup_report *rep, const char *before,
		       const char *between, const char *after)
{
	const struct startup_run *eager;
	char share[16];
	size_t i;

	for (i = 0; i < rep->nr; i++) {
		eager = other_of(rep, i);
		if (!eager)
			continue;
		share_text(startup_break_even(&rep->runs[i], eager), share);
		fprintf(out, "%s%-20s%s%8llu%s%8s%s\n", before, rep->runs[i].point.design, between,
			(unsigned long long)(rep->runs[i].point.memory >> 20), between, share,
			after);
	}
}

/**
 * startup_even_json() - the same as a member, a list of objects.
 * @out: where to
 * @rep: all points
 */
void startup_even_json(FILE *out, const struct startup_report *rep)
{
	const struct startup_run *eager;
	char share[16];
	size_t i, n = 0;

	report_json_list(out, "break_even");
	for (i = 0; i < rep->nr; i++) {
		eager = other_of(rep, i);
		if (!eager)
			continue;
		share_text(startup_break_even(&rep->runs[i], eager), share);
		report_json_item(out, ++n);
		report_json_string(out, "design", rep->runs[i].point.design);
		report_json_integer(out, "memory", (int64_t)rep->runs[i].point.memory);
		report_json_string(out, "share", share);
		report_json_item_end(out);
	}
	report_json_list_end(out);
}

/**
 * startup_has_even() - is there a break-even to tell?
 * @rep: all points
 *
 * Return: whether there is.
 */
bool startup_has_even(const struct startup_report *rep)
{
	size_t i;

	for (i = 0; i < rep->nr; i++)
		if (other_of(rep, i))
			return true;
	return false;
}
