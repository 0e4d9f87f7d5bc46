/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The undo log: a stack of (word, old value), filled by the store hooks.
 *
 * It is reserved at its full size at once and costs host memory only as far as
 * it was ever filled, so the hooks never have to grow it.
 */
#include <errno.h>
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/hash_private.h"
#include "sim/engine/undo.h"

#define LOG_BYTES	(4ULL << 30)

struct sim_hot sim_hot = { .running = -1, .short_way = SIM_SHORT_WAY };

int sim_undo_map(void)
{
	struct sim_undo_entry *log = sim_reserve(0, LOG_BYTES);

	if (!log)
		return -errno;
	sim_engine.log = log;
	sim_engine.log_max = LOG_BYTES / sizeof(*log);
	sim_engine.log_on = false;
	sim_hot.pos = log;
	sim_hot.end = log;
	return 0;
}

void sim_undo_unmap(void)
{
	if (sim_engine.log)
		munmap(sim_engine.log, LOG_BYTES);
	sim_engine.log = NULL;
	sim_hot.pos = NULL;
	sim_hot.end = NULL;
}

void sim_undo_at_end(void)
{
	if (sim_engine.log_on)
		SIM_BUG("the undo log is full: too many stores since the mark");
}

void sim_undo_on(bool on)
{
	sim_engine.log_on = on;
	sim_hot.end = on ? sim_engine.log + sim_engine.log_max : sim_hot.pos;
}

void sim_undo_clear(void)
{
	if (sim_hashing.on)
		sim_hash_fold();
	sim_hashing.changed_end = sim_hashing.changed;
	sim_hashing.folded = sim_engine.log;
	sim_hot.pos = sim_engine.log;
	if (!sim_engine.log_on)
		sim_hot.end = sim_hot.pos;
}

void sim_undo_mark_in(struct sim_mark *ret)
{
	ret->log_len = sim_hot.pos - sim_engine.log;
	ret->trace_len = sim_pulse_len();
	ret->now = sim_hot.now;
	ret->hashed = sim_hashing.on;
	if (sim_hashing.on) {
		ret->words = sim_hash_fold();
		ret->hash_len = sim_hashing.changed_end - sim_hashing.changed;
	}
}

struct sim_mark sim_undo_mark(void)
{
	struct sim_mark mark = { 0 };

	sim_undo_mark_in(&mark);
	return mark;
}

struct sim_undo_entry *sim_undo_here(void)
{
	/* Whose stack was stored into has to be known when it is saved. */
	if (sim_hashing.on)
		sim_hash_fold();
	return sim_hot.pos;
}

#define RUN_BYTE_SHIFT	56
#define RUN_SIZE_MASK	((1ULL << RUN_BYTE_SHIFT) - 1)

static void undo_run(const struct sim_undo_entry *e)
{
	__real_memset((void *)((uint64_t)e->word & ~1ULL),
		      e->old >> RUN_BYTE_SHIFT, e->old & RUN_SIZE_MASK);
}

void sim_undo_log_run(uint64_t addr, size_t size)
{
	const sim_word_t *w = (sim_word_t *)addr, *end = w + size / 8;
	uint64_t byte = *(uint8_t *)addr;

	if (size < 16 || ((addr | size) & 7) || (sim_hot.pos == sim_hot.end) ||
	    sim_find_other((sim_word_t *)w, end,
			   byte * 0x0101010101010101ULL) != end) {
		sim_undo_log(addr, size);
		return;
	}
	sim_undo_known_run(addr, size, byte);
}

void sim_undo_known_run(uint64_t addr, size_t size, uint8_t byte)
{
	struct sim_undo_entry *e = sim_hot.pos;

	if (e == sim_hot.end) {
		sim_undo_at_end();
		return;
	}
	e->word = (uint64_t *)(addr | 1);
	e->old = (uint64_t)byte << RUN_BYTE_SHIFT | size;
	sim_hot.pos = e + 1;
}

/*
 * A block is as many words as there are, two in an entry, between two that say
 * where they belong: one for who reads the log forward, with SIM_BLOCK_BEGINS,
 * and one for who goes back, with the lowest two bits set.
 */
#define BLOCK_ENDS	3ULL

