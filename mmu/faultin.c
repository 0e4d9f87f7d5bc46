/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From gfn to page frame, before mmu_lock (arch/x86/kvm/mmu/mmu.c, v6.12:
 * kvm_faultin_pfn(), __kvm_faultin_pfn(), kvm_handle_error_pfn(),
 * kvm_handle_noslot_fault(), kvm_faultin_pfn_private(), kvm_arch_setup_async_pf(),
 * kvm_arch_async_page_ready()).
 *
 * The order is H.5 to H.16: remember the sequence count, refuse what cannot be,
 * on 6.12 look for an invalidation before and after (the profile decides inside
 * mmu_invalidate_retry_gfn_unsafe()), and let the mm find the page.
 *
 * A page that cannot be had without waiting is asked for a second time, unless the
 * waiting can be left to somebody else: an asynchronous page fault.
 *
 * What is private memory of the guest the mm is not asked for: it has no address
 * there. Whether it is must be known after the sequence count is (H.14).
 *
 * A design may find the page itself, by its faultin_pfn hook, once that need not be
 * waited for; what it returns carries one plain reference exactly as KVM's own
 * get_user_pages() would have left it, so nothing after this point knows the
 * difference.
 */
#include <linux/kvm_host.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "mmu_internal.h"

/*
 * Nothing is there: MMIO. An SPTE will say so, which spares the next access
 * this way; but none can about a gfn that no slot could have.
 */
static int kvm_handle_noslot_fault(struct kvm_vcpu *vcpu,
				   struct kvm_page_fault *fault)
{
	vcpu_cache_mmio_info(vcpu, fault->gfn);
	fault->slot = NULL;
	fault->pfn = KVM_PFN_NOSLOT;
	fault->hva = KVM_HVA_ERR_BAD;
	fault->map_writable = false;
	return fault->gfn > KVM_MMU_MAX_GFN ? RET_PF_EMULATE : RET_PF_CONTINUE;
}

static void kvm_send_hwpoison_signal(struct kvm_memory_slot *slot, gfn_t gfn)
{
	hva_t hva = gfn_to_hva_memslot(slot, gfn);

	send_sig_mceerr(BUS_MCEERR_AR, (void __user *)hva, PAGE_SHIFT, current);
}

/* No reference is held in any of these cases (H.15). */
static int kvm_handle_error_pfn(struct kvm_vcpu *vcpu,
				struct kvm_page_fault *fault)
{
	if (is_sigpending_pfn(fault->pfn))
		return -EINTR;
	/* A write to a read-only slot, or through a read-only host mapping. */
	if (fault->pfn == KVM_PFN_ERR_RO_FAULT)
		return RET_PF_EMULATE;
	/* The guest would come again at once; but who has a signal does not enter it. */
	if (fault->pfn == KVM_PFN_ERR_HWPOISON) {
		kvm_send_hwpoison_signal(fault->slot, fault->gfn);
		return RET_PF_RETRY;
	}
	return -EFAULT;
}

static bool kvm_arch_setup_async_pf(struct kvm_vcpu *vcpu,
				    const struct kvm_page_fault *fault)
{
	const struct kvm_arch_async_pf arch = {
		.gfn = fault->gfn,
		.error_code = fault->error_code,
	};

	return kvm_setup_async_pf(vcpu, fault->addr, fault->hva, &arch);
}

/**
 * kvm_arch_async_page_ready() - fault again, as the page is there (H.11).
 * @vcpu: that was halted
 * @work: what it wanted
 *
 * Context: vcpu->mutex, kvm->srcu read side; may sleep.
 */
void kvm_arch_async_page_ready(struct kvm_vcpu *vcpu, struct kvm_async_pf *work)
{
	if (!kvm_mmu_reload(vcpu))
		kvm_mmu_do_page_fault(vcpu, work->cr2_or_gpa,
				      work->arch.error_code, true);
}

/* Does the vCPU not have to wait, because somebody else does? */
static bool async_fault(struct kvm_vcpu *vcpu, const struct kvm_page_fault *fault)
{
	if (fault->prefetch || !kvm_can_do_async_pf(vcpu))
		return false;
	if (!kvm_find_async_pf_gfn(vcpu, fault->gfn))
		return kvm_arch_setup_async_pf(vcpu, fault);
	/* KVM_REQ_APF_HALT. */
	vcpu->arch.apf_halted = true;
	return true;
}

/*
 * A design that finds the page itself waits for it, too. So before it is asked,
 * KVM asks as if there were none: would one have to wait? What that took is put
 * back at once, as it might be in the way of a pin, and nobody is told that the page
 * was used.
 */
