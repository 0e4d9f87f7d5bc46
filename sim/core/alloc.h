/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the simulated machine's own (what kmalloc() gives out; not the
 * machine's pages).  Each task allocates from its own area, so that two tasks'
 * allocations commute.  Freed memory is zeroed and waits in a quarantine, so
 * that a use after free is seen.
 */
#ifndef SIM_CORE_ALLOC_H
#define SIM_CORE_ALLOC_H

#include <stddef.h>
#include <stdint.h>

#include "sim/engine/pulse.h"

/* Zeroed memory, 16-byte aligned (4096 if @size is a multiple of it). Never
 * fails: a modelled failure is injected by the caller. Does not yield. */
void *sim_alloc(size_t size);

/* @p: from sim_alloc(), or NULL. A second free is X_UAF, a pointer that never
 * came from sim_alloc() X_BUG; both are fatal. */
void sim_free(void *p);
/* The same, if it is all zero again: saves looking. */
void sim_free_zero(void *p);

/* Bytes asked for, of a live block. */
size_t sim_alloc_size(const void *p);

/* What the trace calls the block that @addr is in or just behind. */
sim_obj_t sim_memory_obj(uint64_t addr);

/* The same for the machine's own books: sim_alloc_live() does not count it. */
void *sim_alloc_own(size_t size);

/* The same as sim_alloc(), if somebody must free it again; @site: who has it. */
void *sim_alloc_tracked(size_t size, const char *site);

/**
 * struct sim_block - a block of sim_alloc_tracked() that is still there
 * @obj: its name
 * @size: bytes asked for
 * @task: who has allocated it, -1: the host
 * @site: where
 */
struct sim_block {
	sim_obj_t obj;
	uint64_t size;
	int task;
	const char *site;
};

/* How many there are, and the one that was allocated last, if @ret is not NULL. */
uint64_t sim_alloc_left(struct sim_block *ret);

/* How many allocations are live, and their bytes: for leak checks. */
uint64_t sim_alloc_live(uint64_t *ret_bytes);

/* The same of what a hook asks for itself, and how many bytes of that there are. */
void *sim_alloc_tracked_hook(size_t size, const char *site);
uint64_t sim_alloc_hooked(void);

/**
 * sim_sparse() - a range of the sparse area, for tables that are mostly
 * untouched (page descriptors).
 * @size: bytes, rounded up to 64 KiB
 *
 * The range is not live until sim_live_set() says so. Never given back.
 */
void *sim_sparse(size_t size);

#endif
