/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens before what, for data races under access grain.
 *
 * Each task has a vector clock.  Whatever a modelled primitive or a marked
 * access (READ_ONCE, WRITE_ONCE, an atomic) writes releases the word to those
 * who read it later in the same way; a lock orders its holders.  A plain access
 * orders nothing.  Two accesses of code under test to the same bytes, one of
 * them a write and one of them plain, that no such chain orders are a data race.
 *
 * Weaker orders than release and acquire are not told apart (sequential
 * consistency is what the machine has), so a race may be missed where only a
 * barrier is; one that is reported is a race in the kernel's memory model as well.
 *
 * All of it is history: rolled back, not hashed, in no footprint.
 */
#ifndef SIM_CORE_ORDER_H
#define SIM_CORE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/footprint.h"

/**
 * struct sim_side - one side of a data race
 * @time: of its step
 * @pc: return address into the code that did it
 * @task: who
 * @write: or read
 * @marked: or plain
 */
struct sim_side {
	uint64_t time;
	uint64_t pc;
	int task;
	bool write;
	bool marked;
};

/* What SIM_X_RACE is about: the earlier side, and the one that met it. */
struct sim_unordered {
	struct sim_side first, second;
};

/**
 * sim_grain_access_on() - every access of code under test is a step, or is not.
 *
 * Context: host, after sim_world_init() and before any task runs. Off again
 * with sim_arena_reset()'s caller: it is not part of the world.
 */
void sim_grain_access_on(bool on);

/**
 * sim_order_step() - a task has run to its next step: what does that order?
 * @task: who
 *
 * Reads the footprint of the step; notes SIM_X_RACE where it finds one.
 * Context: host, only while access grain is on; again after each answer to a
 * choice within one step.
 */
void sim_order_step(unsigned int task);

/**
 * sim_order_marked() - the running step is an atomic operation on shared memory
 * @p: what
 * @size: bytes
 * @write: or only reads
 * @pc: into the code that called for it
 *
 * For primitives that stand for one instruction (bit operations).
 */
void sim_order_marked(const volatile void *p, size_t size, bool write, const void *pc);

/* The last one noted. */
struct sim_unordered sim_order_unordered(void);

#endif
