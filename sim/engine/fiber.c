/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fibers over one of the two switches, with the annotations that tell ASan
 * which stack it is on (SIM_ASAN: the host side is built with it; the engine
 * itself never is).
 *
 * One more fiber than there are tasks lives on a stack outside the arena: it
 * runs functions on the host's behalf that a fatal fact may have to end.
 */
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/switch.h"

#ifdef SIM_ASAN
void __sanitizer_start_switch_fiber(void **save, const void *bottom,
				    size_t size);
void __sanitizer_finish_switch_fiber(void *save, const void **bottom_old,
				     size_t *size_old);
void __asan_unpoison_memory_region(const volatile void *addr, size_t size);
#else
static inline void __sanitizer_start_switch_fiber(void **save,
						  const void *bottom,
						  size_t size)
{
	(void)save;
	(void)bottom;
	(void)size;
}

static inline void __sanitizer_finish_switch_fiber(void *save,
						   const void **bottom_old,
						   size_t *size_old)
{
	(void)save;
	(void)bottom_old;
	(void)size_old;
}

static inline void __asan_unpoison_memory_region(const volatile void *addr,
						 size_t size)
{
	(void)addr;
	(void)size;
}
#endif

#define CATCHER		SIM_MAX_TASKS
#define CATCHER_STACK	(1u << 20)

struct fiber {
	struct sim_context ctx;
	void (*fn)(void *arg);
	void *arg;
	void *asan;
	bool set;
};

struct fibers {
	struct fiber fiber[SIM_MAX_TASKS + 1];
	struct sim_context scheduler;
	void *scheduler_asan;
	const void *scheduler_lo;
	size_t scheduler_size;
	int running;		/* CATCHER counts as nobody outside */
	enum sim_yield why;
	struct sim_question question;
	struct sim_record fatal;
	void *catcher_stack;
};

static struct fibers fibers = { .running = -1 };

static void fiber_main(void)
{
	struct fiber *f = &fibers.fiber[fibers.running];

	__sanitizer_finish_switch_fiber(NULL, &fibers.scheduler_lo,
					&fibers.scheduler_size);
	f->fn(f->arg);
	sim_fiber_yield(SIM_YIELD_EXIT);
	SIM_BUG("a finished fiber was resumed");
}

static void init(unsigned int id, uint64_t lo, uint64_t size,
		 void (*fn)(void *arg), void *arg)
{
	struct fiber *f = &fibers.fiber[id];

	f->fn = fn;
	f->arg = arg;
	f->asan = NULL;
	f->set = true;
	__asan_unpoison_memory_region((void *)lo, size);
	sim_context_init(&f->ctx, lo, size, fiber_main);
}

void sim_fiber_init(unsigned int id, void (*fn)(void *arg), void *arg)
{
	SIM_BUG_ON(id >= SIM_MAX_TASKS);
	SIM_BUG_ON(fibers.running == (int)id);
	init(id, sim_stack_lo(id), SIM_STACK_SIZE, fn, arg);
}

static inline enum sim_yield resume(unsigned int id, uint64_t lo, uint64_t size)
{
	struct fiber *f = &fibers.fiber[id];

	fibers.running = id;
	__sanitizer_start_switch_fiber(&fibers.scheduler_asan, (void *)lo,
				       size);
	sim_context_switch(&fibers.scheduler, &f->ctx);
	__sanitizer_finish_switch_fiber(fibers.scheduler_asan, NULL, NULL);
	fibers.running = -1;
	return fibers.why;
}

enum sim_yield sim_fiber_resume(unsigned int id)
{
	enum sim_yield why;
	uint64_t lo = sim_stack_lo(id);

	SIM_BUG_ON(fibers.running != -1);
	SIM_BUG_ON(id >= SIM_MAX_TASKS || !fibers.fiber[id].set);
	sim_hot.own_lo = lo;
	why = resume(id, lo, SIM_STACK_SIZE);
	sim_hot.own_lo = 0;
	return why;
}

