/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Installing a translation (arch/x86/kvm/mmu/tdp_mmu.c, v6.12:
 * kvm_tdp_mmu_map(), tdp_mmu_map_handle_target_level(), tdp_mmu_link_sp()),
 * and taking the right to write back (kvm_tdp_mmu_wrprot_slot(),
 * kvm_tdp_mmu_write_protect_gfn()).
 *
 * Several vCPUs do this at once, sharing mmu_lock. Every table that is missing
 * on the way down is linked by compare-and-exchange, and so is the leaf; who
 * loses returns RET_PF_RETRY and finds the winner's work when the guest faults
 * again (H.19).
 *
 * Simpler than the kernel: a large leaf in the way of a smaller one is neither
 * split (6.12) nor zapped (6.1), because no large leaf is ever made here.
 */
#include <linux/kvm_host.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "mmutrace.h"
#include "page_track.h"
#include "spte.h"
#include "tdp_iter.h"
#include "tdp_mmu.h"

/* Put a new, empty table under the entry. Return: 0, -EBUSY if it was lost. */
static int tdp_mmu_link_pt(struct kvm_vcpu *vcpu, struct tdp_iter *iter)
{
	struct kvm *kvm = vcpu->kvm;
	u64 *pt = mmu_memory_cache_alloc(vcpu);
	int ret;

	ret = tdp_mmu_set_spte_atomic(kvm, iter, make_nonleaf_spte(pt));
	if (ret) {
		kfree(pt);
		return ret;
	}
	tdp_mmu_account_pt(kvm, 1, true);
	return 0;
}

/*
 * Shall the new leaf be pinned (RFC of 2020: set_spte(), mmu_set_spte())? What is
 * pinned stays so, whatever page it maps now; nothing is held for that one.
 */
static u64 tdp_mmu_pin_leaf(struct kvm_vcpu *vcpu, struct tdp_iter *iter,
			    u64 new_spte)
{
	kvm_pfn_t pfn = spte_to_pfn(new_spte);

	if (!kvm_x86_has(vcpu->kvm, pin_new_spte))
		return new_spte;
	if (is_pinned_spte(iter->old_spte))
		WARN_ON_ONCE(pfn != spte_to_pfn(iter->old_spte));
	else if (kvm_is_reserved_pfn(pfn) ||
		 !kvm_x86_pin_new_spte(vcpu, iter->gfn, iter->level, pfn))
		return new_spte;
	return new_spte | SPTE_PINNED_MASK;
}

/**
 * tdp_mmu_map_handle_target_level() - write the leaf of a fault.
 * @vcpu: that faulted
 * @fault: with its pfn
 * @iter: stands on the entry of the goal level
 *
 * An entry that already says the same is left alone (RET_PF_SPURIOUS), and no
 * hook runs. One that differs in its dirty bit alone does not say the same, and
 * the hook runs for a page that it has seen before: make_spte().
 *
 * Where SPTEs are pinned mmu_lock is held exclusively, and no exchange is lost for
 * which a page has just been pinned: it was not pinned, so nobody else maps it.
 *
 * Context: mmu_lock held shared, rcu_read_lock(). May yield, not sleep.
 * Return: RET_PF_FIXED, _SPURIOUS, _RETRY after a lost exchange, _EMULATE where
 * no slot is, or what a write to a watched page gives.
 */
int tdp_mmu_map_handle_target_level(struct kvm_vcpu *vcpu,
				    struct kvm_page_fault *fault,
				    struct tdp_iter *iter)
{
	u64 old_spte = iter->old_spte;
	int ret = RET_PF_FIXED;
	u64 new_spte;

	BUG_ON(iter->level != fault->goal_level);

	if (fault->slot) {
		new_spte = make_spte(fault, old_spte, iter->level);
		new_spte = tdp_mmu_pin_leaf(vcpu, iter, new_spte);
		if (is_writable_pte(new_spte))
			mark_page_dirty_in_slot(vcpu->kvm, fault->slot,
						fault->gfn);
	} else {
		new_spte = make_mmio_spte(vcpu, iter->gfn);
	}

	if (new_spte == old_spte)
		ret = RET_PF_SPURIOUS;
	else if (tdp_mmu_set_spte_atomic(vcpu->kvm, iter, new_spte))
		return RET_PF_RETRY;
	else if (is_shadow_present_pte(old_spte) &&
		 !is_last_spte(old_spte, iter->level))
		kvm_flush_remote_tlbs(vcpu->kvm);
	/* It is mapped; but the guest that writes would be here again at once. */
	if (fault->write && kvm_gfn_is_write_tracked(fault->slot, fault->gfn))
		return kvm_mmu_write_protected_result();
	return fault->slot ? ret : RET_PF_EMULATE;
}

static int tdp_mmu_map_root(struct kvm_vcpu *vcpu,
			    struct kvm_page_fault *fault,
			    struct kvm_mmu_page *root)
{
	struct tdp_iter iter;

	for_each_tdp_pte(iter, root, fault->gfn, fault->gfn + 1) {
		if (is_frozen_spte(iter.old_spte))
			return RET_PF_RETRY;
		if (iter.level == fault->goal_level)
			return tdp_mmu_map_handle_target_level(vcpu, fault,
							       &iter);
		if (is_shadow_present_pte(iter.old_spte)) {
			if (WARN_ON_ONCE(is_large_pte(iter.old_spte)))
				return RET_PF_RETRY;
			continue;
		}
		if (tdp_mmu_link_pt(vcpu, &iter))
			return RET_PF_RETRY;
	}
	/* The walk ends at the goal level, or a table was lost on the way. */
	return RET_PF_RETRY;
}

