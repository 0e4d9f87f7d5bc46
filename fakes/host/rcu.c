/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU: read sections, and what waits for them (kernel/rcu/, v6.1 and v6.12).
 *
 * What call_rcu() is given is called as soon as every thread has left the read
 * section that it was in then, by the last of them; at once if there was none.
 * That is the earliest moment at which a kernel may call it, so who relies on a
 * later one is found out.
 *
 * synchronize_rcu() sleeps until the readers of its call have left, and
 * rcu_barrier() until all is called that was given before it. Neither sleeps if
 * there is nothing to wait for.
 *
 * Simpler than the kernel: the host's own context waits for nobody. It takes
 * things down when the threads are done, and there may be one that died reading.
 */
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "fakes/host/host.h"
#include "sim/core/task.h"
#include "sim/core/wait.h"

#undef rcu_read_lock
#undef rcu_read_unlock
#undef synchronize_rcu
#undef rcu_barrier
#undef might_sleep

#define HOST_READER	(1ULL << SIM_MAX_TASKS)

static u64 self(void)
{
	int task = sim_task_id();

	return task < 0 ? HOST_READER : 1ULL << task;
}

/* Who is in a read section now. */
static __no_kcsan u64 readers_now(void)
{
	const struct host_world *w = host_world();
	u64 readers = w->init_task.rcu_depth ? HOST_READER : 0;
	unsigned int i;

	for (i = 0; i < SIM_MAX_TASKS; i++)
		if (w->task[i].rcu_depth)
			readers |= 1ULL << i;
	return readers;
}

static void call_all(struct rcu_head *head)
{
	while (head) {
		struct rcu_head *next = head->next;

		head->next = NULL;
		head->func(head);
		head = next;
	}
}

/* What came while others were waited for has a grace period of its own. */
static noinline void end_grace_period(struct host_rcu *rcu)
{
	struct rcu_head *over = rcu->waiting;

	rcu->waiting = rcu->next;
	rcu->next = NULL;
	rcu->readers = rcu->waiting ? readers_now() : 0;
	call_all(over);
	if (rcu->waiting && !rcu->readers)
		end_grace_period(rcu);
}

static noinline void leave(struct host_rcu *rcu)
{
	rcu->readers &= ~self();
	if (!rcu->readers)
		end_grace_period(rcu);
}

/* Nearly always nobody waits, and that is nobody else's business. */
static __no_kcsan bool is_waited_for(void)
{
	return host_world()->rcu.waiting;
}

void rcu_read_lock(void)
{
	current->rcu_depth++;
}

void rcu_read_unlock(void)
{
	struct task_struct *task = current;
	int depth = task->rcu_depth;

	if (!depth)
		bug_at(__func__);
	task->rcu_depth = depth - 1;
	if (depth == 1 && is_waited_for())
		leave(&host_world()->rcu);
}

bool rcu_read_lock_held(void)
{
	return current->rcu_depth;
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	struct host_rcu *rcu = &host_world()->rcu;
	struct rcu_head **list = &rcu->waiting;
	u64 readers = readers_now();

	if (!readers) {
		func(head);
		return;
	}
	if (rcu->waiting)
		list = &rcu->next;
	else
		rcu->readers = readers;
	/* First come, first called. */
	while (*list)
		list = &(*list)->next;
	head->func = func;
	head->next = NULL;
	*list = head;
}

/* What sleeps until its turn to be called has come. */
struct rcu_sleeper {
	struct rcu_head head;
	struct sim_waitq waitq;
	bool is_over;
};

static void wake_sleeper(struct rcu_head *head)
{
	struct rcu_sleeper *sleeper = container_of(head, struct rcu_sleeper, head);

	sleeper->is_over = true;
	sim_waitq_wake(&sleeper->waitq);
}

/* With hooks: whether it sleeps depends on who reads. */
static noinline bool is_read(void)
{
	const struct host_world *w = host_world();
	u64 readers = 0;
	unsigned int i;

	for (i = 0; i < sim_nr_tasks(); i++)
		readers |= w->task[i].rcu_depth ? 1ULL << i : 0;
	return readers;
}

static void sleep_through_grace_period(const char *site)
{
	struct rcu_sleeper sleeper = { .is_over = false };

	might_sleep();
	if (self() == HOST_READER || !is_read())
		return;
	sim_waitq_init(&sleeper.waitq, OBJ_LOCK_OF(sim_lock_class("rcu"), 0));
	call_rcu(&sleeper.head, wake_sleeper);
	while (!sleeper.is_over)
		sim_wait(&sleeper.waitq, site);
}

/**
 * synchronize_rcu() - wait for all who are in a read section now.
 *
 * Context: not inside a read section. May sleep, if there are any.
 */
void synchronize_rcu(void)
{
	sleep_through_grace_period(sim_site());
}

/**
 * rcu_barrier() - wait until everything was called that call_rcu() was given.
 *
 * Context: not inside a read section. May sleep, if anything waits.
 */
void rcu_barrier(void)
{
	const char *site = sim_site();

	might_sleep();
	if (host_world()->rcu.waiting)
		sleep_through_grace_period(site);
}
