/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's files find in mmu_internal.h and mmu/ has no use for:
 * descriptors of tables, the NX mitigation, the shadow MMU. The latter two are
 * off, as they are on a processor that needs neither.
 */
#ifndef TESTS_REAL_TDP_MMU_INTERNAL_H
#define TESTS_REAL_TDP_MMU_INTERNAL_H

#include "mmu/mmu_internal.h"

#define pgprintk(x...)		do { } while (0)
#define rmap_printk(x...)	do { } while (0)
#define MMU_WARN_ON(x)		((void)WARN_ON_ONCE(x))
#define KVM_MMU_WARN_ON(x)	((void)WARN_ON_ONCE(x))

#define __PT_LEVEL_SHIFT(level, bits)	(PAGE_SHIFT + ((level) - 1) * (bits))
#define __PT_ENT_PER_PAGE(bits)		(1 << (bits))
#define __PT_INDEX(address, level, bits)				\
	(((address) >> __PT_LEVEL_SHIFT(level, bits)) &			\
	 (__PT_ENT_PER_PAGE(bits) - 1))

extern struct kmem_cache *mmu_page_header_cache;

static inline bool kvm_mmu_is_dummy_root(hpa_t root)
{
	return false;
}

/*
 * Its struct page lies behind a table and points to the descriptor. 6.12 has
 * them in spte.h.
 */
#if PINSIM_KVER < 612 || !defined(TESTS_REAL_TDP_PROLOGUE_H)
static inline struct kvm_mmu_page *to_shadow_page(hpa_t shadow_page)
{
	unsigned long table = shadow_page & PAGE_MASK;
	const struct page *page = (const struct page *)(table + PAGE_SIZE);

	return (struct kvm_mmu_page *)page->private;
}

static inline struct kvm_mmu_page *sptep_to_sp(u64 *sptep)
{
	return to_shadow_page((unsigned long)sptep);
}
#endif

static inline bool kvm_mmu_page_ad_need_write_protect(struct kvm_mmu_page *sp)
{
	return false;
}

/* Nothing is shadowed: whatever is writable may be mapped so. */
static inline int mmu_try_to_unsync_pages(struct kvm *kvm, const struct kvm_memory_slot *slot,
					  gfn_t gfn, bool can_unsync, bool prefetch)
{
	return 0;
}

static inline bool is_nx_huge_page_enabled(struct kvm *kvm)
{
	return false;
}

static inline void disallowed_hugepage_adjust(struct kvm_page_fault *fault, u64 spte, int level)
{
}

static inline void account_huge_nx_page(struct kvm *kvm, struct kvm_mmu_page *sp)
{
}

static inline void unaccount_huge_nx_page(struct kvm *kvm, struct kvm_mmu_page *sp)
{
}

static inline void track_possible_nx_huge_page(struct kvm *kvm, struct kvm_mmu_page *sp)
{
}

static inline void untrack_possible_nx_huge_page(struct kvm *kvm, struct kvm_mmu_page *sp)
{
}

/* Only order-0 memory is modelled. */
static inline int kvm_mmu_max_mapping_level(struct kvm *kvm, const struct kvm_memory_slot *slot,
					    gfn_t gfn, ...)
{
	return PG_LEVEL_4K;
}

static inline void kvm_flush_remote_tlbs_with_address(struct kvm *kvm, u64 gfn, u64 pages)
{
	kvm_flush_remote_tlbs(kvm);
}

static inline void kvm_flush_remote_tlbs_gfn(struct kvm *kvm, gfn_t gfn, int level)
{
	kvm_flush_remote_tlbs(kvm);
}

#endif
