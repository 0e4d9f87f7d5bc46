/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resuming and yielding in C, over either switch, with the annotations that
 * tell ASan which stack it is on.  For builds in which switch_x86_64.S cannot
 * do both by itself.
 */
#include "sim/engine/bug.h"
#include "sim/engine/fiber_private.h"

#ifdef SIM_ASAN
void __sanitizer_start_switch_fiber(void **save, const void *bottom,
				    size_t size);
void __sanitizer_finish_switch_fiber(void *save, const void **bottom_old,
				     size_t *size_old);

static void leave(void **save, const void *lo, size_t size)
{
	__sanitizer_start_switch_fiber(save, lo, size);
}

static void arrive(void *save, const void **lo_old, size_t *size_old)
{
	__sanitizer_finish_switch_fiber(save, lo_old, size_old);
}
#else
static inline void leave(void **save, const void *lo, size_t size)
{
	(void)save;
	(void)lo;
	(void)size;
}

static inline void arrive(void *save, const void **lo_old, size_t *size_old)
{
	(void)save;
	(void)lo_old;
	(void)size_old;
}
#endif

void sim_fiber_arrived(void)
{
	arrive(NULL, &sim_fibers.scheduler_lo, &sim_fibers.scheduler_size);
}

enum sim_yield sim_fiber_resume(unsigned int id)
{
	struct sim_fiber *f = &sim_fibers.fiber[id];

	SIM_BUG_ON(sim_hot.running != -1);
	sim_hot.running = id;
	sim_fibers.ran[id] = true;
	sim_hot.own_lo = sim_stack_lo(id);
	leave(&sim_fibers.scheduler_asan, (void *)f->lo, f->size);
	sim_context_switch(&sim_fibers.scheduler, &sim_fibers.ctx[id]);
	arrive(sim_fibers.scheduler_asan, NULL, NULL);
	sim_hot.own_lo = 0;
	sim_hot.running = -1;
	return sim_fibers.why;
}

void sim_fiber_yield(enum sim_yield why)
{
	struct sim_fiber *f = &sim_fibers.fiber[sim_hot.running];

	sim_fibers.why = why;
	leave(&f->asan, sim_fibers.scheduler_lo, sim_fibers.scheduler_size);
	sim_context_switch(&sim_fibers.ctx[sim_hot.running],
			   &sim_fibers.scheduler);
	arrive(f->asan, &sim_fibers.scheduler_lo, &sim_fibers.scheduler_size);
}
