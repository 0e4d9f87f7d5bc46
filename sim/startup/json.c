/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A launch for machines: the members of one object. */
#include "fakes/profile.h"
#include "sim/report/report.h"
#include "sim/startup/startup.h"

static void member(FILE *out, const char *moment, const char *name, uint64_t value)
{
	char key[64];

	snprintf(key, sizeof(key), "%s_%s", moment, name);
	report_json_integer(out, key, (int64_t)value);
}

static void counts(FILE *out, const char *moment, const struct startup_counts *c)
{
	char key[64];

	member(out, moment, "pinned", c->pinned);
	member(out, moment, "held", c->held);
	member(out, moment, "taken", c->taken);
	member(out, moment, "migrated", c->migrated);
	member(out, moment, "flushed", c->flushed);
	member(out, moment, "wbinvd", c->wbinvd);
	member(out, moment, "notifier_calls", c->notifier_calls);
	member(out, moment, "charged", c->charged);
	member(out, moment, "metadata", c->metadata);
	member(out, moment, "faults", c->faults);
	member(out, moment, "steps", c->steps);
	snprintf(key, sizeof(key), "%s_lock", moment);
	report_json_string(out, key, *c->lock.name ? c->lock.name : NULL);
	member(out, moment, "lock_steps", c->lock.steps);
	member(out, moment, "host_bytes", c->host_bytes);
	member(out, moment, "host_ns", c->host_ns);
}

/**
 * startup_json() - a point, between report_json_item() and its end.
 * @out: where to
 * @costs: how long things take
 * @p: the point
 * @r: what came of it
 */
void startup_json(FILE *out, const struct startup_costs *costs, const struct startup_point *p,
		  const struct startup_result *r)
{
	double seconds = startup_seconds(costs, p);
	char touch[32];

	report_json_string(out, "design", p->design);
	report_json_string(out, "kernel", p->profile->name);
	report_json_integer(out, "memory", (int64_t)p->memory);
	report_json_integer(out, "page", (int64_t)STARTUP_PAGE_SIZE);
	report_json_string(out, "layout", startup_layout_name[p->layout]);
	report_json_string(out, "slots", p->one_slot ? "one" : "qemu");
	report_json_truth(out, "prealloc", p->prealloc);
	snprintf(touch, sizeof(touch), "%g", p->touch);
	report_json_string(out, "touch", touch);
	report_json_integer(out, "err", r->err);
	report_json_string(out, "at", r->err ? r->at : NULL);
	report_json_string(out, "why", *r->why ? r->why : NULL);
	report_json_integer(out, "boot_ms", seconds < 0 || r->err ? -1 :
			    (int64_t)(seconds * 1e3 + 0.5));
	counts(out, "launched", &r->launched);
	counts(out, "touched", &r->touched);
}
