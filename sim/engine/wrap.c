/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memset(), memcpy() and memmove(): the linker's --wrap sends every call of
 * the program here, also those that compilers make up for assignments.
 *
 * The host's own calls go straight through.  A call by a task, or one that
 * changes the arena, is checked and logged like the stores that it stands for;
 * words that do not change are not logged.
 */
#include "sim/engine/engine_private.h"

void *__wrap_memset(void *dst, int c, size_t n);
void *__wrap_memcpy(void *dst, const void *src, size_t n);
void *__wrap_memmove(void *dst, const void *src, size_t n);
void *__tsan_memset(void *dst, int c, size_t n);
void *__tsan_memcpy(void *dst, const void *src, size_t n);
void *__tsan_memmove(void *dst, const void *src, size_t n);

static inline bool concerns_us(const void *dst)
{
	return sim_fiber_running() >= 0 || sim_in_arena((uint64_t)dst) ||
	       sim_in_world_data((uint64_t)dst, 0);
}

/*
 * Refuse a bad target; log what is not whole words here.
 * Return: true if [*word, *end) is left for the caller to log as it likes.
 */
static bool check_target(const void *dst, size_t n, uint64_t *word,
			 uint64_t *end)
{
	uint64_t addr = (uint64_t)dst;

	if (sim_hot.pos == sim_hot.end || (addr & 7) || (n & 7) ||
	    !sim_in_arena(addr) || addr - sim_hot.own_lo < SIM_STACK_SIZE ||
	    n > SIM_ARENA_SIZE ||
	    (sim_hot.check && !sim_live_test(addr, n))) {
		sim_access_range(addr, n, true);
		return false;
	}
	if (unlikely(sim_hot.foot != NULL))
		sim_foot_range(addr, n, true);
	*word = addr;
	*end = addr + n;
	return true;
}

/* What is other comes in runs, and so does what is not. */
static void fill_words(sim_word_t *w, const sim_word_t *end, uint64_t pattern)
{
	while ((w = sim_find_other(w, end, pattern)) < end) {
		do {
			sim_undo_word((uint64_t)w);
			*w++ = pattern;
		} while (w < end && *w != pattern);
	}
}

static inline void zero_word(sim_word_t *w)
{
	if (*w) {
		sim_undo_word((uint64_t)w);
		*w = 0;
	}
}

#define CHUNK	32	/* words that are logged together, if one of them is not zero */

/*
 * Of what is freed: what is zero already is mostly zero for long, and what is
 * not is next to more.
 */
static void zero_words(sim_word_t *w, const sim_word_t *end)
{
	size_t rest;

	if (((uint64_t)w & 8) && w < end)
		zero_word(w++);
	for (; end - w >= CHUNK; w += CHUNK) {
		if (sim_any_set((const sim_pair_t *)w))
			sim_undo_zero_block(w, CHUNK / 2);
	}
	rest = (end - w) & ~1ULL;
	if (rest >= 6) {
		sim_undo_zero_block(w, rest / 2);
		w += rest;
	}
	while (w < end)
		zero_word(w++);
}

void sim_zero_words(void *p, size_t n)
{
	if (unlikely(sim_hot.foot != NULL))
		sim_foot_range((uint64_t)p, n * 8, true);
	zero_words(p, (sim_word_t *)p + n);
}

void *__wrap_memset(void *dst, int c, size_t n)
{
	uint64_t pattern = 0x0101010101010101ULL * (uint8_t)c;
	uint64_t word, end;

	if (!concerns_us(dst))
		return __real_memset(dst, c, n);
	SIM_GRAIN(dst, n, true, false);
	if (!check_target(dst, n, &word, &end))
		return __real_memset(dst, c, n);
	fill_words((sim_word_t *)word, (sim_word_t *)end, pattern);
	return dst;
}

static void before_copy(void *dst, const void *src, size_t n)
{
	const uint64_t *from = src;
	uint64_t word, end;

	sim_access_range((uint64_t)src, n, false);
	if (!check_target(dst, n, &word, &end))
		return;
	if ((uint64_t)src & 7) {
		sim_access_range((uint64_t)dst, n, true);
		return;
	}
	for (; word < end; word += 8, from++) {
		if (*(uint64_t *)word != *from)
			sim_undo_word(word);
	}
}

void *__wrap_memcpy(void *dst, const void *src, size_t n)
{
	if (concerns_us(dst)) {
		SIM_GRAIN(src, n, false, false);
		SIM_GRAIN(dst, n, true, false);
		before_copy(dst, src, n);
	}
	return __real_memcpy(dst, src, n);
}

void *__wrap_memmove(void *dst, const void *src, size_t n)
{
	if (concerns_us(dst)) {
		SIM_GRAIN(src, n, false, false);
		SIM_GRAIN(dst, n, true, false);
		before_copy(dst, src, n);
	}
	return __real_memmove(dst, src, n);
}

/* Newer clang calls these from instrumented code. */
void *__tsan_memset(void *dst, int c, size_t n)
{
	return __wrap_memset(dst, c, n);
}

void *__tsan_memcpy(void *dst, const void *src, size_t n)
{
	return __wrap_memcpy(dst, src, n);
}

void *__tsan_memmove(void *dst, const void *src, size_t n)
{
	return __wrap_memmove(dst, src, n);
}

void *sim_find_other_byte(const void *p, int c, size_t n)
{
	uint64_t pattern = 0x0101010101010101ULL * (uint8_t)c;
	const uint8_t *at = p, *end = at + n;

	/* A wild range is refused here, one of the arena below, as it is read. */
	if (!sim_in_arena((uint64_t)p))
		sim_access_range((uint64_t)p, n, false);
	if (!((uint64_t)p & 7))
		at = (uint8_t *)sim_find_other((sim_word_t *)at,
				(sim_word_t *)(at + (n & ~7ULL)), pattern);
	while (at < end && *at == (uint8_t)c)
		at++;
	sim_access_range((uint64_t)p, at < end ? at + 1 - (uint8_t *)p : n,
			 false);
	return at < end ? (void *)at : NULL;
}
