/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root object of the MMU's room, who wrote which leaf; and its history, who
 * starts a fault over alone.
 */
#ifndef MMU_STEP_PROBE_H
#define MMU_STEP_PROBE_H

#include <linux/types.h>

#include "sim/engine/arena.h"

#define MMU_MAX_WRITTEN	8	/* one section of mmu_lock writes one leaf */

struct mmu_written_spte {
	u64 gfn;
	u64 spte;
	u8 level;
	u8 variant;
};

/**
 * struct mmu_written - leaves that a task made present
 * @vm: number of the VM
 * @nr: how many
 * @leaf: which
 *
 * Emptied when the task takes mmu_lock; so it can be read after the task has
 * let it go.
 */
struct mmu_written {
	u32 vm;
	u32 nr;
	struct mmu_written_spte leaf[MMU_MAX_WRITTEN];
};

/* By task; the host's own context comes last. */
struct mmu_world {
	struct mmu_written written[SIM_MAX_TASKS + 1];
};

/**
 * struct mmu_reentries - faults that a task starts over
 * @others: steps that were not its own, by the last time
 * @alone: times in a row that nobody else has stepped since, nor could
 */
struct mmu_reentries {
	u64 others;
	u64 alone;
};

struct mmu_history {
	struct mmu_reentries reentries[SIM_MAX_TASKS];
};

/* The list of @task (-1: the host); NULL before the first VM. */
struct mmu_written *mmu_written(int task);

#endif
