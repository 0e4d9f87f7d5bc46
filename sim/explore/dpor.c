/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk of the search by partial-order reduction.
 *
 * As in dfs.c the path is a stack of nodes, one for each choice with more than
 * one possibility.  But at a choice of a task only those are tried that are
 * wanted: one to begin with, and those that dpor_race.c adds while the steps
 * that follow are run.  A task that was tried sleeps in what is tried after it,
 * until a step is taken that its own step has to do with.
 *
 * What a task asks on the way (sim_choose()) is part of its step: all answers
 * are tried, and nobody else can come in between.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/dpor_private.h"

/* ---- a step ---- */

/* Tasks on wait queues that are not any more have this step to thank for it. */
static void note_wakes(struct dpor *s, unsigned int task)
{
	uint32_t rest = s->asleep & sim_sched_ready();
	uint16_t verb;

	s->asleep &= ~rest;
	for (; rest; rest &= rest - 1)
		s->woke[__builtin_ctz(rest)] = s->nr_events;
	if (!((sim_tasks_alive() & ~sim_sched_ready()) >> task & 1))
		return;
	sim_task_next(task, &verb, NULL);
	if (verb == SIM_WAIT)
		s->asleep |= dpor_bit(task);
}

/* Nobody sleeps through a step that its own has to do with. */
static void wake_sleepers(struct dpor *s, uint32_t foot)
{
	uint32_t rest;

	for (rest = s->sleep; rest; rest &= rest - 1) {
		unsigned int t = __builtin_ctz(rest);

		if (dpor_relation(&s->feet, s->foot_now[t], foot) & DPOR_RACES)
			s->sleep &= ~dpor_bit(t);
	}
}

/*
 * States that need not be remembered: where a task stands before a step that has
 * nothing to do with any other's, as far as is known.  It is taken at once, as
 * nobody will be asked for in its place; whatever path comes to the state again
 * takes it, too, and finds what is remembered behind it.  Where that was a guess
 * too many nothing is lost but that: all that was explored is explored.
 */
#define PASSED_MAX	3	/* in a row, so that a cycle is seen */

/* The tasks that stand before such a step. */
static uint32_t passing(const struct dpor *s, uint32_t enabled)
{
	return s->passed < PASSED_MAX ? enabled & ~s->sleep & s->alone : 0;
}

/* A task has taken a step: where does it stand now? */
static void foresee(struct dpor *s, unsigned int task)
{
	uint64_t verge = 0;

	s->alone &= ~dpor_bit(task);
	if (s->pub->reduce && s->pub->states && sim_tasks_alive() >> task & 1)
		verge = dpor_verge(s, task);
	/* Who turns on the spot may do so for ever. */
	if (verge && verge != s->verge && dpor_foot_alone(&s->feet, verge))
		s->alone |= dpor_bit(task);
	if (!s->pub->states || passing(s, sim_tasks_enabled()))
		sim_hash_tidy(task);
	else
		dpor_state_foresee(s);
}

/* A task has run to where it stands now, or to where it cannot go on. */
static void ran(struct dpor *s, unsigned int task, enum exec_after after)
{
	const sim_access_t *a;
	struct dpor_node *node;
	uint32_t foot = 0;
	uint64_t history;
	size_t n;

	if (s->wants_feet) {
		a = sim_footprint(&n);
		foot = dpor_foot(&s->feet, task, s->part, a, n);
	}
	s->part = DPOR_NONE;
	if (!s->in_step) {
		s->start_foot[task] = foot;
		if (s->wants_feet)
			note_wakes(s, task);
		return;
	}
	history = s->history[task];
	if (s->pub->reduce) {
		foot = dpor_touched(s, s->place, task, foot);
		if (s->pub->states)
			dpor_foot_began(&s->feet, s->verge, dpor_is_alone(s, foot));
	}
	if (after == EXEC_ON && s->hashing)
		foresee(s, task);
	dpor_happened(s, task, foot);
	s->event[s->nr_events].history = history;
	if (!s->wants_feet)
		return;
	if (s->node_now != DPOR_NONE) {
		node = &s->node[s->node_now];
		if (node->child != DPOR_NONE && node->child != foot)
			node->child = dpor_foot_union(&s->feet, node->child, foot);
		else
			node->child = foot;
	}
	wake_sleepers(s, foot);
	note_wakes(s, task);
	if (s->pub->reduce && s->pub->states)
		dpor_state_saw(s, foot);
	if (after != EXEC_ON)
		dpor_cut(s);
}

static enum exec_after run(struct dpor *s, unsigned int task)
{
	enum exec_after after;

