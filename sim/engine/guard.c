/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the hooks cannot refuse because the processor meets it first: a task
 * that runs off its stack, and loads through pointers that are wild without
 * being small.  Both are named, and the program ends with status 3.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/engine/bug.h"
#include "sim/engine/engine_private.h"

#define ALT_STACK	(64u << 10)

struct guard {
	void *stack;
	stack_t old_stack;
	struct sigaction old_segv, old_bus;
	bool installed;
};

static struct guard guard;

void __gcov_dump(void) __attribute__((weak));

/* Which fiber's stack an address is just below, or -1. */
static int overflowed(uint64_t addr)
{
	uint64_t off = addr - sim_area_base(SIM_AREA_STACKS);
	uint64_t id = off / SIM_STACK_STRIDE;

	if (id >= SIM_MAX_TASKS || off % SIM_STACK_STRIDE >= SIM_STACK_SIZE)
		return -1;
	return id;
}

static void say_and_end(const char *text, int len)
{
	/* Nothing else can be done about a failure to say it. */
	if (write(STDERR_FILENO, text, len) < 0)
		_exit(3);
	if (__gcov_dump)
		__gcov_dump();
	_exit(3);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	int task = sim_fiber_running();
	char text[160];
	int id, len;

	(void)context;
	id = overflowed((uint64_t)info->si_addr);
	if (id >= 0) {
		len = snprintf(text, sizeof(text),
			       "pinsim: task %d overflowed its stack of %u KiB\n",
			       id, SIM_STACK_SIZE >> 10);
		say_and_end(text, len);
	}
	if (task >= 0) {
		len = snprintf(text, sizeof(text),
			       "pinsim: task %d followed a wild pointer\n",
			       task);
		say_and_end(text, len);
	}
	/* The host's own fault: as if this handler were not there. */
	sigaction(sig, sig == SIGBUS ? &guard.old_bus : &guard.old_segv, NULL);
}

int sim_guard_install(void)
{
	struct sigaction sa = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	stack_t ss = { .ss_size = ALT_STACK };

	guard.stack = malloc(ALT_STACK);
	if (!guard.stack)
		return -ENOMEM;
	ss.ss_sp = guard.stack;
	sigemptyset(&sa.sa_mask);
	if (sigaltstack(&ss, &guard.old_stack) ||
	    sigaction(SIGSEGV, &sa, &guard.old_segv) ||
	    sigaction(SIGBUS, &sa, &guard.old_bus)) {
		int r = -errno;

		free(guard.stack);
		guard.stack = NULL;
		return r;
	}
	guard.installed = true;
	return 0;
}

void sim_guard_remove(void)
{
	if (!guard.installed)
		return;
	sigaction(SIGSEGV, &guard.old_segv, NULL);
	sigaction(SIGBUS, &guard.old_bus, NULL);
	sigaltstack(&guard.old_stack, NULL);
	free(guard.stack);
	guard.stack = NULL;
	guard.installed = false;
}
