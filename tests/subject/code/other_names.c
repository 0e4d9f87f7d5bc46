/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that no kernel has: --hook pin_spte=my_pin. */
#include "base.h"

static void my_pin(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	struct kvm_memory_slot *slot = gfn_to_memslot(kvm, gfn);

	if (slot->arch.pfns[gfn - slot->base_gfn])
		return;
	slot->arch.pfns[gfn - slot->base_gfn] = pfn;
	get_page(pfn_to_page(pfn));
}
