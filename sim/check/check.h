/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks: what must never happen, one oracle per file.
 *
 * A check looks when a record of one of its verbs comes by, reads the world
 * through the probes and the ledger, and speaks or stays silent.  It keeps
 * nothing between two looks: the world may have been rolled back since.  So a
 * check costs nothing until one of its verbs comes, and nothing is allocated.
 *
 * Several checks may speak about one step; all of them are kept, because a
 * verdict is a set.
 */
#ifndef SIM_CHECK_CHECK_H
#define SIM_CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/check/names.h"
#include "sim/core/step.h"
#include "sim/engine/pulse.h"

#define CHECK_MAX		32
#define CHECK_TEXT_SIZE		400

#define CHECK_VERB(name)	(1ULL << SIM_##name)

/* Of all locks these are the ones whose release checks may look at (UNLOCK). */
#define CHECK_UNLOCKS_OF	"mmu_lock"

/**
 * struct violation - a check spoke
 * @check: its id
 * @time: virtual time of the record it looked at; of the end for the rest
 * @task: who did it, -1 nobody in particular
 * @obj: what it is about, or 0
 * @text: one sentence, without a full stop and without a newline
 */
struct violation {
	const char *check;
	uint64_t time;
	int task;
	sim_obj_t obj;
	char text[CHECK_TEXT_SIZE];
};

/* At which end of an execution a check is asked once more. */
enum check_end {
	CHECK_END_DONE,		/* the tasks are done; nothing was torn down */
	CHECK_END_TORN_DOWN,	/* VMs and processes are gone, batches drained */
};

struct check_ctx {
	const struct names *names;	/* may be NULL */
};

/**
 * struct check - one oracle
 * @id: stable; what races, command lines and verdicts say
 * @never: one line: what must never happen
 * @verbs: CHECK_VERB()s at which it looks
 * @look: called for each record of @verbs. Return: true with @ret filled
 * @at_end: called at both ends, may be NULL. Return: likewise
 */
struct check {
	const char *id;
	const char *never;
	uint64_t verbs;
	bool (*look)(const struct check_ctx *ctx, const struct sim_record *rec,
		     struct violation *ret);
	bool (*at_end)(const struct check_ctx *ctx, enum check_end when,
		       struct violation *ret);
};

/* The registry, in the order in which verdicts name them. */
const struct check *check_nth(unsigned int i);		/* NULL past the last */
const struct check *check_find(const char *id);		/* NULL: none is called so */

/* Which checks are on: a bit for each place in the registry. */
struct check_set {
	uint64_t on;
};

void check_set_all(struct check_set *set);
int check_set_parse(struct check_set *set, const char *list, char *ret_error, size_t size);
int check_set_leave_out(struct check_set *set, const char *id, char *ret_error, size_t size);
bool check_set_has(const struct check_set *set, const char *id);
uint64_t check_set_verbs(const struct check_set *set);

/**
 * struct check_watch - the enabled checks at work on one execution
 * @watcher: for struct sim_exec
 * @found: what was violated, in the order of the registry within one look;
 *	each check speaks once
 * @nr_found: how many
 * @at_end: those that look at an end, a bit each
 * @said_unlocks: the world knows whose unlocks are to be told
 */
struct check_watch {
	struct sim_watcher watcher;
	struct check_ctx ctx;
	uint64_t on;
	uint64_t spoke;
	uint64_t by_verb[SIM_NR_VERBS];
	uint64_t at_end;
	uint64_t verbs;
	bool said_unlocks;
	struct violation found[CHECK_MAX];
	unsigned int nr_found;
};

void check_watch_init(struct check_watch *watch, const struct check_set *set,
		      const struct names *names);
void check_watch_start(struct check_watch *watch);
/* What memlock-exceeded sums up, for a race's locked(PROCESS). */
uint64_t check_held_pages(unsigned int process);
bool check_watch_end(struct check_watch *watch, enum check_end when);
void check_watch_spoilt(struct check_watch *watch, const struct sim_record *rec);

#endif
