/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing dirty cache lines back (arch/x86/include/asm/cacheflush.h).  The
 * cache model is fakes/sev/cache.c.
 */
#ifndef _ASM_X86_CACHEFLUSH_H
#define _ASM_X86_CACHEFLUSH_H

#include <linux/types.h>

#include "sim/core/step.h"

/* The host's own lines of [vaddr, vaddr + size), not those of a guest's key. */
void (clflush_cache_range)(void *vaddr, unsigned int size);
#define clflush_cache_range(v, s)	(sim_site_set(__func__), (clflush_cache_range)(v, s))

#endif
