/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a program that found a fault in itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/engine/bug.h"
#include "sim/engine/fault.h"
#include "sim/engine/image_private.h"
#include "sim/engine/rescue.h"

/* Present in coverage builds only. */
void __gcov_dump(void) __attribute__((weak));

/* What loaded code was blamed for last; its task is being ended for that. */
static const char *said;
static bool blaming;

void sim_bug_ended(void)
{
	blaming = false;
}

const char *sim_bug_said(void)
{
	return said;
}

/*
 * Loaded code can drive the simulated machine past any limit, and into what its
 * functions take for impossible: at once, or long after it has overwritten what
 * somebody else comes by. That ends the task as other faults of it do; the
 * verdict has the words of what was found wrong.
 */
static void blame_loaded_code(const char *what)
{
	if (sim_fiber_running() < 0 || !sim_images_loaded() || !sim_engine.fault)
		return;
	/* Ending the task must not lead here again. */
	if (blaming)
		return;
	blaming = true;
	said = what;
	sim_refuse(SIM_FAULT_BEYOND, 0, false);
}

_Noreturn void sim_bug(const char *what, const char *file, int line)
{
	/* Meson compiles from its build folder: drop the way back from it. */
	while (file[0] == '.' && file[1] == '.' && file[2] == '/')
		file += 3;
	blame_loaded_code(what);
	/* Of what loaded code has spoilt anything can be found. */
	sim_rescue_go();
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