void sim_fiber_yield(enum sim_yield why)
{
	struct fiber *f = &fibers.fiber[fibers.running];

	SIM_BUG_ON(fibers.running < 0);
	fibers.why = why;
	__sanitizer_start_switch_fiber(&f->asan, fibers.scheduler_lo,
				       fibers.scheduler_size);
	sim_context_switch(&f->ctx, &fibers.scheduler);
	__sanitizer_finish_switch_fiber(f->asan, &fibers.scheduler_lo,
					&fibers.scheduler_size);
}

uint32_t sim_fiber_ask(uint32_t n, const char *tag)
{
	fibers.question.n = n;
	fibers.question.tag = tag;
	fibers.question.answer = 0;
	sim_fiber_yield(SIM_YIELD_CHOICE);
	return fibers.question.answer;
}

struct sim_question *sim_fiber_question(void)
{
	return &fibers.question;
}

int sim_fiber_running(void)
{
	return fibers.running == CATCHER ? -1 : fibers.running;
}

void sim_fiber_forget_all(void)
{
	unsigned int id;

	for (id = 0; id < SIM_MAX_TASKS; id++)
		fibers.fiber[id].set = false;
}

/* ---- saved fibers ---- */

struct saved {
	struct sim_context ctx;
	uint64_t size;
	char stack[];
};

static uint64_t live_size(unsigned int id)
{
	uint64_t lo = sim_stack_lo(id);
	uint64_t sp = fibers.fiber[id].ctx.sp;

	SIM_BUG_ON(!fibers.fiber[id].set);
	/* The slack of the ucontext back end may reach below the stack. */
	return lo + SIM_STACK_SIZE - (sp < lo ? lo : sp);
}

size_t sim_fiber_save_size(unsigned int id)
{
	return (sizeof(struct saved) + live_size(id) + 15) & ~15ULL;
}

size_t sim_fiber_save(unsigned int id, void *buf)
{
	struct saved *s = buf;
	uint64_t size = live_size(id);

	s->ctx = fibers.fiber[id].ctx;
	s->size = size;
	__real_memcpy(s->stack,
		      (void *)(sim_stack_lo(id) + SIM_STACK_SIZE - size), size);
	return (sizeof(struct saved) + size + 15) & ~15ULL;
}

void sim_fiber_restore(unsigned int id, const void *buf)
{
	const struct saved *s = buf;

	fibers.fiber[id].ctx = s->ctx;
	__real_memcpy((void *)(sim_stack_lo(id) + SIM_STACK_SIZE - s->size),
		      s->stack, s->size);
}

void sim_fiber_live(unsigned int id, uint64_t *ret_lo, uint64_t *ret_hi)
{
	*ret_hi = sim_stack_lo(id) + SIM_STACK_SIZE;
	*ret_lo = *ret_hi - (fibers.fiber[id].set ? live_size(id) : 0);
}

/* ---- catching fatal facts on the host's behalf ---- */

bool sim_fatal_catch(void (*fn)(void *arg), void *arg, struct sim_record *ret)
{
	enum sim_yield why;
	uint64_t lo;

	SIM_BUG_ON(fibers.running != -1);
	if (!fibers.catcher_stack)
		fibers.catcher_stack = sim_reserve(0, CATCHER_STACK);
	if (!fibers.catcher_stack)
		SIM_BUG("no memory for a stack");
	lo = (uint64_t)fibers.catcher_stack;
	init(CATCHER, lo, CATCHER_STACK, fn, arg);
	/* In addition to the caller's own stack, which @fn may point into. */
	sim_engine.catch_lo = lo;
	sim_engine.catch_hi = lo + CATCHER_STACK;
	why = resume(CATCHER, lo, CATCHER_STACK);
	sim_engine.catch_lo = 0;
	sim_engine.catch_hi = 0;
	SIM_BUG_ON(why != SIM_YIELD_EXIT && why != SIM_YIELD_FATAL);
	if (why == SIM_YIELD_EXIT)
		return false;
	if (ret)
		*ret = fibers.fatal;
	return true;
}

void sim_fatal_caught(const struct sim_record *rec)
{
	fibers.fatal = *rec;
	if (fibers.running == CATCHER)
		sim_fiber_yield(SIM_YIELD_FATAL);
}

void sim_fatal_last(struct sim_record *ret)
{
	*ret = fibers.fatal;
}
