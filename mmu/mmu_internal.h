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

typedef u64 __rcu *tdp_ptep_t;

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
 * @root_count: what others than the TDP MMU call @tdp_mmu_root_count
 * @gfn: first gfn that the table is about
 * @ptep: the entry that leads to it
 * @tdp_mmu_page: it is one of the TDP MMU's
 * @lpage_disallowed: 6.1's name for @nx_huge_page_disallowed
 * @nx_huge_page_disallowed: stands where a larger, executable leaf may not
 * @possible_nx_huge_page_link: among those that could be a leaf again
 * @kvm: its VM, for the trace; no field of the kernel's
 *
 * Simpler than the kernel: tables below the root have no such descriptor;
 * their gfn and level are known wherever they are met. The fields from
 * @root_count on are there for the kernel's own files, which can stand in the
 * place of these (tests/real); then every table has one.
 */
struct kvm_mmu_page {
	struct list_head link;
	struct rcu_head rcu_head;
	u64 *spt;
	union kvm_mmu_page_role role;
	union {
		refcount_t tdp_mmu_root_count;
		int root_count;
	};
	bool tdp_mmu_scheduled_root_to_zap;
	bool tdp_mmu_page;
	bool lpage_disallowed;
	bool nx_huge_page_disallowed;
	gfn_t gfn;
	tdp_ptep_t ptep;
	struct list_head possible_nx_huge_page_link;
	struct kvm *kvm;
};

static inline int kvm_mmu_role_as_id(union kvm_mmu_page_role role)
{
	return role.smm ? 1 : 0;
}

/* Address space that a root is about; SMM's has slots of its own. */
static inline int kvm_mmu_page_as_id(const struct kvm_mmu_page *sp)
{
	return kvm_mmu_role_as_id(sp->role);
}

static inline gfn_t gfn_round_for_level(gfn_t gfn, int level)
{
	return gfn & -(gfn_t)KVM_PAGES_PER_HPAGE(level);
}

/* Bits of a nested page fault's error code. */
#define PFERR_PRESENT_MASK	(1ULL << 0)
#define PFERR_WRITE_MASK	(1ULL << 1)
#define PFERR_USER_MASK		(1ULL << 2)
#define PFERR_RSVD_MASK		(1ULL << 3)
#define PFERR_FETCH_MASK	(1ULL << 4)
/* KVM's own: an SNP guest meant memory that is its alone. */
#define PFERR_PRIVATE_ACCESS	(1ULL << 49)

/**
 * struct kvm_page_fault - one nested page fault on its way through the MMU
 * @addr: guest physical address
 * @error_code: PFERR_*
 * @prefetch: nobody waits for it
 * @exec: instruction fetch
 * @write: write access
 * @present: hardware found a present SPTE that forbade the access
 * @rsvd: hardware found a reserved bit set: the entry is an MMIO SPTE
 * @user: always, with nested paging
 * @is_tdp: always
 * @is_private: the guest means its own memory, not what the VMM has mapped
 * @nx_huge_page_workaround_enabled: never: no processor here has that erratum
 * @huge_page_disallowed: because of that
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
	const bool rsvd;
	const bool user;

	const bool is_tdp;
	const bool is_private;
	const bool nx_huge_page_workaround_enabled;

	bool huge_page_disallowed;
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
int kvm_mmu_write_protected_result(void);
int kvm_mmu_handle_fault(struct kvm_vcpu *vcpu, gpa_t cr2_or_gpa,
			 u64 error_code);
int kvm_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
bool is_page_fault_stale(struct kvm_vcpu *vcpu, struct kvm_page_fault *fault);
void kvm_mmu_hugepage_adjust(struct kvm_vcpu *vcpu,
			     struct kvm_page_fault *fault);

/* Behind the last gfn of four levels of tables there is none. */
#define KVM_MMU_MAX_GFN		((1ULL << (KVM_MAX_GPA_BITS - PAGE_SHIFT)) - 1)

/*
 * The last gfn without a slot that a vCPU met, good for as long as the slots
 * stay as they are (arch/x86/kvm/x86.h, v6.12). Each is a step: it looks which.
 */
static inline void vcpu_cache_mmio_info(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	u64 gen = kvm_vcpu_memslots(vcpu)->generation;

	if (gen & KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS)
		return;
	vcpu->arch.mmio_gfn = gfn;
	vcpu->arch.mmio_gen = gen;
}

static inline bool vcpu_match_mmio_gfn(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	return vcpu->arch.mmio_gen == kvm_vcpu_memslots(vcpu)->generation &&
	       vcpu->arch.mmio_gfn && vcpu->arch.mmio_gfn == gfn;
}

/* --- caches and roots: mmu.c --- */

int mmu_topup_memory_caches(struct kvm_vcpu *vcpu);
void mmu_free_memory_caches(struct kvm_vcpu *vcpu);
u64 *mmu_memory_cache_alloc(struct kvm_vcpu *vcpu);
struct kvm_mmu_page *kvm_mmu_root(struct kvm_vcpu *vcpu);

/* --- the processor: npt.c --- */

bool npt_guest_access(struct kvm_vcpu *vcpu, gfn_t gfn, bool write,
		      u64 *ret_error_code);

#endif
