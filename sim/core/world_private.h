/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world's root object, at the arena's base.
 *
 * It holds state: what decides how the simulated machine goes on, and what
 * checks judge by.  History says how it came here (clock, counts, the ledger's
 * sites) and lies in an area of its own: it is rolled back like everything
 * else, but neither hashed nor in footprints, as two ways to one state have
 * different histories.
 */
#ifndef SIM_CORE_WORLD_PRIVATE_H
#define SIM_CORE_WORLD_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/ledger.h"
#include "sim/core/lock.h"
#include "sim/core/sched.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/core/world.h"
#include "sim/engine/arena.h"
#include "sim/engine/bug.h"
#include "sim/engine/fault.h"
#include "sim/engine/fiber.h"
#include "sim/engine/store.h"
#include "sim/engine/undo.h"

/* Locks held by one task: migration of a full batch locks 512 folios and their targets. */
#define SIM_MAX_HELD	1100
#define SIM_MAX_SCOPES	16	/* scopes open on one task */
#define SIM_MAX_CLASSES	64	/* lock classes: a bit each */

/* Number of the host's context, beside those of the tasks. */
#define SIM_HOST	SIM_MAX_TASKS
#define SIM_NR_CONTEXTS	(SIM_MAX_TASKS + 1)

/* lock->writer when it is not a task. */
#define SIM_WRITER_NONE	(-1)
#define SIM_WRITER_HOST	(-2)

/*
 * Functions that only load, or that log what they store by sim_set(): spared
 * the hooks' calls, as every step of every task comes through them.
 */
#define SIM_QUIET	__attribute__((no_sanitize("thread")))

struct sim_scope {
	sim_owner_t owner;
	uint32_t hook;		/* number of the innermost hook call, or 0 */
	uint32_t left;		/* units taken in this hook scope, still held */
	bool is_hook;
};

/* The lock's address, its class in the top byte, and whether it is shared. */
#define SIM_HELD(lock, class, shared)	((uint64_t)(lock) | (uint64_t)(class) << 56 | (shared))
#define SIM_HELD_LOCK(what)		((struct sim_lock *)((what) & 0xfffffffffffff8ULL))
#define SIM_HELD_CLASS(what)		((unsigned int)((what) >> 56))
#define SIM_HELD_SHARED(what)		((bool)((what) & 1))

struct sim_held_lock {
	uint64_t what;
	const char *site;
};

/* Locks and scopes that a context has room for beside its other few words. */
#define SIM_NEAR_HELD	6
#define SIM_NEAR_SCOPES	2

/*
 * What most steps change of their own task: kept at the top of the task's
 * stack, where a store costs no log entry.  Places that are not in use are
 * zero: equal states have equal bytes.
 */
struct sim_context_local {
	sim_obj_t next_obj;
	uint16_t next_verb;
	uint16_t atomic_depth;
	uint16_t nr_held;
	uint8_t nr_scopes;
	bool asleep;		/* gave its CPU up in sim_wait() or for a lock */
	uint64_t nr_hooks;	/* hook scopes opened so far */
	struct sim_scope scope[SIM_NEAR_SCOPES];
	struct sim_held_lock held[SIM_NEAR_HELD];
	/* history from here on */
	const char *site;	/* of the step it stands before, or was in last */
	uint64_t stands;	/* how often it stood before a step */
	const char *caller;	/* site.c */
};

/* What a task and the host have in common; this part of it is far away. */
struct sim_context_state {
	void *private;
	/* What ends its wait, and what it waits for: all NULL if nothing does. */
	const bool *stop;
	struct sim_lock *stop_lock;
	struct sim_waitq *stop_waitq;
	struct sim_scope scope[SIM_MAX_SCOPES];		/* from SIM_NEAR_SCOPES on */
	struct sim_held_lock held[SIM_MAX_HELD];	/* from SIM_NEAR_HELD on */
};

