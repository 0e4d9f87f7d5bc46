/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of the search by partial-order reduction: dpor.c walks, and asks
 * dpor_foot.c what steps have to do with one another, dpor_race.c which other
 * orders have to be explored, and dpor_state.c what was seen before.
 */
#ifndef SIM_EXPLORE_DPOR_PRIVATE_H
#define SIM_EXPLORE_DPOR_PRIVATE_H

#include "sim/engine/bug.h"
#include "sim/engine/footprint.h"
#include "sim/engine/hash.h"
#include "sim/engine/undo.h"
#include "sim/explore/cycles.h"
#include "sim/explore/dpor.h"
#include "sim/explore/exec_private.h"
#include "sim/explore/random.h"

#define DPOR_NONE	UINT32_MAX

_Static_assert(SIM_MAX_TASKS <= 32, "sets of tasks are 32 bits wide");

/* ---- footprints ---- */

/*
 * What a step of one task has to do with a later one of another.
 * DEPENDS: they touch the same bytes and one of them changes them.
 * LOCK: they take the same lock; between them the first has let it go.
 * AFTER: the first lets a lock go that the second takes, so their order is
 * as it is, and the lock is all there is to it.
 * NESTS: with LOCK: the first may have had the lock before, too.
 */
#define DPOR_DEPENDS	1u
#define DPOR_LOCK	2u
#define DPOR_AFTER	4u
#define DPOR_NESTS	8u
#define DPOR_KNOWN	0x80u
/* In this state both could come first. */
#define DPOR_RACES	(DPOR_DEPENDS | DPOR_LOCK)

/* A step's footprint: of the pool [@at, @at + @nr), by address and kind. */
struct dpor_foot {
	uint32_t at, nr;
	uint64_t touches, changes;	/* addresses, a bit of 64 each */
	uint64_t wants;			/* lock that the task stands before now */
	uint16_t acquires;		/* how many words */
	uint8_t task;
	bool part;			/* the rest of it is not known */
	bool trusted;			/* it is among f->trusted */
};

/* An address that is in no world: in footprints of which only a part is known. */
#define DPOR_PART	8ULL

/* As it was recorded, so that it need not be sorted again. */
struct dpor_raw {
	uint64_t hash;
	uint64_t at;
	uint32_t nr, part, foot;
	uint8_t task;
};

/*
 * What a step was ever seen to touch, by where it begins.  And, by that and
 * what it touched this time, what is taken for its footprint.
 */
struct dpor_may {
	uint64_t key;			/* 0: an empty place */
	uint32_t foot;
};

/* What a footprint is taken for at a place. */
struct dpor_taken {
	uint64_t key;
	uint32_t foot, as;
};

/*
 * Steps on paths that were explored were taken to touch @was; now it would be
 * @is. That makes no difference to the first @compared footprints.
 */
struct dpor_wider {
	uint32_t was, is, compared;
};

/* A footprint that was taken to race with none; with the first @compared it does not. */
struct dpor_trusted {
	uint32_t foot, compared;
};

struct dpor_map {
	struct dpor_may *slot;		/* open addressing */
	uint32_t nr, size;
};

struct dpor_feet {
	struct dpor_map may, as, verge;
	struct dpor_taken *taken;	/* by place and footprint: f->as says where */
	uint32_t nr_taken, max_taken;
	struct dpor_wider *wider;
	uint32_t nr_wider, max_wider;
	struct dpor_trusted *trusted;
	uint32_t nr_trusted, max_trusted;
	uint32_t grew;			/* how often such a difference was found */
	struct dpor_foot *foot;
	uint32_t nr, max;
	sim_access_t *pool;
	size_t used, size;
	uint8_t *relation;		/* related times related */
	uint32_t related;
	uint64_t *kinds;		/* DPOR_NR_KINDS for each 64 footprints */
	uint64_t *racing;		/* racing_words for each: which race with it */
	uint32_t *raced;		/* ... as far as was looked */
	uint32_t racing_words;
	struct dpor_raw *raw;		/* open addressing */
	uint32_t nr_raw, raw_size;
	sim_access_t *raw_pool;
	size_t raw_used, raw_max;
	uint32_t *unique;		/* open addressing: number + 1 */
	uint32_t unique_size;
	sim_access_t *sorted;
	size_t sorted_max;
};

static inline uint64_t dpor_mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 32;
}

static inline bool dpor_same_word(sim_access_t a, sim_access_t b)
{
	return !(((a ^ b) << 8) >> 11);
}

/**
 * dpor_foot() - the number of a footprint; equal ones have equal numbers
 * @task: whose step
 * @part: number of what it touched before, or DPOR_NONE
 * @a: what was recorded, @n of them
 */
uint32_t dpor_foot(struct dpor_feet *f, unsigned int task, uint32_t part,
		   const sim_access_t *a, size_t n);
