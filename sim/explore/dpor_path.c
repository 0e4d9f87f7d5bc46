/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path of a search by partial-order reduction, and the two ways back on it:
 * undoing what was stored since, as dfs.c does, or running the path again.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/engine/verify.h"
#include "sim/explore/dpor_private.h"

size_t dpor_memory(const struct dpor *s)
{
	return s->max_depth * (sizeof(*s->node) + s->nr_tasks * sizeof(*s->sleep_foot) +
			       s->row_words * sizeof(*s->below) + 2 * sizeof(*s->choice)) +
	       s->max_events * (sizeof(*s->event) + s->nr_tasks * sizeof(*s->clock)) +
	       s->max_saves * sizeof(*s->save) + s->size +
	       s->max_tail * sizeof(*s->tail) +
	       dpor_feet_memory(&s->feet) + dpor_table_memory(&s->table);
}

/* ---- nodes ---- */

static void grow_nodes(struct dpor *s)
{
	size_t had = s->max_depth;

	s->max_depth = s->max_depth ? 2 * s->max_depth : 128;
	if (s->pub->verify_rollback) {
		s->verify = dpor_grow(s->verify, s->max_depth, sizeof(*s->verify));
		memset(s->verify + had, 0, (s->max_depth - had) * sizeof(*s->verify));
	}
	s->node = dpor_grow(s->node, s->max_depth, sizeof(*s->node));
	memset(s->node + had, 0, (s->max_depth - had) * sizeof(*s->node));
	s->choice = dpor_grow(s->choice, s->max_depth, sizeof(*s->choice));
	s->of = dpor_grow(s->of, s->max_depth, sizeof(*s->of));
	s->sleep_foot = dpor_grow(s->sleep_foot, s->max_depth,
				  s->nr_tasks * sizeof(*s->sleep_foot));
	if (!s->row_words)
		s->row_words = 1;
	s->below = dpor_grow(s->below, s->max_depth, s->row_words * sizeof(*s->below));
}

struct dpor_node *dpor_push(struct dpor *s, uint32_t n, int asks)
{
	struct dpor_node *node;
	uint32_t i;
	struct dpor_tour tour;

	if (s->depth == s->max_depth)
		grow_nodes(s);
	node = &s->node[s->depth];
	/* Of another node that was as deep: its room can be used again. */
	tour = (struct dpor_tour){ node->tour.pick, .max = node->tour.max };
	*node = (struct dpor_node){
		.steps = s->steps,
		.state = DPOR_NO_STATE,
		.first_save = s->nr_saves,
		.events = s->nr_events,
		.n = n,
		.next = 1,
		.part = s->part,
		.place = s->place,
		.verge = s->verge,
		.node_now = s->node_now,
		.sleep = s->sleep,
		.slept = s->sleep,
		.points = s->cycles.nr,
		.tour = tour,
		.asleep = s->asleep,
		.alone = s->alone,
		.child = DPOR_NONE,
		.task = -1,
		.enabled = s->enabled_now,
		.last = s->last,
		.asks = asks,
		.in_step = s->in_step,
	};
	sim_undo_mark_in(&node->mark);
	for (i = 0; i < s->nr_tasks; i++)
		s->sleep_foot[s->depth * s->nr_tasks + i] = s->foot_now[i];
	for (i = 0; i < s->row_words; i++)
		dpor_below(s, s->depth)[i] = 0;
	s->of[s->depth] = n;
	if (s->verify)
		sim_verify_path(s->verify, s->depth);
	s->depth++;
	return node;
}

static void save_task(struct dpor *s, struct dpor_node *node, unsigned int task)
{
	size_t need = sim_fiber_save_size(task);
	struct dpor_save *save;

	if (s->nr_saves == s->max_saves) {
		s->max_saves = s->max_saves ? 2 * s->max_saves : 256;
		s->save = dpor_grow(s->save, s->max_saves, sizeof(*s->save));
	}
	if (s->size - s->used < need) {
		s->size = 2 * s->size + need;
		s->buf = dpor_grow(s->buf, s->size, 1);
	}
	node->saved |= dpor_bit(task);
	save = &s->save[s->nr_saves++];
	save->here = sim_undo_here();
	save->at = s->used;
	save->task = task;
	s->used += sim_fiber_save(task, s->buf + s->used);
}

