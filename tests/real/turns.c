/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns: turns.h. Following goes task by task. If the next turn of a task does
 * what it is about to do, it is the same one, whatever the function is called
 * on either side; else one of the next few may be, in a function of that name:
 * then those before it belong to the side that recorded and have no counterpart
 * here. A step that is not found has none there.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/lock.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "tests/real/side.h"
#include "tests/real/turns.h"

/* How many turns of its task a step is looked for in. */
#define NEAR	16

static uint32_t hash_of(const char *name)
{
	uint32_t sum = 0x811c9dc5;

	while (*name)
		sum = (sum ^ (uint8_t)*name++) * 0x01000193;
	return sum;
}

struct turn turn_next(uint8_t task)
{
	struct turn turn = { .task = task };
	const char *site = NULL;
	sim_obj_t obj = sim_task_next(task, &turn.verb, &site);

	/* Memory and classes of locks are numbered in the order of their making. */
	if (SIM_OBJ_CLASS(obj) == SIM_CLASS_MEMORY) {
		obj = SIM_OBJ(SIM_CLASS_MEMORY, 0);
	} else if (SIM_OBJ_CLASS(obj) == SIM_CLASS_LOCK && SIM_OBJ_ID(obj) >> 40) {
		turn.name = hash_of(sim_lock_class_name((SIM_OBJ_ID(obj) >> 40) - 1));
		obj &= ~(0xffffULL << 40);
	}
	turn.obj = obj;
	turn.where = hash_of(site ? site : "");
	return turn;
}

static bool same(const struct turn *a, const struct turn *b)
{
	return a->task == b->task && a->verb == b->verb && a->name == b->name &&
	       a->obj == b->obj;
}

/**
 * turns_add() - append one.
 * @turns: where to
 * @turn: copied
 */
void turns_add(struct turns *turns, struct turn turn)
{
	turns->turn = side_grow(turns->turn, &turns->max, turns->nr + 1, sizeof(turn));
	turns->turn[turns->nr++] = turn;
}

/**
 * turns_add_answer() - append the answer to a choice that is not whose turn it is.
 * @turns: where to
 * @answer: the answer
 */
void turns_add_answer(struct turns *turns, uint32_t answer)
{
	turns_add(turns, (struct turn){ .is_answer = true, .obj = answer });
}

/**
 * turns_find() - which of the recorded turns is this step?
 * @turns: recorded
 * @turn: a step of this side
 *
 * Return: its index, or @turns->nr.
 */
size_t turns_find(const struct turns *turns, const struct turn *turn)
{
	unsigned int left = NEAR;
	size_t i;

	for (i = turns->first; i < turns->nr && left; i++) {
		const struct turn *t = &turns->turn[i];

		if (t->used || t->is_answer || t->task != turn->task)
			continue;
		if (same(t, turn) && (t->where == turn->where || (left == NEAR && t->obj)))
			return i;
		left--;
	}
	return turns->nr;
}

/**
 * turns_skip() - these have no counterpart on this side.
 * @turns: recorded
 * @task: whose
 * @at: end, exclusive
 */
void turns_skip(struct turns *turns, uint8_t task, size_t at)
{
	size_t i;

	for (i = turns->first; i < at; i++)
		if (!turns->turn[i].is_answer && turns->turn[i].task == task)
			turns->turn[i].used = true;
	while (turns->first < turns->nr &&
	       (turns->turn[turns->first].used || turns->turn[turns->first].is_answer))
		turns->first++;
}

/**
 * turns_done() - this side took a step.
 * @turns: recorded
 * @turn: the step
 */
void turns_done(struct turns *turns, const struct turn *turn)
{
	size_t at = turns_find(turns, turn);

	if (at < turns->nr)
		turns_skip(turns, turn->task, at + 1);
}

/**
 * turns_print() - as words without a tab, for turns_parse().
 * @turns: what to print
 * @out: where to
 */
void turns_print(const struct turns *turns, FILE *out)
{
	const struct turn *t;

	for (t = turns->turn; t != turns->turn + turns->nr; t++)
		if (t->is_answer)
			fprintf(out, "=%" PRIu64 " ", t->obj);
		else
			fprintf(out, "%u:%u:%" PRIx32 ":%" PRIx32 ":%" PRIx64 " ", t->task,
				t->verb, t->name, t->where, t->obj);
}

/**
 * turns_parse() - read turns.
 * @turns: emptied first
 * @text: cut up
 *
 * Return: false if it is nothing that turns_print() wrote.
 */
bool turns_parse(struct turns *turns, char *text)
{
	char *p, *rest = NULL;

	turns->nr = turns->first = 0;
	for (p = strtok_r(text, " ", &rest); p; p = strtok_r(NULL, " ", &rest)) {
		struct turn t = { .task = 0 };
		unsigned int task;

		if (*p == '=') {
			turns_add_answer(turns, strtoul(p + 1, NULL, 10));
			continue;
		}
		if (sscanf(p, "%u:%" SCNu16 ":%" SCNx32 ":%" SCNx32 ":%" SCNx64, &task, &t.verb,
			   &t.name, &t.where, &t.obj) != 5)
			return false;
		t.task = task;
		turns_add(turns, t);
	}
	return true;
}
