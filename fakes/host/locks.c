/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's lock interface over the core's locks: each call is one step
 * there, with the site that the self-named macro noted.
 *
 * Stands for the functions of kernel/locking/mutex.c, kernel/locking/rwsem.c,
 * kernel/locking/spinlock.c, kernel/rcu/srcutree.c and kernel/sched/wait.c,
 * v6.12, as far as the headers of include/linux name them.
 *
 * Simpler than the kernel: no spinning before sleeping, no hand-off, no
 * fairness; who gets a lock that several wait for is the schedule's choice.
 */
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/srcu.h>
#include <linux/wait.h>

#include "fakes/host/host.h"
#include "fakes/objects.h"

#undef spin_lock
#undef spin_lock_nested
#undef spin_trylock
#undef spin_unlock
#undef read_lock
#undef read_unlock
#undef write_lock
#undef write_unlock
#undef write_trylock
#undef mutex_lock
#undef mutex_lock_nested
#undef mutex_lock_killable
#undef mutex_lock_killable_nested
#undef mutex_lock_interruptible
#undef mutex_trylock
#undef mutex_unlock
#undef down_read
#undef down_read_trylock
#undef up_read
#undef down_write
#undef down_write_nested
#undef down_write_trylock
#undef down_read_killable
#undef down_write_killable
#undef up_write
#undef might_sleep
#undef srcu_read_lock
#undef srcu_read_unlock
#undef synchronize_srcu
#undef wake_up_all
#undef rcuwait_wake_up

/* "&kvm->slots_lock" is of class "slots_lock", as lockdep would name it. */
const char *lock_class_of(const char *expr)
{
	const char *name = expr;

	for (; *expr; expr++)
		if (*expr == '&' || *expr == '.' || *expr == '>')
			name = expr + 1;
	return name;
}

/*
 * The core's lock; made now if it is one that stands in the program. Looking at
 * it is no access: the step that takes the lock is.
 */
static __no_kcsan struct sim_lock *made(struct sim_lock *l, enum sim_lock_type type)
{
	if (unlikely(l->type == LOCK_IN_PROGRAM)) {
		const char *name = (const char *)l->obj;

		sim_lock_init(l, type, name, OBJ_LOCK_OF(sim_lock_class(name), 0));
	}
	return l;
}

/* A thread's own business: nobody else looks at it. */
static __no_kcsan bool in_rcu(void)
{
	return current->rcu_depth;
}

/* N.9: not under a spinning lock; and not inside an RCU read section. */
static void check_sleep(const char *site)
{
	sim_might_sleep(site);
	if (in_rcu())
		sim_note(SIM_X_SLEEP, 0, 0, 0, site);
}

void might_sleep(void)
{
	check_sleep(sim_site());
}

void spin_lock(spinlock_t *l)
{
	sim_lock(made(&l->lock, SIM_SPINLOCK), sim_site());
}

/* The caller says that it may hold another of the class; lockdep's number is not kept. */
void spin_lock_nested(spinlock_t *l, int subclass)
{
	sim_lock_nested(made(&l->lock, SIM_SPINLOCK), sim_site());
}

int spin_trylock(spinlock_t *l)
{
	return sim_trylock(made(&l->lock, SIM_SPINLOCK), sim_site());
}

void spin_unlock(spinlock_t *l)
{
	sim_unlock(&l->lock, sim_site());
}

void read_lock(rwlock_t *l)
{
	sim_lock_shared(made(&l->lock, SIM_RWLOCK), sim_site());
}

void read_unlock(rwlock_t *l)
{
	sim_unlock_shared(&l->lock, sim_site());
}

void write_lock(rwlock_t *l)
{
	sim_lock(made(&l->lock, SIM_RWLOCK), sim_site());
}

void write_unlock(rwlock_t *l)
{
	sim_unlock(&l->lock, sim_site());
}

int write_trylock(rwlock_t *l)
{
	return sim_trylock(made(&l->lock, SIM_RWLOCK), sim_site());
}

/**
 * rwlock_needbreak() - should a holder give a lock up for a moment?
 * @l: held by the caller, alone or with others
 *
 * Whoever stands before the lock may be spinning on it already or be a moment
 * short of that; and whether the holder cares depends on how the kernel was
 * configured and on need_resched(), which may be true at any time. So where
 * there is anybody, both answers are tried.
 *
 * Context: never yields to another task.
 * Return: false if nobody stands before it; else what the strategy says.
 */
bool rwlock_needbreak(rwlock_t *l)
{
	return sim_lock_contended(&l->lock) && sim_choose(2, __func__);
}

static void lock_sleeping(struct sim_lock *l, bool shared)
{
	const char *site = sim_site();

	if (in_rcu())
		sim_note(SIM_X_SLEEP, l->obj, 0, 0, site);
	if (shared)
		sim_lock_shared(l, site);
	else
		sim_lock(l, site);
}

