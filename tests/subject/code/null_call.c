/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls a function that is not there: kernel-bug. */
#include "base.h"

struct ops {
	void (*fn)(struct kvm *kvm);
};

static struct ops nothing;

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	READ_ONCE(nothing.fn)(kvm);	/* HERE */
}
