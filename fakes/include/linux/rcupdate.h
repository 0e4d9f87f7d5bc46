/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU.  A reader may be preempted but may not sleep; might_sleep() looks at
 * the nesting.  What waits for readers is in fakes/host/rcu.c.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/kernel.h>
#include <linux/list.h>

void (rcu_read_lock)(void);
void (rcu_read_unlock)(void);
bool rcu_read_lock_held(void);
void (synchronize_rcu)(void);
void (rcu_barrier)(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));

#define rcu_read_lock()			(rcu_read_lock)()
#define rcu_read_unlock()		(rcu_read_unlock)()
#define synchronize_rcu()		(sim_site_set(__func__), (synchronize_rcu)())
#define rcu_barrier()			(sim_site_set(__func__), (rcu_barrier)())
#define rcu_dereference(p)		READ_ONCE(p)
#define rcu_dereference_raw(p)		READ_ONCE(p)
#define rcu_dereference_check(p, c)	READ_ONCE(p)
#define rcu_dereference_protected(p, c)	(p)
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	WRITE_ONCE(p, v)
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)

#endif