struct sim_task {
	unsigned int cpu;
	void (*fn)(void *arg);
	void *arg;
	char name[SIM_TASK_NAME_LEN];
};

/* One area's share of sim_alloc(). */
struct sim_area_state {
	uint64_t next;		/* first byte never given out */
	uint64_t count;		/* allocations made: gives them their numbers */
	uint64_t live;		/* bytes below bit 40, blocks above: one store */
	uint64_t tracked;	/* blocks of sim_alloc_tracked() */
	uint64_t hooked;	/* bytes of those that hooks allocated */
};

/* One context's share of the ledger: see ledger_pool.c. */
#define SIM_REF_CHUNK	128	/* entries in a chunk */
#define SIM_REF_CHUNKS	512	/* chunks in a pool */
struct sim_ref_pool {
	uint32_t nr;				/* chunks that something is in, */
	uint16_t order[SIM_REF_CHUNKS];		/* by what that is */
	uint16_t used[SIM_REF_CHUNKS];		/* of each chunk */
	struct sim_ref_entry *chunk[SIM_REF_CHUNKS];
};

struct sim_lock_classes {
	uint32_t nr;
	const char *name[SIM_MAX_CLASSES];
	uint64_t declared[SIM_MAX_CLASSES];	/* classes that come after */
	uint64_t untold;	/* sim_lock_tell_unlocks() */
	/* The same, with what was seen: state, as X_ORDER is judged by it. */
	uint64_t after[SIM_MAX_CLASSES];
};

struct sim_world {
	/* hot: what each step touches */
	struct sim_sched sched;
	struct sim_task task[SIM_MAX_TASKS];
	/* the rest */
	struct sim_params params;
	void *room[SIM_NR_ROOMS];
	uint64_t sparse_next;
	uint64_t hooks_open;			/* scopes of hooks, on any context */
	struct sim_area_state area[SIM_NR_CONTEXTS];
	struct sim_context_state context[SIM_NR_CONTEXTS];
	struct sim_context_local host_local;	/* its history words are not in use */
	struct sim_lock_classes classes;
	struct sim_ref_pool refs[SIM_NR_CONTEXTS];
	/*
	 * For footprints, nothing is in them: all entries at once; those that are
	 * long-lived; that a hook of a context ends.
	 */
	uint64_t all_refs, long_refs;
	uint64_t hook_ends[SIM_NR_CONTEXTS];
	struct sim_ref_sums sums;		/* ledger_sums.c */
};

#define the_world	((struct sim_world *)SIM_ARENA_BASE)

_Static_assert(offsetof(struct sim_world, sched) == 0, "the_sched");

/* Of one entry of the ledger. */
struct sim_ref_history {
	uint64_t time;
	const char *site;
};

struct sim_history {
	const char *host_caller;		/* site.c */
	uint8_t room[SIM_NR_ROOMS][SIM_ROOM_HISTORY];
	struct sim_ref_history ref[SIM_NR_CONTEXTS][SIM_REF_CHUNK * SIM_REF_CHUNKS];
};

_Static_assert(offsetof(struct sim_history, room) == 8, "sim_room_history()");

#define the_history	((struct sim_history *)SIM_HISTORY_BASE)

/*
 * Inlined into quiet functions and others alike, which takes on their kind:
 * what assigns by sim_set() may only be used in quiet ones.
 */
#define SIM_INLINE	static inline __attribute__((always_inline))

/* The running context: a task's number, or SIM_HOST. */
SIM_INLINE unsigned int sim_context_id(void)
{
	uint64_t id = sim_hot.running;

	return id < SIM_MAX_TASKS ? id : SIM_HOST;
}

/* The running task's number, or -1. */
SIM_INLINE int sim_running(void)
{
	uint64_t id = sim_hot.running;

	return id < SIM_MAX_TASKS ? (int)id : -1;
}

SIM_INLINE struct sim_context_state *sim_context(void)
{
	return &the_world->context[sim_context_id()];
}

/* Numbers of the errors that core itself returns. */
#define E2BIG	7

