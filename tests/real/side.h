/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One side of a comparison: a program that is linked twice, with the model's
 * functions and with the kernel's own in their places.
 */
#ifndef TESTS_REAL_SIDE_H
#define TESTS_REAL_SIDE_H

#include <stdint.h>
#include <stdio.h>

#include "sim/race/model.h"
#include "sim/race/world.h"

/**
 * struct side - what is run
 * @race: the race
 * @setup: design and kernel
 * @checks: which checks are on when all orders are searched
 * @seconds: stop searching after so long, 0 no bound
 * @executions: and after so many, 0 no bound
 * @orders: how many different orders to record
 * @seed: where the sequence of random executions starts
 */
struct side {
	struct race *race;
	struct race_setup setup;
	const char *checks;
	double seconds;
	uint64_t executions, orders, seed;
};

#define SIDE_MAX_STEPS	20000

int side_finals(const struct side *side, FILE *out);
int side_record(const struct side *side, FILE *out);
int side_replay(const struct side *side, FILE *in, FILE *out);
/* Make room for @need elements of @size, if *@max is less. Return: the array. */
void *side_grow(void *array, size_t *max, size_t need, size_t size);
/* The final state as one line. Return: to be freed; NULL: no memory. */
char *side_final_text(const struct race *race);

#endif
