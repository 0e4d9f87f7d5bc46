/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coverage-greedy: random schedules that prefer what was not seen yet.
 *
 * What is covered are turns at objects: two consecutive steps about one object
 * and the one that comes next, at least one of them another task's.  A turn is
 * told by the tasks, what the steps do and in which functions, and by the
 * object; a choice after which a turn is met for the first time is preferred
 * to others.  A read-modify-write that another task gets into the middle of is
 * a turn; so each of them is tried once, where chance alone would repeat the
 * frequent ones.
 *
 * How much it prefers them is drawn for each execution, from always to hardly
 * ever: who always takes the new turn at once never lets a task wait for a
 * better one.  Else it stays with a task or leaves it, as the random strategy
 * does.
 */
#ifndef SIM_EXPLORE_COVERAGE_H
#define SIM_EXPLORE_COVERAGE_H

#include "sim/engine/pulse.h"
#include "sim/explore/estimate.h"
#include "sim/explore/random.h"

#define SIM_COVERAGE_OBJECTS	1024	/* followed in one execution */

/**
 * struct sim_coverage_object - the last steps about one object
 * @obj: what
 * @execution: in which it was met; entries of others are free
 * @before: the step before the last, as a number
 * @last: the last step
 * @task: whose that was
 */
struct sim_coverage_object {
	sim_obj_t obj;
	uint64_t execution;
	uint64_t before, last;
	int task;
};

/**
 * struct sim_coverage - the strategy
 * @strategy: for sim_exec
 * @rng: all that is drawn comes from it
 * @turns: those that were seen
 * @executions: begun
 * @greed: of this execution: a new turn is taken but once in 2^@greed; 0 always
 * @stay: else a task is left once in 2^@stay choices
 * @object: of this execution
 */
struct sim_coverage {
	struct sim_strategy strategy;
	struct sim_rng rng;
	struct sim_estimate turns;
	uint64_t executions;
	uint32_t greed, stay;
	struct sim_coverage_object object[SIM_COVERAGE_OBJECTS];
};

/* Begin a sequence of executions, the same for the same @seed. */
void sim_coverage_init(struct sim_coverage *c, uint64_t seed);
/* Give the memory back. */
void sim_coverage_free(struct sim_coverage *c);

/* Before each execution. */
void sim_coverage_begin(struct sim_coverage *c);

/* Turns met so far. */
uint64_t sim_coverage_turns(const struct sim_coverage *c);

#endif
