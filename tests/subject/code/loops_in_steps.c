/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Never ends, in steps: each execution is cut, and none ends. */
#include "base.h"

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	for (;;) {
		get_page(pfn_to_page(pfn));
		put_page(pfn_to_page(pfn));
	}
}
