/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's files find in mmu.h and mmu/ has no use for. */
#ifndef TESTS_REAL_TDP_MMU_H
#define TESTS_REAL_TDP_MMU_H

#include <linux/kvm_host.h>
#include <asm/processor.h>

#include "mmu/mmu.h"

#define PT64_NX_MASK		(1ULL << 63)
#define PT64_ROOT_5LEVEL	5
#define PT64_ROOT_MAX_LEVEL	PT64_ROOT_5LEVEL

#define tdp_enabled		true
#define static_call(func)	func
#define kvm_x86_call(func)	kvm_x86_##func

extern bool enable_mmio_caching;
extern u8 shadow_phys_bits;

static inline u64 rsvd_bits(int first, int last)
{
	return last < first ? 0 : GENMASK_ULL(last, first);
}

static inline u8 kvm_get_shadow_phys_bits(void)
{
	return cpuid_eax(boot_cpu_data.extended_cpuid_level) & 0xff;
}

static inline gfn_t kvm_mmu_max_gfn(void)
{
	return (1ULL << (KVM_MAX_GPA_BITS - PAGE_SHIFT)) - 1;
}

static inline void kvm_update_page_stats(struct kvm *kvm, int level, int count)
{
	atomic64_add(count, &kvm->stat.pages[level - 1]);
}

/* All memory is write-back; nobody asks on AMD. */
static inline u8 kvm_x86_get_mt_mask(struct kvm_vcpu *vcpu, gfn_t gfn, bool is_mmio)
{
	return 0;
}

void kvm_mmu_spte_module_init(void);
void kvm_mmu_reset_all_pte_masks(void);
void kvm_mmu_set_mmio_spte_mask(u64 mmio_value, u64 mmio_mask, u64 access_mask);
void kvm_mmu_set_me_spte_mask(u64 me_value, u64 me_mask);
void kvm_mmu_set_ept_masks(bool has_ad_bits, bool has_exec_only);

#endif
