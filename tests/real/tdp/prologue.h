/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands before the kernel's tdp_mmu.c, tdp_iter.c and spte.c, which are
 * compiled as they are: what these three have to take otherwise than the rest
 * of the simulated kernel does.
 *
 * Page tables are the simulated kernel's own memory and not pages of the
 * machine, so their physical address is their virtual one; behind each lies
 * its struct page (glue.c).
 */
#ifndef TESTS_REAL_TDP_PROLOGUE_H
#define TESTS_REAL_TDP_PROLOGUE_H

#include <linux/gfp.h>
#include <linux/kvm_host.h>
#include <linux/moduleparam.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <asm/processor.h>

#include "sim/engine/arena.h"

/* Each of the three defines its own. */
#undef pr_fmt

#undef __pa
#undef __va
#define __pa(x)		((unsigned long)(x))
#define __va(x)		((void *)(unsigned long)(x))
#define virt_to_page(x)							\
	((struct page *)(((unsigned long)(x) & PAGE_MASK) + PAGE_SIZE))

/* Asked for tables only, which lie in the arena as no page of the machine does. */
static inline struct page *real_pfn_to_page(unsigned long pfn)
{
	unsigned long addr = pfn << PAGE_SHIFT;

	return addr < SIM_ARENA_BASE ? pfn_to_page(pfn) : virt_to_page(addr);
}

#undef pfn_to_page
#define pfn_to_page(pfn)		real_pfn_to_page(pfn)
#define page_private(page)		((page)->private)
#define set_page_private(page, v)	((page)->private = (v))

unsigned long real_table_alloc(gfp_t gfp);

#undef __get_free_page
#undef get_zeroed_page
#define __get_free_page(gfp)	real_table_alloc(gfp)
#define get_zeroed_page(gfp)	real_table_alloc(gfp)

#if PINSIM_KVER < 612
/* A list there, a number later. */
#define tdp_mmu_pages			tdp_mmu_page_list
#endif

#endif
