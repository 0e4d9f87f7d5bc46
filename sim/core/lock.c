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
#include "sim/engine/footprint.h"

#undef sim_lock
#undef sim_lock_nested
#undef sim_lock_unless
#undef sim_trylock
#undef sim_unlock
#undef sim_lock_shared
#undef sim_trylock_shared
#undef sim_unlock_shared

_Static_assert(SIM_MAX_TASKS <= 32, "masks of struct sim_lock");

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

/* Small, and asked for each lock: never a call. */
SIM_INLINE bool spins(const struct sim_lock *l)
{
	return l->type == SIM_SPINLOCK || l->type == SIM_RWLOCK;
}

SIM_INLINE bool may_share(const struct sim_lock *l)
{
	return l->type == SIM_RWSEM || l->type == SIM_RWLOCK;
}

SIM_INLINE bool available(const struct sim_lock *l, bool shared)
{
	if (l->writer != SIM_WRITER_NONE)
		return false;
	return shared || (!l->readers && !l->host_readers);
}

/* Number @i of a context's list, the oldest first. */
SIM_INLINE struct sim_held_lock *held(unsigned int id, struct sim_context_local *c,
				      unsigned int i)
{
	return i < SIM_NEAR_HELD ? &c->held[i] : &the_world->context[id].held[i];
}

/* Store an entry of a list; it lies on the context's own stack or not. */
SIM_INLINE void set_entry(unsigned int id, struct sim_context_local *c, unsigned int i,
			  uint64_t what, const char *site)
{
	struct sim_held_lock *h = held(id, c, i);

	sim_local_set(h->what, what);
	sim_local_set(h->site, site);
}

static __attribute__((noinline)) SIM_QUIET void push_far(unsigned int id,
							 struct sim_context_local *c,
							 uint64_t what, const char *site)
{
	unsigned int n = c->nr_held;

	if (n == SIM_MAX_HELD)
		SIM_BUG("a task holds too many locks");
	set_entry(id, c, n, what, site);
	sim_local_set(c->nr_held, n + 1);
}

/* The running context has got a lock. */
SIM_INLINE void push_held(unsigned int id, struct sim_lock *l, bool shared, const char *site)
{
	struct sim_context_local *c = sim_local_of(id);
	uint64_t what = SIM_HELD(l, l->class, shared);
	unsigned int n = c->nr_held;

	if (n >= SIM_NEAR_HELD || id == SIM_HOST) {
		push_far(id, c, what, site);
		return;
	}
	c->held[n].what = what;
	c->held[n].site = site;
	c->nr_held = n + 1;
}

/* Take entry @at out of a list. Freed places are zero: equal states have equal bytes. */
static SIM_QUIET void cut_held(unsigned int id, struct sim_context_local *c, unsigned int at)
{
	unsigned int last = c->nr_held - 1;

	for (; at < last; at++) {
		struct sim_held_lock *next = held(id, c, at + 1);

		set_entry(id, c, at, next->what, next->site);
	}
	set_entry(id, c, last, 0, NULL);
	sim_local_set(c->nr_held, last);
}

/* The same where all of the list lies on the own stack. */
SIM_INLINE void cut_near(struct sim_context_local *c, unsigned int at)
{
	struct sim_held_lock *h = &c->held[at], *last = &c->held[c->nr_held - 1];

	for (; h < last; h++) {
		h[0].what = h[1].what;
		h[0].site = h[1].site;
	}
	last->what = 0;
	last->site = NULL;
	c->nr_held--;
}

static __attribute__((noinline)) SIM_QUIET
unsigned int find_and_cut(unsigned int id, struct sim_context_local *c, uint64_t what)
{
	bool near = c->nr_held <= SIM_NEAR_HELD;
	unsigned int i = c->nr_held, n = 0, at = 0;

	while (i--) {
		const struct sim_held_lock *h = near ? &c->held[i] : held(id, c, i);

		if (h->what == what && !n++)
			at = i;
	}
	if (n && near && (int)id == sim_running())
		cut_near(c, at);
	else if (n)
		cut_held(id, c, at);
	return n;
}

/*
 * Take the newest entry of a lock and kind out of a context's list.
 * Return: how many there were (of a lock held alone: 0 or 1).
 */
