/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The actors' state, shared by the world-side files of this room. */
#ifndef SIM_RACE_ACTOR_PRIVATE_H
#define SIM_RACE_ACTOR_PRIVATE_H

#include <linux/kvm_host.h>
#include <linux/mm.h>

#include "fakes/objects.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/core/world.h"
#include "sim/race/actor.h"

#define ACTOR_MAX_GRIPS		64	/* hold and pin statements in force at once */

/**
 * struct actor_grip - pages that a hold or pin statement got and still has
 * @addr: first address; @npages == 0 is a free place
 * @npages: how many were asked for and got
 * @pin: by pin_user_pages_fast(), else by get_user_pages_fast()
 * @pages: the pages
 * @more: how many references besides the one on each of them, by hold with times
 */
struct actor_grip {
	u64 addr;
	u64 npages;
	bool pin;
	struct page **pages;
	u32 *more;
};

/**
 * struct actor_state - one actor
 * @what: its program
 * @result: of each statement
 * @id: task number; SIM_MAX_TASKS for the host's set-up
 * @touches: values written so far, so that each is a new one
 * @nr_grips: how many hold and pin statements are in force
 * @grips: what they hold
 */
struct actor_state {
	struct actor what;
	struct actor_result *result;
	unsigned int id;
	unsigned int touches;
	unsigned int nr_grips;
	struct actor_grip grips[ACTOR_MAX_GRIPS];
};

/* Pages that cma_alloc statements got, to be given back at the end. */
struct actor_cma {
	struct page *page;
	u64 npages;
	struct actor_cma *next;
};

struct actor_gmem;
struct actor_trail;

/**
 * struct actors - the root object of this room
 * @actor: by task number; the last is the host's
 * @closed: VMs whose file descriptor is closed, a bit each
 * @may_close: VMs of which some statement closes it
 * @served: tasks whose vCPU has a kworker, a bit each
 * @cma: see above
 * @gmem: guest_memfds that VMMs have open (gmem.c)
 * @trail: where pages have been (trail.c)
 */
struct actors {
	struct actor_state *actor[SIM_MAX_TASKS + 1];
	u32 closed;
	u32 may_close;
	u64 served;
	struct actor_cma *cma;
	struct actor_gmem *gmem;
	struct actor_trail *trail;
};

static inline struct actors *actors(void)
{
	return sim_room_at(SIM_ROOM_RACE);
}

/* History: faults re-entered. */
static inline u64 *actor_retry_count(void)
{
	return sim_room_history(SIM_ROOM_RACE);
}

/* statement.c: the vCPU that the actor runs; or ERR_PTR. */
struct kvm_vcpu *actor_vcpu(const struct actor_state *a, struct kvm *kvm);

/* gmem.c: KVM_SET_USER_MEMORY_REGION for a guest that has private memory. */
struct kvm_userspace_memory_region;
long actor_gmem_slot(struct kvm *kvm, const struct kvm_userspace_memory_region *region);
/* Its files are closed, with the VM. */
void actor_gmem_close(unsigned int vm);
long actor_gmem_punch(struct kvm *kvm, gfn_t gfn);
long actor_gmem_convert(struct kvm *kvm, gfn_t gfn, bool private);

/* Make the tables of trail.c. */
void actor_trail_init(struct actors *all);

/* statement.c: carry out one statement. */
long actor_statement(struct actor_state *a, const struct actor_op *op, bool *ret_bounded);

/* grip.c: references of hold and pin statements. */
long actor_grip(struct actor_state *a, const struct actor_op *op);
long actor_let_go(struct actor_state *a, const struct actor_op *op);
void actor_let_go_all(struct actor_state *a);
void actor_release_cma(void);

#endif
