/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boost.Context's switch, timed.  Its two functions are assembly with C's
 * calling convention; only the header that declares them is C++.
 */
#include "bench/fcontext.h"

#ifdef HAVE_FCONTEXT
#include <stddef.h>
#include <stdlib.h>

#include "bench/measure.h"

#define STACK_SIZE	(64u << 10)

struct transfer {
	void *fctx;		/* where it came from */
	void *data;
};

struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *sp, size_t size, void (*fn)(struct transfer from));

static void back_and_back(struct transfer from)
{
	for (;;)
		from = jump_fcontext(from.fctx, NULL);
}

double bench_fcontext(uint64_t n)
{
	char *stack = malloc(STACK_SIZE);
	struct transfer t = { .fctx = NULL };
	double start;

	if (!stack)
		return -1;
	t.fctx = make_fcontext(stack + STACK_SIZE, STACK_SIZE, back_and_back);
	start = bench_now();
	while (n--)
		t = jump_fcontext(t.fctx, NULL);
	start = bench_now() - start;
	free(stack);
	return start;
}
#else
double bench_fcontext(uint64_t n)
{
	(void)n;
	return -1;
}
#endif
