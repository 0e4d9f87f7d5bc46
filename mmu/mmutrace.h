/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the MMU tells about itself (arch/x86/kvm/mmu/mmutrace.h has such events
 * in the kernel; these are fewer).
 *
 * They change nothing; step_probe.c hands
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
/* For the @nth time in this fault. */
void trace_kvm_reenter(struct kvm_vcpu *vcpu, gfn_t gfn, int why,
		       unsigned int nth);
/* No SRCU read side. May sleep: while the fault would do nothing but start over. */
void kvm_vcpu_wait_for_slots(struct kvm_vcpu *vcpu, gfn_t gfn);

/*
 * The MMU's atomic operations. Each is one step of the simulated machine,
 * which may let another task run first. @sp is the table's descriptor, or its
 * root's where it has none of its own.
 */
void kvm_tdp_mmu_walk_lockless_step(struct kvm *kvm,
				    const struct kvm_mmu_page *root, gfn_t gfn);
bool kvm_tdp_mmu_cmpxchg_spte(struct kvm *kvm, const struct kvm_mmu_page *sp,
			      u64 *sptep, gfn_t gfn, int level, u64 *old_spte,
			      u64 new_spte);
/* Part of the step of the walk before it, so nobody can have come in between. */
bool kvm_tdp_mmu_fix_spte(struct kvm *kvm, const struct kvm_mmu_page *root,
			  u64 *sptep, gfn_t gfn, u64 old_spte, u64 new_spte);
u64 kvm_tdp_mmu_xchg_spte(struct kvm *kvm, const struct kvm_mmu_page *sp,
			  u64 *sptep, gfn_t gfn, int level, u64 new_spte);

#endif
