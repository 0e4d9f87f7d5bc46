/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spinlocks and reader-writer spinlocks.  A holder is atomic.  Taking and
 * letting go are a step each (fakes/host/locks.c).
 *
 * The class of a lock is its variable's last name, as lockdep has it; the fakes
 * name theirs with *_init_class() and say which object the trace shows.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <linux/cleanup.h>

#define SINGLE_DEPTH_NESTING	1

const char *lock_class_of(const char *expr);

#define spin_lock_init_class(l, class, obj)				\
	sim_lock_init(&(l)->lock, SIM_SPINLOCK, class, obj)
#define rwlock_init_class(l, class, obj)				\
	sim_lock_init(&(l)->lock, SIM_RWLOCK, class, obj)
#define spin_lock_init(l)	spin_lock_init_class(l, lock_class_of(#l), 0)
#define raw_spin_lock_init(l)	spin_lock_init(l)
#define rwlock_init(l)		rwlock_init_class(l, lock_class_of(#l), 0)

void (spin_lock)(spinlock_t *lock);
void (spin_lock_nested)(spinlock_t *lock, int subclass);
int (spin_trylock)(spinlock_t *lock);
void (spin_unlock)(spinlock_t *lock);
void (read_lock)(rwlock_t *lock);
void (read_unlock)(rwlock_t *lock);
void (write_lock)(rwlock_t *lock);
void (write_unlock)(rwlock_t *lock);
int (write_trylock)(rwlock_t *lock);

#define spin_lock(l)		(sim_site_set(__func__), (spin_lock)(l))
#define spin_lock_nested(l, sub)	(sim_site_set(__func__), (spin_lock_nested)(l, sub))
#define spin_trylock(l)		(sim_site_set(__func__), (spin_trylock)(l))
#define spin_unlock(l)		(sim_site_set(__func__), (spin_unlock)(l))
#define read_lock(l)		(sim_site_set(__func__), (read_lock)(l))
#define read_unlock(l)		(sim_site_set(__func__), (read_unlock)(l))
#define write_lock(l)		(sim_site_set(__func__), (write_lock)(l))
#define write_unlock(l)		(sim_site_set(__func__), (write_unlock)(l))
#define write_trylock(l)	(sim_site_set(__func__), (write_trylock)(l))

#define spin_lock_irq(l)	spin_lock(l)
#define spin_unlock_irq(l)	spin_unlock(l)
#define spin_lock_bh(l)		spin_lock(l)
#define spin_unlock_bh(l)	spin_unlock(l)
#define spin_lock_irqsave(l, flags)		do { (flags) = 0; spin_lock(l); } while (0)
#define spin_unlock_irqrestore(l, flags)	do { (void)(flags); spin_unlock(l); } while (0)
#define raw_spin_lock(l)	spin_lock((spinlock_t *)(l))
#define raw_spin_unlock(l)	spin_unlock((spinlock_t *)(l))
#define spin_is_locked(l)	sim_lock_is_locked(&(l)->lock)
#define assert_spin_locked(l)	lockdep_assert_held(l)
#define spin_needbreak(l)	0
#define rwlock_is_contended(l)	sim_lock_contended(&(l)->lock)

/* Should a holder let somebody else have it? Both answers may be right: fakes/host/locks.c. */
bool (rwlock_needbreak)(rwlock_t *lock);

/* Give up the lock for a moment if somebody stands before it. Return: whether. */
#define cond_resched_rwlock_read(l)					\
({									\
	bool __broke = need_resched() || rwlock_is_contended(l);	\
	if (__broke) {							\
		read_unlock(l);						\
		read_lock(l);						\
	}								\
	__broke;							\
})
#define cond_resched_rwlock_write(l)					\
({									\
	bool __broke = need_resched() || rwlock_is_contended(l);	\
	if (__broke) {							\
		write_unlock(l);					\
		write_lock(l);						\
	}								\
	__broke;							\
})

#endif
