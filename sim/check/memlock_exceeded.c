/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memlock-exceeded: a process without CAP_IPC_LOCK has more pages held for good
 * than its RLIMIT_MEMLOCK allows (F.1 to F.4, H-27, H-28).
 *
 * Long-lived references are added up over all VMs of the process, each for
 * itself: two pins of one page count twice, as they do in the kernel (F.4).
 * What a design charges by its own counter is memlock-drift's business.
 */
#include <inttypes.h>

#include "fakes/host/probe.h"
#include "fakes/kvm/probe.h"
#include "sim/check/check_private.h"

#define MAX_PROCESSES	32

struct sums {
	uint64_t held[MAX_PROCESSES];
	uint64_t grown;			/* by the hook that was left, a bit each */
	struct sim_ref_info last;	/* newest of that hook's references */
	sim_obj_t last_obj;
};

/* The process that a long-lived reference is held for, or -1. */
static int holder(const struct sim_ref_info *ref)
{
	struct probe_vm info;
	unsigned int vm;

	if (!ref->long_lived || !owner_vm(ref->owner, &vm) || !probe_vm(vm, &info))
		return -1;
	return info.owner < MAX_PROCESSES ? (int)info.owner : -1;
}

/**
 * check_held_pages() - pages held for good on behalf of a process
 * @process: its number
 *
 * Return: the sum of its VMs' long-lived references.
 */
uint64_t check_held_pages(unsigned int process)
{
	struct sim_ref_info ref;
	uint64_t cursor = 0;
	uint64_t sum = 0;
	sim_obj_t obj;

	while (sim_ref_next_long(&cursor, &obj, &ref))
		if (SIM_OBJ_CLASS(obj) == OBJ_PAGE && holder(&ref) == (int)process)
			sum += ref.count;
	return sum;
}

static void add_up(uint32_t hook, struct sums *sums)
{
	struct sim_ref_info ref;
	uint64_t cursor = 0;
	sim_obj_t obj;

	while (sim_ref_next_long(&cursor, &obj, &ref)) {
		int p = SIM_OBJ_CLASS(obj) == OBJ_PAGE ? holder(&ref) : -1;

		if (p < 0)
			continue;
		sums->held[p] += ref.count;
		if (ref.hook != hook)
			continue;
		sums->grown |= 1ULL << p;
		if (!sums->last_obj || ref.time >= sums->last.time) {
			sums->last = ref;
			sums->last_obj = obj;
		}
	}
}

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct sums sums = { 0 };
	struct check_words w;

	add_up((uint32_t)rec->b, &sums);
	for (unsigned int i = 0; i < MAX_PROCESSES; i++) {
		struct probe_process p;

		if (!(sums.grown >> i & 1) || !probe_process(i, &p))
			continue;
		if (p.cap_ipc_lock || sums.held[i] <= p.memlock_pages)
			continue;
		return check_say(ret, rec, SIM_OBJ(OBJ_MM, i),
				 "%s holds %" PRIu64 " pages for good, "
				 "its RLIMIT_MEMLOCK allows %" PRIu64
				 " and it has no CAP_IPC_LOCK; the last is %s, taken by %s in %s",
				 say_other(ctx, SIM_OBJ(OBJ_MM, i), &w), sums.held[i],
				 p.memlock_pages, say_obj(ctx, sums.last_obj, &w),
				 say_task(ctx, sums.last.task, &w), say_site(sums.last.site, &w));
	}
	return false;
}

const struct check check_memlock_exceeded = {
	.id = "memlock-exceeded",
	.never = "more is pinned than RLIMIT_MEMLOCK allows without CAP_IPC_LOCK",
	.verbs = CHECK_VERB(OUTLIVED),
	.look = look,
};