	dpor_before_run(s, task);
	after = exec_resume(s->pub->watcher, task);
	while (after == EXEC_ASKED) {
		struct sim_question *q = sim_fiber_question();
		const sim_access_t *a;
		uint32_t answer = 0;
		size_t n;

		/* What it touches depends on the answer: better not to know. */
		if (s->trying)
			break;
		if (s->wants_feet) {
			a = sim_footprint(&n);
			s->part = dpor_foot(&s->feet, task, s->part, a, n);
			sim_footprint_clear();
		}
		if (s->depth < s->pub->nr_prefix)
			answer = s->pub->prefix[s->depth];
		/* More than one thing follows the states before. */
		s->nr_tail = 0;
		dpor_push(s, q->n, task);
		if (s->depth <= s->pub->nr_prefix)
			s->node[s->depth - 1].next = q->n;
		if (answer >= q->n) {
			s->pub->end = SIM_DPOR_DEPARTED;
			answer = 0;
		}
		s->choice[s->depth - 1] = answer;
		q->answer = answer;
		dpor_before_run(s, task);
		after = exec_resume(s->pub->watcher, task);
	}
	if (after != EXEC_ASKED)
		ran(s, task, after);
	return after;
}

static enum exec_after step(struct dpor *s, unsigned int task)
{
	s->last = task;
	s->steps++;
	s->pub->steps++;
	s->in_step = true;
	if (s->wants_feet) {
		if (s->pub->reduce) {
			s->place = dpor_place(s, task);
			if (s->pub->states)
				s->verge = dpor_verge(s, task);
		}
		sim_footprint_clear();
	}
	dpor_before_run(s, task);
	sim_task_dispatch(task);
	return run(s, task);
}

static enum exec_after start(struct dpor *s)
{
	enum exec_after after = EXEC_ON;
	uint64_t fresh;

	while (after == EXEC_ON && (fresh = sim_tasks_fresh())) {
		unsigned int task = __builtin_ctzll(fresh);

		if (s->wants_feet)
			sim_footprint_clear();
		dpor_before_run(s, task);
		sim_task_start(task);
		after = run(s, task);
	}
	return after;
}

/* ---- choices of a task ---- */

/* Run @task from the node on top. */
static enum exec_after take(struct dpor *s, unsigned int task)
{
	struct dpor_node *node = &s->node[s->depth - 1];
	uint8_t tasks[SIM_MAX_TASKS];
	uint32_t i = 0;

	exec_order(node->enabled, node->last, tasks);
	while (tasks[i] != task)
		i++;
	s->choice[s->depth - 1] = i;
	node->task = task;
	node->child = DPOR_NONE;
	node->wanted |= dpor_bit(task);
	node->done |= dpor_bit(task);
	s->node_now = s->depth - 1;
	s->trying = s->depth <= s->pub->nr_prefix && i != s->pub->prefix[s->depth - 1];
	return step(s, task);
}

/* Why a path does not go on. */
enum way {
	WAY_ON,
	WAY_BLOCKED,		/* it was explored from elsewhere */
	WAY_PRUNED,		/* what follows is known */
	WAY_LIVELOCK,		/* ... and goes on for ever */
	WAY_STOP,
};

/*
 * A choice of the prefix. Those that come before its answer are explored by
 * others, so they sleep here, as they would if that had been done before: each
 * takes one step, for what it touches.
 */
static enum way choose_forced(struct dpor *s, const uint8_t *tasks, uint32_t n, uint32_t awake,
			      unsigned int *ret_task)
{
	struct dpor_node *node = &s->node[s->depth - 1];
	uint32_t pick = s->pub->prefix[s->depth - 1], first = 0, i;

	if (pick >= n) {
		s->pub->end = SIM_DPOR_DEPARTED;
		return WAY_STOP;
	}
	node->wanted = node->enabled;
	node->done = node->enabled;
	for (i = s->pub->reduce ? 0 : pick; i <= pick; i++)
		node->done &= ~dpor_bit(tasks[i]);
	while (first < n && !(awake & ~node->done & dpor_bit(tasks[first])))
		first++;
	if (first == n)
		return WAY_BLOCKED;
	*ret_task = tasks[first];
	return WAY_ON;
}

static enum way close_cycle(struct dpor *s, size_t node)
{
	uint64_t place = s->node[node].state;
	uint32_t *slept = place == DPOR_NO_STATE ? &s->node[node].slept :
						   &s->table.state[place].sleep;

	return dpor_close_cycle(s, node, slept) ? WAY_LIVELOCK : WAY_PRUNED;
}