void mutex_lock(struct mutex *l)
{
	lock_sleeping(made(&l->lock, SIM_MUTEX), false);
}

/* As spin_lock_nested(). */
void mutex_lock_nested(struct mutex *l, unsigned int subclass)
{
	const char *site = sim_site();

	if (in_rcu())
		sim_note(SIM_X_SLEEP, l->lock.obj, 0, 0, site);
	sim_lock_nested(made(&l->lock, SIM_MUTEX), site);
}

int mutex_trylock(struct mutex *l)
{
	return sim_trylock(made(&l->lock, SIM_MUTEX), sim_site());
}

void mutex_unlock(struct mutex *l)
{
	sim_unlock(&l->lock, sim_site());
}

void down_read(struct rw_semaphore *l)
{
	lock_sleeping(made(&l->lock, SIM_RWSEM), true);
}

int down_read_trylock(struct rw_semaphore *l)
{
	return sim_trylock_shared(made(&l->lock, SIM_RWSEM), sim_site());
}

void up_read(struct rw_semaphore *l)
{
	sim_unlock_shared(&l->lock, sim_site());
}

void down_write(struct rw_semaphore *l)
{
	lock_sleeping(made(&l->lock, SIM_RWSEM), false);
}

void down_write_nested(struct rw_semaphore *l, int subclass)
{
	if (in_rcu())
		sim_note(SIM_X_SLEEP, l->lock.obj, 0, 0, sim_site());
	sim_lock_nested(made(&l->lock, SIM_RWSEM), sim_site());
}

int down_write_trylock(struct rw_semaphore *l)
{
	return sim_trylock(made(&l->lock, SIM_RWSEM), sim_site());
}

/* Who finds it free takes it and is asked nothing. Return: 0, or -EINTR: @stop is set. */
static int lock_unless(struct sim_lock *l, unsigned int how, const bool *stop)
{
	const char *site = sim_site();

	if (in_rcu())
		sim_note(SIM_X_SLEEP, l->obj, 0, 0, site);
	return sim_lock_unless(l, how, stop, site) ? 0 : -EINTR;
}

/**
 * down_read_killable() - down_read(), but nobody who is being killed waits
 * @l: lock
 *
 * Context: sleepable. One step.
 * Return: 0; -EINTR: killed, before it waited or meanwhile, and the lock was not to
 * be had.
 */
int down_read_killable(struct rw_semaphore *l)
{
	return lock_unless(made(&l->lock, SIM_RWSEM), SIM_LOCK_SHARED, &current->killed);
}

/**
 * down_write_killable() - down_write(), but nobody who is being killed waits
 * @l: lock
 *
 * Context, return: as down_read_killable().
 */
int down_write_killable(struct rw_semaphore *l)
{
	return lock_unless(made(&l->lock, SIM_RWSEM), 0, &current->killed);
}

/**
 * mutex_lock_killable() - mutex_lock(), but nobody who is being killed waits
 * @l: lock
 *
 * Context, return: as down_read_killable().
 */
int mutex_lock_killable(struct mutex *l)
{
	return lock_unless(made(&l->lock, SIM_MUTEX), 0, &current->killed);
}

/* As mutex_lock_nested(). */
int mutex_lock_killable_nested(struct mutex *l, unsigned int subclass)
{
	return lock_unless(made(&l->lock, SIM_MUTEX), SIM_LOCK_NESTED, &current->killed);
}

/* The same for any signal. */
int mutex_lock_interruptible(struct mutex *l)
{
	return lock_unless(made(&l->lock, SIM_MUTEX), 0, &current->signalled);
}

void up_write(struct rw_semaphore *l)
{
	sim_unlock(&l->lock, sim_site());
}

int init_srcu_struct(struct srcu_struct *ssp)
{
	sim_srcu_init(&ssp->srcu, 0);
	return 0;
}

void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	WARN_ON(ssp->srcu.readers[0] || ssp->srcu.readers[1]);
}

int srcu_read_lock(struct srcu_struct *ssp)
{
	return sim_srcu_read_lock(&ssp->srcu, sim_site());
}

void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	sim_srcu_read_unlock(&ssp->srcu, idx, sim_site());
}

void synchronize_srcu(struct srcu_struct *ssp)
{
	const char *site = sim_site();

	check_sleep(site);
	sim_srcu_synchronize(&ssp->srcu, site);
}

int srcu_read_lock_held(const struct srcu_struct *ssp)
{
	return sim_srcu_read_held(&ssp->srcu);
}

void wait_queue_sleep(struct sim_waitq *wq, const char *site)
{
	sim_wait(wq, site);
}

void wait_queue_sleep_killable(struct sim_waitq *wq, const char *site)
{
	sim_wait_unless(wq, &current->killed, site);
}

void wake_up_all(wait_queue_head_t *head)
{
	sim_wake_all(&head->wq, sim_site());
}

int rcuwait_wake_up(struct rcuwait *w)
{
	sim_wake_all(&w->wq, sim_site());
	return 1;
}
