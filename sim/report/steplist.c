/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The numbered list: everything that happened, in order, with virtual time,
 * site and what it did to the counts.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/engine/image.h"
#include "sim/report/report_private.h"

struct widths {
	int task, obj;
};

static void measure(const struct report_story *story, struct widths *w)
{
	char buf[NAME_SIZE];

	w->task = 6;
	w->obj = 6;
	for (size_t i = 0; i < story->nr_recs; i++) {
		const struct sim_record *rec = &story->recs[i];
		int task = (int)strlen(name_task(story->names, rec->task, buf, sizeof(buf)));
		int obj = (int)strlen(name_obj(story->names, rec->obj, buf, sizeof(buf)));

		w->task = task > w->task ? task : w->task;
		w->obj = obj > w->obj ? obj : w->obj;
	}
	if (w->obj > 28)
		w->obj = 28;
}

static void print_record(FILE *out, const struct report_story *story, const struct widths *w,
			 size_t number, const struct sim_record *rec)
{
	char task[NAME_SIZE], obj[NAME_SIZE], detail[ROW_SIZE];
	const char *place = sim_site_place(rec->site);

	record_detail(story->names, rec, detail, sizeof(detail));
	fprintf(out, "%5zu %6" PRIu64 "  %-*s  %-12s  %-*s  %-24s  %s%s%s\n", number, rec->time,
		w->task, name_task(story->names, rec->task, task, sizeof(task)),
		name_verb(rec->verb), w->obj,
		name_obj(story->names, rec->obj, obj, sizeof(obj)), detail,
		rec->site ? rec->site : "", place ? " " : "", place ? place : "");
}

/**
 * report_steplist() - every record of an execution
 * @out: where to
 * @story: the execution
 *
 * A step that is followed by the note of what it did is one line.
 */
void report_steplist(FILE *out, const struct report_story *story)
{
	struct widths w;
	size_t number = 0;

	measure(story, &w);
	fprintf(out, "%5s %6s  %-*s  %-12s  %-*s  %-24s  %s\n", "#", "time", w.task, "task",
		"verb", w.obj, "object", "what", "in");
	for (size_t i = 0; i < story->nr_recs; i++) {
		const struct sim_record *rec = &story->recs[i];

		if (told_later(story, i))
			continue;
		print_record(out, story, &w, ++number, rec);
	}
	for (unsigned int i = 0; i < story->nr_violations; i++)
		fprintf(out, "      %6" PRIu64 "  *** %s: %s\n", story->violations[i].time,
			story->violations[i].check, story->violations[i].text);
}