/* Who is to run from here, where more than one can? */
static enum way choose(struct dpor *s, uint32_t enabled, unsigned int *ret_task)
{
	bool forced = s->depth < s->pub->nr_prefix;
	enum dpor_seen seen = DPOR_NEW;
	uint64_t place = DPOR_NO_STATE;
	size_t on_path = SIZE_MAX;
	uint32_t awake = enabled & ~s->sleep, n, pick = 0, pass = 0;
	uint8_t tasks[SIM_MAX_TASKS];
	struct dpor_node *node;

	if (!awake)
		return WAY_BLOCKED;
	s->cycles.alone.row = 0;
	if (s->pub->states && !forced)
		pass = passing(s, enabled);
	if (pass)
		s->passed++;
	else if (s->pub->states && !forced)
		seen = dpor_state_enter(s, sim_hash_now(sim_tasks_alive()), &place, &awake);
	else if (s->looking && !forced)
		on_path = dpor_cycle_enter(s, sim_hash_now(sim_tasks_alive()));
	if (seen == DPOR_CYCLE)
		on_path = dpor_state_on_path(s, place);
	if (on_path != SIZE_MAX)
		return close_cycle(s, on_path);
	if (seen == DPOR_SEEN)
		return WAY_PRUNED;
	if (seen == DPOR_FULL) {
		s->pub->end = SIM_DPOR_MEMORY;
		return WAY_STOP;
	}
	if (place != DPOR_NO_STATE)
		s->passed = 0;
	n = exec_order(enabled, s->last, tasks);
	s->node_now = DPOR_NONE;
	node = dpor_push(s, n, -1);
	node->state = place;
	node->passed = pass;
	if (forced)
		return choose_forced(s, tasks, n, awake, ret_task);
	if (!s->pub->reduce)
		node->wanted = enabled;
	if (seen == DPOR_PARTLY) {
		dpor_state_again(s, node);
		node->wanted = enabled;
		node->done = enabled & ~awake;
	}
	if (pass)
		awake = pass;
	while (!(awake >> tasks[pick] & 1))
		pick++;
	*ret_task = tasks[pick];
	return WAY_ON;
}

/* ---- ends ---- */

/*
 * Some tasks do not get to take their next step here.  They race with whoever
 * has the lock before which they stand, or their CPU.
 */
static void see_to_waiting(struct dpor *s, uint32_t tasks)
{
	for (; tasks; tasks &= tasks - 1) {
		unsigned int t = __builtin_ctz(tasks);
		uint32_t foot = s->last_event[t] ? s->event[s->last_event[t]].foot :
						   s->start_foot[t];
		uint64_t lock = s->feet.foot[foot].wants;
		const sim_access_t *a;
		size_t n;

		sim_footprint_clear();
		sim_touch((void *)DPOR_PART, SIM_ACCESS_READ);
		sim_task_touch_cpu(t);
		if (lock)
			sim_touch((void *)lock, SIM_ACCESS_ACQUIRE);
		a = sim_footprint(&n);
		if (n == 1)
			continue;
		foot = dpor_foot(&s->feet, t, DPOR_NONE, a, n);
		dpor_would_happen(s, t, foot);
		if (s->pub->states)
			dpor_state_saw(s, foot);
	}
}

/* Tasks that cannot run and do not sleep either. */
static uint32_t waiting(const struct dpor *s)
{
	return sim_tasks_alive() & ~sim_tasks_enabled() & ~s->asleep;
}

/* Return: should the search stop? */
static bool ended(struct dpor *s, enum sim_end end)
{
	struct sim_dpor *pub = s->pub;
	bool stop = false;

	pub->executions++;
	pub->path_steps += s->steps;
	pub->choice = s->choice;
	pub->of = s->of;
	pub->nr_choices = s->depth;
	if (end == SIM_END_LIVELOCK && s->nr_round)
		dpor_tell_round(s);
	s->nr_round = 0;
	if (s->wants_feet)
		sim_footprint_on(false);
	if (pub->done)
		stop = pub->done(pub, end);
	if (s->wants_feet)
		sim_footprint_on(true);
	if (pub->max_executions && pub->executions >= pub->max_executions)
		stop = true;
	if (stop)
		pub->end = SIM_DPOR_STOPPED;
	return stop;
}

/* The step was another prefix's, and what it touches is known. */
static bool tried(struct dpor *s)
{
	s->trying = false;
	s->part = DPOR_NONE;
	if (s->pub->tried)
		s->pub->tried(s->pub);
	return false;
}

/* A fair cycle ends here: s->cycles says of whom. */
static enum sim_end livelock(struct dpor *s)
{
	s->pub->livelocks++;
	return exec_livelock(s->pub->watcher, s->cycles.cycle_ran, s->cycles.cycle_steps);
}

