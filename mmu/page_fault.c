/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A nested page fault from the exit to the entry (arch/x86/kvm/mmu/mmu.c,
 * v6.12: kvm_mmu_page_fault(), kvm_tdp_mmu_page_fault(), fast_page_fault(),
 * is_page_fault_stale(), kvm_mmu_hugepage_adjust()).
 *
 * The order of things is the contract's H.4, and is what the whole question of
 * pinning turns on: the page's reference is taken first and put last, in every
 * outcome; between them lie the hooks, mmu_lock, the check that the page did
 * not move meanwhile, and the map.
 *
 * Simpler than the kernel: no access tracking without hardware bits.
 */
#include <linux/kvm_host.h>
#include <linux/rcupdate.h>

#include "mmutrace.h"
#include "page_track.h"
#include "spte.h"
#include "tdp_mmu.h"

/* Nothing that a fault does would let the guest write there. */
static bool page_fault_handle_page_track(const struct kvm_page_fault *fault)
{
	return !fault->rsvd && fault->present && fault->write &&
	       kvm_gfn_is_write_tracked(fault->slot, fault->gfn);
}

static bool is_access_allowed(const struct kvm_page_fault *fault, u64 spte)
{
	if (fault->write)
		return is_writable_pte(spte);
	return spte & PT_PRESENT_MASK;
}

/* Somebody only wanted to hear of the write: give the right back. */
static bool fast_pf_fix_direct_spte(struct kvm_vcpu *vcpu,
				    struct kvm_page_fault *fault,
				    u64 *sptep, u64 spte)
{
	if (!is_mmu_writable_spte(spte) ||
	    !kvm_tdp_mmu_fix_spte(vcpu->kvm, kvm_mmu_root(vcpu), sptep,
				  fault->gfn, spte, spte | PT_WRITABLE_MASK))
		return false;
	mark_page_dirty_in_slot(vcpu->kvm, fault->slot, fault->gfn);
	return true;
}

/*
 * Nothing is locked yet: a write to a page that was present, but not writable,
 * may have been permitted by another vCPU since hardware looked. Then this
 * fault is SPURIOUS. If it is KVM that took the right away, it is FIXED here;
 * else INVALID, and the slow way is taken, as always by a page that was not
 * present.
 */
static int fast_page_fault(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	struct kvm_mmu_page *root = kvm_mmu_root(vcpu);
	u64 spte = SHADOW_NONPRESENT_VALUE;
	int r = RET_PF_INVALID;
	u64 *sptep;

	if (fault->rsvd || !fault->present || !fault->write)
		return RET_PF_INVALID;

	kvm_tdp_mmu_walk_lockless_step(vcpu->kvm, root, fault->gfn);
	rcu_read_lock();
	sptep = kvm_tdp_mmu_fast_pf_get_last_sptep(vcpu, fault->gfn, &spte);
	if (is_shadow_present_pte(spte)) {
		if (is_access_allowed(fault, spte))
			r = RET_PF_SPURIOUS;
		else if (fast_pf_fix_direct_spte(vcpu, fault, sptep, spte))
			r = RET_PF_FIXED;
	}
	rcu_read_unlock();
	return r;
}

/**
 * kvm_mmu_write_protected_result() - how a write to a watched page ends.
 *
 * Context: any.
 * Return: RET_PF_WRITE_PROTECTED, or RET_PF_EMULATE where that is not known.
 */
int kvm_mmu_write_protected_result(void)
{
	return kvm_mmu_tells_write_protected() ? RET_PF_WRITE_PROTECTED :
						 RET_PF_EMULATE;
}

/**
 * is_page_fault_stale() - was the page taken away since the fault looked?
 * @vcpu: that faulted
 * @fault: with its mmu_seq and slot
 *
 * Context: mmu_lock held.
 * Return: true if the fault must start over (H.17).
 */
bool is_page_fault_stale(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	struct kvm_mmu_page *root = kvm_mmu_root(vcpu);

	if (root->role.invalid)
		return true;
	return fault->slot &&
	       mmu_invalidate_retry_fault(vcpu->kvm, fault->mmu_seq,
					  fault->gfn, fault->hva);
}

