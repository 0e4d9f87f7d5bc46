/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Priorities and change points: see pct.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/engine/bug.h"
#include "sim/explore/pct.h"

/* The change points, whose priorities are 1..d-1, leave these to the tasks. */
#define PRIORITY_BASE	(SIM_PCT_MAX_DEPTH + 1)

/* k and the objects are learnt from the first executions. */
static bool learning(const struct sim_pct *p)
{
	return p->begun <= SIM_PCT_MEASURE;
}

static unsigned int highest(const struct sim_pct *p, uint32_t n, const uint8_t *tasks)
{
	unsigned int best = 0, i;

	for (i = 1; i < n; i++)
		if (p->priority[tasks[i]] > p->priority[tasks[best]])
			best = i;
	return best;
}

/* --- objects that tasks meet at -------------------------------------------- */

/* Return: the object's entry, a new one if need be; NULL if there is no room. */
static struct sim_pct_object *find_object(struct sim_pct *p, sim_obj_t obj)
{
	uint32_t i = (uint32_t)((obj * 0x9e3779b97f4a7c15ULL) >> 32) % SIM_PCT_OBJECTS;
	uint32_t tries;

	for (tries = 0; tries < SIM_PCT_OBJECTS; tries++) {
		struct sim_pct_object *o = &p->object[(i + tries) % SIM_PCT_OBJECTS];

		if (!o->tasks)
			o->obj = obj;
		if (o->obj == obj)
			return o;
	}
	return NULL;
}

/* @task is about to do something to an object. */
static void learn(struct sim_pct *p, unsigned int task)
{
	struct sim_pct_object *o = find_object(p, sim_task_next(task, NULL, NULL));

	if (!o)
		return;
	o->tasks |= 1ULL << task;
	if (o->execution != p->begun) {
		o->execution = p->begun;
		o->here = 0;
	}
	if (++o->here > o->most)
		o->most = o->here;
}

/* What was learnt: the objects that more than one task came to. */
static void find_contended(struct sim_pct *p)
{
	uint32_t i;

	for (i = 0; i < SIM_PCT_OBJECTS; i++)
		if (p->object[i].tasks & (p->object[i].tasks - 1))
			p->contended[p->nr_contended++] = i;
}

static void draw_focus(struct sim_pct *p)
{
	if (p->nr_contended)
		p->focus = &p->object[p->contended[sim_rng_below(&p->rng, p->nr_contended)]];
}

/* --- choosing ------------------------------------------------------------- */

static bool is_change(const struct sim_pct *p)
{
	return p->next < p->depth - 1 && p->change[p->next].at == p->at;
}

/* Any choice may be a change point, and more than one may lie at it. */
static unsigned int choose_anywhere(struct sim_pct *p, uint32_t n, const uint8_t *tasks)
{
	unsigned int best = highest(p, n, tasks);

	while (is_change(p)) {
		p->priority[tasks[best]] = p->change[p->next++].priority;
		best = highest(p, n, tasks);
	}
	p->at++;
	return best;
}

/* Only where a task comes to the one object. */
static unsigned int choose_focused(struct sim_pct *p, uint32_t n, const uint8_t *tasks)
{
	unsigned int best = highest(p, n, tasks);

	while (sim_task_next(tasks[best], NULL, NULL) == p->focus->obj) {
		bool change = is_change(p);

		p->at++;
		if (!change)
			break;
		p->priority[tasks[best]] = p->change[p->next++].priority;
		best = highest(p, n, tasks);
	}
	return best;
}

static int pct_choose(struct sim_strategy *self, uint32_t n, const uint8_t *tasks,
		      const char *tag)
{
	struct sim_pct *p = (struct sim_pct *)self;
	unsigned int best;

	(void)tag;
	if (!tasks)
		return sim_rng_below(&p->rng, n);
	p->asked++;
	best = p->focus ? choose_focused(p, n, tasks) : choose_anywhere(p, n, tasks);
	if (tasks[best] != p->ran)
		p->repeats.row = 0;
	p->repeats.row++;
	if (p->hashing && sim_repeats(&p->repeats, tasks[best])) {
		sim_pct_demote(p, tasks[best]);
		best = highest(p, n, tasks);
		p->repeats.row = 0;
	}
	p->ran = tasks[best];
	if (learning(p) && !p->focus)
		learn(p, tasks[best]);
	return best;
}

