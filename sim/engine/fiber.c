/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fibers: setting up, saving and restoring; the switching itself is in
 * switch_x86_64.S, or in fiber_switch.c over one of two back ends.
 *
 * SIM_ASAN: the host side is built with ASan (the engine itself never is), so
 * ASan has to be told what happens to stacks.
 */
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/fiber_private.h"
#include "sim/engine/hash_private.h"

#ifdef SIM_ASAN
void __asan_unpoison_memory_region(const volatile void *addr, size_t size);
#else
static inline void __asan_unpoison_memory_region(const volatile void *addr,
						 size_t size)
{
	(void)addr;
	(void)size;
}
#endif

#define CATCHER_STACK	(1u << 20)

#ifndef SIM_UCONTEXT
/* What switch_x86_64.S says for itself. */
_Static_assert(offsetof(struct sim_fibers, scheduler) == 0, "SCHEDULER");
_Static_assert(offsetof(struct sim_fibers, ctx) == 8, "CTX");
_Static_assert(sizeof(struct sim_context) == 8, "CTX");
_Static_assert(offsetof(struct sim_fibers, ran) == 272, "RAN");
_Static_assert(offsetof(struct sim_hot, own_lo) == 16, "OWN_LO");
_Static_assert(offsetof(struct sim_hot, running) == 24, "RUNNING");
_Static_assert(SIM_ARENA_BASE + ((uint64_t)SIM_AREA_STACKS << SIM_AREA_SHIFT) +
	       SIM_STACK_SIZE == 0x20fc00010000ULL, "STACK0");
_Static_assert(SIM_STACK_STRIDE == 1 << 17, "STRIDE_SHIFT");
#endif

struct sim_fibers sim_fibers;

#ifdef SIM_FAST_SWITCH
void sim_fiber_arrived(void)
{
}

_Noreturn void sim_fiber_misused(void) SIM_HIDDEN;
_Noreturn void sim_fiber_misused(void)
{
	SIM_BUG("a fiber is resumed while another one runs");
}
#endif

static void fiber_main(void)
{
	struct sim_fiber *f = &sim_fibers.fiber[sim_hot.running];

	sim_fiber_arrived();
	f->fn(f->arg);
	sim_fiber_yield(SIM_YIELD_EXIT);
	SIM_BUG("a finished fiber was resumed");
}

static void init(unsigned int id, uint64_t lo, uint64_t size,
		 void (*fn)(void *arg), void *arg)
{
	struct sim_fiber *f = &sim_fibers.fiber[id];

	f->fn = fn;
	f->arg = arg;
	f->asan = NULL;
	f->lo = lo;
	f->size = size;
	f->set = true;
	__asan_unpoison_memory_region((void *)lo, size);
	__real_memset((void *)(lo + size - SIM_STACK_LOCAL), 0, SIM_STACK_LOCAL);
	sim_fibers.ran[id] = true;
	sim_context_init(&sim_fibers.ctx[id], lo, size - SIM_STACK_LOCAL,
			 fiber_main);
}

void sim_fiber_init(unsigned int id, void (*fn)(void *arg), void *arg)
{
	SIM_BUG_ON(id >= SIM_MAX_TASKS);
	SIM_BUG_ON(sim_hot.running == (int)id);
	sim_live_stack(sim_stack_lo(id), SIM_STACK_SIZE);
	init(id, sim_stack_lo(id), SIM_STACK_SIZE, fn, arg);
}

uint32_t sim_fiber_ask(uint32_t n, const char *tag)
{
	sim_fibers.question.n = n;
	sim_fibers.question.tag = tag;
	sim_fibers.question.answer = 0;
	sim_fiber_yield(SIM_YIELD_CHOICE);
	return sim_fibers.question.answer;
}

struct sim_question *sim_fiber_question(void)
{
	return &sim_fibers.question;
}

int sim_fiber_running(void)
{
	return sim_hot.running == SIM_CATCHER ? -1 : sim_hot.running;
}

void sim_fiber_forget(unsigned int id)
{
	SIM_BUG_ON(id >= SIM_MAX_TASKS || sim_fiber_running() == (int)id);
	sim_fibers.fiber[id].set = false;
}

void sim_fiber_forget_all(void)
{
	unsigned int id;

	for (id = 0; id < SIM_MAX_TASKS; id++)
		sim_fibers.fiber[id].set = false;
}

/* ---- saved fibers ---- */

struct saved {
	struct sim_context ctx;
	uint64_t size;
	struct sim_hash hash;
	bool hashed;
	char stack[] __attribute__((aligned(16)));
};

_Static_assert(sizeof(struct saved) + SIM_STACK_SIZE <= SIM_FIBER_SAVE_MAX, "too small");

static inline uint64_t live_size(unsigned int id)
{
	uint64_t lo = sim_stack_lo(id);
	uint64_t sp = sim_fibers.ctx[id].sp;

	SIM_BUG_ON(!sim_fibers.fiber[id].set);
#ifdef SIM_UCONTEXT
	/* The slack of this back end may reach below the stack. */
	if (sp < lo)
		sp = lo;
#endif
	return (lo + SIM_STACK_SIZE - sp + 7) & ~7ULL;
}

/* What is copied of a stack: more than what is live, to be whole blocks. */
#define BLOCK	128u

static inline uint64_t saved_size(unsigned int id)
{
	return (live_size(id) + BLOCK - 1) & ~(BLOCK - 1ULL);
}

