/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The task switch by makecontext() and swapcontext(), for every machine that
 * has no file of its own.  A hundred times slower (two system calls).
 *
 * The context lies outside the arena and points into itself, so a saved copy
 * is only good for the place that it came from.
 */
#include <stddef.h>

#include "sim/engine/bug.h"
#include "sim/engine/clean.h"
#include "sim/engine/switch.h"

void sim_context_init(struct sim_context *ctx, uint64_t lo, uint64_t size,
		      void (*entry)(void))
{
	if (getcontext(&ctx->uc))
		SIM_BUG("getcontext() failed");
	ctx->uc.uc_stack.ss_sp = (void *)lo;
	ctx->uc.uc_stack.ss_size = size;
	ctx->uc.uc_link = NULL;
	makecontext(&ctx->uc, entry, 0);
	ctx->sp = lo + size - SIM_CONTEXT_SLACK;
}

void sim_context_switch(struct sim_context *from, struct sim_context *to)
{
	from->sp = (uint64_t)__builtin_frame_address(0) - SIM_CONTEXT_SLACK;
	if (swapcontext(&from->uc, &to->uc))
		SIM_BUG("swapcontext() failed");
}

/* C knows no frames. */
void sim_stack_clean(void)
{
}
