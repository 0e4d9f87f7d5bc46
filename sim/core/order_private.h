/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What access grain remembers of a run: clocks of tasks, and of each word who
 * released it and who touched it.  History; at a place of its own, and live
 * only as far as it is in use.
 */
#ifndef SIM_CORE_ORDER_PRIVATE_H
#define SIM_CORE_ORDER_PRIVATE_H

#include "sim/core/order.h"
#include "sim/core/world.h"
#include "sim/engine/grain.h"

#define SIM_ORDER_WORDS	32768u			/* words that a run may touch */
#define SIM_ORDER_INDEX	(2 * SIM_ORDER_WORDS)	/* a power of two */

struct sim_clock {
	uint32_t of[SIM_MAX_TASKS];
};

/* A task's last access to a word, of one kind. */
struct sim_seen {
	uint64_t time, pc;
	uint32_t clock;		/* the task's own then; 0: never */
	uint8_t bytes;
	bool marked;
};

struct sim_order_word {
	uint64_t addr;
	struct sim_clock released;
	struct sim_seen load[SIM_MAX_TASKS], store[SIM_MAX_TASKS];
};

struct sim_order {
	struct sim_clock clock[SIM_MAX_TASKS];
	struct {
		struct sim_plain access;
		uint64_t time;		/* of the step that it is in */
	} now;
	struct sim_unordered unordered;
	uint32_t nr_words;
	uint16_t index[SIM_ORDER_INDEX];	/* 0: none, else its number + 1 */
	struct sim_order_word word[SIM_ORDER_WORDS];
};

#define the_order	((struct sim_order *)SIM_HISTORY_ORDER)

#endif
