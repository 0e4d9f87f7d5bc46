/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What checks, reports and tests may see of the TDP page tables. */
#ifndef MMU_PROBE_H
#define MMU_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/engine/pulse.h"

struct probe_spte {
	uint64_t gfn, pfn;
	unsigned int role, level;	/* level 1 is 4 KiB */
	bool writable, dirty, accessed;
	bool root_invalid;
	bool pinned;			/* says so itself; then perhaps not present */
};

/* Present leaf SPTEs of every root of @vm, ascending (role, gfn).
 * @cursor starts at 0. Return: false past the last. */
bool probe_spte_next(unsigned int vm, uint64_t *cursor, struct probe_spte *ret_spte);
bool probe_spte(unsigned int vm, unsigned int role, uint64_t gfn, struct probe_spte *ret_spte);

/* The same of SPTEs that are pinned, present or not. */
bool probe_pinned_next(unsigned int vm, uint64_t *cursor, struct probe_spte *ret_spte);

/*
 * Leaf SPTEs that the running task made present since it took mmu_lock last;
 * the list survives until it takes it again. For mapped-unpinned.
 */
unsigned int probe_spte_written(unsigned int task, unsigned int *ret_vm,
				struct probe_spte *ret_sptes, unsigned int max);

/*
 * How often in a row a fault of @task has started over, while nobody else took a
 * step or could have taken one. For no-progress, where it has just done so.
 */
unsigned int probe_reentries_alone(unsigned int task);

#endif
