/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the MMU meets the simulated machine: its atomic operations become
 * steps, its events go to the trace, and for each task the leaves that it made
 * present since it took mmu_lock last are kept for a check to look at.
 *
 * mmu/ itself knows nothing of all this; it calls what mmutrace.h declares.
 */
#include "mmu/spte.h"
#include "mmu/mmutrace.h"
#include "mmu/probe.h"
#include "mmu/step_probe.h"

#include <linux/string.h>

#include "fakes/objects.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/core/wait.h"
#include "sim/core/world.h"

#define OBJ_OF_VCPU(vcpu)	OBJ_VCPU_OF((vcpu)->kvm->number, (vcpu)->vcpu_idx)

/* An entry above the last level has its level in the bits above any gfn's. */
static sim_obj_t spte_obj(const struct kvm *kvm,
			  const struct kvm_mmu_page *root, gfn_t gfn, int level)
{
	return OBJ_SPTE_OF(kvm->number, root->role.variant,
			   gfn | ((u64)(level - PG_LEVEL_4K) << 40));
}

__no_kcsan struct mmu_written *mmu_written(int task)
{
	struct mmu_world *w = sim_room(SIM_ROOM_MMU);

	return w ? &w->written[task < 0 ? SIM_MAX_TASKS : task] : NULL;
}

void trace_kvm_mmu_init(void)
{
	if (!sim_room(SIM_ROOM_MMU))
		sim_room_create(SIM_ROOM_MMU, sizeof(struct mmu_world));
}

void trace_kvm_mmu_locked(struct kvm *kvm)
{
	struct mmu_written *written = mmu_written(sim_task_id());

	/* Forgotten as a whole, so that no state differs by it. */
	if (written && written->nr)
		memset(written, 0, sizeof(*written));
}

static void remember_written(struct kvm *kvm, const struct kvm_mmu_page *root,
			     gfn_t gfn, int level, u64 spte)
{
	struct mmu_written *written = mmu_written(sim_task_id());
	struct mmu_written_spte *leaf;

	if (!written || written->nr == MMU_MAX_WRITTEN)
		return;
	written->vm = kvm->number;
	leaf = &written->leaf[written->nr++];
	leaf->gfn = gfn;
	leaf->spte = spte;
	leaf->level = level;
	leaf->variant = root->role.variant;
}

/* --- steps --- */

/*
 * Before a walk without mmu_lock, which then is one with its read of the leaf:
 * tables are freed at once here, so nobody may yield while standing in one. In
 * the kernel RCU keeps a table that was unlinked, and the walker finds in it
 * what this one finds above: nothing present.
 */
void kvm_tdp_mmu_walk_lockless_step(struct kvm *kvm,
				    const struct kvm_mmu_page *root, gfn_t gfn)
{
	sim_step(SIM_READ, spte_obj(kvm, root, gfn, PG_LEVEL_4K),
		 "fast_page_fault");
}

bool kvm_tdp_mmu_cmpxchg_spte(struct kvm *kvm, const struct kvm_mmu_page *sp,
			      u64 *sptep, gfn_t gfn, int level, u64 *old_spte,
			      u64 new_spte)
{
	sim_obj_t obj = spte_obj(kvm, sp, gfn, level);
	bool won;

	sim_step(SIM_CMPXCHG, obj, "tdp_mmu_set_spte_atomic");
	won = try_cmpxchg64(sptep, old_spte, new_spte);
	sim_note(SIM_CMPXCHG, obj, won, 0, "tdp_mmu_set_spte_atomic");
	return won;
}

bool kvm_tdp_mmu_fix_spte(struct kvm *kvm, const struct kvm_mmu_page *root,
			  u64 *sptep, gfn_t gfn, u64 old_spte, u64 new_spte)
{
	bool won = try_cmpxchg64(sptep, &old_spte, new_spte);

	sim_note(SIM_CMPXCHG, spte_obj(kvm, root, gfn, PG_LEVEL_4K), won, 0,
		 "fast_page_fault");
	return won;
}

u64 kvm_tdp_mmu_xchg_spte(struct kvm *kvm, const struct kvm_mmu_page *sp,
			  u64 *sptep, gfn_t gfn, int level, u64 new_spte)
{
	u64 old_spte;

	sim_step(SIM_WRITE, spte_obj(kvm, sp, gfn, level),
		 "handle_removed_pt");
	old_spte = xchg(sptep, new_spte);
	return old_spte;
}

