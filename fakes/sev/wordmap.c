/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sparse table of words (fakes/sev/wordmap.h). Models nothing of the kernel. */
#include <linux/kernel.h>

#include "fakes/sev/wordmap.h"
#include "sim/core/alloc.h"
#include "sim/engine/footprint.h"
#include "sim/engine/store.h"

struct wordmap_chunk {
	u64 first;		/* index of word[0] */
	u64 word[WORDMAP_CHUNK];
};

#define FIRST_OF(index)	((index) & ~(u64)(WORDMAP_CHUNK - 1))

/* Number of the first chunk that begins at @first or behind it. */
static u32 position(const struct wordmap *map, u64 first)
{
	u32 low = 0, high = map->nr;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (map->chunk[mid]->first < first)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

u64 *wordmap_find(const struct wordmap *map, u64 index)
{
	u32 at = position(map, FIRST_OF(index));

	if (at == map->nr || map->chunk[at]->first != FIRST_OF(index))
		return NULL;
	return &map->chunk[at]->word[index % WORDMAP_CHUNK];
}

static void grow(struct wordmap *map)
{
	u32 capacity = map->capacity ? map->capacity * 2 : 4;
	struct wordmap_chunk **chunk = sim_alloc(capacity * sizeof(*chunk));
	u32 i;

	for (i = 0; i < map->nr; i++)
		chunk[i] = map->chunk[i];
	sim_free(map->chunk);
	map->chunk = chunk;
	map->capacity = capacity;
}

u64 *wordmap_get(struct wordmap *map, u64 index)
{
	u64 *word = wordmap_find(map, index);
	struct wordmap_chunk *chunk;
	u32 at, i;

	if (word)
		return word;
	if (map->nr == map->capacity)
		grow(map);
	chunk = sim_alloc(sizeof(*chunk));
	chunk->first = FIRST_OF(index);
	at = position(map, chunk->first);
	for (i = map->nr; i > at; i--)
		map->chunk[i] = map->chunk[i - 1];
	map->chunk[at] = chunk;
	map->nr++;
	return &chunk->word[index % WORDMAP_CHUNK];
}

u64 wordmap_next(const struct wordmap *map, u64 index)
{
	u32 at, i;

	for (at = position(map, FIRST_OF(index)); at < map->nr; at++) {
		const struct wordmap_chunk *chunk = map->chunk[at];

		i = index > chunk->first ? index - chunk->first : 0;
		for (; i < WORDMAP_CHUNK; i++) {
			if (chunk->word[i])
				return chunk->first + i;
		}
	}
	return U64_MAX;
}

/* Word by word, as whoever zeroes does not look: only where that is recorded. */
static void zero_declared(u64 *word)
{
	u32 i;

	for (i = 0; i < WORDMAP_CHUNK; i++) {
		sim_add_begin(&word[i]);
		if (word[i])
			word[i] = 0;
		sim_add_end();
	}
}

void wordmap_zero(struct wordmap *map)
{
	u32 i;

	for (i = 0; i < map->nr; i++) {
		if (sim_hot.foot)
			zero_declared(map->chunk[i]->word);
		else
			sim_zero_words(map->chunk[i]->word, WORDMAP_CHUNK);
	}
}

void wordmap_free(struct wordmap *map)
{
	u32 i;

	for (i = 0; i < map->nr; i++)
		sim_free(map->chunk[i]);
	sim_free(map->chunk);
	map->chunk = NULL;
	map->nr = 0;
	map->capacity = 0;
}
