/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Divides by zero: kernel-bug. */
#include "base.h"

static unsigned long divisor;

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	WRITE_ONCE(divisor, pfn / READ_ONCE(divisor));	/* HERE */
}