_Static_assert(sizeof(struct sim_context_local) == SIM_STACK_LOCAL, "local words");
_Static_assert(offsetof(struct sim_context_local, site) == SIM_STACK_LOCAL_STATE, "history");

SIM_INLINE uint64_t sim_bit(unsigned int n)
{
	return 1ULL << n;
}

/* Of a task, or of SIM_HOST. */
SIM_INLINE struct sim_context_local *sim_local_of(unsigned int id)
{
	return id == SIM_HOST ? &the_world->host_local : sim_fiber_local(id);
}

/* Assign to what sim_local_of() gave: the running task's own is not logged. */
#define sim_local_set(lvalue, value)					\
	do {								\
		if ((uint64_t)&(lvalue) - sim_hot.own_lo >= SIM_STACK_SIZE) \
			sim_undo_word((uint64_t)&(lvalue));		\
		(lvalue) = (value);					\
	} while (0)

/* Blocking and waking; the running task only ever blocks itself. */
void sim_sched_block(unsigned int task, bool sleeps);
void sim_sched_unblocked(unsigned int task);	/* only a task that is asleep */

SIM_INLINE void sim_sched_wake(uint64_t tasks)
{
	if (!tasks)
		return;
	/* Who waits is kept in locks and queues: memory that code may overwrite. */
	SIM_BUG_ON(tasks & ~the_world->sched.alive);
	sim_set(the_world->sched.ready, the_world->sched.ready | tasks);
}

SIM_INLINE void sim_sched_hold(uint64_t tasks)
{
	if (tasks)
		sim_set(the_world->sched.ready, the_world->sched.ready & ~tasks);
}

/* The running task waits, and @stop ends that (wait.c); it does not any more. */
void sim_stop_watch(unsigned int task, const bool *stop, struct sim_lock *lock,
		    struct sim_waitq *waitq);
void sim_stop_unwatch(unsigned int task);

/* Keep the others off a task's CPU, or let them on again. */
void sim_sched_own_cpu(unsigned int task, bool own);

/* The running context becomes atomic (or more so), and the opposite. */
SIM_INLINE void sim_atomic_begin(void)
{
	unsigned int id = sim_context_id();
	struct sim_context_local *c = sim_local_of(id);

	if (!c->atomic_depth && id != SIM_HOST)
		sim_sched_own_cpu(id, true);
	sim_local_set(c->atomic_depth, c->atomic_depth + 1);
}

SIM_INLINE void sim_atomic_end(void)
{
	unsigned int id = sim_context_id();
	struct sim_context_local *c = sim_local_of(id);

	if (!c->atomic_depth)
		sim_fatal(SIM_X_BUG, SIM_OBJ(SIM_CLASS_TASK, id), 0, 0, "sim_preempt_enable");
	sim_local_set(c->atomic_depth, c->atomic_depth - 1);
	if (!c->atomic_depth && id != SIM_HOST)
		sim_sched_own_cpu(id, false);
}

/* Does anybody listen? */
SIM_INLINE bool sim_wanted(enum sim_verb verb)
{
	return sim_pulse_mask >> verb & 1;
}

/*
 * Say what the running task does next and let the scheduler decide; returns
 * when it may. sim_step() is this, and then telling the trace.
 */
void sim_stand(enum sim_verb verb, sim_obj_t obj, const char *site);
void sim_tell_step(enum sim_verb verb, sim_obj_t obj, int64_t a, int64_t b, const char *site);

/* The lock that a context took last. Return: false if it holds none. */
bool sim_locks_held_newest(unsigned int task, struct sim_held *ret_held);

/* lockorder.c: @l is asked for while @held, of class @outer, is, which is not known to be right. */
void sim_lock_judge(const struct sim_lock *held, unsigned int outer, const struct sim_lock *l,
		    const char *site);

/* What the engine calls when it refuses an access. */
void sim_access_fault(enum sim_fault kind, uint64_t addr, bool write);

#endif
