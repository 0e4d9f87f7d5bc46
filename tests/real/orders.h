/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What recording and following orders share: orders.c. */
#ifndef TESTS_REAL_ORDERS_H
#define TESTS_REAL_ORDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/engine/undo.h"
#include "sim/explore/exec.h"
#include "sim/explore/random.h"
#include "tests/real/side.h"
#include "tests/real/turns.h"

#define V(verb)	(1ULL << SIM_##verb)
#define MILESTONES							\
	(V(GET) | V(PUT) | V(PIN) | V(UNPIN) | V(ISOLATE) | V(PUTBACK) | V(QUEUE) | V(DRAIN) |	\
	 V(MAP) | V(UNMAP) | V(MIGRATION) | V(REFCHECK) | V(COPY) | V(NOTIFY_START) |		\
	 V(NOTIFY_END) | V(ZAP) | V(CHARGE) | V(UNCHARGE))

/**
 * struct milestone - something that happened
 * @task: who did it
 * @verb: what
 * @half: it may be the first half of a pin: see is_half()
 * @whole: a pin that had a first half
 * @obj: to what
 */
struct milestone {
	uint8_t task;
	uint8_t verb;
	bool half, whole;
	sim_obj_t obj;
};

/**
 * struct order - one execution
 * @milestone: what it did, @nr of them
 * @turns: its steps
 */
struct order {
	struct milestone *milestone;
	size_t nr, max;
	struct turns turns;
};

/* What of the recorded turns is used beside the milestones. */
enum hints {
	HINT_NUMBER,	/* the n-th step is taken by the same task: sides that step alike */
	HINT_WHAT,	/* steps that do the same are taken in the same order */
	HINT_NONE,
	HINT_CHANCE,	/* whoever may */
};

/**
 * struct steer - a run that records or follows
 * @strategy: answers the choices
 * @watcher: sees the milestones
 * @exec: the run
 * @rng: recording: where preemptions come from; following: HINT_CHANCE
 * @stay: recording: one in so many steps is followed by another task's
 * @given: recording: answers to the choices, @nr_given of them; NULL: by chance
 * @seen: what it did so far
 * @next: by task: its next step, once it has taken any or been asked for
 * @want: following: what it shall do; NULL: recording
 * @hints: following: which recorded turns are taken where they fit
 * @at: following: the next of them, HINT_NUMBER
 * @answer: following: where in @want's turns the next answer is looked for
 * @detour: steps since the last milestone
 * @departed: following: it did something else, or nothing else could be done
 * @v61: the kernel is v6.1
 */
struct steer {
	struct sim_strategy strategy;
	struct sim_watcher watcher;
	struct sim_exec exec;
	struct sim_rng rng;
	uint32_t stay;
	const uint32_t *given;
	size_t nr_given;
	struct order seen;
	struct turn next[SIM_MAX_TASKS];
	struct order *want;
	enum hints hints;
	size_t at, answer;
	uint64_t detour;
	bool departed;
	bool v61;
};

/* Build the race's world, marked. Return: 0 or -errno, and why on stderr. */
int order_build(const struct side *side, struct sim_marked_world *ret_world);

/* One execution, as @s says; what it did is in s->seen. */
enum sim_end order_run(struct steer *s);

/* What came to be one milestone in the end is one. */
void order_drop_halves(struct order *o);

#endif
