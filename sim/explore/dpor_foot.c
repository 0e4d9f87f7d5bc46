/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Footprints as numbers.
 *
 * A race has few different footprints: a step touches the same words whenever
 * it is taken, whatever it finds there.  So each is written down once, and how
 * two of them relate is worked out once; from then on it is a byte in a table.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/explore/dpor_private.h"

/* No memcpy(): it is wrapped. */
#define XXH_INLINE_ALL
#define XXH_FORCE_MEMORY_ACCESS	1
#include <xxhash.h>

/* As many footprints have their relations in the table: 64 MiB of it. */
#define MAX_RELATED	8192u

void *dpor_grow(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n, size);
	if (!p)
		SIM_BUG("out of memory");
	return p;
}

static uint64_t hash_of(unsigned int task, uint32_t part, const sim_access_t *a, size_t n)
{
	return dpor_mix(dpor_mix(task, part), XXH3_64bits(a, n * sizeof(*a)));
}

/* ---- one order for equal footprints ---- */

static int by_address(const void *a, const void *b)
{
	sim_access_t x = *(const sim_access_t *)a << 8, y = *(const sim_access_t *)b << 8;

	return x < y ? -1 : x > y;
}

/* Is @a no news beside a store to the same bytes? @all is sorted. */
static bool is_stored(sim_access_t a, const sim_access_t *all, const sim_access_t *end)
{
	if (SIM_ACCESS_KIND(a) != SIM_ACCESS_READ && SIM_ACCESS_KIND(a) != SIM_ACCESS_ADD)
		return false;
	for (; all < end && dpor_same_word(a, *all); all++) {
		if (SIM_ACCESS_KIND(*all) == SIM_ACCESS_WRITE &&
		    !(SIM_ACCESS_BYTES(a) & ~SIM_ACCESS_BYTES(*all)))
			return true;
	}
	return false;
}

/* Each word once for each kind, by address. Return: how many. */
static size_t normalize(sim_access_t *a, size_t n, uint64_t *ret_wants)
{
	size_t i, k = 0, first = 0, out = 0;

	for (i = 0; i < n; i++) {
		if (SIM_ACCESS_KIND(a[i]) == SIM_ACCESS_WANT)
			*ret_wants = SIM_ACCESS_ADDR(a[i]);
		else
			a[k++] = a[i];
	}
	n = k;
	qsort(a, n, sizeof(*a), by_address);
	for (i = 0, k = 0; i < n; i++) {
		if (k && !((a[k - 1] ^ a[i]) << 8))
			a[k - 1] |= a[i];
		else
			a[k++] = a[i];
	}
	for (i = 0; i < k; i++) {
		if (!dpor_same_word(a[i], a[first]))
			first = i;
		if (!is_stored(a[i], a + i, a + k) && !is_stored(a[i], a + first, a + i))
			a[out++] = a[i];
	}
	return out;
}

static void describe(struct dpor_foot *foot, const sim_access_t *a, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		uint64_t bit = 1ULL << ((SIM_ACCESS_ADDR(a[i]) >> 3) * 0x9e3779b97f4a7c15ULL >> 58);

		if (SIM_ACCESS_ADDR(a[i]) == DPOR_PART) {
			foot->part = true;
			continue;
		}
		foot->touches |= bit;
		if (SIM_ACCESS_KIND(a[i]) != SIM_ACCESS_READ)
			foot->changes |= bit;
		if (SIM_ACCESS_KIND(a[i]) == SIM_ACCESS_ACQUIRE ||
		    SIM_ACCESS_KIND(a[i]) == SIM_ACCESS_ACQUIRE_SHARED)
			foot->acquires++;
	}
}

static void grow_feet(struct dpor_feet *f)
{
	uint32_t max = f->max ? 2 * f->max : 64;
	uint8_t *relation;
	uint32_t i;

	f->foot = dpor_grow(f->foot, max, sizeof(*f->foot));
	if (max <= MAX_RELATED) {
		relation = calloc(max, max);
		if (!relation)
			SIM_BUG("out of memory");
		for (i = 0; i < f->nr; i++)
			memcpy(relation + (size_t)i * max, f->relation + (size_t)i * f->max, f->nr);
		free(f->relation);
		f->relation = relation;
		f->related = max;
	}
	f->kinds = dpor_grow(f->kinds, max / 64, DPOR_NR_KINDS * sizeof(*f->kinds));
	memset(dpor_kinds(f, f->max / 64), 0,
	       (max - f->max) / 64 * DPOR_NR_KINDS * sizeof(*f->kinds));
	f->max = max;
}

/* Put a new footprint into the sets that it belongs to. */
static void sort_in(struct dpor_feet *f, uint32_t nr)
{
	const struct dpor_foot *foot = &f->foot[nr];
	uint64_t *kind = dpor_kinds(f, nr / 64), bit = 1ULL << nr % 64;

	kind[foot->task] |= bit;
	if (foot->acquires)
		kind[DPOR_ACQUIRES] |= bit;
	if (foot->part)
		kind[DPOR_PARTS] |= bit;
}

