/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sleeping locks with one writer or many readers. */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#define rwsem_init_class(l, class, obj)					\
	sim_lock_init(&(l)->lock, SIM_RWSEM, class, obj)
#define init_rwsem(l)		rwsem_init_class(l, lock_class_of(#l), 0)

void (down_read)(struct rw_semaphore *sem);
int (down_read_trylock)(struct rw_semaphore *sem);
void (up_read)(struct rw_semaphore *sem);
void (down_write)(struct rw_semaphore *sem);
void (down_write_nested)(struct rw_semaphore *sem, int subclass);
int (down_write_trylock)(struct rw_semaphore *sem);
void (up_write)(struct rw_semaphore *sem);
int (down_read_killable)(struct rw_semaphore *sem);
int (down_write_killable)(struct rw_semaphore *sem);

#define down_read(l)		(sim_site_set(__func__), (down_read)(l))
#define down_read_trylock(l)	(sim_site_set(__func__), (down_read_trylock)(l))
#define up_read(l)		(sim_site_set(__func__), (up_read)(l))
#define down_write(l)		(sim_site_set(__func__), (down_write)(l))
#define down_write_nested(l, sub)	(sim_site_set(__func__), (down_write_nested)(l, sub))
#define down_write_trylock(l)	(sim_site_set(__func__), (down_write_trylock)(l))
#define up_write(l)		(sim_site_set(__func__), (up_write)(l))
#define down_read_killable(l)	(sim_site_set(__func__), (down_read_killable)(l))
#define down_write_killable(l)	(sim_site_set(__func__), (down_write_killable)(l))
#define rwsem_is_locked(l)	sim_lock_is_locked(&(l)->lock)

#endif