size_t sim_fiber_save_size(unsigned int id)
{
	return sizeof(struct saved) + saved_size(id);
}

/*
 * Whole blocks, four of @type at a time: to and from memory that is aligned to 16,
 * and shorter than the decisions that the library's memcpy() makes first.
 */
#define COPY_BLOCKS(type, to, from, size)				\
do {									\
	type *t = (to);							\
	const type *f = (from), *end = f + (size) / sizeof(*f);		\
									\
	for (; f < end; f += 4, t += 4) {				\
		type a = f[0], b = f[1], c = f[2], d = f[3];		\
									\
		t[0] = a;						\
		t[1] = b;						\
		t[2] = c;						\
		t[3] = d;						\
	}								\
} while (0)

/*
 * Nearly a third of what a branch point costs is stacks that are copied, and what
 * that costs is stores: the wider the better.
 */
#ifdef __x86_64__
typedef uint64_t __attribute__((vector_size(32), may_alias, aligned(16))) quad_t;

static __attribute__((noinline, target("avx"))) void copy_wide(void *to, const void *from,
							       uint64_t size)
{
	COPY_BLOCKS(quad_t, to, from, size);
}

static inline bool copies_wide(void)
{
	return __builtin_cpu_supports("avx");
}
#else
static inline void copy_wide(void *to, const void *from, uint64_t size)
{
}

static inline bool copies_wide(void)
{
	return false;
}
#endif

static inline void copy_blocks(void *to, const void *from, uint64_t size)
{
	if (likely(copies_wide()))
		copy_wide(to, from, size);
	else
		COPY_BLOCKS(sim_pair_t, to, from, size);
}

size_t sim_fiber_save(unsigned int id, void *buf)
{
	struct saved *s = buf;
	uint64_t size = saved_size(id);

	s->ctx = sim_fibers.ctx[id];
	s->size = size;
	s->hashed = sim_hashing.on && !sim_fibers.ran[id];
	if (s->hashed)
		s->hash = sim_hashing.stack[id];
	copy_blocks(s->stack,
		    (void *)(sim_stack_lo(id) + SIM_STACK_SIZE - size), size);
	return sizeof(struct saved) + size;
}

void sim_fiber_live(unsigned int id, uint64_t *ret_lo, uint64_t *ret_hi)
{
	*ret_hi = sim_stack_lo(id) + SIM_STACK_SIZE;
	*ret_lo = *ret_hi - (sim_fibers.fiber[id].set ? live_size(id) : 0);
}

/*
 * What is left over below the live part, which begins at @lo, has to go. If the
 * stack was clean, this is what was its live part until now, from @was_lo, and
 * what was copied too much, from @copied.
 */
static void clean_restored(unsigned int id, uint64_t was_lo, uint64_t copied, uint64_t lo)
{
	uint64_t at = was_lo < copied ? was_lo : copied;

	if (sim_fibers.ran[id]) {
		sim_hash_clean_stack(id);
		return;
	}
	for (; at < lo; at += 8)
		*(uint64_t *)at = 0;
}

void sim_fiber_restore(unsigned int id, const void *buf)
{
	const struct saved *s = buf;
	uint64_t lo, hi = sim_stack_lo(id) + SIM_STACK_SIZE, was_lo = hi;

	if (unlikely(sim_hashing.on))
		sim_fiber_live(id, &was_lo, &hi);
	sim_fibers.ctx[id] = s->ctx;
	copy_blocks((void *)(hi - s->size), s->stack, s->size);
	if (unlikely(sim_hashing.on)) {
		sim_fiber_live(id, &lo, &hi);
		clean_restored(id, was_lo, hi - s->size, lo);
		if (s->hashed)
			sim_hashing.stack[id] = s->hash;
		sim_fibers.ran[id] = !s->hashed;
	}
}

/* ---- catching fatal facts on the host's behalf ---- */

bool sim_fatal_catch(void (*fn)(void *arg), void *arg, struct sim_record *ret)
{
	enum sim_yield why;
	uint64_t lo;

	SIM_BUG_ON(sim_hot.running != -1);
	if (!sim_fibers.catcher_stack)
		sim_fibers.catcher_stack = sim_reserve(0, CATCHER_STACK);
	if (!sim_fibers.catcher_stack)
		SIM_BUG("no memory for a stack");
	lo = (uint64_t)sim_fibers.catcher_stack;
	init(SIM_CATCHER, lo, CATCHER_STACK, fn, arg);
	/* In addition to the caller's own stack, which @fn may point into. */
	sim_engine.catch_lo = lo;
	sim_engine.catch_hi = lo + CATCHER_STACK;
	why = sim_fiber_resume(SIM_CATCHER);
	sim_engine.catch_lo = 0;
	sim_engine.catch_hi = 0;
	SIM_BUG_ON(why != SIM_YIELD_EXIT && why != SIM_YIELD_FATAL);
	if (why == SIM_YIELD_EXIT)
		return false;
	if (ret)
		*ret = sim_fibers.fatal;
	return true;
}

void sim_fatal_caught(const struct sim_record *rec)
{
	/* On a task's stack: an assignment might become a wrapped memcpy(). */
	__real_memcpy(&sim_fibers.fatal, rec, sizeof(*rec));
	if (sim_hot.running == SIM_CATCHER)
		sim_fiber_yield(SIM_YIELD_FATAL);
}

void sim_fatal_last(struct sim_record *ret)
{
	*ret = sim_fibers.fatal;
}
