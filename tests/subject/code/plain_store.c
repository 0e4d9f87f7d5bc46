/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plain store where two vCPUs meet: data-race, at access grain. */
#include "base.h"

static unsigned long pinned_pages;

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	pinned_pages++;	/* HERE */
}
