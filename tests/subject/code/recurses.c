/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs off its stack: kernel-bug. */
#include "base.h"

static unsigned long deeper(unsigned long n)
{
	unsigned long room[16];

	WRITE_ONCE(room[n % 16], n);
	return READ_ONCE(n) ? deeper(n + 1) + READ_ONCE(room[3]) : 0;	/* HERE */
}

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	deeper(1);
}
