/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the hooks cannot refuse because the processor meets it first: a task
 * that runs off its stack, loads through pointers that are wild without being
 * small, calls to nowhere, divisions by zero.
 *
 * With loaded code (image.h) in the world that is taken to be its doing: the
 * task goes on in a function of ours, on its own stack, that ends it as any
 * refused access does, and a check says so.  Without, it is pinsim's own fault;
 * it is named, and the program ends with status 3.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

#include "sim/engine/bug.h"
#include "sim/engine/fault.h"
#include "sim/engine/image_private.h"
#include "sim/engine/rescue.h"

#define ALT_STACK	(64u << 10)

/* Where below the top of a stack that is full its task is ended. */
#define SPARE_STACK	(SIM_STACK_SIZE / 2)

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
#define NR_SIGNALS	(sizeof(signals) / sizeof(signals[0]))

struct guard {
	struct sim_rescue *rescue;	/* the innermost */
	void *stack;
	stack_t old_stack;
	struct sigaction old[NR_SIGNALS];
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

/* What a task goes on as after a fault. */
static _Noreturn void end_task(uint64_t kind, uint64_t addr, uint64_t pc)
{
	/* Found on the stack by who asks where it was (sim_fault_site()). */
	volatile uint64_t frame = pc;

	(void)frame;
	sim_refuse(kind, addr, false);
}

static enum sim_fault kind_of(int sig, bool stack)
{
	if (stack)
		return SIM_FAULT_STACK;
	return sig == SIGSEGV || sig == SIGBUS ? SIM_FAULT_WILD : SIM_FAULT_TRAP;
}

/*
 * Have the running task continue in end_task().
 * Return: false if it is not loaded code that could be blamed.
 */
static bool divert(int sig, const siginfo_t *info, ucontext_t *uc, bool stack)
{
#ifdef __x86_64__
	greg_t *reg = uc->uc_mcontext.gregs;
	uint64_t sp = reg[REG_RSP], pc = reg[REG_RIP], top;
	int task = sim_fiber_running();
	bool off;

	if (task < 0 || !sim_images_loaded())
		return false;
	top = sim_stack_lo(task) + SIM_STACK_SIZE;
	/* A stack pointer that points elsewhere is no better than one that ran out. */
	off = stack || top - sp > SIM_STACK_SIZE;
	if (!sim_image_is_code(pc))
		pc = off ? 0 : sim_image_caller((void *)(sp & ~7ULL), (void *)top);
	else
		pc++;		/* as a return address: behind it */
	/* Past the red zone, and as a call leaves it. */
	sp = off ? top - SPARE_STACK : sp - 256;
	reg[REG_RSP] = (sp & ~15ULL) - 8;
	reg[REG_RIP] = (greg_t)end_task;
	reg[REG_RDI] = kind_of(sig, stack);
	reg[REG_RSI] = (greg_t)info->si_addr;
	reg[REG_RDX] = pc;
	return true;
#else
	return false;
#endif
}

bool sim_rescue_begin(struct sim_rescue *r)
{
	r->armed = sim_images_loaded();
	if (!r->armed)
		return false;
	sim_bug_ended();
	r->outer = guard.rescue;
	guard.rescue = r;
	return true;
}

void sim_rescue_end(struct sim_rescue *r)
{
	if (r->armed)
		guard.rescue = r->outer;
}

void sim_rescue_go(void)
{
	struct sim_rescue *r = guard.rescue;

	if (!r || sim_fiber_running() >= 0)
		return;
	guard.rescue = r->outer;
	_longjmp(r->at, 1);
}

static void restore(int sig)
{
	size_t i;

	for (i = 0; i < NR_SIGNALS; i++)
		if (signals[i] == sig)
			sigaction(sig, &guard.old[i], NULL);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	int task = sim_fiber_running();
	char text[160];
	int id, len;

	id = sig == SIGSEGV ? overflowed((uint64_t)info->si_addr) : -1;
	if (divert(sig, info, context, id >= 0 && id == task))
		return;
	if (id >= 0) {
		len = snprintf(text, sizeof(text),
			       "pinsim: task %d overflowed its stack of %u KiB\n",
			       id, SIM_STACK_SIZE >> 10);
		say_and_end(text, len);
	}
	if (task >= 0 && (sig == SIGSEGV || sig == SIGBUS)) {
		len = snprintf(text, sizeof(text),
			       "pinsim: task %d followed a wild pointer\n",
			       task);
		say_and_end(text, len);
	}
	if (task < 0)
		sim_rescue_go();
	/* The host's own fault: as if this handler were not there. */
	restore(sig);
}

static int install_all(const struct sigaction *sa)
{
	size_t i;

	for (i = 0; i < NR_SIGNALS; i++)
		if (sigaction(signals[i], sa, &guard.old[i]))
			return -errno;
	return 0;
}

int sim_guard_install(void)
{
	struct sigaction sa = {
		.sa_sigaction = on_fault,
		/* Not masked: who is rescued does not return from it. */
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};
	stack_t ss = { .ss_size = ALT_STACK };
	int r;

	if (guard.installed)
		return 0;
	guard.stack = malloc(ALT_STACK);
	if (!guard.stack)
		return -ENOMEM;
	ss.ss_sp = guard.stack;
	sigemptyset(&sa.sa_mask);
	r = sigaltstack(&ss, &guard.old_stack) ? -errno : install_all(&sa);
	if (r) {
		free(guard.stack);
		guard.stack = NULL;
		return r;
	}
	guard.installed = true;
	return 0;
}

void sim_guard_remove(void)
{
	size_t i;

	if (!guard.installed)
		return;
	for (i = 0; i < NR_SIGNALS; i++)
		sigaction(signals[i], &guard.old[i], NULL);
	sigaltstack(&guard.old_stack, NULL);
	free(guard.stack);
	guard.stack = NULL;
	guard.installed = false;
}