void dpor_before_run(struct dpor *s, unsigned int task)
{
	struct dpor_node *node;

	if (!s->depth || s->begin)
		return;
	node = &s->node[s->depth - 1];
	if (!(node->saved & dpor_bit(task)))
		save_task(s, node, task);
}

/* ---- going back ---- */

static void roll_back(struct dpor *s, const struct dpor_node *node)
{
	while (s->nr_saves > node->first_save) {
		struct dpor_save *save = &s->save[--s->nr_saves];

		sim_undo_words(save->here);
		sim_fiber_restore(save->task, s->buf + save->at);
		s->used = save->at;
	}
	sim_undo_back(&node->mark);
}

/* Answer as the nodes from *@question on say. Return: true at the node on top. */
static bool run_again(struct dpor *s, unsigned int task, size_t *question)
{
	enum exec_after after = exec_resume(s->pub->watcher, task);

	while (after == EXEC_ASKED) {
		while (s->node[*question].asks < 0)
			++*question;
		if (*question == s->depth - 1)
			return true;
		sim_fiber_question()->answer = s->choice[(*question)++];
		after = exec_resume(s->pub->watcher, task);
	}
	SIM_BUG_ON(after != EXEC_ON);
	return false;
}

/* From the beginning to the node on top. */
static void run_to(struct dpor *s, const struct dpor_node *node)
{
	size_t question = 0;
	uint64_t fresh;
	uint32_t i;

	sim_marked_world_return(s->begin);
	while ((fresh = sim_tasks_fresh())) {
		sim_task_start(__builtin_ctzll(fresh));
		if (run_again(s, __builtin_ctzll(fresh), &question))
			return;
	}
	for (i = 1; i <= node->events; i++) {
		sim_task_dispatch(s->event[i].task);
		if (run_again(s, s->event[i].task, &question))
			SIM_BUG("a question came too early");
		/* As it was when it ran first: see ran(). */
		if (s->hashing)
			sim_hash_tidy(s->event[i].task);
	}
	if (node->asks < 0)
		return;
	sim_task_dispatch(node->asks);
	if (!run_again(s, node->asks, &question))
		SIM_BUG("a question did not come again");
}

static void forget_events(struct dpor *s, uint32_t n)
{
	unsigned int t;

	while (s->nr_events > n) {
		const struct dpor_event *e = &s->event[s->nr_events];

		for (t = 0; t < s->nr_tasks; t++) {
			if (s->woke[t] == s->nr_events)
				s->woke[t] = 0;
		}
		s->last_event[e->task] = e->before;
		s->woke[e->task] = e->woke;
		s->history[e->task] = e->history;
		s->nr_events--;
	}
}

void dpor_go_back(struct dpor *s)
{
	struct dpor_node *node = &s->node[s->depth - 1];
	double began = s->pub->clock ? s->pub->clock() : 0;

	if (s->begin)
		run_to(s, node);
	else
		roll_back(s, node);
	if (s->pub->clock)
		s->pub->back_seconds += s->pub->clock() - began;
	if (s->verify)
		sim_verify_check(s->verify[s->depth - 1]);
	node->saved = 0;
	if (s->expanded >= s->depth)
		s->expanded = s->depth - 1;
	sim_cycles_cut(&s->cycles, (struct sim_cycles_mark){ .nr = node->points });
	forget_events(s, node->events);
	s->alone = node->alone;
	s->passed = 0;
	s->steps = node->steps;
	s->last = node->last;
	s->part = node->part;
	s->place = node->place;
	s->verge = node->verge;
	s->node_now = node->node_now;
	s->enabled_now = node->enabled;
	s->in_step = node->in_step;
	s->asleep = node->asleep;
	s->sleep = node->sleep;
	memcpy(s->foot_now, s->sleep_foot + (s->depth - 1) * s->nr_tasks,
	       s->nr_tasks * sizeof(*s->foot_now));
}

void dpor_path_free(struct dpor *s)
{
	size_t i;

	for (i = 0; s->verify && i < s->max_depth; i++)
		sim_verify_free(s->verify[i]);
	free(s->verify);
	for (i = 0; i < s->max_depth; i++)
		free(s->node[i].tour.pick);
	sim_cycles_free(&s->cycles);
	free(s->round);
	free(s->round_of);
	free(s->node);
	free(s->sleep_foot);
	free(s->below);
	free(s->met);
	free(s->tail);
	free(s->tail_row);
	free(s->lock);
	free(s->choice);
	free(s->of);
	free(s->event);
	free(s->clock);
	free(s->save);
	free(s->buf);
}