/**
 * kvm_tdp_mmu_map() - make a fault's translation in the vCPU's root.
 * @vcpu: that faulted
 * @fault: with slot, pfn and map_writable; goal_level is filled in
 *
 * Context: mmu_lock held shared, the fault not stale. May yield, not sleep.
 * Return: RET_PF_FIXED, _SPURIOUS, _EMULATE or _RETRY.
 */
int kvm_tdp_mmu_map(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	struct kvm_mmu_page *root = kvm_mmu_root(vcpu);
	int ret;

	lockdep_assert_held_read(&vcpu->kvm->mmu_lock);
	trace_kvm_tdp_mmu_map(vcpu, fault);
	kvm_mmu_hugepage_adjust(vcpu, fault);

	rcu_read_lock();
	ret = tdp_mmu_map_root(vcpu, fault, root);
	rcu_read_unlock();

	trace_kvm_tdp_mmu_map_done(vcpu, fault, ret);
	return ret;
}

/**
 * kvm_tdp_mmu_fast_pf_get_last_sptep() - the lowest entry about a gfn.
 * @vcpu: whose root
 * @gfn: the page
 * @spte: what the entry says
 *
 * Context: rcu_read_lock(); no lock needed. Does not yield.
 * Return: the entry; it may say that nothing is mapped.
 */
u64 *kvm_tdp_mmu_fast_pf_get_last_sptep(struct kvm_vcpu *vcpu, gfn_t gfn,
					u64 *spte)
{
	struct tdp_iter iter;
	u64 *sptep = NULL;

	for_each_tdp_pte(iter, kvm_mmu_root(vcpu), gfn, gfn + 1) {
		*spte = iter.old_spte;
		sptep = iter.sptep;
	}
	return sptep;
}

static bool wrprot_gfn_range(struct kvm *kvm, struct kvm_mmu_page *root,
			     gfn_t start, gfn_t end, int min_level)
{
	struct tdp_iter iter;
	bool spte_set = false;

	rcu_read_lock();
	for_each_used_tdp_pte_min_level(iter, root, min_level, start, end) {
retry:
		if (!is_shadow_present_pte(iter.old_spte) ||
		    !is_last_spte(iter.old_spte, iter.level) ||
		    !is_writable_pte(iter.old_spte))
			continue;
		if (tdp_mmu_set_spte_atomic(kvm, &iter, iter.old_spte &
					    ~PT_WRITABLE_MASK))
			goto retry;
		spte_set = true;
	}
	rcu_read_unlock();
	return spte_set;
}

/**
 * kvm_tdp_mmu_wrprot_slot() - let the next write to each page of a slot fault.
 * @kvm: the VM
 * @slot: the slot
 * @min_level: leaves below this level keep what they have
 *
 * Valid roots only: nobody runs on the others for long.
 *
 * Context: slots_lock, mmu_lock held shared. May yield, not sleep.
 * Return: whether any leaf changed.
 */
bool kvm_tdp_mmu_wrprot_slot(struct kvm *kvm,
			     const struct kvm_memory_slot *slot, int min_level)
{
	struct kvm_mmu_page *root;
	bool spte_set = false;

	lockdep_assert_held_read(&kvm->mmu_lock);
	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link) {
		if (root->role.invalid ||
		    kvm_mmu_page_as_id(root) != slot->as_id)
			continue;
		spte_set |= wrprot_gfn_range(kvm, root, slot->base_gfn,
					     slot->base_gfn + slot->npages,
					     min_level);
	}
	return spte_set;
}

static bool write_protect_gfn(struct kvm *kvm, struct kvm_mmu_page *root,
			      gfn_t gfn, int min_level)
{
	struct tdp_iter iter;
	bool spte_set = false;

	rcu_read_lock();
	for_each_used_tdp_pte_min_level(iter, root, min_level, gfn, gfn + 1) {
		if (!is_shadow_present_pte(iter.old_spte) ||
		    !is_last_spte(iter.old_spte, iter.level) ||
		    !is_mmu_writable_spte(iter.old_spte))
			continue;
		tdp_mmu_iter_set_spte(kvm, &iter, iter.old_spte &
				      ~(PT_WRITABLE_MASK | SPTE_MMU_WRITABLE));
		spte_set = true;
	}
	rcu_read_unlock();
	return spte_set;
}

/**
 * kvm_tdp_mmu_write_protect_gfn() - take the right to write to a page for good.
 * @kvm: the VM
 * @slot: of the page
 * @gfn: the page
 * @min_level: leaves below this level keep what they have
 *
 * No fault gives it back without a lock: the mark that it may goes, too.
 *
 * Context: mmu_lock held exclusively.
 * Return: whether any leaf changed.
 */
bool kvm_tdp_mmu_write_protect_gfn(struct kvm *kvm,
				   struct kvm_memory_slot *slot, gfn_t gfn,
				   int min_level)
{
	struct kvm_mmu_page *root;
	bool spte_set = false;

	lockdep_assert_held_write(&kvm->mmu_lock);
	list_for_each_entry(root, &kvm->arch.tdp_mmu_roots, link)
		if (kvm_mmu_page_as_id(root) == slot->as_id)
			spte_set |= write_protect_gfn(kvm, root, gfn, min_level);
	return spte_set;
}
