/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Executions that differ in the order of their milestones. */
#ifndef TESTS_REAL_ORDERS_ALL_H
#define TESTS_REAL_ORDERS_ALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct executions - what was found, by the answers to their choices
 * @max: stop after so many
 * @choice: the answers of all of them
 * @execution: where each one's begin and how many they are; @nr of them
 */
struct executions {
	uint64_t max;
	uint32_t *choice;
	struct {
		size_t at, nr;
	} *execution;
	size_t nr;
};

/*
 * From the world as it stands: an execution for each order that the verbs of
 * @milestones can come in. Return: are these all? The world is to be rolled
 * back, @ret's arrays to be freed in any case.
 */
bool find_all(struct executions *ret, uint64_t milestones);

#endif
