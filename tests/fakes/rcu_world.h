/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's side of the tests of RCU. */
#ifndef TESTS_FAKES_RCU_WORLD_H
#define TESTS_FAKES_RCU_WORLD_H

#define RCU_CALLS	4

void rcu_world_build(void);
void rcu_world_lock(void);
void rcu_world_unlock(void);
/* Hand the @nth callback over. */
void rcu_world_call(unsigned int nth);
/* Which were called, a bit each. */
unsigned int rcu_world_called(void);

#endif
