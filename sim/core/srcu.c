/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SRCU (kernel/rcu/srcutree.c): two counters of readers and an index that says
 * which one new readers use.
 *
 * Simpler than the kernel: entering is one step, so a synchronizer that flips
 * the index once and waits for the old counter to drain has waited for every
 * reader that began before it (the other counter drained before the previous
 * synchronizer was done).  No callbacks, no expediting.
 */
#include "sim/core/wait.h"
#include "sim/core/world_private.h"
#include "sim/engine/footprint.h"

void sim_srcu_init(struct sim_srcu *s, sim_obj_t obj)
{
	unsigned int i;

	s->readers[0] = 0;
	s->readers[1] = 0;
	s->idx = 0;
	for (i = 0; i < SIM_MAX_TASKS + 1; i++)
		s->depth[i] = 0;
	sim_waitq_init(&s->waitq, obj);
	sim_lock_init(&s->sync, SIM_MUTEX, "srcu_sync", obj);
}

/*
 * Readers come and go without looking at each other, so they only add to what a
 * synchronizer reads. How deep a task is in is its own business. A domain that
 * is gone is noticed by the callers, whose accesses have hooks.
 */
static SIM_QUIET void enter(struct sim_srcu *s, uint32_t idx, unsigned int id)
{
	sim_touch(s->readers, SIM_ACCESS_ADD);
	sim_set(s->readers[idx], s->readers[idx] + 1);
	sim_set(s->depth[id], s->depth[id] + 1);
}

static SIM_QUIET void leave(struct sim_srcu *s, uint32_t idx, unsigned int id)
{
	sim_touch(s->readers, SIM_ACCESS_ADD);
	sim_set(s->readers[idx], s->readers[idx] - 1);
	sim_set(s->depth[id], s->depth[id] - 1);
}

static SIM_QUIET bool was_entered(const struct sim_srcu *s, int idx)
{
	return !(idx & ~1) && s->readers[idx];
}

int sim_srcu_read_lock(struct sim_srcu *s, const char *site)
{
	unsigned int id = sim_context_id();
	uint32_t idx;

	sim_step2(SIM_LOCK, s->waitq.obj, 1, s->sync.class, site);
	SIM_BUG_ON(s->depth[id] == UINT8_MAX);
	idx = s->idx;
	enter(s, idx, id);
	return idx;
}

void sim_srcu_read_unlock(struct sim_srcu *s, int idx, const char *site)
{
	unsigned int id = sim_context_id();

	sim_step2(SIM_UNLOCK, s->waitq.obj, 1, s->sync.class, site);
	if (!s->depth[id] || !was_entered(s, idx))
		sim_fatal(SIM_X_BUG, s->waitq.obj, idx, 0, site);
	leave(s, idx, id);
	if (s->waitq.sleepers && !s->readers[idx]) {
		sim_note(SIM_WAKE, s->waitq.obj, 1, 0, site);
		sim_waitq_wake(&s->waitq);
	}
}

void sim_srcu_synchronize(struct sim_srcu *s, const char *site)
{
	uint32_t old;

	sim_lock(&s->sync, site);
	sim_step2(SIM_WRITE, s->waitq.obj, s->idx ^ 1, 0, site);
	old = s->idx;
	s->idx = old ^ 1;
	while (s->readers[old])
		sim_wait(&s->waitq, site);
	sim_unlock(&s->sync, site);
}

bool sim_srcu_read_held(const struct sim_srcu *s)
{
	return s->depth[sim_context_id()] > 0;
}
