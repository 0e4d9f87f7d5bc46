/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's hva_to_pfn() and what goes with it in the place of the model's
 * pfn.c.
 */
#include <linux/kvm_host.h>

#include "fakes/kvm/internal.h"
#include "tests/real/real_world.h"

/* A fault that planted_test.py has to be told of; 0: none. */
#ifndef PLANT
#define PLANT 0
#endif

#undef hva_to_pfn
#undef __gfn_to_pfn_memslot

/* v6.1 cannot be interrupted. */
#if PINSIM_KVER < 612
#define INTERRUPTIBLE_ARG
#define INTERRUPTIBLE
#else
#define INTERRUPTIBLE_ARG	bool interruptible,
#define INTERRUPTIBLE		interruptible,
#endif

kvm_pfn_t real_hva_to_pfn(unsigned long addr, bool atomic, INTERRUPTIBLE_ARG bool *async,
			  bool write_fault, bool *writable);
kvm_pfn_t real___gfn_to_pfn_memslot(const struct kvm_memory_slot *slot, gfn_t gfn, bool atomic,
				    INTERRUPTIBLE_ARG bool *async, bool write_fault,
				    bool *writable, hva_t *hva);
void real_kvm_release_pfn_clean(kvm_pfn_t pfn);

kvm_pfn_t hva_to_pfn(unsigned long addr, bool atomic, bool interruptible, bool *async,
		     bool write_fault, bool *writable)
{
	real_called();
	return real_hva_to_pfn(addr, atomic, INTERRUPTIBLE async, write_fault, writable);
}

kvm_pfn_t __gfn_to_pfn_memslot(const struct kvm_memory_slot *slot, gfn_t gfn, bool atomic,
			       bool interruptible, bool *async, bool write_fault, bool *writable,
			       hva_t *hva)
{
	real_called();
	/* 1: whoever reads may write. */
	if (PLANT == 1)
		write_fault = true;
	return real___gfn_to_pfn_memslot(slot, gfn, atomic, INTERRUPTIBLE async, write_fault,
					 writable, hva);
}

void kvm_release_pfn_clean(kvm_pfn_t pfn)
{
	/* 2: the last one is kept. */
	if (PLANT != 2)
		real_kvm_release_pfn_clean(pfn);
}

bool kvm_is_reserved_pfn(kvm_pfn_t pfn)
{
	return !kvm_pfn_to_refcounted_page(pfn);
}
