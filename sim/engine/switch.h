/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two back ends of the task switch provide to fiber.c.
 */
#ifndef SIM_ENGINE_SWITCH_H
#define SIM_ENGINE_SWITCH_H

#include <stdint.h>

#ifdef SIM_UCONTEXT
#include <ucontext.h>

/* More than swapcontext() and its caller's frame can need. */
#define SIM_CONTEXT_SLACK	1024

struct sim_context {
	ucontext_t uc;
	uint64_t sp;	/* nothing below it is live */
};
#else
struct sim_context {
	uint64_t sp;	/* the callee-saved registers lie there */
};
#endif

/**
 * sim_context_init() - stand before the first instruction of @entry.
 * @ctx: to fill
 * @lo: lowest address of the stack
 * @size: bytes
 * @entry: must not return
 */
void sim_context_init(struct sim_context *ctx, uint64_t lo, uint64_t size,
		      void (*entry)(void));

/* Leave @from here, go on where @to was left. */
void sim_context_switch(struct sim_context *from, struct sim_context *to);

#endif
