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

/* How many allocations are live, and their bytes: for leak checks. */
uint64_t sim_alloc_live(uint64_t *ret_bytes);

/**
 * sim_sparse() - a range of the sparse area, for tables that are mostly
 * untouched (page descriptors).
 * @size: bytes, rounded up to 64 KiB
 *
 * The range is not live until sim_live_set() says so. Never given back.
 */
void *sim_sparse(size_t size);

#endif
