/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One page fault, shared by memory.c and swapin.c. */
#ifndef FAKES_MM_FAULT_INTERNAL_H
#define FAKES_MM_FAULT_INTERNAL_H

#include "fakes/mm/internal.h"

/**
 * struct vm_fault - one page fault
 * @vma: where
 * @mm: whose
 * @address: first byte of the page
 * @flags: FAULT_FLAG_*
 * @pmd: what links the page's table
 * @pte: the entry, while it is locked
 * @orig_pte: what it was when it was looked at
 * @ptl: its lock
 * @owner: of the references that the tables have
 */
struct vm_fault {
	struct vm_area_struct *vma;
	struct mm_struct *mm;
	unsigned long address;
	unsigned int flags;
	pmd_t *pmd;
	pte_t *pte;
	pte_t orig_pte;
	spinlock_t *ptl;
	sim_owner_t owner;
};

static inline void lock_pte(struct vm_fault *vmf)
{
	vmf->pte = pte_offset_map_lock(vmf->mm, vmf->pmd, vmf->address, &vmf->ptl);
}

static inline void unlock_pte(struct vm_fault *vmf)
{
	pte_unmap_unlock(vmf->pte, vmf->ptl);
}

static inline bool pte_unchanged(const struct vm_fault *vmf)
{
	return pte_same(*vmf->pte, vmf->orig_pte);
}

/* A present entry, locked, that does not permit the access; unlocks. */
vm_fault_t do_wp_page(struct vm_fault *vmf);
/* An entry that is not present. */
vm_fault_t do_swap_page(struct vm_fault *vmf);

#endif
