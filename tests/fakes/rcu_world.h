/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's side of the tests of RCU. */
#ifndef TESTS_FAKES_RCU_WORLD_H
#define TESTS_FAKES_RCU_WORLD_H

#include <stdbool.h>

#define RCU_CALLS	4

void rcu_world_build(void);
void rcu_world_lock(void);
void rcu_world_unlock(void);
/* Hand the @nth callback over. */
void rcu_world_call(unsigned int nth);
/* Which were called, a bit each. */
unsigned int rcu_world_called(void);

/* Threads: one reads what is freed by the others when readers have left. */
void rcu_world_reader(void *unused);
void rcu_world_synchronizer(void *unused);
void rcu_world_barrier(void *unused);
/* How often the reader saw what was freed, and how often others were through. */
unsigned int rcu_world_wrong(void);
unsigned int rcu_world_done(void);
/* Did they have to wait? */
bool rcu_world_slept(void);

#endif
