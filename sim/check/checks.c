/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registry of checks, the set of those that are on, and the watcher that
 * hands them their records.
 */
#include <stdio.h>
#include <string.h>

#include "sim/check/check.h"
#include "sim/check/check_private.h"
#include "sim/core/lock.h"

static const struct check *const registry[] = {
	&check_ref_leak,
	&check_ref_underflow,
	&check_double_unpin,
	&check_owner_mismatch,
	&check_refcount_overflow,
	&check_use_after_free,
	&check_metadata_bounds,
	&check_memory_leak,
	&check_longterm_placement,
	&check_guest_corruption,
	&check_mapped_unpinned,
	&check_record_mismatch,
	&check_memlock_exceeded,
	&check_memlock_drift,
	&check_stale_spte,
	&check_cache_stale,
	&check_sleep_in_atomic,
	&check_lock_order,
	&check_deadlock,
	&check_livelock,
	&check_no_progress,
	&check_cma_blocked,
	&check_offline_blocked,
	&check_data_race,
	&check_kernel_warn,
	&check_kernel_bug,
};

#define NR_CHECKS	(sizeof(registry) / sizeof(*registry))
#define ALL_CHECKS	((1ULL << NR_CHECKS) - 1)

_Static_assert(NR_CHECKS <= CHECK_MAX, "CHECK_MAX is too small");
_Static_assert(SIM_NR_VERBS <= 64, "verbs no longer fit a mask");

/**
 * check_nth() - walk the registry
 * @i: place, from 0
 *
 * Return: the check, NULL past the last.
 */
const struct check *check_nth(unsigned int i)
{
	return i < NR_CHECKS ? registry[i] : NULL;
}

/* Place of the check called @id (@len bytes of it), or -1. */
static int place_of(const char *id, size_t len)
{
	for (unsigned int i = 0; i < NR_CHECKS; i++) {
		if (strlen(registry[i]->id) == len && !memcmp(registry[i]->id, id, len))
			return (int)i;
	}
	return -1;
}

/**
 * check_find() - a check by its id
 * @id: such as "longterm-placement"
 *
 * Return: the check, or NULL if none is called so.
 */
const struct check *check_find(const char *id)
{
	int place = place_of(id, strlen(id));

	return place < 0 ? NULL : registry[place];
}

/**
 * check_set_all() - every check is on
 * @set: what to fill
 */
void check_set_all(struct check_set *set)
{
	set->on = ALL_CHECKS;
}

/* Say what is wrong with a word, and what could have stood there. */
static int refuse_word(const char *word, size_t len, char *ret_error, size_t size)
{
	size_t used;

	if (!len) {
		snprintf(ret_error, size,
			 "an empty word in the list of checks; write ids with commas between them");
		return -1;
	}
	used = (size_t)snprintf(ret_error, size, "no check is called '%.*s'; there are:",
				(int)(len < 40 ? len : 40), word);
	for (unsigned int i = 0; i < NR_CHECKS && used < size; i++)
		used += (size_t)snprintf(ret_error + used, size - used, " %s",
					 registry[i]->id);
	return -1;
}

/* One word of a list: "all", "none", "id" or "-id". */
static int apply_word(struct check_set *set, const char *word, size_t len, bool first,
		      char *ret_error, size_t size)
{
	bool off = len && *word == '-';
	int place;

	if (len == 3 && !memcmp(word, "all", 3)) {
		set->on = ALL_CHECKS;
		return 0;
	}
	if (len == 4 && !memcmp(word, "none", 4)) {
		set->on = 0;
		return 0;
	}
	place = place_of(word + off, len - off);
	if (place < 0)
		return refuse_word(word + off, len - off, ret_error, size);
	/* A list that begins by leaving out starts from all, else from none. */
	if (first)
		set->on = off ? ALL_CHECKS : 0;
	if (off)
		set->on &= ~(1ULL << place);
	else
		set->on |= 1ULL << place;
	return 0;
}

/**
 * check_set_parse() - the set that `--check LIST` names
 * @set: what to fill; untouched on failure
 * @list: ids with commas between them; "-id" leaves one out; "all", "none"
 * @ret_error: one line that says what is wrong
 * @size: of @ret_error
 *
 * Return: 0, or -1 with @ret_error filled.
 */
int check_set_parse(struct check_set *set, const char *list, char *ret_error, size_t size)
{
	struct check_set made = { 0 };
	bool first = true;

	for (;;) {
		size_t len = strcspn(list, ",");

		if (apply_word(&made, list, len, first, ret_error, size))
			return -1;
		first = false;
		if (!list[len])
			break;
		list += len + 1;
	}
	*set = made;
	return 0;
}

/**
 * check_set_leave_out() - "checks all but @id" of a race
 * @set: what to change
 * @id: the check that goes
 * @ret_error: one line that says what is wrong
 * @size: of @ret_error
 *
 * Return: 0, or -1 with @ret_error filled.
 */
