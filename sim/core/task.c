/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks and their CPUs.
 *
 * Which tasks may take a step is kept in two masks, so that the scheduler's
 * question costs nothing: ready (alive and not blocked) and masked (on a CPU
 * where another task is atomic).  At most one running task of a CPU is atomic;
 * one that sleeps all the same (which is noted) gives its CPU up meanwhile.
 */
#include "sim/core/world_private.h"
#include "sim/engine/footprint.h"

/*
 * Which tasks there are is no part of a footprint.  It stays on its CPU: whether
 * that is shared must not depend on who is through already.
 */
static SIM_QUIET void leave(unsigned int id)
{
	struct sim_sched *s = &the_world->sched;

	/* It has looked what it holds; somebody else may unlock its folio. */
	sim_touch(&the_world->context[id].held, SIM_ACCESS_READ);
	sim_set(s->ready, s->ready & ~sim_bit(id));
	sim_set(s->alive, s->alive & ~sim_bit(id));
}

/* What a kernel thread must not leave behind. */
static __attribute__((noinline)) void tell_left(unsigned int id)
{
	struct sim_context_local *c = sim_local_of(id);
	struct sim_held held;

	if (sim_locks_held_newest(id, &held))
		sim_note(SIM_X_WARN, held.obj, 0, 0, held.site);
	if (c->atomic_depth) {
		sim_note(SIM_X_WARN, SIM_OBJ(SIM_CLASS_TASK, id), 0, 0, c->site);
		c->atomic_depth = 0;
		sim_sched_own_cpu(id, false);
	}
}

/* First function on a task's stack. */
static SIM_QUIET void task_main(void *arg)
{
	struct sim_task *t = arg;
	unsigned int id = sim_context_id();
	struct sim_context_local *c = sim_local_of(id);
	sim_obj_t obj = SIM_OBJ(SIM_CLASS_TASK, id);

	if (sim_wanted(SIM_BEGIN))
		sim_note(SIM_BEGIN, obj, 0, 0, t->name);
	t->fn(t->arg);
	if (c->nr_held || c->atomic_depth)
		tell_left(id);
	if (sim_wanted(SIM_END))
		sim_note(SIM_END, obj, 0, 0, t->name);
	leave(id);
}

static SIM_QUIET void set_name(struct sim_task *t, const char *name)
{
	unsigned int i;

	sim_undo_object(t->name, sizeof(t->name));
	for (i = 0; name[i] && i < SIM_TASK_NAME_LEN - 1; i++)
		t->name[i] = name[i];
}

int sim_task_create(const char *name, unsigned int cpu, void (*fn)(void *arg),
		    void *arg)
{
	struct sim_sched *s = &the_world->sched;
	struct sim_context_local *c;
	struct sim_task *t;
	unsigned int id;

	SIM_BUG_ON(sim_fiber_running() >= 0);
	SIM_BUG_ON(cpu >= the_world->params.nr_cpus);
	id = s->nr_tasks;
	if (id >= SIM_MAX_TASKS)
		return -E2BIG;
	s->nr_tasks = id + 1;
	t = &the_world->task[id];
	set_name(t, name);
	t->cpu = cpu;
	t->fn = fn;
	t->arg = arg;
	s->ready |= sim_bit(id);
	s->alive |= sim_bit(id);
	s->fresh |= sim_bit(id);
	s->on_cpu[cpu] |= sim_bit(id);
	sim_fiber_init(id, task_main, t);
	c = sim_local_of(id);
	/* Also where it fails before its first step. */
	c->site = t->name;
	c->next_obj = SIM_OBJ(SIM_CLASS_TASK, id);
	c->next_verb = SIM_BEGIN;
	return id;
}

SIM_QUIET struct sim_task *sim_current(void)
{
	int id = sim_running();

	return id < 0 ? NULL : &the_world->task[id];
}

SIM_QUIET int sim_task_id(void)
{
	return sim_running();
}

SIM_QUIET unsigned int sim_cpu(void)
{
	int id = sim_running();

	return id < 0 ? 0 : the_world->task[id].cpu;
}

void sim_task_set_private(int task, void *private)
{
	SIM_BUG_ON(task < 0 || task >= (int)the_world->sched.nr_tasks);
	the_world->context[task].private = private;
}

SIM_QUIET void *sim_task_private(void)
{
	return sim_context()->private;
}

void sim_host_set_private(void *private)
{
	the_world->context[SIM_HOST].private = private;
}

/* ---- atomic context ---- */

SIM_QUIET void sim_sched_own_cpu(unsigned int task, bool own)
{
	struct sim_sched *s = &the_world->sched;
	uint64_t others;

	others = s->on_cpu[the_world->task[task].cpu] & ~sim_bit(task);
	if (!others)
		return;
	/* The CPU is a lock that each step of those who share it takes for a moment. */
	sim_touch(&s->on_cpu[the_world->task[task].cpu],
		  own ? SIM_ACCESS_ACQUIRE : SIM_ACCESS_RELEASE);
	if (own)
		sim_set(s->masked, s->masked | others);
	else
		sim_set(s->masked, s->masked & ~others);
}

