/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who stands in the way of a migration: the references that its check of the
 * counts found beyond its own, each by the task and the function that took it.
 *
 * The record holds two numbers only. What was taken and not dropped until then
 * is added up from the records before it; if that is not the number found,
 * nothing is said.
 */
#include <inttypes.h>
#include <string.h>

#include "fakes/mm/probe.h"
#include "sim/engine/image.h"
#include "sim/report/report_private.h"

#define MAX_OPEN	16
#define PIN_BIAS	1024	/* of a small folio (A.9) */

struct open_ref {
	const char *site;
	int64_t n;
	int16_t task;
	uint8_t kind;
};

struct open_refs {
	struct open_ref ref[MAX_OPEN];
	unsigned int nr;
};

static bool take(struct open_refs *open, const struct sim_record *rec, uint8_t kind,
		 int64_t n)
{
	struct open_ref *ref = &open->ref[open->nr];

	if (open->nr == MAX_OPEN)
		return false;
	ref->site = rec->site ? rec->site : "?";
	ref->n = n;
	ref->task = rec->task;
	ref->kind = kind;
	open->nr++;
	return true;
}

/* The youngest of that kind that the task took itself, else that anybody took. */
static struct open_ref *find(struct open_refs *open, uint8_t kind, int16_t task)
{
	struct open_ref *found = NULL;

	for (unsigned int i = 0; i < open->nr; i++) {
		struct open_ref *ref = &open->ref[i];

		if (ref->kind != kind)
			continue;
		if (!found || ref->task == task || found->task != task)
			found = ref;
	}
	return found;
}

static bool drop(struct open_refs *open, const struct sim_record *rec)
{
	int64_t n = SIM_REF_UNITS(rec->a);

	while (n > 0) {
		struct open_ref *ref = find(open, SIM_REF_KIND(rec->a), rec->task);
		int64_t some;

		/* What the allocator gave has been handed on, to a PTE say. */
		if (!ref)
			ref = find(open, PAGE_REF_ALLOC, rec->task);
		if (!ref)
			return false;
		some = ref->n < n ? ref->n : n;
		ref->n -= some;
		n -= some;
		if (ref->n)
			continue;
		open->nr--;
		memmove(ref, ref + 1, (size_t)(&open->ref[open->nr] - ref) * sizeof(*ref));
	}
	return true;
}

static bool is_ref(const struct sim_record *rec)
{
	return rec->verb == SIM_GET || rec->verb == SIM_PUT || rec->verb == SIM_PIN ||
	       rec->verb == SIM_UNPIN;
}

/* What @rec adds to the count that it leaves in its b. */
static int64_t delta(const struct sim_record *rec)
{
	int64_t n = SIM_REF_UNITS(rec->a);

	if (rec->verb == SIM_PIN || rec->verb == SIM_UNPIN)
		n *= PIN_BIAS;
	return rec->verb == SIM_GET || rec->verb == SIM_PIN ? n : -n;
}

/* A page of the set-up has references that no record tells of. */
static void begin(struct open_refs *open, const struct sim_record *rec)
{
	int64_t n = rec->b - delta(rec);

	if (n > 0)
		open->ref[open->nr++] = (struct open_ref){
			.n = n, .task = -1, .kind = PAGE_REF_ALLOC,
		};
}

/* Return: false if that cannot be. */
static bool follow(struct open_refs *open, const struct sim_record *rec)
{
	switch (rec->verb) {
	case SIM_ALLOC:
		open->nr = 0;
		return take(open, rec, PAGE_REF_ALLOC, 1);
	case SIM_GET:
	case SIM_PIN:
		return take(open, rec, SIM_REF_KIND(rec->a), SIM_REF_UNITS(rec->a));
	case SIM_PUT:
	case SIM_UNPIN:
		return drop(open, rec);
	default:
		return true;
	}
}

/* Return: false if the records up to @i do not add up. */
static bool collect(const struct report_story *story, size_t i, struct open_refs *open)
{
	sim_obj_t page = story->recs[i].obj;
	int64_t sum = 0;
	bool begun = false;

	open->nr = 0;
	for (size_t k = 0; k < i; k++) {
		const struct sim_record *rec = &story->recs[k];

		if (rec->is_step || rec->obj != page)
			continue;
		if (!begun && is_ref(rec))
			begin(open, rec);
		begun |= is_ref(rec) || rec->verb == SIM_ALLOC;
		if (!follow(open, rec))
			return false;
	}
	for (unsigned int r = 0; r < open->nr; r++) {
		if (!open->ref[r].site)
			return false;
		sum += open->ref[r].n * (open->ref[r].kind == PAGE_REF_PIN ? PIN_BIAS : 1);
	}
	return sum == story->recs[i].a;
}

void in_the_way(const struct report_story *story, size_t i, char *buf, size_t size)
{
	const struct sim_record *rec = &story->recs[i];
	const char *lead = "; in the way: ";
	struct open_refs open;
	struct open_ref *own;
	char task[NAME_SIZE], site[SIM_SITE_SIZE];
	size_t used = strlen(buf);

	if (rec->verb != SIM_REFCHECK || rec->is_step || rec->a == rec->b ||
	    !collect(story, i, &open))
		return;
	/* The isolation is what the migration itself holds. */
	own = find(&open, PAGE_REF_ISOLATE, rec->task);
	if (own && own->task == rec->task)
		own->n--;
	for (unsigned int r = 0; r < open.nr && used < size; r++) {
		const struct open_ref *ref = &open.ref[r];

		if (!ref->n)
			continue;
		used += (size_t)snprintf(buf + used, size - used, "%s%s of %s in %s", lead,
					 probe_ref_kind_name(ref->kind),
					 name_task(story->names, ref->task, task, sizeof(task)),
					 sim_site_text(ref->site, site));
		lead = ", ";
	}
}
