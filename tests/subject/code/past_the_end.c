/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One element past the slot's array: metadata-bounds. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	struct kvm_memory_slot *slot = gfn_to_memslot(kvm, gfn);

	get_page(pfn_to_page(pfn));
	slot->arch.pfns[slot->npages] = pfn;	/* HERE */
}