static bool is_foot(const struct dpor_feet *f, uint32_t nr, unsigned int task, uint64_t wants,
		    const sim_access_t *a, size_t n)
{
	const struct dpor_foot *foot = &f->foot[nr];

	return foot->task == task && foot->nr == n && foot->wants == wants &&
	       !memcmp(f->pool + foot->at, a, n * sizeof(*a));
}

static void rehash_unique(struct dpor_feet *f)
{
	uint32_t i, at;

	f->unique_size = f->unique_size ? 2 * f->unique_size : 256;
	free(f->unique);
	f->unique = calloc(f->unique_size, sizeof(*f->unique));
	if (!f->unique)
		SIM_BUG("out of memory");
	for (i = 0; i < f->nr; i++) {
		const struct dpor_foot *foot = &f->foot[i];

		at = hash_of(foot->task, foot->wants, f->pool + foot->at, foot->nr);
		while (f->unique[at & (f->unique_size - 1)])
			at++;
		f->unique[at & (f->unique_size - 1)] = i + 1;
	}
}

/* The number of a normalized footprint. */
static uint32_t number(struct dpor_feet *f, unsigned int task, uint64_t wants,
		       const sim_access_t *a, size_t n)
{
	struct dpor_foot *foot;
	uint32_t at;

	if (2 * (f->nr + 1) > f->unique_size)
		rehash_unique(f);
	at = hash_of(task, wants, a, n);
	for (;; at++) {
		uint32_t nr = f->unique[at & (f->unique_size - 1)];

		if (!nr)
			break;
		if (is_foot(f, nr - 1, task, wants, a, n))
			return nr - 1;
	}
	if (f->nr == f->max)
		grow_feet(f);
	if (f->size - f->used < n) {
		f->size = 2 * f->size + n + 1024;
		f->pool = dpor_grow(f->pool, f->size, sizeof(*f->pool));
	}
	foot = &f->foot[f->nr];
	*foot = (struct dpor_foot){ .at = f->used, .nr = n, .wants = wants, .task = task };
	memcpy(f->pool + f->used, a, n * sizeof(*a));
	f->used += n;
	describe(foot, a, n);
	sort_in(f, f->nr);
	f->unique[at & (f->unique_size - 1)] = f->nr + 1;
	return f->nr++;
}

/* ---- as recorded ---- */

static void rehash_raw(struct dpor_feet *f)
{
	struct dpor_raw *old = f->raw;
	uint32_t i, size = f->raw_size;

	f->raw_size = size ? 2 * size : 1024;
	f->raw = calloc(f->raw_size, sizeof(*f->raw));
	if (!f->raw)
		SIM_BUG("out of memory");
	for (i = 0; i < size; i++) {
		uint32_t at = old[i].hash;

		if (!old[i].hash)
			continue;
		while (f->raw[at & (f->raw_size - 1)].hash)
			at++;
		f->raw[at & (f->raw_size - 1)] = old[i];
	}
	free(old);
}

static uint32_t new_raw(struct dpor_feet *f, uint64_t hash, unsigned int task, uint32_t part,
			const sim_access_t *a, size_t n)
{
	uint32_t at = hash, before = part == DPOR_NONE ? 0 : f->foot[part].nr;
	uint64_t wants = 0;
	struct dpor_raw *raw;

	if (f->sorted_max < n + before) {
		f->sorted_max = 2 * (n + before);
		f->sorted = dpor_grow(f->sorted, f->sorted_max, sizeof(*f->sorted));
	}
	if (before)
		memcpy(f->sorted, f->pool + f->foot[part].at, before * sizeof(*a));
	memcpy(f->sorted + before, a, n * sizeof(*a));
	if (f->raw_max - f->raw_used < n) {
		f->raw_max = 2 * f->raw_max + n + 1024;
		f->raw_pool = dpor_grow(f->raw_pool, f->raw_max, sizeof(*f->raw_pool));
	}
	memcpy(f->raw_pool + f->raw_used, f->sorted + before, n * sizeof(*a));
	if (2 * ++f->nr_raw > f->raw_size)
		rehash_raw(f);
	while (f->raw[at & (f->raw_size - 1)].hash)
		at++;
	raw = &f->raw[at & (f->raw_size - 1)];
	raw->hash = hash;
	raw->at = f->raw_used;
	raw->nr = n;
	raw->task = task;
	raw->part = part;
	f->raw_used += n;
	n = normalize(f->sorted, n + before, &wants);
	raw->foot = number(f, task, wants, f->sorted, n);
	return raw->foot;
}

uint32_t dpor_foot(struct dpor_feet *f, unsigned int task, uint32_t part,
		   const sim_access_t *a, size_t n)
{
	uint64_t hash = hash_of(task, part, a, n) | 1;
	uint32_t at = hash;

	for (; f->raw_size; at++) {
		const struct dpor_raw *raw = &f->raw[at & (f->raw_size - 1)];

		if (!raw->hash)
			break;
		if (raw->hash == hash && raw->nr == n && raw->task == task && raw->part == part &&
		    !memcmp(f->raw_pool + raw->at, a, n * sizeof(*a)))
			return raw->foot;
	}
	return new_raw(f, hash, task, part, a, n);
}

