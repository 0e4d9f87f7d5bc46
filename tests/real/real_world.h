/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What glue tells the program that it is linked into. World side. */
#ifndef TESTS_REAL_REAL_WORLD_H
#define TESTS_REAL_REAL_WORLD_H

#include <linux/compiler.h>

/* Calls of the kernel's functions, over all executions: not part of any state. */
extern unsigned long real_calls;

static inline __no_kcsan void real_called(void)
{
	real_calls++;
}

#endif