/**
 * dpor_foot_may() - what a step might have touched
 * @key: where it begins
 * @foot: what it did touch
 *
 * A step's code may touch more or less, depending on what it finds.  If that is
 * changed by a step with which it races, it comes to have to do with others,
 * and nothing of that would be seen.  So wherever a step once touched something
 * it is taken to do so always. If that is news, what was explored before may
 * have been explored on a wrong assumption: see dpor_foot_compare().
 * Return: number of the footprint to go by.
 */
uint32_t dpor_foot_may(struct dpor_feet *f, uint64_t key, uint32_t foot);
/* A step was taken that dpor_verge() tells from others: did it have to do with none? */
void dpor_foot_began(struct dpor_feet *f, uint64_t verge, bool alone);
/* Is that so of each that was taken there, and was there one? */
bool dpor_foot_alone(const struct dpor_feet *f, uint64_t verge);
/*
 * Nobody was asked for in the place of a step, as it has to do with no other's: if
 * that turns out to be wrong, it is found by dpor_foot_compare(), too.
 */
void dpor_foot_trust(struct dpor_feet *f, uint32_t foot);
/* Count f->grew up for each footprint that relates otherwise to one that was widened. */
void dpor_foot_compare(struct dpor_feet *f);
/* Nothing was explored, or it is to be explored again. */
void dpor_foot_forgive(struct dpor_feet *f);
/* The number of what either of two steps of one task touches. */
uint32_t dpor_foot_union(struct dpor_feet *f, uint32_t a, uint32_t b);
uint8_t dpor_relate(struct dpor_feet *f, uint32_t first, uint32_t second);
size_t dpor_feet_memory(const struct dpor_feet *f);
void dpor_feet_free(struct dpor_feet *f);

/* What is known of how @second depends on others, or NULL; until there are more footprints. */
static inline const uint8_t *dpor_relations(const struct dpor_feet *f, uint32_t second)
{
	return second < f->related ? f->relation + (size_t)second * f->related : NULL;
}

/* dpor_relation() for who asks about @second more than once. */
static inline uint8_t dpor_relation_in(struct dpor_feet *f, const uint8_t *row, uint32_t first,
				       uint32_t second)
{
	uint8_t r = row && first < f->related ? row[first] : 0;

	return r ? r : dpor_relate(f, first, second);
}

/* How @second, a step of another task, depends on @first. */
static inline uint8_t dpor_relation(struct dpor_feet *f, uint32_t first, uint32_t second)
{
	return dpor_relation_in(f, dpor_relations(f, second), first, second);
}

/* Sets of footprints: those of each task, and of two kinds. Words of them lie together. */
#define DPOR_ACQUIRES	SIM_MAX_TASKS
#define DPOR_PARTS	(SIM_MAX_TASKS + 1)
#define DPOR_NR_KINDS	(SIM_MAX_TASKS + 2)

static inline uint64_t *dpor_kinds(const struct dpor_feet *f, uint32_t word)
{
	return f->kinds + (size_t)word * DPOR_NR_KINDS;
}

/* ---- what was seen ---- */

/*
 * A state that was seen.  Which task stands before which step is part of the
 * state, so that a sleep set is a set of tasks and no more.
 */
struct dpor_state {
	struct sim_hash hash;
	uint32_t sleep;
	uint32_t summary;
};

#define DPOR_ON_PATH	(UINT32_MAX - 1)	/* it is being explored */
#define DPOR_ANYTHING	(UINT32_MAX - 2)	/* nobody knows what can follow */

/*
 * Which footprints occur after a state, and whose they are.  It lies in the pool,
 * and goes by its place there.
 */
struct dpor_summary {
	uint32_t nr;			/* words */
	uint32_t tasks;
	uint64_t row[];
};

struct dpor_table {
	struct dpor_state *state;	/* open addressing, a power of two */
	void *mapped;			/* where its addresses begin */
	uint64_t nr, size;
	uint64_t *pool;
	size_t used, max;
	uint64_t *unique;		/* open addressing: hash, below it place + 1 */
	uint32_t nr_summaries, unique_size;
};

/* ---- the path ---- */

/* A step on the path, numbered from 1. */
struct dpor_event {
	uint32_t foot;
	uint32_t node;		/* where it was chosen; NONE: nobody else could run */
	uint32_t before;	/* number of the same task's step before it, or 0 */
	uint32_t woke;		/* number of the step that woke it, or 0 */
	uint32_t enabled;	/* tasks that could run in its place */
	uint64_t history;	/* of the task, before it */
	uint8_t task;
};

/* A choice as it was taken, whatever came before it: enough to take it again. */
struct dpor_pick {
	uint32_t enabled;	/* tasks; 0: a question */
	uint32_t n, answer;	/* a question's */
	int16_t task;		/* that was chosen */
	int16_t last;		/* ran last at the next choice */
};

