/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts in variables of the file, of all kinds: they are the world's, so each
 * execution begins with them as they were written here.
 */
#include "base.h"

static unsigned long zero, seven = 7;
static unsigned long *where = &seven;

static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
	static bool once;

	BUG_ON(zero != *where - 7);
	WARN_ON_ONCE(once);
	zero++;
	(*where)++;
	if (kvm->number)
		once = true;
}
