/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads through a pointer to nothing that is mapped: kernel-bug. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	if (*(unsigned long *)(0x654321000000UL + pfn))	/* HERE */
		get_page(pfn_to_page(pfn));
}
