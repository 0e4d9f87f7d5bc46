/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which steps happen before which, and which races follow from that.
 *
 * Each step on the path has a vector clock: for each task, the number of its
 * last step that happens before.  A step races with an earlier one of another
 * task if they depend on one another and nothing in between orders them; then
 * the other order is explored from the state before the earlier one.  What has
 * to begin there is one of the first of the steps that are not ordered after
 * the earlier one (an initial); if one of those is explored there or sleeps,
 * nothing is to be done.
 *
 * Locks: a task that takes a lock races with whoever had it, though letting go
 * orders the two: it is the whole section that changes places.  Nothing within
 * the section does, as the second task could not run there.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/explore/dpor_private.h"

struct hit {
	uint32_t event;		/* newest step of a task that goes before */
	uint32_t race;		/* newest that races, or 0 */
};

static void join(const struct dpor *s, uint32_t *clock, uint32_t event)
{
	const uint32_t *other = dpor_clock(s, event);
	unsigned int t;

	for (t = 0; t < s->nr_tasks; t++) {
		if (clock[t] < other[t])
			clock[t] = other[t];
	}
}

/* What is before a task's next step whatever that does. */
static void begin_clock(const struct dpor *s, unsigned int task, uint32_t *clock)
{
	const uint32_t *last = dpor_clock(s, s->last_event[task]);
	unsigned int t;

	for (t = 0; t < s->nr_tasks; t++)
		clock[t] = last[t];
	if (s->woke[task])
		join(s, clock, s->woke[task]);
}

/* ---- reversing a race ---- */

/*
 * The initials among the steps after @event that are not ordered after it, up
 * to @n; @n itself counts in any case if @last is set.  One of @covered is as
 * good as all.
 */
static uint32_t initials(const struct dpor *s, uint32_t event, uint32_t n, bool last,
			 uint32_t covered)
{
	unsigned int t, task = s->event[event].task;
	uint32_t first[SIM_MAX_TASKS], seen = 0, init = 0, i, rest;

	for (i = event + 1; i <= n; i++) {
		const uint32_t *clock = dpor_clock(s, i);

		if (clock[task] >= event && !(last && i == n))
			continue;
		t = s->event[i].task;
		if (seen & dpor_bit(t))
			continue;
		for (rest = seen; rest; rest &= rest - 1) {
			unsigned int other = __builtin_ctz(rest);

			if (first[other] <= clock[other])
				break;
		}
		seen |= dpor_bit(t);
		first[t] = i;
		if (!rest) {
			init |= dpor_bit(t);
			if (covered & dpor_bit(t))
				return init;
		}
	}
	return init;
}

static struct dpor_node *open_node(const struct dpor *s, uint32_t event)
{
	struct dpor_node *node;

	if (s->event[event].node == DPOR_NONE)
		return NULL;
	node = &s->node[s->event[event].node];
	return node->enabled & ~(node->wanted | node->sleep) ? node : NULL;
}

/*
 * Explore what has step @n before @event.  If only a part of what that step
 * touches is known, each of the first steps may have to come before it.
 */
static void reverse(struct dpor *s, uint32_t event, uint32_t n)
{
	struct dpor_node *node = open_node(s, event);
	uint32_t covered, init;
	unsigned int task = s->event[n].task;

	if (!node)
		return;
	if (s->feet.foot[s->event[n].foot].part) {
		node->wanted |= initials(s, event, n, true, 0) & node->enabled;
		node->wanted |= dpor_bit(task) & node->enabled;
		return;
	}
	covered = node->wanted | node->sleep;
	init = initials(s, event, n, true, covered) & node->enabled;
	/* None: it could not run there, and nobody could have helped it. */
	if (!init || (init & covered))
		return;
	node->wanted |= init & dpor_bit(task) ? dpor_bit(task) : init & -init;
}

/* ---- finding races ---- */

/* In the steps of @task after @since, newest first. */
static void look_back(struct dpor *s, uint32_t foot, unsigned int task, uint32_t since,
		      struct hit *hit)
{
	const uint8_t *row = dpor_relations(&s->feet, foot);
	uint32_t e;

	for (e = s->last_event[task]; e > since; e = s->event[e].before) {
		if (dpor_relation_in(&s->feet, row, s->event[e].foot, foot) & ~DPOR_KNOWN) {
			hit->event = e;
			hit->race = e;
			return;
		}
	}
}

/* The same for a step that takes a lock. */
static void look_back_for_locks(struct dpor *s, uint32_t foot, unsigned int task, uint32_t since,
				struct hit *hit)
{
	bool held = false, one = s->feet.foot[foot].acquires == 1;
	const uint8_t *row = dpor_relations(&s->feet, foot);
	uint32_t e;

