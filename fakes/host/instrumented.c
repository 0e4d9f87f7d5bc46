/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Atomic operations on bits that tasks share without a lock, a step each
 * (include/asm-generic/bitops/instrumented-atomic.h, v6.12).
 *
 * A lone test_bit() is a step as well: with a set_bit() after it, it is the
 * classic pair that another task comes between (K.15).
 *
 * The trace knows the memory by its allocation; the page's own flags and other
 * bits that a lock protects use the arch_ forms and are no steps.
 */
#include <linux/bitops.h>

#include "sim/core/alloc.h"
#include "sim/core/order.h"
#include "sim/core/step.h"

#undef set_bit
#undef clear_bit
#undef test_bit
#undef test_and_set_bit
#undef test_and_clear_bit

static void bit_step(enum sim_verb verb, long nr, const volatile unsigned long *addr,
		     const void *pc)
{
	const volatile unsigned long *word = &addr[BIT_WORD(nr)];

	sim_step2(verb, sim_memory_obj((unsigned long)word), nr, 0, sim_site());
	sim_order_marked(word, sizeof(*word), verb != SIM_READ, pc);
}

void set_bit(long nr, volatile unsigned long *addr)
{
	bit_step(SIM_WRITE, nr, addr, __builtin_return_address(0));
	arch_set_bit(nr, addr);
}

void clear_bit(long nr, volatile unsigned long *addr)
{
	bit_step(SIM_WRITE, nr, addr, __builtin_return_address(0));
	arch_clear_bit(nr, addr);
}

bool test_bit(long nr, const volatile unsigned long *addr)
{
	bit_step(SIM_READ, nr, addr, __builtin_return_address(0));
	return arch_test_bit(nr, addr);
}

bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bit_step(SIM_CMPXCHG, nr, addr, __builtin_return_address(0));
	return arch_test_and_set_bit(nr, addr);
}

bool test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bit_step(SIM_CMPXCHG, nr, addr, __builtin_return_address(0));
	return arch_test_and_clear_bit(nr, addr);
}
