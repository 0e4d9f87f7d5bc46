/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MMU as the rest of KVM and the race statements see it
 * (arch/x86/kvm/mmu.h, v6.12).
 */
#ifndef __KVM_X86_MMU_H
#define __KVM_X86_MMU_H

#include <linux/kvm_host.h>

#define PT_PRESENT_MASK		(1ULL << 0)
#define PT_WRITABLE_MASK	(1ULL << 1)
#define PT_USER_MASK		(1ULL << 2)
#define PT_ACCESSED_MASK	(1ULL << 5)
#define PT_DIRTY_MASK		(1ULL << 6)
#define PT_PAGE_SIZE_MASK	(1ULL << 7)

#define PT64_ROOT_4LEVEL	4

/*
 * How a fault ended, numbered as in 6.12 (H.2). Before, WRITE_PROTECTED was
 * EMULATE: either way the access is emulated.
 */
enum {
	RET_PF_CONTINUE = 0,
	RET_PF_RETRY,
	RET_PF_EMULATE,
	RET_PF_WRITE_PROTECTED,
	RET_PF_INVALID,
	RET_PF_FIXED,
	RET_PF_SPURIOUS,
};

/* Lifetime and notifier handlers are in <linux/kvm_host.h>. */
int kvm_mmu_reload(struct kvm_vcpu *vcpu);

int kvm_mmu_do_page_fault(struct kvm_vcpu *vcpu, gpa_t cr2_or_gpa,
			  u64 err, bool prefetch);
int kvm_mmu_page_fault(struct kvm_vcpu *vcpu, gpa_t cr2_or_gpa,
		       u64 error_code);

/* Zaps. */
void kvm_mmu_zap_all(struct kvm *kvm);
void kvm_mmu_zap_all_fast(struct kvm *kvm);

/* Without a guest that touches anything: map_page.c. */
int kvm_vcpu_pre_fault_memory(struct kvm_vcpu *vcpu, gfn_t gfn);

/* The vCPU thread around a fault: vcpu_run.c. */
int kvm_vcpu_fault(struct kvm_vcpu *vcpu, gfn_t gfn, bool write,
		   unsigned int max_reentries);

#endif