void trace_kvm_guest_access(struct kvm_vcpu *vcpu, gfn_t gfn, bool write)
{
	sim_step2(SIM_ACCESS, OBJ_SPTE_OF(vcpu->kvm->number,
				vcpu->arch.mmu->root_role.variant, gfn),
		  write, 0, "guest");
}

/* --- notes --- */

void trace_kvm_tdp_mmu_map(struct kvm_vcpu *vcpu,
			   const struct kvm_page_fault *fault)
{
	sim_note(SIM_ENTER, OBJ_OF_VCPU(vcpu), fault->gfn, fault->pfn,
		 "kvm_tdp_mmu_map");
}

void trace_kvm_tdp_mmu_map_done(struct kvm_vcpu *vcpu,
				const struct kvm_page_fault *fault, int ret)
{
	sim_note(SIM_LEAVE, OBJ_OF_VCPU(vcpu), ret, fault->pfn,
		 "kvm_tdp_mmu_map");
}

void trace_kvm_tdp_mmu_spte_changed(struct kvm *kvm,
				    const struct kvm_mmu_page *root, gfn_t gfn,
				    int level, u64 old_spte, u64 new_spte)
{
	bool was = is_shadow_present_pte(old_spte) &&
		   is_last_spte(old_spte, level);
	bool is = is_shadow_present_pte(new_spte) &&
		  is_last_spte(new_spte, level);

	if (is) {
		remember_written(kvm, root, gfn, level, new_spte);
		sim_note(SIM_MAP, spte_obj(kvm, root, gfn, level),
			 spte_to_pfn(new_spte), is_writable_pte(new_spte),
			 "handle_changed_spte");
	} else if (was) {
		sim_note(SIM_UNMAP, spte_obj(kvm, root, gfn, level),
			 spte_to_pfn(old_spte), 0, "handle_changed_spte");
	}
}

void trace_kvm_tdp_mmu_zap(struct kvm *kvm, unsigned int nr_leafs)
{
	sim_note(SIM_ZAP, SIM_OBJ(OBJ_VM, kvm->number), nr_leafs, 0,
		 "kvm_tdp_mmu_unmap_gfn_range");
}

void trace_kvm_page_fault(struct kvm_vcpu *vcpu, gfn_t gfn, bool write)
{
	sim_note(SIM_ENTER, OBJ_OF_VCPU(vcpu), gfn, write,
		 "kvm_mmu_page_fault");
}

void trace_kvm_page_fault_done(struct kvm_vcpu *vcpu, gfn_t gfn, int ret)
{
	sim_note(SIM_LEAVE, OBJ_OF_VCPU(vcpu), ret, gfn, "kvm_mmu_page_fault");
}

_Static_assert(sizeof(struct mmu_history) <= SIM_ROOM_HISTORY,
	       "too much history");

/* The host's own context has no turns to wait for. */
static void count_reentry(int task, unsigned int nth)
{
	struct mmu_history *history = sim_room_history(SIM_ROOM_MMU);
	struct mmu_reentries *r;
	u64 others;

	if (task < 0)
		return;
	r = &history->reentries[task];
	others = sim_now() - sim_task_steps(task);
	if (sim_tasks_enabled() & ~(1ULL << task))
		r->alone = 0;
	else if (nth > 1 && others == r->others)
		r->alone++;
	else
		r->alone = 1;
	r->others = others;
}

unsigned int probe_reentries_alone(unsigned int task)
{
	struct mmu_history *history = sim_room_history(SIM_ROOM_MMU);

	return task < SIM_MAX_TASKS ? history->reentries[task].alone : 0;
}

void trace_kvm_reenter(struct kvm_vcpu *vcpu, gfn_t gfn, int why,
		       unsigned int nth)
{
	count_reentry(sim_task_id(), nth);
	sim_note(SIM_RETRY, OBJ_OF_VCPU(vcpu), why, gfn, "vcpu_run");
}

/*
 * A slot that is being deleted or moved is INVALID until the sets are published
 * again, and a fault in it starts over before it has looked at anything (H.6).
 * How often it does is nothing that anybody could tell, but each time would be
 * another execution to explore: so all but the first are spent asleep.
 */
void kvm_vcpu_wait_for_slots(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	unsigned int as_id = vcpu->arch.mmu->root_role.smm;
	struct kvm *kvm = vcpu->kvm;
	const struct kvm_memory_slot *slot;

	for (;;) {
		slot = __gfn_to_memslot(kvm->memslots[as_id], gfn);
		if (!slot || !(slot->flags & KVM_MEMSLOT_INVALID))
			return;
		sim_wait(&kvm->slots_published.wq, "vcpu_run");
	}
}
