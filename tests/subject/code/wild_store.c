/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores through a pointer that is not one: kernel-bug. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	*(unsigned long *)0x123456789000UL = pfn;	/* HERE */
}