	for (e = s->last_event[task]; e > since; e = s->event[e].before) {
		uint8_t r = dpor_relation_in(&s->feet, row, s->event[e].foot, foot) & ~DPOR_KNOWN;

		if (!r)
			continue;
		if (!hit->event)
			hit->event = e;
		if (r & DPOR_AFTER)
			held = true;
		if ((r & DPOR_DEPENDS) && !held && !hit->race)
			hit->race = e;
		if (!(r & DPOR_LOCK))
			continue;
		if (s->nr_locks == s->max_locks) {
			s->max_locks = 2 * s->max_locks + 64;
			s->lock = dpor_grow(s->lock, s->max_locks, sizeof(*s->lock));
		}
		s->lock[s->nr_locks++] = e;
		held = false;
		if (one && !(r & DPOR_NESTS))
			return;
	}
}

/*
 * Give the step in place nr_events + 1 its clock, and see to its races. A race
 * is none if what it is with goes before another step that goes before this.
 */
static void find_races(struct dpor *s, unsigned int task, uint32_t foot)
{
	uint32_t n = s->nr_events + 1, *clock = dpor_clock(s, n);
	struct hit hit[SIM_MAX_TASKS];
	uint32_t hits = 0, rest, others;
	unsigned int t;
	bool locks = s->feet.foot[foot].acquires;

	s->nr_locks = 0;
	begin_clock(s, task, clock);
	for (t = 0; t < s->nr_tasks; t++) {
		if (t == task || s->last_event[t] <= clock[t])
			continue;
		hit[t] = (struct hit){ 0 };
		if (locks)
			look_back_for_locks(s, foot, t, clock[t], &hit[t]);
		else
			look_back(s, foot, t, clock[t], &hit[t]);
		if (hit[t].event)
			hits |= dpor_bit(t);
	}
	for (rest = hits; rest; rest &= rest - 1) {
		t = __builtin_ctz(rest);
		for (others = hits & ~dpor_bit(t); hit[t].race && others; others &= others - 1) {
			if (dpor_clock(s, hit[__builtin_ctz(others)].event)[t] >= hit[t].race)
				hit[t].race = 0;
		}
		join(s, clock, hit[t].event);
	}
	clock[task] = n;
	for (rest = hits; rest; rest &= rest - 1) {
		t = __builtin_ctz(rest);
		if (hit[t].race)
			reverse(s, hit[t].race, n);
	}
	while (s->nr_locks)
		reverse(s, s->lock[--s->nr_locks], n);
}

static void grow_events(struct dpor *s)
{
	bool first = !s->max_events;

	s->max_events = first ? 256 : 2 * s->max_events;
	s->event = dpor_grow(s->event, s->max_events, sizeof(*s->event));
	s->clock = dpor_grow(s->clock, (size_t)s->max_events * s->nr_tasks, sizeof(*s->clock));
	/* Before the first step there is none: number 0 has an empty clock. */
	if (first)
		memset(s->clock, 0, s->nr_tasks * sizeof(*s->clock));
}

static struct dpor_event *next_event(struct dpor *s, unsigned int task, uint32_t foot)
{
	struct dpor_event *e;

	if (s->nr_events + 2 > s->max_events)
		grow_events(s);
	e = &s->event[s->nr_events + 1];
	e->foot = foot;
	e->node = s->node_now;
	e->before = s->last_event[task];
	e->woke = s->woke[task];
	e->enabled = s->enabled_now;
	e->task = task;
	return e;
}

void dpor_happened(struct dpor *s, unsigned int task, uint32_t foot)
{
	next_event(s, task, foot);
	if (s->pub->reduce)
		find_races(s, task, foot);
	s->last_event[task] = ++s->nr_events;
	s->woke[task] = 0;
}

void dpor_would_happen(struct dpor *s, unsigned int task, uint32_t foot)
{
	next_event(s, task, foot);
	find_races(s, task, foot);
}

/* ---- what follows a state ---- */

/* The footprints that race with one, as a row of bits. */
static const uint64_t *racing(struct dpor *s, uint32_t foot)
{
	struct dpor_feet *f = &s->feet;
	uint64_t *row;
	uint32_t i;

	if (f->racing_words * 64 < f->max) {
		uint32_t words = f->max / 64;
		uint64_t *new = dpor_grow(NULL, (size_t)f->max * words, sizeof(*new));

		f->raced = dpor_grow(f->raced, f->max, sizeof(*f->raced));
		memset(new, 0, (size_t)f->max * words * sizeof(*new));
		memset(f->raced, 0, f->max * sizeof(*f->raced));
		free(f->racing);
		f->racing = new;
		f->racing_words = words;
	}
	row = f->racing + (size_t)foot * f->racing_words;
	for (i = f->raced[foot]; i < f->nr; i++) {
		if (f->foot[i].task != f->foot[foot].task &&
		    dpor_relation(f, foot, i) & DPOR_RACES)
			row[i / 64] |= 1ULL << i % 64;
	}
	f->raced[foot] = f->nr;
	return row;
}