static inline void copy_pairs(sim_pair_t *to, const sim_pair_t *from, size_t n)
{
	for (; n >= 4; n -= 4, to += 4, from += 4) {
		sim_pair_t a = from[0], b = from[1], c = from[2], d = from[3];

		to[0] = a;
		to[1] = b;
		to[2] = c;
		to[3] = d;
	}
	while (n--)
		*to++ = *from++;
}

static inline void zero_pairs(sim_pair_t *p, size_t n)
{
	static const sim_pair_t zero;

	for (; n >= 4; n -= 4, p += 4) {
		p[0] = zero;
		p[1] = zero;
		p[2] = zero;
		p[3] = zero;
	}
	while (n--)
		*p++ = zero;
}

void sim_undo_zero_block(void *p, size_t pairs)
{
	struct sim_undo_entry *e = sim_hot.pos;

	if ((size_t)(sim_hot.end - e) < pairs + 2) {
		sim_undo_at_end();
		zero_pairs(p, pairs);
		return;
	}
	e->word = (uint64_t *)((uint64_t)p | SIM_BLOCK_BEGINS);
	e->old = pairs;
	copy_pairs((sim_pair_t *)(e + 1), p, pairs);
	zero_pairs(p, pairs);
	e += pairs + 1;
	e->word = (uint64_t *)((uint64_t)p | BLOCK_ENDS);
	e->old = pairs;
	sim_hot.pos = e + 1;
}

/* Return: the entry with which the block began. */
static __attribute__((noinline)) struct sim_undo_entry *undo_block(struct sim_undo_entry *e)
{
	struct sim_undo_entry *words = e - e->old;

	copy_pairs((sim_pair_t *)((uint64_t)e->word & ~BLOCK_ENDS), (sim_pair_t *)words, e->old);
	return words - 1;
}

/* Return: the entry that was undone first of those that belong together. */
static inline struct sim_undo_entry *undo_one(struct sim_undo_entry *e)
{
	if (likely(!((uint64_t)e->word & 1)))
		*e->word = e->old;
	else if ((uint64_t)e->word & 2)
		return undo_block(e);
	else
		undo_run(e);
	return e;
}

/*
 * Four in a row, newest first, unless one of them is more than a word: read
 * before any is written, as the compiler cannot know that the log is not among
 * the words.  What a block consists of is never among them without its end.
 */
static inline bool undo_four(const struct sim_undo_entry *e)
{
	struct sim_undo_entry a = e[0], b = e[1], c = e[2], d = e[3];

	if (unlikely(((uint64_t)a.word | (uint64_t)b.word | (uint64_t)c.word |
		      (uint64_t)d.word) & 1))
		return false;
	*d.word = d.old;
	*c.word = c.old;
	*b.word = b.old;
	*a.word = a.old;
	return true;
}

void sim_undo_words(struct sim_undo_entry *here)
{
	struct sim_undo_entry *e = sim_hot.pos;

	SIM_BUG_ON(!sim_engine.log_on);
	SIM_BUG_ON(e < here);
	while (e - here >= 4) {
		if (likely(undo_four(e - 4))) {
			e -= 4;
			continue;
		}
		while (!((uint64_t)e[-1].word & 1))
			undo_one(--e);
		e = undo_one(e - 1);
	}
	while (e > here)
		e = undo_one(e - 1);
	sim_hot.pos = e;
}

void sim_undo_back(const struct sim_mark *mark)
{
	sim_undo_words(sim_engine.log + mark->log_len);
	if (sim_hashing.on)
		sim_hash_undo(mark);
	sim_hot.now = mark->now;
	sim_budget_renew();
	sim_pulse_cut(mark->trace_len);
}

void sim_undo_to(struct sim_mark mark)
{
	sim_undo_back(&mark);
}

void sim_undo_log(uint64_t addr, size_t size)
{
	struct sim_undo_entry *e = sim_hot.pos;
	uint64_t word = addr & ~7ULL, n = (addr + size - word + 7) / 8;

	if (!size)
		return;
	if ((uint64_t)(sim_hot.end - e) < n) {
		sim_undo_at_end();
		return;
	}
	for (; n; n--, e++, word += 8) {
		e->word = (uint64_t *)word;
		e->old = *e->word;
	}
	sim_hot.pos = e;
}

uint64_t sim_undo_stores(void)
{
	return sim_hot.pos - sim_engine.log;
}
