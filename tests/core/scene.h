/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenes: small worlds with a few tasks, for core's tests.  What the tasks saw
 * is left in one struct that the host reads after each execution.
 */
#ifndef TESTS_CORE_SCENE_H
#define TESTS_CORE_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/lock.h"
#include "sim/core/ledger.h"
#include "sim/core/wait.h"

/* Of a run. */
#define SCENE_RUN	8
struct scene_object {
	struct sim_refs refs;
	uint8_t rest[SIM_REF_STRIDE - sizeof(struct sim_refs)];
};

struct scene {
	struct sim_lock a, b;
	struct sim_waitq waitq;
	struct sim_srcu srcu;
	struct sim_refs refs;
	/* what the tasks leave behind */
	uint32_t inside;	/* tasks in a critical section now */
	uint32_t inside_max;
	uint32_t readers_max;	/* of them, sharing */
	uint32_t done;
	uint32_t got;		/* trylocks that worked */
	uint32_t value, seen;
	bool flag;
	bool stop;		/* for who waits until then */
	bool wrong;		/* something happened that must not */
	uint32_t order[8];	/* which task came when */
	uint32_t nr_order;
	struct scene_object object[SCENE_RUN];
};

struct scene *scene(void);

/* A world with @type locks a and b (classes "a" and "b"), and no task. */
struct scene *scene_build(unsigned int cpus, enum sim_lock_type type);

/* Task functions. */
void scene_lock_a(void *unused);		/* in and out, exclusively */
void scene_share_a(void *unused);		/* in and out, shared */
void scene_look_a(void *how);			/* in, "does anybody want it?", out */
void scene_late_a(void *unused);		/* comes after a step of its own */
void scene_trylock_a(void *unused);
void scene_unless_a(void *how);			/* in and out, or told to stop */
void scene_wait_unless(void *unused);		/* for the flag, or told to stop */
void scene_stop(void *unused);			/* tells task 1 to */
void scene_lock_ab(void *unused);		/* a, then b */
void scene_lock_ba(void *unused);
void scene_lock_aa(void *unused);		/* a while holding a */
void scene_share_aa(void *unused);		/* shared twice, as a reader may */
void scene_unlock_a_unheld(void *unused);
void scene_keep_a(void *unused);		/* ends holding it */
void scene_unlock_a_for_other(void *unused);	/* bit lock handed over */
void scene_keep_for_other(void *unused);

void scene_atomic_steps(void *unused);		/* three steps, preemption off */
void scene_count_steps(void *unused);		/* three steps, looks at inside */
void scene_mutex_in_atomic(void *unused);
void scene_wait_in_atomic(void *unused);

void scene_wait_for_flag(void *unused);
void scene_set_flag(void *unused);

void scene_srcu_reader(void *unused);
void scene_srcu_nested(void *unused);
void scene_srcu_updater(void *unused);
void scene_srcu_suicide(void *unused);

void scene_choose(void *unused);
void scene_steps(void *n);			/* @n steps on nothing */
void scene_take_run(void *unused);		/* each object once, all at once */
void scene_drop_one(void *which);		/* what somebody else took of one */
void scene_take_one(void *which);		/* and drops it again */
void scene_bug(void *unused);			/* sim_fatal() after a step */

#endif