bool dpor_is_alone(struct dpor *s, uint32_t foot)
{
	const uint64_t *row = racing(s, foot);
	uint32_t i, words = (s->feet.nr + 63) / 64;
	uint64_t any = 0;

	for (i = 0; i < words; i++)
		any |= row[i];
	return !any;
}

struct following {
	const uint64_t *row;		/* what follows */
	uint32_t words, tasks;
	uint64_t *met;			/* what raced with a later step of the same task */
	uint32_t clock[SIM_MAX_TASKS][SIM_MAX_TASKS];
};

/*
 * Which tasks' coming steps race with a step, if that is @asked?  What races
 * with a later step of the same task does not, unless its lock may keep it from
 * changing places with that one.
 */
static uint32_t who_races(struct dpor *s, struct following *f, uint32_t event, bool asked,
			  bool *ret_part)
{
	const uint64_t *row = racing(s, s->event[event].foot), *kind;
	uint32_t i, rest, tasks = 0;

	for (i = 0; i < f->words; i++) {
		uint64_t bits = row[i] & f->row[i] & ~f->met[i];

		if (!bits)
			continue;
		kind = dpor_kinds(&s->feet, i);
		f->met[i] |= bits & ~kind[DPOR_ACQUIRES];
		if (!asked)
			continue;
		*ret_part |= (bits & kind[DPOR_PARTS]) != 0;
		for (rest = f->tasks & ~tasks; rest; rest &= rest - 1) {
			unsigned int t = __builtin_ctz(rest);

			if (bits & kind[t])
				tasks |= dpor_bit(t);
		}
	}
	return tasks;
}

static void follow_one(struct dpor *s, struct following *f, uint32_t event)
{
	const struct dpor_event *e = &s->event[event];
	struct dpor_node *node = open_node(s, event);
	uint32_t tasks, later = 0, covered, init, t;
	bool part = false;

	tasks = who_races(s, f, event, node, &part);
	if (!tasks)
		return;
	for (t = 0; t < s->nr_tasks; t++) {
		if (f->clock[t][e->task] >= event)
			later |= dpor_bit(t);
	}
	if (!(tasks & ~later))
		return;
	if (part) {
		node->wanted |= (initials(s, event, s->nr_events, false, 0) |
				 (f->tasks & ~later)) & node->enabled;
		return;
	}
	covered = node->wanted | node->sleep;
	init = initials(s, event, s->nr_events, false, covered) & node->enabled;
	if (init & covered)
		return;
	if (init)
		node->wanted |= init & -init;
	else
		/* Some step of what follows; which one is not known. */
		node->wanted |= f->tasks & ~later & node->enabled;
}

/* What races with steps of @task from @oldest on. */
static void follow_task(struct dpor *s, struct following *f, unsigned int task, uint32_t oldest)
{
	uint32_t since = s->nr_events, e, rest, i;

	/* What goes before all that follows races with none of it. */
	for (rest = f->tasks; rest; rest &= rest - 1) {
		uint32_t before = f->clock[__builtin_ctz(rest)][task];

		if (before < since)
			since = before;
	}
	if (since < oldest - 1)
		since = oldest - 1;
	for (i = 0; i < f->words; i++)
		f->met[i] = 0;
	for (e = s->last_event[task]; e > since; e = s->event[e].before)
		follow_one(s, f, e);
}

/* The oldest step in whose place something else may still be wanted, or 0. */
static uint32_t oldest_open(const struct dpor *s)
{
	size_t i;

	for (i = 0; i < s->depth; i++) {
		const struct dpor_node *node = &s->node[i];

		if (node->asks < 0 && node->enabled & ~(node->wanted | node->sleep))
			return node->events + 1;
	}
	return 0;
}

void dpor_follows(struct dpor *s, const uint64_t *row, uint32_t words, uint32_t tasks)
{
	struct following f;
	uint32_t t, oldest = oldest_open(s);

	if (!oldest)
		return;
	f.row = row;
	f.words = words;
	f.tasks = tasks;
	if (s->max_met < words) {
		s->max_met = 2 * words;
		s->met = dpor_grow(s->met, s->max_met, sizeof(*s->met));
	}
	f.met = s->met;
	for (t = 0; t < s->nr_tasks; t++) {
		begin_clock(s, t, f.clock[t]);
		f.clock[t][t] = s->nr_events;
	}
	for (t = 0; t < s->nr_tasks; t++)
		follow_task(s, &f, t, oldest);
}

void dpor_cut(struct dpor *s)
{
	uint32_t node = s->event[s->nr_events].node;

	if (node != DPOR_NONE)
		s->node[node].wanted |= s->node[node].enabled;
}

void dpor_expand(struct dpor *s, size_t from)
{
	for (; from < s->depth; from++) {
		struct dpor_node *node = &s->node[from];
		uint32_t first = node->events + 1;

		if (node->passed && first <= s->nr_events &&
		    dpor_is_alone(s, s->event[first].foot))
			dpor_foot_trust(&s->feet, s->event[first].foot);
		else
			node->wanted |= node->enabled;
	}
}
