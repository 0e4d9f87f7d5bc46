/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the MMU tells about itself (arch/x86/kvm/mmu/mmutrace.h has such events
 * in the kernel; these are fewer). They change nothing; step_probe.c hands
 * them to the trace and keeps the list that probe_spte_written() shows.
 */
#ifndef __KVM_X86_MMUTRACE_H
#define __KVM_X86_MMUTRACE_H

#include "mmu_internal.h"

/* A VM is being made: see that there is where to keep the history. */
void trace_kvm_mmu_init(void);
/* mmu_lock was just taken, shared or not. */
void trace_kvm_mmu_locked(struct kvm *kvm);
void trace_kvm_tdp_mmu_map(struct kvm_vcpu *vcpu,
			   const struct kvm_page_fault *fault);
void trace_kvm_tdp_mmu_map_done(struct kvm_vcpu *vcpu,
				const struct kvm_page_fault *fault, int ret);
void trace_kvm_tdp_mmu_spte_changed(struct kvm *kvm,
				    const struct kvm_mmu_page *root, gfn_t gfn,
				    int level, u64 old_spte, u64 new_spte);
void trace_kvm_tdp_mmu_zap(struct kvm *kvm, unsigned int nr_leafs);
void trace_kvm_page_fault(struct kvm_vcpu *vcpu, gfn_t gfn, bool write);
void trace_kvm_page_fault_done(struct kvm_vcpu *vcpu, gfn_t gfn, int ret);
/* A step: the guest's access reaches memory now. */
void trace_kvm_guest_access(struct kvm_vcpu *vcpu, gfn_t gfn, bool write);
void trace_kvm_reenter(struct kvm_vcpu *vcpu, gfn_t gfn, int why);

#endif
