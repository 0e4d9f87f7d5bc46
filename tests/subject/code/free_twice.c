/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frees its array twice: the simulated allocator's kernel-bug. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	unsigned long *p = kmalloc(64, GFP_ATOMIC);

	kfree(p);
	kfree(p);	/* HERE */
}
