/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU: read sections, and what waits for them (kernel/rcu/, v6.1 and v6.12).
 *
 * What call_rcu() is given is called as soon as every thread has left the read
 * section that it was in then, by the last of them; at once if there was none.
 * That is the earliest moment at which a kernel may call it, so who relies on a
 * later one is found out.
 *
 * Simpler than the kernel: rcu_barrier() and synchronize_rcu() wait for nobody.
 * A VM is gone only after its last vCPU thread has left the kernel, and nothing
 * else here calls them.
 */
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "fakes/host/host.h"
#include "sim/core/task.h"

#undef rcu_read_lock
#undef rcu_read_unlock

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
	head->func = func;
	head->next = *list;
	*list = head;
}
