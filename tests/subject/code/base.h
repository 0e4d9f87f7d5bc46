/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the small subjects of these tests have in common: an array of page
 * frames on the memslot, and a hook that is left to each. A function that is
 * called where the fault is shall be the one that the report names.
 */
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <svm/svm.h>

static int sev_alloc_memslot_metadata(struct kvm *kvm, const struct kvm_memory_slot *old,
				      struct kvm_memory_slot *new)
{
	new->arch.pfns = kvcalloc(new->npages, sizeof(*new->arch.pfns), GFP_KERNEL_ACCOUNT);
	return new->arch.pfns ? 0 : -ENOMEM;
}

static void sev_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	unsigned long i;

	for (i = 0; slot->arch.pfns && i < slot->npages; i++)
		if (slot->arch.pfns[i])
			put_page(pfn_to_page(slot->arch.pfns[i]));
	kvfree(slot->arch.pfns);
	slot->arch.pfns = NULL;
}
