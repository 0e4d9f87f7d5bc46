/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fibers: the stacks on which simulated tasks run, and the switch between
 * them and the scheduler's stack.
 *
 * Each fiber has a stack of its own in the arena with an inaccessible page
 * below it; running into that page is caught and named.  Two back ends stand
 * behind this header, chosen by Meson: switch_x86_64.S and switch_ucontext.c.
 * Saved contexts are kept outside the arena.
 */
#ifndef SIM_ENGINE_FIBER_H
#define SIM_ENGINE_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/arena.h"

#define SIM_STACK_SIZE	(64u << 10)

/*
 * The highest bytes of a stack are kept free for whoever runs fibers.  A fiber
 * writes its own for nothing (no store to the own stack is logged), and they
 * are saved and restored with the stack.  Zero when the fiber is set up.
 */
#define SIM_STACK_LOCAL		176u
/* So many of them are state; the others are history, as in SIM_AREA_HISTORY. */
#define SIM_STACK_LOCAL_STATE	152u

static inline __attribute__((always_inline))
void *sim_fiber_local(unsigned int id)
{
	return (void *)(SIM_ARENA_BASE +
			((uint64_t)SIM_AREA_STACKS << SIM_AREA_SHIFT) +
			(id + 1) * (2ULL * SIM_STACK_SIZE) - SIM_STACK_LOCAL);
}

/* Why a fiber gave the processor back to the scheduler. */
enum sim_yield {
	SIM_YIELD_STEP,		/* it stands before its next step */
	SIM_YIELD_CHOICE,	/* it asks sim_choose(); answer, then resume */
	SIM_YIELD_EXIT,		/* its function returned */
	SIM_YIELD_FATAL,	/* it cannot go on: see the pulse */
};

/* Set up fiber @id to run @fn(@arg); it stands before its first instruction. */
void sim_fiber_init(unsigned int id, void (*fn)(void *arg), void *arg);

/*
 * Fiber @id is done for: nothing on its stack counts any more. Which fibers are
 * set up is no part of the world, so that going back does not forget one that
 * was set up since; whoever set it up does.
 */
void sim_fiber_forget(unsigned int id);

/**
 * sim_fiber_resume() - let fiber @id run until it yields.
 *
 * Context: host, on the scheduler's stack.
 * Return: why it came back.
 */
enum sim_yield sim_fiber_resume(unsigned int id);

/* Called on a fiber: give the processor back. Neutral code, may switch. */
void sim_fiber_yield(enum sim_yield why);

/* What SIM_YIELD_CHOICE asks, and where its answer goes. */
struct sim_question {
	uint32_t n;
	uint32_t answer;
	const char *tag;
};
struct sim_question *sim_fiber_question(void);

/* Called on a fiber: put a question, yield SIM_YIELD_CHOICE, return the answer.
 * (A fiber cannot write the question itself: it lies outside the world.) */
uint32_t sim_fiber_ask(uint32_t n, const char *tag);

/**
 * sim_fiber_save() - copy the live part of a fiber's stack and its context.
 * @id: fiber, not running
 * @buf: room for at least sim_fiber_save_size(@id) bytes, aligned to 16
 *
 * Return: bytes used.
 */
size_t sim_fiber_save(unsigned int id, void *buf);
size_t sim_fiber_save_size(unsigned int id);	/* a multiple of 16 */
#define SIM_FIBER_SAVE_MAX	(SIM_STACK_SIZE + 4096u)	/* of any fiber */
void sim_fiber_restore(unsigned int id, const void *buf);

/* The part of a fiber's stack that counts: [*ret_lo, *ret_hi). */
void sim_fiber_live(unsigned int id, uint64_t *ret_lo, uint64_t *ret_hi);

/* Which fiber runs now, or -1 on the scheduler's stack. */
int sim_fiber_running(void);

#endif
