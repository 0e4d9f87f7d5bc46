/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making SPTEs and asking them (arch/x86/kvm/mmu/spte.c, v6.12).
 *
 * A present SPTE holds no reference and no mapcount (H.23): what keeps its
 * page is the notifier's promise to zap it first, nothing here.
 *
 * Simpler than the kernel: tables are this machine's own memory, named by
 * their virtual address in place of a physical one; no shadow paging, so
 * nothing is write-protected for a guest's page tables, only for who asks
 * (page_track.c).
 */
#include <linux/kvm_host.h>
#include <linux/bug.h>

#include "mmu_internal.h"
#include "page_track.h"
#include "spte.h"

/**
 * make_spte() - the leaf that maps a fault's page.
 * @fault: with pfn and map_writable found
 * @old_spte: what it will replace
 * @level: of the leaf, PG_LEVEL_4K upwards
 *
 * A writable leaf is dirty from the start, as the kernel has it: the guest is
 * about to write. One that replaces a writable leaf is not: the page is told
 * of the old one's dirty bit when that goes. So of two vCPUs that map a page
 * one after the other, the second does not find its own work done. A prefetched
 * leaf counts as not accessed.
 *
 * Context: any; computes only.
 * Return: the SPTE.
 */
u64 make_spte(const struct kvm_page_fault *fault, u64 old_spte, int level)
{
	u64 spte = PT_PRESENT_MASK | PT_USER_MASK | SPTE_MMU_PRESENT_MASK;

	BUG_ON(fault->pfn & (KVM_PAGES_PER_HPAGE(level) - 1));

	if (level > PG_LEVEL_4K)
		spte |= PT_PAGE_SIZE_MASK;
	if (!fault->prefetch)
		spte |= PT_ACCESSED_MASK;
	if (fault->map_writable)
		spte |= SPTE_HOST_WRITABLE;
	if (fault->map_writable &&
	    !kvm_gfn_is_write_tracked(fault->slot, fault->gfn)) {
		spte |= SPTE_MMU_WRITABLE | PT_WRITABLE_MASK;
		if (!is_last_spte(old_spte, level) || !is_writable_pte(old_spte))
			spte |= PT_DIRTY_MASK;
	}
	return spte | ((u64)fault->pfn << PAGE_SHIFT);
}

/**
 * spte_to_child_pt() - the table that an SPTE leads to.
 * @spte: the SPTE
 * @level: of the SPTE
 *
 * Context: any; computes only.
 * Return: the table, or NULL if @spte is not present or a leaf.
 */
u64 *spte_to_child_pt(u64 spte, int level)
{
	if (!is_shadow_present_pte(spte) || is_last_spte(spte, level))
		return NULL;
	return (u64 *)(unsigned long)(spte & SPTE_BASE_ADDR_MASK);
}

/**
 * make_nonleaf_spte() - the entry that leads to a table.
 * @child_pt: table of the next lower level, page aligned
 *
 * Context: any; computes only.
 * Return: the SPTE.
 */
u64 make_nonleaf_spte(u64 *child_pt)
{
	u64 addr = (u64)(unsigned long)child_pt;

	BUG_ON(addr & ~SPTE_BASE_ADDR_MASK);

	return addr | SPTE_MMU_PRESENT_MASK | PT_PRESENT_MASK |
		PT_WRITABLE_MASK | PT_USER_MASK | PT_ACCESSED_MASK;
}

/**
 * make_mmio_spte() - the entry that says that no slot has a gfn.
 * @vcpu: that faulted
 * @gfn: that it faulted at
 *
 * Context: kvm->srcu read side. A step: the generation is that of the slots now.
 * Return: the SPTE.
 */
u64 make_mmio_spte(struct kvm_vcpu *vcpu, gfn_t gfn)
{
	u64 gen = kvm_vcpu_memslots(vcpu)->generation & MMIO_SPTE_GEN_MASK;
	u64 low = gen & ((1 << MMIO_SPTE_GEN_LOW_BITS) - 1);

	return SHADOW_MMIO_VALUE | PT_WRITABLE_MASK | PT_USER_MASK |
		low << MMIO_SPTE_GEN_LOW_SHIFT | gfn << PAGE_SHIFT |
		(gen >> MMIO_SPTE_GEN_LOW_BITS) << MMIO_SPTE_GEN_HIGH_SHIFT;
}

/**
 * kvm_mmu_changed_pte_notifier_make_spte() - a leaf, with another page in it.
 * @old_spte: the leaf
 * @new_pfn: the page, which the process may not write to
 *
 * Of v6.1. The guest may not write to it either, and has not used it yet.
 *
 * Context: any; computes only.
 * Return: the SPTE.
 */
u64 kvm_mmu_changed_pte_notifier_make_spte(u64 old_spte, kvm_pfn_t new_pfn)
{
	u64 spte = old_spte & ~SPTE_BASE_ADDR_MASK;

	spte &= ~(PT_WRITABLE_MASK | SPTE_HOST_WRITABLE | SPTE_MMU_WRITABLE |
		  PT_ACCESSED_MASK);
	return spte | (u64)new_pfn << PAGE_SHIFT;
}
