/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access grain: each access of code under test is a step of its own
 * (sim/engine/grain.h says which are shown).
 */
#include "sim/core/alloc.h"
#include "sim/core/order_private.h"
#include "sim/core/world_private.h"
#include "sim/engine/grain.h"

/* Where in its block an address is, as far as anybody can tell. */
static int64_t offset_of(uint64_t addr)
{
	uint64_t header = sim_live_find_header(addr, 1 << 20);

	/* The second word of a header is found first, going down. */
	return header ? (int64_t)(addr - (header + 8)) : 0;
}

/* Whoever listens to all of it wants to know how the task came here. */
static void tell_frames(void)
{
	uint64_t pc[SIM_GRAIN_FRAMES];
	size_t n = sim_grain_frames(pc, SIM_GRAIN_FRAMES), i;

	for (i = 0; i < n; i++)
		sim_note(SIM_FRAME, SIM_OBJ(SIM_CLASS_TASK, sim_running()), (int64_t)pc[i], i,
			 sim_site());
}

/* Field by field: compilers copy a struct past the hooks. */
static void set_now(const struct sim_plain *a)
{
	struct sim_order *o = the_order;

	o->now.access.addr = a->addr;
	o->now.access.size = a->size;
	o->now.access.pc = a->pc;
	o->now.access.write = a->write;
	o->now.access.marked = a->marked;
	o->now.time = sim_hot.now;
}

static void plain_access(const struct sim_plain *a)
{
	enum sim_verb verb = a->write ? SIM_STORE : SIM_LOAD;
	sim_step2(verb, sim_memory_obj(a->addr), (int64_t)a->size | (int64_t)a->marked << 32,
		  offset_of(a->addr), sim_site());
	set_now(a);
	if (sim_wanted(SIM_FRAME))
		tell_frames();
}

void sim_grain_access_on(bool on)
{
	if (on)
		sim_live_set(SIM_HISTORY_ORDER, offsetof(struct sim_order, word), true);
	sim_grain_set(on ? plain_access : NULL);
}

void sim_order_marked(const volatile void *p, size_t size, bool write, const void *pc)
{
	struct sim_plain a = {
		.addr = (uint64_t)p,
		.size = size,
		.pc = (uint64_t)pc,
		.write = write,
		.marked = true,
	};

	if (sim_hot.grain)
		set_now(&a);
}