void sim_pct_init(struct sim_pct *p, uint64_t seed, uint32_t depth, uint64_t k)
{
	SIM_BUG_ON(!depth || depth > SIM_PCT_MAX_DEPTH);
	memset(p, 0, sizeof(*p));
	p->strategy.choose = pct_choose;
	p->depth = depth;
	p->given = k != 0;
	p->k = k;
	sim_rng_seed(&p->rng, seed);
}

/* A random order of the tasks. */
static void draw_priorities(struct sim_pct *p)
{
	unsigned int i;

	p->nr_tasks = sim_nr_tasks();
	for (i = 0; i < p->nr_tasks; i++) {
		unsigned int at = sim_rng_below(&p->rng, i + 1);

		p->priority[i] = p->priority[at];
		p->priority[at] = PRIORITY_BASE + i;
	}
}

static void draw_change_points(struct sim_pct *p)
{
	uint64_t k = p->focus ? p->focus->most + p->depth - 1 : p->k;
	unsigned int i, at;

	/* A k above 2^32 is nobody's; the draw is from 32 bits. */
	if (k > UINT32_MAX)
		k = UINT32_MAX;
	for (i = 0; i < p->depth - 1; i++) {
		uint64_t point = k ? sim_rng_below(&p->rng, k) : 0;

		for (at = i; at && p->change[at - 1].at > point; at--)
			p->change[at] = p->change[at - 1];
		p->change[at].at = point;
		p->change[at].priority = i + 1;
	}
	/* Each below the one before it: the tasks take turns at the object. */
	for (i = 0; p->focus && i < p->depth - 1; i++)
		p->change[i].priority = p->depth - 1 - i;
}

void sim_pct_begin(struct sim_pct *p)
{
	p->begun++;
	p->asked = 0;
	p->at = 0;
	p->next = 0;
	p->floor = 0;
	p->ran = -1;
	p->repeats.row = 0;
	p->focus = NULL;
	draw_priorities(p);
	if (!learning(p) && p->begun % 4)
		draw_focus(p);
	draw_change_points(p);
}

void sim_pct_end(struct sim_pct *p)
{
	if (p->asked > p->longest)
		p->longest = p->asked;
	if (p->begun == SIM_PCT_MEASURE)
		find_contended(p);
	if (!p->given && learning(p)) {
		/* Sixteen do not meet the longest; a larger k costs less than a void one. */
		p->k = p->longest + (p->longest + 3) / 4;
		return;
	}
	p->executions += !p->focus;
	p->exceeded += p->asked > p->k;
}

void sim_pct_demote(struct sim_pct *p, unsigned int task)
{
	p->priority[task] = --p->floor;
	p->demoted++;
}

double sim_pct_guarantee(const struct sim_pct *p)
{
	double chance = 1;
	uint32_t i;

	if (p->exceeded || !p->executions || !p->nr_tasks)
		return 0;
	for (i = 1; i < p->depth; i++)
		chance /= p->k ? p->k : 1;
	return chance / p->nr_tasks;
}

/* 1 - (1 - chance)^n, without libm. */
static double of_any(double chance, uint64_t n)
{
	double miss = 1, factor = 1 - chance;

	for (; n; n >>= 1) {
		if (n & 1)
			miss *= factor;
		factor *= factor;
	}
	return 1 - miss;
}

void sim_pct_words(const struct sim_pct *p, char *buf, size_t size)
{
	double chance = sim_pct_guarantee(p);

	if (p->exceeded)
		snprintf(buf, size, "pct: no guarantee: %" PRIu64 " of %" PRIu64 " executions made "
			 "more than k = %" PRIu64 " choices, up to %" PRIu64, p->exceeded,
			 p->begun, p->k, p->longest);
	else if (!p->executions)
		snprintf(buf, size, "pct: no guarantee: no execution beyond the %" PRIu64
			 " that measured k", p->begun);
	else
		snprintf(buf, size, "pct: a bug of depth %" PRIu32 " is met by an execution with "
			 "probability 1/(n k^%" PRIu32 ") = %.2g or more, by one of %" PRIu64
			 " with %.2g (n = %" PRIu32 ", k = %" PRIu64 ")", p->depth, p->depth - 1,
			 chance, p->executions, of_any(chance, p->executions), p->nr_tasks,
			 p->k);
}