/* A way that leads from a state back to it. */
struct dpor_tour {
	struct dpor_pick *pick;
	uint32_t nr, max;
	uint32_t ran, could, steps;
};

/* A choice with more than one possibility. */
struct dpor_node {
	struct sim_mark mark;
	uint64_t steps;
	uint64_t state;		/* place in the table, or NO_STATE */
	uint32_t saved;		/* tasks saved since, a bit each */
	uint32_t first_save;
	uint32_t events;	/* on the path before it */
	uint64_t place, verge;
	uint32_t n, next;	/* a question: possibilities, the one to be tried */
	uint32_t part;		/* a question: what its step touched before it */
	uint32_t enabled, wanted, done;
	uint32_t sleep;		/* as it was reached, and what was explored since */
	uint32_t asleep;	/* tasks on wait queues */
	uint32_t alone;		/* tasks, as in struct dpor */
	uint32_t slept;		/* as it was reached */
	uint32_t goes_round;	/* tasks that came back to where it stands */
	uint32_t points;	/* states on the path, its own included */
	struct dpor_tour tour;	/* cycles that lead back to it, in turn */
	uint32_t child;		/* footprint of the task that runs from here */
	int16_t task;		/* that runs from here */
	int16_t last, asks;	/* as in struct node of dfs.c */
	uint32_t node_now;	/* a question: where its step was chosen */
	bool passed;		/* a task runs from here that has to do with nobody */
	bool in_step;		/* not: a question asked before any step */
	bool anything;		/* a cycle: what follows is more than was seen */
};
#define DPOR_NO_STATE	UINT64_MAX

struct dpor_save {
	struct sim_undo_entry *here;
	size_t at;
	unsigned int task;
};

struct dpor {
	struct sim_dpor *pub;
	struct dpor_feet feet;
	struct dpor_table table;
	uint32_t nr_tasks;
	/* the path */
	struct dpor_node *node;
	uint32_t *sleep_foot;		/* nr_tasks for each node: of who sleeps */
	uint64_t *below;		/* row_words for each node: what followed */
	uint32_t row_words;
	uint64_t *met;			/* dpor_follows() works in it */
	size_t max_met;
	uint32_t *lock;			/* steps that took the lock that one takes now */
	size_t nr_locks, max_locks;
	uint32_t *choice, *of;
	struct sim_verify **verify;	/* one for each node, if asked for */
	size_t depth, max_depth;
	size_t expanded;		/* so many nodes are, with anything following them */
	struct dpor_event *event;
	uint32_t *clock;		/* nr_tasks for each event */
	uint32_t nr_events, max_events;
	/* now */
	uint32_t last_event[SIM_MAX_TASKS];
	uint32_t woke[SIM_MAX_TASKS];
	uint32_t start_foot[SIM_MAX_TASKS];
	uint32_t foot_now[SIM_MAX_TASKS];	/* of those in sleep */
	uint32_t sleep;
	uint32_t asleep;
	uint32_t part;			/* of the running step, before its last question */
	uint64_t history[SIM_MAX_TASKS];	/* footprints of the last steps of each */
	uint64_t place;			/* where the running step began */
	uint64_t verge;			/* and what it is */
	uint32_t node_now;		/* where the running step was chosen */
	uint32_t enabled_now;
	bool in_step;
	bool trying;			/* the running step is another prefix's */
	bool hashing;
	bool looking;			/* for states on the path, without a table */
	bool suspects;			/* it is worth looking: begin again */
	struct sim_cycles cycles;	/* states on the path */
	uint32_t *round, *round_of;	/* choices of a livelock that takes several cycles */
	size_t nr_round, max_round;
	uint32_t alone;			/* tasks whose next step has nothing to do with others' */
	uint32_t passed;		/* states in a row that were not remembered */
	uint64_t steps;
	uint64_t grew_at;		/* pub->steps when feet.grew last grew */
	uint64_t ends;			/* paths that came to one */
	int last;
	bool wants_feet;
	/* the path's states since one task is left; events follow one each */
	struct sim_hash *tail;
	size_t nr_tail, max_tail;
	uint64_t *tail_row;		/* row_words: what follows one of them */
	/* stacks */
	struct dpor_save *save;
	size_t nr_saves, max_saves;
	char *buf;
	size_t used, size;
	/* re-running */
	struct sim_marked_world *begin;
};

static inline uint32_t dpor_bit(unsigned int task)
{
	return 1u << task;
}

static inline uint32_t *dpor_clock(const struct dpor *s, uint32_t event)
{
	return s->clock + (size_t)event * s->nr_tasks;
}

static inline uint64_t *dpor_below(const struct dpor *s, size_t node)
{
	return s->below + node * s->row_words;
}

