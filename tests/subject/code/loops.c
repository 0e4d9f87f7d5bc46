/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Never ends and takes no step: kernel-bug, by its budget. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	unsigned long i;

	for (i = 0; READ_ONCE(pfn); i++)	/* HERE */
		WRITE_ONCE(pfn, i | 1);
}
