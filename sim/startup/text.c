/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A launch for people: a line for each count, one column for each moment. */
#include <inttypes.h>
#include <string.h>

#include "sim/check/names.h"
#include "sim/startup/startup.h"

static void row(FILE *out, const char *what, uint64_t launched, uint64_t touched)
{
	fprintf(out, "  %-28s %16" PRIu64 " %16" PRIu64 "\n", what, launched, touched);
}

static void size_text(uint64_t bytes, char *buf, size_t size)
{
	static const char units[] = "KMGT";
	unsigned int u = 0;

	for (bytes >>= 10; u < 3 && bytes && !(bytes & 1023); u++)
		bytes >>= 10;
	snprintf(buf, size, "%" PRIu64 "%c", bytes, units[u]);
}

static void lock_row(FILE *out, const char *moment, const struct startup_lock *l)
{
	if (*l->name)
		fprintf(out, "  lock held longest %-11s%16" PRIu64 " steps, %s\n", moment,
			l->steps, l->name);
}

static void rows(FILE *out, const struct startup_counts *a, const struct startup_counts *b)
{
	fprintf(out, "  %-28s %16s %16s\n", "", "launched", "touched");
	row(out, "pages pinned", a->pinned, b->pinned);
	row(out, "references held", a->held, b->held);
	row(out, "references taken", a->taken, b->taken);
	row(out, "pages migrated", a->migrated, b->migrated);
	row(out, "bytes flushed", a->flushed, b->flushed);
	row(out, "all caches flushed", a->wbinvd, b->wbinvd);
	row(out, "notifier calls", a->notifier_calls, b->notifier_calls);
	row(out, "pages charged to memlock", a->charged, b->charged);
	row(out, "bytes of metadata", a->metadata, b->metadata);
	row(out, "guest faults", a->faults, b->faults);
	row(out, "steps", a->steps, b->steps);
	lock_row(out, "(launched)", &a->lock);
	lock_row(out, "(touched)", &b->lock);
}

/**
 * startup_text() - one point.
 * @out: where to
 * @costs: how long things take
 * @p: the point
 * @r: what came of it
 */
void startup_text(FILE *out, const struct startup_costs *costs, const struct startup_point *p,
		  const struct startup_result *r)
{
	double seconds = startup_seconds(costs, p);
	char size[32], err[NAME_SIZE];

	size_text(p->memory, size, sizeof(size));
	fprintf(out, "%s, %s of RAM in %s memory%s%s\n", p->design, size,
		startup_layout_name[p->layout], p->prealloc ? ", preallocated" : "",
		p->one_slot ? ", one slot" : "");
	if (r->err)
		fprintf(out, "  ends: %s: %s%s%s\n", r->at, name_errno(r->err, err, sizeof(err)),
			*r->why ? ": " : "", r->why);
	rows(out, &r->launched, &r->touched);
	if (seconds >= 0 && !r->err)
		fprintf(out, "  boot time by the table of costs: %.2f s\n", seconds);
	fprintf(out, "  pinsim itself: %.1f MiB, %.2f s\n\n",
		(double)r->touched.host_bytes / (1 << 20), (double)r->touched.host_ns / 1e9);
}
