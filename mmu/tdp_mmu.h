/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two-dimensional paging MMU (arch/x86/kvm/mmu/tdp_mmu.h, v6.12).
 */
#ifndef __KVM_X86_MMU_TDP_MMU_H
#define __KVM_X86_MMU_TDP_MMU_H

#include "mmu_internal.h"

struct tdp_iter;

int kvm_tdp_mmu_map(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
/* Between rcu_read_lock() and rcu_read_unlock(). */
u64 *kvm_tdp_mmu_fast_pf_get_last_sptep(struct kvm_vcpu *vcpu, gfn_t gfn,
					u64 *spte);

bool kvm_tdp_mmu_wrprot_slot(struct kvm *kvm,
			     const struct kvm_memory_slot *slot, int min_level);

bool kvm_tdp_mmu_write_protect_gfn(struct kvm *kvm,
				   struct kvm_memory_slot *slot, gfn_t gfn,
				   int min_level);

/* --- changing one entry: tdp_spte.c --- */

int tdp_mmu_set_spte_atomic(struct kvm *kvm, struct tdp_iter *iter,
			    u64 new_spte);
void tdp_mmu_iter_set_spte(struct kvm *kvm, struct tdp_iter *iter,
			   u64 new_spte);
void tdp_mmu_account_pt(struct kvm *kvm, int nr, bool shared);
void handle_changed_spte(struct kvm *kvm, const struct kvm_mmu_page *root,
			 gfn_t gfn, u64 old_spte, u64 new_spte, int level,
			 bool shared);

/* --- roots: tdp_root.c --- */

void kvm_mmu_init_tdp_mmu(struct kvm *kvm);
void kvm_mmu_uninit_tdp_mmu(struct kvm *kvm);
int kvm_tdp_mmu_alloc_root(struct kvm_vcpu *vcpu);
void kvm_tdp_mmu_put_root(struct kvm *kvm, struct kvm_mmu_page *root);
void kvm_tdp_mmu_invalidate_all_roots(struct kvm *kvm);

/* --- zapping: tdp_zap.c --- */

bool kvm_tdp_mmu_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range,
				 bool flush);
void kvm_tdp_mmu_zap_all(struct kvm *kvm);
void kvm_tdp_mmu_zap_invalidated_roots(struct kvm *kvm);

/* --- what the guest has used, another page in its place: tdp_gfn.c --- */

bool kvm_tdp_mmu_age_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range);
bool kvm_tdp_mmu_set_spte_gfn(struct kvm *kvm, struct kvm_gfn_range *range);

#endif
