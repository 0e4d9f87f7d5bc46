/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks.  Stand for kernel/locking/ (mutex.c, rwsem.c, qspinlock.c,
 * qrwlock.c) and for the bit-and-wait-queue lock of a folio (mm/filemap.c,
 * v6.12: __folio_lock()).
 *
 * Taking is one step whose enabledness follows the lock: a task stands before
 * it with its bit in want_read or want_write, and is ready exactly while it
 * could have it.  So there is no retry loop to explore, and a task that waits
 * for ever is seen at once.
 *
 * Everything from asking to letting go is on the way of every step, hence
 * SIM_QUIET and sim_set(): no hooks, each store logged by its own line.
 *
 * Simpler than the kernel: no fairness (a reader may overtake a waiting
 * writer), no optimistic spinning, no interrupt-safe variants.
 */
#include "sim/core/world_private.h"

void sim_lock_init_class(struct sim_lock *l, enum sim_lock_type type,
			 unsigned int class, sim_obj_t obj)
{
	l->readers = 0;
	l->want_read = 0;
	l->want_write = 0;
	l->writer = SIM_WRITER_NONE;
	l->type = type;
	l->class = class;
	l->subclass = 0;
	l->host_readers = 0;
	l->obj = obj;
}

void sim_lock_init(struct sim_lock *l, enum sim_lock_type type,
		   const char *class, sim_obj_t obj)
{
	sim_lock_init_class(l, type, sim_lock_class(class), obj);
}

static SIM_QUIET bool spins(const struct sim_lock *l)
{
	return l->type == SIM_SPINLOCK || l->type == SIM_RWLOCK;
}

static SIM_QUIET bool may_share(const struct sim_lock *l)
{
	return l->type == SIM_RWSEM || l->type == SIM_RWLOCK;
}

static SIM_QUIET bool available(const struct sim_lock *l, bool shared)
{
	if (l->writer != SIM_WRITER_NONE)
		return false;
	return shared || (!l->readers && !l->host_readers);
}

static SIM_QUIET void push_held(unsigned int id, struct sim_lock *l, bool shared,
				const char *site)
{
	struct sim_context_state *c = &the_world->context[id];
	struct sim_held_lock *h;

	if (c->nr_held == SIM_MAX_HELD)
		SIM_BUG("a task holds too many locks");
	h = &c->held[c->nr_held];
	sim_set(c->nr_held, c->nr_held + 1);
	sim_undo_object(h, sizeof(*h));
	h->lock = l;
	h->shared = shared;
	h->site = site;
}

/*
 * Take the newest entry out of a context's list.
 * Return: whether another of the same kind is left; *@ret_found if there was
 * one at all.
 */
static SIM_QUIET bool pop_held(struct sim_context_state *c, struct sim_lock *l,
			       bool shared, bool *ret_found)
{
	unsigned int i = 0, n = 0, at = 0;
	struct sim_held_lock *last;

	/* Held alone it is held once, and mostly it is the last. */
	if (!shared && c->nr_held && c->held[c->nr_held - 1].lock == l)
		i = c->nr_held - 1;
	for (; i < c->nr_held; i++) {
		if (c->held[i].lock == l && c->held[i].shared == shared) {
			at = i;
			n++;
		}
	}
	*ret_found = n > 0;
	if (!n)
		return false;
	for (i = at; i + 1 < c->nr_held; i++) {
		sim_set(c->held[i].lock, c->held[i + 1].lock);
		sim_set(c->held[i].shared, c->held[i + 1].shared);
		sim_set(c->held[i].site, c->held[i + 1].site);
	}
	sim_set(c->nr_held, c->nr_held - 1);
	/* Freed places are zero: equal states have equal bytes. */
	last = &c->held[c->nr_held];
	sim_undo_object(last, sizeof(*last));
	last->lock = NULL;
	last->shared = false;
	last->site = NULL;
	return n > 1;
}

/* It is free and the running context gets it. */
static SIM_QUIET void take(struct sim_lock *l, bool shared, const char *site)
{
	int id = sim_running();

	if (spins(l))
		sim_preempt_disable();
	if (!shared) {
		sim_set(l->writer, id < 0 ? SIM_WRITER_HOST : id);
		sim_sched_hold(l->want_read | l->want_write);
	} else {
		if (id < 0)
			sim_set(l->host_readers, l->host_readers + 1);
		else
			sim_set(l->readers, l->readers | sim_bit(id));
		sim_sched_hold(l->want_write);
	}
	push_held(id < 0 ? SIM_HOST : (unsigned int)id, l, shared, site);
}

