/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small programs of a few tasks, made up at random: what they can come to is
 * found by running every schedule, and has to be the same by all other means.
 */
#ifndef TESTS_EXPLORE_FUZZ_H
#define TESTS_EXPLORE_FUZZ_H

#include <stdbool.h>
#include <stdint.h>

#define FUZZ_TASKS	4
#define FUZZ_OPS	10
#define FUZZ_VARS	6
#define FUZZ_LOCKS	3

enum fuzz_what {
	FUZZ_READ,		/* into the task's register */
	FUZZ_WRITE,		/* a constant */
	FUZZ_PUT,		/* the register */
	FUZZ_FETCH_ADD,
	FUZZ_ADD,		/* declared: without looking */
	FUZZ_SKIP_IF,		/* the next @b operations, if the variable is @a */
	FUZZ_SKIP_IF_REG,	/* ... if the register is */
	FUZZ_LOCK,		/* @var is the lock */
	FUZZ_LOCK_SHARED,
	FUZZ_TRYLOCK,		/* failing skips the next @b operations */
	FUZZ_TRYLOCK_SHARED,
	FUZZ_UNLOCK,		/* if it is held, however */
	FUZZ_UNLOCK_OF,		/* a bit lock, whoever holds it */
	FUZZ_WAIT,		/* until the variable is not 0 */
	FUZZ_WAKE,		/* set it, and wake who waits */
	FUZZ_CHOOSE,		/* the register becomes 0..@a */
	FUZZ_WARN_IF,		/* violation @b if the variable is @a */
	FUZZ_ATOMIC,		/* no preemption ... */
	FUZZ_NOT_ATOMIC,
	FUZZ_NR,		/* what follows is in no random program */
	FUZZ_SPIN = FUZZ_NR,	/* look until the variable is not 0 */
	FUZZ_AGAIN_IF,		/* @b operations back, if the variable is @a */
};

struct fuzz_op {
	uint8_t what, var, a, b;
	bool merged;		/* part of the step before it */
};

struct fuzz_program {
	bool warns;
	uint8_t nr_tasks, nr_ops[FUZZ_TASKS];
	uint8_t cpu[FUZZ_TASKS];
	uint8_t lock_type[FUZZ_LOCKS];
	struct fuzz_op op[FUZZ_TASKS][FUZZ_OPS];
};

void fuzz_build(const struct fuzz_program *p);

/* What can be seen of a variable, as a check sees it. */
int fuzz_peek(int var);

/* All variables, and all registers of tasks that are done. */
uint64_t fuzz_result(void);

#endif
