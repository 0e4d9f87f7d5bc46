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

void sim_srcu_init(struct sim_srcu *s, sim_obj_t obj)
{
	unsigned int i;

	s->readers[0] = 0;
	s->readers[1] = 0;
	s->idx = 0;
	s->held = 0;
	for (i = 0; i < SIM_MAX_TASKS + 1; i++)
		s->depth[i] = 0;
	sim_waitq_init(&s->waitq, obj);
	sim_lock_init(&s->sync, SIM_MUTEX, "srcu_sync", obj);
}

int sim_srcu_read_lock(struct sim_srcu *s, const char *site)
{
	unsigned int id = sim_context_id();
	uint32_t idx;

	sim_step2(SIM_LOCK, s->waitq.obj, 1, s->sync.class, site);
	idx = s->idx;
	s->readers[idx]++;
	SIM_BUG_ON(s->depth[id] == UINT8_MAX);
	s->depth[id]++;
	if (id != SIM_HOST)
		s->held |= sim_bit(id);
	return idx;
}

void sim_srcu_read_unlock(struct sim_srcu *s, int idx, const char *site)
{
	unsigned int id = sim_context_id();

	sim_step2(SIM_UNLOCK, s->waitq.obj, 1, s->sync.class, site);
	if ((idx & ~1) || !s->readers[idx] || !s->depth[id])
		sim_fatal(SIM_X_BUG, s->waitq.obj, idx, 0, site);
	s->readers[idx]--;
	s->depth[id]--;
	if (!s->depth[id] && id != SIM_HOST)
		s->held &= ~sim_bit(id);
	if (!s->readers[idx] && s->waitq.sleepers) {
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
