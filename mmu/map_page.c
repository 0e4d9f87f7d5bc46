/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mapping a page that no guest has asked for: KVM_PRE_FAULT_MEMORY
 * (arch/x86/kvm/mmu/mmu.c, v6.12: kvm_tdp_map_page(),
 * kvm_arch_vcpu_pre_fault_memory(); virt/kvm/kvm_main.c:
 * kvm_vcpu_pre_fault_memory()).
 *
 * And what that descends from, the helper of RFC v0 (4/6, January 2022; v1 has the
 * same): kvm_mmu_map_tdp_page(), which no kernel of ours has.
 *
 * Both are a loop around a fault, and both hold kvm->srcu all the while. A fault in
 * a slot that is being deleted or moved ends with RET_PF_RETRY until the slot is
 * gone, and who takes it away waits for the readers of kvm->srcu: neither gets on
 * (H-43). The kernel's ends for a signal; the RFC's looks at nothing.
 *
 * The RFC's answer is the page frame, which nothing holds but what the design's
 * hook has pinned on the way; how the last fault ended is not told. That the frame
 * could be 0, which is no error, is what R-42 is about.
 *
 * Simpler than the kernel: one page at a time, 4K; an SNP guest's launch is taken to
 * be finished, before which there is no prefault.
 */
#include <linux/kernel.h>
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "mmu_internal.h"
#include "mmutrace.h"

/**
 * kvm_mmu_map_tdp_page() - map a page as if the guest had touched it (RFC v0, 4/6).
 * @vcpu: whose root it is mapped in
 * @gpa: guest physical address
 * @error_code: PFERR_* of the touch
 * @max_level: largest mapping allowed
 *
 * Context: vcpu->mutex, kvm->srcu read side, a root is loaded; may sleep.
 * Return: the page frame, without a reference, or an error page frame.
 */
kvm_pfn_t kvm_mmu_map_tdp_page(struct kvm_vcpu *vcpu, gpa_t gpa, u64 error_code,
			       int max_level)
{
	/* Its page frame is 0 until a fault has found one. */
	struct kvm_page_fault fault = {
		.addr = gpa,
		.error_code = error_code,
		.exec = error_code & PFERR_FETCH_MASK,
		.write = error_code & PFERR_WRITE_MASK,
		.present = error_code & PFERR_PRESENT_MASK,
		.rsvd = error_code & PFERR_RSVD_MASK,
		.user = error_code & PFERR_USER_MASK,
		.is_tdp = true,
		.gfn = gpa >> PAGE_SHIFT,
		.hva = KVM_HVA_ERR_BAD,
	};
	int r;

	if (mmu_topup_memory_caches(vcpu))
		return KVM_PFN_ERR_FAULT;

	do {
		fault.max_level = max_level;
		fault.req_level = PG_LEVEL_4K;
		fault.goal_level = PG_LEVEL_4K;
		trace_kvm_page_fault(vcpu, fault.gfn, fault.write);
		fault.slot = kvm_vcpu_gfn_to_memslot(vcpu, fault.gfn);
		r = kvm_tdp_mmu_page_fault(vcpu, &fault);
		trace_kvm_page_fault_done(vcpu, fault.gfn, r);
	} while (r == RET_PF_RETRY && !is_error_noslot_pfn(fault.pfn));

	return fault.pfn;
}

static int kvm_tdp_map_page(struct kvm_vcpu *vcpu, gpa_t gpa, u64 error_code)
{
	int r;

	do {
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
		r = kvm_mmu_do_page_fault(vcpu, gpa, error_code, true);
	} while (r == RET_PF_RETRY);

	switch (r) {
	case RET_PF_FIXED:
	case RET_PF_SPURIOUS:
	case RET_PF_WRITE_PROTECTED:
		return 0;
	case RET_PF_EMULATE:
		return -ENOENT;
	default:
		return r < 0 ? r : -EIO;
	}
}

/* Context: kvm->srcu read side. */
static int kvm_arch_vcpu_pre_fault_memory(struct kvm_vcpu *vcpu, gpa_t gpa)
{
	u64 error_code = 0;
	int r;

	r = kvm_mmu_reload(vcpu);
	if (r)
		return r;
	if (kvm_mem_is_private(vcpu->kvm, gpa >> PAGE_SHIFT))
		error_code = PFERR_PRIVATE_ACCESS;
	return kvm_tdp_map_page(vcpu, gpa, error_code);
}

/**
 * kvm_vcpu_pre_fault_memory() - KVM_PRE_FAULT_MEMORY of one page.
 * @vcpu: whose memory
 * @gfn: page
 *
 * Context: a thread of the VM's process, no lock held; may sleep.
 * Return: 0; -EINVAL: no such ioctl yet (it came with v6.11); -EINTR: a signal;
 * -ENOENT: no slot is there; -EIO: another process's VM, or a dead one; else as the
 * fault.
 */
int kvm_vcpu_pre_fault_memory(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	struct kvm *kvm = vcpu->kvm;
	int r = -EINTR;

	if (kvm->mm != current->mm || kvm->vm_dead)
		return -EIO;
	if (!kvm_has_pre_fault())
		return -EINVAL;
	if (mutex_lock_killable(&vcpu->mutex))
		return -EINTR;
	kvm_vcpu_srcu_read_lock(vcpu);
	if (!signal_pending(current))
		r = kvm_arch_vcpu_pre_fault_memory(vcpu, gfn << PAGE_SHIFT);
	kvm_vcpu_srcu_read_unlock(vcpu);
	mutex_unlock(&vcpu->mutex);
	return r;
}
