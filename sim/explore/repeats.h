/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who goes on alone for long may wait in a loop for somebody who is not let
 * run.  If nobody else runs, the state of the world says so: once it comes
 * again, it will come forever.
 */
#ifndef SIM_EXPLORE_REPEATS_H
#define SIM_EXPLORE_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/task.h"
#include "sim/engine/hash.h"

#define SIM_REPEATS_FROM	256	/* choices in a row; before, nobody is suspected */
#define SIM_REPEATS_EVERY	16	/* choices; a power of 2 */

/**
 * struct sim_repeats - one way alone
 * @row: choices in a row that went the same way; reset it to 0 where one does not
 * @look_at: at which the state is remembered
 * @state: that
 * @last: task that ran last there
 */
struct sim_repeats {
	uint32_t row, look_at;
	struct sim_hash state;
	int last;
};

/**
 * sim_repeats() - was the world in this state before?
 * @r: where the way began; @row counts this choice already
 * @last: task that ran last
 *
 * One state is kept and compared with, another each time that the way has
 * become twice as long.
 * Context: host, at a choice; hashing is on.
 */
static inline bool sim_repeats(struct sim_repeats *r, int last)
{
	struct sim_hash now;

	if (r->row < SIM_REPEATS_FROM || r->row % SIM_REPEATS_EVERY)
		return false;
	now = sim_hash_now(sim_tasks_alive());
	if (r->row == SIM_REPEATS_FROM)
		r->look_at = SIM_REPEATS_FROM;
	else if (now.lo == r->state.lo && now.hi == r->state.hi && last == r->last)
		return true;
	if (r->row == r->look_at) {
		r->look_at *= 2;
		r->state = now;
		r->last = last;
	}
	return false;
}

#endif
