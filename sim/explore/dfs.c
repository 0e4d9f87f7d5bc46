/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Depth-first search with a way back.
 *
 * The path from the beginning to now is a stack of nodes, one for each choice
 * that had more than one possibility.  Between two nodes nobody is asked, so
 * nothing is remembered there, except: before a task runs for the first time
 * since the last node, its stack is saved, for that node.  When only one task
 * is left no more nodes arise and the rest of the execution costs its steps.
 *
 * Going back undoes the log and restores stacks in the opposite order of their
 * saving, as a store to another task's stack is in the log like any other.
 *
 * With a bound on preemptions, a choice at which the bound leaves nothing to
 * choose is no node either: it is written down as 0 and that is all.  A task
 * that waits for another one in a loop may then go on forever.  As nobody else
 * runs, it does once the state of the world comes again, and is cut.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/bug.h"
#include "sim/engine/undo.h"
#include "sim/engine/verify.h"
#include "sim/explore/cycles.h"
#include "sim/explore/dfs.h"
#include "sim/explore/exec_private.h"

#define LOOK_FROM	192	/* steps of one task in a row; before, nobody is suspected */

struct node {
	struct sim_mark mark;
	uint64_t saved;			/* tasks saved since, a bit each */
	uint64_t steps;			/* of the execution, up to here */
	size_t choices;			/* of the execution, before this one */
	uint32_t first_save;		/* index into saves */
	uint32_t n, next;		/* possibilities; which is to be tried */
	uint32_t spent;			/* preemptions, up to here */
	struct sim_cycles_mark cycles;
	uint32_t row;
	int row_of;
	int last;			/* task that ran last */
	int asks;			/* task that asked, or -1: which task? */
	bool verified;			/* the world is copied, to compare with */
	uint8_t tasks[SIM_MAX_TASKS];
};

struct save {
	struct sim_undo_entry *when;
	size_t at;			/* where in the buffer */
	unsigned int task;
};

struct search {
	struct sim_dfs *dfs;
	struct sim_watcher *watcher;
	struct node *node;
	struct node *top;		/* node[depth - 1], or NULL */
	size_t depth, max_depth;
	struct save *save;
	size_t nr_saves, max_saves;
	char *buf;
	size_t used, size;
	uint32_t *choice, *of;		/* of the running execution */
	size_t nr_choices, max_choices;
	struct sim_verify **verify;	/* by depth, if asked for */
	uint64_t steps;			/* of the running execution */
	uint32_t spent;			/* its preemptions */
	struct sim_repeats repeats;	/* its row: choices that the bound made */
	struct sim_cycles cycles;	/* its states, since it is suspected */
	uint32_t row;			/* steps of one task in a row */
	int row_of;
	int last;
};

static void *grow(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n, size);
	if (!p)
		SIM_BUG("out of memory");
	return p;
}

static void grow_nodes(struct search *s)
{
	size_t had = s->max_depth;

	s->max_depth = s->max_depth ? 2 * s->max_depth : 256;
	s->node = grow(s->node, s->max_depth, sizeof(*s->node));
	if (s->dfs->verify_rollback) {
		s->verify = grow(s->verify, s->max_depth, sizeof(*s->verify));
		memset(s->verify + had, 0, (s->max_depth - had) * sizeof(*s->verify));
	}
}

static void grow_choices(struct search *s)
{
	s->max_choices = s->max_choices ? 2 * s->max_choices : 256;
	s->choice = grow(s->choice, s->max_choices, sizeof(*s->choice));
	s->of = grow(s->of, s->max_choices, sizeof(*s->of));
}

/* The next choice of the running execution, one of @n, takes 0 for now. */
static inline void add_choice(struct search *s, uint32_t n)
{
	if (s->nr_choices == s->max_choices)
		grow_choices(s);
	s->choice[s->nr_choices] = 0;
	s->of[s->nr_choices++] = n;
}