uint32_t dpor_foot_union(struct dpor_feet *f, uint32_t a, uint32_t b)
{
	const struct dpor_foot *add = &f->foot[b];
	sim_access_t *copy = dpor_grow(NULL, add->nr + 1, sizeof(*copy));
	uint32_t nr;

	memcpy(copy, f->pool + add->at, add->nr * sizeof(*copy));
	nr = dpor_foot(f, add->task, a, copy, add->nr);
	free(copy);
	return nr;
}

/* ---- relations ---- */

#define R	DPOR_DEPENDS
#define L	DPOR_LOCK
#define A	DPOR_AFTER
#define N	DPOR_NESTS
#define IN(k)	[SIM_ACCESS_##k]

/*
 * What a first and then a second access come to.  A trylock is a WRITE: it
 * takes part in what a lock's takers have to do with one another.
 */
static const uint8_t comes_to[8][8] = {
	IN(READ) = { IN(WRITE) = R, IN(ADD) = R, IN(ACQUIRE) = R, IN(ACQUIRE_SHARED) = R,
		     IN(RELEASE) = R, IN(RELEASE_SHARED) = R },
	IN(WRITE) = { IN(READ) = R, IN(WRITE) = R, IN(ADD) = R, IN(ACQUIRE) = L | N,
		      IN(ACQUIRE_SHARED) = L | N, IN(RELEASE) = R, IN(RELEASE_SHARED) = R },
	IN(ADD) = { IN(READ) = R, IN(WRITE) = R, IN(ACQUIRE) = R, IN(ACQUIRE_SHARED) = R,
		    IN(RELEASE) = R, IN(RELEASE_SHARED) = R },
	IN(ACQUIRE) = { IN(READ) = R, IN(WRITE) = R, IN(ADD) = R, IN(ACQUIRE) = L,
			IN(ACQUIRE_SHARED) = L, IN(RELEASE) = R, IN(RELEASE_SHARED) = R },
	IN(ACQUIRE_SHARED) = { IN(READ) = R, IN(WRITE) = R, IN(ADD) = R, IN(ACQUIRE) = L | N,
			       IN(RELEASE) = R },
	IN(RELEASE) = { IN(READ) = R, IN(WRITE) = R, IN(ADD) = R, IN(ACQUIRE) = A,
			IN(ACQUIRE_SHARED) = A },
	IN(RELEASE_SHARED) = { IN(READ) = R, IN(WRITE) = R, IN(ADD) = R, IN(ACQUIRE) = A },
};

#undef R
#undef L
#undef A
#undef N
#undef IN

static uint8_t compare(const struct dpor_feet *f, const struct dpor_foot *x,
		       const struct dpor_foot *y)
{
	const sim_access_t *a = f->pool + x->at, *a_end = a + x->nr;
	const sim_access_t *b = f->pool + y->at, *b_end = b + y->nr, *k;
	uint8_t r = 0;

	while (a < a_end && b < b_end) {
		uint64_t at = SIM_ACCESS_ADDR(*a);

		if (at > SIM_ACCESS_ADDR(*b)) {
			b++;
			continue;
		}
		for (k = b; k < b_end && SIM_ACCESS_ADDR(*k) == at; k++) {
			if (SIM_ACCESS_BYTES(*a) & SIM_ACCESS_BYTES(*k))
				r |= comes_to[SIM_ACCESS_KIND(*a)][SIM_ACCESS_KIND(*k)];
		}
		a++;
	}
	return r;
}

uint8_t dpor_relate(struct dpor_feet *f, uint32_t first, uint32_t second)
{
	const struct dpor_foot *x = &f->foot[first], *y = &f->foot[second];
	uint8_t r = DPOR_KNOWN;

	if ((x->changes & y->touches) | (x->touches & y->changes))
		r |= compare(f, x, y);
	if (first < f->related && second < f->related)
		f->relation[(size_t)second * f->related + first] = r;
	return r;
}

size_t dpor_feet_memory(const struct dpor_feet *f)
{
	return f->max * sizeof(*f->foot) + (size_t)f->related * f->related +
	       f->size * sizeof(*f->pool) + f->raw_max * sizeof(*f->raw_pool) +
	       (f->may.size + f->as.size) * sizeof(*f->may.slot) +
	       f->max_taken * sizeof(*f->taken) + f->max_wider * sizeof(*f->wider) +
	       (size_t)f->max * f->racing_words * 8 +
	       f->raw_size * sizeof(*f->raw) + f->unique_size * sizeof(*f->unique);
}

void dpor_feet_free(struct dpor_feet *f)
{
	free(f->foot);
	free(f->pool);
	free(f->relation);
	free(f->raw);
	free(f->raw_pool);
	free(f->unique);
	free(f->sorted);
	free(f->may.slot);
	free(f->as.slot);
	free(f->verge.slot);
	free(f->taken);
	free(f->wider);
	free(f->trusted);
	free(f->kinds);
	free(f->racing);
	free(f->raced);
}
