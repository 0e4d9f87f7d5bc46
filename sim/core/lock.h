/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks of the simulated machine: mutex, rwsem, rwlock, spinlock, bit lock.
 *
 * Taking a lock is one step that is enabled only while the lock can be had: a
 * task that stands before a held lock is blocked, and when the lock is let go
 * every task standing before it becomes ready again; whichever the scheduler
 * picks gets it.  Letting go is one step too.
 *
 * Every lock knows its class and its holders.  Checked at each operation: the
 * known order of classes (X_ORDER), sleeping locks in atomic context (X_SLEEP),
 * unlock by a task that does not hold it (X_BUG). A task that takes a lock that
 * it holds already just blocks: the deadlock is found when nothing can run.
 */
#ifndef SIM_CORE_LOCK_H
#define SIM_CORE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/engine/clean.h"
#include "sim/engine/pulse.h"

enum sim_lock_type {
	SIM_MUTEX,		/* sleeps; one holder */
	SIM_RWSEM,		/* sleeps; one writer or many readers */
	SIM_SPINLOCK,		/* spins: holder is atomic */
	SIM_RWLOCK,		/* spins; one writer or many readers */
	SIM_BITLOCK,		/* sleeps (folio lock); owner need not unlock it */
};

struct sim_lock_class;		/* a small number per name: see sim_lock_init() */

/* Tasks are a bit each. What changes together lies together: it is logged by words. */
struct sim_lock {
	uint32_t want_write;	/* tasks that stand before it */
	int8_t writer;		/* task, -1 none, -2 the host */
	uint8_t type;
	uint8_t class;
	uint8_t subclass;
	uint32_t want_read;
	uint32_t readers;	/* tasks that hold it shared */
	sim_obj_t obj;		/* its name for the trace */
	uint64_t host_readers;
};

/**
 * sim_lock_init() - make a lock.
 * @type: enum sim_lock_type
 * @class: name of its class, such as "mmu_lock"; equal names are one class
 * @obj: what the trace calls it
 */
void sim_lock_init(struct sim_lock *l, enum sim_lock_type type, const char *class, sim_obj_t obj);

/* The same for many locks of one class: look its number up once. */
unsigned int sim_lock_class(const char *name);
void sim_lock_init_class(struct sim_lock *l, enum sim_lock_type type, unsigned int class,
			 sim_obj_t obj);

/* Take exclusively / shared; let go. May block; sleeping types may sleep. */
void sim_lock(struct sim_lock *l, const char *site);
/* As sim_lock(); others of its class may be held, whoever takes both orders them. */
void sim_lock_nested(struct sim_lock *l, const char *site);
bool sim_trylock(struct sim_lock *l, const char *site);
void sim_unlock(struct sim_lock *l, const char *site);
void sim_lock_shared(struct sim_lock *l, const char *site);
bool sim_trylock_shared(struct sim_lock *l, const char *site);
void sim_unlock_shared(struct sim_lock *l, const char *site);

/**
 * sim_lock_unless() - take a lock, or be told to wait for it no longer.
 * @how: SIM_LOCK_SHARED, SIM_LOCK_NESTED, or both, or 0
 * @stop: the running task's; who sets it says so by sim_wait_stop()
 *
 * Whoever finds the lock free takes it, whatever @stop says.
 * Context: as sim_lock().
 * Return: true if it was taken.
 */
#define SIM_LOCK_SHARED	1u
#define SIM_LOCK_NESTED	2u
bool sim_lock_unless(struct sim_lock *l, unsigned int how, const bool *stop, const char *site);

/* Their frames have places that nobody writes: see sim_stack_clean(). */
#define sim_lock(l, site)		(sim_stack_clean(), (sim_lock)(l, site))
#define sim_lock_nested(l, site)	(sim_stack_clean(), (sim_lock_nested)(l, site))
#define sim_lock_unless(l, how, stop, site)				\
	(sim_stack_clean(), (sim_lock_unless)(l, how, stop, site))
#define sim_trylock(l, site)		(sim_stack_clean(), (sim_trylock)(l, site))
#define sim_unlock(l, site)		(sim_stack_clean(), (sim_unlock)(l, site))
#define sim_lock_shared(l, site)	(sim_stack_clean(), (sim_lock_shared)(l, site))
#define sim_trylock_shared(l, site)	(sim_stack_clean(), (sim_trylock_shared)(l, site))
#define sim_unlock_shared(l, site)	(sim_stack_clean(), (sim_unlock_shared)(l, site))

/* Questions about a lock. Never yield. */
bool sim_lock_held(const struct sim_lock *l);		/* by the running task, exclusively */
bool sim_lock_held_any(const struct sim_lock *l);	/* by the running task, either way */
bool sim_lock_is_locked(const struct sim_lock *l);	/* exclusively by anybody */

/**
 * sim_lock_contended() - does anybody stand before a lock that the running task holds?
 * @l: a SIM_RWLOCK
 *
 * Who stands there may not have begun to wait, as its next step is to take the
 * lock: so true means that it may be contended.
 * Context: the caller holds @l. Never yields.
 * Return: whether a task waits that cannot have it yet.
 */
bool sim_lock_contended(const struct sim_lock *l);

/**
 * sim_lock_order() - declare that @outer is taken before @inner.
 *
 * Orders are transitive, and orders seen in the running execution are added.
 */
void sim_lock_order(const char *outer, const char *inner);

/**
 * sim_lock_tell_unlocks() - which unlocks are told to who subscribes to SIM_UNLOCK
 * @class: those of the locks of this class; if there is none of the name, all
 *
 * A trace has them all.  In every execution the unlocks are most of what there
 * is to tell, and no check looks at more than a few of them.
 * Context: host, the world is built.
 */
void sim_lock_tell_unlocks(const char *class);

/* The name that a class was made with. */
const char *sim_lock_class_name(unsigned int class);

/* Who holds what, for reports: locks held by @task, newest last. */
struct sim_held {
	sim_obj_t obj;
	uint8_t class;
	bool shared;
	const char *site;
};
unsigned int sim_locks_held(unsigned int task, struct sim_held *ret_held, unsigned int max);

#endif
