/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands before the kernel's kvm_main.c, of which the way from an address to a
 * page frame and back is taken. v6.1's functions have one argument less: what
 * the model declares goes by other names here, and what it has for callers of
 * that version is not asked for.
 */
#ifndef TESTS_REAL_PFN_PROLOGUE_H
#define TESTS_REAL_PFN_PROLOGUE_H

#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/swap.h>

#define hva_to_pfn			model_hva_to_pfn
#define __gfn_to_pfn_memslot		model___gfn_to_pfn_memslot
#define gfn_to_pfn_memslot		model_gfn_to_pfn_memslot
#pragma push_macro("PINSIM_KVER")
#undef PINSIM_KVER
#define PINSIM_KVER			612
#include <linux/kvm_host.h>
#pragma pop_macro("PINSIM_KVER")
#undef hva_to_pfn
#undef __gfn_to_pfn_memslot
#undef gfn_to_pfn_memslot

#define is_error_page(page)		IS_ERR(page)
#define kvm_is_zone_device_page(page)	is_zone_device_page(page)

/* --- what a driver has mapped (H.12): nobody maps any --- */

struct follow_pfnmap_args {
	struct vm_area_struct *vma;
	unsigned long address, pfn;
	bool writable;
};

#define follow_pfnmap_start(args)	(-EINVAL)
#define follow_pfnmap_end(args)		do { } while (0)
#define follow_pte(mm, addr, ptepp, ptlp) (*(ptepp) = NULL, *(ptlp) = NULL, -EINVAL)
#define fixup_user_fault(mm, addr, flags, unlocked) (-EFAULT)

#endif