/* Is the path so long that it is worth looking for cycles? Then from the beginning. */
static bool suspects(struct dpor *s)
{
	const struct sim_dpor *pub = s->pub;

	if (!pub->cycles || pub->states || s->looking || s->steps < pub->cycles_from || !s->depth)
		return false;
	s->looking = true;
	s->suspects = true;
	return true;
}

/* Is one task left, where states are remembered? */
static bool in_tail(const struct dpor *s, uint32_t enabled)
{
	return s->pub->states && s->depth && s->depth >= s->pub->nr_prefix &&
	       enabled == sim_tasks_alive();
}

/* From wherever the path has come to its end. Return: should the search stop? */
static bool run_on(struct dpor *s, enum exec_after after)
{
	struct sim_dpor *pub = s->pub;
	bool alone = false;

	s->nr_tail = 0;
	if (s->trying)
		return tried(s);
	if (after == EXEC_ON && !s->in_step)
		after = start(s);
	while (after == EXEC_ON && pub->end == SIM_DPOR_COMPLETE) {
		uint32_t enabled = sim_tasks_enabled();
		enum way way = WAY_ON;
		unsigned int task;

		if (!enabled || s->steps >= pub->max_steps)
			break;
		if (suspects(s))
			return false;
		task = __builtin_ctz(enabled);
		s->enabled_now = enabled;
		s->node_now = DPOR_NONE;
		if (enabled & (enabled - 1))
			way = choose(s, enabled, &task);
		else if (s->sleep & enabled)
			way = WAY_BLOCKED;
		else if (s->hashing && sim_cycles_alone(&s->cycles, task))
			alone = true;
		else if (in_tail(s, enabled) && dpor_tail_enter(s))
			way = WAY_PRUNED;
		if (way == WAY_STOP)
			return true;
		if (way == WAY_LIVELOCK)
			return ended(s, livelock(s));
		if (alone)
			break;
		pub->blocked += way == WAY_BLOCKED;
		pub->pruned += way == WAY_PRUNED;
		if (way == WAY_BLOCKED || way == WAY_PRUNED)
			pub->path_steps += s->steps;
		if (way == WAY_BLOCKED && pub->reduce)
			see_to_waiting(s, waiting(s));
		if (way != WAY_ON)
			return false;
		after = enabled & (enabled - 1) ? take(s, task) : step(s, task);
		if (s->trying)
			return tried(s);
	}
	if (pub->end != SIM_DPOR_COMPLETE)
		return true;
	if (s->depth > pub->max_choices)
		pub->max_choices = s->depth;
	if (pub->reduce && after == EXEC_ON)
		see_to_waiting(s, waiting(s));
	else if (pub->reduce)
		see_to_waiting(s, sim_tasks_alive() & ~s->asleep & ~dpor_bit(s->last));
	if (after != EXEC_ON || !sim_tasks_alive())
		dpor_tail_leave(s);	/* what one waits for for ever follows, too */
	if (after != EXEC_ON)
		return ended(s, after == EXEC_FATAL ? SIM_END_FATAL : SIM_END_VIOLATION);
	if (!sim_tasks_enabled())
		return ended(s, exec_stuck(pub->watcher));
	if (alone)
		return ended(s, livelock(s));
	pub->bounded++;
	return ended(s, SIM_END_BOUND);
}

/* What was run from a node sleeps in what is run from it later. */
static uint32_t next_task(struct dpor *s, struct dpor_node *node)
{
	uint32_t rest;

	if (node->task >= 0 && node->child != DPOR_NONE && s->wants_feet &&
	    !(node->goes_round & dpor_bit(node->task))) {
		node->sleep |= dpor_bit(node->task);
		s->sleep_foot[(s->depth - 1) * s->nr_tasks + node->task] = node->child;
	}
	rest = node->wanted & ~node->done & ~node->sleep;
	return rest;
}

/* Take the next possibility of the deepest node that has one. */
static bool next_branch(struct dpor *s, enum exec_after *ret_after)
{
	for (; s->depth; s->depth--) {
		struct dpor_node *node = &s->node[s->depth - 1];
		uint32_t rest;

		if (node->asks >= 0 && node->next < node->n) {
			unsigned int task = node->asks;
			uint32_t answer = node->next++;

			dpor_go_back(s);
			if (s->wants_feet)
				sim_footprint_clear();
			s->choice[s->depth - 1] = answer;
			dpor_before_run(s, task);
			sim_fiber_question()->answer = answer;
			*ret_after = run(s, task);
			return true;
		}
		rest = node->asks < 0 ? next_task(s, node) : 0;
		if (rest) {
			uint8_t tasks[SIM_MAX_TASKS];
			uint32_t i = 0;

			dpor_go_back(s);
			exec_order(node->enabled, node->last, tasks);
			while (!(rest >> tasks[i] & 1))
				i++;
			*ret_after = take(s, tasks[i]);
			return true;
		}
		if (s->depth == 1)
			dpor_go_back(s);
		if (s->pub->states)
			dpor_state_leave(s);
	}
	return false;
}