/**
 * kvm_mmu_hugepage_adjust() - how large a mapping the fault gets (H.18).
 * @vcpu: that faulted
 * @fault: req_level and goal_level are filled in
 *
 * Only order-0 memory is modelled, so the host never maps anything larger than
 * 4K and neither does this. Whatever calls or is called takes levels as
 * arguments.
 *
 * Context: mmu_lock held, the fault not stale.
 */
void kvm_mmu_hugepage_adjust(struct kvm_vcpu *vcpu,
			     struct kvm_page_fault *fault)
{
	fault->req_level = PG_LEVEL_4K;
	fault->goal_level = PG_LEVEL_4K;
}

/* Steps 7 to 10 of H.4: all that happens under mmu_lock. */
static int tdp_page_fault_locked(struct kvm_vcpu *vcpu,
				 struct kvm_page_fault *fault)
{
	/* A design that pins SPTEs is for an MMU that maps one at a time. */
	bool alone = kvm_x86_has(vcpu->kvm, pin_new_spte);
	struct kvm *kvm = vcpu->kvm;
	int r = RET_PF_RETRY;

	if (alone)
		write_lock(&kvm->mmu_lock);
	else
		read_lock(&kvm->mmu_lock);
	trace_kvm_mmu_locked(kvm);
	if (!is_page_fault_stale(vcpu, fault))
		r = kvm_tdp_mmu_map(vcpu, fault);
	if (alone)
		write_unlock(&kvm->mmu_lock);
	else
		read_unlock(&kvm->mmu_lock);
	return r;
}

/**
 * kvm_tdp_mmu_page_fault() - handle a fault (H.4).
 * @vcpu: that faulted
 * @fault: with gfn and slot
 *
 * Context: vcpu->mutex, kvm->srcu read side; may sleep.
 * Return: RET_PF_*, or -errno, which ends KVM_RUN.
 */
int kvm_tdp_mmu_page_fault(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	kvm_pfn_t orig_pfn;
	int r;

	if (page_fault_handle_page_track(fault))
		return kvm_mmu_write_protected_result();

	r = fast_page_fault(vcpu, fault);
	if (r != RET_PF_INVALID)
		return r;

	r = mmu_topup_memory_caches(vcpu);
	if (r)
		return r;

	r = kvm_faultin_pfn(vcpu, fault);
	if (r != RET_PF_CONTINUE)
		return r;

	/* Mapping a larger page would change fault->pfn (H.21). */
	orig_pfn = fault->pfn;

	r = 0;
	if (fault->slot)
		r = kvm_x86_pin_pfn(vcpu, fault->slot, fault->gfn, fault->hva,
				    fault->pfn, fault->write, PG_LEVEL_4K);
	if (r)
		r = r == -EAGAIN ? RET_PF_RETRY : -EFAULT;
	else
		r = tdp_page_fault_locked(vcpu, fault);

	kvm_release_pfn_clean(orig_pfn);
	return r;
}

/**
 * kvm_mmu_do_page_fault() - look up the slot and handle the fault.
 * @vcpu: that faulted
 * @cr2_or_gpa: guest physical address
 * @err: PFERR_*
 * @prefetch: nobody waits for it
 *
 * Context: vcpu->mutex, kvm->srcu read side; may sleep.
 * Return: RET_PF_*, or -errno.
 */
