/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arena: see arena.h.  Also owns what has to exist before the first hook
 * can run: live map, undo log, pulse buffer and the handler for bad accesses.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"
#include "sim/engine/fault.h"
#include "sim/engine/footprint.h"
#include "sim/engine/hash_private.h"
#include "sim/engine/image_private.h"
#include "sim/engine/undo.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define LIVE_SIZE	(SIM_ARENA_SIZE >> SIM_LIVE_SHIFT)

struct sim_engine sim_engine;

void *sim_reserve(uint64_t addr, size_t size)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	void *p;

	if (addr)
		flags |= MAP_FIXED_NOREPLACE;
	p = mmap((void *)addr, size, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (addr && p != (void *)addr) {
		/* A kernel that does not know the flag took it for a hint. */
		munmap(p, size);
		errno = EEXIST;
		return NULL;
	}
	/* A huge page for each touched byte would eat the host's memory. */
	madvise(p, size, MADV_NOHUGEPAGE);
	return p;
}

/* The stack that the caller runs on: world code may use it when called. */
static int find_host_stack(void)
{
	pthread_attr_t attr;
	void *lo;
	size_t size;
	int r;

	r = pthread_getattr_np(pthread_self(), &attr);
	if (r)
		return -r;
	r = pthread_attr_getstack(&attr, &lo, &size);
	pthread_attr_destroy(&attr);
	if (r)
		return -r;
	sim_engine.host_lo = (uint64_t)lo;
	sim_engine.host_hi = (uint64_t)lo + size;
	return 0;
}

static int copy_world_data(void)
{
	size_t size = sim_world_data_end - sim_world_data_start;

	sim_engine.world_data_copy = malloc(size + 1);
	if (!sim_engine.world_data_copy)
		return -ENOMEM;
	__real_memcpy(sim_engine.world_data_copy, sim_world_data_start, size);
	return 0;
}

static int protect_stacks(void)
{
	unsigned int id;

	for (id = 0; id < SIM_MAX_TASKS; id++) {
		void *guard = (void *)(sim_stack_lo(id) - SIM_STACK_SIZE);

		if (mprotect(guard, SIM_STACK_SIZE, PROT_NONE))
			return -errno;
	}
	return 0;
}

int sim_arena_map(void)
{
	int r;

	SIM_BUG_ON(sim_engine.mapped);
	sim_live_omit(UINT64_MAX);
	if (!sim_reserve(SIM_ARENA_BASE, SIM_ARENA_SIZE))
		return -errno;
	sim_engine.mapped = true;
	if (!sim_reserve(SIM_LIVE_BASE, LIVE_SIZE)) {
		r = -errno;
		munmap((void *)SIM_ARENA_BASE, SIM_ARENA_SIZE);
		sim_engine.mapped = false;
		return r;
	}
	r = protect_stacks();
	if (!r)
		r = find_host_stack();
	if (!r)
		r = copy_world_data();
	if (!r)
		r = sim_undo_map();
	if (!r)
		r = sim_foot_map();
	if (!r)
		r = sim_pulse_map();
	if (!r)
		r = sim_guard_install();
	if (!r)
		r = sim_images_map();
	if (r)
		sim_arena_unmap();
	return r;
}

void sim_arena_reset(void)
{
	size_t size = sim_world_data_end - sim_world_data_start;

	SIM_BUG_ON(!sim_engine.mapped);
	SIM_BUG_ON(sim_fiber_running() >= 0);
	if (madvise((void *)SIM_ARENA_BASE, SIM_ARENA_SIZE, MADV_DONTNEED))
		SIM_BUG("cannot give the arena back");
	if (madvise((void *)SIM_LIVE_BASE, LIVE_SIZE, MADV_DONTNEED))
		SIM_BUG("cannot give the live map back");
	__real_memcpy(sim_world_data_start, sim_engine.world_data_copy, size);
	__real_memset(sim_engine.high_water, 0, sizeof(sim_engine.high_water));
	sim_hot.now = 0;
	sim_undo_on(false);
	sim_undo_clear();
	sim_images_mark();
	sim_footprint_on(false);
	sim_hash_on(false);
	sim_pulse_trace(false);
	sim_pulse_subscribe(0);
	sim_pulse_clear();
	sim_check_addresses(false);
	sim_live_omit(UINT64_MAX);
	sim_fiber_forget_all();
}

void sim_arena_unmap(void)
{
	SIM_BUG_ON(!sim_engine.mapped);
	sim_guard_remove();
	sim_images_unmap();
	sim_pulse_unmap();
	sim_foot_unmap();
	sim_hash_unmap();
	sim_undo_unmap();
	free(sim_engine.world_data_copy);
	sim_engine.world_data_copy = NULL;
	munmap((void *)SIM_LIVE_BASE, LIVE_SIZE);
	munmap((void *)SIM_ARENA_BASE, SIM_ARENA_SIZE);
	sim_engine.mapped = false;
}
