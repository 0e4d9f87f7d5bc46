/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two searches as one: see join.h. */
#include <string.h>

#include "sim/explore/join.h"

static struct search_found *found_of(struct search_result *r, const char *check)
{
	unsigned int i;

	for (i = 0; i < r->nr_found; i++)
		if (!strcmp(r->found[i].violation.check, check))
			return &r->found[i];
	return NULL;
}

static void join_found(struct search_result *into, struct search_found *f)
{
	struct search_found *old = found_of(into, f->violation.check);

	if (old) {
		old->executions += f->executions;
		return;
	}
	if (into->nr_found == SEARCH_MAX_FOUND)
		return;
	into->found[into->nr_found++] = *f;
	memset(&f->schedule, 0, sizeof(f->schedule));
}

void search_join(struct search_result *into, struct search_result *from)
{
	unsigned int i;

	into->executions += from->executions;
	into->steps += from->steps;
	into->violated += from->violated;
	into->bounded += from->bounded;
	into->known += from->known;
	into->over_memory |= from->over_memory;
	if (!into->unexpected)
		memcpy(into->unexpected_text, from->unexpected_text,
		       sizeof(into->unexpected_text));
	into->unexpected += from->unexpected;
	for (i = 0; i < from->nr_found; i++)
		join_found(into, &from->found[i]);
	/* Conditions are the race's, in its order. */
	for (i = 0; i < into->nr_conds && i < from->nr_conds; i++) {
		into->conds[i].positive += from->conds[i].positive;
		into->conds[i].negative += from->conds[i].negative;
	}
}
