/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the MMU share: a fault, a page table, the outcomes
 * (arch/x86/kvm/mmu/mmu_internal.h, v6.12).
 */
#ifndef __KVM_X86_MMU_INTERNAL_H
#define __KVM_X86_MMU_INTERNAL_H

#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>

#include "mmu/mmu.h"

#define PT64_ROOT_4LEVEL	4

/**
 * struct kvm_mmu_page - a root of page tables
 * @link: in kvm->arch.tdp_mmu_roots; changed under tdp_mmu_pages_lock with
 *	mmu_lock held at least shared
 * @rcu_head: waits for lockless walkers
 * @spt: its table
 * @role: which of the VM's roots; role.invalid is set under mmu_lock exclusively
 *	and never cleared
 * @tdp_mmu_root_count: one for the MMU itself while the root is valid, one for
 *	each vCPU that has it loaded, one for whoever is zapping it
 * @tdp_mmu_scheduled_root_to_zap: made invalid, entries not yet zapped;
 *	slots_lock
 *
 * Simpler than the kernel: tables below the root have no such descriptor;
 * their gfn and level are known wherever they are met.
 */
struct kvm_mmu_page {
	struct list_head link;
	struct rcu_head rcu_head;
	u64 *spt;
	union kvm_mmu_page_role role;
	refcount_t tdp_mmu_root_count;
	bool tdp_mmu_scheduled_root_to_zap;
};

/* Address space that a root is about; SMM's has slots of its own. */
static inline int kvm_mmu_page_as_id(const struct kvm_mmu_page *sp)
{
	return sp->role.smm ? 1 : 0;
}

/* Bits of a nested page fault's error code. */
#define PFERR_PRESENT_MASK	(1ULL << 0)
#define PFERR_WRITE_MASK	(1ULL << 1)
#define PFERR_USER_MASK		(1ULL << 2)
#define PFERR_RSVD_MASK		(1ULL << 3)
#define PFERR_FETCH_MASK	(1ULL << 4)

/**
 * struct kvm_page_fault - one nested page fault on its way through the MMU
 * @addr: guest physical address
 * @error_code: PFERR_*
 * @prefetch: nobody waits for it
 * @exec: instruction fetch
 * @write: write access
 * @present: hardware found a present SPTE that forbade the access
 * @max_level: largest mapping allowed
 * @req_level: largest that the slot and the host's mapping permit
 * @goal_level: what will be mapped
 * @gfn: of @addr
 * @slot: that holds @gfn when the fault began, NULL if none
 * @mmu_seq: kvm->mmu_invalidate_seq before the pfn was looked up
 * @pfn: found page frame
 * @hva: of @gfn in the VMM
 * @map_writable: the host lets it be mapped writable
 */
struct kvm_page_fault {
	const gpa_t addr;
	const u64 error_code;
	const bool prefetch;

	const bool exec;
	const bool write;
	const bool present;

	u8 max_level;
	u8 req_level;
	u8 goal_level;

	gfn_t gfn;
	struct kvm_memory_slot *slot;

	unsigned long mmu_seq;
	kvm_pfn_t pfn;
	hva_t hva;
	bool map_writable;
};

int kvm_tdp_mmu_page_fault(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
int kvm_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
bool is_page_fault_stale(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
void kvm_mmu_hugepage_adjust(struct kvm_vcpu *vcpu,
			     struct kvm_page_fault *fault);

/* --- caches and roots: mmu.c --- */

int mmu_topup_memory_caches(struct kvm_vcpu *vcpu);
void mmu_free_memory_caches(struct kvm_vcpu *vcpu);
u64 *mmu_memory_cache_alloc(struct kvm_vcpu *vcpu);
struct kvm_mmu_page *kvm_mmu_root(struct kvm_vcpu *vcpu);

/* --- the processor: npt.c --- */

bool npt_guest_access(struct kvm_vcpu *vcpu, gfn_t gfn, bool write,
		      u64 *ret_error_code);

#endif
