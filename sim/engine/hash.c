/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world's hash: see hash.h.
 *
 * Words: the sum over all words of the arena and of the world side's static
 * data that are not 0 of mix(address, value): untouched memory counts for
 * nothing.  The shadow, an image of the arena at a fixed distance,
 * says for each word what the sum has it down as.
 *
 * Stacks: each has a hash of its own, kept until its fiber runs again or
 * somebody stores into it.  Bytes below a live part are zeroed when it is
 * hashed or restored: what a frame leaves uninitialised is then left over from
 * the same step, and does not depend on what was explored before.  Such dead
 * bytes, and registers that were saved but are not needed any more, count all
 * the same, so that states may be told apart that are the same; never the
 * other way round.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/fiber_private.h"
#include "sim/engine/hash.h"
#include "sim/engine/hash_private.h"

/* No memcpy(): it is wrapped. */
#define XXH_INLINE_ALL
#define XXH_FORCE_MEMORY_ACCESS	1
#include <xxhash.h>

#define SHADOW_BASE	0x300000000000ULL
#define SHADOW_BIT	(1ULL << 44)
#define FIRST_AREA	(SIM_ARENA_BASE >> SIM_AREA_SHIFT)
_Static_assert((SIM_ARENA_BASE | SHADOW_BIT) == SHADOW_BASE, "SHADOW_BIT");
_Static_assert((SIM_ARENA_BASE & SHADOW_BIT) == 0, "SHADOW_BIT");
#define CHANGED_BYTES	(4ULL << 30)

/*
 * A run of so many zeroes is taken to end what was ever stored below a live
 * stack: each frame begins with its return address, and next to none is larger.
 * Below one that is, something may be left over.
 */
#define CLEAN_BYTES	1024u

struct sim_hashing sim_hashing;

/* ---- words ---- */

