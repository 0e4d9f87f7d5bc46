/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may write a page, as a machine with SNP knows it: the RMP.  Stands for
 * arch/x86/virt/svm/sev.c, v6.12: rmp_make_private(), rmp_make_shared().
 *
 * Simpler than the kernel: there is no table. The host cannot reach a page that
 * is private, as it has no mapping of it, and no guest but its own does; so nobody
 * is there whom an entry would stop. What is left is that such a page's cache lines
 * are one another's (cache.c), and that the instruction is a step.
 */
#include <asm/sev.h>

#include "fakes/sev/internal.h"

/**
 * rmp_make_private() - a page is a guest's from now on.
 * @pfn: page
 * @gpa: where the guest has it
 * @level: PG_LEVEL_4K
 * @asid: of the guest
 * @immutable: for ever
 *
 * Context: any. One step. Return: 0; there is no entry that could be in the way.
 */
int rmp_make_private(u64 pfn, u64 gpa, enum pg_level level, u32 asid, bool immutable)
{
	sim_step2(SIM_WRITE, OBJ_PAGE_OF(pfn), 1, asid, __func__);
	sev_cache_coherent(pfn);
	return 0;
}

/**
 * rmp_make_shared() - a page is the host's again.
 * @pfn: page
 * @level: PG_LEVEL_4K
 *
 * Context: any. One step. Return: 0.
 */
int rmp_make_shared(u64 pfn, enum pg_level level)
{
	sim_step2(SIM_WRITE, OBJ_PAGE_OF(pfn), 1, 0, __func__);
	return 0;
}
