/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of pins that hang on memslots: see slot_pins.h.  Ours; it takes the
 * place of RFC v0's bitmap and array, where a record and its reference are
 * changed by separate steps (K.15).
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/smp.h>
#include <svm/svm.h>

#include "slot_pins.h"

void sev_record_pin(struct kvm_memory_slot *slot, gfn_t gfn, struct page *page)
{
	kvm_pfn_t *record = &slot->arch.pfns[gfn - slot->base_gfn];
	kvm_pfn_t pfn = page_to_pfn(page);
	kvm_pfn_t old;

	/* Page frame 0 is never user memory; 0 says that nothing is pinned. */
	old = xchg(record, pfn);
	if (old)
		unpin_user_page(pfn_to_page(old));
}

int sev_alloc_memslot_pins(struct kvm *kvm, const struct kvm_memory_slot *old,
			   struct kvm_memory_slot *new)
{
	if (!sev_guest(kvm))
		return 0;
	new->arch.pfns = kvcalloc(new->npages, sizeof(*new->arch.pfns),
				  GFP_KERNEL_ACCOUNT);
	return new->arch.pfns ? 0 : -ENOMEM;
}

void sev_free_memslot_pins(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	kvm_pfn_t *pfns = slot->arch.pfns;
	unsigned long i;

	if (!pfns)
		return;
	for (i = 0; i < slot->npages; i++)
		if (pfns[i])
			unpin_user_page(pfn_to_page(pfns[i]));
	slot->arch.pfns = NULL;
	kvfree(pfns);
}

int sev_ignore_region(struct kvm *kvm, struct kvm_enc_region *range)
{
	return 0;
}

void sev_vm_destroy_caches(struct kvm *kvm)
{
	if (sev_guest(kvm) && !sev_release_mirror(kvm))
		wbinvd_on_all_cpus();
}
