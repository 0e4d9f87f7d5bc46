/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sleepable RCU: real read sections, and a synchronize that waits for them. */
#ifndef _LINUX_SRCU_H
#define _LINUX_SRCU_H

#include <linux/rcupdate.h>

#include "sim/core/wait.h"

struct srcu_struct {
	struct sim_srcu srcu;
};

int init_srcu_struct(struct srcu_struct *ssp);
void cleanup_srcu_struct(struct srcu_struct *ssp);
int (srcu_read_lock)(struct srcu_struct *ssp);
void (srcu_read_unlock)(struct srcu_struct *ssp, int idx);
void (synchronize_srcu)(struct srcu_struct *ssp);
int srcu_read_lock_held(const struct srcu_struct *ssp);

#define srcu_read_lock(s)	(sim_site_set(__func__), (srcu_read_lock)(s))
#define srcu_read_unlock(s, i)	(sim_site_set(__func__), (srcu_read_unlock)(s, i))
#define synchronize_srcu(s)	(sim_site_set(__func__), (synchronize_srcu)(s))
#define synchronize_srcu_expedited(s)	synchronize_srcu(s)
#define srcu_dereference(p, ssp)	READ_ONCE(p)
#define srcu_dereference_check(p, ssp, c) READ_ONCE(p)

#endif