static bool async_before_design(struct kvm_vcpu *vcpu,
				struct kvm_page_fault *fault)
{
	struct page *page;
	bool async = false;
	kvm_pfn_t pfn;

	if (fault->prefetch || !kvm_can_do_async_pf(vcpu))
		return false;
	pfn = __gfn_to_pfn_memslot(fault->slot, fault->gfn, false, false, &async,
				   fault->write, &fault->map_writable, NULL);
	if (async)
		return async_fault(vcpu, fault);
	page = is_error_noslot_pfn(pfn) ? NULL : kvm_pfn_to_refcounted_page(pfn);
	if (page)
		put_page(page);
	return false;
}

/* The slot's guest_memfd has it, and nobody has to wait for its VMM. */
static int kvm_faultin_pfn_private(struct kvm_vcpu *vcpu,
				   struct kvm_page_fault *fault)
{
	int r;

	if (!kvm_slot_can_be_private(fault->slot))
		return -EFAULT;
	r = kvm_gmem_get_pfn(vcpu->kvm, fault->slot, fault->gfn, &fault->pfn,
			     NULL);
	if (r)
		return r;
	fault->map_writable = !memslot_is_readonly(fault->slot);
	return RET_PF_CONTINUE;
}

/* Ask the file, the design, or the mm. Return: RET_PF_CONTINUE, RET_PF_RETRY or -errno. */
static int __kvm_faultin_pfn(struct kvm_vcpu *vcpu,
			     struct kvm_page_fault *fault)
{
	bool async = false;
	int r;

	if (fault->is_private)
		return kvm_faultin_pfn_private(vcpu, fault);
	if (kvm_x86_has(vcpu->kvm, faultin_pfn)) {
		fault->hva = gfn_to_hva_memslot(fault->slot, fault->gfn);
		if (!kvm_is_error_hva(fault->hva)) {
			if (async_before_design(vcpu, fault))
				return RET_PF_RETRY;
			r = kvm_x86_faultin_pfn(vcpu, fault->slot, fault->gfn,
						fault->hva, fault->write,
						&fault->pfn,
						&fault->map_writable);
			return r ? -EFAULT : RET_PF_CONTINUE;
		}
	}
	fault->pfn = __gfn_to_pfn_memslot(fault->slot, fault->gfn, false,
					  false, &async, fault->write,
					  &fault->map_writable, &fault->hva);
	if (!async)
		return RET_PF_CONTINUE;

	if (async_fault(vcpu, fault))
		return RET_PF_RETRY;
	/* Nobody brings the page meanwhile: wait for it (H.11). */
	fault->pfn = __gfn_to_pfn_memslot(fault->slot, fault->gfn, false, true,
					  NULL, fault->write,
					  &fault->map_writable, &fault->hva);
	return RET_PF_CONTINUE;
}

/**
 * kvm_faultin_pfn() - find the page that a fault is about (H.5 to H.16).
 * @vcpu: that faulted
 * @fault: with gfn and slot; pfn, hva and map_writable are filled in
 *
 * Context: vcpu->mutex, kvm->srcu read side, no mmu_lock; may sleep.
 * Return: RET_PF_CONTINUE with one plain reference on the page (if it is
 * counted at all), or with no slot and no page; anything else, RET_PF_* or
 * -errno, with none.
 */
int kvm_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault)
{
	struct kvm_memory_slot *slot = fault->slot;
	struct kvm *kvm = vcpu->kvm;
	int r;

	fault->mmu_seq = kvm_mmu_invalidate_seq_begin(kvm);

	/* User space is told, by the errno: it is to make it what the guest wants. */
	if (fault->is_private != kvm_mem_is_private(kvm, fault->gfn))
		return -EFAULT;
	if (!slot)
		return kvm_handle_noslot_fault(vcpu, fault);
	/* Being deleted or moved: what it will be is not known yet (H.6). */
	if (slot->flags & KVM_MEMSLOT_INVALID)
		return RET_PF_RETRY;

	if (mmu_invalidate_retry_gfn_unsafe(kvm, fault->mmu_seq, fault->gfn))
		return RET_PF_RETRY;

	r = __kvm_faultin_pfn(vcpu, fault);
	if (r != RET_PF_CONTINUE)
		return r;
	if (is_error_pfn(fault->pfn))
		return kvm_handle_error_pfn(vcpu, fault);
	if (is_noslot_pfn(fault->pfn))
		return kvm_handle_noslot_fault(vcpu, fault);

	if (mmu_invalidate_retry_gfn_unsafe(kvm, fault->mmu_seq, fault->gfn)) {
		kvm_release_pfn_clean(fault->pfn);
		return RET_PF_RETRY;
	}
	return RET_PF_CONTINUE;
}
