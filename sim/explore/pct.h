/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and
 * Nagarakatte, ASPLOS 2010): random schedules with a guarantee.
 *
 * Each execution gives the n tasks random priorities and draws d - 1 change
 * points among its first k choices.  The task of highest priority that can go
 * on runs; at a change point it falls below all others.  A bug of depth d,
 * which is one that some d ordering constraints between steps are enough for,
 * is met by each execution with probability 1/(n k^(d-1)) or more.
 *
 * k counts choices between two tasks or more, not steps: where one task alone
 * can go on, a change of its priority acts at the next choice, so the change
 * points at choices make all the schedules that those at steps would, and k is
 * smaller.
 *
 * Choices that are not the scheduler's are drawn evenly; the guarantee is for
 * what happens whatever their answers are.
 *
 * The guarantee needs a k that no execution exceeds.  The first executions
 * measure it, if it was not given, and a quarter is added: they are executions
 * like the others, but are not counted for the guarantee.  One that exceeds k
 * later makes it void.
 *
 * Every fourth execution is made like this, and the guarantee is for these.
 * The others are focused: their change points lie where a task comes to one
 * object that more than one task came to in the first executions, another each
 * time, and each puts its task below all that were put down before.  What has
 * to be interrupted between a look at something and the use of what was seen
 * is found by these many times sooner; but nothing says that all is.
 *
 * A task that starts over what it did (a fault that is entered again) may wait
 * for one of lower priority, forever.  It is put below all others; and so is
 * one that brings the world back to a state in which it was, where it is known
 * to wait.
 */
#ifndef SIM_EXPLORE_PCT_H
#define SIM_EXPLORE_PCT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/task.h"
#include "sim/explore/random.h"
#include "sim/explore/repeats.h"

#define SIM_PCT_MAX_DEPTH	16
#define SIM_PCT_MEASURE		16	/* executions that measure k */
#define SIM_PCT_OBJECTS		256	/* told apart; more are not focused on */

/**
 * struct sim_pct_object - something that steps are about
 * @obj: what
 * @tasks: that came to it, a bit each; 0: a free entry
 * @execution: in which it was last met
 * @here: how often there
 * @most: the most in any
 */
struct sim_pct_object {
	sim_obj_t obj;
	uint64_t tasks;
	uint64_t execution;
	uint32_t here, most;
};

/**
 * struct sim_pct - the strategy and what its guarantee rests on
 * @strategy: for sim_exec
 * @rng: all that is drawn comes from it
 * @depth: d, 1 or more
 * @nr_tasks: n
 * @k: change points lie below
 * @given: @k was given, not measured
 * @hashing: hashing is on: find tasks that wait in a loop
 * @begun: executions so far
 * @executions: ended, which the guarantee is for
 * @longest: most choices of any execution
 * @exceeded: executions that had more than the @k that they were made with
 * @demoted: how often a task was put down for starting over
 *
 * The rest is of the running execution:
 * @asked: choices between tasks so far
 * @at: choices so far at which there might be a change point
 * @focus: these are only those at this object; NULL: all
 * @change: change points, by @at; @next is the next of them
 * @priority: by task, the higher goes first
 * @floor: below all of @priority
 * @ran: task that was chosen last, or -1
 * @repeats: how long it was, in a row
 *
 * @object: what was learnt
 * @contended: indices of the objects to focus on, @nr_contended of them
 */
struct sim_pct {
	struct sim_strategy strategy;
	struct sim_rng rng;
	uint32_t depth;
	uint32_t nr_tasks;
	uint64_t k;
	bool given, hashing;
	uint64_t begun, executions;
	uint64_t longest, exceeded, demoted;
	uint64_t asked, at;
	const struct sim_pct_object *focus;
	struct {
		uint64_t at;
		int64_t priority;
	} change[SIM_PCT_MAX_DEPTH];
	uint32_t next;
	int64_t priority[SIM_MAX_TASKS];
	int64_t floor;
	int ran;
	struct sim_repeats repeats;
	struct sim_pct_object object[SIM_PCT_OBJECTS];
	uint16_t contended[SIM_PCT_OBJECTS];
	uint32_t nr_contended;
};

/**
 * sim_pct_init() - set up.
 * @p: to be set up
 * @seed: where its sequence starts
 * @depth: d, within 1..SIM_PCT_MAX_DEPTH
 * @k: choices that no execution exceeds, or 0: measure
 */
void sim_pct_init(struct sim_pct *p, uint64_t seed, uint32_t depth, uint64_t k);

/*
 * Around each execution: draw its priorities and change points; look back.
 * Context: host; the world is built.
 */
void sim_pct_begin(struct sim_pct *p);
void sim_pct_end(struct sim_pct *p);

/* @task starts something over: it goes below all others. */
void sim_pct_demote(struct sim_pct *p, unsigned int task);

/**
 * sim_pct_guarantee() - the least probability with which one execution meets a
 * bug of depth d.
 * @p: after its executions
 *
 * Return: 1/(n k^(d-1)); 0 if it is void, or nothing was run that it is for.
 */
double sim_pct_guarantee(const struct sim_pct *p);

/**
 * sim_pct_words() - the guarantee in words, or why it is void.
 * @p: after its executions
 * @buf: room for one line of 200 bytes
 * @size: of @buf
 */
void sim_pct_words(const struct sim_pct *p, char *buf, size_t size);

#endif
