/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks: simulated threads, each bound to a simulated CPU.  Several tasks may
 * share a CPU; while one of them is atomic (a spinning lock held, preemption or
 * interrupts off) the others of that CPU cannot run.
 */
#ifndef SIM_CORE_TASK_H
#define SIM_CORE_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/engine/arena.h"
#include "sim/engine/pulse.h"

#define SIM_TASK_NAME_LEN	32

enum sim_task_state {
	SIM_TASK_FREE,
	SIM_TASK_READY,		/* stands before a step and may take it */
	SIM_TASK_BLOCKED,	/* stands before a lock that it cannot have, or sleeps */
	SIM_TASK_DONE,
};

struct sim_task;		/* sim/core/task_private.h */

/**
 * sim_task_create() - a task that runs @fn(@arg) on @cpu.
 *
 * Context: host.
 * Return: its number, counted from 0; -E2BIG past SIM_MAX_TASKS.
 */
int sim_task_create(const char *name, unsigned int cpu, void (*fn)(void *arg), void *arg);

/* The running task, or NULL when the host runs. */
struct sim_task *sim_current(void);
int sim_task_id(void);			/* -1 when the host runs */
unsigned int sim_cpu(void);		/* 0 when the host runs */

/* What the rooms above hang on a task (struct task_struct). */
void sim_task_set_private(int task, void *private);
void *sim_task_private(void);		/* of the running task, or of the host context */
void sim_host_set_private(void *private);

/* Nestable. Between them the task is atomic. */
void sim_preempt_disable(void);
void sim_preempt_enable(void);
bool sim_in_atomic(void);

/* Note SIM_X_SLEEP if the task is atomic. */
void sim_might_sleep(const char *site);

/* --- for the scheduler and the checks, host side --- */

/* Tasks that may take their next step now, a bit each. */
uint64_t sim_tasks_enabled(void);
/* How often @task, one that was created, has stood before a step. Context: any. */
uint64_t sim_task_steps(unsigned int task);
uint64_t sim_tasks_alive(void);		/* created and not done */
unsigned int sim_nr_tasks(void);
uint64_t sim_tasks_fresh(void);		/* created, not started, could be */

struct sim_task_info {
	char name[SIM_TASK_NAME_LEN];
	unsigned int cpu;
	enum sim_task_state state;
	uint64_t steps;
	unsigned int atomic_depth;
	sim_obj_t next_obj;	/* what its next step is about */
	uint16_t next_verb;
	sim_obj_t waits_for;	/* lock or wait queue it is blocked on, or 0 */
};
bool sim_task_info(unsigned int task, struct sim_task_info *ret_info);

/**
 * sim_task_next() - what a task's next step is: sim_task_info() in little.
 * @task: one that was created
 * @ret_verb: what it does; may be NULL
 * @ret_site: the function that it is in; may be NULL
 *
 * Context: host, at any scheduling choice: it costs next to nothing.
 * Return: the object that the step is about.
 */
sim_obj_t sim_task_next(unsigned int task, uint16_t *ret_verb, const char **ret_site);

/*
 * Add to the footprint what taking a step needs of @task's CPU, if it shares
 * one. sim_task_dispatch() does.
 */
void sim_task_touch_cpu(unsigned int task);

/* Called by the scheduler: @task takes its next step now. */
void sim_task_dispatch(unsigned int task);

/*
 * Called by the scheduler before the first step of all: @task runs from its
 * beginning to where it stands before its first step. That is not a step: what
 * a task does before it belongs to the set-up.
 */
void sim_task_start(unsigned int task);

#endif
