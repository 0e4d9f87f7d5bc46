/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wait queues. Who waits killably is woken by SIGKILL. */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched/signal.h>

#include "sim/core/wait.h"

typedef struct wait_queue_head {
	struct sim_waitq wq;
} wait_queue_head_t;

struct rcuwait {
	struct sim_waitq wq;
};

#define init_waitqueue_head(h)	sim_waitq_init(&(h)->wq, 0)
#define rcuwait_init(h)		sim_waitq_init(&(h)->wq, 0)

void wait_queue_sleep(struct sim_waitq *wq, const char *site);
void wait_queue_sleep_killable(struct sim_waitq *wq, const char *site);
void (wake_up_all)(wait_queue_head_t *head);
#define wake_up_all(h)		(sim_site_set(__func__), (wake_up_all)(h))
#define wake_up(h)		wake_up_all(h)

#define wait_event(head, cond)						\
do {									\
	while (!(cond))							\
		wait_queue_sleep(&(head).wq, __func__);			\
} while (0)
#define wait_event_killable(head, cond)					\
({									\
	int __killed = 0;						\
	while (!(cond)) {						\
		if (current_killed(__func__)) {				\
			__killed = -ERESTARTSYS;			\
			break;						\
		}							\
		wait_queue_sleep_killable(&(head).wq, __func__);	\
	}								\
	__killed;							\
})

int (rcuwait_wake_up)(struct rcuwait *w);
#define rcuwait_wake_up(w)	(sim_site_set(__func__), (rcuwait_wake_up)(w))
#define rcuwait_wait_event(w, cond, state)				\
({									\
	while (!(cond))							\
		wait_queue_sleep(&(w)->wq, __func__);			\
	0;								\
})

#endif
