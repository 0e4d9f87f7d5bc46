/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * States that come again on one path.
 *
 * A state that comes again comes forever, if the tasks are let run as they were
 * in between.  Whether that is a livelock depends on who was: a scheduler that
 * forgets nobody lets everybody run who can.  So a cycle is fair if each task
 * that could run somewhere on it did run somewhere on it; one that is not only
 * shows a task that waits for another which is not let run.
 *
 * States are looked at where there is a choice of a task.  Where one task alone
 * can run for long, now and then: then whatever comes again is fair.
 */
#ifndef SIM_EXPLORE_CYCLES_H
#define SIM_EXPLORE_CYCLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/hash.h"
#include "sim/explore/repeats.h"

#define SIM_CYCLES_NONE	UINT32_MAX
/* Of an execution; before, nobody is suspected where looking costs too much. */
#define SIM_CYCLES_FROM	2000

/**
 * struct sim_cycle_point - a state on the path
 * @state: its hash
 * @tag: the caller's
 * @steps: of the execution, before it
 * @before: the point of the same state before this one, or SIM_CYCLES_NONE
 * @ran: tasks that ran since the point before
 * @could: tasks that could
 */
struct sim_cycle_point {
	struct sim_hash state;
	uint64_t tag, steps;
	uint32_t before, ran, could;
};

/**
 * struct sim_cycles - a path
 * @point: its states, @nr of them
 * @ran: tasks that ran since the last
 * @could: and that could
 * @enabled: that can run from where the path was noted last; 0: not yet
 * @alone: how long one task alone could run
 * @again: times that the state was met before with the same tag
 * @cycle_ran: of the fair cycle that was found: its tasks
 * @cycle_steps: and its length
 */
struct sim_cycles {
	struct sim_cycle_point *point;
	uint32_t nr, max;
	uint32_t *slot;			/* open addressing: number + 1 */
	uint32_t size;
	uint32_t ran, could, enabled;
	struct sim_repeats alone;
	uint32_t again;
	uint32_t cycle_ran;
	uint64_t cycle_steps;
};

/* The newest point of a state, or SIM_CYCLES_NONE. */
uint32_t sim_cycles_find(const struct sim_cycles *c, struct sim_hash state);
/* The path has come to one more. */
void sim_cycles_add(struct sim_cycles *c, struct sim_hash state, uint64_t tag, uint64_t steps);
/* Where a path stands; all zeroes is its beginning. */
struct sim_cycles_mark {
	uint32_t nr, ran, could, enabled;
};

/* Where it stands now. */
struct sim_cycles_mark sim_cycles_mark(const struct sim_cycles *c);
/* Back to there. */
void sim_cycles_cut(struct sim_cycles *c, struct sim_cycles_mark mark);
void sim_cycles_free(struct sim_cycles *c);

static inline bool sim_cycle_is_fair(uint32_t ran, uint32_t could)
{
	return ran && !(could & ~ran);
}

/**
 * sim_cycles_look() - an execution stands before a step: was it here before?
 * @c: its path; each step since the first call has to be looked at
 * @enabled: tasks that can run
 * @last: that ran last, -1 nobody
 * @tag: of this point
 * @steps: of the execution, before this one
 *
 * Context: host; hashing is on.
 * Return: true if a fair cycle ends here; @c says which.
 */
bool sim_cycles_look(struct sim_cycles *c, uint32_t enabled, int last, uint64_t tag,
		     uint64_t steps);

/* The part of that for where one task alone can run. */
static inline bool sim_cycles_alone(struct sim_cycles *c, int last)
{
	if (__builtin_expect(++c->alone.row < SIM_REPEATS_FROM, 1))
		return false;
	c->cycle_ran = 1u << last;
	c->cycle_steps = 0;
	return sim_repeats(&c->alone, last);
}

#endif