int kvm_mmu_do_page_fault(struct kvm_vcpu *vcpu, gpa_t cr2_or_gpa,
			  u64 err, bool prefetch)
{
	struct kvm_page_fault fault = {
		.addr = cr2_or_gpa,
		.error_code = err,
		.prefetch = prefetch,
		.exec = err & PFERR_FETCH_MASK,
		.write = err & PFERR_WRITE_MASK,
		.present = err & PFERR_PRESENT_MASK,
		.rsvd = err & PFERR_RSVD_MASK,
		.user = err & PFERR_USER_MASK,
		.is_tdp = true,
		.is_private = err & PFERR_PRIVATE_ACCESS,
		.max_level = KVM_MAX_HUGEPAGE_LEVEL,
		.req_level = PG_LEVEL_4K,
		.goal_level = PG_LEVEL_4K,
		.gfn = cr2_or_gpa >> PAGE_SHIFT,
		.pfn = KVM_PFN_ERR_FAULT,
		.hva = KVM_HVA_ERR_BAD,
	};
	int r;

	trace_kvm_page_fault(vcpu, fault.gfn, fault.write);
	fault.slot = kvm_vcpu_gfn_to_memslot(vcpu, fault.gfn);
	r = kvm_tdp_mmu_page_fault(vcpu, &fault);
	trace_kvm_page_fault_done(vcpu, fault.gfn, r);
	return r;
}

/*
 * The access met an MMIO SPTE: is it true of the slots that there are now? If
 * not it must be looked for one, and the SPTE be made anew.
 */
static int handle_mmio_page_fault(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	u64 gen, spte = SHADOW_NONPRESENT_VALUE;

	if (vcpu_match_mmio_gfn(vcpu, gfn))
		return RET_PF_EMULATE;

	kvm_tdp_mmu_walk_lockless_step(vcpu->kvm, kvm_mmu_root(vcpu), gfn);
	rcu_read_lock();
	kvm_tdp_mmu_fast_pf_get_last_sptep(vcpu, gfn, &spte);
	rcu_read_unlock();
	/* Taken away since: let the guest try again. */
	if (!is_mmio_spte(spte))
		return RET_PF_RETRY;

	gen = kvm_vcpu_memslots(vcpu)->generation;
	if (gen & KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS ||
	    (gen & MMIO_SPTE_GEN_MASK) != get_mmio_spte_generation(spte))
		return RET_PF_INVALID;
	vcpu_cache_mmio_info(vcpu, gfn);
	return RET_PF_EMULATE;
}

/**
 * kvm_mmu_handle_fault() - kvm_mmu_page_fault(), with the reason.
 * @vcpu: that faulted
 * @cr2_or_gpa: guest physical address
 * @error_code: PFERR_*
 *
 * Context: as there.
 * Return: RET_PF_*, or -errno.
 */
int kvm_mmu_handle_fault(struct kvm_vcpu *vcpu, gpa_t cr2_or_gpa,
			 u64 error_code)
{
	int r = RET_PF_INVALID;

	if (error_code & PFERR_RSVD_MASK) {
		r = handle_mmio_page_fault(vcpu, cr2_or_gpa >> PAGE_SHIFT);
		if (r == RET_PF_EMULATE)
			return r;
	}
	if (r == RET_PF_INVALID) {
		r = kvm_mmu_do_page_fault(vcpu, cr2_or_gpa, error_code, false);
		if (KVM_BUG_ON(r == RET_PF_INVALID, vcpu->kvm))
			return -EIO;
	}
	/* There are no shadow pages to give up, so that the guest could write. */
	return r == RET_PF_WRITE_PROTECTED ? RET_PF_EMULATE : r;
}

/**
 * kvm_mmu_page_fault() - a fault as the exit handler sees it.
 * @vcpu: that faulted
 * @cr2_or_gpa: guest physical address
 * @error_code: PFERR_*
 *
 * Context: vcpu->mutex, kvm->srcu read side; may sleep.
 * Return: 1 to enter the guest again, 0 to go to user space (nothing emulates
 * instructions here), -errno to end KVM_RUN (H.2).
 */
int kvm_mmu_page_fault(struct kvm_vcpu *vcpu, gpa_t cr2_or_gpa, u64 error_code)
{
	int r;

	if (WARN_ON_ONCE(!kvm_mmu_root(vcpu)))
		return RET_PF_RETRY;

	r = kvm_mmu_handle_fault(vcpu, cr2_or_gpa, error_code);
	if (r < 0)
		return r;
	return r != RET_PF_EMULATE;
}
