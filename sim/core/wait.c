/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wait queues (kernel/sched/wait.c) as a set of tasks.
 */
#include "sim/core/wait.h"
#include "sim/core/world_private.h"
#include "sim/engine/footprint.h"

void sim_waitq_init(struct sim_waitq *wq, sim_obj_t obj)
{
	wq->sleepers = 0;
	wq->obj = obj;
}

/*
 * The task is asleep from this call on, not from its next step on: nothing has
 * run since the caller found its condition false, so no wake-up falls between.
 * Going on afterwards is the step.
 */
void sim_wait(struct sim_waitq *wq, const char *site)
{
	int id = sim_fiber_running();

	if (id < 0)
		SIM_BUG("sleeping on a wait queue while no task runs");
	sim_might_sleep(site);
	sim_note(SIM_WAIT, wq->obj, 0, 0, site);
	wq->sleepers |= sim_bit(id);
	sim_sched_block(id, true);
	sim_stand(SIM_WAIT, wq->obj, site);
	if (sim_local_of(id)->asleep)
		sim_sched_unblocked(id);
	sim_tell_step(SIM_WAIT, wq->obj, 1, 0, site);
}

SIM_QUIET void sim_stop_watch(unsigned int task, const bool *stop, struct sim_lock *lock,
			      struct sim_waitq *waitq)
{
	struct sim_context_state *c = &the_world->context[task];

	sim_set(c->stop, stop);
	sim_set(c->stop_lock, lock);
	sim_set(c->stop_waitq, waitq);
}

SIM_QUIET void sim_stop_unwatch(unsigned int task)
{
	sim_stop_watch(task, NULL, NULL, NULL);
}

void sim_wait_unless(struct sim_waitq *wq, const bool *stop, const char *site)
{
	int id = sim_fiber_running();

	if (*stop)
		return;
	if (id >= 0)
		sim_stop_watch(id, stop, NULL, wq);
	sim_wait(wq, site);
	if (id >= 0)
		sim_stop_unwatch(id);
}

/* Which lock it waits for is no part of a footprint: what orders the two is *stop. */
SIM_QUIET void sim_wait_stop(int task)
{
	struct sim_context_state *c;

	if (task < 0 || task >= (int)the_world->sched.nr_tasks)
		return;
	c = &the_world->context[task];
	if (!c->stop || !*c->stop)
		return;
	if (c->stop_lock) {
		sim_set(c->stop_lock->want_read, c->stop_lock->want_read & ~sim_bit(task));
		sim_set(c->stop_lock->want_write, c->stop_lock->want_write & ~sim_bit(task));
	} else {
		sim_touch(&c->stop_waitq->sleepers, SIM_ACCESS_WRITE);
		sim_set(c->stop_waitq->sleepers, c->stop_waitq->sleepers & ~sim_bit(task));
	}
	sim_sched_wake(sim_bit(task));
}

SIM_QUIET void sim_waitq_wake(struct sim_waitq *wq)
{
	uint64_t tasks = wq->sleepers;

	sim_touch(&wq->sleepers, tasks ? SIM_ACCESS_WRITE : SIM_ACCESS_READ);
	if (!tasks)
		return;
	sim_set(wq->sleepers, 0);
	sim_sched_wake(tasks);
}

void sim_wake_all(struct sim_waitq *wq, const char *site)
{
	sim_stand(SIM_WAKE, wq->obj, site);
	sim_tell_step(SIM_WAKE, wq->obj, __builtin_popcountll(wq->sleepers), 0,
		      site);
	sim_waitq_wake(wq);
}
