/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modelled processor as far as page tables depend on it: AMD's, with 48
 * bits of physical address and none of Intel's errata.
 */
#ifndef _ASM_X86_PROCESSOR_H
#define _ASM_X86_PROCESSOR_H

#include <linux/types.h>

struct cpuinfo_x86 {
	u32 extended_cpuid_level;
	u8 x86_phys_bits;
	u8 x86_cache_bits;
};

static const struct cpuinfo_x86 boot_cpu_data __attribute__((__unused__)) = {
	.extended_cpuid_level = 0x80000008,
	.x86_phys_bits = 48,
	.x86_cache_bits = 48,
};

#define X86_BUG_L1TF		18
#define boot_cpu_has_bug(bug)	false

/* Leaf 0x80000008, the only one that is asked: how many address bits. */
static inline unsigned int cpuid_eax(unsigned int op)
{
	return 48 | 48 << 8;
}

#endif
