/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As pin.c, but for one thing: what is pinned is looked up first, and recorded
 * when the pin is there. Nothing keeps the other vCPU out in between, and the
 * pin that is overwritten is never dropped.
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
	int npinned;

	if (!sev_guest(vcpu->kvm) || !record || *record)
		return faultin_plain(slot, gfn, write, pfn, map_writable);

	npinned = pin_user_pages_fast(hva, 1, FOLL_LONGTERM | (write ? FOLL_WRITE : 0), &page);
	if (npinned != 1)
		return npinned < 0 ? npinned : -EFAULT;

	clflush_cache_range(page_address(page), PAGE_SIZE);
	get_page(page);
	*record = page_to_pfn(page);

	*pfn = page_to_pfn(page);
	*map_writable = write;
	return 0;
}