SIM_INLINE unsigned int pop_held(unsigned int id, struct sim_lock *l, bool shared)
{
	struct sim_context_local *c = sim_local_of(id);
	uint64_t what = SIM_HELD(l, l->class, shared);
	unsigned int last = c->nr_held - 1;

	/* Nearly always it is the last of the running task's, and the only one. */
	if (shared || last >= SIM_NEAR_HELD || c->held[last].what != what ||
	    (int)id != sim_running())
		return find_and_cut(id, c, what);
	c->held[last].what = 0;
	c->held[last].site = NULL;
	c->nr_held = last;
	return 1;
}

/* Is @l known to come after a lock that is held? If not, judge. */
SIM_INLINE void check_pair(uint64_t what, const struct sim_lock *l, bool nested,
			   const char *site)
{
	if (nested && SIM_HELD_CLASS(what) == l->class)
		return;
	/* As ever. What is known is closed, so there is nothing to add. */
	if (!(the_world->classes.after[SIM_HELD_CLASS(what)] >> l->class & 1))
		sim_lock_judge(SIM_HELD_LOCK(what), SIM_HELD_CLASS(what), l, site);
}

/* The same of all that the running context holds. */
SIM_INLINE void check_order(unsigned int id, struct sim_context_local *c,
			    const struct sim_lock *l, bool nested, const char *site)
{
	const struct sim_held_lock *h, *near;
	unsigned int i;

	near = c->held + (c->nr_held < SIM_NEAR_HELD ? c->nr_held : SIM_NEAR_HELD);
	/* Its own list; but a folio may be unlocked by somebody else. */
	sim_touch(&the_world->context[id].held, SIM_ACCESS_READ);
	for (h = c->held; h < near; h++)
		check_pair(h->what, l, nested, site);
	for (i = SIM_NEAR_HELD; i < c->nr_held; i++)
		check_pair(held(id, c, i)->what, l, nested, site);
}

/* It is free and the running context gets it, who wanted it before or not. */
SIM_INLINE void take(struct sim_lock *l, bool shared, const char *site)
{
	int id = sim_running();

	if (spins(l))
		sim_atomic_begin();
	if (!shared) {
		sim_undo_word((uint64_t)&l->writer);
		if (id >= 0)
			l->want_write &= ~sim_bit(id);
		l->writer = id < 0 ? SIM_WRITER_HOST : id;
		sim_sched_hold(l->want_read | l->want_write);
	} else {
		if (id < 0) {
			sim_set(l->host_readers, l->host_readers + 1);
		} else {
			sim_undo_word((uint64_t)&l->readers);
			l->want_read &= ~sim_bit(id);
			l->readers |= sim_bit(id);
		}
		sim_sched_hold(l->want_write);
	}
	push_held(id < 0 ? SIM_HOST : (unsigned int)id, l, shared, site);
}

static SIM_QUIET void acquire_on_host(struct sim_lock *l, bool shared, const char *site)
{
	sim_stand(SIM_LOCK, l->obj, site);
	/* Nobody is there who could let it go. */
	if (!available(l, shared))
		sim_fatal(SIM_X_DEADLOCK, l->obj, 0, 0, site);
}

/*
 * A word for "somebody came to stand before it": arrivals commute with each
 * other, and with all but a look at who stands there (sim_lock_contended()).
 */
#define ARRIVALS(l)	SIM_NOWHERE(l, 119 + ((uintptr_t)(l) >> 3 & 7))

/* All of asking for a lock but to get it. */
SIM_INLINE void stand_before(struct sim_lock *l, bool shared, bool nested, const char *site)
{
	int id = sim_running();
	struct sim_context_local *c = sim_local_of(sim_context_id());

	SIM_BUG_ON(shared && !may_share(l));
	/* A sleeping lock in atomic context is wrong wherever it stands in the order. */
	if (!spins(l) && c->atomic_depth)
		sim_might_sleep(site);
	else
		check_order(sim_context_id(), c, l, nested, site);
	if (id < 0) {
		acquire_on_host(l, shared, site);
		return;
	}
	if (shared)
		sim_set(l->want_read, l->want_read | sim_bit(id));
	else
		sim_set(l->want_write, l->want_write | sim_bit(id));
	if (l->type == SIM_RWLOCK)
		sim_touch(ARRIVALS(l), SIM_ACCESS_ADD);
	if (!available(l, shared))
		sim_sched_block(id, !spins(l));
	/* Whether it gives its CPU up depends on who has the lock now. */
	if (!spins(l) && c->atomic_depth)
		sim_touch(&l->writer, SIM_ACCESS_READ);
	sim_touch(&l->writer, SIM_ACCESS_WANT);
	sim_stand(SIM_LOCK, l->obj, site);
}

