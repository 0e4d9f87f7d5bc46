/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the modelled CPU can do (arch/x86/include/asm/cpufeature.h). */
#ifndef _ASM_X86_CPUFEATURE_H
#define _ASM_X86_CPUFEATURE_H

#include <linux/types.h>

/* The word and bit have no meaning here; only that they differ. */
#define X86_FEATURE_SEV			(19 * 32 + 1)
#define X86_FEATURE_SEV_ES		(19 * 32 + 3)
#define X86_FEATURE_SME_COHERENT	(19 * 32 + 10)

/* SEV, but caches that know nothing of keys: lines have to be flushed. */
static inline bool cpu_has_feature(unsigned int feature)
{
	return feature != X86_FEATURE_SME_COHERENT;
}

#define this_cpu_has(feature)		cpu_has_feature(feature)
#define boot_cpu_has(feature)		cpu_has_feature(feature)
#define cpu_feature_enabled(feature)	cpu_has_feature(feature)

#endif
