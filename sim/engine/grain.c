/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access grain: see grain.h.
 */
#include <errno.h>
#include <unwind.h>

#include "sim/engine/engine_private.h"
#include "sim/engine/grain.h"

struct code {
	uint64_t lo, hi;
};

/* As the ranges of a program's code: never rolled back. */
static struct {
	sim_grain_fn fn;
	struct code added[SIM_MAX_UNDER_TEST];
	unsigned int nr_added;
} grain;

void sim_grain_set(sim_grain_fn fn)
{
	grain.fn = fn;
	sim_hot.grain = fn;
	sim_foot_set();
}

bool sim_grain_on(void)
{
	return sim_hot.grain;
}

int sim_grain_under_test(uint64_t lo, uint64_t hi)
{
	if (grain.nr_added == SIM_MAX_UNDER_TEST)
		return -E2BIG;
	grain.added[grain.nr_added++] = (struct code){ lo, hi };
	return 0;
}

void sim_grain_forget(void)
{
	grain.nr_added = 0;
}

bool sim_grain_range(unsigned int i, uint64_t *ret_lo, uint64_t *ret_hi)
{
	if (i > grain.nr_added)
		return false;
	*ret_lo = i ? grain.added[i - 1].lo : (uint64_t)sim_under_test_start;
	*ret_hi = i ? grain.added[i - 1].hi : (uint64_t)sim_under_test_end;
	return true;
}

static bool is_under_test(uint64_t pc)
{
	uint64_t lo, hi;
	unsigned int i;

	for (i = 0; sim_grain_range(i, &lo, &hi); i++) {
		if (pc - lo < hi - lo)
			return true;
	}
	return false;
}

void sim_grain_access(uint64_t addr, size_t size, bool write, bool marked,
		      uint64_t pc)
{
	struct sim_plain access = {
		.addr = addr,
		.size = size,
		.pc = pc,
		.write = write,
		.marked = marked,
	};

	if (sim_hot.running < 0 || addr - sim_hot.own_lo < SIM_STACK_SIZE ||
	    sim_engine.declared.begin)
		return;
	if (sim_in_arena(addr) ? sim_in_history(addr) :
				 !sim_in_world_data(addr, size))
		return;
	if (is_under_test(pc))
		grain.fn(&access);
}

struct frames {
	uint64_t *pc;
	size_t n, max;
};

static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *arg)
{
	struct frames *f = arg;
	uint64_t pc = _Unwind_GetIP(context);

	if (f->n == f->max)
		return _URC_END_OF_STACK;
	if (is_under_test(pc))
		f->pc[f->n++] = pc;
	return _URC_NO_REASON;
}

size_t sim_grain_frames(uint64_t *ret_pc, size_t max)
{
	struct frames f = { .pc = ret_pc, .max = max };

	_Unwind_Backtrace(add_frame, &f);
	return f.n;
}
