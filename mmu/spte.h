/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an SPTE says, bit by bit (arch/x86/kvm/mmu/spte.h, v6.12, in the nested
 * page table format of AMD-V with accessed and dirty bits in hardware).
 *
 *	 0	readable, that is present to hardware
 *	 1	writable
 *	 2	user, always set
 *	 5	accessed
 *	 6	dirty
 *	 7	a leaf above level 1
 *	 9	the host's own mapping allows writing
 *	10	KVM allows writing; set with bit 1 clear: write-protected
 *	11	KVM made it present (so that no other pattern can look so)
 *	12..51	page frame, or the next table's address
 *	62	pinned; no kernel has it, but the RFC of 2020 (pin/pinned_spte.c)
 *
 * One that is pinned and not present is all that is left of a mapping that the
 * notifier has taken away: bit 62 and the page frame.
 *
 * One that has bits 0 and 51 set, and bit 11 clear, maps nothing: no processor
 * here has that much memory, so an access faults with the reserved bit named,
 * and KVM knows at once that no slot is there (an MMIO SPTE):
 *
 *	 1, 2	what was allowed: all
 *	 3..10	bits 0..7 of the generation of the slots that it knows
 *	12..47	the gfn
 *	52..62	bits 8..18 of that generation
 *
 * Simpler than the kernel: no C-bit in the frame (a guest's key goes with its
 * memory access, see vcpu_run.c), no execute-disable, no access tracking
 * without hardware bits.
 */
#ifndef KVM_X86_MMU_SPTE_H
#define KVM_X86_MMU_SPTE_H

#include "mmu/mmu.h"

#define SPTE_HOST_WRITABLE	(1ULL << 9)
#define SPTE_MMU_WRITABLE	(1ULL << 10)
#define SPTE_MMU_PRESENT_MASK	(1ULL << 11)
#define SPTE_BASE_ADDR_MASK	(((1ULL << 52) - 1) & ~(u64)(PAGE_SIZE - 1))

#define SPTE_PINNED_MASK	(1ULL << 62)

#define SHADOW_NONPRESENT_VALUE	0ULL

#define SHADOW_MMIO_VALUE	(1ULL << 51 | PT_PRESENT_MASK)
#define MMIO_SPTE_GEN_LOW_BITS	8
#define MMIO_SPTE_GEN_LOW_SHIFT	3
#define MMIO_SPTE_GEN_HIGH_SHIFT	52
#define MMIO_SPTE_GEN_MASK	((1ULL << 19) - 1)

/*
 * Stands in an entry whose table is being taken down by somebody who holds
 * mmu_lock only for reading: not present, and nobody may put anything there.
 */
#define FROZEN_SPTE		0x5a0ULL

#define SPTE_LEVEL_BITS		9
#define SPTE_ENT_PER_PAGE	(1 << SPTE_LEVEL_BITS)

#define ACC_WRITE_MASK		PT_WRITABLE_MASK
#define ACC_USER_MASK		PT_USER_MASK
#define ACC_ALL			(ACC_WRITE_MASK | ACC_USER_MASK | 1)

static inline bool is_frozen_spte(u64 spte)
{
	return spte == FROZEN_SPTE;
}

/* Only meaningful for an entry of the last level. */
static inline bool is_mmio_spte(u64 spte)
{
	return (spte & SHADOW_MMIO_VALUE) == SHADOW_MMIO_VALUE;
}

/* An MMIO SPTE has part of a generation there. */
static inline bool is_pinned_spte(u64 spte)
{
	return spte & SPTE_PINNED_MASK && !is_mmio_spte(spte);
}

/* The lowest 19 bits of the generation that an MMIO SPTE knows. */
static inline u64 get_mmio_spte_generation(u64 spte)
{
	u64 low = (spte >> MMIO_SPTE_GEN_LOW_SHIFT) &
		  ((1 << MMIO_SPTE_GEN_LOW_BITS) - 1);

	return (spte >> MMIO_SPTE_GEN_HIGH_SHIFT << MMIO_SPTE_GEN_LOW_BITS |
		low) & MMIO_SPTE_GEN_MASK;
}

static inline bool is_shadow_present_pte(u64 spte)
{
	return spte & SPTE_MMU_PRESENT_MASK;
}

static inline bool is_large_pte(u64 spte)
{
	return spte & PT_PAGE_SIZE_MASK;
}

/* Only meaningful for a present SPTE. */
static inline bool is_last_spte(u64 spte, int level)
{
	return level == PG_LEVEL_4K || is_large_pte(spte);
}

static inline bool is_writable_pte(u64 spte)
{
	return spte & PT_WRITABLE_MASK;
}

static inline bool is_mmu_writable_spte(u64 spte)
{
	return spte & SPTE_MMU_WRITABLE;
}

static inline bool is_accessed_spte(u64 spte)
{
	return spte & PT_ACCESSED_MASK;
}

static inline bool is_dirty_spte(u64 spte)
{
	return spte & PT_DIRTY_MASK;
}

static inline kvm_pfn_t spte_to_pfn(u64 spte)
{
	return (spte & SPTE_BASE_ADDR_MASK) >> PAGE_SHIFT;
}

/* Index of @gfn's entry in its table of @level. */
static inline int spte_index(gfn_t gfn, int level)
{
	return (gfn >> ((level - 1) * SPTE_LEVEL_BITS)) &
		(SPTE_ENT_PER_PAGE - 1);
}

/*
 * The table that a present, non-leaf SPTE leads to; NULL for any other. The
 * table lives as long as RCU or mmu_lock keeps it.
 */
u64 *spte_to_child_pt(u64 spte, int level);

struct kvm_page_fault;

u64 make_spte(const struct kvm_page_fault *fault, u64 old_spte, int level);
u64 make_nonleaf_spte(u64 *child_pt);
u64 make_mmio_spte(struct kvm_vcpu *vcpu, gfn_t gfn);
u64 kvm_mmu_changed_pte_notifier_make_spte(u64 old_spte, kvm_pfn_t new_pfn);

#endif