/* A task has come to where it can have a lock. */
SIM_INLINE void arrive(struct sim_lock *l, bool shared)
{
	int id = sim_running();

	sim_touch(&l->writer, shared ? SIM_ACCESS_ACQUIRE_SHARED : SIM_ACCESS_ACQUIRE);
	SIM_BUG_ON(!available(l, shared));
	if (sim_local_of(id)->asleep)
		sim_sched_unblocked(id);
}

SIM_INLINE void acquire(struct sim_lock *l, bool shared, const char *site)
{
	stand_before(l, shared, false, site);
	if (sim_running() >= 0)
		arrive(l, shared);
	if (sim_wanted(SIM_LOCK))
		sim_tell_step(SIM_LOCK, l->obj, shared, l->class, site);
	take(l, shared, site);
}

/*
 * With hooks, so that a lock in freed memory is noticed; that of those who
 * wait is when they let it go.
 */
static __attribute__((noinline)) sim_obj_t name_of(const struct sim_lock *l)
{
	return l->obj;
}

static __attribute__((noinline)) bool look_available(const struct sim_lock *l, bool shared)
{
	return available(l, shared);
}

static SIM_QUIET bool try_acquire(struct sim_lock *l, bool shared, const char *site)
{
	bool got;

	SIM_BUG_ON(shared && !may_share(l));
	sim_stand(SIM_TRYLOCK, name_of(l), site);
	got = look_available(l, shared);
	sim_touch(&l->writer, SIM_ACCESS_WRITE);
	if (sim_wanted(SIM_TRYLOCK))
		sim_tell_step(SIM_TRYLOCK, l->obj, got, shared, site);
	if (got)
		take(l, shared, site);
	return got;
}

SIM_INLINE void release_exclusive(struct sim_lock *l, const char *site)
{
	unsigned int id = sim_context_id();
	int me = id == SIM_HOST ? SIM_WRITER_HOST : (int)id;
	unsigned int holder, found;

	sim_touch(&l->writer, SIM_ACCESS_RELEASE);
	/* A folio may be unlocked by whoever finishes its work. */
	if (l->writer == SIM_WRITER_NONE ||
	    (l->writer != me && l->type != SIM_BITLOCK))
		sim_fatal(SIM_X_BUG, l->obj, l->writer, 0, site);
	holder = l->writer == SIM_WRITER_HOST ? SIM_HOST :
						(unsigned int)l->writer;
	if (holder != id)
		sim_touch(&the_world->context[holder].held, SIM_ACCESS_WRITE);
	found = pop_held(holder, l, false);
	SIM_BUG_ON(!found);
	sim_set(l->writer, SIM_WRITER_NONE);
	sim_sched_wake(l->want_read | l->want_write);
}

static SIM_QUIET void release_shared(struct sim_lock *l, const char *site)
{
	unsigned int id = sim_context_id();
	unsigned int found = pop_held(id, l, true);

	sim_touch(&l->writer, SIM_ACCESS_RELEASE_SHARED);
	if (!found)
		sim_fatal(SIM_X_BUG, l->obj, l->writer, 1, site);
	if (id == SIM_HOST)
		sim_set(l->host_readers, l->host_readers - 1);
	else if (found == 1)
		sim_set(l->readers, l->readers & ~sim_bit(id));
	if (!l->readers && !l->host_readers)
		sim_sched_wake(l->want_write);
}

SIM_QUIET void sim_lock(struct sim_lock *l, const char *site)
{
	acquire(l, false, site);
}

SIM_QUIET void sim_lock_shared(struct sim_lock *l, const char *site)
{
	acquire(l, true, site);
}

SIM_QUIET bool sim_trylock(struct sim_lock *l, const char *site)
{
	return try_acquire(l, false, site);
}

SIM_QUIET bool sim_trylock_shared(struct sim_lock *l, const char *site)
{
	return try_acquire(l, true, site);
}

/* Has the running task been told to stop? */
SIM_INLINE bool told(const bool *stop)
{
	return stop && sim_seen(*stop);
}