static SIM_QUIET void acquire(struct sim_lock *l, bool shared, const char *site)
{
	int id = sim_running();
	uint64_t *want = shared ? &l->want_read : &l->want_write;

	SIM_BUG_ON(shared && !may_share(l));
	/* A sleeping lock in atomic context is wrong wherever it stands in the order. */
	if (!spins(l))
		sim_might_sleep(site);
	if (spins(l) || !sim_in_atomic())
		sim_lock_check_order(l, site);
	if (id < 0) {
		sim_stand(SIM_LOCK, l->obj, site);
		if (!available(l, shared))
			SIM_BUG("a lock is taken that is held, and no task runs");
	} else {
		sim_set(*want, *want | sim_bit(id));
		if (!available(l, shared))
			sim_sched_block(id, !spins(l));
		sim_stand(SIM_LOCK, l->obj, site);
		SIM_BUG_ON(!available(l, shared));
		sim_set(*want, *want & ~sim_bit(id));
		sim_sched_unblocked(id);
	}
	sim_tell_step(SIM_LOCK, l->obj, shared, l->class, site);
	take(l, shared, site);
}

static bool try_acquire(struct sim_lock *l, bool shared, const char *site)
{
	bool got;

	SIM_BUG_ON(shared && !may_share(l));
	sim_stand(SIM_TRYLOCK, l->obj, site);
	got = available(l, shared);
	sim_tell_step(SIM_TRYLOCK, l->obj, got, shared, site);
	if (got)
		take(l, shared, site);
	return got;
}

static SIM_QUIET void release_exclusive(struct sim_lock *l, const char *site)
{
	unsigned int id = sim_context_id();
	int me = id == SIM_HOST ? SIM_WRITER_HOST : (int)id;
	unsigned int holder;
	bool found;

	/* A folio may be unlocked by whoever finishes its work. */
	if (l->writer == SIM_WRITER_NONE ||
	    (l->writer != me && l->type != SIM_BITLOCK))
		sim_fatal(SIM_X_BUG, l->obj, l->writer, 0, site);
	holder = l->writer == SIM_WRITER_HOST ? SIM_HOST :
						(unsigned int)l->writer;
	pop_held(&the_world->context[holder], l, false, &found);
	SIM_BUG_ON(!found);
	sim_set(l->writer, SIM_WRITER_NONE);
	sim_sched_wake(l->want_read | l->want_write);
}

static SIM_QUIET void release_shared(struct sim_lock *l, const char *site)
{
	unsigned int id = sim_context_id();
	bool found, more;

	more = pop_held(&the_world->context[id], l, true, &found);
	if (!found)
		sim_fatal(SIM_X_BUG, l->obj, l->writer, 1, site);
	if (id == SIM_HOST)
		sim_set(l->host_readers, l->host_readers - 1);
	else if (!more)
		sim_set(l->readers, l->readers & ~sim_bit(id));
	if (!l->readers && !l->host_readers)
		sim_sched_wake(l->want_write);
}

void sim_lock(struct sim_lock *l, const char *site)
{
	acquire(l, false, site);
}

void sim_lock_shared(struct sim_lock *l, const char *site)
{
	acquire(l, true, site);
}

bool sim_trylock(struct sim_lock *l, const char *site)
{
	return try_acquire(l, false, site);
}

bool sim_trylock_shared(struct sim_lock *l, const char *site)
{
	return try_acquire(l, true, site);
}

void sim_unlock(struct sim_lock *l, const char *site)
{
	sim_step2(SIM_UNLOCK, l->obj, 0, l->class, site);
	release_exclusive(l, site);
	if (spins(l))
		sim_preempt_enable();
}

void sim_unlock_shared(struct sim_lock *l, const char *site)
{
	sim_step2(SIM_UNLOCK, l->obj, 1, l->class, site);
	release_shared(l, site);
	if (spins(l))
		sim_preempt_enable();
}

bool sim_lock_held(const struct sim_lock *l)
{
	int id = sim_running();

	return l->writer == (id < 0 ? SIM_WRITER_HOST : id);
}

bool sim_lock_held_any(const struct sim_lock *l)
{
	int id = sim_running();

	if (sim_lock_held(l))
		return true;
	return id < 0 ? l->host_readers > 0 : l->readers & sim_bit(id);
}

bool sim_lock_is_locked(const struct sim_lock *l)
{
	return l->writer != SIM_WRITER_NONE;
}

unsigned int sim_locks_held(unsigned int task, struct sim_held *ret_held,
			    unsigned int max)
{
	const struct sim_context_state *c;
	unsigned int i;

	SIM_BUG_ON(task >= SIM_NR_CONTEXTS);
	c = &the_world->context[task];
	for (i = 0; i < c->nr_held && i < max; i++) {
		ret_held[i].obj = c->held[i].lock->obj;
		ret_held[i].class = c->held[i].lock->class;
		ret_held[i].shared = c->held[i].shared;
		ret_held[i].site = c->held[i].site;
	}
	return c->nr_held;
}
