/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's types (include/linux/kvm_types.h, v6.12).  The address types gfn_t,
 * gpa_t, hva_t and kvm_pfn_t come with linux/types.h.
 */
#ifndef __KVM_TYPES_H__
#define __KVM_TYPES_H__

#include <linux/types.h>

struct kvm;
struct kvm_enc_region;
struct kvm_gfn_range;
struct kvm_memory_slot;
struct kvm_memslots;
struct kvm_userspace_memory_region;
struct kvm_vcpu;

/* What a change of a slot is. */
enum kvm_mr_change {
	KVM_MR_CREATE,
	KVM_MR_DELETE,
	KVM_MR_MOVE,
	KVM_MR_FLAGS_ONLY,
};

#define KVM_ARCH_NR_OBJS_PER_MEMORY_CACHE	4

/* Page tables that a vCPU has in stock: what one fault may need. */
struct kvm_mmu_memory_cache {
	int nobjs;
	void *objects[KVM_ARCH_NR_OBJS_PER_MEMORY_CACHE];
};

#define INVALID_GPA	(~(gpa_t)0)
#define INVALID_GFN	(~(gfn_t)0)

#endif
