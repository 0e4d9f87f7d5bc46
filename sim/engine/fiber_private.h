/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All fibers; shared by fiber.c and the files that switch between them.
 *
 * The beginning is laid out for switch_x86_64.S, which knows the offsets.
 */
#ifndef SIM_ENGINE_FIBER_PRIVATE_H
#define SIM_ENGINE_FIBER_PRIVATE_H

#include "sim/engine/engine_private.h"
#include "sim/engine/switch.h"

/*
 * One more fiber than there are tasks, on a stack outside the arena: it runs
 * functions on the host's behalf that a fatal fact may have to end.
 */
#define SIM_CATCHER	SIM_MAX_TASKS

struct sim_fiber {
	void (*fn)(void *arg);
	void *arg;
	void *asan;		/* what ASan keeps for a stack that is left */
	uint64_t lo, size;
	bool set;
};

struct sim_fibers {
	struct sim_context scheduler;
	struct sim_context ctx[SIM_MAX_TASKS + 1];
	bool ran[SIM_MAX_TASKS + 1];	/* since its stack was hashed last */
	/* offsets from here on are free to change */
	struct sim_fiber fiber[SIM_MAX_TASKS + 1];
	enum sim_yield why;
	void *scheduler_asan;
	const void *scheduler_lo;
	size_t scheduler_size;
	struct sim_question question;
	struct sim_record fatal;
	void *catcher_stack;
};
extern struct sim_fibers sim_fibers SIM_HIDDEN;

/* On the new stack, before anything else. */
void sim_fiber_arrived(void) SIM_HIDDEN;

#endif