/*
 * Who is told to stop while it stands there is asked as by a trylock, and may go on
 * with or without the lock. Seldom: one for all kinds.
 */
static SIM_QUIET bool lock_unless(struct sim_lock *l, unsigned int how, const bool *stop,
				  const char *site)
{
	bool shared = how & SIM_LOCK_SHARED;
	int id = sim_running();

	if (told(stop))
		return try_acquire(l, shared, site);
	if (stop && id >= 0)
		sim_stop_watch(id, stop, l, NULL);
	stand_before(l, shared, how & SIM_LOCK_NESTED, site);
	if (stop && id >= 0)
		sim_stop_unwatch(id);
	if (id >= 0 && told(stop)) {
		if (sim_local_of(id)->asleep)
			sim_sched_unblocked(id);
		sim_touch(&l->writer, SIM_ACCESS_WRITE);
		if (!available(l, shared)) {
			sim_tell_step(SIM_TRYLOCK, l->obj, false, shared, site);
			return false;
		}
	} else if (id >= 0) {
		arrive(l, shared);
	}
	sim_tell_step(SIM_LOCK, l->obj, shared, l->class, site);
	take(l, shared, site);
	return true;
}

SIM_QUIET bool sim_lock_unless(struct sim_lock *l, unsigned int how, const bool *stop,
			       const char *site)
{
	return lock_unless(l, how, stop, site);
}

SIM_QUIET void sim_lock_nested(struct sim_lock *l, const char *site)
{
	lock_unless(l, SIM_LOCK_NESTED, NULL, site);
}

/* The step of letting go. Only some are told: sim_lock_tell_unlocks(). */
SIM_INLINE void stand_to_unlock(const struct sim_lock *l, bool shared, const char *site)
{
	sim_stand(SIM_UNLOCK, name_of(l), site);
	if (!sim_wanted(SIM_UNLOCK))
		return;
	if (the_world->classes.untold >> l->class & 1 && sim_pulse_mask != SIM_PULSE_ALL)
		return;
	sim_tell_step(SIM_UNLOCK, l->obj, shared, l->class, site);
}

SIM_QUIET void sim_unlock(struct sim_lock *l, const char *site)
{
	stand_to_unlock(l, false, site);
	release_exclusive(l, site);
	if (spins(l))
		sim_atomic_end();
}

SIM_QUIET void sim_unlock_shared(struct sim_lock *l, const char *site)
{
	stand_to_unlock(l, true, site);
	release_shared(l, site);
	if (spins(l))
		sim_atomic_end();
}

SIM_QUIET bool sim_lock_held(const struct sim_lock *l)
{
	int id = sim_running();

	return l->writer == (id < 0 ? SIM_WRITER_HOST : id);
}

SIM_QUIET bool sim_lock_held_any(const struct sim_lock *l)
{
	int id = sim_running();

	if (sim_lock_held(l))
		return true;
	return id < 0 ? l->host_readers > 0 : l->readers & sim_bit(id);
}

SIM_QUIET bool sim_lock_is_locked(const struct sim_lock *l)
{
	sim_touch(&l->writer, SIM_ACCESS_READ);
	return l->writer != SIM_WRITER_NONE;
}

SIM_QUIET bool sim_lock_contended(const struct sim_lock *l)
{
	sim_touch(ARRIVALS(l), SIM_ACCESS_READ);
	return l->want_write || (l->want_read && !l->readers);
}

static void tell_held(const struct sim_held_lock *h, struct sim_held *ret)
{
	ret->obj = SIM_HELD_LOCK(h->what)->obj;
	ret->class = SIM_HELD_CLASS(h->what);
	ret->shared = SIM_HELD_SHARED(h->what);
	ret->site = h->site;
}

unsigned int sim_locks_held(unsigned int task, struct sim_held *ret_held,
			    unsigned int max)
{
	struct sim_context_local *c;
	unsigned int i;

	SIM_BUG_ON(task >= SIM_NR_CONTEXTS);
	c = sim_local_of(task);
	for (i = 0; i < c->nr_held && i < max; i++)
		tell_held(held(task, c, i), &ret_held[i]);
	return c->nr_held;
}

bool sim_locks_held_newest(unsigned int task, struct sim_held *ret_held)
{
	struct sim_context_local *c = sim_local_of(task);

	if (!c->nr_held)
		return false;
	tell_held(held(task, c, c->nr_held - 1), ret_held);
	return true;
}
