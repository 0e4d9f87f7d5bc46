/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A budget for code between two steps.  A loop that takes steps is met by the
 * bounds on steps; one that takes none would keep pinsim for ever.  Loaded code
 * is therefore compiled with -fsanitize-coverage=trace-pc, which calls the hook
 * here at each basic block: a count, no clock, so that the same run ends at
 * the same place everywhere.
 */
#include "sim/engine/engine_private.h"

struct budget {
	uint64_t step;		/* which step is counted for: the world's clock */
	uint32_t blocks;
};

static struct budget budget;

void sim_budget_renew(void)
{
	budget.blocks = 0;
}

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	if (budget.step != sim_hot.now) {
		budget.step = sim_hot.now;
		budget.blocks = 0;
	}
	if (unlikely(++budget.blocks > SIM_BLOCKS_MAX)) {
		budget.blocks = 0;
		sim_refuse(SIM_FAULT_LOOP, 0, false);
	}
}
