/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger: who holds which reference, and why.
 *
 * An object's count is what the kernel would hold.  The ledger beside it knows
 * for each unit its kind, its owner and the site that took it.  The owner is
 * the innermost scope open on the task.  Scopes are opened by fakes and by the
 * trampolines of a design's hooks, never by code under test.
 *
 * Kinds are small numbers that the rooms above define.
 */
#ifndef SIM_CORE_LEDGER_H
#define SIM_CORE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/engine/pulse.h"

/* An owner: what kind of scope, and which one. 0 is "nobody's". */
typedef uint32_t sim_owner_t;
#define SIM_OWNER(kind, id)	(((uint32_t)(kind) << 24) | ((uint32_t)(id) & 0xffffff))
#define SIM_OWNER_KIND(o)	((o) >> 24)
#define SIM_OWNER_ID(o)		((o) & 0xffffff)

/*
 * What a record of SIM_GET, SIM_PUT, SIM_PIN or SIM_UNPIN has in a: how many
 * units, and of which kind.
 */
#define SIM_REF_A(kind, n)	((int64_t)(kind) << 32 | (uint32_t)(n))
#define SIM_REF_UNITS(a)	((int64_t)(uint32_t)(a))
#define SIM_REF_KIND(a)		((uint8_t)((a) >> 32))

/*
 * Embedded in (or indexed beside) a counted object: its list of entries goes by
 * where this lies, and in footprints by this word. Nothing is in it.
 */
struct sim_refs {
	uint32_t word;
};

/* So far apart lie those of objects that sim_ref_take_run() takes together. */
#define SIM_REF_STRIDE	64u
#define SIM_REF_RUN_MAX	65536u	/* objects in a run */

struct sim_ref_info {
	uint8_t kind;
	bool long_lived;	/* owner is a hook's, and the hook has ended */
	int16_t task;		/* who took it; -1 the host */
	sim_owner_t owner;
	uint32_t count;
	uint32_t hook;		/* number of the hook call it was taken in, or 0 */
	bool marked;		/* by who took it */
	uint64_t time;
	const char *site;
};

/* Take @n units of @kind for the innermost scope. Never yields. */
void sim_ref_take(struct sim_refs *refs, sim_obj_t obj, uint8_t kind, uint32_t n, const char *site);
/* The same with a mark, for who reads the ledger; they stay apart from those without. */
void sim_ref_take_marked(struct sim_refs *refs, sim_obj_t obj, uint8_t kind, uint32_t n,
			 const char *site);

/**
 * sim_ref_take_run() - sim_ref_take() for each object of a run.
 * @refs: of the first; the others' follow SIM_REF_STRIDE bytes apart
 * @obj: the first; the others are numbered from it on
 * @nr: how many objects
 * @kind: of the references
 * @n: units of each
 * @site: who takes
 *
 * For everybody who asks it is as if each had been taken by itself.
 */
void sim_ref_take_run(struct sim_refs *refs, sim_obj_t obj, uint32_t nr, uint8_t kind, uint32_t n,
		      const char *site);

/**
 * sim_ref_drop() - drop @n units of @kind.
 *
 * Matches the entries of the innermost scope first (in a hook, those of this
 * very call, then those of its slot or VM), of these those that the running
 * task took; then the first of the kind, in sim_ref_entry()'s order. Notes
 * SIM_X_OWNER if the only entries of the kind belong to another hook owner and
 * the match is not ambiguous.
 * Return: how many units had an entry; fewer than @n means that nobody held
 * the rest (the caller decides whether that is an underflow).
 */
uint32_t sim_ref_drop(struct sim_refs *refs, sim_obj_t obj, uint8_t kind, uint32_t n,
		      const char *site);

/**
 * sim_ref_own() - units that the running task took for its innermost scope.
 *
 * Nobody else's takes change that, so it is in no footprint: whoever goes by it
 * drops some of them next.
 */
uint32_t sim_ref_own(const struct sim_refs *refs, uint8_t kind);

/**
 * sim_ref_stays() - does the object stay referenced whatever others take?
 * @n: units of @kind that the running task is about to drop
 *
 * Return: true if those are its own, and other units stay that it took itself
 * or that were there before any task ran.
 */
bool sim_ref_stays(const struct sim_refs *refs, uint8_t kind, uint32_t n);

/* Units of an object by who took them; of each, those of other kinds and of one. */
struct sim_ref_shares {
	uint32_t host[2], own[2], others[2];
};

/* No access: whoever goes by it says what it comes to in footprints. */
void sim_ref_shares(const struct sim_refs *refs, uint8_t kind, struct sim_ref_shares *ret);

/* Move @n units from one kind to another (migration, take-over), keeping age. */
bool sim_ref_convert(struct sim_refs *refs, sim_obj_t obj, uint8_t from, uint8_t to, uint32_t n,
		     const char *site);

/* What hooks of owner @from have taken is @to's to give back from now on. */
void sim_ref_reown(struct sim_refs *refs, sim_owner_t from, sim_owner_t to);

/* Units of @kind on an object, whoever holds them. */
uint32_t sim_ref_count(const struct sim_refs *refs, uint8_t kind);
/* Those of one owner. */
uint32_t sim_ref_count_owner(const struct sim_refs *refs, uint8_t kind, sim_owner_t owner);

/* Those that hooks of owners (owner & @mask) == @owner took, while open or not. */
uint32_t sim_ref_count_hooks(const struct sim_refs *refs, uint8_t kind, sim_owner_t owner,
			     sim_owner_t mask);

/*
 * Entry @i of an object: the host's, then each task's, of each the oldest first.
 * Return: false past the last.
 */
bool sim_ref_entry(const struct sim_refs *refs, unsigned int i, struct sim_ref_info *ret_info);
/* All of them, one at a call. @cursor starts at 0. Return: false past the last. */
bool sim_ref_walk(const struct sim_refs *refs, uint32_t *cursor, struct sim_ref_info *ret_info);

/* Every entry of every object, for leak checks. @cursor starts at 0. */
bool sim_ref_next(uint64_t *cursor, sim_obj_t *ret_obj, struct sim_ref_info *ret_info);
/* The same, those that are long-lived. */
bool sim_ref_next_long(uint64_t *cursor, sim_obj_t *ret_obj, struct sim_ref_info *ret_info);

/**
 * struct sim_ref_sums - the ledger of a world that keeps no entries
 * @taken: units of each kind
 * @dropped: likewise
 * @objects: how many have something now of the first two of sim_params.sum_kinds
 *
 * Where sim_params.sums is set nothing else is known: sim_ref_count() and
 * sim_ref_own() answer for those kinds, whoever took them, and 0 for others; there
 * are no entries.
 */
#define SIM_REF_KINDS	16u
struct sim_ref_sums {
	uint64_t taken[SIM_REF_KINDS], dropped[SIM_REF_KINDS];
	uint64_t objects;
};
void sim_ref_sums(struct sim_ref_sums *ret);

/*
 * Scopes nest on a task (or on the host). A hook scope is one whose owner
 * outlives it: entries left at its close become long-lived, and the close is
 * noted as SIM_OUTLIVED: a is their number, b the number of the hook call.
 */
void sim_scope_open(sim_owner_t owner, bool hook);
void sim_scope_close(void);
sim_owner_t sim_scope_owner(void);
/* Is the innermost scope a hook? */
bool sim_scope_is_hook(void);

/* Hook scopes open now, over all tasks: while there are any, what a design
 * writes down and what it holds need not agree yet. Never yields. */
unsigned int sim_hooks_open(void);

#endif
