/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pin on demand: a long-term pin when the guest's fault looks the page up, kept
 * in the memslot until that goes. Two vCPUs may get here with the same page: the
 * record is exchanged, and who finds an older pin in it drops that one.
 */
#include "pins.h"

static int sev_alloc_memslot_metadata(struct kvm *kvm, const struct kvm_memory_slot *old,
				      struct kvm_memory_slot *new)
{
	return alloc_pins(kvm, new);
}

static void sev_free_memslot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	free_pins(slot);
}

static int sev_faultin_pfn(struct kvm_vcpu *vcpu, struct kvm_memory_slot *slot, gfn_t gfn,
			   hva_t hva, bool write, kvm_pfn_t *pfn, bool *map_writable)
{
	kvm_pfn_t *record = slot->arch.pfns ? &slot->arch.pfns[gfn - slot->base_gfn] : NULL;
	struct page *page;
	kvm_pfn_t old;
	int npinned;

	if (!sev_guest(vcpu->kvm) || !record)
		return faultin_plain(slot, gfn, write, pfn, map_writable);

	npinned = pin_user_pages_fast(hva, 1, FOLL_LONGTERM | (write ? FOLL_WRITE : 0), &page);
	if (npinned != 1)
		return npinned < 0 ? npinned : -EFAULT;

	/* What the host has in its caches must not land on what the guest encrypts. */
	clflush_cache_range(page_address(page), PAGE_SIZE);

	/* The fault's own reference first: the pin may be dropped once it is recorded. */
	get_page(page);
	old = xchg(record, page_to_pfn(page));
	if (old)
		unpin_user_page(pfn_to_page(old));

	*pfn = page_to_pfn(page);
	*map_writable = write;
	return 0;
}
