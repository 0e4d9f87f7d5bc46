/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "pinned-spte": Christopherson's RFC of July 2020, "KVM: x86/mmu: Introduce
 * pinned SPTEs framework" 0/8, faults included (hazards 1.2).
 *
 * The pin is a software bit of the SPTE, and nothing else. Whoever writes a new leaf
 * asks a hook before; if that says so, the SPTE is pinned from then on: a zap by the
 * MMU notifier leaves the bit and the page frame where the mapping was, and what is
 * mapped there again is pinned as before. The pin goes when the SPTE does.
 *
 * It was written for the MMU of that time, which had reverse maps, descended from one
 * table under mmu_lock held exclusively, and had no other. Here its places are those of
 * the TDP MMU:
 *   set_spte(), mmu_set_spte()		tdp_mmu_pin_leaf(), mmu/tdp_mmu.c; faults of
 *					its VMs hold mmu_lock exclusively
 *   kvm_zap_rmapp()			tdp_mmu_zap_leafs(), mmu/tdp_zap.c
 *   kvm_set_pte_rmapp()		set_spte_gfn(), mmu/tdp_gfn.c
 *   drop_spte(), rmap_remove()		handle_changed_spte(), mmu/tdp_spte.c
 * So it is a zap by gfn that keeps a pin: the notifier's, and with 6.12 also that of a
 * slot that goes (G.12). Of the four hooks the two that SEV leaves empty are not here.
 *
 * One difference is meant: there, registering memory pinned it as ever, before the
 * guest ran. With that no pin of an SPTE would ever be missed; here it succeeds and
 * does nothing, as everybody who took the idea up had it. Its launch commands were not
 * finished: here they pin as the kernel's.
 *
 * Known faults, all kept:
 *   H-01	get_page() is no long-term pin: the page stays in CMA or ZONE_MOVABLE
 *   H-10	so fork() shares it; and v6.1 warns about it when it tells of the copy
 *   H-27	nothing is charged
 *   H-57	nothing is flushed when it is unpinned
 *   K.13	the zero page is counted as well
 *   1.2	tables go at other times than the guest: with a change of the slots, with
 *		the last vCPU of their role, and the pins with them
 *   1.2	a pinned SPTE that maps another page than before warns, and then holds
 *		the old one, and puts the new one at its end
 *   1.2	one reference whatever the level
 *   R-55	a VM that stopped being an SEV guest warns, and puts nothing
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <svm/svm.h>

#include "designs.h"
#include "slot_pins.h"

static bool sev_pin_spte(struct kvm_vcpu *vcpu, gfn_t gfn, int level,
			 kvm_pfn_t pfn)
{
	if (!sev_guest(vcpu->kvm))
		return false;

	get_page(pfn_to_page(pfn));
	/* What the host has in its caches must not land on encrypted memory. */
	clflush_cache_range(__va(pfn << PAGE_SHIFT), KVM_HPAGE_SIZE(level));
	return true;
}

static void sev_drop_pinned_spte(struct kvm *kvm, gfn_t gfn, int level,
				 kvm_pfn_t pfn)
{
	if (WARN_ON_ONCE(!sev_guest(kvm)))
		return;
	put_page(pfn_to_page(pfn));
}

const struct kvm_x86_ops pinned_spte_ops = {
	.name = "pinned-spte",
	.vm_destroy = sev_vm_destroy_caches,
	.mem_enc_register_region = sev_ignore_region,
	.mem_enc_unregister_region = sev_ignore_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
	.pin_new_spte = sev_pin_spte,
	.drop_pinned_spte = sev_drop_pinned_spte,
};