/* ---- dpor_learn.c ---- */

#define DPOR_LAST_BITS	32	/* two footprints in a task's history */

/*
 * Where a task stands: what it touched last, and what its next step is.  To take
 * two places for one only makes steps depend on each other that do not.
 */
uint64_t dpor_place(const struct dpor *s, unsigned int task);
/*
 * The next step alone, whatever came before it: the same wherever the state is.
 */
uint64_t dpor_verge(const struct dpor *s, unsigned int task);
/* A step that began at a place has touched this. Return: what to go by. */
uint32_t dpor_touched(struct dpor *s, uint64_t place, unsigned int task, uint32_t foot);
/* Learn what steps may touch; the world is as before. Logging is on. */
void dpor_learn(struct dpor *s);

/* ---- dpor_path.c ---- */

/* One more choice, with @n possibilities; @asks: the task that asks, or -1. */
struct dpor_node *dpor_push(struct dpor *s, uint32_t n, int asks);
/* A task is about to run: save its stack for the node on top, if need be. */
void dpor_before_run(struct dpor *s, unsigned int task);
/* Everything as it was when the node on top was pushed. */
void dpor_go_back(struct dpor *s);
void dpor_path_free(struct dpor *s);

/* ---- dpor_cycle.c ---- */

/**
 * dpor_close_cycle() - the path has come back to a state on it
 * @from: the state's node
 * @slept: who was asleep there
 *
 * Return: the cycle is fair, alone or after others that were met at one of its
 * states: the path is to end with a livelock.
 */
bool dpor_close_cycle(struct dpor *s, size_t from, uint32_t *slept);
/* The choices of that livelock, in the place of the path's. */
void dpor_tell_round(struct dpor *s);
/* Without a table: is the state on the path? Return: its node, or SIZE_MAX. */
size_t dpor_cycle_enter(struct dpor *s, struct sim_hash state);

/* ---- dpor_race.c ---- */

/* The step that just ended: its clock, and whatever races with it. */
void dpor_happened(struct dpor *s, unsigned int task, uint32_t foot);
/* A step that a task stands before and did not get to take. */
void dpor_would_happen(struct dpor *s, unsigned int task, uint32_t foot);
/* The same for all that followed a state, from which nobody goes on now. */
void dpor_follows(struct dpor *s, const uint64_t *row, uint32_t words, uint32_t tasks);
/* Has a step that touches this nothing to do with any that is known of another task? */
bool dpor_is_alone(struct dpor *s, uint32_t foot);
/* A step ended the execution: whatever else could run has to be seen, too. */
void dpor_cut(struct dpor *s);
/*
 * All that can run runs, at every node from @from on where that may make any
 * difference, by what is known so far.
 */
void dpor_expand(struct dpor *s, size_t from);

/* ---- dpor_state.c ---- */

enum dpor_seen {
	DPOR_NEW,
	DPOR_SEEN,		/* nothing new can follow */
	DPOR_PARTLY,		/* ... but by some tasks that slept */
	DPOR_CYCLE,		/* it is on the path */
	DPOR_FULL,		/* no memory left */
};

/**
 * dpor_state_enter() - the path has come to a state
 * @s: with its sleep set; the nodes on the path get wanted what follows from it
 * @hash: the state's
 * @ret_place: where it is in the table
 * @ret_tasks: PARTLY: the tasks
 */
enum dpor_seen dpor_state_enter(struct dpor *s, struct sim_hash hash, uint64_t *ret_place,
				uint32_t *ret_tasks);
/* A step has ended: what it came to will be entered soon. */
void dpor_state_foresee(const struct dpor *s);
/* PARTLY, and the node on top was made for it. */
void dpor_state_again(struct dpor *s, struct dpor_node *node);
/* All that follows the node on top was explored. */
void dpor_state_leave(struct dpor *s);
/* The node of a state that is on the path. */
size_t dpor_state_on_path(const struct dpor *s, uint64_t place);
/**
 * dpor_tail_enter() - one task is left, and stands before a step
 *
 * Return: what follows was seen, and is noted as following the path's states.
 */
bool dpor_tail_enter(struct dpor *s);
/* The path has ended, not by a bound: remember what followed its tail's states. */
void dpor_tail_leave(struct dpor *s);
/* Note that a footprint occurred, for all states on the path. */
void dpor_state_saw(struct dpor *s, uint32_t foot);
size_t dpor_table_memory(const struct dpor_table *t);
void dpor_table_clear(struct dpor_table *t);
void dpor_table_free(struct dpor_table *t);

/* Bytes in use by the search itself. */
size_t dpor_memory(const struct dpor *s);
/* reallocarray() that does not fail: without memory it is a SIM_BUG. */
void *dpor_grow(void *p, size_t n, size_t size);

#endif
