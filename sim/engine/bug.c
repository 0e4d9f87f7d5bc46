/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a program that found a fault in itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"

/* Present in coverage builds only. */
void __gcov_dump(void) __attribute__((weak));

_Noreturn void sim_bug(const char *what, const char *file, int line)
{
	/* Meson compiles from its build folder: drop the way back from it. */
	while (file[0] == '.' && file[1] == '.' && file[2] == '/')
		file += 3;
	fflush(stdout);
	fprintf(stderr, "pinsim: internal error: %s (%s:%d)", what, file, line);
	if (sim_fiber_running() >= 0)
		fprintf(stderr, ", in task %d", sim_fiber_running());
	fputc('\n', stderr);
	/* Not exit(): its handlers do not expect to run on a task's stack. */
	if (__gcov_dump)
		__gcov_dump();
	_exit(3);
}
