/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Failures on request: which of the primitives of fault.def fail, for which
 * task and when.  Both sides include this, so there are only numbers here.
 */
#ifndef FAKES_FAULT_H
#define FAKES_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault_point {
#define FAULT_POINT(name, word, function, result, contract) FAULT_##name,
#include "fakes/fault.def"
#undef FAULT_POINT
	FAULT_ANY,		/* whichever comes, as /proc/thread-self/fail-nth has it */
	NR_FAULT_POINTS,
};

#define FAULT_FOR_EVER	UINT64_MAX

/**
 * struct fault_order - what shall fail
 * @point: enum fault_point
 * @nth: the how many-th call from now on, counted from 1; 0: any call may
 *	fail, and the explorer tries both
 * @times: how many calls fail: this one and those that follow it, or
 *	FAULT_FOR_EVER; for @nth 0 at most so many
 */
struct fault_order {
	unsigned int point;
	uint64_t nth;
	uint64_t times;
};

/* The running task's calls shall fail so, instead of as said before. */
void fault_inject(const struct fault_order *order);

/* They shall not any more. */
void fault_inject_off(void);

/**
 * fault_hit() - does this call fail?
 * @point: which primitive
 * @site: who called it
 *
 * Context: any. No step; asks sim_choose() if the order leaves it open.
 * Return: true if it must.
 */
bool fault_hit(enum fault_point point, const char *site);

/* How many calls were made to fail in this execution. */
uint64_t probe_failures(void);

#endif
