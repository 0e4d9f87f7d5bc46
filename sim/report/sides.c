/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two sides of a data race, each with how it came there: the functions of
 * the code under test, innermost first, by source line.
 */
#include <inttypes.h>

#include "sim/engine/where.h"
#include "sim/report/report_private.h"

static const struct sim_record *find_race(const struct report_story *story)
{
	for (size_t i = 0; i < story->nr_recs; i++) {
		if (story->recs[i].verb == SIM_X_RACE)
			return &story->recs[i];
	}
	return NULL;
}

static void print_frame(FILE *out, const struct sim_record *rec)
{
	char where[SIM_WHERE_SIZE];
	const char *outer = sim_where_inlined((uint64_t)rec->a);

	fprintf(out, "    #%" PRId64 " %s%s%s\n", rec->b, sim_where((uint64_t)rec->a, where),
		outer ? ", inlined into " : "", outer ? outer : "");
}

static void print_side(FILE *out, const struct report_story *story, int task, uint64_t time)
{
	char who[NAME_SIZE], what[NAME_SIZE];

	for (size_t i = 0; i < story->nr_recs; i++) {
		const struct sim_record *rec = &story->recs[i];

		if (rec->time != time || rec->task != task)
			continue;
		if (rec->verb == SIM_LOAD || rec->verb == SIM_STORE)
			fprintf(out, "  %s, step %" PRIu64 ": %s %s of %u bytes at +%" PRId64
				" of %s\n", name_task(story->names, task, who, sizeof(who)), time,
				rec->a >> 32 ? "marked" : "plain", name_verb(rec->verb),
				(unsigned int)rec->a, rec->b,
				name_obj(story->names, rec->obj, what, sizeof(what)));
		else if (rec->verb == SIM_FRAME)
			print_frame(out, rec);
	}
}

void report_sides(FILE *out, const struct report_story *story)
{
	const struct sim_record *race = find_race(story);

	if (!race)
		return;
	fputs("\nThe two sides of the data race:\n", out);
	print_side(out, story, (int)race->a, (uint64_t)race->b);
	print_side(out, story, race->task, race->time);
}
