/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Declares a function of the C library's: refused before it is loaded. */
#include "base.h"

extern void *malloc(unsigned long size);
extern void free(void *p);

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	free(malloc(pfn));
}
