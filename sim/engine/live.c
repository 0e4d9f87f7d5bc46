/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The live map: which bytes of the arena are allocated.  A byte of it says for
 * eight bytes of arena: 0 never allocated, 1..8 that many from the first,
 * LIVE_FREED not any more, LIVE_HEADER the allocator's own.
 *
 * It is part of the world: what changes in it is logged and rolled back.
 */
#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/undo.h"

static void note_high_water(uint64_t end)
{
	uint64_t area = (end - 1 - SIM_ARENA_BASE) >> SIM_AREA_SHIFT;

	if (area > SIM_AREA_SPARSE && area < SIM_AREA_IMAGES)
		area = SIM_AREA_SPARSE;
	if (end > sim_engine.high_water[area])
		sim_engine.high_water[area] = end;
}

/* Below this many bytes of arena a run is not worth it. */
#define RUN_MIN	512

/* What a stretch of the map was before, if that is not known. */
#define WAS_ANY	(-1)

/* Log a stretch of the map: what is aligned in it as a run. */
static void log_map(uint8_t *map, uint64_t bytes, int was)
{
	uint8_t *end = map + bytes;
	uint8_t *lo = (uint8_t *)(((uint64_t)map + 7) & ~7ULL);
	uint8_t *hi = (uint8_t *)((uint64_t)end & ~7ULL);

	sim_undo_log((uint64_t)map, lo - map);
	if (was == WAS_ANY)
		sim_undo_log_run((uint64_t)lo, hi - lo);
	else
		sim_undo_known_run((uint64_t)lo, hi - lo, was);
	sim_undo_log((uint64_t)hi, end - hi);
}

static void fill(uint64_t addr, uint64_t size, int was, uint8_t whole, uint8_t rest)
{
	uint64_t bytes = (size + 7) >> SIM_LIVE_SHIFT;
	uint8_t *map = sim_live_byte(addr);

	if (size < RUN_MIN)
		sim_undo_log((uint64_t)map, bytes);
	else
		log_map(map, bytes, was);
	__real_memset(map, whole, bytes);
	if (size & 7)
		map[bytes - 1] = rest;
}

/*
 * The map of the stacks is no part of the world: they are always live, and the
 * hooks only find it out faster this way.
 */
void sim_live_stack(uint64_t lo, uint64_t size)
{
	if (*sim_live_byte(lo) != 8)
		__real_memset(sim_live_byte(lo), 8, size >> SIM_LIVE_SHIFT);
}

void sim_live_set(uint64_t addr, uint64_t size, bool live)
{
	SIM_BUG_ON(addr & 7);
	SIM_BUG_ON(!sim_in_arena(addr));
	SIM_BUG_ON(size > SIM_ARENA_SIZE - (addr - SIM_ARENA_BASE));
	if (!size)
		return;
	if (live) {
		note_high_water(addr + size);
		fill(addr, size, WAS_ANY, 8, size & 7);
	} else {
		fill(addr, size, WAS_ANY, LIVE_FREED, LIVE_FREED);
	}
}

static bool is_omitted(uint64_t size)
{
	return unlikely(size >= sim_engine.live_omit) && !sim_hot.check;
}

void sim_live_omit(uint64_t bytes)
{
	sim_engine.live_omit = bytes;
}

void sim_live_new(uint64_t addr, uint64_t size)
{
	if (is_omitted(size))
		return;
	note_high_water(addr + size);
	fill(addr, size, 0, 8, size & 7);
}

void sim_live_gone(uint64_t addr, uint64_t size)
{
	if (is_omitted(size))
		return;
	/* Tables, mostly: whole words of the map. */
	if (size >= RUN_MIN && !((addr | size) & 63)) {
		sim_undo_known_run((uint64_t)sim_live_byte(addr), size / 8, 8);
		__real_memset(sim_live_byte(addr), LIVE_FREED, size / 8);
		return;
	}
	/* The last byte may have been a remainder: no part of a run. */
	fill(addr, size, size & 7 ? WAS_ANY : 8, LIVE_FREED, LIVE_FREED);
}

void sim_live_header(uint64_t addr, uint64_t size)
{
	SIM_BUG_ON((addr | size) & 7);
	SIM_BUG_ON(!sim_in_arena(addr));
	fill(addr, size, WAS_ANY, LIVE_HEADER, LIVE_HEADER);
}

uint64_t sim_live_find_header(uint64_t addr, uint64_t max)
{
	uint64_t lowest = addr - SIM_ARENA_BASE > max ? addr - max :
							SIM_ARENA_BASE;

	if (!sim_in_arena(addr))
		return 0;
	for (addr &= ~7ULL; addr >= lowest; addr -= 8) {
		if (*sim_live_byte(addr) == LIVE_HEADER)
			return addr;
	}
	return 0;
}

/*
 * Skip what is live in [@word, @end), eight words at a time.
 * Return: a word at or before the first that is not, or @end.
 */
static uint64_t find_not_live(uint64_t word, uint64_t end)
{
	for (; word < end && (word & 63); word += 8) {
		if (*sim_live_byte(word) != 8)
			return word;
	}
	return word + 64 * (sim_find_other(
			(sim_word_t *)sim_live_byte(word),
			(sim_word_t *)sim_live_byte(word) + (end - word) / 64,
			0x0808080808080808ULL) -
		(sim_word_t *)sim_live_byte(word));
}

bool sim_live_test(uint64_t addr, uint64_t size)
{
	uint64_t end = addr + size;
	uint64_t word;

	if (!sim_in_arena(addr) || size > SIM_ARENA_SIZE)
		return false;
	if (sim_in_stacks(addr))
		return true;
	word = addr & ~7ULL;
	if (size >= 64)
		word = find_not_live(word, end & ~7ULL);
	for (; word < end; word += 8) {
		uint8_t live = *sim_live_byte(word);
		uint64_t need = end - word < 8 ? end - word : 8;

		if (live > 8 || live < need)
			return false;
	}
	return true;
}
