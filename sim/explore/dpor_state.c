/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * States that were seen, and what followed them.
 *
 * A state that comes up again with at least the tasks asleep that slept before
 * leads to nothing new.  But the steps that followed it the first time race
 * with those of another path now, so each state keeps which footprints occurred
 * after it: a set, and as many states have the same one, sets are kept once.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/explore/dpor_private.h"

/* ---- the table ---- */

static struct dpor_state *slot_of(const struct dpor_table *t, struct sim_hash hash)
{
	uint64_t at;

	for (at = hash.lo; ; at++) {
		struct dpor_state *state = &t->state[at & (t->size - 1)];

		if (!(state->hash.lo | state->hash.hi) ||
		    (state->hash.lo == hash.lo && state->hash.hi == hash.hi))
			return state;
	}
}

#define LARGE_PAGE	(1UL << 21)
#define MAX_STATES	(1ULL << 30)

/*
 * Addresses for as large a table as there can be: it grows where it is, so that
 * there is never an old one beside it.
 */
static bool reserve_table(struct dpor_table *t)
{
	size_t bytes = MAX_STATES * sizeof(*t->state);
	char *p = mmap(NULL, bytes + LARGE_PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return false;
	t->state = (struct dpor_state *)(p + (-(uintptr_t)p & (LARGE_PAGE - 1)));
	t->mapped = p;
	return true;
}

/* Large pages where there are any: it is read at random. Not if one is too many. */
static void want_large_pages(const struct dpor_table *t)
{
	size_t bytes = t->size * sizeof(*t->state);

	if (bytes > LARGE_PAGE)
		madvise((char *)t->state + LARGE_PAGE, bytes - LARGE_PAGE, MADV_HUGEPAGE);
}

static void unmap_table(struct dpor_table *t)
{
	if (t->mapped)
		munmap(t->mapped, MAX_STATES * sizeof(*t->state) + LARGE_PAGE);
}

static bool is_empty(const struct dpor_state *state)
{
	return !(state->hash.lo | state->hash.hi);
}

/*
 * The table has become larger: each state to its new place.  Run by run, from
 * behind an empty place on: whoever comes before in a run is in his place
 * already, so nobody gets further from where he is looked for.
 */
static void spread_table(struct dpor_table *t, uint64_t old)
{
	uint64_t i, first = 0;

	while (first < old && !is_empty(&t->state[first]))
		first++;
	for (i = first; i < first + old; i++) {
		struct dpor_state *state = &t->state[i & (old - 1)], copy = *state;

		if (is_empty(state))
			continue;
		*state = (struct dpor_state){ .sleep = 0 };
		*slot_of(t, copy.hash) = copy;
	}
}

/* Make it larger. Return: false if memory is short. */
static bool grow_table(struct dpor *s)
{
	struct dpor_table *t = &s->table;
	uint64_t old = t->size, size;
	struct sim_hash *path;
	uint32_t i;

	size = !old ? 1 << 14 : old < 1 << 22 ? 4 * old : 2 * old;
	if (size > MAX_STATES ||
	    (s->pub->max_memory &&
	     dpor_memory(s) + (size - old) * sizeof(*t->state) > s->pub->max_memory))
		return false;
	if (!t->mapped && !reserve_table(t))
		return false;
	path = dpor_grow(NULL, s->depth + 1, sizeof(*path));
	for (i = 0; i < s->depth; i++) {
		if (s->node[i].state != DPOR_NO_STATE)
			path[i] = t->state[s->node[i].state].hash;
	}
	t->size = size;
	want_large_pages(t);
	spread_table(t, old);
	for (i = 0; i < s->depth; i++) {
		if (s->node[i].state != DPOR_NO_STATE)
			s->node[i].state = slot_of(t, path[i]) - t->state;
	}
	free(path);
	return true;
}

/* ---- sets of footprints ---- */

static void grow_rows(struct dpor *s)
{
	uint32_t words = s->feet.max / 64;
	uint64_t *below = calloc(s->max_depth * words, sizeof(*below));
	size_t i;

	if (!below)
		SIM_BUG("out of memory");
	for (i = 0; i < s->depth; i++)
		memcpy(below + i * words, dpor_below(s, i), s->row_words * sizeof(*below));
	free(s->below);
	s->below = below;
	s->row_words = words;
}

void dpor_state_saw(struct dpor *s, uint32_t foot)
{
	if (!s->depth)
		return;
	if (foot / 64 >= s->row_words)
		grow_rows(s);
	dpor_below(s, s->depth - 1)[foot / 64] |= 1ULL << foot % 64;
}

/* Each bit counts in all of it: of a set most others have nearly all. */
static uint32_t hash_row(const uint64_t *row, uint32_t words)
{
	uint64_t h = words;
	uint32_t i;

	for (i = 0; i < words; i++) {
		unsigned __int128 p = (h ^ row[i]) * (unsigned __int128)0x9e3779b97f4a7c15ULL;

		h = (uint64_t)p ^ (uint64_t)(p >> 64);
	}
	return h ^ h >> 32;
}

static void rehash_summaries(struct dpor_table *t)
{
	uint32_t i, at, size = t->unique_size;
	uint64_t *old = t->unique;

	t->unique_size = size ? 2 * size : 256;
	t->unique = calloc(t->unique_size, sizeof(*t->unique));
	if (!t->unique)
		SIM_BUG("out of memory");
	for (i = 0; i < size; i++) {
		if (!old[i])
			continue;
		at = old[i] >> 32;
		while (t->unique[at & (t->unique_size - 1)])
			at++;
		t->unique[at & (t->unique_size - 1)] = old[i];
	}
	free(old);
}

static uint32_t tasks_of(const struct dpor_feet *f, const uint64_t *row, uint32_t words)
{
	uint32_t i, tasks = 0;

	for (i = 0; i < words; i++) {
		uint64_t bits = row[i];

		for (; bits; bits &= bits - 1)
			tasks |= dpor_bit(f->foot[64 * i + __builtin_ctzll(bits)].task);
	}
	return tasks;
}

static const struct dpor_summary *summary_at(const struct dpor_table *t, uint32_t place)
{
	return (const struct dpor_summary *)(t->pool + place);
}

static bool same_rows(const uint64_t *a, const uint64_t *b, uint32_t words)
{
	while (words && a[words - 1] == b[words - 1])
		words--;
	return !words;
}

static uint32_t new_summary(struct dpor *s, uint32_t hash, const uint64_t *row, uint32_t words)
{
	struct dpor_table *t = &s->table;
	struct dpor_summary *sum;
	uint32_t at = hash, place = t->used;

	if (t->max - t->used < words + 1) {
		t->max = 2 * t->max + words + 1024;
		t->pool = dpor_grow(t->pool, t->max, sizeof(*t->pool));
	}
	if (t->used + words >= DPOR_ANYTHING)
		SIM_BUG("too much that can follow a state");
	sum = (struct dpor_summary *)(t->pool + place);
	sum->nr = words;
	sum->tasks = tasks_of(&s->feet, row, words);
	memcpy(sum->row, row, words * sizeof(*row));
	t->used += words + 1;
	t->nr_summaries++;
	while (t->unique[at & (t->unique_size - 1)])
		at++;
	t->unique[at & (t->unique_size - 1)] = (uint64_t)hash << 32 | (place + 1);
	return place;
}

static uint32_t summary_of(struct dpor *s, const uint64_t *row)
{
	struct dpor_table *t = &s->table;
	uint32_t words = s->row_words, hash, at;
	const struct dpor_summary *sum;
	uint64_t place;

	while (words && !row[words - 1])
		words--;
	if (2 * (t->nr_summaries + 1) > t->unique_size)
		rehash_summaries(t);
	hash = hash_row(row, words);
	for (at = hash; (place = t->unique[at & (t->unique_size - 1)]); at++) {
		if (place >> 32 != hash)
			continue;
		sum = summary_at(t, (uint32_t)place - 1);
		if (sum->nr == words && same_rows(sum->row, row, words))
			return (uint32_t)place - 1;
	}
	return new_summary(s, hash, row, words);
}

static void add_row(uint64_t *to, const uint64_t *row, uint32_t words)
{
	uint32_t i;

	for (i = 0; i < words; i++)
		to[i] |= row[i];
}

/* ---- on the path ---- */

/* What followed a state long ago races with the path as it is now. */
static void replay_summary(struct dpor *s, uint32_t summary)
{
	const struct dpor_summary *sum;
	size_t i;

	if (!s->pub->reduce || s->pub->without_summaries)
		return;
	if (summary == DPOR_ANYTHING) {
		dpor_expand(s, s->expanded);
		for (i = s->expanded; i < s->depth; i++)
			s->node[i].anything = true;
		s->expanded = s->depth;
		return;
	}
	sum = summary_at(&s->table, summary);
	/* What it was made for cannot have become narrower. */
	if (s->depth)
		add_row(dpor_below(s, s->depth - 1), sum->row, sum->nr);
	dpor_follows(s, sum->row, sum->nr, sum->tasks);
}

void dpor_state_foresee(const struct dpor *s)
{
	const struct dpor_table *t = &s->table;
	uint32_t enabled = sim_tasks_enabled();
	const char *state;

	if (!t->size || !(enabled & (enabled - 1)))
		return;
	state = (const char *)&t->state[sim_hash_now(sim_tasks_alive()).lo & (t->size - 1)];
	__builtin_prefetch(state, 1);
	__builtin_prefetch(state + sizeof(*t->state) - 1, 1);
}

enum dpor_seen dpor_state_enter(struct dpor *s, struct sim_hash hash, uint64_t *ret_place,
				uint32_t *ret_tasks)
{
	struct dpor_table *t = &s->table;
	struct dpor_state *state;

	/* All zeroes is an empty place. */
	if (!(hash.lo | hash.hi))
		hash.lo = 1;
	if (10 * t->nr >= 7 * t->size && !grow_table(s))
		return DPOR_FULL;
	state = slot_of(t, hash);
	*ret_place = state - t->state;
	if (!(state->hash.lo | state->hash.hi)) {
		*state = (struct dpor_state){ hash, s->sleep, DPOR_ON_PATH };
		t->nr++;
		s->pub->nr_states++;
		return DPOR_NEW;
	}
	if (state->summary == DPOR_ON_PATH)
		return DPOR_CYCLE;
	replay_summary(s, state->summary);
	*ret_tasks = state->sleep & ~s->sleep;
	return *ret_tasks ? DPOR_PARTLY : DPOR_SEEN;
}

void dpor_state_again(struct dpor *s, struct dpor_node *node)
{
	struct dpor_state *state = &s->table.state[node->state];

	if (state->summary == DPOR_ANYTHING) {
		node->anything = true;
	} else if (s->pub->reduce) {
		const struct dpor_summary *sum = summary_at(&s->table, state->summary);

		add_row(dpor_below(s, s->depth - 1), sum->row, sum->nr);
	}
	state->sleep &= node->sleep;
	state->summary = DPOR_ON_PATH;
}

void dpor_state_leave(struct dpor *s)
{
	struct dpor_node *node = &s->node[s->depth - 1];

	if (node->state != DPOR_NO_STATE) {
		struct dpor_state *state = &s->table.state[node->state];

		if (node->anything)
			state->summary = DPOR_ANYTHING;
		else
			state->summary = s->pub->reduce ?
				summary_of(s, dpor_below(s, s->depth - 1)) : 0;
	}
	if (s->depth > 1 && s->pub->reduce)
		add_row(dpor_below(s, s->depth - 2), dpor_below(s, s->depth - 1), s->row_words);
}

/* ---- one task is left ---- */

/*
 * Where nobody else can come in between nothing is chosen, so no node is there
 * to remember a state; but what follows may be long, and many paths lead to it.
 * What follows each of the states is known once the path has come to its end.
 */

static void remember_tail(struct dpor *s, struct sim_hash hash, uint32_t summary)
{
	struct dpor_table *t = &s->table;
	struct dpor_state *state;

	if (10 * t->nr >= 7 * t->size && !grow_table(s))
		return;
	state = slot_of(t, hash);
	if (!(state->hash.lo | state->hash.hi)) {
		t->nr++;
		s->pub->nr_states++;
	}
	*state = (struct dpor_state){ .hash = hash, .summary = summary };
}

/* The path's last step comes to where @known follows, or to its end. */
static void leave_tail(struct dpor *s, const struct dpor_summary *known)
{
	size_t row = s->row_words * sizeof(*s->tail_row);
	uint32_t e = s->nr_events;

	s->tail_row = dpor_grow(s->tail_row, s->row_words, sizeof(*s->tail_row));
	memset(s->tail_row, 0, row);
	if (known)
		add_row(s->tail_row, known->row, known->nr);
	for (; s->nr_tail; e--) {
		uint32_t foot = s->event[e].foot;

		if (s->pub->reduce)
			s->tail_row[foot / 64] |= 1ULL << foot % 64;
		s->nr_tail--;
		remember_tail(s, s->tail[s->nr_tail],
			      s->pub->reduce ? summary_of(s, s->tail_row) : 0);
	}
}

bool dpor_tail_enter(struct dpor *s)
{
	struct sim_hash hash = sim_hash_now(sim_tasks_alive());
	const struct dpor_state *state;

	if (!(hash.lo | hash.hi))
		hash.lo = 1;
	state = s->table.size ? slot_of(&s->table, hash) : NULL;
	if (state && (state->hash.lo | state->hash.hi)) {
		uint32_t summary = state->summary;

		replay_summary(s, summary);
		leave_tail(s, s->pub->reduce ? summary_at(&s->table, summary) : NULL);
		return true;
	}
	if (s->nr_tail == s->max_tail) {
		s->max_tail = 2 * s->max_tail + 64;
		s->tail = dpor_grow(s->tail, s->max_tail, sizeof(*s->tail));
	}
	s->tail[s->nr_tail++] = hash;
	return false;
}

void dpor_tail_leave(struct dpor *s)
{
	if (s->nr_tail)
		leave_tail(s, NULL);
}

/* ---- on the path, and the end ---- */

size_t dpor_state_on_path(const struct dpor *s, uint64_t place)
{
	size_t i = s->depth;

	while (i-- && s->node[i].state != place)
		;
	return i;
}

size_t dpor_table_memory(const struct dpor_table *t)
{
	return t->size * sizeof(*t->state) +
	       t->max * sizeof(*t->pool) + t->unique_size * sizeof(*t->unique);
}

void dpor_table_clear(struct dpor_table *t)
{
	if (t->size)
		memset(t->state, 0, t->size * sizeof(*t->state));
	t->nr = 0;
}

void dpor_table_free(struct dpor_table *t)
{
	unmap_table(t);
	free(t->pool);
	free(t->unique);
}