SIM_QUIET void sim_preempt_disable(void)
{
	sim_atomic_begin();
}

SIM_QUIET void sim_preempt_enable(void)
{
	sim_atomic_end();
}

SIM_QUIET bool sim_in_atomic(void)
{
	return sim_local_of(sim_context_id())->atomic_depth > 0;
}

SIM_QUIET void sim_might_sleep(const char *site)
{
	unsigned int id = sim_context_id();
	struct sim_context_local *c = sim_local_of(id);

	if (c->atomic_depth)
		sim_note(SIM_X_SLEEP, SIM_OBJ(SIM_CLASS_TASK, id), c->atomic_depth, 0, site);
}

/* ---- blocking ---- */

/* The running task cannot go on; if it @sleeps, its CPU is free. */
SIM_QUIET void sim_sched_block(unsigned int task, bool sleeps)
{
	struct sim_sched *s = &the_world->sched;
	struct sim_context_local *c = sim_local_of(task);

	sim_set(s->ready, s->ready & ~sim_bit(task));
	if (sleeps && c->atomic_depth) {
		sim_local_set(c->asleep, true);
		sim_sched_own_cpu(task, false);
	}
}

/* The running task goes on after sim_sched_block(). */
SIM_QUIET void sim_sched_unblocked(unsigned int task)
{
	struct sim_context_local *c = sim_local_of(task);

	sim_local_set(c->asleep, false);
	sim_sched_own_cpu(task, true);
}

/* ---- for the scheduler ---- */

SIM_QUIET uint64_t sim_tasks_enabled(void)
{
	return the_world->sched.ready & ~the_world->sched.masked;
}

SIM_QUIET uint64_t sim_task_steps(unsigned int task)
{
	return sim_local_of(task)->stands;
}

SIM_QUIET uint64_t sim_tasks_alive(void)
{
	return the_world->sched.alive;
}

SIM_QUIET uint64_t sim_tasks_fresh(void)
{
	return the_world->sched.fresh & ~the_world->sched.masked;
}

SIM_QUIET unsigned int sim_nr_tasks(void)
{
	return the_world->sched.nr_tasks;
}

bool sim_task_info(unsigned int task, struct sim_task_info *ret_info)
{
	struct sim_sched *s = &the_world->sched;
	const struct sim_task *t = &the_world->task[task];
	const struct sim_context_local *local;
	unsigned int i;

	if (task >= s->nr_tasks)
		return false;
	local = sim_local_of(task);
	for (i = 0; i < SIM_TASK_NAME_LEN; i++)
		ret_info->name[i] = t->name[i];
	ret_info->cpu = t->cpu;
	ret_info->steps = local->stands;
	ret_info->atomic_depth = local->atomic_depth;
	ret_info->next_obj = local->next_obj;
	ret_info->next_verb = local->next_verb;
	ret_info->waits_for = 0;
	if (!(s->alive & sim_bit(task))) {
		ret_info->state = SIM_TASK_DONE;
	} else if (s->ready & sim_bit(task)) {
		ret_info->state = SIM_TASK_READY;
	} else {
		ret_info->state = SIM_TASK_BLOCKED;
		ret_info->waits_for = local->next_obj;
	}
	/* The step that it stands before has not been taken. */
	if (ret_info->state != SIM_TASK_DONE && ret_info->steps)
		ret_info->steps--;
	return true;
}

SIM_QUIET sim_obj_t sim_task_next(unsigned int task, uint16_t *ret_verb, const char **ret_site)
{
	const struct sim_context_local *local = sim_local_of(task);

	if (ret_verb)
		*ret_verb = local->next_verb;
	if (ret_site)
		*ret_site = local->site;
	return local->next_obj;
}

SIM_QUIET void sim_task_touch_cpu(unsigned int task)
{
	const uint64_t *tasks = &the_world->sched.on_cpu[the_world->task[task].cpu];

	if (*tasks & (*tasks - 1))
		sim_touch(tasks, SIM_ACCESS_ACQUIRE_SHARED);
}

SIM_QUIET void sim_task_dispatch(unsigned int task)
{
	struct sim_sched *s = &the_world->sched;

	sim_hot.now++;
	if (sim_hot.foot)
		sim_task_touch_cpu(task);
	/* Kept off its CPU until now by one that was atomic from its start. */
	if (s->fresh & sim_bit(task))
		sim_set(s->fresh, s->fresh & ~sim_bit(task));
}

void sim_task_start(unsigned int task)
{
	SIM_BUG_ON(!(the_world->sched.fresh & sim_bit(task)));
	the_world->sched.fresh &= ~sim_bit(task);
}
