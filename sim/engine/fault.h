/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults of simulated code: accesses that the engine refuses before they
 * happen.  The engine does not know what they mean in a kernel; the room above
 * it registers a function that does and that does not come back.
 */
#ifndef SIM_ENGINE_FAULT_H
#define SIM_ENGINE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/pulse.h"

enum sim_fault {
	SIM_FAULT_WILD,		/* no memory of the simulated machine */
	SIM_FAULT_FREED,	/* allocated once, not any more */
	SIM_FAULT_BOUNDS,	/* never allocated, or past an allocation's end */
	/* Only of loaded code (image.h); of others they are pinsim's own faults. */
	SIM_FAULT_STACK,	/* the task ran off its stack */
	SIM_FAULT_LOOP,		/* SIM_BLOCKS_MAX basic blocks without a step */
	SIM_FAULT_TRAP,		/* what the processor refused: a division, an instruction */
	SIM_FAULT_BEYOND,	/* a limit of pinsim's: sim_bug_said() */
};

/**
 * typedef sim_fault_fn - what to do about a refused access.
 * @kind: what is wrong with it
 * @addr: first byte that is
 * @write: store or load
 *
 * Called on the stack of the code that did it; must not return.
 */
typedef void (*sim_fault_fn)(enum sim_fault kind, uint64_t addr, bool write);

/* So many basic blocks of loaded code between two steps are an endless loop. */
#define SIM_BLOCKS_MAX	1000000u

/**
 * sim_fault_site() - where loaded code did what is being refused.
 *
 * Context: in a sim_fault_fn.
 * Return: a site (image.h); NULL if other code did it.
 */
const char *sim_fault_site(void);

/* Register it; one for the whole program. */
void sim_fault_set(sim_fault_fn fn);

/**
 * sim_guard_install() - handle the signals that code under test may cause.
 *
 * sim_arena_map() does it; a program with handlers of its own takes ours away
 * while it does something else.
 * Return: 0, or -errno.
 */
int sim_guard_install(void);
/* Put back what was there; nothing if it has been. */
void sim_guard_remove(void);

/**
 * sim_check_addresses() - test each access against the live map, or do not.
 */
void sim_check_addresses(bool on);

/**
 * sim_fatal_catch() - run a function on the host's behalf and survive its end.
 * @fn: called as if by the host itself (no task runs), on a stack of its own
 * @arg: for @fn
 * @ret: the fact that ended it; untouched if it returned; may be NULL
 *
 * For tests of what sim_fatal() reports.  @fn must not longjmp() out (no
 * assertions in it).  What it had done to the world stays done.
 *
 * Context: host. Not nestable.
 * Return: true if @fn was ended by sim_fatal(), false if it returned.
 */
bool sim_fatal_catch(void (*fn)(void *arg), void *arg, struct sim_record *ret);

/**
 * sim_fatal_caught() - remember a fatal fact, end what sim_fatal_catch() runs.
 * @rec: why
 *
 * For sim_fatal(). Returns only if nobody catches.
 */
void sim_fatal_caught(const struct sim_record *rec);

/* The last fatal fact, whether anybody had subscribed to it or not. */
void sim_fatal_last(struct sim_record *ret);

#endif
