/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wait queues, and SRCU domains built on them.
 */
#ifndef SIM_CORE_WAIT_H
#define SIM_CORE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/lock.h"
#include "sim/engine/arena.h"
#include "sim/engine/pulse.h"

struct sim_waitq {
	uint64_t sleepers;	/* tasks, a bit each */
	sim_obj_t obj;
};

/* An empty queue; @obj is what the trace calls it. */
void sim_waitq_init(struct sim_waitq *wq, sim_obj_t obj);

/**
 * sim_wait() - sleep until the next sim_wake_all() of @wq.
 *
 * Context: sleepable task. The caller tests its condition before and after:
 * while (!cond) sim_wait(wq, __func__);  Testing and going to sleep are one
 * step, so no wake-up is lost. When the host runs: SIM_BUG, it would hang.
 */
void sim_wait(struct sim_waitq *wq, const char *site);
void sim_wake_all(struct sim_waitq *wq, const char *site);

/**
 * sim_wait_unless() - sim_wait(), until @stop is true at the latest.
 * @stop: the running task's; who sets it says so by sim_wait_stop()
 *
 * Context: as sim_wait(). No step if it is true already.
 */
void sim_wait_unless(struct sim_waitq *wq, const bool *stop, const char *site);

/**
 * sim_wait_stop() - what may have told a task to stop has been set
 * @task: its number; nothing happens if there is none
 *
 * Who waits by sim_wait_unless() or sim_lock_unless() goes on, if its is true.
 * Context: part of the step in which it was set.
 */
void sim_wait_stop(int task);

/* As part of a step that the caller takes anyway: no step of its own. */
void sim_waitq_wake(struct sim_waitq *wq);

/*
 * SRCU: readers never block; synchronize waits for the readers that began
 * before it.
 */
struct sim_srcu {
	uint32_t readers[2];
	uint32_t idx;
	struct sim_waitq waitq;
	struct sim_lock sync;		/* one synchronizer at a time */
	uint8_t depth[SIM_MAX_TASKS + 1]; /* how deep, the host last */
};

/* A domain without readers; @obj is what the trace calls it. */
void sim_srcu_init(struct sim_srcu *s, sim_obj_t obj);
/* One step; may be nested. Return: what the unlock wants as @idx. */
int sim_srcu_read_lock(struct sim_srcu *s, const char *site);
/* One step; wakes a synchronizer if this was the last reader it waits for. */
void sim_srcu_read_unlock(struct sim_srcu *s, int idx, const char *site);
/* May sleep. A task that synchronizes inside its own read section deadlocks. */
void sim_srcu_synchronize(struct sim_srcu *s, const char *site);
/* Is the running task (or the host) inside a read section? */
bool sim_srcu_read_held(const struct sim_srcu *s);

#endif
