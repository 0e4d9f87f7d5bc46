/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world's hash: see hash.h.
 *
 * Words: the sum over all words of the arena and of the world side's static
 * data of mix(address, value), less mix(address, 0), so that untouched memory
 * counts for nothing.  The shadow, an image of the arena at a fixed distance,
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

/*
 * A run of so many zeroes ends what was ever stored below a live stack: each
 * frame begins with its return address, and none is as large (world_c_args).
 */
#define CLEAN_BYTES	4096u

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

/* What a word goes by; static data by its place, as programs move. */
static inline uint64_t key_of(uint64_t addr)
{
	return sim_in_arena(addr) ? addr : addr - (uint64_t)sim_world_data_start;
}

/* A word that is not on the shadow's short way. */
uint64_t *sim_hash_far_shadow(uint64_t addr)
{
	uint64_t id = (addr - sim_area_base(SIM_AREA_STACKS)) / SIM_STACK_STRIDE;

	if (id < SIM_MAX_TASKS)
		sim_fibers.ran[id] = true;
	if (sim_in_world_data(addr, 8))
		return sim_hashing.data +
		       (addr - (uint64_t)sim_world_data_start) / 8;
	return NULL;			/* history, or the live map */
}

static inline void fold_word(uint64_t addr)
{
	uint64_t *shadow = sim_hash_shadow(addr);
	uint64_t new = *(uint64_t *)addr;
	struct sim_hash h;

	if (!shadow || *shadow == new)
		return;
	add(&sim_hashing.sum, mix(key_of(addr), new));
	h = mix(key_of(addr), *shadow);
	sim_hashing.sum.lo -= h.lo;
	sim_hashing.sum.hi -= h.hi;
	*shadow = new;
}

struct sim_hash sim_hash_fold(void)
{
	const struct sim_undo_entry *e = sim_hashing.folded;

	for (; e < sim_hot.pos; e++) {
		/* Runs are stretches of the live map. */
		if (likely(!((uint64_t)e->word & 1)))
			fold_word((uint64_t)e->word);
	}
	sim_hashing.folded = sim_hot.pos;
	return sim_hashing.sum;
}

void sim_hash_undone(struct sim_hash words)
{
	sim_hashing.sum = words;
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
	if (sim_in_arena(addr)) {
		for (; addr < end; addr += 8)
			fold_word(addr);
	}
	return false;
}

static void fold_world_data(void)
{
	uint64_t addr = (uint64_t)sim_world_data_start;

	for (; addr < (uint64_t)sim_world_data_end; addr += 8)
		fold_word(addr);
}

static void empty_shadow(void)
{
	size_t size = sim_world_data_end - sim_world_data_start;

	free(sim_hashing.data);
	sim_hashing.data = calloc(1, size + 8);
	if (!sim_hashing.data)
		SIM_BUG("out of memory");
	if (!sim_hashing.mapped && !sim_reserve(SIM_SHADOW_BASE, SIM_ARENA_SIZE))
		SIM_BUG("no addresses left for the arena's shadow");
	sim_hashing.mapped = true;
	if (madvise((void *)SIM_SHADOW_BASE, SIM_ARENA_SIZE, MADV_DONTNEED))
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
	if (sim_hashing.mapped)
		munmap((void *)SIM_SHADOW_BASE, SIM_ARENA_SIZE);
	sim_hashing.mapped = false;
}

/* ---- from scratch ---- */

static void scan_word(struct sim_hash *sum, uint64_t addr)
{
	struct sim_hash h = mix(key_of(addr), 0);

	if (!*(uint64_t *)addr)
		return;
	add(sum, mix(key_of(addr), *(uint64_t *)addr));
	sum->lo -= h.lo;
	sum->hi -= h.hi;
}

static bool scan_page(void *arg, uint64_t addr)
{
	uint64_t end = addr + 4096;

	if (!sim_in_arena(addr) || sim_in_stacks(addr) || sim_in_history(addr))
		return false;
	for (; addr < end; addr += 8)
		scan_word(arg, addr);
	return false;
}

struct sim_hash sim_hash_scan(uint64_t tasks)
{
	uint64_t addr = (uint64_t)sim_world_data_start;
	struct sim_hash h = { 0 };

	sim_each_used_page(scan_page, &h);
	for (; addr < (uint64_t)sim_world_data_end; addr += 8)
		scan_word(&h, addr);
	for (; tasks; tasks &= tasks - 1)
		add(&h, stack_hash(__builtin_ctzll(tasks)));
	return h;
}
