/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sleeps under mmu_lock: sleep-in-atomic. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	unsigned long *p = kmalloc(64, GFP_KERNEL);	/* HERE */

	kfree(p);
}
