/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of rcu_test.c. */
#include <linux/kernel.h>
#include <linux/rcupdate.h>

#include "fakes/host/host.h"
#include "sim/core/world.h"
#include "tests/fakes/rcu_world.h"

struct rcu_room {
	struct rcu_head head[RCU_CALLS];
	unsigned int called, wrong, done;
	bool gone, freed, slept;
};

static struct rcu_room *room(void)
{
	return sim_room(SIM_ROOM_TEST);
}

void rcu_world_build(void)
{
	static const struct sim_params params = { .nr_cpus = 2, .check_addresses = true };

	sim_world_init(&params);
	host_init();
	sim_room_create(SIM_ROOM_TEST, sizeof(struct rcu_room));
}

void rcu_world_lock(void)
{
	rcu_read_lock();
}

void rcu_world_unlock(void)
{
	rcu_read_unlock();
}

static void called(struct rcu_head *head)
{
	room()->called |= 1U << (head - room()->head);
}

void rcu_world_call(unsigned int nth)
{
	call_rcu(&room()->head[nth], called);
}

unsigned int rcu_world_called(void)
{
	return room()->called;
}

unsigned int rcu_world_wrong(void)
{
	return room()->wrong;
}

unsigned int rcu_world_done(void)
{
	return room()->done;
}

bool rcu_world_slept(void)
{
	return room()->slept;
}

void rcu_world_reader(void *unused)
{
	bool there;

	sim_step(SIM_READ, 0, __func__);
	rcu_read_lock();
	there = !room()->gone;
	sim_step(SIM_READ, 0, __func__);
	if (there && room()->freed)
		room()->wrong++;
	rcu_read_unlock();
}

void rcu_world_synchronizer(void *unused)
{
	u64 then;

	sim_step(SIM_WRITE, 0, __func__);
	room()->gone = true;
	then = sim_now();
	synchronize_rcu();
	room()->slept = sim_now() != then;
	room()->freed = true;
	room()->done++;
}

void rcu_world_barrier(void *unused)
{
	u64 then;

	sim_step(SIM_WRITE, 0, __func__);
	call_rcu(&room()->head[0], called);
	then = sim_now();
	rcu_barrier();
	room()->slept = sim_now() != then;
	if (!room()->called)
		room()->wrong++;
	room()->done++;
}
