/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vCPU with a root and nothing around it, for the tests that script what the
 * MMU calls.
 */
#ifndef TESTS_MMU_PAGE_FAULT_WORLD_H
#define TESTS_MMU_PAGE_FAULT_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#define PF_GFN	0x100ULL
#define PF_HVA	0x7f0000000000UL

enum pf_slot { PF_SLOT, PF_INVALID_SLOT, PF_NO_SLOT };

void pf_build(void);
void pf_invalidate_root(void);
/* A write fault on PF_GFN in a slot of that kind. Return: RET_PF_* or -errno. */
int pf_fault(enum pf_slot slot);
/* The same of a vCPU that was woken, in a slot. Is it to be halted (again)? */
int pf_prefetch(void);
bool pf_halted(void);
/* The same as the exit handler sees it, where no slot is: kvm_mmu_page_fault(). */
int pf_exit(void);
/* Mapping found a larger page: the fault is about its first one now. */
void pf_align_pfn(void *fault);

/* kvm_tdp_mmu_map() of PF_GFN to @pfn, mmu_lock held. Return: RET_PF_*. */
int pf_map(uint64_t pfn, bool writable);
/* The same where no slot is, the slots being of that generation. */
int pf_map_nothing(uint64_t generation);
/* The slots get a generation. Return: whether the vCPU's root is invalid by that. */
bool pf_new_generation(uint64_t generation);
/* Was PF_GFN used since this was last asked? As v6.1 asks, or as v6.12. */
bool pf_age(bool by_change);
/*
 * The process's entry for PF_GFN will say @pfn, as v6.1 is told. Return: whether a
 * flush is needed.
 */
bool pf_change(uint64_t pfn, bool writable);
/* Zap PF_GFN, as a notifier does. Return: whether a flush is needed. */
bool pf_zap(void);
/* The leaf SPTE of PF_GFN, 0 if there is none; how many tables there are. */
uint64_t pf_spte(void);
unsigned int pf_tables(void);
/* Make every root invalid, zap it, and let the vCPU drop it. */
void pf_zap_roots(void);

#endif
