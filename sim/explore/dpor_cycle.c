/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cycles of states that the search by partial-order reduction meets.
 *
 * A path that comes back to a state on it ends: whatever follows was explored
 * from there, or will be.  Two things have to be seen to.
 *
 * Nobody may be left out all around the cycle: a task that is independent of
 * all of it would never get to run.  So all that can run runs at its states.
 *
 * And a livelock may take several cycles, each unfair: one task goes round while
 * another waits, then the other way about.  Cycles with a state in common can be
 * run in turn.  So each state on the path remembers the cycles that led back to
 * it, as long as they add a task, and as choices, so that there is a schedule.
 */
#include <string.h>

#include "sim/explore/dpor_private.h"

size_t dpor_cycle_enter(struct dpor *s, struct sim_hash state)
{
	uint32_t point = sim_cycles_find(&s->cycles, state);

	if (point != SIM_CYCLES_NONE)
		return s->cycles.point[point].tag;
	sim_cycles_add(&s->cycles, state, s->depth, s->steps);
	return SIZE_MAX;
}

/* ---- choices to be taken again ---- */

static struct dpor_pick pick_at(const struct dpor *s, size_t i)
{
	const struct dpor_node *node = &s->node[i];
	int last = i + 1 < s->depth ? s->node[i + 1].last : s->last;

	if (node->asks >= 0)
		return (struct dpor_pick){ .n = node->n, .answer = s->choice[i], .last = last };
	return (struct dpor_pick){ .enabled = node->enabled, .task = node->task, .last = last };
}

static void add_picks(const struct dpor *s, struct dpor_tour *tour, size_t from, size_t to)
{
	if (tour->nr + to - from > tour->max) {
		tour->max = 2 * tour->max + to - from;
		tour->pick = dpor_grow(tour->pick, tour->max, sizeof(*tour->pick));
	}
	while (from < to)
		tour->pick[tour->nr++] = pick_at(s, from++);
}

static void write_choice(struct dpor *s, uint32_t choice, uint32_t of)
{
	if (s->nr_round == s->max_round) {
		s->max_round = 2 * s->max_round + 64;
		s->round = dpor_grow(s->round, s->max_round, sizeof(*s->round));
		s->round_of = dpor_grow(s->round_of, s->max_round, sizeof(*s->round_of));
	}
	s->round[s->nr_round] = choice;
	s->round_of[s->nr_round++] = of;
}

/* Choices count from the task that ran last, and that may be another now. */
static void write_pick(struct dpor *s, const struct dpor_pick *pick, int *last)
{
	uint8_t tasks[SIM_MAX_TASKS];
	uint32_t n, i = 0;

	if (pick->enabled) {
		n = exec_order(pick->enabled, *last, tasks);
		while (tasks[i] != pick->task)
			i++;
		write_choice(s, i, n);
	} else {
		write_choice(s, pick->answer, pick->n);
	}
	*last = pick->last;
}

/* To the node, and all its cycles in turn. */
static void write_round(struct dpor *s, size_t node)
{
	const struct dpor_tour *tour = &s->node[node].tour;
	int last = s->node[node].last;
	uint32_t i;

	s->nr_round = 0;
	for (i = 0; i < node; i++)
		write_choice(s, s->choice[i], s->of[i]);
	for (i = 0; i < tour->nr; i++)
		write_pick(s, &tour->pick[i], &last);
}

void dpor_tell_round(struct dpor *s)
{
	s->pub->choice = s->round;
	s->pub->of = s->round_of;
	s->pub->nr_choices = s->nr_round;
}

/* ---- fairness ---- */

/* One more cycle through a node. Return: are they fair, all together? */
static bool add_cycle(struct dpor *s, size_t node, size_t from, const struct dpor_tour *cycle)
{
	struct dpor_tour *tour = &s->node[node].tour;

	if (s->node[node].asks >= 0 || node < s->pub->nr_prefix)
		return false;
	/* Alone, or nothing to add. */
	if (sim_cycle_is_fair(cycle->ran, cycle->could))
		tour->nr = tour->ran = tour->could = tour->steps = 0;
	else if (!(cycle->ran & ~tour->ran))
		return false;
	tour->ran |= cycle->ran;
	tour->could |= cycle->could;
	tour->steps += cycle->steps;
	add_picks(s, tour, node, s->depth);
	add_picks(s, tour, from, node);
	return sim_cycle_is_fair(tour->ran, tour->could);
}

bool dpor_close_cycle(struct dpor *s, size_t from, uint32_t *slept)
{
	struct dpor_tour cycle = { .steps = s->nr_events - s->node[from].events };
	bool fair = false;
	uint32_t e;
	size_t i;

	for (e = s->node[from].events + 1; e <= s->nr_events; e++) {
		cycle.ran |= dpor_bit(s->event[e].task);
		cycle.could |= s->event[e].enabled;
	}
	/*
	 * What follows them was not explored but for where the cycle is left: who
	 * goes round for ever once others are through must not sleep then.
	 */
	for (i = from; i < s->depth; i++)
		s->node[i].goes_round |= cycle.ran;
	for (i = from; i < s->depth && !fair; i++) {
		fair = add_cycle(s, i, from, &cycle);
		if (!fair)
			continue;
		write_round(s, i);
		s->cycles.cycle_ran = s->node[i].tour.ran;
		s->cycles.cycle_steps = s->node[i].tour.steps;
		s->node[i].tour.nr = s->node[i].tour.ran = s->node[i].tour.could = 0;
	}
	/* Who slept when it began and does not now has something to add. */
	s->node[from].sleep &= ~(*slept & ~s->sleep);
	*slept &= s->sleep;
	dpor_expand(s, from);
	for (i = from + 1; i < s->depth; i++)
		s->node[i].anything = true;
	return fair;
}