static inline uint64_t mul_fold(uint64_t a, uint64_t b)
{
	unsigned __int128 p = (unsigned __int128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

/* Two halves that have nothing in common but their arguments. */
static inline struct sim_hash mix(uint64_t key, uint64_t value)
{
	uint64_t k = key * 0x9e3779b97f4a7c15ULL;
	uint64_t v = (value ^ value >> 32) * 0xd6e8feb86659fd93ULL;

	return (struct sim_hash){
		.lo = mul_fold(v ^ 0xa0761d6478bd642fULL,
			       (k << 32 | k >> 32) ^ 0xe7037ed1a0b428dbULL),
		.hi = mul_fold((v << 32 | v >> 32) ^ 0x8ebc6af09c88c6e3ULL,
			       (k << 17 | k >> 47) ^ 0x589965cc75374cc3ULL),
	};
}

struct sim_hash sim_hash_word(uint64_t key, uint64_t value)
{
	return mix(key, value);
}

static inline void add(struct sim_hash *sum, struct sim_hash h)
{
	sum->lo += h.lo;
	sum->hi += h.hi;
}

static inline void note_change(uint64_t *what, uint64_t old)
{
	struct sim_undo_entry *e = sim_hashing.changed_end;

	if (unlikely(e == sim_hashing.changed_max))
		SIM_BUG("the hash has no room left: too many stores since the mark");
	e->word = what;
	e->old = old;
	sim_hashing.changed_end = e + 1;
}

/* Not inline: it would take the registers of the loop around it. */
static __attribute__((noinline)) void fold_change(uint64_t *shadow, uint64_t new,
						  uint64_t key)
{
	uint64_t old = *shadow;
	struct sim_hash h;

	if (new) {
		h = mix(key, new);
		sim_hashing.sum.lo += h.lo;
		sim_hashing.sum.hi += h.hi;
	}
	if (old) {
		h = mix(key, old);
		sim_hashing.sum.lo -= h.lo;
		sim_hashing.sum.hi -= h.hi;
	}
	note_change(shadow, old);
	*shadow = new;
}

static void fold_block(uint64_t addr, uint64_t words);

/*
 * An entry of something else than a word of the arena's part that counts.
 * Return: how many of those that follow belong to it.
 */
static __attribute__((noinline)) size_t fold_far(uint64_t addr, uint64_t old)
{
	uint64_t id = (addr - sim_area_base(SIM_AREA_STACKS)) / SIM_STACK_STRIDE;
	uint64_t off = addr - (uint64_t)sim_world_data_start;

	if (addr & SIM_BLOCK_BEGINS) {
		fold_block(addr & ~SIM_BLOCK_BEGINS, 2 * old);
		return old + 1;
	}
	if (id < SIM_MAX_TASKS) {
		note_change((uint64_t *)1, id);
		sim_fibers.ran[id] = true;
	} else if (sim_in_world_data(addr, 8) &&
		   sim_hashing.data[off / 8] != *(uint64_t *)addr) {
		/* By its place, as programs move. */
		fold_change(&sim_hashing.data[off / 8], *(uint64_t *)addr, off);
	}
	/* The rest is history, or the live map, as are all runs. */
	return 0;
}

/* What counts lies in one piece, before history and stacks. */
static inline size_t fold_entry(uint64_t addr, uint64_t old)
{
	uint64_t *shadow = (uint64_t *)(addr | SHADOW_BIT);

	if (unlikely((addr >> SIM_AREA_SHIFT) - FIRST_AREA >= SIM_AREA_HISTORY))
		return fold_far(addr, old);
	if (*shadow != *(uint64_t *)addr)
		fold_change(shadow, *(uint64_t *)addr, addr);
	return 0;
}

static void fold_block(uint64_t addr, uint64_t words)
{
	for (; words; words--, addr += 8)
		fold_entry(addr, 0);
}

struct sim_hash sim_hash_fold(void)
{
	const struct sim_undo_entry *e = sim_hashing.folded, *end = sim_hot.pos;

	for (; e < end; e++)
		e += fold_entry((uint64_t)e->word, e->old);
	sim_hashing.folded = end;
	return sim_hashing.sum;
}

void sim_hash_undo(const struct sim_mark *mark)
{
	struct sim_undo_entry *stop = sim_hashing.changed + mark->hash_len;
	struct sim_undo_entry *e = sim_hashing.changed_end;

	SIM_BUG_ON(!mark->hashed);
	SIM_BUG_ON(e < stop);
	while (e > stop) {
		e--;
		if (unlikely((uint64_t)e->word & 1))
			sim_fibers.ran[e->old] = true;
		else
			*e->word = e->old;
	}
	sim_hashing.changed_end = e;
	sim_hashing.sum = mark->words;
	sim_hashing.folded = sim_hot.pos;
}

/* ---- stacks ---- */

void sim_hash_clean_stack(unsigned int id)
{
	static const sim_pair_t zero;
	uint64_t lo = sim_stack_lo(id), hi, at;
	sim_pair_t *p;

	sim_fiber_live(id, &at, &hi);
	for (hi = at; hi & 255 && hi > lo; hi -= 8)
		*(uint64_t *)(hi - 8) = 0;
	for (at = hi; at > lo && hi - at < CLEAN_BYTES; at -= 256) {
		p = (sim_pair_t *)(at - 256);
		if (likely(!sim_any_set(p)))
			continue;
		for (hi = at - 256; (uint64_t)p < at; p++)
			*p = zero;
	}
}

static struct sim_hash stack_hash(unsigned int id)
{
	const struct sim_context *ctx = &sim_fibers.ctx[id];
	struct sim_hash h, regs = { 0 };
	XXH128_hash_t x;
	uint64_t lo, hi;

	SIM_BUG_ON(!sim_fibers.fiber[id].set);
	sim_fiber_live(id, &lo, &hi);
	hi -= SIM_STACK_LOCAL - SIM_STACK_LOCAL_STATE;
#ifdef SIM_UCONTEXT
	/* What swapcontext() needs for itself is in its context. */
	lo = ctx->sp + SIM_CONTEXT_SLACK;
	regs.lo = XXH3_64bits(&ctx->uc.uc_mcontext, sizeof(ctx->uc.uc_mcontext));
#else
	(void)ctx;			/* what it consists of follows from lo */
#endif
	x = XXH3_128bits((void *)lo, hi - lo);
	/* As sums: of a number of stacks in any order. */
	h = mix(id + 1, x.low64 + regs.lo);
	add(&h, mix(id + 1 + SIM_MAX_TASKS, x.high64));
	return h;
}

static void hash_stack(unsigned int id)
{
	sim_hash_clean_stack(id);
	sim_hashing.stack[id] = stack_hash(id);
	sim_fibers.ran[id] = false;
}

void sim_hash_tidy(unsigned int task)
{
	sim_hash_clean_stack(task);
}

struct sim_hash sim_hash_now(uint64_t tasks)
{
	struct sim_hash h = sim_hash_fold();

	SIM_BUG_ON(!sim_hashing.on);
	for (; tasks; tasks &= tasks - 1) {
		unsigned int id = __builtin_ctzll(tasks);

		if (sim_fibers.ran[id])
			hash_stack(id);
		add(&h, sim_hashing.stack[id]);
	}
	return h;
}

/* ---- on and off ---- */

static bool fold_page(void *arg, uint64_t addr)
{
	uint64_t end = addr + 4096;

	(void)arg;
	if (sim_in_arena(addr))
		fold_block(addr, (end - addr) / 8);
	return false;
}

static void fold_world_data(void)
{
	uint64_t addr = (uint64_t)sim_world_data_start;

	for (; addr < (uint64_t)sim_world_data_end; addr += 8)
		fold_entry(addr, 0);
}

static void empty_shadow(void)
{
	size_t size = sim_world_data_end - sim_world_data_start;

	free(sim_hashing.data);
	sim_hashing.data = calloc(1, size + 8);
	if (!sim_hashing.data)
		SIM_BUG("out of memory");
	if (!sim_hashing.mapped && !sim_reserve(SHADOW_BASE, SIM_ARENA_SIZE))
		SIM_BUG("no addresses left for the arena's shadow");
	if (!sim_hashing.mapped)
		sim_hashing.changed = sim_reserve(0, CHANGED_BYTES);
	if (!sim_hashing.changed)
		SIM_BUG("no addresses left to undo the hash");
	sim_hashing.mapped = true;
	sim_hashing.changed_max = sim_hashing.changed +
				  CHANGED_BYTES / sizeof(*sim_hashing.changed);
	sim_hashing.changed_end = sim_hashing.changed;
	if (madvise((void *)SHADOW_BASE, SIM_ARENA_SIZE, MADV_DONTNEED))
		SIM_BUG("cannot give the shadow back");
}

void sim_hash_on(bool on)
{
	unsigned int id;

	SIM_BUG_ON(sim_fiber_running() >= 0);
	sim_hashing.on = on;
	if (!on)
		return;
	SIM_BUG_ON(!sim_engine.log_on);
	empty_shadow();
	sim_hashing.sum = (struct sim_hash){ 0 };
	sim_each_used_page(fold_page, NULL);
	fold_world_data();
	/* The beginning is not gone back from. */
	sim_hashing.changed_end = sim_hashing.changed;
	sim_hashing.folded = sim_hot.pos;
	for (id = 0; id < SIM_MAX_TASKS; id++) {
		sim_fibers.ran[id] = true;
		if (sim_fibers.fiber[id].set)
			sim_hash_clean_stack(id);
	}
}

void sim_hash_unmap(void)
{
	sim_hashing.on = false;
	free(sim_hashing.data);
	sim_hashing.data = NULL;
	if (sim_hashing.mapped) {
		munmap((void *)SHADOW_BASE, SIM_ARENA_SIZE);
		munmap(sim_hashing.changed, CHANGED_BYTES);
	}
	sim_hashing.changed = NULL;
	sim_hashing.mapped = false;
}

/* ---- from scratch ---- */

static void scan_word(struct sim_hash *sum, uint64_t addr, uint64_t key)
{
	if (*(uint64_t *)addr)
		add(sum, mix(key, *(uint64_t *)addr));
}

static bool scan_page(void *arg, uint64_t addr)
{
	uint64_t end = addr + 4096;

	if (!sim_in_arena(addr) || sim_in_stacks(addr) || sim_in_history(addr))
		return false;
	for (; addr < end; addr += 8)
		scan_word(arg, addr, addr);
	return false;
}

struct sim_hash sim_hash_scan(uint64_t tasks)
{
	uint64_t addr = (uint64_t)sim_world_data_start;
	struct sim_hash h = { 0 };

	sim_each_used_page(scan_page, &h);
	for (; addr < (uint64_t)sim_world_data_end; addr += 8)
		scan_word(&h, addr, addr - (uint64_t)sim_world_data_start);
	for (; tasks; tasks &= tasks - 1)
		add(&h, stack_hash(__builtin_ctzll(tasks)));
	return h;
}
