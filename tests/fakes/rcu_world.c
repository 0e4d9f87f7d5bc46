/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of rcu_test.c. */
#include <linux/kernel.h>
#include <linux/rcupdate.h>

#include "fakes/host/host.h"
#include "sim/core/world.h"
#include "tests/fakes/rcu_world.h"

struct rcu_room {
	struct rcu_head head[RCU_CALLS];
	unsigned int called;
};

static struct rcu_room *room(void)
{
	return sim_room(SIM_ROOM_TEST);
}

void rcu_world_build(void)
{
	static const struct sim_params params = { .nr_cpus = 1, .check_addresses = true };

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