int check_set_leave_out(struct check_set *set, const char *id, char *ret_error, size_t size)
{
	int place = place_of(id, strlen(id));

	if (place < 0)
		return refuse_word(id, strlen(id), ret_error, size);
	set->on &= ~(1ULL << place);
	return 0;
}

/**
 * check_set_has() - is a check on?
 * @set: the set
 * @id: its id
 *
 * Return: true if it is; false also for an id that is none.
 */
bool check_set_has(const struct check_set *set, const char *id)
{
	int place = place_of(id, strlen(id));

	return place >= 0 && (set->on >> place & 1);
}

/**
 * check_set_verbs() - what the set wants to see
 * @set: the set
 *
 * Return: a mask for sim_pulse_subscribe().
 */
uint64_t check_set_verbs(const struct check_set *set)
{
	uint64_t verbs = 0;

	for (unsigned int i = 0; i < NR_CHECKS; i++) {
		if (set->on >> i & 1)
			verbs |= registry[i]->verbs;
	}
	return verbs;
}

static bool keep(struct check_watch *watch, unsigned int place)
{
	watch->found[watch->nr_found].check = registry[place]->id;
	watch->nr_found++;
	watch->spoke |= 1ULL << place;
	return true;
}

static bool look(struct sim_watcher *self, const struct sim_record *recs, size_t n)
{
	struct check_watch *watch = (struct check_watch *)self;
	struct violation *next = &watch->found[watch->nr_found];
	bool spoke = false;

	for (const struct sim_record *rec = recs; rec < recs + n; rec++) {
		uint64_t todo = watch->by_verb[rec->verb] & ~watch->spoke;

		for (; todo; todo &= todo - 1) {
			unsigned int place = (unsigned int)__builtin_ctzll(todo);

			if (!registry[place]->look(&watch->ctx, rec, next))
				continue;
			spoke = keep(watch, place);
			next++;
		}
	}
	return spoke;
}

/**
 * check_watch_init() - make the checks ready to watch executions
 * @watch: what to fill
 * @set: which checks are on
 * @names: for the texts; may be NULL, else outlives @watch
 *
 * Does not subscribe: the pulse is the caller's, who may want more verbs.
 */
void check_watch_init(struct check_watch *watch, const struct check_set *set,
		      const struct names *names)
{
	memset(watch, 0, sizeof(*watch));
	watch->watcher.look = look;
	watch->ctx.names = names;
	watch->on = set->on & ALL_CHECKS;
	watch->verbs = check_set_verbs(set);
	for (unsigned int i = 0; i < NR_CHECKS; i++) {
		if ((watch->on >> i & 1) && registry[i]->at_end)
			watch->at_end |= 1ULL << i;
		for (unsigned int v = 0; v < SIM_NR_VERBS; v++) {
			if ((watch->on >> i & 1) && (registry[i]->verbs >> v & 1))
				watch->by_verb[v] |= 1ULL << i;
		}
	}
}

/**
 * check_watch_start() - forget what was found: another execution begins
 * @watch: the checks
 *
 * Context: host, with a world that is built; the same one each time.
 */
void check_watch_start(struct check_watch *watch)
{
	/* The world keeps it, and goes back to it. */
	if (!watch->said_unlocks)
		sim_lock_tell_unlocks(CHECK_UNLOCKS_OF);
	watch->said_unlocks = true;
	watch->nr_found = 0;
	watch->spoke = 0;
}

/**
 * check_watch_spoilt() - the host cannot make sense of the world any more
 * @watch: the checks
 * @rec: what it was about to look at; NULL: at an end of the execution
 *
 * Code under test has overwritten what is the simulated kernel's own. That is a
 * kernel-bug, whether that check is on or not: nobody else can speak any more.
 */
void check_watch_spoilt(struct check_watch *watch, const struct sim_record *rec)
{
	static const char what[] = "the code under test has overwritten memory of the simulated "
				   "kernel";
	struct check_words w;
	int place = place_of("kernel-bug", strlen("kernel-bug"));
	struct violation *v;

	if (watch->spoke >> place & 1)
		return;
	v = &watch->found[watch->nr_found];
	if (rec) {
		check_say(v, rec, 0, "%s: found after %s of %s", what, say_site(rec->site, &w),
			  say_task(&watch->ctx, rec->task, &w));
	} else {
		v->time = sim_now();
		v->task = -1;
		check_say_at_end(v, 0, "%s: found at the end", what);
	}
	keep(watch, place);
}

/**
 * check_watch_end() - ask the checks at an end of the execution
 * @watch: the checks
 * @when: which end
 *
 * Context: host.
 * Return: true if one spoke.
 */
bool check_watch_end(struct check_watch *watch, enum check_end when)
{
	uint64_t todo = watch->at_end & ~watch->spoke;
	bool spoke = false;

	for (; todo; todo &= todo - 1) {
		unsigned int i = (unsigned int)__builtin_ctzll(todo);
		struct violation *ret = &watch->found[watch->nr_found];

		ret->time = sim_now();
		ret->task = -1;
		ret->obj = 0;
		if (registry[i]->at_end(&watch->ctx, when, ret))
			spoke = keep(watch, i);
	}
	return spoke;
}
