/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls what no header declares: the compiler's error, with what is lacking. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	frobnicate_page(pfn_to_page(pfn));	/* HERE */
}
