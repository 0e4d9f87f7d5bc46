/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * no-progress: a guest's access faults again and again, and nothing that anybody
 * else does can change that (H.2: RETRY and SPURIOUS enter the guest again, which
 * makes the same access; H.15: only a signal ends it).
 *
 * Not a livelock, which is a state that comes again: a fault that starts over may
 * count, allocate or put something each time. That nobody else ran since it
 * started over for the first time, or can run now, is what makes it hopeless.
 *
 * It counts, and the count is history: two orders of steps that have nothing to do
 * with one another may differ in it.  A search that tries one of them for both, or
 * stops at a known state, can miss what another order shows; chance and brute force
 * (--reduction none) see each order that they run.
 */
#include <inttypes.h>

#include "mmu/probe.h"
#include "sim/check/check_private.h"

/* One could be owed to what came before; two, to what the first has prepared. */
#define REENTRIES	3

static bool look(const struct check_ctx *ctx, const struct sim_record *rec,
		 struct violation *ret)
{
	struct check_words w;

	if (rec->task < 0 || probe_reentries_alone((unsigned int)rec->task) < REENTRIES)
		return false;
	return check_say(ret, rec, rec->obj, "%s faults at gfn 0x%" PRIx64 " and starts over, "
			 "three times in a row; nobody else ran meanwhile, or can run",
			 say_task(ctx, rec->task, &w), (uint64_t)rec->b);
}

const struct check check_no_progress = {
	.id = "no-progress",
	.never = "a fault starts over for ever, and nobody is left who could change that",
	.verbs = CHECK_VERB(RETRY),
	.look = look,
};
