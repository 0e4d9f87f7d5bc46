/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Failures on request: lib/fault-inject.c, v6.12: should_fail_ex(), and those
 * who ask it.  mm/failslab.c: should_failslab().  mm/fail_page_alloc.c:
 * should_fail_alloc_page().  lib/fault-inject-usercopy.c: should_fail_usercopy().
 * A file of their own, because the linker's --wrap only catches calls from
 * another one.
 *
 * A failure belongs to a task and is counted in its calls, as what is written
 * to /proc/thread-self/fail-nth; so what one task is to suffer does not depend
 * on what the others do.  Beyond the kernel, a call may be left open: then both
 * outcomes are explored.
 *
 * Simpler than the kernel: no probability, no interval, no stack trace filter;
 * an allocation fails whatever its flags, __GFP_NOFAIL is not modelled.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "fakes/fault.h"
#include "fakes/host/host.h"
#include "sim/core/alloc.h"

/**
 * struct task_fault - what one task's calls are to suffer
 * @left: of each primitive: calls until one fails; 0: none does
 * @times: how many fail from then on, or may fail while @open
 * @open: which of them fail is explored
 * @killed: a fatal signal is pending, and stays so
 */
struct task_fault {
	u64 left[NR_FAULT_POINTS];
	u64 times[NR_FAULT_POINTS];
	bool open[NR_FAULT_POINTS];
	bool killed;
};

static const char *const words[] = {
#define FAULT_POINT(name, word, function, result, contract) "fail " word,
#include "fakes/fault.def"
#undef FAULT_POINT
};

static uint64_t *failures(void)
{
	return &host_history()->failures;
}

uint64_t probe_failures(void)
{
	return *failures();
}

void fault_inject(const struct fault_order *order)
{
	struct task_struct *task = current;

	if (!task->fault)
		task->fault = sim_alloc(sizeof(*task->fault));
	task->fault->open[order->point] = !order->nth;
	task->fault->left[order->point] = order->nth ?: 1;
	task->fault->times[order->point] = order->times;
}

void fault_inject_off(void)
{
	struct task_struct *task = current;

	sim_free(task->fault);
	task->fault = NULL;
}

/* Count a call of what @i stands for. Return: true if it is one that fails. */
static bool count_call(struct task_fault *f, unsigned int i, enum fault_point point)
{
	if (!f->left[i])
		return false;
	if (f->open[i]) {
		if (!sim_choose(2, words[point]))
			return false;
	} else if (f->left[i] > 1) {
		f->left[i]--;
		return false;
	}
	/* It stays at 1 for as long as the calls that follow fail too. */
	if (f->times[i] != FAULT_FOR_EVER && !--f->times[i])
		f->left[i] = 0;
	return true;
}

static bool hit(struct task_fault *f, enum fault_point point, const char *site)
{
	bool fails;

	if (point == FAULT_FATAL_SIGNAL && f->killed)
		return true;
	/* Both count it, whatever the other says. */
	fails = count_call(f, point, point);
	if (count_call(f, FAULT_ANY, point))
		fails = true;
	if (!fails)
		return false;
	f->killed |= point == FAULT_FATAL_SIGNAL;
	sim_count(failures());
	sim_note(SIM_FAIL, SIM_OBJ(SIM_CLASS_TASK, sim_task_id()), point, *failures(), site);
	return true;
}

/* Nothing is to fail, nearly always: a thread's own business, so no hooks. */
__no_kcsan bool fault_hit(enum fault_point point, const char *site)
{
	struct task_fault *f = current->fault;

	return unlikely(f) && hit(f, point, site);
}

/**
 * should_failslab() - is this allocation to fail?
 * @size: bytes
 * @flags: GFP_*
 *
 * Context: any.
 * Return: true if it is.
 */
bool should_failslab(size_t size, gfp_t flags)
{
	return fault_hit(FAULT_SLAB, sim_site());
}

/**
 * should_fail_alloc_page() - is this allocation to fail?
 * @gfp: GFP_*
 * @order: of the pages
 * @site: who wants them
 *
 * Context: any.
 * Return: true if it is.
 */
bool should_fail_alloc_page(gfp_t gfp, unsigned int order, const char *site)
{
	return fault_hit(FAULT_PAGE_ALLOC, site);
}

/**
 * should_fail_usercopy() - is user memory not to be had?
 *
 * Context: any.
 * Return: true if it is not.
 */
bool should_fail_usercopy(void)
{
	return fault_hit(FAULT_USERCOPY, sim_site());
}