static void save_task(struct search *s, struct node *node, unsigned int task)
{
	struct save *save;

	if (s->nr_saves == s->max_saves) {
		s->max_saves = s->max_saves ? 2 * s->max_saves : 256;
		s->save = grow(s->save, s->max_saves, sizeof(*s->save));
	}
	/* Room for any stack: how large this one is need not be asked. */
	if (s->size - s->used < SIM_FIBER_SAVE_MAX) {
		s->size = 2 * s->size + SIM_FIBER_SAVE_MAX;
		s->buf = grow(s->buf, s->size, 1);
	}
	node->saved |= 1ULL << task;
	save = &s->save[s->nr_saves++];
	save->when = sim_undo_here();
	save->at = s->used;
	save->task = task;
	s->used += sim_fiber_save(task, s->buf + s->used);
}

static inline void before_run(struct search *s, unsigned int task)
{
	struct node *node = s->top;

	if (node && !(node->saved >> task & 1))
		save_task(s, node, task);
}

static bool still_verified(const struct sim_dfs *dfs)
{
	return !dfs->verify_executions || dfs->executions < dfs->verify_executions;
}

static struct node *push(struct search *s, uint32_t n, int asks)
{
	struct node *node;

	if (s->depth == s->max_depth)
		grow_nodes(s);
	node = &s->node[s->depth];
	sim_undo_mark_in(&node->mark);
	node->saved = 0;
	node->steps = s->steps;
	node->choices = s->nr_choices;
	node->spent = s->spent;
	node->first_save = s->nr_saves;
	node->n = n;
	node->next = 1;
	if (s->dfs->end_repeats)
		node->cycles = sim_cycles_mark(&s->cycles);
	node->row = s->row;
	node->row_of = s->row_of;
	node->last = s->last;
	node->asks = asks;
	add_choice(s, n);
	node->verified = s->verify && still_verified(s->dfs);
	if (node->verified)
		sim_verify_path(s->verify, s->depth);
	s->depth++;
	s->top = node;
	return node;
}

/*
 * What the choice of a new node takes first: 0, or what the prefix says, and
 * then nothing else ever.
 */
static inline uint32_t first_pick(struct search *s, struct node *node)
{
	uint32_t pick;

	if (node->choices >= s->dfs->nr_prefix)
		return 0;
	pick = s->dfs->prefix[node->choices];
	SIM_BUG_ON(pick >= node->n);
	s->choice[node->choices] = pick;
	node->next = node->n;
	return pick;
}

/* Everything as it was when the node on top was pushed. */
static void go_back(struct search *s)
{
	struct node *node = s->top;

	while (s->nr_saves > node->first_save) {
		struct save *save = &s->save[--s->nr_saves];

		if (save->when != sim_hot.pos)
			sim_undo_words(save->when);
		sim_fiber_restore(save->task, s->buf + save->at);
		s->used = save->at;
	}
	sim_undo_back(&node->mark);
	node->saved = 0;
	s->steps = node->steps;
	s->nr_choices = node->choices + 1;
	s->spent = node->spent;
	s->repeats.row = 0;
	if (s->dfs->end_repeats)
		sim_cycles_cut(&s->cycles, node->cycles);
	s->row = node->row;
	s->row_of = node->row_of;
	s->last = node->last;
	if (node->verified)
		sim_verify_check(s->verify[s->depth - 1]);
}

/* A task asks: its question is a node, and for now it gets answer 0. */
static __attribute__((noinline)) enum exec_after answer(struct search *s, unsigned int task)
{
	enum exec_after after;

	do {
		struct sim_question *q = sim_fiber_question();

		push(s, q->n, task);
		q->answer = first_pick(s, s->top);
		before_run(s, task);
		after = exec_resume(s->watcher, task);
	} while (after == EXEC_ASKED);
	return after;
}

/* Run @task on from where it stands. */
static inline __attribute__((always_inline)) enum exec_after run(struct search *s,
								 unsigned int task)
{
	enum exec_after after = exec_resume(s->watcher, task);

	if (after == EXEC_ASKED)
		after = answer(s, task);
	return after;
}

static inline __attribute__((always_inline)) enum exec_after step(struct search *s,
								  unsigned int task)
{
	enum exec_after after;

	before_run(s, task);
	s->last = task;
	s->steps++;
	s->dfs->steps++;
	if (__builtin_expect(sim_hot.grain, 0))
		sim_footprint_clear();
	sim_sched_dispatch(task);
	after = run(s, task);
	/* As when its schedule is run alone: see sim_exec.cycles. */
	if (s->dfs->end_repeats)
		sim_hash_tidy(task);
	return after;
}

