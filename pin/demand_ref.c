/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Design "demand-ref": RFC v0 of January 2022, "KVM: SVM: Defer page pinning
 * for SEV guests", hook for hook and faults included (hazards 1.3, contract
 * 0.7; arch/x86/kvm/svm/sev.c there).
 *
 * A page is "pinned" when it is first mapped: the hook that runs whenever a
 * present leaf SPTE is written takes a plain reference, and notes page frame
 * and a bit in arrays that hang on the memslot. The reference goes when the
 * slot goes. Registering memory does nothing any more, but must succeed.
 *
 * Known faults, all kept:
 *   H-01	get_page() is no long-term pin: the page stays in CMA or
 *		ZONE_MOVABLE, and nothing can see that it is pinned
 *   H-10	so fork() shares it, and the guest's next write moves it
 *   H-27	nothing is charged
 *   H-57	the old page is not flushed before it is put
 *   K.13	the zero page is counted as well
 *   K.15	bit, page frame and reference are three things, changed under a
 *		lock that several vCPUs share
 *   R-21a	one reference for each 4K of a large page, no ceiling
 *   R-24a	a WARN for a page frame that is reserved
 *   R-44	the slot is looked up in address space 0 whatever the root's
 *   R-45	all that again, and a flush, at every write of a present SPTE
 *   R-47	a slot that is moved shares the arrays with the slot that is freed
 *   R-49	a slot that is deleted and made again loses its pins in between
 *   R-50	a slot that is older than the VM's SEV state has no arrays, and
 *		is then mapped unpinned without a word
 *   R-55	what a VM has that stopped being an SEV guest is never put
 *   H-51	no check that gfn and level stay inside the slot
 *   H-59	no rescheduling in a loop over a slot's pages
 *   1.3	the bitmap has a word where it needs a bit
 */
#include <linux/kvm_host.h>
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <asm/smp.h>
#include <svm/svm.h>

#include "designs.h"

/* One 4K page of a mapping: make the record say @pfn and hold it. */
static void sev_pin_one(struct kvm_memory_slot *slot, gfn_t rel_gfn,
			kvm_pfn_t pfn)
{
	struct kvm_arch_memory_slot *aslot = &slot->arch;

	if (test_bit(rel_gfn, aslot->pinned_bitmap)) {
		kvm_pfn_t old_pfn = aslot->pfns[rel_gfn];

		if (old_pfn == pfn)
			return;
		put_page(pfn_to_page(old_pfn));
	}

	set_bit(rel_gfn, aslot->pinned_bitmap);
	aslot->pfns[rel_gfn] = pfn;
	get_page(pfn_to_page(pfn));
}

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level,
			 kvm_pfn_t pfn)
{
	struct kvm_memory_slot *slot;
	unsigned long i, npages;
	gfn_t rel_gfn;

	if (!sev_guest(kvm))
		return;
	if (WARN_ON_ONCE(is_error_noslot_pfn(pfn) || kvm_is_reserved_pfn(pfn)))
		return;
	if (KVM_BUG_ON(level > PG_LEVEL_1G, kvm))
		return;

	slot = gfn_to_memslot(kvm, gfn);
	if (!slot || !slot->arch.pfns || !slot->arch.pinned_bitmap)
		return;

	rel_gfn = gfn - slot->base_gfn;
	npages = KVM_PAGES_PER_HPAGE(level);
	for (i = 0; i < npages; i++)
		sev_pin_one(slot, rel_gfn + i, pfn + i);

	/* What the host has in its caches must not land on encrypted memory. */
	clflush_cache_range(__va(pfn << PAGE_SHIFT), npages << PAGE_SHIFT);
}

int sev_alloc_memslot_metadata(struct kvm *kvm,
			       const struct kvm_memory_slot *old,
			       struct kvm_memory_slot *new)
{
	struct kvm_arch_memory_slot *aslot = &new->arch;

	if (!sev_guest(kvm))
		return 0;

	/* A slot that moves keeps its pins, by way of its pointers. */
	if (old && old->arch.pinned_bitmap && old->arch.pfns) {
		WARN_ON(old->npages != new->npages);
		aslot->pinned_bitmap = old->arch.pinned_bitmap;
		aslot->pfns = old->arch.pfns;
		return 0;
	}

	aslot->pfns = kvcalloc(new->npages, sizeof(*aslot->pfns),
			       GFP_KERNEL_ACCOUNT);
	if (!aslot->pfns)
		return -ENOMEM;

	aslot->pinned_bitmap =
		kvzalloc(new->npages * sizeof(*aslot->pinned_bitmap),
			 GFP_KERNEL_ACCOUNT);
	if (!aslot->pinned_bitmap) {
		kvfree(aslot->pfns);
		aslot->pfns = NULL;
		return -ENOMEM;
	}
	return 0;
}

static void sev_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	struct kvm_arch_memory_slot *aslot = &slot->arch;
	unsigned long i;

	if (!sev_guest(kvm))
		return;

	if (aslot->pinned_bitmap && aslot->pfns) {
		/* Nobody else can see the slot any more: plain bit operations. */
		for_each_set_bit(i, aslot->pinned_bitmap, slot->npages) {
			__clear_bit(i, aslot->pinned_bitmap);
			if (WARN_ON(!aslot->pfns[i]))
				continue;
			put_page(pfn_to_page(aslot->pfns[i]));
		}
	}

	kvfree(aslot->pinned_bitmap);
	aslot->pinned_bitmap = NULL;
	kvfree(aslot->pfns);
	aslot->pfns = NULL;
}

/* User space registers its memory as ever, and needs to hear that it worked. */
static int sev_mem_enc_register_region(struct kvm *kvm,
				       struct kvm_enc_region *range)
{
	return 0;
}

static int sev_mem_enc_unregister_region(struct kvm *kvm,
					 struct kvm_enc_region *range)
{
	return 0;
}

static void sev_vm_destroy(struct kvm *kvm)
{
	if (sev_guest(kvm) && !sev_release_mirror(kvm))
		wbinvd_on_all_cpus();
}

const struct kvm_x86_ops demand_ref_ops = {
	.name = "demand-ref",
	.vm_destroy = sev_vm_destroy,
	.mem_enc_register_region = sev_mem_enc_register_region,
	.mem_enc_unregister_region = sev_mem_enc_unregister_region,
	.guest_memory_reclaimed = sev_guest_memory_reclaimed,
	.alloc_memslot_metadata = sev_alloc_memslot_metadata,
	.free_memslot = sev_free_memslot,
	.pin_spte = sev_pin_spte,
	.launch_update = sev_rfc_launch_update,
	.send_update = sev_rfc_send_update,
	.receive_update = sev_rfc_receive_update,
};
