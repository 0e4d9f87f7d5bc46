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
#include "sim/core/step.h"

#undef set_bit
#undef clear_bit
#undef test_bit
#undef test_and_set_bit
#undef test_and_clear_bit

static void bit_step(enum sim_verb verb, long nr, const volatile unsigned long *addr)
{
	sim_step2(verb, sim_memory_obj((unsigned long)&addr[BIT_WORD(nr)]), nr, 0, sim_site());
}

void set_bit(long nr, volatile unsigned long *addr)
{
	bit_step(SIM_WRITE, nr, addr);
	arch_set_bit(nr, addr);
}

void clear_bit(long nr, volatile unsigned long *addr)
{
	bit_step(SIM_WRITE, nr, addr);
	arch_clear_bit(nr, addr);
}

bool test_bit(long nr, const volatile unsigned long *addr)
{
	bit_step(SIM_READ, nr, addr);
	return arch_test_bit(nr, addr);
}

bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bit_step(SIM_CMPXCHG, nr, addr);
	return arch_test_and_set_bit(nr, addr);
}

bool test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bit_step(SIM_CMPXCHG, nr, addr);
	return arch_test_and_clear_bit(nr, addr);
}
