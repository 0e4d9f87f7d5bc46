/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pin.c and pin_racy.c have in common: a page frame number for each page of
 * a memslot, 0 where nothing is pinned. This is kernel code; it is compiled against
 * the simulated kernel's headers. Hooks are looked for in the .c file alone.
 */
#include <linux/gfp.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <svm/svm.h>

static int alloc_pins(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	if (!sev_guest(kvm))
		return 0;
	slot->arch.pfns = kvcalloc(slot->npages, sizeof(*slot->arch.pfns), GFP_KERNEL_ACCOUNT);
	return slot->arch.pfns ? 0 : -ENOMEM;
}

static void free_pins(struct kvm_memory_slot *slot)
{
	unsigned long i;

	if (!slot->arch.pfns)
		return;
	for (i = 0; i < slot->npages; i++)
		if (slot->arch.pfns[i])
			unpin_user_page(pfn_to_page(slot->arch.pfns[i]));
	kvfree(slot->arch.pfns);
	slot->arch.pfns = NULL;
}

/* Not encrypted memory, or nothing to record a pin in: as KVM does it. */
static int faultin_plain(struct kvm_memory_slot *slot, gfn_t gfn, bool write, kvm_pfn_t *pfn,
			 bool *map_writable)
{
	*pfn = __gfn_to_pfn_memslot(slot, gfn, false, false, NULL, write, map_writable, NULL);
	return 0;
}