/* How often somebody may stop the search. */
#define POLL_ENDS	1024

static void forget(struct sim_dpor *pub)
{
	pub->executions = 0;
	pub->blocked = 0;
	pub->pruned = 0;
	pub->path_steps = 0;
	pub->nr_states = 0;
	pub->steps = 0;
	pub->bounded = 0;
	pub->livelocks = 0;
	pub->max_choices = 0;
}

/*
 * From the beginning again, knowing more of what steps may touch.
 * Return: false if that is beyond where a task asked, before any step.
 */
static bool begin_again(struct dpor *s)
{
	struct sim_dpor *pub = s->pub;
	struct dpor_node *node = &s->node[0];

	dpor_foot_forgive(&s->feet);
	if (pub->states)
		dpor_table_clear(&s->table);
	forget(pub);
	pub->restarts++;
	if (pub->again)
		pub->again(pub);
	s->depth = 1;
	if (node->asks >= 0) {
		node->next = pub->nr_prefix ? pub->prefix[0] : 0;
		node->n = pub->nr_prefix ? node->next + 1 : node->n;
		return false;
	}
	dpor_go_back(s);
	sim_cycles_cut(&s->cycles, (struct sim_cycles_mark){ 0 });
	s->depth = 0;
	s->sleep = 0;
	return true;
}

#define EARLY_STEPS	1000

/*
 * Is what was learned worth beginning again at once, not only in the end? News
 * come in flocks: there is more soon, unless there was none for as long as it
 * took to come to the last.  Most searches have had all when a small part of
 * them is done.
 */
static bool worth_it(struct dpor *s)
{
	uint64_t steps = s->pub->steps;
	uint32_t grew = s->feet.grew;

	dpor_foot_compare(&s->feet);
	if (s->feet.grew != grew)
		s->grew_at = steps;
	return s->feet.grew && s->depth && (steps < EARLY_STEPS || steps >= 2 * s->grew_at);
}

/* Return: should the search stop? */
static bool polled(struct dpor *s)
{
	if (++s->ends % POLL_ENDS || !s->pub->poll || !s->pub->poll(s->pub))
		return false;
	s->pub->end = SIM_DPOR_STOPPED;
	return true;
}

static void search(struct dpor *s)
{
	enum exec_after after = EXEC_ON;

	for (;;) {
		bool more;

		if (run_on(s, after) || polled(s))
			return;
		after = EXEC_ON;
		if (s->suspects) {
			s->suspects = false;
			if (!begin_again(s) && !next_branch(s, &after))
				return;
			continue;
		}
		if (worth_it(s)) {
			more = begin_again(s) || next_branch(s, &after);
		} else {
			more = next_branch(s, &after);
			if (!more && s->feet.grew)
				more = begin_again(s) || next_branch(s, &after);
		}
		if (!more)
			return;
	}
}

int sim_dpor_run(struct sim_dpor *pub)
{
	struct sim_marked_world begin = { .nr = 0 };
	struct dpor s = {
		.pub = pub,
		.nr_tasks = sim_nr_tasks(),
		.part = DPOR_NONE,
		.node_now = DPOR_NONE,
		.last = -1,
		.wants_feet = pub->reduce || pub->states,
		.hashing = pub->states || pub->cycles || pub->hash,
	};

	pub->end = SIM_DPOR_COMPLETE;
	pub->restarts = 0;
	pub->memory = 0;
	pub->back_seconds = 0;
	forget(pub);
	if (pub->reduce)
		dpor_learn(&s);
	if (s.hashing)
		sim_hash_on(true);
	if (pub->rerun) {
		sim_marked_world_take(&begin, false);
		s.begin = &begin;
	}
	sim_footprint_on(s.wants_feet);
	search(&s);
	sim_footprint_on(false);
	if (s.hashing)
		sim_hash_on(false);
	if (dpor_memory(&s) > pub->memory)
		pub->memory = dpor_memory(&s);
	pub->choice = NULL;
	pub->of = NULL;
	pub->nr_choices = 0;
	sim_marked_world_free(&begin);
	dpor_feet_free(&s.feet);
	dpor_table_free(&s.table);
	dpor_path_free(&s);
	return 0;
}
