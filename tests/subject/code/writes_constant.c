/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores to what is constant: kernel-bug. */
#include "base.h"

static const unsigned long table[4] = { 1, 2, 3, 4 };

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	WRITE_ONCE(*(unsigned long *)&table[pfn % 4], pfn);	/* HERE */
}
