/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of an execution, as hints for one of the other side. The two sides
 * do not take the same steps: where the model does without a lock, say, the
 * kernel's own functions take two more. So a step is known by what it does,
 * not by its number.
 */
#ifndef TESTS_REAL_TURNS_H
#define TESTS_REAL_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/engine/pulse.h"

/**
 * struct turn - a step, or the answer to another choice
 * @task: who took it
 * @is_answer: it is an answer: @obj
 * @used: following: done, or passed over for good
 * @verb: what it did
 * @name: of a lock, stands for its class's name
 * @where: stands for the name of the function that it was in
 * @obj: to what; without numbers that are not the same on both sides
 */
struct turn {
	uint8_t task;
	bool is_answer, used;
	uint16_t verb;
	uint32_t name, where;
	sim_obj_t obj;
};

/**
 * struct turns - those of one execution
 * @turn: @nr of them, room for @max
 * @first: following: before it, all are used
 */
struct turns {
	struct turn *turn;
	size_t nr, max, first;
};

/* The step that @task is about to take. */
struct turn turn_next(uint8_t task);

void turns_add(struct turns *turns, struct turn turn);
void turns_add_answer(struct turns *turns, uint32_t answer);

/* Which of the next few turns of its task this one is; @turns->nr if none. */
size_t turns_find(const struct turns *turns, const struct turn *turn);
/* Turns of @task before @at were passed over. */
void turns_skip(struct turns *turns, uint8_t task, size_t at);
/* It was done. A turn that cannot be found was an additional one. */
void turns_done(struct turns *turns, const struct turn *turn);

void turns_print(const struct turns *turns, FILE *out);
/* Reads what turns_print() wrote; @text is cut up. Return: is it anything of that kind? */
bool turns_parse(struct turns *turns, char *text);

#endif