/* Nobody else is left: steps, up to @most of the execution. */
static enum exec_after step_alone(struct search *s, unsigned int task, uint64_t most)
{
	enum exec_after after;
	uint32_t taken;

	before_run(s, task);
	s->last = task;
	sim_sched_dispatch(task);
	sim_solo(most - s->steps - 1);
	after = exec_resume(s->watcher, task);
	taken = 1 + sim_solo_taken(most - s->steps - 1);
	s->steps += taken;
	s->dfs->steps += taken;
	return after == EXEC_ASKED ? answer(s, task) : after;
}

static enum exec_after start(struct search *s)
{
	uint64_t fresh;

	while ((fresh = sim_tasks_fresh())) {
		unsigned int task = __builtin_ctzll(fresh);
		enum exec_after after;

		sim_task_start(task);
		before_run(s, task);
		after = run(s, task);
		if (after != EXEC_ON)
			return after;
	}
	return EXEC_ON;
}

static inline bool can_go_on(uint64_t enabled, int last)
{
	return last >= 0 && (enabled >> last & 1);
}

/* More than one task could run: remember that, and begin with the first. */
static inline unsigned int which_task(struct search *s, uint64_t enabled)
{
	struct node *node;

	if (s->dfs->bound_preemptions && s->spent == s->dfs->preemptions &&
	    can_go_on(enabled, s->last)) {
		add_choice(s, __builtin_popcountll(enabled));
		s->dfs->more_preemptions = true;
		s->repeats.row++;
		return s->last;
	}
	s->repeats.row = 0;
	node = push(s, 0, -1);
	node->n = exec_order(enabled, s->last, node->tasks);
	s->of[node->choices] = node->n;
	return node->tasks[first_pick(s, node)];
}

/* Does the task that the bound lets run alone only repeat itself? */
static __attribute__((noinline)) bool goes_round(struct search *s)
{
	return s->dfs->end_repeats && sim_repeats(&s->repeats, s->last);
}

/*
 * Is one task left, and the rest known or of no interest? Asked once since the
 * last choice.
 */
static bool rest_is_known(struct search *s, uint64_t enabled, bool *asked)
{
	if (*asked || enabled != sim_tasks_alive())
		return false;
	*asked = true;
	if (s->dfs->bound_preemptions && s->spent < s->dfs->preemptions)
		return true;
	if (!s->dfs->alone)
		return false;
	s->dfs->nr_choices = s->nr_choices;
	return s->dfs->alone(s->dfs, s->steps);
}

static uint64_t max_steps(const struct sim_dfs *dfs)
{
	if (!dfs->suspect_steps || dfs->suspect_steps > dfs->max_steps)
		return dfs->max_steps;
	return dfs->suspect_steps;
}

static enum sim_end cut(struct search *s)
{
	if (s->steps < s->dfs->max_steps && max_steps(s->dfs) <= s->steps)
		s->dfs->suspected = true;
	else
		s->dfs->bounded++;
	return SIM_END_BOUND;
}

/*
 * Before a step: who has run for long without being preempted may wait in a loop.
 * From there on states are looked at, also where others run.  Once round is
 * unfair to them; but they may do the same from there, and that is not.
 *
 * Return: SIM_END_DONE: go on; or how the execution ended.
 */
static enum sim_end look_for_cycles(struct search *s, uint64_t enabled)
{
	struct sim_cycles *c = &s->cycles;

	s->row = s->last == s->row_of ? s->row + 1 : 0;
	s->row_of = s->last;
	if (s->row < LOOK_FROM && !c->enabled)
		return SIM_END_DONE;
	if (sim_cycles_look(c, enabled, s->last, (uint64_t)s->spent << 8 | (s->last & 0xff),
			    s->steps))
		return exec_livelock(s->watcher, c->cycle_ran, c->cycle_steps);
	return c->again < 2 ? SIM_END_DONE : cut(s);
}

/* From wherever the execution stands to its end, by first possibilities. */
static enum sim_end run_on(struct search *s, enum exec_after after)
{
	bool asked = !s->dfs->alone && !s->dfs->bound_preemptions;
	const uint64_t most = max_steps(s->dfs);

