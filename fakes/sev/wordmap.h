/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sparse table of 64-bit words by number, for what is known of few pages out
 * of many.  Chunks of 64 words, in an array sorted by number: walking it is
 * deterministic and a guest of any size costs what was touched.
 */
#ifndef FAKES_SEV_WORDMAP_H
#define FAKES_SEV_WORDMAP_H

#include <linux/types.h>

#define WORDMAP_CHUNK	64

struct wordmap_chunk;

struct wordmap {
	struct wordmap_chunk **chunk;
	u32 nr, capacity;
};

/* The word of @index, or NULL if its chunk was never made. */
u64 *wordmap_find(const struct wordmap *map, u64 index);
/* The word of @index, made if need be: 0 at first. Never fails. */
u64 *wordmap_get(struct wordmap *map, u64 index);
/* First index >= @index whose word is not 0, or U64_MAX. */
u64 wordmap_next(const struct wordmap *map, u64 index);
/* All words are 0 again; the chunks stay. */
void wordmap_zero(struct wordmap *map);
void wordmap_free(struct wordmap *map);

#endif
