/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sleeping locks with one holder. */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#define mutex_init_class(l, class, obj)					\
	sim_lock_init(&(l)->lock, SIM_MUTEX, class, obj)
#define mutex_init(l)		mutex_init_class(l, lock_class_of(#l), 0)
#define mutex_destroy(l)	do { (void)(l); } while (0)

void (mutex_lock)(struct mutex *lock);
void (mutex_lock_nested)(struct mutex *lock, unsigned int subclass);
int (mutex_lock_killable)(struct mutex *lock);
int (mutex_lock_killable_nested)(struct mutex *lock, unsigned int subclass);
int (mutex_lock_interruptible)(struct mutex *lock);
int (mutex_trylock)(struct mutex *lock);
void (mutex_unlock)(struct mutex *lock);

#define mutex_lock(l)		(sim_site_set(__func__), (mutex_lock)(l))
#define mutex_trylock(l)	(sim_site_set(__func__), (mutex_trylock)(l))
#define mutex_unlock(l)		(sim_site_set(__func__), (mutex_unlock)(l))
#define mutex_lock_killable(l)	(sim_site_set(__func__), (mutex_lock_killable)(l))
#define mutex_lock_interruptible(l) (sim_site_set(__func__), (mutex_lock_interruptible)(l))
#define mutex_lock_nested(l, sub)	(sim_site_set(__func__), (mutex_lock_nested)(l, sub))
#define mutex_lock_killable_nested(l, sub)				\
	(sim_site_set(__func__), (mutex_lock_killable_nested)(l, sub))
#define mutex_is_locked(l)	sim_lock_is_locked(&(l)->lock)

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))

#endif