	/* A task may have asked before all were started. */
	if (after == EXEC_ON)
		after = start(s);
	while (after == EXEC_ON) {
		uint64_t enabled = sim_sched_enabled();
		unsigned int task;

		if (!enabled)
			return exec_stuck(s->watcher);
		if (s->steps >= most)
			return cut(s);
		if (s->dfs->end_repeats) {
			enum sim_end end = look_for_cycles(s, enabled);

			if (end != SIM_END_DONE)
				return end;
		}
		task = __builtin_ctzll(enabled);
		if (enabled & (enabled - 1)) {
			task = which_task(s, enabled);
			if (s->repeats.row >= SIM_REPEATS_FROM && goes_round(s))
				return cut(s);
		} else if (!asked && rest_is_known(s, enabled, &asked)) {
			return SIM_END_KNOWN;
		}
		after = !s->dfs->end_repeats && sim_is_solo(enabled) ?
			step_alone(s, task, most) : step(s, task);
	}
	return after == EXEC_FATAL ? SIM_END_FATAL : SIM_END_VIOLATION;
}

static void pop(struct search *s)
{
	s->depth--;
	s->top = s->depth ? s->top - 1 : NULL;
}

/*
 * Take the next possibility of the deepest node that has one.
 *
 * A node ends with its last possibility, before that is run: nobody comes back
 * to it, and what would be saved for it is saved for the node below already,
 * more often than not.  Only the first stays, to leave the world as it was.
 */
static bool next_branch(struct search *s, enum exec_after *ret_after)
{
	while (s->depth) {
		struct node *node = s->top;
		uint32_t pick = node->next++;

		if (pick < node->n || s->depth == 1)
			go_back(s);
		if (node->next >= node->n && (pick >= node->n || s->depth > 1))
			pop(s);
		if (pick >= node->n)
			continue;
		s->choice[node->choices] = pick;
		if (node->asks < 0) {
			/* It would come first if it could go on. */
			s->spent += node->tasks[0] == node->last;
			*ret_after = step(s, node->tasks[pick]);
			return true;
		}
		before_run(s, node->asks);
		sim_fiber_question()->answer = pick;
		*ret_after = run(s, node->asks);
		return true;
	}
	return false;
}

/* A smaller bound had this execution: it is only on the way to others. */
static void pass_by(struct sim_dfs *dfs)
{
	dfs->passed++;
	if (dfs->passed_by)
		dfs->passed_by(dfs);
}

static void search(struct search *s)
{
	struct sim_dfs *dfs = s->dfs;
	enum exec_after after = EXEC_ON;

	do {
		enum sim_end end = run_on(s, after);

		if (dfs->suspected)
			return;
		if (dfs->bound_preemptions && s->spent < dfs->preemptions) {
			pass_by(dfs);
			continue;
		}
		dfs->executions++;
		dfs->choice = s->choice;
		dfs->of = s->of;
		dfs->nr_choices = s->nr_choices;
		if (dfs->done && dfs->done(dfs, end))
			return;
		if (dfs->max_executions &&
		    dfs->executions >= dfs->max_executions)
			return;
	} while (next_branch(s, &after));
	dfs->complete = true;
}

/**
 * sim_dfs_run() - walk the whole tree, or as much as the bounds allow.
 * @dfs: callbacks and bounds in, results out
 *
 * Logging must be on (sim_undo_on()).  A complete search leaves the world as
 * it was at the first choice; one that was stopped leaves it where it stopped.
 * Context: host.
 * Return: 0; whether it was complete is in @dfs.
 */
int sim_dfs_run(struct sim_dfs *dfs)
{
	struct search s = {
		.dfs = dfs,
		.watcher = dfs->watcher,
		.last = -1,
	};
	size_t i;

	dfs->executions = 0;
	dfs->steps = 0;
	dfs->bounded = 0;
	dfs->complete = false;
	dfs->suspected = false;
	dfs->more_preemptions = false;
	dfs->passed = 0;
	grow_nodes(&s);
	search(&s);
	for (i = 0; s.verify && i < s.max_depth; i++)
		sim_verify_free(s.verify[i]);
	dfs->choice = NULL;
	dfs->of = NULL;
	dfs->nr_choices = 0;
	sim_cycles_free(&s.cycles);
	free(s.node);
	free(s.save);
	free(s.buf);
	free(s.choice);
	free(s.of);
	free(s.verify);
	return 0;
}
