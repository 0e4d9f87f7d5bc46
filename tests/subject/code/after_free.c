/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes to what it freed: use-after-free. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	unsigned long *p = kmalloc(64, GFP_ATOMIC);

	kfree(p);
	*p = pfn;	/* HERE */
}
